// SPDX-License-Identifier: GPL-2.0
/*
 * Every assignable node, alone and as a subtree, of the trees on the command
 * line: the guest's tree against what the Specification says of the host's
 *
 *	corpus base.dtb [-s dir] tree.dtb ...
 *
 * -s: write a sample of the guests' trees to the directory.
 */
#include <inttypes.h>
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

#define DELTA		0x1000000000ull
#define INTC		"vmm-intc@4000010000000"
#define INTC_CELLS	3

static struct {
	unsigned long trees, nodes, cases, built, regions, windows, lines;
	unsigned long maps, references, inside, props, notes, errors, samples;
} count;

static const char *sample_dir;

/* One case */
struct test {
	const char *file;
	struct spec *host;
	struct spec guest;
	const struct spec_node *named;
	bool subtree;
	uint64_t delta;
	enum role *role;
	const struct spec_node **twin;	/* of a host's node in the guest */
	const struct spec_node *intc;
	struct soca_tree_report report;
	int failed;
};

__attribute__((format(printf, 3, 4)))
static void fail(struct test *test, const struct spec_node *node,
		 const char *format, ...)
{
	char path[4096] = "", named[4096] = "";
	va_list args;

	count.errors++;
	if (test->failed++ > 3)
		return;
	if (node)
		spec_path(node, path, sizeof(path));
	spec_path(test->named, named, sizeof(named));
	printf("# %s %s%s: %s: ", test->file, named,
	       test->subtree ? " (subtree)" : "", path);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
}

/* A name at the top has another unit address if the node has moved. */
static const struct spec_node *find_top(const struct test *test,
					const struct spec_node *node)
{
	size_t stem = strcspn(node->name, "@");

	for (const struct spec_node *child = test->guest.root->child; child;
	     child = child->next)
		if (!strncmp(child->name, node->name, stem) &&
		    (!child->name[stem] || child->name[stem] == '@' ||
		     (child->name[stem] == '-' && node->name[stem] == '@')) &&
		    strncmp(child->name, "vmm-", 4))
			return child;
	return NULL;
}

/* A skeleton's unit address is another one or none; it has no sibling. */
static const struct spec_node *find_skeleton(const struct spec_node *in,
					     const struct spec_node *node)
{
	size_t stem = strcspn(node->name, "@");

	if (!in->child || in->child->next ||
	    strncmp(in->child->name, node->name, stem) ||
	    !strchr("@-", in->child->name[stem]))
		return NULL;
	return in->child;
}

static void find_twins(struct test *test, const struct spec_node *node)
{
	const struct spec_node *in = node->parent ?
				     test->twin[node->parent->index] : NULL;
	enum role role = test->role[node->index];
	const struct spec_node *twin = NULL;

	if (!node->parent)
		twin = test->guest.root;
	else if (in && role == SKELETON)
		twin = !node->parent->parent ? find_top(test, node) :
					       find_skeleton(in, node);
	else if (in)
		twin = !node->parent->parent && role != OUTSIDE ?
		       find_top(test, node) : spec_child(in, node->name);
	test->twin[node->index] = role == OUTSIDE ? NULL : twin;
	if (role != OUTSIDE && !twin)
		fail(test, node, "it is not in the guest");
	if (role == OUTSIDE && twin && node->parent->parent)
		fail(test, node, "it is in the guest");
	if (role == OUTSIDE)
		return;
	for (const struct spec_node *child = node->child; child;
	     child = child->next)
		find_twins(test, child);
}

/* Registers */

static void check_spans(struct test *test, const struct spec_node *node,
			enum spec_kind kind)
{
	const struct spec_node *twin = test->twin[node->index];
	int num = spec_num(test->host, node, kind);
	uint64_t address, bytes, guest, guest_bytes;

