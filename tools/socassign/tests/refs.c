// SPDX-License-Identifier: GPL-2.0
/*
 * Where phandles lead, on the host and in the guest
 *
 *	refs step base.dtb tree.dtb ...
 *
 * Next to each tree is TREE.dtb.shifted, the same with other numbers for its
 * phandles: what is not the same in both is a phandle, so the test needs no table
 * of properties.  Each node of the host gets a property that says which it is, and
 * that the guest's tree has, too.  One node in @step is claimed alone, as a subtree,
 * and with what it refers to; the guest's trees of both differ in phandles, too,
 * and these lead to the same nodes.
 */
#include <libfdt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <linux/socassign.h>

#include "../libsocassign-tree.h"
#include "claim.h"
#include "list.h"
#include "read_file.h"
#include "spec.h"
#include "tap.h"

#define MARK		"test,which"
#define MARK_BASE	0x7e000000u
#define MAX_NAMED	16

enum how { ALONE, SUBTREE, WITH_TARGETS, HOWS };

static struct {
	unsigned long trees, cases, inside, outside, doubtful, unreadable;
	unsigned long numbers, phandles, dangling, bad;
} count;

/* A host's tree, as it was compiled */
struct host {
	void *fdt;
	struct spec spec;
	const struct spec_node **nodes;	/* by index */
	struct soca_tree *tree;
};

/* One case */
struct test {
	const char *file;
	const struct host *as_is;
	const struct host *shifted;
	const struct spec *host;	/* as it is */
	struct spec guest;
	struct spec shifted_guest;
	const struct spec_node **twin;	/* of a host's node in the guest */
	const struct spec_node *named[MAX_NAMED];
	int num;
	enum how how;
	struct soca_tree_report report;
};

static void fail(const struct test *test, const struct spec_node *node,
		 const char *name, const char *what)
{
	char path[4096], named[4096];

	if (count.bad++ > 20)
		return;
	spec_path(node, path, sizeof(path));
	spec_path(test->named[0], named, sizeof(named));
	printf("# %s %s (%d): %s %s: %s\n", test->file, named, test->how, path,
	       name, what);
}

static const struct soca_tree_note *find_note(const struct test *test,
					      const struct spec_node *node,
					      const char *name)
{
	char path[4096];

	spec_path(node, path, sizeof(path));
	for (size_t i = 0; i < test->report.num; i++)
		if (!strcmp(test->report.notes[i].property, name) &&
		    !strcmp(test->report.notes[i].path, path))
			return &test->report.notes[i];
	return NULL;
}

/* A property for the guest, and for the host */
struct values {
	const uint32_t *host;
	const uint32_t *shifted;
	const uint32_t *guest;
	int num;
	int guest_num;
};

static void get_values(const struct test *test, const struct spec_node *node,
		       const char *name, struct values *values)
{
	int shifted_num;

	values->host = spec_prop(test->host, node, name, &values->num);
	values->shifted = spec_prop(&test->shifted->spec,
				    test->shifted->nodes[node->index], name,
				    &shifted_num);
	if (shifted_num != values->num)
		values->num = 0;
}

/* The first phandle from a cell on; -1: there is none */
static int next_phandle(const struct values *values, int at)
{
	for (; at < values->num; at++)
		if (values->host[at] != values->shifted[at])
			return at;
	return -1;
}

/* The host's node that a node of the guest's is, NULL: none */
static const struct spec_node *host_of(const struct test *test,
				       const struct spec_node *node)
{
	uint32_t mark = spec_u32(&test->guest, node, MARK, 0) - MARK_BASE;

	return mark < (uint32_t)test->host->num ? test->as_is->nodes[mark] :
						   NULL;
}

static bool leads_to(const struct test *test, uint32_t phandle,
		     const struct spec_node *target)
{
	const struct spec_node *node = spec_phandle(&test->guest, phandle);

	return node && node == test->twin[target->index];
}

