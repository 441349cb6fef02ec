// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a node is: what its compatibles, its type and its properties say
 *
 * No kernel has a list of the blocks that it runs on without a driver that is
 * bound: these tables have to say it.  Those of compatibles are sorted, and
 * are searched as the kernel searches, without regard to upper and lower case.
 */
#include <linux/bsearch.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "rules/node_facts.h"

/*
 * The machine runs on them: Devicetree Specification and the QorIQ bindings; and
 * what arch/ maps without a driver: caches, snoop control, coherent interconnects,
 * firmware.
 */
static const char *const soca_system_blocks[] = {
	"actions,s500-sps", "al,alpine-cpu-resume",
	"allwinner,sun6i-a31-prcm", "allwinner,sun8i-a23-prcm",
	"altr,rst-mgr", "altr,sdr-ctl", "altr,sys-mgr", "arm,arm11mp-scu",
	"arm,cci-400", "arm,cci-400-ctrl-if", "arm,cci-500", "arm,cci-550",
	"arm,cortex-a5-scu", "arm,cortex-a9-scu", "arm,l210-cache",
	"arm,l220-cache", "arm,pl220-cache", "arm,pl310-cache", "arm,psci",
	"arm,psci-0.2", "arm,psci-1.0", "arm,scmi", "arm,scmi-smc",
	"arm,scpi", "arm,scpi-pre-1.0", "aspeed,ast2600-smpmem",
	"bcm,bcm11351-a2-pl310-cache", "brcm,bcm11351-a2-pl310-cache",
	"brcm,brcmstb-cpu-biu-ctrl", "cache", "calxeda,hb-sregs",
	"fsl,corenet-cf", "fsl,corenet-law", "fsl,corenet2-cf", "fsl,ecm",
	"fsl,ecm-law", "fsl,imx7ulp-smc1", "fsl,mcm", "fsl,mcm-law",
	"fsl,mpc8349-pmc", "fsl,mpc8536-pmc", "fsl,mpc8548-pmc", "fsl,mpic",
	"fsl,mpic-msgr", "fsl,pamu", "fsl,sec-v4.0-mon", "fsl,soc-sram-error",
	"fsl,vf610-mscm-cpucfg", "hisilicon,cpuctrl",
	"hisilicon,hip04-bootwrapper", "hisilicon,hip04-fabric",
	"hisilicon,sysctrl", "ibm,l2-cache", "jcore,cache",
	"marvell,armada-370-coherency-fabric",
	"marvell,armada-375-coherency-fabric",
	"marvell,armada-380-coherency-fabric", "marvell,aurora-outer-cache",
	"marvell,aurora-system-cache", "marvell,berlin-cpu-ctrl",
	"marvell,bootrom", "marvell,coherency-fabric",
	"marvell,tauros2-cache", "marvell,tauros3-cache", "mstar,l3bridge",
	"mstar,smpctrl", "mti,mips-cdmm", "mti,mips-cpc",
	"nuvoton,npcm750-gcr", "pasemi,1682m-iob", "renesas,smp-sram",
	"rockchip,rk3066-smp-sram", "samsung,exynos4210-sysram",
	"samsung,exynos4210-sysram-ns", "socionext,milbeaut-smp-sram",
	"socionext,uniphier-system-cache", "ste,dbx500-backupram",
	"stericsson,db8500-prcmu", "syscon", "xlnx,zynq-slcr",
};

/*
 * The timers that the kernel may keep time with: all TIMER_OF_DECLARE() in
 * drivers/ and arch/ of Linux 6.1 to 7.3, the platform drivers of
 * drivers/clocksource that cannot be unbound, arch/powerpc's own, and those that
 * RISC-V's firmware has for the kernel.  The kernel starts most by the table, before
 * there are devices, so that they get a device without a driver: nothing else tells
 * that they are in use.
 */