	if (num != spec_num(&test->guest, twin, kind)) {
		fail(test, node, "%d entries, in the guest %d", num,
		     spec_num(&test->guest, twin, kind));
		return;
	}
	for (int i = 0; i < num; i++) {
		bool host_has = spec_span(test->host, node, kind, i, &address,
					  &bytes);
		bool guest_has = spec_span(&test->guest, twin, kind, i, &guest,
					   &guest_bytes);

		count.regions += host_has && kind == SPEC_REG;
		count.windows += host_has && kind == SPEC_WINDOW;
		if (host_has != guest_has)
			fail(test, node, "region %d: reached by the %s only", i,
			     host_has ? "host" : "guest");
		else if (host_has && (guest != address + test->delta ||
				      bytes != guest_bytes))
			fail(test, node, "region %d: 0x%" PRIx64
			     " in the guest, not 0x%" PRIx64, i, guest,
			     address + test->delta);
	}
}

/* Interrupts: the test's guest has a line for each of the host's */

static uint32_t hash(const char *text)
{
	uint32_t value = 2166136261u;

	while (*text)
		value = (value ^ (uint8_t)*text++) * 16777619u;
	return value;
}

static void make_line(const char *controller, const uint32_t *cells, int num,
		      uint32_t *out)
{
	out[0] = hash(controller);
	out[1] = num;
	out[2] = 0;
	for (int i = 0; i < num; i++)
		out[2] = out[2] * 31 + cells[i];
}

static int map_irq(void *data, const struct soca_tree_irq *irq, uint32_t *cells,
		   uint32_t num)
{
	if (num != INTC_CELLS)
		abort();
	make_line(irq->controller, irq->cells, irq->num_cells, cells);
	return 0;
}

static bool host_stop(const void *data, const struct spec_node *node)
{
	const struct test *test = data;

	return test->role[node->index] >= CARRIED;
}

static bool guest_stop(const void *data, const struct spec_node *node)
{
	return true;
}

/* What a line of the host's should be in the guest; false: nothing */
static bool expect_line(struct test *test, const struct spec_node *node,
			const struct spec_line *line, struct spec_line *want)
{
	char path[4096];

	*want = *line;
	if (test->role[line->controller->index] >= CARRIED) {
		want->controller = test->twin[line->controller->index];
		return true;
	}
	if (test->role[node->index] != CLAIMED)
		return false;
	spec_path(line->controller, path, sizeof(path));
	want->controller = test->intc;
	want->num = INTC_CELLS;
	make_line(*path ? path : "/", line->cells, line->num, want->cells);
	return true;
}

static bool same_line(const struct spec_line *a, const struct spec_line *b)
{
	return a->controller == b->controller && a->num == b->num &&
	       !memcmp(a->cells, b->cells, a->num * sizeof(*a->cells));
}

static void check_lines(struct test *test, const struct spec_node *node)
{
	const struct spec_node *twin = test->twin[node->index];
	struct spec_line line, want, have;
	int ret, i;

	for (i = 0; (ret = spec_interrupt(test->host, node, i, host_stop, test,
					  &line)) >= 0; i++) {
		bool wanted = ret && expect_line(test, node, &line, &want);
		int got = spec_interrupt(&test->guest, twin, i, guest_stop,
					 NULL, &have);
		bool found = got == 1;

		count.lines += wanted;
		if (wanted != found)
			fail(test, node, "interrupt %d: %s", i, wanted ?
			     "the guest has it not" : "the guest has it");
		else if (wanted && !same_line(&want, &have))
			fail(test, node, "interrupt %d: goes elsewhere", i);
		if (!ret && !i && got == -1)
			return;
	}
	if (spec_interrupt(&test->guest, twin, i, guest_stop, NULL, &have) == 1)
		fail(test, node, "the guest has an interrupt %d", i);
}

static void check_map(struct test *test, const struct spec_node *node)
{
	const struct spec_node *twin = test->twin[node->index];
	struct spec_line own, line, want, have, guest_own;
	int ret, at = 0;

	for (int i = 0; (ret = spec_map(test->host, node, i, host_stop, test,
					&own, &line)) >= 0; i++) {
		if (!ret || !expect_line(test, node, &line, &want))
			continue;
		count.maps++;
		if (spec_map(&test->guest, twin, at++, guest_stop, NULL,
			     &guest_own, &have) != 1)
			fail(test, node, "map entry %d: not in the guest", i);
		else if (!same_line(&want, &have) || own.num != guest_own.num ||
			 memcmp(own.cells, guest_own.cells, own.num * 4))
			fail(test, node, "map entry %d: goes elsewhere", i);
	}
	if (spec_map(&test->guest, twin, at, guest_stop, NULL, &guest_own,
		     &have) >= 0)
		fail(test, node, "the guest's map has more entries");
}