/* Entries in front of it may be gone: then it is one of those that are left. */
static void check_inside(const struct test *test, const struct spec_node *node,
			 const char *name, const struct values *values, int at,
			 const struct spec_node *target)
{
	const struct soca_tree_note *note;

	count.inside++;
	if (!values->guest) {
		note = find_note(test, node, name);
		if (note && strstr(note->reason, "cannot be read"))
			count.unreadable++;
		else
			fail(test, node, name,
			     "a reference that stays inside is gone");
		return;
	}
	if (values->num == values->guest_num) {
		if (!leads_to(test, spec_cell(values->guest + at), target))
			fail(test, node, name, "it leads elsewhere");
		return;
	}
	for (int i = 0; i < values->guest_num; i++)
		if (leads_to(test, spec_cell(values->guest + i), target))
			return;
	fail(test, node, name, "a reference is not among those left");
}

/* A node that was made for it is no node of the host's. */
static void check_outside(const struct test *test, const struct spec_node *node,
			  const char *name, const struct values *values, int at)
{
	const struct soca_tree_note *note = find_note(test, node, name);
	const struct spec_node *found;
	uint32_t phandle;

	count.outside++;
	if (!note)
		fail(test, node, name, "it leaves the claim, and nobody tells");
	if (!values->guest || values->num != values->guest_num)
		return;
	phandle = spec_cell(values->guest + at);
	found = phandle ? spec_phandle(&test->guest, phandle) : NULL;
	if (found && strncmp(found->name, "socassign-", 10))
		fail(test, node, name, "it leads to a node of the guest's");
	count.doubtful += note && note->action == SOCA_TREE_DOUBTFUL;
}

/* What is rewritten: other tests look at addresses and interrupts. */
static bool is_rewritten(const struct spec_node *node, const char *name)
{
	static const char *const everywhere[] = {
		"phandle", "linux,phandle", "interrupts", "interrupts-extended",
		"interrupt-parent", "interrupt-map", "status", NULL
	};
	static const char *const at_top[] = {
		"reg", "ranges", "dma-ranges", NULL
	};

	return in_list(name, everywhere) ||
	       (!node->parent->parent && in_list(name, at_top));
}

/* What a hog takes is its parent's, without a phandle; some trees have one there. */
static bool is_hog(const struct test *test, const struct spec_node *node,
		   const char *name)
{
	int cells;

	return !strcmp(name, "gpios") &&
	       spec_prop(test->host, node, "gpio-hog", &cells);
}

/* A property without any phandle is as it was, or nobody took it for one. */
static void check_number(const struct test *test, const struct spec_node *node,
			 const char *name, const void *value, int len)
{
	const struct spec_node *twin = test->twin[node->index];
	const struct soca_tree_note *note;
	const void *have;
	int have_len;

	count.numbers++;
	have = fdt_getprop(test->guest.fdt, twin->offset, name, &have_len);
	if (have && have_len == len && !memcmp(have, value, len))
		return;
	note = find_note(test, node, name);
	if (have || !note || (!strstr(note->reason, "without") &&
			      !strstr(note->reason, "for the host") &&
			      !strstr(note->reason, "LIODN")))
		fail(test, node, name, "a number was taken for a phandle");
}

static void check_prop(const struct test *test, const struct spec_node *node,
		       const char *name, const void *value, int len)
{
	struct values values;
	const struct spec_node *target;
	int at;

	if (is_rewritten(node, name) || is_hog(test, node, name))
		return;
	get_values(test, node, name, &values);
	at = next_phandle(&values, 0);
	if (at < 0) {
		check_number(test, node, name, value, len);
		return;
	}
	values.guest = spec_prop(&test->guest, test->twin[node->index], name,
				 &values.guest_num);
	for (; at >= 0; at = next_phandle(&values, at + 1)) {
		target = spec_phandle(test->host, spec_cell(values.host + at));
		if (target && test->twin[target->index])
			check_inside(test, node, name, &values, at, target);
		else if (target)
			check_outside(test, node, name, &values, at);
		else
			fail(test, node, name, "it leads nowhere on the host");
	}
}

