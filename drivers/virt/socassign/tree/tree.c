// SPDX-License-Identifier: GPL-2.0-only
/*
 * The index of the device tree: built at the first question, dropped when the
 * tree changes
 *
 * It is dropped whole, not mended: a change is rare, and what one node names can
 * change by another (a phandle, an interrupt-parent, ranges).
 */
#define pr_fmt(fmt) "socassign: " fmt

#include <linux/device.h>
#include <linux/hash.h>
#include <linux/interval_tree_generic.h>
#include <linux/irqdomain.h>
#include <linux/jhash.h>
#include <linux/log2.h>
#include <linux/rwsem.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "tree/devices.h"
#include "tree/index.h"
#include "tree/tree.h"

/*
 * Protects soca_tree.  Under it the live tree can be walked as well, since the
 * notifiers take it before a node that was taken out is freed.
 *
 * Comes after of_mutex, which is held around some notifiers, and so after the
 * device lock (a driver's probe may apply an overlay) and soca_claim.gate (held
 * in an unbind).  What is done under it must ask for none of these.
 */
static DECLARE_RWSEM(soca_tree_sem);
static struct soca_tree *soca_tree;	/* NULL: nobody asked since a change */

/* A change has begun, and will only tell at its end: no index is kept. */
static bool soca_tree_unsettled;		/* soca_tree_sem */

/* What a controller's domain calls its lines: translated at the first question. */
static DEFINE_MUTEX(soca_lines_lock);

/* Spans */

static u64 soca_span_first(const struct soca_tree_span *it)
{
	return it->span.first;
}

static u64 soca_span_last(const struct soca_tree_span *it)
{
	return it->span.last;
}

INTERVAL_TREE_DEFINE(struct soca_tree_span, rb, u64, last_below,
		     soca_span_first, soca_span_last, static __maybe_unused,
		     soca_spans)

/**
 * soca_tree_first_meeting - The first of all spans that have a byte in a span
 * @span: The span
 *
 * Context: Under soca_tree_lock().
 * Return: It, or NULL.
 */
struct soca_tree_span *soca_tree_first_meeting(struct soca_span span)
{
	lockdep_assert_held(&soca_tree_sem);

	return soca_spans_iter_first(&soca_tree->spans, span.first, span.last);
}

/**
 * soca_tree_next_meeting - The next of them
 * @it: The one before
 * @span: The span
 *
 * Return: It, or NULL.
 */
struct soca_tree_span *soca_tree_next_meeting(struct soca_tree_span *it,
					      struct soca_span span)
{
	return soca_spans_iter_next(it, span.first, span.last);
}

/* Building */

static struct hlist_head *soca_tree_make_table(const struct soca_tree *tree)
{
	return kvcalloc(1 << tree->bits, sizeof(struct hlist_head), GFP_KERNEL);
}

static int soca_tree_make_tables(struct soca_tree *tree)
{
	tree->bits = order_base_2(tree->num_nodes) ?: 1;
	tree->nodes = soca_tree_make_table(tree);
	tree->paths = soca_tree_make_table(tree);
	tree->liodns = soca_tree_make_table(tree);
	tree->lines = soca_tree_make_table(tree);
	return tree->nodes && tree->paths && tree->liodns && tree->lines ?
	       0 : -ENOMEM;
}

static struct soca_tree_node *
soca_tree_lookup(const struct soca_tree *tree, const struct device_node *np)
{
	struct soca_tree_node *node;

	hlist_for_each_entry(node, &tree->nodes[hash_ptr(np, tree->bits)], hash)
		if (node->np == np)
			return node;
	return NULL;
}

static struct hlist_head *soca_path_bucket(const struct soca_tree *tree,
					   const char *path)
{
	u32 key = jhash(path, strlen(path), 0);

	return &tree->paths[hash_32(key, tree->bits)];
}

/* Who names it; one that names nothing that is in the tree is no reference. */
static void soca_tree_link_refs(const struct soca_tree *tree,
				struct soca_tree_node *node)
{
	struct soca_tree_ref **link = &node->refs, *ref;