/* References: those that dtc knows, and the commonest others */

static const struct {
	const char *name;
	const char *cells;
	bool optional;
} kinds[] = {
	{ "clocks", "#clock-cells" }, { "resets", "#reset-cells" },
	{ "assigned-clocks", "#clock-cells" },
	{ "power-domains", "#power-domain-cells" },
	{ "dmas", "#dma-cells" }, { "iommus", "#iommu-cells" },
	{ "phys", "#phy-cells" }, { "pwms", "#pwm-cells" },
	{ "mboxes", "#mbox-cells" }, { "hwlocks", "#hwlock-cells" },
	{ "io-channels", "#io-channel-cells" },
	{ "interconnects", "#interconnect-cells" },
	{ "thermal-sensors", "#thermal-sensor-cells" },
	{ "sound-dai", "#sound-dai-cells" },
	{ "mux-controls", "#mux-control-cells" },
	{ "cooling-device", "#cooling-cells" },
	{ "msi-parent", "#msi-cells", true },
	{ "-gpios", "#gpio-cells" }, { "-gpio", "#gpio-cells" },
	{ "gpios", "#gpio-cells" },
	{ "-supply" }, { "phy-handle" }, { "tbi-handle" },
	{ "remote-endpoint" }, { "memory-region" },
	{ "fsl,iommu-parent" }, { "operating-points-v2" },
	{ "pinctrl-0" }, { "pinctrl-1" }, { "pinctrl-2" },
};

static int find_kind(const char *name)
{
	size_t len = strlen(name);

	if (len >= 8 && !strcmp(name + len - 8, "nr-gpios"))
		return -1;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		size_t part = strlen(kinds[i].name);

		if (*kinds[i].name == '-' ? len > part &&
		    !strcmp(name + len - part, kinds[i].name) :
		    !strcmp(name, kinds[i].name))
			return i;
	}
	return -1;
}

/* The target of reference @entry: -1: no more, 0: a hole, 1: found, -2: none */
static int reference(const struct spec *spec, const struct spec_node *node,
		     const char *name, int kind, int entry,
		     const struct spec_node **target)
{
	int cells, size;
	const uint32_t *value = spec_prop(spec, node, name, &cells);

	for (;; entry--) {
		if (cells < 1)
			return -1;
		*target = spec_phandle(spec, spec_cell(value));
		size = 1;
		if (*target && kinds[kind].cells)
			size += spec_u32(spec, *target, kinds[kind].cells,
					 kinds[kind].optional ? 0 : 1000);
		if (!*target && spec_cell(value) && spec_cell(value) != ~0u)
			return -2;
		if (size > cells)
			return -2;
		if (!entry)
			return *target ? 1 : 0;
		value += size;
		cells -= size;
	}
}

static void check_reference(struct test *test, const struct spec_node *node,
			    const char *name, int kind)
{
	const struct spec_node *twin = test->twin[node->index];
	const struct spec_node *target, *guest_target;
	bool removes = !strncmp(name, "pinctrl-", 8);
	int ret, got, cells, guest_at = 0;
	bool there = spec_prop(&test->guest, twin, name, &cells);

	for (int i = 0; there; i++, guest_at++) {
		ret = reference(test->host, node, name, kind, i, &target);
		if (ret < 0)
			break;
		if (ret && test->role[target->index] < CARRIED && removes) {
			guest_at--;
			continue;
		}
		got = reference(&test->guest, twin, name, kind, guest_at,
				&guest_target);
		count.references++;
		if (got < 0)
			fail(test, node, "%s %d: leads nowhere", name, i);
		else if (ret && test->role[target->index] >= CARRIED &&
			 (!got || guest_target != test->twin[target->index]))
			fail(test, node, "%s %d: leads elsewhere", name, i);
		count.inside += ret && test->role[target->index] >= CARRIED;
	}
	for (int i = 0; !there; i++) {
		ret = reference(test->host, node, name, kind, i, &target);
		if (ret < 0)
			break;
		if (ret && test->role[target->index] >= CARRIED)
			fail(test, node, "%s %d: is gone", name, i);
	}
}

