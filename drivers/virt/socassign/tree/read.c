// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a node of the device tree names: addresses, interrupt lines, other nodes,
 * LIODNs
 */
#include <linux/ioport.h>
#include <linux/of_address.h>
#include <linux/of_irq.h>
#include <linux/of_reserved_mem.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <uapi/linux/socassign.h>

#include "tree/tree.h"

/**
 * soca_tree_cells - The value of a "#...-cells" property of a node itself
 * @np: The node, which does not change meanwhile
 * @name: The property
 *
 * Return: The value, 0 if there is none.
 */
u32 soca_tree_cells(const struct device_node *np, const char *name)
{
	u32 cells = 0;

	of_property_read_u32(np, name, &cells);
	return cells;
}

/**
 * soca_tree_resource - What of_address_to_resource() says of a node's registers
 * @np: The node, which does not change meanwhile
 * @index: Index in its registers
 * @res: Filled in
 *
 * The kernel believes any number of cells, reads as many, and wherever that is: it
 * is asked of buses only that have as many as an address.
 *
 * Return: 0, or a negative errno if it has none there that the CPU can reach.
 */
int soca_tree_resource(struct device_node *np, int index, struct resource *res)
{
	if (!soca_tree_has_addresses(np->parent))
		return -EINVAL;
	return of_address_to_resource(np, index, res);
}

/**
 * soca_tree_has_addresses - Can addresses on a bus be read?
 * @bus: The bus, which does not change meanwhile
 *
 * Return: true unless it, or one above it, says that they have too many cells.
 */
bool soca_tree_has_addresses(const struct device_node *bus)
{
	for (; bus; bus = bus->parent)
		if (soca_tree_cells(bus, "#address-cells") > SOCA_MAX_CELLS ||
		    soca_tree_cells(bus, "#size-cells") > SOCA_MAX_CELLS)
			return false;
	return true;
}

/**
 * soca_tree_says - The value of a property that a node may have
 * @np: The node, which does not change meanwhile
 * @name: The property
 *
 * Return: The value, -1 if there is none.
 */
s64 soca_tree_says(const struct device_node *np, const char *name)
{
	u32 value;

	return of_property_read_u32(np, name, &value) ? -1 : (s64)value;
}

/* Addresses */

static int soca_add_span(struct soca_tree_node *node,
			 struct soca_tree_span ***tail,
			 enum soca_span_kind kind, u32 entry,
			 struct soca_span span, u64 bus_address)
{
	struct soca_tree_span *it = kzalloc(sizeof(*it), GFP_KERNEL);

	if (!it)
		return -ENOMEM;
	it->node = node;
	it->span = span;
	it->bus_address = bus_address;
	it->kind = kind;
	it->entry = entry;
	**tail = it;
	*tail = &it->next;
	return 0;
}

/* False for no bytes: of a size of 0, the end is before the start, or everything. */
static bool soca_resource_span(const struct resource *res,
			       struct soca_span *span)
{
	if (res->end < res->start || !resource_size(res))
		return false;
	*span = (struct soca_span) { .first = res->start, .last = res->end };
	return true;
}

/* Those that the CPU can reach. */
static int soca_read_regs(struct soca_tree_node *node,
			  struct soca_tree_span ***tail)
{
	struct device_node *np = node->np;
	struct resource res;
	const __be32 *addr;
	int ret = 0;

	/* Of entries of no cells there would be no last one, too. */
	if (!soca_tree_has_addresses(np->parent))
		return 0;
	for (int i = 0; !ret && (addr = of_get_address(np, i, NULL, NULL)); i++) {
		struct soca_span span;

		if (of_address_to_resource(np, i, &res) ||
		    resource_type(&res) != IORESOURCE_MEM ||
		    !soca_resource_span(&res, &span))
			continue;
		ret = soca_add_span(node, tail, SOCA_SPAN_REG, i, span,
				    of_read_number(addr, of_n_addr_cells(np)));
	}
	return ret;
}

/* An entry of ranges, as wide as the node, its parent and its bus say. */
struct soca_range {
	struct soca_span span;
	u64 bus_address;
};

/*
 * Entry @i of the node's ranges: 0, -ENOENT behind the last one, -EINVAL if
 * the CPU cannot reach it.  By hand: for_each_of_range() joins adjacent ones.
 */