static const char *const soca_timers[] = {
	"actions,s500-timer", "actions,s700-timer", "actions,s900-timer",
	"allwinner,sun20i-d1-hstimer", "allwinner,sun4i-a10-timer",
	"allwinner,sun5i-a13-hstimer", "allwinner,sun7i-a20-hstimer",
	"allwinner,sun8i-a23-timer", "allwinner,sun8i-v3s-timer",
	"allwinner,suniv-f1c100s-timer", "alphascale,asm9260-timer",
	"altr,timer-1.0", "amlogic,meson6-timer", "andestech,plmt0",
	"arm,arm11mp-twd-timer", "arm,armv7-timer", "arm,armv7-timer-mem",
	"arm,armv7m-systick", "arm,armv8-timer", "arm,cortex-a5-global-timer",
	"arm,cortex-a5-twd-timer", "arm,cortex-a9-global-timer",
	"arm,cortex-a9-twd-timer", "arm,integrator-cp-timer",
	"arm,integrator-timer", "arm,mps2-timer", "arm,sp804",
	"arm,versatile-sysreg", "arm,vexpress-sysreg", "aspeed,ast2400-timer",
	"aspeed,ast2500-timer", "aspeed,ast2600-timer", "atmel,at91rm9200-st",
	"atmel,at91sam9260-pit", "atmel,tcb-timer", "bcm,kona-timer",
	"brcm,bcm2835-system-timer", "brcm,brcmstb-timers", "brcm,kona-timer",
	"cdns,ttc", "cirrus,ep7209-timer", "cirrus,ep9301-timer",
	"cnxt,cx92755-timer", "cortina,gemini-timer", "csky,gx6605s-timer",
	"csky,mptimer", "econet,en751221-timer", "faraday,fttmr010",
	"fsl,ftm-timer", "fsl,gtm", "fsl,imx1-gpt", "fsl,imx21-gpt",
	"fsl,imx25-epit", "fsl,imx25-gpt", "fsl,imx27-gpt", "fsl,imx31-gpt",
	"fsl,imx50-gpt", "fsl,imx51-gpt", "fsl,imx53-gpt", "fsl,imx6dl-gpt",
	"fsl,imx6q-gpt", "fsl,imx6sl-gpt", "fsl,imx6sx-gpt",
	"fsl,imx7ulp-tpm", "fsl,mpc5200-gpt", "fsl,mpc5200b-gpt",
	"fsl,mpic-global-timer", "fsl,timrot", "fsl,vf610-pit",
	"hisilicon,sp804", "hpe,gxp-timer", "img,pistachio-gptimer",
	"ingenic,jz4725b-ost", "ingenic,jz4725b-tcu", "ingenic,jz4740-tcu",
	"ingenic,jz4760-tcu", "ingenic,jz4760b-ost", "ingenic,jz4770-ost",
	"ingenic,jz4770-tcu", "ingenic,x1000-ost", "ingenic,x1000-tcu",
	"intel,ixp4xx-timer", "jcore,pit", "loongson,ls1b-pwmtimer",
	"lsi,zevio-timer", "marvell,armada-370-timer",
	"marvell,armada-375-timer", "marvell,armada-xp-timer",
	"marvell,orion-timer", "marvell,pxa-timer", "mediatek,mt6577-timer",
	"mediatek,mt6765-timer", "mediatek,mt6795-systimer",
	"microchip,sam9x60-pit64b", "moxa,moxart-timer", "mrvl,mmp-timer",
	"mstar,msc313e-timer", "mti,gic-timer", "nuclei,ux900-aclint-mtimer",
	"nuvoton,npcm750-timer", "nuvoton,npcm845-timer",
	"nuvoton,wpcm450-timer", "nvidia,tegra114-timer",
	"nvidia,tegra124-timer", "nvidia,tegra186-timer",
	"nvidia,tegra20-rtc", "nvidia,tegra20-timer", "nvidia,tegra210-timer",
	"nvidia,tegra234-timer", "nvidia,tegra30-timer",
	"nxp,imx95-sysctr-timer", "nxp,lpc3220-timer", "nxp,s32g2-pit",
	"nxp,s32g2-stm", "nxp,sysctr-timer", "oxsemi,ox810se-rps-timer",
	"oxsemi,ox820-rps-timer", "picochip,pc3x2-timer", "pnpPNP,100",
	"qcom,kpss-timer", "qcom,scss-timer", "ralink,cevt-systick",
	"rda,8810pl-timer", "realtek,otto-timer", "realtek,rtd1625-systimer",
	"renesas,cmt-48", "renesas,cmt-48-gen2", "renesas,em-sti",
	"renesas,mtu2", "renesas,ostm", "renesas,r8a7740-cmt1",
	"renesas,rcar-gen2-cmt0", "renesas,rcar-gen2-cmt1",
	"renesas,rcar-gen3-cmt0", "renesas,rcar-gen3-cmt1",
	"renesas,rcar-gen4-cmt0", "renesas,rcar-gen4-cmt1",
	"renesas,sh73a0-cmt1", "renesas,tmu", "riscv", "riscv,clint0",
	"rockchip,rk3288-timer", "rockchip,rk3399-timer",
	"samsung,exynos4210-mct", "samsung,exynos4412-mct",
	"samsung,s3c2410-pwm", "samsung,s3c6400-pwm", "samsung,s5p6440-pwm",
	"samsung,s5pc100-pwm", "sifive,clint0", "snps,arc-timer",
	"snps,archs-timer-gfrc", "snps,archs-timer-rtc", "snps,dw-apb-timer",
	"snps,dw-apb-timer-osc", "snps,dw-apb-timer-sp",
	"socionext,milbeaut-timer", "sprd,sc9860-suspend-timer",
	"sprd,sc9860-timer", "sstar,ssd20xd-timer", "st,nomadik-mtu",
	"st,spear-timer", "st,stih407-lpc", "st,stm32-lptimer-timer",
	"st,stm32-timer", "stericsson,db8500-prcmu-timer-4",
	"thead,c900-aclint-mtimer", "thead,c900-clint", "ti,am335x-timer",
	"ti,am335x-timer-1ms", "ti,am654-timer", "ti,da830-timer",
	"ti,dm814-timer", "ti,dm816-timer", "ti,keystone-timer",
	"ti,omap-counter32k", "ti,omap2420-timer", "ti,omap3430-timer",
	"ti,omap4430-timer", "ti,omap5430-timer", "ti,sysc-omap2-timer",
	"ti,sysc-omap4-timer", "via,vt8500-timer", "xlnx,xps-timer-1.00.a",
};

