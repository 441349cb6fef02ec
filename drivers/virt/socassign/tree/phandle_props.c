// SPDX-License-Identifier: GPL-2.0-only
/*
 * The properties by which a node names its suppliers
 *
 * The kernel's own device links say the same, but cannot be walked from a
 * module, and know fewer: drivers/of/property.c is the least of it.  Facts of the
 * bindings: Documentation/devicetree/bindings.
 */
#include <linux/bsearch.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include <asm/byteorder.h>

#include "tree/phandle_props.h"

/*
 * Sorted by name.  Those of drivers/of/property.c, of the bindings, and what else
 * the trees of Linux have: tools/socassign/tests/rules.c reads them all.  What
 * nobody can claim, such as system control blocks, need not be found by its users:
 * many properties of vendors are missing for that reason.
 *
 * remote-endpoint joins two devices, and each names the other: no binding says
 * who calls whom (a bridge, a sensor, a role switch, a trace funnel), and the
 * drivers of both keep what they got from the other.  So each counts as a user of
 * the other: both are claimed, or the other has no driver.
 */
static const struct soca_phandle_prop soca_phandle_props[] = {
	{ "access-controllers", "#access-controller-cells" },
	{ "ae-handle" },
	{ "allwinner,codec-analog-controls" },
	{ "allwinner,pipelines" },
	{ "allwinner,sram", .step = 2 },
	{ "altr,ecc-parent" },
	{ "altr,sysmgr-syscon", .step = 3 },
	{ "amlogic,canvas" },
	{ "apple,sart" },
	{ "arm,cs-dev-assoc" },
	{ "asoc-platform" },
	{ "aspeed,cvic" },
	{ "aspeed,interrupt-ranges", "#interrupt-cells", .first = 2, .step = 3 },
	{ "aspeed,sram" },
	{ "asram" },
	{ "assigned-clock-parents", "#clock-cells" },
	{ "assigned-clocks", "#clock-cells" },
	{ "atmel,audio-codec" },
	{ "atmel,nfc-sram" },
	{ "atmel,ssc-controller" },
	{ "audio-amplifier" },
	{ "audio-asrc" },
	{ "audio-aux-devs" },
	{ "audio-codec" },
	{ "audio-codecs" },
	{ "audio-controllers" },
	{ "audio-cpu" },
	{ "aux-devs" },
	{ "axentia,audio-codec" },
	{ "axentia,cpu-dai" },
	{ "backlight" },
	{ "bitclock-master" },
	{ "buffer-manager" },
	{ "calxeda,port-phys", .step = 2 },
	{ "cavium,alt-phy-handle" },
	{ "cavium,dma-engine-handle" },
	{ "cec" },
	{ "clocks", "#clock-cells" },
	{ "codec-handle" },
	{ "companion" },
	{ "controller" },
	{ "cooling-device", "#cooling-cells" },
	{ "cores" },
	{ "cpu-dai" },
	{ "ctrl-module" },
	{ "dais" },
	{ "ddc" },
	{ "ddc-i2c-bus" },
	{ "devfreq" },
	{ "devfreq-events" },
	{ "dfx" },
	{ "dma-masters", .unless = "block_size" },
	{ "dmas", "#dma-cells" },
	{ "dsaf-handle" },
	{ "ecc-engine" },
	{ "eth-handle" },
	{ "ethernet", .unless = "device_type" },
	{ "extcon" },
	{ "firmware" },
	{ "flash" },
	{ "flash-leds" },
	{ "fpga-mgr" },
	{ "frame-master" },
	{ "fsl,bman" },
	{ "fsl,bman-portals" },
	{ "fsl,capture-dma" },
	{ "fsl,ddrc" },
	{ "fsl,fman-ports" },
	{ "fsl,imx7d-pcie-phy" },
	{ "fsl,input-sel" },
	{ "fsl,iommu-parent" },
	{ "fsl,iram" },
	{ "fsl,msi" },
	{ "fsl,panel" },
	{ "fsl,playback-dma" },
	{ "fsl,pres" },
	{ "fsl,prg" },
	{ "fsl,qman" },
	{ "fsl,qman-portals" },
	{ "fsl,saif-master" },
	{ "fsl,srio-rmu-handle" },
	{ "fsl,tcon" },
	{ "fsl,usbmisc", .step = 2 },
	{ "fsl,usbphy" },
	{ "gpio", "#gpio-cells" },
	{ "gpio-ext" },
	{ "gpio-miso", "#gpio-cells" },
	{ "gpio-mosi", "#gpio-cells" },
	{ "gpio-ranges", .own = "#gpio-cells", .step = 2 },
	{ "gpio-reset", "#gpio-cells" },
	{ "gpio-rtc-data", "#gpio-cells" },
	{ "gpio-rtc-reset", "#gpio-cells" },
	{ "gpio-rtc-sclk", "#gpio-cells" },
	{ "gpio-sck", "#gpio-cells" },
	{ "gpios", "#gpio-cells", .unless = "gpio-hog" },
	{ "gpios-reset", "#gpio-cells" },
	{ "hdmi-phandle" },
	{ "hwlocks", "#hwlock-cells" },
	{ "i2c" },
	{ "i2c-bus" },
	{ "i2c-parent", .list_if = "i2c-bus-name" },
	{ "i2s-controller", .step = 2 },
	{ "i2s1-in-sel-gpio1", "#gpio-cells" },
	{ "i2s1-in-sel-gpio2", "#gpio-cells" },
	{ "ifm,csi-clk-handle" },
	{ "ingenic,bch-controller" },
	{ "intel,npe-handle", .step = 2 },
	{ "intel,queue-chl-rxtrig", .step = 2 },
	{ "intel,queue-chl-txready", .step = 2 },
	{ "intel,queue-pkt-rx", .step = 2 },
	{ "intel,queue-pkt-rxfree", .step = 2 },
	{ "intel,queue-pkt-tx", .step = 2 },
	{ "intel,queue-pkt-txdone", .step = 2 },
	{ "interconnects", "#interconnect-cells" },
	{ "internal-mem" },
	{ "io-backends", "#io-backend-cells" },
	{ "io-channels", "#io-channel-cells" },
	{ "iommu-map", "#iommu-cells", .first = 1, .step = 3 },
	{ "iommus", "#iommu-cells" },
	{ "iram" },
	{ "leds" },
	{ "lens-focus" },
	{ "link" },
	{ "link2" },
	{ "links" },
	{ "llink-connected" },
	{ "mal-device" },
	{ "marvell,crypto-srams" },
	{ "mboxes", "#mbox-cells" },
	{ "mcer-device" },
	{ "mdio-device" },
	{ "mdio-handle" },
	{ "mdio-parent-bus" },
	{ "mediatek,adsp" },
	{ "mediatek,apmixedsys" },
	{ "mediatek,audio-codec" },
	{ "mediatek,audio-codec-bt-mrg" },
	{ "mediatek,auxadc" },
	{ "mediatek,cci" },
	{ "mediatek,gce-client-reg", .step = 4 },
	{ "mediatek,headset-codec" },
	{ "mediatek,hifsys" },
	{ "mediatek,larbs" },
	{ "mediatek,mtd-eeprom", .step = 2 },
	{ "mediatek,phy-mode" },
	{ "mediatek,pio" },
	{ "mediatek,platform" },
	{ "mediatek,scp" },
	{ "mediatek,smi" },
	{ "mediatek,vpu" },
	{ "memory-region" },
	{ "microchip,bitstream-flash" },
	{ "mmc-pwrseq" },
	{ "monitored-battery" },
	{ "msi-map", "#msi-cells", .first = 1, .step = 3 },
	{ "msi-parent", "#msi-cells" },
	{ "mux-controls", "#mux-control-cells" },
	{ "mux-states", "#mux-state-cells" },
	{ "nand-ecc-engine" },
	{ "netcp-gbe" },
	{ "nokia,audio-codec" },
	{ "nokia,cpu-dai" },
	{ "nokia,headphone-amplifier" },
	{ "nomadik-gpio-chips" },
	{ "nvidia,ac97-controller" },
	{ "nvidia,apbmisc" },
	{ "nvidia,audio-codec" },
	{ "nvidia,axi2apb" },
	{ "nvidia,bpmp", .step = 2 },
	{ "nvidia,ddc-i2c-bus" },
	{ "nvidia,dpaux" },
	{ "nvidia,external-memory-controller" },
	{ "nvidia,ganged-mode" },
	{ "nvidia,gpio-controller" },
	{ "nvidia,i2s-controller" },
	{ "nvidia,memory-controller" },
	{ "nvidia,mipi-calibrate", "#nvidia,mipi-calibrate-cells" },
	{ "nvidia,outputs" },
	{ "nvidia,panel" },
	{ "nvidia,phy" },
	{ "nvidia,pmc", .step = 2 },
	{ "nvidia,xusb-padctl" },
	{ "nvmem" },
	{ "nvmem-cells", "#nvmem-cell-cells" },
	{ "panel" },
	{ "pcs-handle", "#pcs-cells" },
	{ "pcsphy-handle" },
	{ "peer-hub" },
	{ "performance-domains", "#performance-domain-cells" },
	{ "phy" },
	{ "phy-handle" },
	{ "phys", "#phy-cells" },
	{ "pinctrl" },
	{ "pinctrl-single,gpio-range", "#pinctrl-single,gpio-range-cells" },
	{ "pio-handle" },
	{ "pm-sram" },
	{ "port", .unless = "device_type" },
	{ "ports" },
	{ "post-init-providers" },
	{ "power-domains", "#power-domain-cells" },
	{ "power-supplies" },
	{ "pses", "#pse-cells" },
	{ "ptimer-handle" },
	{ "ptp-timer" },
	{ "pwms", "#pwm-cells" },
	{ "qca,ddr-wb-channels", .step = 2 },
	{ "qcom,acc" },
	{ "qcom,bcm-voters" },
	{ "qcom,dload-mode", .step = SOCA_ONE_PHANDLE },
	{ "qcom,freq-domain", "#freq-domain-cells" },
	{ "qcom,freq-domains", .step = 2 },
	{ "qcom,gmu" },
	{ "qcom,ice" },
	{ "qcom,mmio" },
	{ "qcom,pbs" },
	{ "qcom,qmp" },
	{ "qcom,rpm-msg-ram" },
	{ "qcom,rproc" },
	{ "qcom,rx-device" },
	{ "qcom,saw" },
	{ "qcom,smem-states", "#qcom,smem-state-cells" },
	{ "qcom,tx-device" },
	{ "queue-rx", .step = 2 },
	{ "queue-txready", .step = 2 },
	{ "regmap" },
	{ "regulator-coupled-with" },
	{ "remote-endpoint" },
	{ "renesas,bonding" },
	{ "renesas,clonech", .step = SOCA_ONE_PHANDLE },
	{ "renesas,cmms" },
	{ "renesas,companion" },
	{ "renesas,fcp" },
	{ "renesas,sysc", .step = SOCA_ONE_PHANDLE },
	{ "renesas,sysc-pwrrdy", .step = SOCA_ONE_PHANDLE },
	{ "renesas,tsu-trim", .step = SOCA_ONE_PHANDLE },
	{ "renesas,vsps", .step = 2 },
	{ "renesas,vspx" },
	{ "resets", "#reset-cells" },
	{ "rgmii-device" },
	{ "rgmii-wol-device" },
	{ "richtek,usb-connector" },
	{ "rockchip,audio-codec" },
	{ "rockchip,codec" },
	{ "rockchip,cpu" },
	{ "rockchip,hdmi-codec" },
	{ "rockchip,headset-codec" },
	{ "rockchip,i2s-controller" },
	{ "rx-dma-channel", .step = 2 },
	{ "saif-controllers" },
	{ "samsung,audio-codec" },
	{ "samsung,audio-cpu" },
	{ "samsung,exynos-sataphy-i2c-phandle" },
	{ "samsung,i2s-controller" },
	{ "samsung,pmu-syscon", .step = SOCA_ONE_PHANDLE },
	{ "samsung,power-domain" },
	{ "samsung,syscon-phandle" },
	{ "sata" },
	{ "secure-monitor" },
	{ "sfp" },
	{ "shmem" },
	{ "simple-audio-card,aux-devs" },
	{ "slim-ifc-dev" },
	{ "sound-dai", "#sound-dai-cells" },
	{ "spacemit,apb-spare" },
	{ "spacemit,apbc" },
	{ "spacemit,apmu", .step = SOCA_ONE_PHANDLE },
	{ "spacemit,mpmu" },
	{ "spdif-controller" },
	{ "sram" },
	{ "ssi-controller" },
	{ "st,sync", .step = 2 },
	{ "st,vtg" },
	{ "stericsson,cpu-dai" },
	{ "syscon", .step = SOCA_ONE_PHANDLE },
	{ "tah-device" },
	{ "tbi-handle" },
	{ "thermal-sensors", "#thermal-sensor-cells" },
	{ "ti,audio-codec" },
	{ "ti,cpb-codec" },
	{ "ti,cpb-mcasp" },
	{ "ti,ctrl_mod" },
	{ "ti,dmic" },
	{ "ti,ecap" },
	{ "ti,elm-id" },
	{ "ti,hs_extmute_gpio", "#gpio-cells" },
	{ "ti,iep" },
	{ "ti,mcasp-controller" },
	{ "ti,mcbsp" },
	{ "ti,mcpdm" },
	{ "ti,navigator-dmas", .step = 2 },
	{ "ti,provided-clocks" },
	{ "ti,prus" },
	{ "ti,ringacc" },
	{ "ti,rproc" },
	{ "ti,sci" },
	{ "ti,tptcs", .step = 2 },
	{ "ti,twl6040" },
	{ "ti,unmapped-event-sources" },
	{ "ti,usb-charger-detection" },
	{ "transceiver" },
	{ "trigger-sources", "#trigger-source-cells" },
	{ "tx-dma-channel", .step = 2 },
	{ "usb-phy" },
	{ "usb3-dmp-syscon" },
	{ "vbus-regulator" },
	{ "vmmc" },
	{ "wakeup-parent" },
	{ "zmii-device" },
};

