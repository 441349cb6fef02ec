// SPDX-License-Identifier: GPL-2.0
/*
 * Where phandles lead, on the host and in the guest
 *
 *	refs step base.dtb tree.dtb ...
 *
 * The trees have __local_fixups__: there dtc says where phandles are, so the
 * test needs no table of properties.  Each node of the host gets a property that
 * says which it is, and that the guest's tree has, too.  One node in @step is
 * claimed alone, as a subtree, and with what it refers to.
 */
#include <libfdt.h>
#include <stdlib.h>
#include <string.h>
#include <linux/socassign.h>

#include "../libsocassign-tree.h"
#include "claim.h"
#include "spec.h"
#include "tap.h"

#define MARK		"test,which"
#define MARK_BASE	0x7e000000u
#define MAX_NAMED	16

enum how { ALONE, SUBTREE, WITH_TARGETS, HOWS };

static struct {
	unsigned long trees, cases, inside, outside, doubtful, unreadable;
	unsigned long numbers, bad;
} count;

/* One case */
struct test {
	const char *file;
	const struct spec *host;
	const struct spec_node **nodes;	/* the host's, by index */
	const void *fixups;		/* the tree that has them */
	const int *places;		/* of each node: where in it, or -1 */
	struct spec guest;
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

/* Where the phandles of a property are, in bytes; NULL: it has none */
static const fdt32_t *places_of(const struct test *test,
				const struct spec_node *node, const char *name,
				int *num)
{
	int offset = test->places[node->index], len;
	const fdt32_t *places = offset < 0 ? NULL :
		fdt_getprop(test->fixups, offset, name, &len);

	*num = places ? len / 4 : 0;
	return places;
}

/* The host's node that a node of the guest's is, NULL: none */
static const struct spec_node *host_of(const struct test *test,
				       const struct spec_node *node)
{
	uint32_t mark = spec_u32(&test->guest, node, MARK, 0) - MARK_BASE;

	return mark < (uint32_t)test->host->num ? test->nodes[mark] : NULL;
}

static bool leads_to(const struct test *test, uint32_t phandle,
		     const struct spec_node *target)
{
	const struct spec_node *node = spec_phandle(&test->guest, phandle);

	return node && node == test->twin[target->index];
}

/* A property for the guest, and for the host */
struct values {
	const uint32_t *host;
	const uint32_t *guest;
	int num;
	int guest_num;
};

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

static bool in_list(const char *name, const char *const *list)
{
	for (; *list; list++)
		if (!strcmp(*list, name))
			return true;
	return false;
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
	const fdt32_t *places;
	int num;

	if (is_rewritten(node, name))
		return;
	places = places_of(test, node, name, &num);
	if (!places) {
		check_number(test, node, name, value, len);
		return;
	}
	values.host = spec_prop(test->host, node, name, &values.num);
	values.guest = spec_prop(&test->guest, test->twin[node->index], name,
				 &values.guest_num);
	for (int i = 0; i < num; i++) {
		int at = fdt32_ld(places + i) / 4;

		/* dtc also lists some that the source sets anew. */
		target = at < values.num ?
			 spec_phandle(test->host, spec_cell(values.host + at)) :
			 NULL;
		if (target && test->twin[target->index])
			check_inside(test, node, name, &values, at, target);
		else if (target)
			check_outside(test, node, name, &values, at);
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

static void check_guest(struct test *test, const void *fdt)
{
	if (!spec_open(&test->guest, fdt)) {
		count.bad++;
		return;
	}
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
	spec_close(&test->guest);
}

static int refuse_irq(void *data, const struct soca_tree_irq *irq,
		      uint32_t *cells, uint32_t num)
{
	return -1;
}

static void run_case(struct test *test, const struct soca_tree *tree,
		     const void *base, size_t base_size)
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
	count.cases++;
	test->twin = calloc(test->host->num, sizeof(*test->twin));
	if (soca_tree_build(tree, nodes, test->num, &guest, &fdt, &size,
			    &test->report)) {
		fail(test, test->named[0], "", "not built");
	} else {
		check_guest(test, fdt);
		free(fdt);
	}
	soca_tree_report_free(&test->report);
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
	int prop, len, num, cells;

	fdt_for_each_property_offset(prop, test->host->fdt, node->offset) {
		const uint32_t *value;
		const fdt32_t *places;

		fdt_getprop_by_offset(test->host->fdt, prop, &name, &len);
		places = places_of(test, node, name, &num);
		value = spec_prop(test->host, node, name, &cells);
		for (int i = 0; i < num; i++) {
			int at = fdt32_ld(places + i) / 4;

			if (at < cells)
				name_target(test, spec_phandle(test->host,
							       spec_cell(value + at)));
		}
	}
}

static void run_node(const struct spec *host, const struct soca_tree *tree,
		     const struct test *like, const struct spec_node *node,
		     const void *base, size_t base_size)
{
	for (enum how how = ALONE; how < HOWS; how++) {
		struct test test = *like;

		if (!claim_assignable(host, node, how == SUBTREE) ||
		    (how == SUBTREE && !node->child))
			continue;
		test.how = how;
		test.named[test.num++] = node;
		if (how == WITH_TARGETS)
			name_targets(&test, node);
		if (how != WITH_TARGETS || test.num > 1)
			run_case(&test, tree, base, base_size);
	}
}

/* The tree without dtc's places, and with the marks */
static void *mark(const void *fdt, size_t *size)
{
	size_t room = *size + (*size / 2) + 65536;
	void *marked = malloc(room);
	int index = 0;

	if (!marked || fdt_open_into(fdt, marked, room))
		abort();
	fdt_del_node(marked, fdt_path_offset(marked, "/__local_fixups__"));
	for (int node = 0; node >= 0; node = fdt_next_node(marked, node, NULL))
		if (fdt_setprop_u32(marked, node, MARK, MARK_BASE + index++))
			abort();
	*size = room;
	return marked;
}

/* Where in __local_fixups__ the places of @node and those below it are */
static void find_places(const struct spec_node *node, const void *fixups,
			int offset, int *places)
{
	places[node->index] = offset;
	for (const struct spec_node *child = node->child; child;
	     child = child->next)
		find_places(child, fixups, offset < 0 ? -1 :
			    fdt_subnode_offset(fixups, offset, child->name),
			    places);
}

static void run_nodes(struct test *like, const struct soca_tree *tree,
		      int step, const void *base, size_t base_size)
{
	const struct spec *host = like->host;
	int *places = calloc(host->num, sizeof(*places));

	like->nodes = calloc(host->num, sizeof(*like->nodes));
	like->places = places;
	if (!places || !like->nodes)
		abort();
	find_places(host->root, like->fixups,
		    fdt_path_offset(like->fixups, "/__local_fixups__"), places);
	for (const struct spec_node *node = host->root; node; node = node->all)
		like->nodes[node->index] = node;
	for (const struct spec_node *node = host->root->all; node;
	     node = node->all)
		if ((node->index + count.trees) % step == 0)
			run_node(host, tree, like, node, base, base_size);
	free(like->nodes);
	free(places);
}

static void run_tree(const char *file, const void *fdt, size_t size,
		     int step, const void *base, size_t base_size)
{
	void *marked = mark(fdt, &size);
	struct soca_tree *tree;
	struct spec host;
	struct test like = { .file = file, .host = &host, .fixups = fdt };

	if (soca_tree_open(marked, size, &tree)) {
		count.bad++;
		printf("# %s: not opened\n", file);
		free(marked);
		return;
	}
	spec_open(&host, marked);
	count.trees++;
	run_nodes(&like, tree, step, base, base_size);
	spec_close(&host);
	soca_tree_close(tree);
	free(marked);
}

static void *read_file(const char *path, size_t *size)
{
	FILE *file = fopen(path, "r");
	void *data;

	if (!file || fseek(file, 0, SEEK_END))
		abort();
	*size = ftell(file);
	rewind(file);
	data = malloc(*size);
	if (!data || fread(data, 1, *size, file) != *size)
		abort();
	fclose(file);
	return data;
}

int main(int argc, char **argv)
{
	int step = argc > 3 ? atoi(argv[1]) : 0;
	size_t base_size, size;
	void *base, *fdt;

	if (step < 1)
		return 2;
	base = read_file(argv[2], &base_size);
	for (int i = 3; i < argc; i++) {
		fdt = read_file(argv[i], &size);
		if (fdt_path_offset(fdt, "/__local_fixups__") >= 0)
			run_tree(argv[i], fdt, size, step, base, base_size);
		free(fdt);
	}
	free(base);
	printf("= trees %lu cases %lu inside %lu outside %lu doubtful %lu",
	       count.trees, count.cases, count.inside, count.outside,
	       count.doubtful);
	printf(" unreadable %lu numbers %lu bad %lu\n", count.unreadable,
	       count.numbers, count.bad);
	return count.bad ? 1 : 0;
}
