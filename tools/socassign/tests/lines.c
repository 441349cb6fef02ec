// SPDX-License-Identifier: GPL-2.0
/*
 * Every interrupt line of the trees on the command line, as the host has it,
 * as the command shows it, and as the guest has it whose caller maps none
 *
 *	lines step tree.dtb ...
 *
 * Both sides are resolved by the tests' own reading of the Specification.  Of
 * @step nodes one is tried.
 */
#include <libfdt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../libsocassign-tree.h"
#include "claim.h"
#include "../cli/cli.h"
#include "../cli/devtree.h"
#include "spec.h"

#define BASE_SIZE	4096
#define BASE_INTC	1
#define BASE_NODES	1	/* below the root, in front of the devices */

static struct {
	unsigned long shown, cases, lines, written, inside, dropped;
	unsigned long bad;
} count;

static const char *file;

/* The command's help is not in here. */
const struct command commands[1];

__attribute__((format(printf, 1, 2)))
static void fail(const char *format, ...)
{
	va_list args;

	if (count.bad++ > 3)
		return;
	printf("# %s: ", file);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
}

static const char *path_of(const struct spec_node *node)
{
	static char paths[4][4096];
	static int next;
	char *path = paths[next++ % 4];

	spec_path(node, path, sizeof(paths[0]));
	return path;
}

/* Kinds of controllers */

static bool has_word(const struct spec *spec, const struct spec_node *node,
		     const char *word)
{
	const char *name;
	int len;

	for (int i = 0; (name = fdt_stringlist_get(spec->fdt, node->offset,
						   "compatible", i, &len)); i++)
		if (strstr(name, word))
			return true;
	return false;
}

static bool same_name(const struct spec *spec, const struct spec_node *a,
		      const struct spec_node *b)
{
	const char *name;
	int len;

	for (int i = 0; (name = fdt_stringlist_get(spec->fdt, a->offset,
						   "compatible", i, &len)); i++)
		if (fdt_stringlist_search(spec->fdt, b->offset, "compatible",
					  name) >= 0)
			return true;
	return false;
}

static uint32_t cells_of(const struct spec *spec, const struct spec_node *node)
{
	return spec_u32(spec, node, "#interrupt-cells", 0);
}

static bool is_gic(const struct spec *spec, const struct spec_node *node)
{
	return has_word(spec, node, "gic") || has_word(spec, node, "arm,pl390");
}

/* Is a guest's controller like @a one that can stand for @b? */
static bool same_kind(const struct spec *spec, const struct spec_node *a,
		      const struct spec_node *b)
{
	static const char *const families[] = { "plic", "pic" };

	if (cells_of(spec, a) != cells_of(spec, b))
		return false;
	for (size_t i = 0; i < sizeof(families) / sizeof(*families); i++)
		if (has_word(spec, a, families[i]) &&
		    has_word(spec, b, families[i]))
			return true;
	return (is_gic(spec, a) && is_gic(spec, b)) || same_name(spec, a, b);
}

/* Those that hand on the specifiers of the one above */
static const struct spec_node *meant(const struct spec *spec,
				     const struct spec_node *node)
{
	static const char *const passing[] = {
		"-gpc", "mt6577-sysirq", "-ictlr", "wugen-mpu",
		"exynos3250-pmu", "exynos5250-pmu", "exynos5420-pmu",
	};
	const struct spec_node *up = spec_interrupt_parent(spec, node);

	for (size_t i = 0; up && i < sizeof(passing) / sizeof(*passing); i++)
		if (has_word(spec, node, passing[i]) &&
		    cells_of(spec, node) == cells_of(spec, up))
			return up;
	return node;
}

/* One case */
struct test {
	const struct spec *host;
	const struct spec_node *named[2];
	size_t num_named;
	bool subtree;
	const struct spec_node *kind;	/* of the guest's controller */
	struct spec guest;
	const struct spec_node *intc;	/* the guest's */
	const struct spec_node *stands;	/* for this one of the host's */
	enum role *role;
	const struct spec_node **twin;
	struct soca_tree_report report;
};

static bool make_base(const struct test *test, void *fdt)
{
	int len;
	const void *compatible = fdt_getprop(test->host->fdt,
					     test->kind->offset, "compatible",
					     &len);

	return compatible && !fdt_create(fdt, BASE_SIZE) &&
	       !fdt_finish_reservemap(fdt) && !fdt_begin_node(fdt, "") &&
	       !fdt_property_u32(fdt, "#address-cells", 2) &&
	       !fdt_property_u32(fdt, "#size-cells", 2) &&
	       !fdt_property_u32(fdt, "interrupt-parent", BASE_INTC) &&
	       !fdt_begin_node(fdt, "vmm-intc") &&
	       !fdt_property(fdt, "compatible", compatible, len) &&
	       !fdt_property(fdt, "interrupt-controller", NULL, 0) &&
	       !fdt_property_u32(fdt, "#interrupt-cells",
				 cells_of(test->host, test->kind)) &&
	       !fdt_property_u32(fdt, "#address-cells", 0) &&
	       !fdt_property_u32(fdt, "phandle", BASE_INTC) &&
	       !fdt_end_node(fdt) && !fdt_end_node(fdt) && !fdt_finish(fdt);
}