/*
 * The interrupt controllers that the kernel starts itself: all IRQCHIP_DECLARE()
 * and IRQCHIP_MATCH() in drivers/ and arch/ of Linux 6.1 to 7.3, those of
 * arch/powerpc and arch/mips, and drivers that have no way back.  Others go with
 * their driver, as soon as nobody has a line of theirs.
 */
static const char *const soca_irqchips[] = {
	"abilis,tb10x-ictl", "actions,s500-sirq", "actions,s700-sirq",
	"actions,s900-sirq", "al,alpine-msix", "allwinner,sun20i-d1-plic",
	"allwinner,sun4i-a10-ic", "allwinner,sun50i-h6-r-intc",
	"allwinner,sun55i-a523-nmi", "allwinner,sun6i-a31-r-intc",
	"allwinner,sun6i-a31-sc-nmi", "allwinner,sun7i-a20-sc-nmi",
	"allwinner,sun9i-a80-nmi", "allwinner,suniv-f1c100s-ic",
	"alphascale,asm9260-icoll", "amazon,al-fic",
	"amlogic,meson-gpio-intc", "andestech,cpu-intc",
	"andestech,nceplic100", "apple,aic", "apple,aic2", "apple,t8122-aic3",
	"arm,arm1176jzf-devchip-gic", "arm,arm11mp-gic", "arm,armv7m-nvic",
	"arm,cortex-a15-gic", "arm,cortex-a7-gic", "arm,cortex-a9-gic",
	"arm,eb11mp-gic", "arm,gic-400", "arm,gic-v3", "arm,gic-v5",
	"arm,pl190-vic", "arm,pl192-vic", "arm,pl390", "arm,tc11mp-gic",
	"arm,versatile-fpga-irq", "arm,versatile-sic", "arm,versatile-vic",
	"aspeed,ast2400-i2c-ic", "aspeed,ast2400-scu-ic",
	"aspeed,ast2400-vic", "aspeed,ast2500-i2c-ic",
	"aspeed,ast2500-scu-ic", "aspeed,ast2500-vic",
	"aspeed,ast2600-scu-ic0", "aspeed,ast2600-scu-ic1",
	"aspeed,ast2700-intc0", "aspeed,ast2700-intc1",
	"aspeed,ast2700-scu-ic0", "aspeed,ast2700-scu-ic1",
	"aspeed,ast2700-scu-ic2", "aspeed,ast2700-scu-ic3",
	"atmel,at91rm9200-aic", "atmel,sama5d2-aic", "atmel,sama5d3-aic",
	"atmel,sama5d4-aic", "brcm,bcm2712-mip", "brcm,bcm2835-armctrl-ic",
	"brcm,bcm2836-armctrl-ic", "brcm,bcm2836-l1-intc",
	"brcm,bcm3380-l2-intc", "brcm,bcm6345-l1-intc",
	"brcm,bcm7038-l1-intc", "brcm,bcm7120-l2-intc",
	"brcm,bcm7271-l2-intc", "brcm,hif-spi-l2-intc", "brcm,l2-intc",
	"brcm,upg-aux-aon-l2-intc", "cavium,octeon-3860-ciu",
	"cavium,octeon-6880-ciu2", "cavium,octeon-7890-ciu3",
	"cdns,xtensa-mx", "cdns,xtensa-pic", "chrp,iic", "chrp,open-pic",
	"cirrus,ep7209-intc", "cnxt,cx92755-ic",
	"cortina,gemini-interrupt-controller", "csky,apb-intc",
	"csky,dual-apb-intc", "csky,gx6605s-intc", "csky,mpintc",
	"econet,en751221-intc", "faraday,ftintc010", "fsl,avic",
	"fsl,cpm-pic", "fsl,cpm1-pic", "fsl,cpm2-pic", "fsl,icoll",
	"fsl,imx6q-gpc", "fsl,imx6sx-mu-msi", "fsl,imx7d-gpc",
	"fsl,imx7ulp-mu-msi", "fsl,imx8mq-gpc", "fsl,imx8ulp-mu-msi",
	"fsl,ipic", "fsl,ls1021a-extirq", "fsl,ls1043a-extirq",
	"fsl,ls1088a-extirq", "fsl,mpc5200-pic", "fsl,mpc5200b-pic",
	"fsl,mpic", "fsl,pq1-pic", "fsl,pq2-pic", "fsl,qe-ic", "fsl,tzic",
	"fsl,vf610-mscm-ir", "google,goldfish-pic", "hisilicon,hip04-intc",
	"i8259", "ibm,opal-intc", "ibm,power-ivpe", "ibm,ppc-xicp",
	"ibm,ppc-xics", "ibm,uic", "ibm,uic4", "idt,32434-pic",
	"ingenic,jz4725b-intc", "ingenic,jz4725b-tcu", "ingenic,jz4740-intc",
	"ingenic,jz4740-tcu", "ingenic,jz4760-intc", "ingenic,jz4760-tcu",
	"ingenic,jz4770-intc", "ingenic,jz4770-tcu", "ingenic,jz4775-intc",
	"ingenic,jz4780-intc", "ingenic,x1000-tcu", "intel,i8259",
	"intel,ixp42x-interrupt", "intel,ixp43x-interrupt",
	"intel,ixp45x-interrupt", "intel,ixp46x-interrupt", "jcore,aic1",
	"jcore,aic2", "lantiq,eiu-xway", "lantiq,icu",
	"loongson,cpu-interrupt-controller", "loongson,htpic-1.0",
	"loongson,htvec-1.0", "loongson,liointc-1.0", "loongson,liointc-1.0a",
	"loongson,liointc-2.0", "loongson,ls1x-intc",
	"loongson,ls2k0500-eiointc", "loongson,ls2k2000-eiointc",
	"loongson,ls7a-lpc", "loongson,pch-msi-1.0", "loongson,pch-pic-1.0",
	"lsi,zevio-intc", "marvell,cp110-icu", "marvell,cp110-icu-nsr",
	"marvell,cp110-icu-sei", "marvell,mmp3-intc", "marvell,mpic",
	"marvell,odmi-controller", "marvell,orion-bridge-intc",
	"marvell,orion-intc", "marvell,pxa-intc", "mediatek,mt6577-sysirq",
	"mediatek,mtk-cirq", "microchip,pic32mzda-evic",
	"microchip,sam9x60-aic", "microchip,sam9x7-aic",
	"microchip,sama7g5-eic", "mips,p8700-aclint-sswi", "moxa,moxart-ic",
	"mrvl,mmp-intc", "mrvl,mmp2-intc", "mrvl,mmp2-mux-intc",
	"mscc,jaguar2-icpu-intr", "mscc,luton-icpu-intr",
	"mscc,ocelot-icpu-intr", "mscc,serval-icpu-intr", "mstar,mst-intc",
	"mti,cpu-interrupt-controller", "mti,gic", "nintendo,flipper-pic",
	"nintendo,hollywood-pic", "nuclei,ux900-aclint-sswi",
	"nuvoton,wpcm450-aic", "nvidia,tegra20-ictlr",
	"nvidia,tegra210-ictlr", "nvidia,tegra30-ictlr", "nxp,lpc3220-mic",
	"nxp,lpc3220-sic", "open-pic", "opencores,or1200-pic",
	"opencores,or1k-pic", "opencores,or1k-pic-edge",
	"opencores,or1k-pic-level", "openpower,xics-sources",
	"openrisc,ompic", "oxsemi,ox810se-rps-irq", "pnpPNP,000",
	"qca,ar7100-cpu-intc", "qca,ar7100-misc-intc", "qca,ar7240-misc-intc",
	"qcom,mpm", "qcom,msm-8660-qgic", "qcom,msm-qgic2", "qcom,pdc",
	"rda,8810pl-intc", "realtek,rtl-intc", "renesas,r9a07g043f-irqc",
	"renesas,r9a08g046-irqc", "renesas,r9a09g047-icu",
	"renesas,r9a09g056-icu", "renesas,r9a09g057-icu",
	"renesas,r9a09g077-icu", "renesas,rza1-irqc", "renesas,rzg2l-irqc",
	"riscv,aplic", "riscv,cpu-intc", "riscv,imsics", "riscv,plic0",
	"samsung,exynos4210-combiner", "samsung,s3c2410-irq",
	"samsung,s3c2416-irq", "sifive,plic-1.0.0", "snps,arc700-intc",
	"snps,archs-idu-intc", "snps,archs-intc", "snps,dw-apb-ictl",
	"socionext,synquacer-exiu", "socionext,uniphier-ld11-aidet",
	"socionext,uniphier-ld20-aidet", "socionext,uniphier-ld4-aidet",
	"socionext,uniphier-pro4-aidet", "socionext,uniphier-pro5-aidet",
	"socionext,uniphier-pxs2-aidet", "socionext,uniphier-pxs3-aidet",
	"socionext,uniphier-sld8-aidet", "st,spear300-shirq",
	"st,spear310-shirq", "st,spear320-shirq", "st,stm32-exti",
	"st,stm32h7-exti", "starfive,jh8100-intc", "starfive,jhb100-intc",
	"sunplus,sp7021-intc", "thead,c900-aclint-sswi", "thead,c900-plic",
	"ti,am33xx-intc", "ti,cp-intc", "ti,dm814-intc", "ti,dm816-intc",
	"ti,irq-crossbar", "ti,omap2-intc", "ti,omap3-intc",
	"ti,omap4-wugen-mpu", "ti,sci-intr", "via,vt8500-intc",
	"xlnx,opb-intc-1.00.c", "xlnx,xps-intc-1.00.a",
};

