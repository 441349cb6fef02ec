// SPDX-License-Identifier: GPL-2.0
/*
 * The device tree: loading it, its nodes and properties
 */
#include "devtree.h"

#include <errno.h>
#include <libfdt.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "file.h"
#include "libsocassign.h"
#include "sysfs.h"

static void *blob;
static size_t blob_size;
static struct dt_node *nodes;
static unsigned int num_nodes;

/* The nodes in another order, of those that are the same in the tree's */
static struct dt_node **by_path;
static struct dt_node **by_phandle;

/* Loading */

/* What the library takes for a tree is one, and no deeper than it can be. */
static int check_tree(void)
{
	struct soca_tree *tree;
	int ret = soca_tree_open(blob, blob_size, &tree);

	if (!ret)
		soca_tree_close(tree);
	return ret;
}

/* @err is the library's, of @name. */
static bool complain_of_tree(const char *name, const char *hint, int err)
{
	if (err == -ELOOP)
		complain("%s: nodes are nested deeper than %d levels", name,
			 SOCA_TREE_MAX_DEPTH);
	else if (err == -EINVAL)
		complain("%s: not a device tree blob", name);
	else
		complain("%s: %s%s", name, strerror(-err), hint);
	return false;
}

static bool load_file(const char *name)
{
	int ret;

	blob = file_read(name, &blob_size);
	if (!blob)
		return false;
	ret = check_tree();
	return !ret || complain_of_tree(name, "", ret);
}

static bool load_machine(void)
{
	char *dir = sysfs_path("firmware/devicetree/base");
	int ret = soca_tree_flatten(dir, &blob, &blob_size);
	bool done;

	if (!ret)
		ret = check_tree();
	done = !ret ||
	       complain_of_tree(dir, "; --dtb FILE plans with a file", ret);
	free(dir);
	return done;
}

static char *path_of(const struct dt_node *parent, const char *name)
{
	if (!parent)
		return must_print("/");
	return must_print("%s/%s", parent->parent ? parent->path : "", name);
}

static unsigned int count_nodes(void)
{
	unsigned int num = 0;
	int depth = 0;

	for (int at = fdt_next_node(blob, -1, &depth); at >= 0 && depth > 0;
	     at = fdt_next_node(blob, at, &depth))
		num++;
	return num;
}

/* The driver's facts.c, which asks the same tables. */

/* A node of this name right below the root. */
static bool is_top(const struct dt_node *np, const char *name)
{
	size_t len = strlen(name);

	return np->parent && !np->parent->parent &&
	       !strncmp(dt_name(np), name, len) && strchr("@", dt_name(np)[len]);
}

static uint32_t own_facts(const struct dt_node *np)
{
	const char *compatible;
	uint32_t facts = 0;

	for (int i = 0; (compatible = dt_string(np, "compatible", i)); i++)
		facts |= soca_compatible_facts(compatible);
	if (dt_has(np, "dmas"))
		facts &= ~SOCA_MASTERS_NONE;
	if (dt_is_type(np, "memory") || is_top(np, "reserved-memory"))
		facts |= SOCA_IS_MEMORY;
	if (dt_is_type(np, "cpu") || is_top(np, "cpus"))
		facts |= SOCA_IS_CPU;
	if (dt_has(np, "#iommu-cells"))
		facts |= SOCA_IS_IOMMU;
	if (dt_has(np, "msi-controller"))
		facts |= SOCA_IS_MSI;
	return facts;
}

static uint32_t facts_above(const struct dt_node *np)
{
	uint32_t facts = np->parent ? np->parent->facts & SOCA_FACTS_OF_PARTS : 0;

	if (np->parent && dt_is_pci(np->parent))
		facts |= SOCA_IS_BEHIND_PCI;
	return facts;
}

static bool is_available(const struct dt_node *np)
{
	const char *status = dt_string(np, "status", 0);

	return !status || !strcmp(status, "okay") || !strcmp(status, "ok");
}

static struct dt_node *add_node(int offset, struct dt_node *parent)
{
	struct dt_node *np = &nodes[num_nodes++];
	const char *name = fdt_get_name(blob, offset, NULL);

	*np = (struct dt_node) {
		.path = path_of(parent, name ? name : ""), .parent = parent,
		.offset = offset, .phandle = fdt_get_phandle(blob, offset),
	};
	np->facts = own_facts(np) | facts_above(np);
	np->available = is_available(np);
	return np;
}

static struct dt_node *up(struct dt_node *np, int levels)
{
	for (; levels > 0; levels--) {
		np->end = &nodes[num_nodes];
		np = np->parent;
	}
	return np;
}

/* @last is the node before; the depth says how it relates to the next one. */
static void index_nodes(void)
{
	struct dt_node *last = NULL;
	int depth = 0, before = 0;

	for (int at = fdt_next_node(blob, -1, &depth); at >= 0 && depth > 0;
	     at = fdt_next_node(blob, at, &depth)) {
		last = up(last, last ? before - depth + 1 : 0);
		last = add_node(at, last);
		before = depth;
	}
	up(last, before);
}

static int in_tree_order(const struct dt_node *a, const struct dt_node *b)
{
	return a < b ? -1 : a > b;
}