/* Nodes of the claim come in the order that they have on the host. */
static void find_twins(struct test *test, const struct spec_node *node,
		       const struct spec_node *twin)
{
	const struct spec_node *at = twin->child;

	test->twin[node->index] = twin;
	for (int i = 0; !node->parent && i < BASE_NODES; i++)
		at = at->next;
	for (const struct spec_node *child = node->child; child;
	     child = child->next) {
		if (test->role[child->index] == OUTSIDE)
			continue;
		if (!at || strncmp(at->name, child->name,
				   strcspn(child->name, "@"))) {
			fail("%s: not where it should be in the guest",
			     path_of(child));
			return;
		}
		find_twins(test, child, at);
		at = at->next;
	}
}

static bool is_inside(const void *data, const struct spec_node *node)
{
	const struct test *test = data;

	return test->role[node->index] >= CARRIED;
}

static bool is_any(const void *data, const struct spec_node *node)
{
	return true;
}

static bool same_cells(const struct spec_line *a, const struct spec_line *b)
{
	return a->num == b->num &&
	       !memcmp(a->cells, b->cells, a->num * sizeof(*a->cells));
}

static bool is_told(const struct test *test, const struct spec_node *node,
		    int entry, const struct spec_line *line)
{
	const char *path = path_of(node), *end = path_of(line->controller);
	char start[32];

	snprintf(start, sizeof(start), "entry %d: ", entry);
	for (size_t i = 0; i < test->report.num; i++) {
		const struct soca_tree_note *note = &test->report.notes[i];

		if (note->action == SOCA_TREE_DROPPED &&
		    !strcmp(note->path, path) &&
		    !strncmp(note->reason, start, strlen(start)) &&
		    strstr(note->reason, end))
			return true;
	}
	return false;
}

/* The guest has a line of its own controller for @line, or has it not. */
static void check_outside(struct test *test, const struct spec_node *node,
			  int entry, const struct spec_line *line,
			  const struct spec_line *have)
{
	const struct spec_node *end = meant(test->host, line->controller);

	if (have && (have->controller != test->intc || !same_cells(have, line)))
		fail("%s: line %d is another one in the guest", path_of(node),
		     entry);
	else if (have && (test->role[node->index] != CLAIMED ||
			  !same_kind(test->host, test->kind, end)))
		fail("%s: line %d ends at %s, and is in the guest",
		     path_of(node), entry, path_of(end));
	if (have && !test->stands)
		test->stands = end;
	if (have && test->stands != end)
		fail("%s: line %d ends at %s, others at %s", path_of(node),
		     entry, path_of(end), path_of(test->stands));
	count.written += !!have;
	if (have || test->role[node->index] != CLAIMED)
		return;
	count.dropped++;
	if (!is_told(test, node, entry, line))
		fail("%s: line %d is dropped, and nobody is told where it ends",
		     path_of(node), entry);
}

/* @have: in the guest, NULL: it has it not */
static void check_line(struct test *test, const struct spec_node *node,
		       int entry, const struct spec_line *line,
		       const struct spec_line *have)
{
	count.lines++;
	if (test->role[line->controller->index] < CARRIED) {
		check_outside(test, node, entry, line, have);
		return;
	}
	count.inside++;
	if (!have ||
	    have->controller != test->twin[line->controller->index] ||
	    !same_cells(have, line))
		fail("%s: line %d does not end at %s in the guest",
		     path_of(node), entry, path_of(line->controller));
}

static void check_lines(struct test *test, const struct spec_node *node)
{
	const struct spec_node *twin = test->twin[node->index];
	struct spec_line line, have;
	int ret, entry;

	for (entry = 0; (ret = spec_interrupt(test->host, node, entry,
					      is_inside, test, &line)) >= 0;
	     entry++) {
		int got = spec_interrupt(&test->guest, twin, entry, is_any,
					 NULL, &have);

		if (ret)
			check_line(test, node, entry, &line,
				   got == 1 ? &have : NULL);
		else if (got == 1)
			fail("%s: line %d is in the guest only", path_of(node),
			     entry);
		else if (got < 0 && !entry)
			return;
	}
	if (spec_interrupt(&test->guest, twin, entry, is_any, NULL, &have) == 1)
		fail("%s: line %d is in the guest only", path_of(node), entry);
}