/*
 * Those of Power, whose bindings do not have the property "msi-controller".  The
 * users are devices on buses that can be probed: no node need name one.
 */
static const char *const soca_msi_banks[] = {
	"fsl,ipic-msi", "fsl,mpic-msi", "fsl,mpic-msi-v4.3", "fsl,vmpic-msi",
	"fsl,vmpic-msi-v4.3",
};

/* Those without "#iommu-cells", and what gives an SMMU its commands. */
static const char *const soca_iommus[] = {
	"apple,t6000-sart", "apple,t8015-sart", "apple,t8103-sart",
	"nvidia,tegra264-cmdqv",
};

/*
 * They have the registers that say which LIODN other devices use: of the
 * portals, the job rings, the ports.  Those may be claimed by themselves.
 */
static const char *const soca_liodn_blocks[] = {
	"fsl,bman", "fsl,fman", "fsl,pme", "fsl,qman", "fsl,rman",
	"fsl,sec-v4.0",
};

/*
 * Devices that were reviewed to have the register of their LIODN among those of
 * another block, the security engine's or QMan's; the eTSEC has none.  Others have
 * it among their own, and whoever has these is whoever he likes to be.
 */
static const char *const soca_foreign_liodn[] = {
	"fsl,etsec2", "fsl,qman-portal", "fsl,sec-v4.0-job-ring",
};

