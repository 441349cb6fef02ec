// SPDX-License-Identifier: GPL-2.0
/*
 * Which properties hold phandles, and what to do where they leave the claim
 *
 * There is no sign in a blob that a cell is a phandle: only the bindings tell.
 * The table has the properties of the kernel's supplier bindings
 * (drivers/of/property.c), those that dtc checks, and what the boards in Linux
 * 6.1 use; families of names are recognised by how they start or end.
 */
#include "tree_internal.h"

#define WHY_CLOCK_RATE	"the clock is the host's, and its rate is not known"
#define WHY_CLOCK_SET	"the host has set the clock"
#define WHY_CPU	"the CPUs and caches are the guest's own"
#define WHY_DMA	"the DMA engine is not part of the claim"
#define WHY_GPIO	"the pin is not part of the claim"
#define WHY_GRAPH	"the other end of the link is not part of the claim"
#define WHY_IOMMU	"the IOMMU is the host's"
#define WHY_LIODN	"the LIODN is the host's affair"
#define WHY_MEMORY	"the memory is not part of the claim"
#define WHY_MSI	"the MSI controller is not part of the claim"
#define WHY_OPP	"the operating points are not part of the claim"
#define WHY_PHY	"the PHY is not part of the claim; a fixed-link may help"
#define WHY_PINS	"the host has set up the pins"
#define WHY_POWER	"the host keeps it powered while it is claimed"
#define WHY_RESET	"the host holds the reset line (SOCASSIGN_RESET)"
#define WHY_SLEEP	"the host manages its power"
#define WHY_SYSCON	"the system controller is not part of the claim"