/*
 * The entry of the guest's interrupt-map for the same line of the child's; some
 * boards have several of those, of which Linux takes the first.
 */
static bool find_map(struct test *test, const struct spec_node *twin,
		     const struct spec_line *own, const struct spec_line *line,
		     struct spec_line *have)
{
	struct spec_line other, found;
	bool any = false;
	int ret;

	for (int i = 0; (ret = spec_map(&test->guest, twin, i, is_any, NULL,
					&other, &found)) >= 0; i++) {
		if (!ret || !same_cells(own, &other) ||
		    (any && !same_cells(line, &found)))
			continue;
		*have = found;
		any = true;
		if (same_cells(line, &found))
			break;
	}
	return any;
}

static void check_map(struct test *test, const struct spec_node *node)
{
	struct spec_line own, line, have;
	int ret;

	for (int i = 0; (ret = spec_map(test->host, node, i, is_inside, test,
					&own, &line)) >= 0; i++)
		if (ret)
			check_line(test, node, i, &line,
				   find_map(test, test->twin[node->index], &own,
					    &line, &have) ? &have : NULL);
}

/* A line that could have been written is, of one controller at least. */
static void check_one_stands(struct test *test)
{
	struct spec_line line;

	for (const struct spec_node *node = test->host->root; node;
	     node = node->all)
		for (int i = 0; test->role[node->index] == CLAIMED; i++) {
			int ret = spec_interrupt(test->host, node, i,
						 is_inside, test, &line);

			if (ret < 0)
				break;
			if (!ret || is_inside(test, line.controller))
				continue;
			line.controller = meant(test->host, line.controller);
			if (cells_of(test->host, line.controller) ==
			    cells_of(test->host, test->kind) &&
			    same_name(test->host, line.controller,
				      test->kind) &&
			    (!test->stands || test->stands == line.controller) &&
			    is_told(test, node, i, &line))
				fail("%s: line %d is dropped without need",
				     path_of(node), i);
		}
}

static void check_guest(struct test *test, const void *fdt)
{
	spec_open(&test->guest, fdt);
	test->intc = spec_child(test->guest.root, "vmm-intc");
	find_twins(test, test->host->root, test->guest.root);
	for (const struct spec_node *node = test->host->root; node;
	     node = node->all)
		if (test->role[node->index] >= CARRIED &&
		    test->twin[node->index]) {
			check_lines(test, node);
			check_map(test, node);
		}
	check_one_stands(test);
	spec_close(&test->guest);
}

static void run_case(struct test *test, const struct soca_tree *tree)
{
	uint64_t base[BASE_SIZE / sizeof(uint64_t)];
	struct soca_tree_guest guest = {
		.base = base, .base_size = sizeof(base),
	};
	struct soca_tree_node nodes[2];
	size_t size;
	void *fdt;

	if (!make_base(test, base))
		return;
	test->role = calloc(test->host->num, sizeof(*test->role));
	test->twin = calloc(test->host->num, sizeof(*test->twin));
	for (size_t i = test->num_named; i-- > 0;) {
		nodes[i] = (struct soca_tree_node) {
			path_of(test->named[i]), test->subtree
		};
		claim_mark(test->host, test->named[i], test->subtree,
			   test->role);
	}
	count.cases++;
	if (soca_tree_build(tree, nodes, test->num_named, &guest, &fdt, &size,
			    &test->report)) {
		fail("%s: not built: %s", nodes[0].path, test->report.num ?
		     test->report.notes[test->report.num - 1].reason : "");
	} else {
		check_guest(test, fdt);
		free(fdt);
	}
	soca_tree_report_free(&test->report);
	free(test->role);
	free(test->twin);
}

/* Cases */

/* Where the first line of the node, or below it, ends; NULL: it has none */
static const struct spec_node *first_end(const struct spec *host,
					 const struct spec_node *node,
					 bool subtree)
{
	struct spec_line line;

	for (const struct spec_node *at = node; at && spec_below(at, node);
	     at = at->all) {
		int ret;

		for (int i = 0; (ret = spec_interrupt(host, at, i, NULL, NULL,
						      &line)) >= 0; i++)
			if (ret && !spec_below(line.controller, node))
				return line.controller;
		if (!subtree)
			break;
	}
	return NULL;
}

/* Another controller whose specifiers look the same */
static const struct spec_node *look_alike(const struct spec *host,
					  const struct spec_node *controller)
{
	for (const struct spec_node *at = host->root; at; at = at->all)
		if (cells_of(host, at) == cells_of(host, controller) &&
		    !same_kind(host, at, controller) &&
		    claim_has_spans(host, at))
			return at;
	return NULL;
}