	while ((ref = *link)) {
		ref->target = soca_tree_lookup(tree, ref->target_np);
		if (!ref->target) {
			*link = ref->next;
			kfree(ref);
			continue;
		}
		ref->next_user = ref->target->users;
		ref->target->users = ref;
		link = &ref->next;
	}
}

static void soca_tree_link_lines(const struct soca_tree *tree,
				 struct soca_tree_node *node)
{
	struct soca_tree_line **link = &node->lines, *line;

	while ((line = *link)) {
		line->controller = soca_tree_lookup(tree, line->args.np);
		if (!line->controller) {
			*link = line->next;
			kfree(line);
			continue;
		}
		line->next_in = line->controller->lines_in;
		line->controller->lines_in = line;
		link = &line->next;
	}
}

static void soca_tree_link(struct soca_tree *tree)
{
	struct soca_tree_node *node;

	for (node = tree->first; node; node = node->next) {
		hlist_add_head(&node->hash,
			       &tree->nodes[hash_ptr(node->np, tree->bits)]);
		hlist_add_head(&node->path_hash,
			       soca_path_bucket(tree, node->path));
	}
	for (node = tree->first; node; node = node->next) {
		struct soca_tree_liodn *liodn;
		struct soca_tree_span *span;

		soca_tree_link_refs(tree, node);
		soca_tree_link_lines(tree, node);
		soca_tree_for_each_span(span, node)
			soca_spans_insert(span, &tree->spans);
		for (liodn = node->liodns; liodn; liodn = liodn->next)
			hlist_add_head(&liodn->hash,
				       &tree->liodns[hash_32(liodn->id,
							     tree->bits)]);
	}
}

/* The node behind @last in the order of the tree; its ancestors grow by it. */
static int soca_tree_add(struct soca_tree *tree, struct soca_tree_node **last,
			 struct device_node *np)
{
	struct soca_tree_node *node = kzalloc(sizeof(*node), GFP_KERNEL);
	struct soca_tree_node *parent = *last;

	if (!node)
		return -ENOMEM;
	while (parent && parent->np != np->parent)
		parent = parent->parent;
	node->np = np;
	/*
	 * A changeset that fails takes its nodes out again, and tells nobody.  Those
	 * of overlays are announced, and must not be held.
	 */
	node->is_held = of_node_check_flag(np, OF_DYNAMIC) &&
			!of_node_check_flag(np, OF_OVERLAY);
	if (node->is_held)
		of_node_get(np);
	node->parent = parent;
	node->order = tree->num_nodes++;
	node->is_reserved_memory = parent && !parent->parent &&
				   of_node_name_eq(np, "reserved-memory");
	for (struct soca_tree_node *up = node; up; up = up->parent)
		up->last = node->order;
	if (*last)
		(*last)->next = node;
	else
		tree->first = node;
	*last = node;
	return soca_tree_read(node);
}

/*
 * of_find_all_nodes() drops its argument with a lock held that the release of a
 * node takes: it must never have the last reference.
 */
static struct device_node *soca_next_node(struct device_node *np)
{
	struct device_node *next = of_find_all_nodes(of_node_get(np));

	of_node_put(np);
	return next;
}

static int soca_tree_walk(struct soca_tree *tree)
{
	struct device_node *np = of_find_all_nodes(NULL);
	struct soca_tree_node *last = NULL;

	for (; np; np = soca_next_node(np)) {
		int ret = soca_tree_add(tree, &last, np);

		if (ret) {
			of_node_put(np);
			return ret;
		}
		cond_resched();
	}
	return 0;
}

/**
 * soca_tree_free - Free an index
 * @tree: The index
 */
void soca_tree_free(struct soca_tree *tree)
{
	struct soca_tree_node *node, *next;

	for (node = tree->first; node; node = next) {
		next = node->next;
		soca_tree_free_node(node);
	}
	kvfree(tree->nodes);
	kvfree(tree->paths);
	kvfree(tree->liodns);
	kvfree(tree->lines);
	kfree(tree);
}