/* One or more phandles and nothing else, if that is what is in it; sorted. */
static const char *const tree_plain_names[] = {
	"acc-syscon", "adc-syscon", "ae-handle",
	"allwinner,codec-analog-controls", "allwinner,pipelines",
	"altr,ecc-parent", "altr,sdr-syscon", "amlogic,ao-secure",
	"amlogic,ao-sysctrl", "amlogic,canvas", "amlogic,hhi-sysctrl",
	"amlogic,secbus2", "apple,sart", "arasan,soc-ctl-syscon",
	"arm,vexpress,config-bridge", "asoc-platform", "aspeed,cvic",
	"aspeed,external-nodes", "aspeed,scu", "atmel,audio-codec",
	"atmel,matrix", "atmel,nfc-io", "atmel,pmc", "atmel,smc",
	"atmel,ssc-controller", "audio-amplifier", "audio-asrc",
	"audio-aux-devs", "axentia,audio-codec", "axentia,cpu-dai",
	"axis,syscon-pcie", "backlight", "bitclock-master", "brcm,sr-cdru",
	"brcm,sr-mhb", "brcm,syscon-clkset", "buffer-manager", "capture",
	"cavium,alt-phy-handle", "cavium,bgx-mac", "cavium,dma-engine-handle",
	"cci-control-port", "cec", "codec-handle", "companion", "controller",
	"cores", "cpu-dai", "cpu-syscon", "ctrl-module", "dcr-parent", "ddc",
	"ddc-i2c-bus", "dev-handle", "devfreq", "devfreq-events",
	"device-handle", "dfx", "display", "dsaf-handle",
	"ecc-engine", "eth-handle", "firmware", "flash",
	"flash-leds", "fpga-mgr", "frame-master", "fsl,anatop", "fsl,bman",
	"fsl,bman-portals", "fsl,capture-dma", "fsl,cpucfg", "fsl,ddrc",
	"fsl,fman", "fsl,fman-ports", "fsl,imx7d-pcie-phy", "fsl,input-sel",
	"fsl,mpc8313-wakeup-timer", "fsl,non-hv-node", "fsl,panel",
	"fsl,playback-dma", "fsl,pres", "fsl,prg", "fsl,qman",
	"fsl,qman-portals", "fsl,saif-master", "fsl,srio-rmu-handle",
	"fsl,tcon", "fsl,tempmon", "fsl,wakeup-parent", "fsl,weim-cs-gpr",
	"gpio-ext", "gpr", "hdmi-phandle", "hisi,rst-syscon",
	"hisilicon,noc-syscon", "hisilicon,pctrl-syscon",
	"hisilicon,pericrg-syscon", "hisilicon,peripheral-syscon",
	"hisilicon,power-syscon", "hisilicon,sas-syscon",
	"hisilicon,sysctrl-syscon", "i2c", "i2c-bus",
	"ifm,csi-clk-handle", "img,cr-periph", "img,cr-top", "infracfg",
	"ingenic,bch-controller", "leds", "lens-focus", "link", "link2",
	"links", "llink-connected", "mal-device", "marvell,system-controller",
	"marvell,usb-misc-reg", "mcer-device", "mdio-device", "mdio-handle",
	"mdio-parent-bus", "mediatek,apmixedsys", "mediatek,audio-codec",
	"mediatek,audio-codec-bt-mrg", "mediatek,auxadc", "mediatek,cci",
	"mediatek,ethsys", "mediatek,headset-codec", "mediatek,hifsys",
	"mediatek,infracfg", "mediatek,larbs", "mediatek,pcie-mirror",
	"mediatek,pctl", "mediatek,pctl-regmap", "mediatek,pericfg",
	"mediatek,phy-mode", "mediatek,platform", "mediatek,scp",
	"mediatek,sgmiisys", "mediatek,smi", "mediatek,topckgen",
	"mediatek,vpu", "mediatek,wed", "mediatek,wed-pcie",
	"memory-controllers", "microchip,sfr", "misc",
	"mmc-pwrseq", "mode-reg", "monitored-battery", "nand-ecc-engine",
	"native-mode", "netcp-gbe", "nokia,audio-codec", "nokia,cpu-dai",
	"nokia,headphone-amplifier", "nomadik-gpio-chips", "nuvoton,sysgcr",
	"nvidia,ac97-controller", "nvidia,apbmisc", "nvidia,audio-codec",
	"nvidia,axi2apb", "nvidia,ddc-i2c-bus", "nvidia,dpaux",
	"nvidia,external-memory-controller", "nvidia,ganged-mode",
	"nvidia,i2s-controller", "nvidia,memory-controller", "nvidia,outputs",
	"nvidia,panel", "nvidia,xusb-padctl", "nvmem", "oxsemi,sys-ctrl",
	"panel", "peer-hub", "pio-handle", "playback", "pm_qos",
	"ports", "prcm", "ptimer-handle", "ptp-timer", "qcom,acc",
	"qcom,bcm-voters", "qcom,gmu", "qcom,ipa-rproc", "qcom,mmio",
	"qcom,nss-common", "qcom,qmp", "qcom,qsgmii-csr", "qcom,rproc",
	"qcom,rx-device", "qcom,saw", "qcom,saw-reg", "qcom,tcsr-syscon",
	"qcom,tx-device", "ralink,memctl", "ralink,sysctl", "regmap",
	"regmap-csw", "regmap-efuse", "regmap-mcba", "regmap-mcbb",
	"regmap-rb", "regulator-coupled-with", "renesas,bonding",
	"renesas,cmms", "renesas,companion", "renesas,fcp", "rgmii-device",
	"rgmii-wol-device", "rockchip,audio-codec", "rockchip,codec",
	"rockchip,cpu", "rockchip,grf", "rockchip,hdmi-codec",
	"rockchip,headset-codec", "rockchip,i2s-controller",
	"rockchip,phy-grf", "rockchip,pipe-grf", "rockchip,pipe-phy-grf",
	"rockchip,pmu", "rockchip,usbgrf", "rockchip,vo-grf",
	"saif-controllers", "samsung,audio-codec", "samsung,audio-cpu",
	"samsung,cam0-sysreg", "samsung,cam1-sysreg", "samsung,disp-syscon",
	"samsung,disp-sysreg", "samsung,exynos-sataphy-i2c-phandle",
	"samsung,fsys-sysreg", "samsung,pmureg-phandle", "samsung,syscon-clk",
	"samsung,syscon-phandle", "samsung,sysreg-phandle", "sata",
	"secure-monitor", "serdes-syscon", "sfp", "simple-audio-card,aux-devs",
	"simple-audio-card,bitclock-master", "simple-audio-card,frame-master",
	"slim-ifc-dev", "snps,axi-config", "snps,mtl-rx-config",
	"snps,mtl-tx-config", "socionext,syscon", "sprd,syscon",
	"ssi-controller", "st,vtg", "ste,config", "stericsson,audio-codec",
	"stericsson,cpu-dai", "subctrl-syscon", "syscon-cont", "syscon-sfpb",
	"syscon-tcsr", "tah-device", "ti,am65x-oldi-io-ctrl", "ti,audio-codec",
	"ti,cpb-codec", "ti,cpb-mcasp", "ti,ctrl_mod", "ti,dmic", "ti,elm-id",
	"ti,mcasp-controller", "ti,mcbsp", "ti,mcpdm", "ti,pcie-id",
	"ti,ringacc", "ti,rproc", "ti,sci", "ti,serdes-clk",
	"ti,syscon-sa-cfg",
	"ti,timers", "ti,twl6040", "ti,unmapped-event-sources",
	"ti,usb-charger-detection", "ti,watchdog-timers", "transceiver",
	"trip", "ts_syscon", "usb3-dmp-syscon", "wakeup-parent", "zmii-device",
};