static int soca_range(struct device_node *np, int i, struct soca_range *range)
{
	const u32 flag_cells = 1;	/* the PCI address type */
	u32 na = soca_tree_cells(np, "#address-cells");
	u32 ns = soca_tree_cells(np, "#size-cells");
	u32 pna = of_n_addr_cells(np);
	int len;
	const __be32 *cell = of_get_property(np, "ranges", &len);
	u64 size;

	if (!cell || na <= flag_cells || !soca_tree_has_addresses(np))
		return -ENOENT;
	len /= sizeof(*cell);
	if (len < (i + 1) * (int)(na + pna + ns))
		return -ENOENT;
	cell += i * (na + pna + ns);
	range->bus_address = of_read_number(cell + flag_cells, na - flag_cells);
	range->span.first = of_translate_address(np, cell + na);
	size = of_read_number(cell + na + pna, ns);
	range->span.last = range->span.first + size - 1;
	return range->span.first == OF_BAD_ADDR || !size ||
	       range->span.last < range->span.first ? -EINVAL : 0;
}

/* Of a PCI host bridge; what a simple bus has in ranges is children. */
static int soca_read_windows(struct soca_tree_node *node,
			     struct soca_tree_span ***tail)
{
	struct device_node *np = node->np;
	struct soca_range range;
	int ret, found;

	if (!of_node_is_type(np, "pci") && !of_node_is_type(np, "pciex"))
		return 0;
	for (int i = 0; (found = soca_range(np, i, &range)) != -ENOENT; i++) {
		if (found)
			continue;
		ret = soca_add_span(node, tail, SOCA_SPAN_WINDOW, i, range.span,
				    range.bus_address);
		if (ret)
			return ret;
	}
	return 0;
}

/*
 * What the kernel reserved at boot for a child of /reserved-memory: it remembers
 * one part, the tree has the others.
 */
static int soca_read_reserved(struct soca_tree_node *node,
			      struct soca_tree_span ***tail)
{
	const struct reserved_mem *rmem;
	struct resource res;
	struct soca_span span;
	int ret;

	if (!node->parent || !node->parent->is_reserved_memory)
		return 0;
	rmem = of_reserved_mem_lookup(node->np);
	if (!rmem || !rmem->size)
		return 0;
	span.first = rmem->base;
	span.last = rmem->base + rmem->size - 1;
	ret = soca_add_span(node, tail, SOCA_SPAN_RESERVED, 0, span, 0);
	for (int i = 1; !ret && !soca_tree_resource(node->np, i, &res); i++) {
		if (soca_resource_span(&res, &span))
			ret = soca_add_span(node, tail, SOCA_SPAN_RESERVED, i,
					    span, 0);
	}
	return ret;
}

static int soca_read_spans(struct soca_tree_node *node)
{
	struct soca_tree_span **tail = &node->spans;
	int ret = soca_read_regs(node, &tail);

	if (!ret)
		ret = soca_read_windows(node, &tail);
	if (!ret)
		ret = soca_read_reserved(node, &tail);
	return ret;
}

/* Interrupt lines */

/* Takes over the reference to args->np: the tree keeps it. */
static int soca_add_line(struct soca_tree_node *node,
			 struct soca_tree_line ***tail, u32 origin, u32 entry,
			 const struct of_phandle_args *args)
{
	struct soca_tree_line *line = kzalloc(sizeof(*line), GFP_KERNEL);

	of_node_put(args->np);
	if (!line)
		return -ENOMEM;
	line->node = node;
	line->args = *args;
	line->origin = origin;
	line->entry = entry;
	**tail = line;
	*tail = &line->next;
	return 0;
}

/* Entries of interrupts-extended, with its holes, up to one that makes no sense. */
static u32 soca_num_extended(struct device_node *np)
{
	struct of_phandle_iterator it;
	u32 num = 0;
	int err;

	of_for_each_phandle(&it, err, np, "interrupts-extended",
			    "#interrupt-cells", -1)
		num++;
	return num;
}

static u32 soca_num_interrupts(struct device_node *np)
{
	struct device_node *parent __free(device_node) = of_irq_find_parent(np);
	u32 cells = parent ? soca_tree_cells(parent, "#interrupt-cells") : 0;
	int len;

	if (!cells || !of_get_property(np, "interrupts", &len))
		return 0;
	return len / sizeof(__be32) / cells;
}

/*
 * An entry that leads nowhere is not the last one: a hole, or a nexus whose map
 * does not have it.
 */