static int compare_paths(const void *a, const void *b)
{
	const struct dt_node *x = *(struct dt_node *const *)a;
	const struct dt_node *y = *(struct dt_node *const *)b;
	int order = strcmp(x->path, y->path);

	return order ? order : in_tree_order(x, y);
}

static int compare_phandles(const void *a, const void *b)
{
	const struct dt_node *x = *(struct dt_node *const *)a;
	const struct dt_node *y = *(struct dt_node *const *)b;

	if (x->phandle != y->phandle)
		return x->phandle < y->phandle ? -1 : 1;
	return in_tree_order(x, y);
}

static struct dt_node **sorted(int (*compare)(const void *a, const void *b))
{
	struct dt_node **list = must_alloc(num_nodes, sizeof(*list));

	for (unsigned int i = 0; i < num_nodes; i++)
		list[i] = &nodes[i];
	qsort(list, num_nodes, sizeof(*list), compare);
	return list;
}

/* The first of the list that @is_before does not hold of, or NULL */
static struct dt_node *first_not(struct dt_node *const *list,
				 bool (*is_before)(const struct dt_node *np,
						   const void *key),
				 const void *key)
{
	unsigned int low = 0, high = num_nodes;

	while (low < high) {
		unsigned int middle = low + (high - low) / 2;

		if (is_before(list[middle], key))
			low = middle + 1;
		else
			high = middle;
	}
	return low < num_nodes ? list[low] : NULL;
}

bool dt_load(void)
{
	if (!(options.dtb ? load_file(options.dtb) : load_machine()))
		return false;
	nodes = must_alloc(count_nodes() + 1, sizeof(*nodes));
	index_nodes();
	by_path = sorted(compare_paths);
	by_phandle = sorted(compare_phandles);
	if (num_nodes)
		return true;
	complain("the device tree is empty");
	return false;
}

const void *dt_blob(size_t *size)
{
	*size = blob_size;
	return blob;
}

/* Nodes */

struct dt_node *dt_root(void)
{
	return nodes;
}

static bool path_before(const struct dt_node *np, const void *path)
{
	return strcmp(np->path, path) < 0;
}

static struct dt_node *find_path(const char *path)
{
	struct dt_node *np = first_not(by_path, path_before, path);

	return np && !strcmp(np->path, path) ? np : NULL;
}

/* libfdt takes names without their unit addresses, as the kernel does not. */
struct dt_node *dt_find(const char *path)
{
	struct dt_node *aliases = find_path("/aliases");
	size_t len = strcspn(path, "/");
	char *name, *full;
	const char *start;
	struct dt_node *np;

	if (!len || !aliases)
		return find_path(path);
	name = must_print("%.*s", (int)len, path);
	start = dt_string(aliases, name, 0);
	free(name);
	if (!start)
		return NULL;
	full = must_print("%s%s", start, path + len);
	np = find_path(full);
	free(full);
	return np;
}

static bool phandle_before(const struct dt_node *np, const void *phandle)
{
	return np->phandle < *(const uint32_t *)phandle;
}

struct dt_node *dt_by_phandle(uint32_t phandle)
{
	struct dt_node *np = first_not(by_phandle, phandle_before, &phandle);

	return phandle && np && np->phandle == phandle ? np : NULL;
}

bool dt_below(const struct dt_node *np, const struct dt_node *top)
{
	return np >= top && np < top->end;
}

const char *dt_name(const struct dt_node *np)
{
	return strrchr(np->path, '/') + 1;
}

/* Properties */

const void *dt_prop(const struct dt_node *np, const char *name, int *len)
{
	return fdt_getprop(blob, np->offset, name, len);
}

bool dt_has(const struct dt_node *np, const char *name)
{
	return dt_prop(np, name, NULL);
}

const char *dt_next_prop(const struct dt_node *np, int *at)
{
	const char *name = NULL;

	*at = *at ? fdt_next_property_offset(blob, *at) :
		    fdt_first_property_offset(blob, np->offset);
	if (*at >= 0)
		fdt_getprop_by_offset(blob, *at, &name, NULL);
	return name;
}

int dt_num_cells(const struct dt_node *np, const char *name)
{
	int len;

	return dt_prop(np, name, &len) ? len / (int)sizeof(fdt32_t) : 0;
}

uint32_t dt_cell(const struct dt_node *np, const char *name, int index)
{
	const fdt32_t *cell = dt_prop(np, name, NULL);

	return fdt32_ld(cell + index);
}

uint32_t dt_u32(const struct dt_node *np, const char *name, uint32_t fallback)
{
	return dt_num_cells(np, name) ? dt_cell(np, name, 0) : fallback;
}

const char *dt_string(const struct dt_node *np, const char *name, int index)
{
	int len;

	return fdt_stringlist_get(blob, np->offset, name, index, &len);
}

bool dt_is_compatible(const struct dt_node *np, const char *compatible)
{
	return fdt_stringlist_search(blob, np->offset, "compatible",
				     compatible) >= 0;
}

bool dt_is_type(const struct dt_node *np, const char *type)
{
	const char *is = dt_string(np, "device_type", 0);

	return is && !strcmp(is, type);
}

bool dt_is_pci(const struct dt_node *np)
{
	return dt_is_type(np, "pci") || dt_is_type(np, "pciex");
}

bool dt_available(const struct dt_node *np)
{
	return np->available;
}