static const struct tree_rule tree_plain = { .shape = TREE_LIST };

/* Sorted by name.  No reason: it is not part of the claim. */
static const struct tree_rule tree_rules[] = {
	{ .name = "access-controllers", .cells = "#access-controller-cells",
	  .strict = true },
	{ .name = "affinity", .reason = WHY_CPU },
	{ .name = "allwinner,sram", .shape = TREE_ONE,
	  .reason = WHY_MEMORY },
	{ .name = "altr,sysmgr-syscon", .shape = TREE_ONE,
	  .reason = WHY_SYSCON },
	{ .name = "arm,cs-dev-assoc", .reason = WHY_CPU },
	{ .name = "aspeed,interrupt-ranges", .shape = TREE_TUPLE, .number = 3,
	  .place = 2, .cells = "#interrupt-cells", .strict = true,
	  .policy = TREE_REMOVE },
	{ .name = "aspeed,sram", .reason = WHY_MEMORY },
	{ .name = "asram", .reason = WHY_MEMORY },
	{ .name = "assigned-clock-parents", .cells = "#clock-cells",
	  .strict = true, .reason = WHY_CLOCK_SET },
	{ .name = "assigned-clocks", .cells = "#clock-cells", .strict = true,
	  .reason = WHY_CLOCK_SET },
	{ .name = "atmel,nfc-sram", .reason = WHY_MEMORY },
	{ .name = "atmel,rtt-rtc-time-reg", .shape = TREE_ONE,
	  .reason = WHY_SYSCON },
	{ .name = "audio-codec", .cells = "#sound-dai-cells",
	  .optional = true },
	{ .name = "audio-controllers", .cells = "#sound-dai-cells",
	  .optional = true },
	{ .name = "audio-cpu", .cells = "#sound-dai-cells", .optional = true },
	{ .name = "calxeda,port-phys", .shape = TREE_FIXED, .number = 1 },
	{ .name = "canaan,k210-sysctl-power", .shape = TREE_ONE,
	  .reason = WHY_SYSCON },
	{ .name = "clocks", .cells = "#clock-cells", .strict = true,
	  .policy = TREE_CLOCK, .reason = WHY_CLOCK_RATE },
	{ .name = "contiguous-area", .reason = WHY_MEMORY },
	{ .name = "cooling-device", .cells = "#cooling-cells",
	  .strict = true },
	{ .name = "cpld-syscon", .shape = TREE_ONE, .reason = WHY_SYSCON },
	{ .name = "cpu", .reason = WHY_CPU },
	{ .name = "cpu-handle", .reason = WHY_CPU },
	{ .name = "cpu-idle-states", .reason = WHY_CPU },
	{ .name = "cpus", .reason = WHY_CPU },
	{ .name = "dais", .cells = "#sound-dai-cells", .optional = true,
	  .strict = true },
	{ .name = "dma-masters", .unless = "block_size", .reason = WHY_DMA },
	{ .name = "dmas", .cells = "#dma-cells", .strict = true,
	  .reason = WHY_DMA },
	{ .name = "domain-idle-states", .reason = WHY_CPU },
	{ .name = "ethernet", .unless = "device_type" },
	{ .name = "extcon", .cells = "#extcon-cells", .optional = true },
	{ .name = "fsl,imx-gpr", .shape = TREE_ONE, .reason = WHY_SYSCON },
	{ .name = "fsl,iommu-parent", .strict = true, .reason = WHY_IOMMU },
	{ .name = "fsl,iram", .reason = WHY_MEMORY },
	{ .name = "fsl,liodn-reg", .shape = TREE_ONE, .strict = true,
	  .reason = WHY_LIODN },
	{ .name = "fsl,mipi-phy-gpr", .shape = TREE_ONE,
	  .reason = WHY_SYSCON },
	{ .name = "fsl,pcie-scfg", .shape = TREE_ONE, .reason = WHY_SYSCON },
	{ .name = "fsl,rcpm-wakeup", .shape = TREE_ONE, .reason = WHY_SLEEP },
	{ .name = "fsl,stop-mode", .shape = TREE_ONE, .reason = WHY_SYSCON },
	{ .name = "fsl,usbmisc", .shape = TREE_ONE },
	{ .name = "fsl,usbphy", .cells = "#phy-cells", .optional = true },
	{ .name = "gpio", .cells = "#gpio-cells", .reason = WHY_GPIO },
	{ .name = "gpio,syscon-dev", .shape = TREE_ONE, .reason = WHY_SYSCON },
	{ .name = "gpio-miso", .cells = "#gpio-cells", .reason = WHY_GPIO },
	{ .name = "gpio-mosi", .cells = "#gpio-cells", .reason = WHY_GPIO },
	{ .name = "gpio-ranges", .shape = TREE_FIXED, .number = 3,
	  .own = "#gpio-cells", .strict = true, .policy = TREE_REMOVE,
	  .reason = WHY_PINS },
	{ .name = "gpio-reset", .cells = "#gpio-cells", .reason = WHY_GPIO },
	{ .name = "gpio-rtc-data", .cells = "#gpio-cells",
	  .reason = WHY_GPIO },
	{ .name = "gpio-rtc-reset", .cells = "#gpio-cells",
	  .reason = WHY_GPIO },
	{ .name = "gpio-rtc-sclk", .cells = "#gpio-cells",
	  .reason = WHY_GPIO },
	{ .name = "gpio-sck", .cells = "#gpio-cells", .reason = WHY_GPIO },
	{ .name = "gpios", .cells = "#gpio-cells", .unless = "gpio-hog",
	  .reason = WHY_GPIO },
	{ .name = "gpios-reset", .cells = "#gpio-cells", .reason = WHY_GPIO },
	{ .name = "hisilicon,hi6220-clk-sram", .reason = WHY_MEMORY },
	{ .name = "hwlocks", .cells = "#hwlock-cells", .strict = true },
	/* An address behind it in toshiba,tc9563.yaml; i2c-demux-pinctrl.yaml */
	{ .name = "i2c-parent", .list_if = "i2c-bus-name" },
	{ .name = "i2s-controller", .cells = "#sound-dai-cells",
	  .optional = true },
	{ .name = "i2s1-in-sel-gpio1", .cells = "#gpio-cells",
	  .reason = WHY_GPIO },
	{ .name = "i2s1-in-sel-gpio2", .cells = "#gpio-cells",
	  .reason = WHY_GPIO },
	{ .name = "iio-channels", .cells = "#io-channel-cells",
	  .strict = true },
	{ .name = "intel,npe-handle", .shape = TREE_FIXED, .number = 1 },
	{ .name = "intel,queue-chl-rxtrig", .shape = TREE_FIXED, .number = 1 },
	{ .name = "intel,queue-chl-txready", .shape = TREE_FIXED,
	  .number = 1 },
	{ .name = "intel,queue-pkt-rx", .shape = TREE_FIXED, .number = 1 },
	{ .name = "intel,queue-pkt-rxfree", .shape = TREE_FIXED, .number = 1 },
	{ .name = "intel,queue-pkt-tx", .shape = TREE_FIXED, .number = 1 },
	{ .name = "intel,queue-pkt-txdone", .shape = TREE_FIXED, .number = 1 },
	{ .name = "interconnects", .cells = "#interconnect-cells",
	  .strict = true },
	{ .name = "internal-mem", .reason = WHY_MEMORY },
	{ .name = "interrupt-affinity", .reason = WHY_CPU },
	{ .name = "intf_mode", .shape = TREE_ONE, .reason = WHY_SYSCON },
	{ .name = "io-backends", .cells = "#io-backend-cells",
	  .strict = true },
	{ .name = "io-channels", .cells = "#io-channel-cells",
	  .strict = true },
	{ .name = "iommu-map", .shape = TREE_MAP, .place = 1,
	  .cells = "#iommu-cells", .strict = true, .policy = TREE_REMOVE,
	  .reason = WHY_IOMMU },
	{ .name = "iommus", .cells = "#iommu-cells", .strict = true,
	  .reason = WHY_IOMMU },
	{ .name = "iram", .reason = WHY_MEMORY },
	{ .name = "l2-cache", .reason = WHY_CPU },
	{ .name = "marvell,crypto-srams", .reason = WHY_MEMORY },
	{ .name = "mboxes", .cells = "#mbox-cells", .strict = true,
	  .nested = true },
	{ .name = "mediatek,gce-client-reg", .shape = TREE_FIXED,
	  .number = 3 },
	{ .name = "mediatek,mtd-eeprom", .shape = TREE_FIXED, .number = 1 },
	{ .name = "mediatek,syscon-hdmi", .shape = TREE_ONE,
	  .reason = WHY_SYSCON },
	{ .name = "mediatek,syscon-wakeup", .shape = TREE_ONE,
	  .reason = WHY_SYSCON },
	{ .name = "memory-region", .strict = true, .reason = WHY_MEMORY },
	{ .name = "msi-map", .shape = TREE_MAP, .place = 1,
	  .cells = "#msi-cells", .strict = true, .policy = TREE_REMOVE,
	  .reason = WHY_MSI },
	{ .name = "msi-parent", .cells = "#msi-cells", .optional = true,
	  .strict = true, .reason = WHY_MSI },
	{ .name = "msi-ranges", .shape = TREE_ONE, .strict = true,
	  .reason = WHY_MSI },
	{ .name = "mux-controls", .cells = "#mux-control-cells",
	  .strict = true },
	{ .name = "mux-states", .cells = "#mux-state-cells", .strict = true },
	{ .name = "next-level-cache", .reason = WHY_CPU },
	{ .name = "nvidia,bpmp", .shape = TREE_ONE },
	{ .name = "nvidia,mipi-calibrate", .shape = TREE_ONE,
	  .reason = WHY_SYSCON },
	{ .name = "nvidia,phy", .cells = "#phy-cells", .optional = true },
	{ .name = "nvidia,pmc", .shape = TREE_ONE, .reason = WHY_SYSCON },
	{ .name = "nvmem-cells", .cells = "#nvmem-cell-cells",
	  .optional = true, .strict = true },
	{ .name = "operating-points-v2", .strict = true, .reason = WHY_OPP },
	{ .name = "pcs-handle", .cells = "#pcs-cells", .optional = true,
	  .strict = true },
	{ .name = "pcsphy-handle", .strict = true, .reason = WHY_PHY },
	{ .name = "performance-domains",
	  .cells = "#performance-domain-cells", .strict = true,
	  .reason = WHY_POWER },
	{ .name = "phy", .cells = "#phy-cells", .optional = true },
	{ .name = "phy-handle", .strict = true, .reason = WHY_PHY },
	{ .name = "phy-select", .shape = TREE_ONE, .reason = WHY_SYSCON },
	{ .name = "phys", .cells = "#phy-cells", .strict = true },
	{ .name = "pinctrl-single,gpio-range", .shape = TREE_FIXED,
	  .number = 3, .policy = TREE_REMOVE, .reason = WHY_PINS },
	{ .name = "pm-sram", .reason = WHY_MEMORY },
	{ .name = "port", .unless = "device_type" },
	{ .name = "power-domains", .cells = "#power-domain-cells",
	  .strict = true, .reason = WHY_POWER },
	{ .name = "power-supplies", .strict = true },
	{ .name = "pwms", .cells = "#pwm-cells", .strict = true },
	{ .name = "qca,ddr-wb-channels", .shape = TREE_FIXED, .number = 1 },
	{ .name = "qcom,dload-mode", .shape = TREE_ONE, .reason = WHY_SYSCON },
	{ .name = "qcom,ext-regs", .shape = TREE_FIXED, .number = 2,
	  .reason = WHY_SYSCON },
	{ .name = "qcom,freq-domain", .cells = "#freq-domain-cells",
	  .strict = true },
	{ .name = "qcom,halt-regs", .shape = TREE_ONE, .reason = WHY_SYSCON },
	{ .name = "qcom,ipc", .shape = TREE_FIXED, .number = 2 },
	{ .name = "qcom,ipc-1", .shape = TREE_FIXED, .number = 2 },
	{ .name = "qcom,ipc-2", .shape = TREE_FIXED, .number = 2 },
	{ .name = "qcom,ipc-3", .shape = TREE_FIXED, .number = 2 },
	{ .name = "qcom,ipc-4", .shape = TREE_FIXED, .number = 2 },
	{ .name = "qcom,perst-regs", .shape = TREE_ONE, .reason = WHY_SYSCON },
	{ .name = "qcom,qaccept-regs", .shape = TREE_ONE,
	  .reason = WHY_SYSCON },
	{ .name = "qcom,rpm-msg-ram", .reason = WHY_MEMORY },
	{ .name = "qcom,smem-states", .cells = "#qcom,smem-state-cells",
	  .strict = true },
	{ .name = "qcom,spare-regs", .shape = TREE_FIXED, .number = 1,
	  .reason = WHY_SYSCON },
	{ .name = "queue-rx", .shape = TREE_FIXED, .number = 1 },
	{ .name = "queue-txready", .shape = TREE_FIXED, .number = 1 },
	{ .name = "remote-endpoint", .strict = true, .reason = WHY_GRAPH },
	{ .name = "renesas,ipmmu-main", .shape = TREE_ONE,
	  .reason = WHY_IOMMU },
	{ .name = "renesas,vsps", .shape = TREE_FIXED, .number = 1 },
	{ .name = "required-opps", .strict = true, .reason = WHY_OPP },
	{ .name = "resets", .cells = "#reset-cells", .strict = true,
	  .reason = WHY_RESET },
	{ .name = "rockchip,pins", .shape = TREE_TUPLE, .number = 4,
	  .place = 3, .policy = TREE_REMOVE, .reason = WHY_PINS },
	{ .name = "rx-dma-channel", .cells = "#dma-cells", .reason = WHY_DMA },
	{ .name = "samsung,i2s-controller", .cells = "#sound-dai-cells",
	  .optional = true },
	{ .name = "samsung,pmu-syscon", .shape = TREE_ONE,
	  .reason = WHY_SYSCON },
	{ .name = "samsung,power-domain", .reason = WHY_POWER },
	{ .name = "samsung,sysreg", .shape = TREE_ONE, .reason = WHY_SYSCON },
	{ .name = "shmem", .reason = WHY_MEMORY },
	{ .name = "sleep", .shape = TREE_ONE, .reason = WHY_SLEEP },
	{ .name = "socionext,syscon-phy-mode", .shape = TREE_ONE,
	  .reason = WHY_SYSCON },
	{ .name = "sound-dai", .cells = "#sound-dai-cells", .optional = true,
	  .strict = true },
	{ .name = "spdif-controller", .cells = "#sound-dai-cells",
	  .optional = true },
	{ .name = "sram", .reason = WHY_MEMORY },
	{ .name = "st,sync", .shape = TREE_FIXED, .number = 1 },
	{ .name = "st,syscfg", .shape = TREE_ONE, .reason = WHY_SYSCON },
	{ .name = "st,syscfg-fmp", .shape = TREE_ONE, .reason = WHY_SYSCON },
	{ .name = "st,syscfg-holdboot", .shape = TREE_ONE,
	  .reason = WHY_SYSCON },
	{ .name = "st,syscfg-m4-state", .shape = TREE_ONE,
	  .reason = WHY_SYSCON },
	{ .name = "st,syscfg-pdds", .shape = TREE_ONE, .reason = WHY_SYSCON },
	{ .name = "st,syscfg-rsc-tbl", .shape = TREE_ONE,
	  .reason = WHY_SYSCON },
	{ .name = "st,syscfg-tz", .shape = TREE_ONE, .reason = WHY_SYSCON },
	{ .name = "st,syscon", .shape = TREE_ONE, .reason = WHY_SYSCON },
	{ .name = "starfive,syscon", .shape = TREE_ONE, .reason = WHY_SYSCON },
	{ .name = "starfive,sysreg", .shape = TREE_ONE, .reason = WHY_SYSCON },
	{ .name = "subctrl-vbase", .shape = TREE_ONE, .reason = WHY_SYSCON },
	{ .name = "syscon", .shape = TREE_ONE, .reason = WHY_SYSCON },
	{ .name = "syscon-chipselects", .shape = TREE_ONE,
	  .reason = WHY_SYSCON },
	{ .name = "syscon-cpu", .shape = TREE_ONE, .reason = WHY_SYSCON },
	{ .name = "syscon-pcs", .shape = TREE_ONE, .reason = WHY_SYSCON },
	{ .name = "syscon-phy-power", .shape = TREE_ONE,
	  .reason = WHY_SYSCON },
	{ .name = "syscon-pll-ctrl", .shape = TREE_ONE, .reason = WHY_SYSCON },
	{ .name = "syscon-pllreset", .shape = TREE_ONE, .reason = WHY_SYSCON },
	{ .name = "syscon-pol", .shape = TREE_ONE, .reason = WHY_SYSCON },
	{ .name = "syscon-raminit", .shape = TREE_ONE, .reason = WHY_SYSCON },
	{ .name = "tbi-handle", .strict = true, .reason = WHY_PHY },
	{ .name = "thermal-sensors", .cells = "#thermal-sensor-cells",
	  .strict = true },
	{ .name = "ti,bootreg", .shape = TREE_ONE, .reason = WHY_SYSCON },
	{ .name = "ti,camerrx-control", .shape = TREE_ONE,
	  .reason = WHY_SYSCON },
	{ .name = "ti,hs_extmute_gpio", .cells = "#gpio-cells",
	  .reason = WHY_GPIO },
	{ .name = "ti,navigator-dmas", .shape = TREE_FIXED, .number = 1,
	  .strict = true, .reason = WHY_DMA },
	{ .name = "ti,provided-clocks", .cells = "#clock-cells",
	  .reason = WHY_CLOCK_RATE },
	{ .name = "ti,syscon-acspcie-proxy-ctrl", .shape = TREE_ONE,
	  .reason = WHY_SYSCON },
	{ .name = "ti,syscon-dev", .shape = TREE_ONE, .reason = WHY_SYSCON },
	{ .name = "ti,syscon-efuse", .shape = TREE_ONE, .reason = WHY_SYSCON },
	{ .name = "ti,syscon-lane-sel", .shape = TREE_ONE,
	  .reason = WHY_SYSCON },
	{ .name = "ti,syscon-mmuconfig", .shape = TREE_ONE,
	  .reason = WHY_SYSCON },
	{ .name = "ti,syscon-pcie-ctrl", .shape = TREE_ONE,
	  .reason = WHY_SYSCON },
	{ .name = "ti,syscon-pcie-id", .shape = TREE_ONE,
	  .reason = WHY_SYSCON },
	{ .name = "ti,syscon-pcie-mode", .shape = TREE_ONE,
	  .reason = WHY_SYSCON },
	{ .name = "ti,syscon-phy-pll-refclk", .shape = TREE_ONE,
	  .reason = WHY_SYSCON },
	{ .name = "ti,syscon-pll", .shape = TREE_ONE, .reason = WHY_SYSCON },
	{ .name = "ti,syscon-rgmii-delay", .shape = TREE_ONE,
	  .reason = WHY_SYSCON },
	{ .name = "ti,syscon-unaligned-access", .shape = TREE_ONE,
	  .reason = WHY_SYSCON },
	{ .name = "ti,tptcs", .shape = TREE_FIXED, .number = 1 },
	{ .name = "trigger-sources", .cells = "#trigger-source-cells",
	  .strict = true },
	{ .name = "tx-dma-channel", .cells = "#dma-cells", .reason = WHY_DMA },
	{ .name = "usb-phy", .cells = "#phy-cells", .optional = true },
	{ .name = "vbus-regulator", .policy = TREE_SUPPLY },
	{ .name = "vmmc", .policy = TREE_SUPPLY },
	{ .name = "wlf,ldo1ena", .cells = "#gpio-cells", .reason = WHY_GPIO },
	{ .name = "wlf,ldo2ena", .cells = "#gpio-cells", .reason = WHY_GPIO },
	{ .name = "wlf,ldoena", .cells = "#gpio-cells", .reason = WHY_GPIO },
	{ .name = "wlf,reset", .cells = "#gpio-cells", .reason = WHY_GPIO },
};