static int soca_read_interrupts(struct soca_tree_node *node,
				struct soca_tree_line ***tail)
{
	struct device_node *np = node->np;
	struct of_phandle_args args;
	int ret = 0;
	u32 num;

	if (!of_property_present(np, "interrupts-extended") &&
	    !of_property_present(np, "interrupts"))
		return 0;
	num = max(soca_num_extended(np), soca_num_interrupts(np));
	for (u32 i = 0; !ret && i < num; i++) {
		if (!of_irq_parse_one(np, i, &args))
			ret = soca_add_line(node, tail, SOCASSIGN_IRQ_INTERRUPTS,
					    i, &args);
	}
	return ret;
}

/* What of_irq_parse_raw() takes for the address cells; it warns of too many. */
static u32 soca_inherited_cells(const struct device_node *np)
{
	u32 cells = 2;

	while (np && of_property_read_u32(np, "#address-cells", &cells))
		np = np->parent;
	return min_t(u32, cells, MAX_PHANDLE_ARGS + 1);
}

/* Their driver reads the map itself, without a unit address: ls_extirq_parse_map(). */
static const char *const soca_maps_without_address[] = {
	"fsl,ls1021a-extirq", "fsl,ls1043a-extirq", "fsl,ls1088a-extirq", NULL
};

/*
 * Cells of the parent's side of an entry of interrupt-map (Devicetree
 * Specification 2.4.3): phandle, unit address and specifier.  0 where the
 * kernel reads no further.
 */
static u32 soca_map_parent_cells(const struct device_node *np,
				 const __be32 *cell, const __be32 *end)
{
	struct device_node *parent __free(device_node) =
		of_find_node_by_phandle(be32_to_cpup(cell));
	u32 addr_cells, spec_cells;

	if (!parent || of_property_read_u32(parent, "#interrupt-cells",
					    &spec_cells))
		return 0;
	addr_cells = of_device_compatible_match(np, soca_maps_without_address) ?
		     0 : soca_tree_cells(parent, "#address-cells");
	if (spec_cells > MAX_PHANDLE_ARGS ||
	    addr_cells > MAX_PHANDLE_ARGS - spec_cells ||
	    end - cell <= addr_cells + spec_cells)
		return 0;
	return 1 + addr_cells + spec_cells;
}

/*
 * An entry whose parent is in use, and a controller, ends there.  @cell is its
 * parent's side.  Nearly all are like that, and for the kernel's answer all entries
 * before one are read, too.
 */
static bool soca_map_ends(const __be32 *cell, u32 num,
			  struct of_phandle_args *line)
{
	struct device_node *parent __free(device_node) =
		of_find_node_by_phandle(be32_to_cpup(cell));
	u32 spec_cells = soca_tree_cells(parent, "#interrupt-cells");

	if (!of_device_is_available(parent) ||
	    !of_property_present(parent, "interrupt-controller") ||
	    of_property_present(parent, "interrupt-map"))
		return false;
	line->args_count = spec_cells;
	for (u32 i = 0; i < spec_cells; i++)
		line->args[i] = be32_to_cpup(cell + num - spec_cells + i);
	line->np = no_free_ptr(parent);
	return true;
}

/*
 * What a child gets that asks the nexus for the entry at @cell: it is the kernel
 * who skips disabled parents, and finds the first of several entries.  False if
 * it leads nowhere, or no further than the nexus: that is a controller of its
 * own then, and no line of it is another controller's.
 */
static bool soca_follow_map(struct device_node *np, const __be32 *cell,
			    u32 addr_cells, u32 spec_cells,
			    struct of_phandle_args *line)
{
	line->np = np;
	line->args_count = spec_cells;
	for (u32 i = 0; i < spec_cells; i++)
		line->args[i] = be32_to_cpup(cell + addr_cells + i);
	if (of_irq_parse_raw(cell, line))
		return false;
	if (line->np != np)
		return true;
	of_node_put(np);
	return false;
}

/* Without #interrupt-cells of its own nobody's interrupts are for the node. */
static int soca_read_interrupt_map(struct soca_tree_node *node,
				   struct soca_tree_line ***tail)
{
	struct device_node *np = node->np;
	u32 addr_cells = soca_inherited_cells(np), spec_cells, num;
	struct of_phandle_args args;
	const __be32 *cell, *end;
	int len, ret = 0;