/* Properties */

static bool reported(const struct test *test, const char *path,
		     const char *name)
{
	for (size_t i = 0; i < test->report.num; i++) {
		const struct soca_tree_note *note = &test->report.notes[i];

		if (!strcmp(note->property, name) && !strcmp(note->path, path))
			return true;
	}
	return false;
}

/* What is rewritten everywhere, and need not be told */
static const char *const rewritten[] = {
	"phandle", "linux,phandle", "interrupts", "interrupts-extended",
	"interrupt-parent", "interrupt-map", NULL
};

static void check_prop(struct test *test, const struct spec_node *node,
		       const char *name, const void *value, int len)
{
	static const char *const at_top[] = {
		"reg", "ranges", "dma-ranges", NULL
	};
	const struct spec_node *twin = test->twin[node->index];
	bool top = !node->parent->parent;
	char path[4096];
	const void *guest;
	int guest_len;

	count.props++;
	if (in_list(name, rewritten) || (top && in_list(name, at_top)))
		return;
	guest = fdt_getprop(test->guest.fdt, twin->offset, name, &guest_len);
	if (guest && guest_len == len && !memcmp(guest, value, len))
		return;
	/* Only the phandle is another one. */
	if (guest && guest_len == len)
		return;
	spec_path(node, path, sizeof(path));
	if (!reported(test, path, name))
		fail(test, node, "%s is gone, and nobody tells", name);
}

static void check_props(struct test *test, const struct spec_node *node)
{
	int prop, len, kind;
	const char *name;

	fdt_for_each_property_offset(prop, test->host->fdt, node->offset) {
		const void *value = fdt_getprop_by_offset(test->host->fdt, prop,
							  &name, &len);

		/* The report is searched from one end to the other. */
		if (test->report.num < 300)
			check_prop(test, node, name, value, len);
		kind = find_kind(name);
		if (kind >= 0 && !(kinds[kind].name[0] == 'g' &&
				   fdt_getprop(test->host->fdt, node->offset,
					       "gpio-hog", NULL)))
			check_reference(test, node, name, kind);
	}
}

static void check_node(struct test *test, const struct spec_node *node)
{
	for (int kind = SPEC_REG; kind <= SPEC_WINDOW; kind++)
		check_spans(test, node, kind);
	check_lines(test, node);
	check_map(test, node);
	check_props(test, node);
}

/* No phandle is there twice. */
static void check_phandles(struct test *test)
{
	for (const struct spec_node *node = test->guest.root; node;
	     node = node->all)
		if (node->phandle &&
		    spec_phandle(&test->guest, node->phandle) != node)
			fail(test, NULL, "phandle 0x%x is there twice",
			     node->phandle);
}

static int map_region(void *data, const struct soca_tree_region *region,
		      uint64_t *address)
{
	const struct test *test = data;

	*address = region->address + test->delta;
	return 0;
}

static void check_status(struct test *test)
{
	const struct spec_node *twin = test->twin[test->named->index];
	const char *status = fdt_getprop(test->guest.fdt, twin->offset,
					 "status", NULL);

	if (status && strcmp(status, "okay") && strcmp(status, "ok"))
		fail(test, test->named, "its status is %s", status);
}

static void check_claim(struct test *test)
{
	for (const struct spec_node *node = test->host->root; node;
	     node = node->all)
		if (test->role[node->index] >= CARRIED)
			check_node(test, node);
	check_status(test);
}

static void check_guest(struct test *test, const void *fdt, size_t size)
{
	if (fdt_check_full(fdt, size) || !spec_open(&test->guest, fdt)) {
		fail(test, NULL, "it is no valid tree");
		return;
	}
	test->intc = spec_child(test->guest.root, INTC);
	find_twins(test, test->host->root);
	if (!test->failed)
		check_claim(test);
	check_phandles(test);
	spec_close(&test->guest);
}

