// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of the index, over the tree of the machine that they run on: each
 * answer against the plain way to it
 */
#define pr_fmt(fmt) "socassign: " fmt

#include <kunit/test.h>
#include <linux/notifier.h>

#include "tree/devices.c"
#include "tree/phandle_props.c"
#include "tree/read.c"
#include "tree/tree.c"
#ifdef CONFIG_DEBUG_FS
#include "tree/check.c"
#endif

/* A test with the tree locked, and an index. */
static void soca_with_tree(struct kunit *test, void (*fn)(struct kunit *test))
{
	if (soca_tree_lock()) {
		KUNIT_FAIL(test, "no memory for an index");
		return;
	}
	fn(test);
	soca_tree_unlock();
}

#define SOCA_TREE_TEST(_name)						\
static void _name##_locked(struct kunit *test)				\
{									\
	soca_with_tree(test, _name);					\
}

static void soca_tree_test_exit(struct kunit *test)
{
	soca_tree_exit();
}

static void soca_test_tree_has_all(struct kunit *test)
{
	struct soca_tree_node *it = soca_tree_root();
	struct device_node *np;
	u32 num = 0;

	for (np = of_find_all_nodes(NULL); np; np = soca_next_node(np)) {
		struct soca_tree_node *node = soca_tree_find(np);

		if (!node || node != it || node->np != np || node->order != num ||
		    soca_tree_find_path(node->path) != node) {
			KUNIT_FAIL(test, "%pOF is not where it is", np);
			of_node_put(np);
			return;
		}
		it = it->next;
		num++;
	}
	KUNIT_EXPECT_PTR_EQ(test, it, NULL);
	KUNIT_EXPECT_EQ(test, num, soca_tree->num_nodes);
}

static bool soca_plain_below(const struct device_node *np,
			     const struct device_node *above)
{
	for (; np; np = np->parent)
		if (np == above)
			return true;
	return false;
}

static void soca_test_tree_below(struct kunit *test)
{
	struct soca_tree_node *a, *b;

	soca_tree_for_each_below(a, soca_tree_root())
		soca_tree_for_each_below(b, soca_tree_root())
			if (soca_tree_is_below(a, b) !=
			    soca_plain_below(a->np, b->np)) {
				KUNIT_FAIL(test, "%pOF below %pOF?", a->np,
					   b->np);
				return;
			}
}

/* As many as meet it, one after the other. */
static u32 soca_plain_meeting(struct soca_span span)
{
	struct soca_tree_node *node;
	struct soca_tree_span *it;
	u32 num = 0;

	soca_tree_for_each_below(node, soca_tree_root())
		soca_tree_for_each_span(it, node)
			num += soca_spans_meet(it->span, span);
	return num;
}

static void soca_test_tree_meeting(struct kunit *test)
{
	struct soca_tree_node *node;
	struct soca_tree_span *mine, *it;

	soca_tree_for_each_below(node, soca_tree_root())
		soca_tree_for_each_span(mine, node) {
			struct soca_span pages = soca_span_pages(mine->span);
			u32 num = 0;

			soca_tree_for_each_meeting(it, pages)
				num += soca_spans_meet(it->span, pages);
			KUNIT_EXPECT_EQ_MSG(test, num,
					    soca_plain_meeting(pages), "%pOF",
					    node->np);
		}
}

static bool soca_plain_names(const struct soca_tree_node *node,
			     const struct soca_tree_node *target)
{
	const struct soca_tree_ref *ref;

	for (ref = node->refs; ref; ref = ref->next)
		if (ref->target == target)
			return true;
	return false;
}

static bool soca_is_user(const struct soca_tree_node *node,
			 const struct soca_tree_node *target)
{
	const struct soca_tree_ref *ref;

	soca_tree_for_each_user(ref, target)
		if (ref->node == node)
			return true;
	return false;
}

static void soca_test_tree_users(struct kunit *test)
{
	struct soca_tree_node *node, *target;

	soca_tree_for_each_below(node, soca_tree_root())
		soca_tree_for_each_below(target, soca_tree_root())
			if (soca_plain_names(node, target) !=
			    soca_is_user(node, target)) {
				KUNIT_FAIL(test, "%pOF names %pOF?", node->np,
					   target->np);
				return;
			}
}

