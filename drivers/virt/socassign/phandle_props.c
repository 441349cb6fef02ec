// SPDX-License-Identifier: GPL-2.0-only
/*
 * The properties by which a node names its suppliers
 *
 * The kernel's own device links say the same, but cannot be walked from a
 * module.  Facts of the bindings: Documentation/devicetree/bindings.
 */
#include <linux/bsearch.h>
#include <linux/string.h>

#include "compat.h"
#include "tree.h"

/* Sorted by name. */
static const struct soca_phandle_prop soca_phandle_props[] = {
	{ "access-controllers", "#access-controller-cells" },
	{ "backlight" },
	{ "clocks", "#clock-cells" },
	{ "dmas", "#dma-cells" },
	{ "extcon" },
	{ "fsl,bman" },
	{ "fsl,iommu-parent" },
	{ "fsl,qman" },
	{ "gpio", "#gpio-cells" },
	{ "gpios", "#gpio-cells" },
	{ "hwlocks", "#hwlock-cells" },
	{ "interconnects", "#interconnect-cells" },
	{ "io-backends", "#io-backend-cells" },
	{ "io-channels", "#io-channel-cells" },
	{ "iommu-map", .is_map = true },
	{ "iommus", "#iommu-cells" },
	{ "leds" },
	{ "mboxes", "#mbox-cells" },
	{ "memory-region" },
	{ "mmc-pwrseq" },
	{ "msi-map", .is_map = true },
	{ "msi-parent", "#msi-cells" },
	{ "nvmem-cells", "#nvmem-cell-cells" },
	{ "panel" },
	{ "pcs-handle", "#pcs-cells" },
	{ "phy-handle" },
	{ "phys", "#phy-cells" },
	{ "power-domains", "#power-domain-cells" },
	{ "power-supplies" },
	{ "ptimer-handle" },
	{ "ptp-timer" },
	{ "pwms", "#pwm-cells" },
	{ "resets", "#reset-cells" },
	{ "tbi-handle" },
	{ "thermal-sensors", "#thermal-sensor-cells" },
	{ "wakeup-parent" },
};

/* By the end of the name; "nr-gpios" is a number, with a vendor or without. */
static const struct soca_phandle_prop soca_phandle_suffixes[] = {
	{ "-gpios", "#gpio-cells" },
	{ "-gpio", "#gpio-cells" },
	{ "-supply" },
};

/* pinctrl-0 and so on, but not pinctrl-names. */
static const struct soca_phandle_prop soca_phandle_pins = { "pinctrl-" };

static int soca_compare_prop(const void *name, const void *prop)
{
	return strcmp(name, ((const struct soca_phandle_prop *)prop)->name);
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

	if (prop || strends(name, "nr-gpios"))
		return prop;
	for (int i = 0; i < ARRAY_SIZE(soca_phandle_suffixes); i++)
		if (strends(name, soca_phandle_suffixes[i].name))
			return &soca_phandle_suffixes[i];
	return str_has_prefix(name, soca_phandle_pins.name) &&
	       strcmp(name, "pinctrl-names") ? &soca_phandle_pins : NULL;
}