	cell = of_get_property(np, "interrupt-map", &len);
	if (!cell || of_property_read_u32(np, "#interrupt-cells", &spec_cells) ||
	    spec_cells > MAX_PHANDLE_ARGS ||
	    addr_cells > MAX_PHANDLE_ARGS - spec_cells)
		return 0;
	end = cell + len / sizeof(*cell);
	for (u32 entry = 0; !ret && end - cell > addr_cells + spec_cells;
	     entry++) {
		num = soca_map_parent_cells(np, cell + addr_cells + spec_cells,
					    end);
		if (!num)
			break;
		if (soca_map_ends(cell + addr_cells + spec_cells, num, &args) ||
		    soca_follow_map(np, cell, addr_cells, spec_cells, &args))
			ret = soca_add_line(node, tail, SOCASSIGN_IRQ_MAP, entry,
					    &args);
		cell += addr_cells + spec_cells + num;
	}
	return ret;
}

static int soca_read_lines(struct soca_tree_node *node)
{
	struct soca_tree_line **tail = &node->lines;
	int ret = soca_read_interrupts(node, &tail);

	return ret ?: soca_read_interrupt_map(node, &tail);
}

/* Other nodes */

static int soca_add_ref(struct soca_tree_node *node,
			const struct soca_phandle_prop *prop, u32 entry,
			struct device_node *target, const __be32 *args,
			u32 num_args)
{
	struct soca_tree_ref *ref = kzalloc(struct_size(ref, args, num_args),
					    GFP_KERNEL);

	if (!ref)
		return -ENOMEM;
	ref->node = node;
	ref->target_np = target;
	ref->prop = prop;
	ref->entry = entry;
	ref->num_args = num_args;
	for (u32 i = 0; i < num_args; i++)
		ref->args[i] = be32_to_cpu(args[i]);
	ref->next = node->refs;
	node->refs = ref;
	return 0;
}

/**
 * soca_tree_ref_args - A reference as the kernel's frameworks take it
 * @ref: The reference
 * @target: Whom it names
 * @args: Filled in; without a reference of its own to @target
 *
 * Return: false if it has more cells than they take.
 */
bool soca_tree_ref_args(const struct soca_tree_ref *ref, struct device_node *target,
			struct of_phandle_args *args)
{
	if (ref->num_args > ARRAY_SIZE(args->args))
		return false;
	*args = (struct of_phandle_args) {
		.np = target, .args_count = ref->num_args,
	};
	memcpy(args->args, ref->args, ref->num_args * sizeof(ref->args[0]));
	return true;
}

static int soca_read_prop(struct soca_tree_node *node, const char *name,
			  const struct soca_phandle_prop *prop)
{
	struct of_phandle_iterator it;
	u32 entry = 0;
	int err;

	of_for_each_phandle(&it, err, node->np, name, prop->cells, 0) {
		int ret = 0;

		if (it.node)
			ret = soca_add_ref(node, prop, entry, it.node, it.cur,
					   it.cur_count);
		if (ret) {
			of_node_put(it.node);
			return ret;
		}
		entry++;
	}
	/* Not the end, but one that makes no sense. */
	if (err != -ENOENT)
		entry++;
	if (!strcmp(name, "clocks"))
		node->num_clocks = entry;
	return 0;
}

/* Such as msi-map of a PCI host bridge: <id phandle specifier length> ... */
static int soca_read_table(struct soca_tree_node *node,
			   const struct soca_phandle_walk *walk)
{
	const struct soca_phandle_prop *kind = walk->prop;
	u32 entry = 0;
	int ret = 0;
	s64 args;

	for (u64 at = kind->first; !ret && at < walk->num;
	     at += soca_phandle_walk_step(walk, args)) {
		struct device_node *target __free(device_node) =
			of_find_node_by_phandle(be32_to_cpu(walk->cells[at]));

		args = -1;
		if (target)
			ret = soca_add_ref(node, kind, entry, target, NULL, 0);
		if (target && kind->cells)
			args = soca_tree_says(target, kind->cells);
		entry++;
	}
	return ret;
}

/**
 * soca_tree_walk_begin - Begin to read a property by which a node may name others
 * @walk: Filled in if it does
 * @np: The node, in the tree or in an overlay, which does not change meanwhile
 * @prop: The property
 *
 * Return: true if it does.
 */