static void run_kind(const struct spec *host, const struct soca_tree *tree,
		     const struct spec_node *named, bool subtree,
		     const struct spec_node *with, const struct spec_node *kind)
{
	struct test test = {
		.host = host, .named = { named, with },
		.num_named = with ? 2 : 1, .subtree = subtree,
		.kind = kind ? meant(host, kind) : NULL,
	};

	if (kind)
		run_case(&test, tree);
}

/* Alone, below a look-alike of its controller, and with the controller */
static void run_alone(const struct spec *host, const struct soca_tree *tree,
		      const struct spec_node *node)
{
	const struct spec_node *end = first_end(host, node, false);

	if (!end)
		return;
	run_kind(host, tree, node, false, NULL, end);
	run_kind(host, tree, node, false, NULL, look_alike(host, end));
	if (claim_assignable(host, end, false) && !spec_below(end, node) &&
	    !spec_below(node, end))
		run_kind(host, tree, node, false, end,
			 first_end(host, end, false));
}

static void run_node(const struct spec *host, const struct soca_tree *tree,
		     const struct spec_node *node)
{
	if (claim_assignable(host, node, false))
		run_alone(host, tree, node);
	if (node->child && claim_assignable(host, node, true))
		run_kind(host, tree, node, true, NULL,
			 first_end(host, node, true));
}

/* What the command shows */

static void compare_shown(const struct spec *host, const struct spec_node *node,
			  int entry, int ret, const struct spec_line *line,
			  int shown_ret, const struct dt_line *shown)
{
	count.shown += ret == 1;
	if (ret == 1 && shown_ret == 1 &&
	    shown->controller->offset == line->controller->offset &&
	    shown->num_cells == line->num &&
	    !memcmp(shown->cell, line->cells, line->num * sizeof(uint32_t)))
		return;
	if (ret == 1 || shown_ret == 1)
		fail("%s: line %d is shown as another one", path_of(node),
		     entry);
}

static void check_shown(const struct spec *host, const struct spec_node *node)
{
	const char *path = path_of(node);
	const struct dt_node *np = dt_find(*path ? path : "/");
	struct spec_line line, own;
	struct dt_line shown;
	int ret = 0, shown_ret = 0;

	/* Of two of the same path the command knows one. */
	if (!np || np->offset != node->offset)
		return;
	for (int i = 0; ret >= 0 || shown_ret >= 0; i++) {
		ret = spec_interrupt(host, node, i, NULL, NULL, &line);
		shown_ret = dt_interrupt(np, i, &shown);
		compare_shown(host, node, i, ret, &line, shown_ret, &shown);
	}
	ret = 0;
	shown_ret = 0;
	for (int i = 0; ret >= 0 || shown_ret >= 0; i++) {
		ret = spec_map(host, node, i, NULL, NULL, &own, &line);
		shown_ret = dt_map_entry(np, i, &shown);
		compare_shown(host, node, i, ret, &line, shown_ret, &shown);
	}
}

static void check_tree(int step)
{
	struct soca_tree *tree;
	struct spec host;
	const void *fdt;
	size_t size;

	options.dtb = file;
	if (!dt_load()) {
		fail("not loaded");
		return;
	}
	fdt = dt_blob(&size);
	if (soca_tree_open(fdt, size, &tree)) {
		fail("not opened");
		return;
	}
	spec_open(&host, fdt);
	for (const struct spec_node *node = host.root; node; node = node->all) {
		/* dtc's, not the board's */
		if (spec_below(node, spec_child(host.root, "__local_fixups__")))
			continue;
		check_shown(&host, node);
		if (node->parent && (node->index + host.num) % step == 0)
			run_node(&host, tree, node);
	}
	spec_close(&host);
	soca_tree_close(tree);
}

/* A process of its own: the command looks at one tree. */
static void run(int step)
{
	int status;
	pid_t pid = fork();

	if (pid < 0)
		abort();
	if (pid) {
		waitpid(pid, &status, 0);
		return;
	}
	check_tree(step);
	printf("= trees 1 shown %lu cases %lu lines %lu", count.shown,
	       count.cases, count.lines);
	printf(" written %lu inside %lu dropped %lu bad %lu\n", count.written,
	       count.inside, count.dropped, count.bad);
	fflush(stdout);
	_exit(count.bad ? 1 : 0);
}

int main(int argc, char **argv)
{
	int step = argc > 2 ? atoi(argv[1]) : 0;

	if (step < 1)
		return 2;
	for (int i = 2; i < argc; i++) {
		file = argv[i];
		run(step);
	}
	return 0;
}