static const struct soca_tree_line *
soca_find_entry(const struct soca_tree_node *node, u32 entry)
{
	const struct soca_tree_line *line;

	soca_tree_for_each_line(line, node)
		if (line->origin == SOCASSIGN_IRQ_INTERRUPTS &&
		    line->entry == entry)
			return line;
	return NULL;
}

/* No property has more entries than cells. */
static u32 soca_most_interrupts(const struct device_node *np)
{
	static const char *const names[] = {
		"interrupts", "interrupts-extended",
	};
	u32 most = 0;
	int len;

	for (int i = 0; i < ARRAY_SIZE(names); i++)
		if (of_get_property(np, names[i], &len))
			most = max_t(u32, most, len / sizeof(__be32));
	return most;
}

/* Each line of a node that of_irq_parse_one() finds, and no other. */
static void soca_test_tree_lines(struct kunit *test)
{
	const struct soca_tree_line *line;
	struct of_phandle_args args;
	struct soca_tree_node *node;

	soca_tree_for_each_below(node, soca_tree_root())
		for (u32 i = 0; i <= soca_most_interrupts(node->np); i++) {
			line = soca_find_entry(node, i);
			if (of_irq_parse_one(node->np, i, &args)) {
				KUNIT_EXPECT_NULL(test, line);
				continue;
			}
			of_node_put(args.np);
			if (!line) {
				KUNIT_FAIL(test, "%pOF lacks line %u", node->np,
					   i);
				continue;
			}
			KUNIT_EXPECT_PTR_EQ(test, args.np,
					    line->controller->np);
			KUNIT_EXPECT_TRUE(test, soca_same_args(&args,
							       &line->args));
		}
}

static int soca_count_line(struct soca_tree_line *line, void *data)
{
	++*(u32 *)data;
	return 0;
}

/* A line meets itself, and those that are spelt alike, and all that are the same. */
static void soca_test_tree_same_lines(struct kunit *test)
{
	struct soca_tree_node *node;
	struct soca_tree_line *line, *it;

	soca_tree_for_each_below(node, soca_tree_root())
		soca_tree_for_each_line(line, node) {
			u32 num = 0, alike = 0, same = 0;

			soca_tree_visit_line(line, soca_count_line, &num);
			for (it = line->controller->lines_in; it; it = it->next_in) {
				alike += soca_same_args(&it->args, &line->args);
				same += soca_same_line(it, line);
			}
			KUNIT_EXPECT_GE_MSG(test, num, alike, "%pOF", node->np);
			KUNIT_EXPECT_EQ_MSG(test, num, same, "%pOF", node->np);
			KUNIT_EXPECT_GT(test, num, 0U);
		}
}

static struct soca_tree *soca_tree_after_a_question(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, 0, soca_tree_lock());
	soca_tree_unlock();
	return soca_tree;
}

/* It is kept, but not over a change. */
static void soca_test_tree_changes(struct kunit *test)
{
	struct soca_tree *before = soca_tree_after_a_question(test);

	KUNIT_EXPECT_NOT_NULL(test, before);
	KUNIT_EXPECT_PTR_EQ(test, before, soca_tree_after_a_question(test));
	soca_tree_changed();
	KUNIT_EXPECT_PTR_EQ(test, soca_tree, NULL);
}

#if defined(CONFIG_OF_DYNAMIC) && defined(CONFIG_DEBUG_FS)
/* As the driver's own does with its index. */
static int soca_test_reconfig(struct notifier_block *nb, unsigned long action,
			      void *arg)
{
	soca_tree_changed();
	return NOTIFY_OK;
}

static struct notifier_block soca_test_nb = {
	.notifier_call = soca_test_reconfig,
};

static void soca_expect_fresh(struct kunit *test, const char *after)
{
	u32 differs = 0;
	int is_true;

	/* A question, for which it is built. */
	if (!soca_tree_lock())
		soca_tree_unlock();

	guard(rwsem_write)(&soca_tree_sem);

	is_true = soca_tree ? soca_tree_is_true(soca_tree, &differs) : -ENOMEM;
	KUNIT_EXPECT_EQ_MSG(test, 1, is_true, "%s: differs from node %u on",
			    after, differs);
}

