// SPDX-License-Identifier: GPL-2.0
/*
 * Which properties hold numbers
 *
 * Phandles are small numbers, and so are most others.  Where a property that no
 * table of references knows is looked at for a phandle, these are passed over:
 * in 40 or more boards of Linux 6.1 a phandle's number is the first cell of
 * such a property, and in none it is a phandle; or the Specification says so.
 */
#include "tree_internal.h"

/* Sorted by name */
static const char *const tree_number_names[] = {
	"ale", "allwinner,tcon-channel", "amlogic,channel-interrupts",
	"anatop-min-bit-val", "arm,data-latency", "arm,tag-latency",
	"aspeed,vhub-downstream-ports", "aspeed,vhub-generic-endpoints",
	"atmel,adc-startup-time", "atmel,external-irqs", "atmel,pins", "bits",
	"brightness-levels", "bus-range", "cell-index", "clock-div", "clock-mult", "color",
	"cpdma_channels", "cpts_clock_shift", "data-lanes", "data-lines",
	"de-active", "debounce-interval", "dma-ranges", "dma-requests",
	"drive-impedance-ohm",
	"drive-strength", "dynamic-power-coefficient",
	"fcs,suspend-voltage-selector", "frame-number", "fsl,audmux-port",
	"fsl,espi-num-chipselects", "fsl,fifo-depth", "fsl,max-link-speed",
	"fsl,num-laws", "fsl,num-rx-queues", "fsl,num-tx-queues", "fsl,pins",
	"fsl,sec-era", "fsl,tuning-start-tap", "fsl,tuning-step",
	"gpios-states", "gpmc,num-cs", "gpmc,num-waitpins", "hback-porch",
	"hfront-porch", "hid-descr-addr", "hsync-active", "hsync-len",
	"interrupts",
	"keypad,num-columns", "keypad,num-rows", "lanes-per-direction",
	"linux,code", "linux,input-type", "linux,keycode", "linux,pci-domain",
	"mac_control", "marvell,#interrupts", "marvell,pcie-port", "mask",
	"max-link-speed", "mentor,multipoint", "mentor,num-eps", "mode",
	"mode-bootloader", "mode-recovery", "multipoint", "mux-ext-port",
	"mux-int-port", "mux-reg-masks", "nand-ecc-strength", "ngpios",
	"nr-ports", "nvidia,elastic-limit", "nvidia,head",
	"nvidia,idle-wait-delay", "nvidia,num-lanes", "nvidia,pull",
	"nvidia,term-range-adj", "nvidia,tristate", "nvidia,xcvr-lsrslew",
	"nvidia,xcvr-setup", "offset", "opp-supported-hw", "pagesize", "period",
	"phy-reset-duration", "pinctrl-single,bits", "pinctrl-single,pins",
	"pixelclk-active", "polling-delay-passive", "ports-implemented",
	"power", "power-source", "prefetch-data", "prefetch-instr",
	"qcom,bias-ctrl-value", "qcom,board-id", "qcom,charge-ctrl-value",
	"qcom,client-id", "qcom,drv-id", "qcom,imp-res-offset-value",
	"qcom,num-ees", "qcom,playback-sd-lines", "qcom,pre-scaling",
	"qcom,remote-pid", "qcom,smd-edge", "qcom,smem", "qcom,tcs-config",
	"qcom,vmid", "ranges", "realtek,dmic1-clk-pin",
	"realtek,dmic1-data-pin", "realtek,jd-src", "reg",
	"regulator-initial-mode", "renesas,buswait", "renesas,id",
	"rockchip,hw-tshut-mode", "rockchip,hw-tshut-polarity",
	"rx-burst-size-dword", "rx_delay", "samsung,pin-drv",
	"samsung,pin-function", "samsung,pin-pud", "slaves", "slew-rate",
	"snps,pbl", "snps,quirk-frame-length-adjustment", "snps,rd_osr_lmt",
	"snps,txpbl", "snps,wr_osr_lmt", "spi-num-chipselects",
	"ti,#tlb-entries", "ti,clock-cycles", "ti,clock-div", "ti,clock-mult",
	"ti,dual-emac-pvid", "ti,max-div", "ti,mbox-num-fifos",
	"ti,mbox-num-users", "ti,mbox-rx", "ti,mbox-tx", "ti,settling-time",
	"ti,spi-num-cs", "tx-burst-size-dword", "tx_delay", "usb_mode", "value",
	"vback-porch", "vfront-porch", "voltage-tolerance", "vsync-active",
	"vsync-len", "wakeup-event-action",
};

static const char *const tree_number_ends[] = {
	"-bits", "-cells", "-channels", "-count", "-level", "-mask", "-ms",
	"-ns", "-sec", "-shift", "-size", "-us", "-width",
};

static int tree_number_cmp(const void *name, const void *number)
{
	return strcmp(name, *(const char *const *)number);
}

bool tree_is_number(const char *name)
{
	size_t len = strlen(name);

	if (*name == '#' || !strncmp(name, "num-", 4))
		return true;
	for (size_t i = 0; i < TREE_ARRAY_SIZE(tree_number_ends); i++) {
		size_t end = strlen(tree_number_ends[i]);

		if (len > end && !strcmp(name + len - end, tree_number_ends[i]))
			return true;
	}
	return bsearch(name, tree_number_names,
		       TREE_ARRAY_SIZE(tree_number_names),
		       sizeof(*tree_number_names), tree_number_cmp);
}
