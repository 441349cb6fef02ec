// SPDX-License-Identifier: GPL-2.0
/*
 * Which interrupt controller of the host's the guest's stands for
 *
 * A specifier means something to one controller only: that of another one may
 * have as many cells.
 */
#include "tree_internal.h"

/**
 * struct tree_binding - Controllers that read specifiers alike
 * @sense: The cell that says how the line is triggered, not which it is
 * @compatible: What they call themselves, NULL at the end
 */
struct tree_binding {
	uint32_t sense;
	const char *compatible[20];
};

/* A guest's controller may be another member of the host's family. */
static const struct tree_binding tree_bindings[] = {
	{ 2, {
		"arm,arm11mp-gic", "arm,arm1176jzf-devchip-gic",
		"arm,cortex-a15-gic", "arm,cortex-a7-gic", "arm,cortex-a9-gic",
		"arm,eb11mp-gic", "arm,gic-400", "arm,gic-v3", "arm,pl390",
		"arm,tc11mp-gic", "brcm,brahma-b15-gic",
		"nvidia,tegra210-agic", "qcom,msm-8660-qgic",
		"qcom,msm-qgic2", "qcom,msm8996-gic-v3",
	} },
	{ 1, { "chrp,open-pic", "fsl,mpic", "open-pic" } },
	{ 1, {
		"allwinner,sun20i-d1-plic", "andestech,nceplic100",
		"riscv,plic0", "sifive,plic-1.0.0", "thead,c900-plic",
	} },
};

/*
 * Controllers that wake the machine or set polarities on the way, and hand
 * specifiers to the one above as they are.
 */
static const char *const tree_passing[] = {
	"fsl,imx6q-gpc", "fsl,imx7d-gpc", "fsl,imx8mq-gpc",
	"mediatek,mt6577-sysirq", "nvidia,tegra114-ictlr",
	"nvidia,tegra124-ictlr", "nvidia,tegra20-ictlr",
	"nvidia,tegra210-ictlr", "nvidia,tegra30-ictlr",
	"samsung,exynos3250-pmu", "samsung,exynos5250-pmu",
	"samsung,exynos5420-pmu", "ti,omap4-wugen-mpu", "ti,omap5-wugen-mpu",
};

static const struct tree_binding *tree_binding(const void *fdt, int offset)
{
	for (size_t i = 0; i < TREE_ARRAY_SIZE(tree_bindings); i++)
		for (const char *const *name = tree_bindings[i].compatible;
		     *name; name++)
			if (tree_blob_lists(fdt, offset, "compatible", *name))
				return &tree_bindings[i];
	return NULL;
}

static const struct tree_binding *tree_host_binding(const struct soca_tree *tree,
						    int node)
{
	return tree_binding(tree->fdt, tree->nodes[node].offset);
}

/* Do two nodes have a string of compatible in common? */
static bool tree_share_compatible(const void *one, int one_offset,
				  const void *two, int two_offset)
{
	const char *name;
	int len;

	for (int i = 0; (name = fdt_stringlist_get(one, one_offset,
						   "compatible", i, &len)); i++)
		if (tree_blob_lists(two, two_offset, "compatible", name))
			return true;
	return false;
}

bool tree_intc_is_alike(const struct tree_build *build, int node)
{
	const struct tree_base *base = &build->base;
	const struct soca_tree *tree = build->tree;
	const struct tree_binding *binding = tree_host_binding(tree, node);
	int offset = fdt_node_offset_by_phandle(base->fdt, base->intc);

	if (offset < 0 || tree_u32(tree, node, "#interrupt-cells", 0) !=
			  base->intc_cells)
		return false;
	if (binding)
		return tree_binding(base->fdt, offset) == binding;
	return tree_share_compatible(base->fdt, offset, tree->fdt,
				     tree->nodes[node].offset);
}

static bool tree_is_passing(const struct soca_tree *tree, int node)
{
	for (size_t i = 0; i < TREE_ARRAY_SIZE(tree_passing); i++)
		if (tree_is_compatible(tree, node, tree_passing[i]))
			return true;
	return false;
}

/* The controller whose specifiers @node has, mostly itself */
static int tree_intc_above(const struct soca_tree *tree, int node)
{
	uint32_t cells = tree_u32(tree, node, "#interrupt-cells", 0);

	for (int hops = 0; hops < SOCA_TREE_MAX_DEPTH; hops++) {
		int up = tree_is_passing(tree, node) ?
			 tree_irq_parent(tree, node) : TREE_NONE;

		if (up == TREE_NONE ||
		    tree_u32(tree, up, "#interrupt-cells", 0) != cells)
			break;
		node = up;
	}
	return node;
}

bool tree_intc_is_stood_for(const struct tree_build *build, int node)
{
	return build->intc != TREE_NONE &&
	       tree_intc_above(build->tree, node) == build->intc;
}

bool tree_same_line(const struct soca_tree *tree, const struct tree_line *a,
		    const struct tree_line *b)
{
	const struct tree_binding *binding;
	uint32_t sense = a->num > 1 ? a->num - 1 : UINT32_MAX;

	if (a->controller != b->controller || a->num != b->num)
		return false;
	binding = tree_host_binding(tree, a->controller);
	if (binding)
		sense = binding->sense;
	for (uint32_t i = 0; i < a->num; i++)
		if (i != sense && a->cells[i] != b->cells[i])
			return false;
	return true;
}

/* @data is the build: the first line that ends at a controller of the kind */
static void tree_intc_try(void *data, const struct tree_line *line)
{
	struct tree_build *build = data;
	int node;

	if (!line || build->intc != TREE_NONE ||
	    tree_inside(build, line->controller))
		return;
	node = tree_intc_above(build->tree, line->controller);
	if (tree_intc_is_alike(build, node))
		build->intc = node;
}

/* Of the kind there may be several: it is the one where the claim's lines end. */
int tree_intc_find(struct tree_build *build)
{
	const char *path = build->guest->host_intc;

	build->intc = TREE_NONE;
	if (!path) {
		for (int node = 0; node < build->tree->num; node++)
			if (build->role[node] == TREE_CLAIMED)
				tree_each_end(build->tree, node, tree_intc_try,
					      build);
		return 0;
	}
	build->intc = tree_resolve(build->tree, path);
	if (build->intc != TREE_NONE)
		build->intc = tree_intc_above(build->tree, build->intc);
	if (build->intc != TREE_NONE &&
	    tree_u32(build->tree, build->intc, "#interrupt-cells", 0) ==
	    build->base.intc_cells)
		return 0;
	tree_report_add(build->report, SOCA_TREE_ERROR, path, NULL,
			"the guest's interrupt controller cannot stand for it: %s",
			build->intc == TREE_NONE ?
			"the host's tree has no such node" :
			"it has other specifiers");
	return -EINVAL;
}