static const char *const soca_pure_buses[] = {
	"isa", "simple-bus", "simple-mfd", "simple-pm-bus",
};

/*
 * Devices that were reviewed to master no bus.  They may still ask a DMA
 * engine to move their data, which "dmas" tells: soca_own_facts().
 */
static const char *const soca_no_dma[] = {
	"arm,pl011", "arm,pl031", "arm,pl061", "fsl,pq3-gpio",
	"fsl,qoriq-gpio", "fsl-i2c", "ns16550", "ns16550a",
};

/*
 * What is queued there can name any address, and the blocks that work it off (frame
 * manager, security engine) do so with LIODNs of their own.  A portal of QMan does DMA
 * itself as well, one of BMan does not.
 */
static const char *const soca_proxies[] = {
	"fsl,bman-portal", "fsl,qman-portal",
};

/**
 * struct soca_rule - What all the compatibles of a table say
 * @fact: The fact, of enum soca_fact
 * @names: The compatibles
 * @num: Number of @names
 */
struct soca_rule {
	u32 fact;
	const char *const *names;
	unsigned int num;
};

#define SOCA_RULE(_fact, _names)	{ _fact, _names, ARRAY_SIZE(_names) }

static const struct soca_rule soca_rules[] = {
	SOCA_RULE(SOCA_IS_SYSTEM, soca_system_blocks),
	SOCA_RULE(SOCA_IS_TIMER, soca_timers),
	SOCA_RULE(SOCA_IS_IRQCHIP, soca_irqchips),
	SOCA_RULE(SOCA_IS_MSI, soca_msi_banks),
	SOCA_RULE(SOCA_IS_IOMMU, soca_iommus),
	SOCA_RULE(SOCA_HAS_LIODN_REGS, soca_liodn_blocks),
	SOCA_RULE(SOCA_LIODN_IS_FOREIGN, soca_foreign_liodn),
	SOCA_RULE(SOCA_IS_BUS, soca_pure_buses),
	SOCA_RULE(SOCA_MASTERS_NONE, soca_no_dma),
	SOCA_RULE(SOCA_MASTERS_BY_PROXY, soca_proxies),
};

