// SPDX-License-Identifier: GPL-2.0
#include "overlay.h"

#include "testmod.h"

bool overlay_possible(void)
{
	return testmod_has("overlay_apply");
}

void overlay_begin(struct fdt *fdt, const char *target)
{
	fdt_begin(fdt);
	fdt_begin_node(fdt, "fragment@0");
	fdt_string(fdt, "target-path", target);
	fdt_begin_node(fdt, "__overlay__");
}

static int write_overlay(const char *file, struct fdt *fdt)
{
	fdt_end_node(fdt);
	fdt_end_node(fdt);
	return testmod_write_blob(file, fdt->blob, fdt_finish(fdt));
}

int overlay_apply(struct fdt *fdt)
{
	return write_overlay("overlay_apply", fdt);
}

int overlay_in_probe(struct fdt *fdt)
{
	return write_overlay("overlay_in_probe", fdt);
}

int overlay_apply_device(struct fdt *fdt, const char *bus, const char *name,
			 const char *compatible, uint32_t reg, uint32_t size)
{
	const uint32_t registers[] = { reg, size };

	overlay_begin(fdt, bus);
	fdt_begin_node(fdt, name);
	fdt_string(fdt, "compatible", compatible);
	fdt_cells(fdt, "reg", registers, 2);
	fdt_end_node(fdt);
	return overlay_apply(fdt);
}

int overlay_remove(void)
{
	return testmod_write("overlay_remove", "1");
}

void overlay_add_master(struct fdt *fdt, const char *name, uint32_t reg,
			const uint32_t *liodns, size_t num)
{
	const uint32_t page[] = { reg, 0x1000 };
	/* In the global utilities; nobody follows that phandle. */
	const uint32_t liodn_reg[] = { 0, 0x500 };

	fdt_begin_node(fdt, name);
	fdt_string(fdt, "compatible", "test,master");
	fdt_cells(fdt, "reg", page, 2);
	fdt_cells(fdt, "fsl,liodn", liodns, num);
	fdt_cells(fdt, "fsl,liodn-reg", liodn_reg, 2);
	fdt_end_node(fdt);
}