static void check_node(const struct test *test, const struct spec_node *node)
{
	const char *name;
	int prop, len;

	fdt_for_each_property_offset(prop, test->host->fdt, node->offset) {
		const void *value = fdt_getprop_by_offset(test->host->fdt, prop,
							  &name, &len);

		if (value)
			check_prop(test, node, name, value, len);
	}
}

static void check_guest(struct test *test)
{
	for (const struct spec_node *node = test->guest.root; node;
	     node = node->all) {
		const struct spec_node *host = host_of(test, node);

		if (host)
			test->twin[host->index] = node;
	}
	for (const struct spec_node *node = test->host->root; node;
	     node = node->all)
		if (test->twin[node->index])
			check_node(test, node);
}

/* A cell that is another in the two trees of the guest */
static void compare_cell(const struct test *test, const struct spec_node *node,
			 const char *name, uint32_t as_is, uint32_t shifted)
{
	const struct spec_node *one = spec_phandle(&test->guest, as_is);
	const struct spec_node *other = spec_phandle(&test->shifted_guest,
						     shifted);

	count.phandles++;
	count.dangling += !one && !other;
	if (!one != !other || (one && one->index != other->index))
		fail(test, node, name,
		     "it leads elsewhere if phandles have other numbers");
}

/*
 * Does the map end at the same nodes in both trees of the host?  That of gef_sbc310
 * has too few cells in its entries, and what is read as a phandle is none.
 */
static bool is_readable_map(const struct test *test,
			    const struct spec_node *node)
{
	const struct spec_node *shifted = test->shifted->nodes[node->index];
	int ret = 0, other_ret = 0;

	for (int i = 0; ret >= 0 && ret == other_ret; i++) {
		struct spec_line own, line, other;

		ret = spec_map(test->host, node, i, NULL, NULL, &own, &line);
		other_ret = spec_map(&test->shifted->spec, shifted, i, NULL,
				     NULL, &own, &other);
		if (ret == 1 && other_ret == 1 &&
		    line.controller->index != other.controller->index)
			return false;
	}
	return ret == other_ret;
}

static bool is_readable(const struct test *test, const struct spec_node *node,
			const char *name)
{
	const struct spec_node *host;

	if (strcmp(name, "interrupt-map"))
		return true;
	host = host_of(test, node);
	return !host || is_readable_map(test, host);
}

static void compare_prop(const struct test *test, const struct spec_node *node,
			 const struct spec_node *shifted, const char *name,
			 const void *value, int len)
{
	const uint32_t *cells = value, *others;
	int other_len;

	others = fdt_getprop(test->shifted_guest.fdt, shifted->offset, name,
			     &other_len);
	if (!is_readable(test, node, name)) {
		count.unreadable++;
		return;
	}
	if (!others || other_len != len) {
		fail(test, node, name,
		     "it is missing if phandles have other numbers");
		return;
	}
	if (!memcmp(cells, others, len))
		return;
	if (len % 4)
		fail(test, node, name, "it depends on numbers of phandles");
	for (int i = 0; i < len / 4; i++)
		if (cells[i] != others[i])
			compare_cell(test, node, name, spec_cell(cells + i),
				     spec_cell(others + i));
}

static int num_props(const struct spec *spec, const struct spec_node *node)
{
	int prop, num = 0;

	fdt_for_each_property_offset(prop, spec->fdt, node->offset)
		num++;
	return num;
}