/**
 * soca_tree_build - Read the tree
 *
 * Context: Process context, under soca_tree_sem, held for writing.
 * Return: The index, or NULL if memory is short.
 */
struct soca_tree *soca_tree_build(void)
{
	struct soca_tree *tree = kzalloc(sizeof(*tree), GFP_KERNEL);
	int ret;

	lockdep_assert_held_write(&soca_tree_sem);

	if (!tree)
		return NULL;
	tree->spans = RB_ROOT_CACHED;
	ret = soca_tree_walk(tree);
	if (!ret)
		ret = soca_tree_make_tables(tree);
	if (!ret) {
		soca_tree_link(tree);
		return tree;
	}
	soca_tree_free(tree);
	return NULL;
}

/**
 * soca_tree_lock - Keep the tree as it is, and its index
 *
 * A change that is under way waits, before it frees anything; nodes that were
 * found under the lock are there as long as it is held, even without a reference.
 *
 * Context: Process context.  With the lock held no device lock may be taken,
 * and nothing that may wait for a change of the tree.
 * Return: 0 or -ENOMEM.
 */
int soca_tree_lock(void)
{
	struct soca_tree *old = NULL;

	down_read(&soca_tree_sem);
	if (likely(soca_tree && !soca_tree_unsettled))
		return 0;
	up_read(&soca_tree_sem);
	down_write(&soca_tree_sem);
	if (soca_tree_unsettled)
		swap(old, soca_tree);
	if (old)
		soca_tree_free(old);
	if (!soca_tree)
		soca_tree = soca_tree_build();
	if (soca_tree) {
		downgrade_write(&soca_tree_sem);
		return 0;
	}
	up_write(&soca_tree_sem);
	return -ENOMEM;
}

/**
 * soca_tree_hold - Keep the tree as it is, without an index
 *
 * Context: As soca_tree_lock(); ends with soca_tree_unlock().
 */
void soca_tree_hold(void)
{
	down_read(&soca_tree_sem);
}

/**
 * soca_tree_unlock - Let the tree change
 */
void soca_tree_unlock(void)
{
	up_read(&soca_tree_sem);
}

/* Questions */

/**
 * soca_tree_root - The root of the index
 *
 * Context: Under soca_tree_lock().
 * Return: It; all other nodes are below it.
 */
struct soca_tree_node *soca_tree_root(void)
{
	lockdep_assert_held(&soca_tree_sem);

	return soca_tree->first;
}

/**
 * soca_tree_find - A node in the index
 * @np: The node
 *
 * Context: Under soca_tree_lock().
 * Return: It, or NULL if it is not in the tree any more.
 */
struct soca_tree_node *soca_tree_find(const struct device_node *np)
{
	lockdep_assert_held(&soca_tree_sem);

	return soca_tree_lookup(soca_tree, np);
}

/**
 * soca_tree_find_path - A node in the index, by its path
 * @path: The path, from the root on
 *
 * The kernel's own look-up goes past all siblings of what the path names.
 *
 * Context: Under soca_tree_lock().
 * Return: It, the first one if siblings have the same name, or NULL.
 */
struct soca_tree_node *soca_tree_find_path(const char *path)
{
	struct soca_tree_node *node, *found = NULL;

	lockdep_assert_held(&soca_tree_sem);

	/* The last one here comes first in the tree. */
	hlist_for_each_entry(node, soca_path_bucket(soca_tree, path), path_hash)
		if (!strcmp(node->path, path))
			found = node;
	return found;
}

/**
 * soca_tree_next_liodn - Go through the nodes that have a LIODN
 * @it: The one before, NULL for the first
 * @id: The LIODN
 *
 * Context: Under soca_tree_lock().
 * Return: The next one, or NULL.
 */
struct soca_tree_liodn *soca_tree_next_liodn(struct soca_tree_liodn *it, u32 id)
{
	struct hlist_node *hash;

