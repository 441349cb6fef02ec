// SPDX-License-Identifier: GPL-2.0
/*
 * Building the guest's tree: plan first, then write
 */
#include "tree_internal.h"

static int tree_build_alloc(struct tree_build *build)
{
	int num = build->tree->num;

	build->role = calloc(num, sizeof(*build->role));
	build->named = calloc(num, sizeof(*build->named));
	build->phandle = calloc(num, sizeof(*build->phandle));
	build->name = calloc(num, sizeof(*build->name));
	if (!build->role || !build->named || !build->phandle || !build->name)
		return -ENOMEM;
	return tree_out_open(&build->out, build->guest->base_size + (16 << 10));
}

static void tree_build_free(struct tree_build *build)
{
	for (int i = 0; build->name && i < build->tree->num; i++)
		free(build->name[i]);
	free(build->role);
	free(build->named);
	free(build->phandle);
	free(build->name);
	free(build->regions);
	tree_taken_free(&build->taken);
	free(build->standins);
	free(build->moves);
	free(build->base.copy);
	free(build->out.fdt);
}

static int tree_plan(struct tree_build *build,
		     const struct soca_tree_node *nodes, size_t num)
{
	int ret = tree_renumber_base(build);

	if (!ret)
		ret = tree_claim(build, nodes, num);
	if (!ret)
		ret = tree_intc_find(build);
	if (!ret)
		ret = tree_find_regions(build);
	if (!ret)
		ret = tree_name_tops(build);
	return ret ? ret : tree_number(build);
}

static int tree_write_out(struct tree_build *build)
{
	int ret;

	tree_emit_base(build);
	ret = tree_out_finish(&build->out);
	if (!ret)
		fdt_set_boot_cpuid_phys(build->out.fdt,
					fdt_boot_cpuid_phys(build->base.fdt));
	return ret;
}

int soca_tree_build(const struct soca_tree *tree,
		    const struct soca_tree_node *nodes, size_t num,
		    const struct soca_tree_guest *guest,
		    void **fdt, size_t *size, struct soca_tree_report *report)
{
	struct tree_build build = {
		.tree = tree, .guest = guest, .report = report,
	};
	int ret = tree_base_open(&build);

	if (!ret)
		ret = tree_build_alloc(&build);
	if (!ret)
		ret = tree_plan(&build, nodes, num);
	if (!ret)
		ret = tree_write_out(&build);
	if (!ret) {
		*fdt = build.out.fdt;
		*size = fdt_totalsize(build.out.fdt);
		build.out.fdt = NULL;
	}
	tree_build_free(&build);
	return ret;
}