/*
 * Families of system blocks, whose compatibles have the SoC's name or a version
 * in them: how they begin and end.
 */
static const struct {
	const char *start;
	const char *end;
} soca_system_families[] = {
	{ "", "-guts" },
	{ "", "-l2-cache-controller" },
	{ "", "-l3-cache-controller" },
	{ "", "-memory-controller" },
	{ "", "-ddr" },
	{ "", "-clockgen" },
	{ "", "-rcpm" },
	{ "", "-sfp" },
	{ "fsl,", "-scfg" },
	{ "fsl,", "-serdes" },
	{ "fsl,", "-msgr" },
	/* Debug: of the host's CPUs, too. */
	{ "fsl,dcsr", "" },
	{ "fsl,qoriq-clockgen-", "" },
	{ "fsl,qoriq-device-config-", "" },
	/* In the same page as the global utilities. */
	{ "fsl,qoriq-pin-control-", "" },
	{ "fsl,qoriq-rcpm-", "" },
	{ "nvidia,tegra", "-pmc" },
	{ "qcom,", "-llcc" },
};

static bool soca_begins_and_ends(const char *text, const char *start,
				 const char *end)
{
	size_t len = strlen(text), start_len = strlen(start);
	size_t end_len = strlen(end);

	return len >= start_len + end_len &&
	       !strncasecmp(text, start, start_len) &&
	       !strcasecmp(text + len - end_len, end);
}