/* By the end of the name; "nr-gpios" is a number, with a vendor or without. */
static const struct soca_phandle_prop soca_phandle_suffixes[] = {
	{ "-gpios", "#gpio-cells" },
	{ "-gpio", "#gpio-cells" },
	{ "-supply" },
};

/* With a number behind it: the states of pinctrl. */
static const struct soca_phandle_prop soca_phandle_pins = { "pinctrl-" };

static int soca_compare_prop(const void *name, const void *prop)
{
	return strcmp(name, ((const struct soca_phandle_prop *)prop)->name);
}

static bool soca_ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), end_len = strlen(end);

	return len >= end_len && !strcmp(text + len - end_len, end);
}

static bool soca_is_pins(const char *name)
{
	size_t len = strlen(soca_phandle_pins.name);

	return !strncmp(name, soca_phandle_pins.name, len) && name[len] &&
	       !name[len + strspn(name + len, "0123456789")];
}

/**
 * soca_phandle_prop - How a property is to be read
 * @name: Its name
 *
 * Return: An entry of a table, or NULL if the property names no supplier.
 */
const struct soca_phandle_prop *soca_phandle_prop(const char *name)
{
	const struct soca_phandle_prop *prop =
		bsearch(name, soca_phandle_props, ARRAY_SIZE(soca_phandle_props),
			sizeof(*prop), soca_compare_prop);

	if (prop || soca_ends_with(name, "nr-gpios"))
		return prop;
	for (size_t i = 0; i < ARRAY_SIZE(soca_phandle_suffixes); i++)
		if (soca_ends_with(name, soca_phandle_suffixes[i].name))
			return &soca_phandle_suffixes[i];
	return soca_is_pins(name) ? &soca_phandle_pins : NULL;
}