static void write_sample(const struct test *test, const void *fdt, size_t size)
{
	const char *slash = strrchr(test->file, '/');
	char path[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s.%d%c", sample_dir,
		 slash ? slash + 1 : test->file, test->named->index,
		 test->subtree ? 's' : 'a');
	file = fopen(path, "w");
	if (!file || fwrite(fdt, size, 1, file) != 1 || fclose(file))
		abort();
	count.samples++;
}

/* Something with registers: who claims only an interrupt gets odd buses. */
static bool has_spans_below(const struct test *test)
{
	for (const struct spec_node *at = test->named;
	     at && spec_below(at, test->named); at = at->all)
		if (claim_has_spans(test->host, at))
			return true;
	return false;
}

/* The largest subtree of each tree, and some nodes of each. */
static bool in_sample(const struct test *test)
{
	return sample_dir && !test->delta && has_spans_below(test) &&
	       (test->named->index % 97 == 0 ||
		(test->subtree && !test->named->parent->parent &&
		 test->named->child));
}

static void run_case(struct test *test, const struct soca_tree *tree,
		     const void *base, size_t base_size)
{
	char path[4096];
	struct soca_tree_node node = { path, test->subtree };
	struct soca_tree_guest guest = {
		.base = base, .base_size = base_size, .data = test,
		.irq = map_irq, .region = map_region,
	};
	void *fdt;
	size_t size;
	int ret;

	spec_path(test->named, path, sizeof(path));
	test->role = calloc(test->host->num, sizeof(*test->role));
	test->twin = calloc(test->host->num, sizeof(*test->twin));
	claim_mark(test->host, test->named, test->subtree, test->role);
	count.cases++;
	ret = soca_tree_build(tree, &node, 1, &guest, &fdt, &size,
			      &test->report);
	count.notes += test->report.num;
	if (ret) {
		fail(test, NULL, "not built: %d %s", ret, test->report.num ?
		     test->report.notes[test->report.num - 1].reason : "");
	} else {
		count.built++;
		check_guest(test, fdt, size);
		if (in_sample(test))
			write_sample(test, fdt, size);
		free(fdt);
	}
	soca_tree_report_free(&test->report);
	free(test->role);
	free(test->twin);
}

static void run_tree(const char *file, const void *fdt, size_t size,
		     const void *base, size_t base_size)
{
	struct soca_tree *tree;
	struct spec host;

	if (soca_tree_open(fdt, size, &tree)) {
		count.errors++;
		printf("# %s: not opened\n", file);
		return;
	}
	spec_open(&host, fdt);
	count.trees++;
	for (const struct spec_node *node = host.root->all; node;
	     node = node->all) {
		bool any = false;

		for (int subtree = 0; subtree < 2; subtree++) {
			struct test test = {
				.file = file, .host = &host, .named = node,
				.subtree = subtree,
				.delta = (node->index + subtree) % 4 == 1 ?
					 DELTA : 0,
			};

			/* Alone and as a subtree, a leaf is the same. */
			if (!claim_assignable(&host, node, subtree) ||
			    (subtree && !node->child))
				continue;
			any = true;
			run_case(&test, tree, base, base_size);
		}
		count.nodes += any;
	}
	spec_close(&host);
	soca_tree_close(tree);
}

#define PRINT(_field)	printf(" " #_field " %lu", count._field)

/* For corpus.sh, which adds them up */
static void print_counts(void)
{
	printf("=");
	PRINT(trees);
	PRINT(nodes);
	PRINT(cases);
	PRINT(built);
	PRINT(regions);
	PRINT(windows);
	PRINT(lines);
	PRINT(maps);
	PRINT(references);
	PRINT(inside);
	PRINT(props);
	PRINT(notes);
	PRINT(samples);
	PRINT(errors);
	printf("\n");
}

int main(int argc, char **argv)
{
	size_t base_size, size;
	void *base, *fdt;
	int option;

	while ((option = getopt(argc, argv, "s:")) != -1)
		sample_dir = optarg;
	base = read_file(argv[optind++], &base_size);
	for (; optind < argc; optind++) {
		fdt = read_file(argv[optind], &size);
		run_tree(argv[optind], fdt, size, base, base_size);
		free(fdt);
	}
	free(base);
	print_counts();
	return count.errors ? 1 : 0;
}