/* Any name that ends so. */
static const struct tree_rule tree_suffixes[] = {
	{ .name = "-supply", .strict = true, .policy = TREE_SUPPLY },
	{ .name = "-gpios", .cells = "#gpio-cells", .reason = WHY_GPIO },
	{ .name = "-gpio", .cells = "#gpio-cells", .reason = WHY_GPIO },
	{ .name = "-handle" },
	{ .name = "-handles" },
	{ .name = "-phandle" },
	{ .name = "-syscon", .shape = TREE_ONE, .reason = WHY_SYSCON },
	{ .name = "-grf", .reason = WHY_SYSCON },
	{ .name = "-codec" },
};

static const struct tree_rule tree_pins = {
	.name = "pinctrl-", .strict = true, .policy = TREE_REMOVE,
	.reason = WHY_PINS,
};

static bool tree_ends(const char *name, const char *end)
{
	size_t len = strlen(name), end_len = strlen(end);

	return len > end_len && !strcmp(name + len - end_len, end);
}

static int tree_name_cmp(const void *name, const void *plain)
{
	return strcmp(name, *(const char *const *)plain);
}

static int tree_rule_cmp(const void *name, const void *rule)
{
	return strcmp(name, ((const struct tree_rule *)rule)->name);
}

const struct tree_rule *tree_rule_find(const char *name)
{
	const struct tree_rule *rule;
	size_t len = strlen(tree_pins.name);

	rule = bsearch(name, tree_rules, TREE_ARRAY_SIZE(tree_rules),
		       sizeof(*tree_rules), tree_rule_cmp);
	if (rule)
		return rule;
	if (bsearch(name, tree_plain_names, TREE_ARRAY_SIZE(tree_plain_names),
		    sizeof(*tree_plain_names), tree_name_cmp))
		return &tree_plain;
	if (!strncmp(name, tree_pins.name, len) && name[len] &&
	    !name[len + strspn(name + len, "0123456789")])
		return &tree_pins;
	/* A number of pins, with a vendor in front or without. */
	if (tree_ends(name, ",nr-gpios") || !strcmp(name, "nr-gpios"))
		return NULL;
	for (size_t i = 0; i < TREE_ARRAY_SIZE(tree_suffixes); i++)
		if (tree_ends(name, tree_suffixes[i].name))
			return &tree_suffixes[i];
	return NULL;
}

