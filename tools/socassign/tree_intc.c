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
 * @has_types: Of four cells the third is an MPIC's: what the others are
 * @compatible: What they call themselves, NULL at the end
 */
struct tree_binding {
	uint32_t sense;
	bool has_types;
	const char *compatible[20];
};

/* The type of a line of an MPIC whose fourth cell tells which of the errors it is */
#define TREE_MPIC_ERROR	1

/* A guest's controller may be another member of the host's family. */
static const struct tree_binding tree_bindings[] = {
	{ 2, false, {
		"arm,arm11mp-gic", "arm,arm1176jzf-devchip-gic",
		"arm,cortex-a15-gic", "arm,cortex-a7-gic", "arm,cortex-a9-gic",
		"arm,eb11mp-gic", "arm,gic-400", "arm,gic-v3", "arm,pl390",
		"arm,tc11mp-gic", "brcm,brahma-b15-gic",
		"nvidia,tegra210-agic", "qcom,msm-8660-qgic",
		"qcom,msm-qgic2", "qcom,msm8996-gic-v3",
	} },
	{ 1, true, { "chrp,open-pic", "fsl,mpic", "open-pic" } },
	{ 1, false, {
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

/* Two cells, and both say which line it is: a bank, a group or a channel, and a number. */
static const char *const tree_senseless[] = {
	"brcm,bcm2835-armctrl-ic", "brcm,bcm2836-armctrl-ic",
	"cavium,octeon-3860-ciu", "cavium,octeon-6880-ciu2", "fsl,imx-intmux",
	"fsl,media5200-fpga", "samsung,exynos4210-combiner",
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

static bool tree_is_senseless(const void *fdt, int offset)
{
	for (size_t i = 0; i < TREE_ARRAY_SIZE(tree_senseless); i++)
		if (tree_blob_lists(fdt, offset, "compatible", tree_senseless[i]))
			return true;
	return false;
}

/* The cell that says how the line is triggered; or behind the last one, if none does */
static uint32_t tree_sense(const void *fdt, int offset, uint32_t num)
{
	const struct tree_binding *binding = tree_binding(fdt, offset);

	if (binding)
		return binding->sense;
	return num > 1 && !tree_is_senseless(fdt, offset) ? num - 1 : num;
}

/* The cell that says nothing: the number of an error is that of all of them. */
static uint32_t tree_idle(const void *fdt, int offset, const uint32_t *cells,
			  uint32_t num)
{
	const struct tree_binding *binding = tree_binding(fdt, offset);

	if (!binding || !binding->has_types || num != 4)
		return num;
	return cells[2] == TREE_MPIC_ERROR ? 0 : 3;
}

bool tree_same_specifier(const void *fdt, int offset, const uint32_t *a,
			 const uint32_t *b, uint32_t num)
{
	uint32_t sense, idle;

	if (!memcmp(a, b, num * sizeof(*a)))
		return true;
	sense = tree_sense(fdt, offset, num);
	idle = tree_idle(fdt, offset, a, num);
	for (uint32_t i = 0; i < num; i++)
		if (i != sense && i != idle && a[i] != b[i])
			return false;
	return true;
}

bool tree_same_line(const struct soca_tree *tree, const struct tree_line *a,
		    const struct tree_line *b)
{
	return a->controller == b->controller && a->num == b->num &&
	       tree_same_specifier(tree->fdt, tree->nodes[a->controller].offset,
				   a->cells, b->cells, a->num);
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