	lockdep_assert_held(&soca_tree_sem);

	hash = it ? it->hash.next :
		    soca_tree->liodns[hash_32(id, soca_tree->bits)].first;
	for (; hash; hash = hash->next) {
		it = hlist_entry(hash, struct soca_tree_liodn, hash);
		if (it->id == id)
			return it;
	}
	return NULL;
}

/*
 * A GIC's line is its class and number, whatever type the third cell says; and
 * the GIC's domain warns of those that say none.
 */
static bool soca_gic_translate(const struct soca_tree_line *line,
			       unsigned long *hwirq)
{
	const struct of_phandle_args *args = &line->args;

	/* Not those that are divided between CPUs, by the fourth cell. */
	if (args->args_count < 3 || args->args[0] > 1 ||
	    (args->args_count > 3 && args->args[3]))
		return false;
	*hwirq = args->args[1] << 1 | args->args[0];
	return true;
}

static bool soca_is_gic(const struct device_node *np)
{
	const char *compatible;
	struct property *prop;

	of_property_for_each_string(np, "compatible", prop, compatible)
		if (str_has_prefix(compatible, "arm,") &&
		    strstr(compatible, "gic"))
			return true;
	return false;
}

/* As the irq core does it to map a line; asks no hardware. */
static bool soca_domain_translate(struct irq_domain *domain,
				  const struct soca_tree_line *line,
				  unsigned long *hwirq)
{
	struct irq_fwspec fwspec = {
		.fwnode = of_fwnode_handle(line->args.np),
		.param_count = line->args.args_count,
	};
	unsigned int type;

	memcpy(fwspec.param, line->args.args,
	       line->args.args_count * sizeof(line->args.args[0]));
#ifdef CONFIG_IRQ_DOMAIN_HIERARCHY
	if (domain->ops->translate)
		return !domain->ops->translate(domain, &fwspec, hwirq, &type);
#endif
	if (domain->ops->xlate)
		return !domain->ops->xlate(domain, line->args.np, fwspec.param,
					   fwspec.param_count, hwirq, &type);
	*hwirq = fwspec.param[0];
	return true;
}

static bool soca_line_translate(struct irq_domain *domain, bool is_gic,
				struct soca_tree_line *line)
{
	if (is_gic)
		return soca_gic_translate(line, &line->hwirq);
	return domain && soca_domain_translate(domain, line, &line->hwirq);
}

static struct hlist_head *soca_line_bucket(const struct soca_tree_line *line)
{
	u32 key = line->known ? hash_long(line->hwirq, 32) :
				jhash2(line->args.args, line->args.args_count, 0);

	return &soca_tree->lines[hash_32(key, soca_tree->bits)];
}

static void soca_lines_translate_by(struct soca_tree_node *controller,
				    struct irq_domain *domain)
{
	bool is_gic = soca_is_gic(controller->np);
	struct soca_tree_line *line;

	lockdep_assert_held(&soca_lines_lock);

	for (line = controller->lines_in; line; line = line->next_in) {
		line->known = soca_line_translate(domain, is_gic, line);
		hlist_del_init(&line->hash);
		hlist_add_head(&line->hash, soca_line_bucket(line));
	}
}

/* By a domain that stays: once is enough, for as long as the index is kept. */
static void soca_lines_translate_for_good(struct soca_tree_node *controller)
{
	struct irq_domain *domain;

	if (controller->translated)
		return;
	domain = irq_find_host(controller->np);
	soca_lines_translate_by(controller, domain);
	controller->translated = domain;
}

static void soca_lines_translate_for_now(struct soca_tree_node *controller,
					 struct irq_domain *domain)
{
	soca_lines_translate_by(controller, domain);
	controller->translated = false;
}

/*
 * A controller that has a driver loses its domain with that: so the device is
 * locked, unless it is just being bound or unbound, and nothing is remembered.
 * The others have theirs for good, those too that have a device which no driver
 * is for, as the MPIC does.
 */