bool tree_rules_sorted(void)
{
	for (size_t i = 1; i < TREE_ARRAY_SIZE(tree_rules); i++)
		if (strcmp(tree_rules[i - 1].name, tree_rules[i].name) >= 0)
			return false;
	for (size_t i = 1; i < TREE_ARRAY_SIZE(tree_plain_names); i++)
		if (strcmp(tree_plain_names[i - 1], tree_plain_names[i]) >= 0)
			return false;
	return true;
}

/* Properties that run parallel to another, and say nothing without it. */
static const struct {
	const char *name;
	const char *companion[TREE_MAX_COMPANIONS + 1];
} tree_companies[] = {
	{ "assigned-clocks", { "assigned-clock-parents",
			       "assigned-clock-rates" } },
	{ "clocks", { "clock-names" } },
	{ "dmas", { "dma-names" } },
	{ "gpio-ranges", { "gpio-ranges-group-names" } },
	{ "hwlocks", { "hwlock-names" } },
	{ "interconnects", { "interconnect-names" } },
	{ "interrupt-map", { "interrupt-map-mask" } },
	{ "interrupts", { "interrupt-names" } },
	{ "io-channels", { "io-channel-names" } },
	{ "iommu-map", { "iommu-map-mask" } },
	{ "mboxes", { "mbox-names" } },
	{ "memory-region", { "memory-region-names" } },
	{ "msi-map", { "msi-map-mask" } },
	{ "mux-controls", { "mux-control-names" } },
	{ "nvmem-cells", { "nvmem-cell-names" } },
	{ "phys", { "phy-names" } },
	{ "pinctrl-0", { "pinctrl-names" } },
	{ "power-domains", { "power-domain-names" } },
	{ "pwms", { "pwm-names" } },
	{ "qcom,smem-states", { "qcom,smem-state-names" } },
	{ "resets", { "reset-names" } },
	{ "thermal-sensors", { "thermal-sensor-names" } },
};

const char *const *tree_companions(const char *name)
{
	for (size_t i = 0; i < TREE_ARRAY_SIZE(tree_companies); i++)
		if (!strcmp(name, tree_companies[i].name))
			return tree_companies[i].companion;
	return NULL;
}