bool soca_tree_walk_begin(struct soca_phandle_walk *walk,
			  const struct device_node *np,
			  const struct property *prop)
{
	const struct soca_phandle_prop *kind = soca_phandle_prop(prop->name);
	bool is_one;

	if (!kind || (kind->unless && of_property_present(np, kind->unless)))
		return false;
	is_one = kind->list_if && !of_property_present(np, kind->list_if);
	soca_phandle_walk_begin(walk, kind, prop->value, prop->length,
				kind->own ? soca_tree_says(np, kind->own) : -1,
				is_one);
	return true;
}

static u32 soca_read_has(const char *name)
{
	static const struct {
		const char *name;
		u32 has;
	} rare[] = {
		{ "power-domains", SOCA_HAS_DOMAINS },
		{ "resets", SOCA_HAS_RESETS },
		{ "reg-names", SOCA_HAS_REG_NAMES },
		{ "interrupt-names", SOCA_HAS_IRQ_NAMES },
	};

	for (int i = 0; i < ARRAY_SIZE(rare); i++)
		if (!strcmp(name, rare[i].name))
			return rare[i].has;
	return 0;
}

static int soca_read_refs(struct soca_tree_node *node)
{
	struct soca_phandle_walk walk;
	struct property *prop;
	int ret = 0;

	for_each_property_of_node(node->np, prop) {
		node->has |= soca_read_has(prop->name);
		if (!soca_tree_walk_begin(&walk, node->np, prop))
			continue;
		ret = walk.prop->step || walk.is_one ?
		      soca_read_table(node, &walk) :
		      soca_read_prop(node, prop->name, walk.prop);
		if (ret)
			break;
	}
	return ret;
}

/* LIODNs; an empty fsl,liodn is one that the boot loader has not filled in. */
static int soca_read_liodns(struct soca_tree_node *node)
{
	struct soca_tree_liodn **tail = &node->liodns;
	u32 id;

	for (int i = 0; !of_property_read_u32_index(node->np, "fsl,liodn", i, &id);
	     i++) {
		struct soca_tree_liodn *liodn = kzalloc(sizeof(*liodn),
							GFP_KERNEL);

		if (!liodn)
			return -ENOMEM;
		liodn->node = node;
		liodn->id = id;
		*tail = liodn;
		tail = &liodn->next;
	}
	return 0;
}

/* As %pOF has it. */
static int soca_read_path(struct soca_tree_node *node)
{
	const char *name = kbasename(node->np->full_name);

	if (!node->parent)
		node->path = kstrdup("/", GFP_KERNEL);
	else if (!node->parent->parent)
		node->path = kasprintf(GFP_KERNEL, "/%s", name);
	else
		node->path = kasprintf(GFP_KERNEL, "%s/%s", node->parent->path,
				       name);
	return node->path ? 0 : -ENOMEM;
}

/**
 * soca_tree_read - Read what a node names
 * @node: The node, with @np and @parent, else empty; what is read before an error
 *	is freed with soca_tree_free_read()
 *
 * Context: Process context, under soca_tree_sem: the tree keeps the nodes that
 * @node comes to name.
 * Return: 0 or -ENOMEM.
 */
int soca_tree_read(struct soca_tree_node *node)
{
	int ret = soca_read_path(node);

	if (!ret)
		ret = soca_read_spans(node);
	if (!ret)
		ret = soca_read_lines(node);
	if (!ret)
		ret = soca_read_refs(node);
	return ret ?: soca_read_liodns(node);
}

#define soca_free_list(_first)						\
	do {								\
		while (_first) {					\
			void *_it = _first;				\
									\
			_first = (_first)->next;			\
			kfree(_it);					\
		}							\
	} while (0)

/**
 * soca_tree_free_read - Free what soca_tree_read() has read
 * @node: The node; nothing leads to what it names any more
 */
void soca_tree_free_read(struct soca_tree_node *node)
{
	soca_free_list(node->spans);
	soca_free_list(node->lines);
	soca_free_list(node->refs);
	soca_free_list(node->liodns);
	kfree(node->path);
}

/**
 * soca_tree_free_node - Free a node of the index
 * @node: The node; nothing leads to it, or to what it names, any more
 */
void soca_tree_free_node(struct soca_tree_node *node)
{
	soca_tree_free_read(node);
	if (node->is_held)
		of_node_put(node->np);
	kfree(node);
}