static void compare_node(const struct test *test, const struct spec_node *node,
			 const struct spec_node *shifted)
{
	const char *name;
	int prop, len;

	if (strcmp(node->name, shifted->name) ||
	    num_props(&test->guest, node) !=
	    num_props(&test->shifted_guest, shifted))
		fail(test, node, "", "it depends on numbers of phandles");
	fdt_for_each_property_offset(prop, test->guest.fdt, node->offset) {
		const void *value = fdt_getprop_by_offset(test->guest.fdt, prop,
							  &name, &len);

		compare_prop(test, node, shifted, name, value, len);
	}
}

/* The guest's trees, of the host's tree with these numbers, and with those */
static void compare_guests(const struct test *test)
{
	const struct spec_node *node = test->guest.root;
	const struct spec_node *shifted = test->shifted_guest.root;

	if (test->guest.num != test->shifted_guest.num) {
		fail(test, node, "", "its nodes depend on numbers of phandles");
		return;
	}
	for (; node; node = node->all, shifted = shifted->all)
		compare_node(test, node, shifted);
}

static void check_guests(struct test *test, const void *fdt, const void *shifted)
{
	if (!spec_open(&test->guest, fdt)) {
		count.bad++;
		return;
	}
	if (spec_open(&test->shifted_guest, shifted)) {
		check_guest(test);
		compare_guests(test);
		spec_close(&test->shifted_guest);
	} else {
		count.bad++;
	}
	spec_close(&test->guest);
}

static int refuse_irq(void *data, const struct soca_tree_irq *irq,
		      uint32_t *cells, uint32_t num)
{
	return -1;
}

/* The guest's tree, or NULL */
static void *build(const struct test *test, const struct host *host,
		   const void *base, size_t base_size,
		   struct soca_tree_report *report)
{
	char path[MAX_NAMED][4096];
	struct soca_tree_node nodes[MAX_NAMED];
	struct soca_tree_guest guest = {
		.base = base, .base_size = base_size, .irq = refuse_irq,
	};
	size_t size;
	void *fdt;

	for (int i = 0; i < test->num; i++) {
		spec_path(test->named[i], path[i], sizeof(path[i]));
		nodes[i] = (struct soca_tree_node) {
			path[i], test->how == SUBTREE
		};
	}
	return soca_tree_build(host->tree, nodes, test->num, &guest, &fdt, &size,
			       report) ? NULL : fdt;
}

static void run_case(struct test *test, const void *base, size_t base_size)
{
	struct soca_tree_report report = {};
	void *fdt = build(test, test->as_is, base, base_size, &test->report);
	void *shifted = build(test, test->shifted, base, base_size, &report);

	count.cases++;
	test->twin = calloc(test->host->num, sizeof(*test->twin));
	if (!test->twin)
		abort();
	if (fdt && shifted)
		check_guests(test, fdt, shifted);
	else
		fail(test, test->named[0], "", "not built");
	free(fdt);
	free(shifted);
	soca_tree_report_free(&test->report);
	soca_tree_report_free(&report);
	free(test->twin);
}

/* Unless it, or something above or below it, is named already */
static void name_target(struct test *test, const struct spec_node *node)
{
	if (!node || test->num == MAX_NAMED ||
	    !claim_assignable(test->host, node, false))
		return;
	for (int i = 0; i < test->num; i++)
		if (spec_below(node, test->named[i]) ||
		    spec_below(test->named[i], node))
			return;
	test->named[test->num++] = node;
}

static void name_targets(struct test *test, const struct spec_node *node)
{
	const char *name;
	int prop, len;

	fdt_for_each_property_offset(prop, test->host->fdt, node->offset) {
		struct values values;

		fdt_getprop_by_offset(test->host->fdt, prop, &name, &len);
		get_values(test, node, name, &values);
		for (int at = next_phandle(&values, 0); at >= 0;
		     at = next_phandle(&values, at + 1))
			name_target(test, spec_phandle(test->host,
						       spec_cell(values.host + at)));
	}
}