static void soca_lines_translate(struct soca_tree_node *controller)
{
	struct device *dev __free(put_device) = soca_device_find(controller->np);

	if (!dev) {
		soca_lines_translate_for_good(controller);
		return;
	}
	if (!device_trylock(dev)) {
		soca_lines_translate_for_now(controller, NULL);
		return;
	}
	if (dev->driver)
		soca_lines_translate_for_now(controller,
					     irq_find_host(controller->np));
	else
		soca_lines_translate_for_good(controller);
	device_unlock(dev);
}

/* The translation tells alike what is spelt alike: both are known, or neither. */
static bool soca_same_line(const struct soca_tree_line *a,
			   const struct soca_tree_line *b)
{
	if (a->controller != b->controller || a->known != b->known)
		return false;
	return a->known ? a->hwirq == b->hwirq :
			  soca_same_args(&a->args, &b->args);
}

/**
 * soca_tree_visit_line - Look at all who name an interrupt line
 * @line: The line
 * @fn: Called for each line that is the same, @line too; not 0 ends the visit
 * @data: For @fn
 *
 * One line can be spelt in several ways: with another type, or, on the MPIC, as
 * one of the errors that share it.  The controller's domain, where there is one,
 * knows which.  They come in the order of the tree.
 *
 * Context: Process context, under soca_tree_lock().
 * Return: 0, or what @fn returned to end it.
 */
int soca_tree_visit_line(struct soca_tree_line *line, soca_line_fn fn,
			 void *data)
{
	struct soca_tree_line *other;
	int ret = 0;

	lockdep_assert_held(&soca_tree_sem);

	guard(mutex)(&soca_lines_lock);

	soca_lines_translate(line->controller);
	hlist_for_each_entry(other, soca_line_bucket(line), hash) {
		if (soca_same_line(line, other))
			ret = fn(other, data);
		if (ret)
			break;
	}
	return ret;
}

/* Changes */

/**
 * soca_tree_changed - The tree has changed: drop the index
 *
 * Called after nodes were taken out, and before they are freed.  When it returns
 * nobody stands on one of them any more.
 *
 * Context: Process context; of_mutex may be held.
 */
void soca_tree_changed(void)
{
	guard(rwsem_write)(&soca_tree_sem);

	if (soca_tree)
		soca_tree_free(soca_tree);
	soca_tree = NULL;
}

/**
 * soca_tree_set_unsettled - Say that a change begins, or has come to its end
 * @unsettled: An overlay is on its way: every question has the tree read anew
 *
 * Context: Process context; of_mutex may be held.
 */
void soca_tree_set_unsettled(bool unsettled)
{
	guard(rwsem_write)(&soca_tree_sem);

	soca_tree_unsettled = unsettled;
}

/**
 * soca_tree_is_moving - Is a node about to come or to go?
 * @np: The node
 *
 * An overlay that is being removed frees its nodes when it is through, and
 * complains of those that somebody holds; of one that is being applied not all
 * have heard yet.
 *
 * Context: Under soca_tree_lock(): who removes one later finds the claim on the
 * registry.
 * Return: true if it may be.
 */
bool soca_tree_is_moving(const struct device_node *np)
{
	lockdep_assert_held(&soca_tree_sem);

	return soca_tree_unsettled && of_node_check_flag(np, OF_OVERLAY);
}

/**
 * soca_tree_with_index - Let a check look at the index
 * @fn: The check; gets NULL if there is no index
 * @file: For @fn
 *
 * Context: Process context; @fn has soca_tree_sem, held for writing.
 * Return: What @fn returned.
 */
int soca_tree_with_index(int (*fn)(struct seq_file *file,
				   const struct soca_tree *tree),
			 struct seq_file *file)
{
	guard(rwsem_write)(&soca_tree_sem);

	return fn(file, soca_tree);
}

/**
 * soca_tree_exit - Free the index; nobody asks any more
 */
void soca_tree_exit(void)
{
	soca_tree_changed();
}