/* In effect, undone, and in effect again. */
static void soca_try_changeset(struct kunit *test, struct of_changeset *set,
			       const char *what)
{
	KUNIT_EXPECT_EQ(test, 0, of_changeset_apply(set));
	soca_expect_fresh(test, what);
	KUNIT_EXPECT_EQ(test, 0, of_changeset_revert(set));
	soca_expect_fresh(test, what);
	KUNIT_EXPECT_EQ(test, 0, of_changeset_apply(set));
	soca_expect_fresh(test, what);
}

/* One that nobody has, that nobody can name, and with nothing below it. */
static bool soca_is_idle(const struct device_node *np)
{
	return np->parent && !np->child && !np->phandle &&
	       !of_device_is_available(np) &&
	       !of_node_check_flag(np, OF_POPULATED) &&
	       !of_property_present(np, "fsl,liodn");
}

static struct device_node *soca_idle_node(void)
{
	struct device_node *np;

	for (np = of_find_all_nodes(NULL); np; np = soca_next_node(np))
		if (soca_is_idle(np))
			break;
	return np;
}

/* Once it was in a node it goes with that, not with this module. */
static struct property *soca_liodns(struct kunit *test, unsigned int num)
{
	struct property *prop = kzalloc(sizeof(*prop), GFP_KERNEL);
	__be32 *value = kcalloc(num, sizeof(*value), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, prop);
	KUNIT_ASSERT_NOT_NULL(test, value);
	for (unsigned int i = 0; i < num; i++)
		value[i] = cpu_to_be32(250 + i);
	prop->name = kstrdup("fsl,liodn", GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, prop->name);
	prop->value = value;
	prop->length = num * sizeof(*value);
	return prop;
}

/* Each one looks at the property that is there when it is made. */
static void soca_try_changesets(struct kunit *test, struct of_changeset *sets,
				struct device_node *np)
{
	struct property *changed = soca_liodns(test, 2);

	of_changeset_detach_node(&sets[0], np);
	soca_try_changeset(test, &sets[0], "node taken out");
	of_changeset_revert(&sets[0]);
	soca_expect_fresh(test, "node back again");
	of_changeset_add_property(&sets[1], np, soca_liodns(test, 1));
	soca_try_changeset(test, &sets[1], "property added");
	of_changeset_update_property(&sets[2], np, changed);
	soca_try_changeset(test, &sets[2], "property changed");
	of_changeset_remove_property(&sets[3], np, changed);
	soca_try_changeset(test, &sets[3], "property removed");
}

static void soca_test_tree_follows(struct kunit *test)
{
	struct device_node *np = soca_idle_node();
	struct of_changeset sets[4];

	if (!np)
		kunit_skip(test, "no node of this tree is idle");
	KUNIT_ASSERT_EQ(test, 0, of_reconfig_notifier_register(&soca_test_nb));
	for (int i = 0; i < ARRAY_SIZE(sets); i++)
		of_changeset_init(&sets[i]);
	soca_try_changesets(test, sets, np);
	for (int i = ARRAY_SIZE(sets) - 1; i > 0; i--)
		of_changeset_revert(&sets[i]);
	soca_expect_fresh(test, "all of it undone");
	for (int i = 0; i < ARRAY_SIZE(sets); i++)
		of_changeset_destroy(&sets[i]);
	of_node_put(np);
	of_reconfig_notifier_unregister(&soca_test_nb);
}
#else
static void soca_test_tree_follows(struct kunit *test)
{
	kunit_skip(test, "no CONFIG_OF_DYNAMIC, or no CONFIG_DEBUG_FS");
}
#endif

static void soca_test_phandle_props(struct kunit *test)
{
	for (int i = 0; i < ARRAY_SIZE(soca_phandle_props); i++)
		KUNIT_EXPECT_PTR_EQ(test, &soca_phandle_props[i],
				    soca_phandle_prop(soca_phandle_props[i].name));
	KUNIT_EXPECT_NOT_ERR_OR_NULL(test, soca_phandle_prop("cs-gpios"));
	KUNIT_EXPECT_NOT_ERR_OR_NULL(test, soca_phandle_prop("vdd-supply"));
	KUNIT_EXPECT_NOT_ERR_OR_NULL(test, soca_phandle_prop("pinctrl-0"));
	KUNIT_EXPECT_PTR_EQ(test, soca_phandle_prop("pinctrl-names"), NULL);
	KUNIT_EXPECT_PTR_EQ(test, soca_phandle_prop("pinctrl-single,bits"), NULL);
	KUNIT_EXPECT_PTR_EQ(test, soca_phandle_prop("nr-gpios"), NULL);
	KUNIT_EXPECT_PTR_EQ(test, soca_phandle_prop("arm,nr-gpios"), NULL);
	KUNIT_EXPECT_PTR_EQ(test, soca_phandle_prop("reg"), NULL);
}