/*
 * As of_check_bad_map(): trees that were made when each entry of iommu-map had four
 * cells have those for targets of two, too.  All of their entries name one target,
 * and one ID each.
 */
static bool soca_is_short_map(const struct soca_phandle_walk *walk)
{
	if (!walk->num || walk->num % 4)
		return false;
	for (u32 i = 0; i < walk->num; i += 4)
		if (walk->cells[i + 1] != walk->cells[1] ||
		    walk->cells[i + 3] != cpu_to_be32(1))
			return false;
	return true;
}

/**
 * soca_phandle_walk_begin - Begin to read a property
 * @walk: Filled in
 * @prop: How to read it
 * @value: The value
 * @len: Its length in bytes
 * @own: What the node says with @prop->own, negative: it does not
 * @is_one: The node has not what @prop->list_if wants
 */
void soca_phandle_walk_begin(struct soca_phandle_walk *walk,
			     const struct soca_phandle_prop *prop,
			     const void *value, u32 len, s64 own, bool is_one)
{
	*walk = (struct soca_phandle_walk) {
		.prop = prop, .cells = value, .num = len / sizeof(__be32),
		/* Of #gpio-cells: what gpiolib takes for granted. */
		.own = prop->own ? (own < 0 ? 2 : own) : 0,
		.is_one = is_one,
	};
	walk->is_short = prop->step && prop->cells && soca_is_short_map(walk);
}

/**
 * soca_phandle_walk_step - How far it is from a phandle to the next
 * @walk: Where it is in
 * @args: What the target says with @prop->cells, negative: it does not
 *
 * Maps are read as of_map_id() of Linux 7.3 does: what older kernels could read has
 * targets of one cell, or is short.
 *
 * Return: Number of cells; more than there are is behind the last entry.
 */
u64 soca_phandle_walk_step(const struct soca_phandle_walk *walk, s64 args)
{
	const struct soca_phandle_prop *prop = walk->prop;

	if (walk->is_one)
		return walk->num;
	if (!prop->step)
		return args > 0 ? 1 + args : 1;
	if (!prop->cells)
		return prop->step + (u64)walk->own;
	if (args < 0 || (args == 2 && walk->is_short))
		args = 1;
	return prop->step + args;
}