static bool soca_is_system_family(const char *compatible)
{
	for (size_t i = 0; i < ARRAY_SIZE(soca_system_families); i++)
		if (soca_begins_and_ends(compatible,
					 soca_system_families[i].start,
					 soca_system_families[i].end))
			return true;
	return false;
}

static int soca_compare_compatible(const void *key, const void *entry)
{
	return strcasecmp(key, *(const char *const *)entry);
}

/**
 * soca_compatible_facts - What a compatible says of the nodes that have it
 * @compatible: The compatible, any of a node's
 *
 * Return: Combination of enum soca_fact.
 */
u32 soca_compatible_facts(const char *compatible)
{
	u32 facts = soca_is_system_family(compatible) ? SOCA_IS_SYSTEM : 0;

	for (size_t i = 0; i < ARRAY_SIZE(soca_rules); i++) {
		const struct soca_rule *rule = &soca_rules[i];

		if (bsearch(compatible, rule->names, rule->num,
			    sizeof(rule->names[0]), soca_compare_compatible))
			facts |= rule->fact;
	}
	return facts;
}

/* What forbids a node to everybody: the first that is true of it is told. */
static const struct soca_ban {
	u32 fact;
	const char *rule;
} soca_bans[] = {
	{ SOCA_IS_MEMORY, "it is memory" },
	{ SOCA_IS_CPU, "it is a CPU" },
	{ SOCA_HAS_LIODN_REGS, "it says which LIODNs other devices use" },
	{ SOCA_IS_SYSTEM, "it is, or is part of, a system control block" },
	{ SOCA_IS_TIMER, "it is, or is part of, a timer of the host's" },
	{ SOCA_IS_IOMMU, "it is, or is part of, an IOMMU" },
	{ SOCA_IS_MSI, "it is an MSI controller of the host's" },
	{ SOCA_IS_IRQCHIP, "it is an interrupt controller of the host's" },
};

/**
 * soca_ban - Why nobody may have a node
 * @facts: What it is
 * @is_hosts: Not disabled and not bound to socassign: the host keeps neither of
 *	these for itself, if it is a controller of interrupts
 *
 * Return: A sentence, or NULL.
 */
const char *soca_ban(u32 facts, bool is_hosts)
{
	if (!is_hosts)
		facts &= ~(SOCA_IS_MSI | SOCA_IS_IRQCHIP);
	for (size_t i = 0; i < ARRAY_SIZE(soca_bans); i++)
		if (facts & soca_bans[i].fact)
			return soca_bans[i].rule;
	return NULL;
}