static void run_node(const struct test *like, const struct spec_node *node,
		     const void *base, size_t base_size)
{
	for (enum how how = ALONE; how < HOWS; how++) {
		struct test test = *like;

		if (!claim_assignable(like->host, node, how == SUBTREE) ||
		    (how == SUBTREE && !node->child))
			continue;
		test.how = how;
		test.named[test.num++] = node;
		if (how == WITH_TARGETS)
			name_targets(&test, node);
		if (how != WITH_TARGETS || test.num > 1)
			run_case(&test, base, base_size);
	}
}

/* The tree without what the test alone needs, and with the marks */
static void *mark(const void *fdt, size_t *size)
{
	size_t room = *size + (*size / 2) + 65536;
	void *marked = malloc(room);
	int index = 0;

	if (!marked || fdt_open_into(fdt, marked, room))
		abort();
	fdt_del_node(marked, fdt_path_offset(marked, "/__local_fixups__"));
	fdt_del_node(marked, fdt_path_offset(marked, "/shift"));
	for (int node = 0; node >= 0; node = fdt_next_node(marked, node, NULL))
		if (fdt_setprop_u32(marked, node, MARK, MARK_BASE + index++))
			abort();
	*size = room;
	return marked;
}

static bool open_host(struct host *host, const void *fdt, size_t size)
{
	host->fdt = mark(fdt, &size);
	if (soca_tree_open(host->fdt, size, &host->tree)) {
		free(host->fdt);
		return false;
	}
	spec_open(&host->spec, host->fdt);
	host->nodes = calloc(host->spec.num, sizeof(*host->nodes));
	if (!host->nodes)
		abort();
	for (const struct spec_node *node = host->spec.root; node;
	     node = node->all)
		host->nodes[node->index] = node;
	return true;
}

static void close_host(struct host *host)
{
	free(host->nodes);
	spec_close(&host->spec);
	soca_tree_close(host->tree);
	free(host->fdt);
}

static void run_nodes(const struct test *like, int step, const void *base,
		      size_t base_size)
{
	count.trees++;
	for (const struct spec_node *node = like->host->root->all; node;
	     node = node->all)
		if ((node->index + count.trees) % step == 0)
			run_node(like, node, base, base_size);
}

static void run_tree(const char *file, int step, const void *base,
		     size_t base_size)
{
	char shifted_file[4096];
	struct host as_is, shifted;
	struct test like = {
		.file = file, .as_is = &as_is, .shifted = &shifted,
		.host = &as_is.spec,
	};
	size_t size, shifted_size;
	void *fdt, *shifted_fdt;

	snprintf(shifted_file, sizeof(shifted_file), "%s.shifted", file);
	/* Its source has numbers for phandles, which clash with those of /shift. */
	if (access(shifted_file, F_OK))
		return;
	fdt = read_file(file, &size);
	shifted_fdt = read_file(shifted_file, &shifted_size);
	if (!open_host(&as_is, fdt, size)) {
		count.bad++;
		printf("# %s: not opened\n", file);
	} else {
		if (open_host(&shifted, shifted_fdt, shifted_size)) {
			run_nodes(&like, step, base, base_size);
			close_host(&shifted);
		}
		close_host(&as_is);
	}
	free(fdt);
	free(shifted_fdt);
}

int main(int argc, char **argv)
{
	int step = argc > 3 ? atoi(argv[1]) : 0;
	size_t base_size;
	void *base;

	if (step < 1)
		return 2;
	base = read_file(argv[2], &base_size);
	for (int i = 3; i < argc; i++)
		run_tree(argv[i], step, base, base_size);
	free(base);
	printf("= trees %lu cases %lu inside %lu outside %lu doubtful %lu",
	       count.trees, count.cases, count.inside, count.outside,
	       count.doubtful);
	printf(" unreadable %lu numbers %lu compared %lu dangling %lu bad %lu\n",
	       count.unreadable, count.numbers, count.phandles, count.dangling,
	       count.bad);
	return count.bad ? 1 : 0;
}