/* Where the last phandle of a value is, if all their targets say the same. */
static u64 soca_last_of(const char *name, const u32 *value, u32 num, s64 own,
			s64 args, bool is_one)
{
	struct soca_phandle_walk walk;
	__be32 cells[12] = {};
	u64 last = 0;

	for (u32 i = 0; i < num; i++)
		cells[i] = cpu_to_be32(value[i]);
	soca_phandle_walk_begin(&walk, soca_phandle_prop(name), cells,
				num * sizeof(*cells), own, is_one);
	for (u64 at = walk.prop->first; at < num;
	     at += soca_phandle_walk_step(&walk, args))
		last = at;
	return last;
}

static u64 soca_last_phandle(const char *name, const u32 *value, u32 num, s64 own,
			     s64 args)
{
	return soca_last_of(name, value, num, own, args, false);
}

static void soca_test_phandle_walk(struct kunit *test)
{
	static const u32 map[] = { 0, 7, 64, 1, 256, 7, 65, 1 };
	static const u32 wide[] = { 0, 7, 64, 0, 1, 256, 7, 65, 0, 1 };
	static const u32 pins[] = { 7, 0, 0, 0, 32, 7, 1, 0, 32, 32 };

	KUNIT_EXPECT_EQ(test, 5, soca_last_phandle("iommu-map", map, 8, -1, 1));
	KUNIT_EXPECT_EQ(test, 5, soca_last_phandle("msi-map", map, 8, -1, -1));
	/* Short, and what it should be */
	KUNIT_EXPECT_EQ(test, 5, soca_last_phandle("iommu-map", map, 8, -1, 2));
	KUNIT_EXPECT_EQ(test, 6, soca_last_phandle("iommu-map", wide, 10, -1, 2));
	KUNIT_EXPECT_EQ(test, 5, soca_last_phandle("gpio-ranges", pins, 10, 3, -1));
	KUNIT_EXPECT_EQ(test, 4, soca_last_phandle("gpio-ranges", pins, 8, -1, -1));
	KUNIT_EXPECT_EQ(test, 6, soca_last_phandle("clocks", pins, 8, -1, 2));
	KUNIT_EXPECT_EQ(test, 0, soca_last_phandle("clocks", pins, 8, -1, U32_MAX));
	KUNIT_EXPECT_EQ(test, 0, soca_last_phandle("syscon", pins, 8, -1, -1));
	KUNIT_EXPECT_EQ(test, 1, soca_last_of("i2c-parent", pins, 2, -1, -1, false));
	KUNIT_EXPECT_EQ(test, 0, soca_last_of("i2c-parent", pins, 2, -1, -1, true));
}

SOCA_TREE_TEST(soca_test_tree_has_all)
SOCA_TREE_TEST(soca_test_tree_below)
SOCA_TREE_TEST(soca_test_tree_meeting)
SOCA_TREE_TEST(soca_test_tree_users)
SOCA_TREE_TEST(soca_test_tree_lines)
SOCA_TREE_TEST(soca_test_tree_same_lines)

static struct kunit_case soca_tree_cases[] = {
	KUNIT_CASE(soca_test_tree_has_all_locked),
	KUNIT_CASE(soca_test_tree_below_locked),
	KUNIT_CASE(soca_test_tree_meeting_locked),
	KUNIT_CASE(soca_test_tree_users_locked),
	KUNIT_CASE(soca_test_tree_lines_locked),
	KUNIT_CASE(soca_test_tree_same_lines_locked),
	KUNIT_CASE(soca_test_tree_changes),
	KUNIT_CASE(soca_test_tree_follows),
	KUNIT_CASE(soca_test_phandle_props),
	KUNIT_CASE(soca_test_phandle_walk),
	{ }
};

static struct kunit_suite soca_tree_suite = {
	.name = "socassign_tree",
	.exit = soca_tree_test_exit,
	.test_cases = soca_tree_cases,
};

kunit_test_suite(soca_tree_suite);
