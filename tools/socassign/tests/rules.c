// SPDX-License-Identifier: GPL-2.0
/*
 * The rule book against device trees that tell where their phandles are
 *
 *   rules TREE.dtb...
 *   rules -t|-i COMPATIBLE...	is each that of a timer, of an interrupt controller?
 *   rules -p PROPERTY...	does each name suppliers?
 *
 * For trees.sh's: those of an overlay, with __local_fixups__.  Whoever names a
 * node that could have a driver, or a part of one, does it by a property that is
 * in the table, or in a list of those that are harmless; and the table finds just
 * the phandles that are there.  Whatever has the name of what a machine runs on is
 * forbidden.  Prints what is wrong, once a tree, and in the end a line of counts
 * that begins with "=".
 */
#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../cli/cli.h"
#include "../cli/policy.h"
#include "list.h"

/* The command's help is not in here. */
const struct command commands[1];

static const char fixups_path[] = "/__local_fixups__";

static struct {
	unsigned long nodes, phandles, suppliers, forbidden, bad;
} count;

static const char *tree;

#define fail(_format, ...)						\
	do {								\
		count.bad++;						\
		printf("# %s: " _format "\n", tree, __VA_ARGS__);	\
	} while (0)

/*
 * Properties by which a node names another that it does not need, or by which the
 * driver does not look for it
 */
static const char *const harmless[] = {
	/* The driver follows lines to their controller. */
	"interrupt-map", "interrupt-parent", "interrupts", "interrupts-extended",
	/* Tables of numbers: what they name has no device and no registers. */
	"cpu-idle-states", "device-handle", "domain-idle-states",
	"operating-points-v2", "required-opps", "snps,axi-config",
	"wakeup-source",
	/* What the memory is for: that names it, too. */
	"iommu-addresses",
	/* In /options/u-boot: the boot loader's. */
	"boot-led", NULL
};

static bool is_harmless(const char *name)
{
	return in_list(name, harmless);
}

/* What has the driver, if one has: the node, or what it is a part of */
static const struct dt_node *device_of(const struct dt_node *np)
{
	while (np && np->parent && !dt_has(np, "compatible"))
		np = np->parent;
	return np && np->parent ? np : NULL;
}

/* Could somebody claim what @np needs from under it? */
static bool could_lose(const struct dt_node *np, const struct dt_node *target)
{
	const struct dt_node *device = device_of(target);

	return device && device != device_of(np) &&
	       !policy_forbidden_rule(target);
}

/* The node that a phandle of a property names; @entry as dtc lists them */
static const struct dt_node *target_of(const struct dt_node *np,
				       const struct dt_node *fixup,
				       const char *name, int entry)
{
	uint32_t at = dt_cell(fixup, name, entry);

	if (at + 4 > 4u * dt_num_cells(np, name) || at % 4)
		return NULL;
	return dt_by_phandle(dt_cell(np, name, at / 4));
}

/* Trees of Linux with entries of another size than their targets say */
static bool is_wrong(const char *name)
{
	static const struct {
		const char *tree;
		const char *name;
	} wrong[] = {
		{ "/sdx75-idp.", "interconnects" },
		/* The memory controller has no #interconnect-cells. */
		{ "/tegra210-", "interconnects" },
		/* A GPIO controller without #trigger-source-cells */
		{ "/rk3568-lincstation-e1.", "trigger-sources" },
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (strstr(tree, wrong[i].tree) && !strcmp(name, wrong[i].name))
			return true;
	return false;
}

static bool is_listed(const struct dt_node *np, const struct dt_node *fixup,
		      const struct dt_edge *edge)
{
	const char *name = edge->property;

	for (int i = 0; fixup && i < dt_num_cells(fixup, name); i++)
		if (target_of(np, fixup, name, i) == edge->supplier)
			return true;
	return false;
}

/* What the driver's table finds, against what dtc has listed */
static void check_edges(const struct dt_node *fixups)
{
	size_t num;
	const struct dt_edge *edge = dt_edges(&num);

	for (const struct dt_edge *end = edge + num; edge < end; edge++) {
		const struct dt_node *np = edge->consumer;
		const struct dt_node *fixup;
		char *path;

		if (dt_below(np, fixups) || is_harmless(edge->property) ||
		    is_wrong(edge->property))
			continue;
		path = must_print("%s%s", fixups_path, np->path);
		fixup = dt_find(path);
		free(path);
		count.suppliers++;
		if (!is_listed(np, fixup, edge))
			fail("%s: %s does not name %s", np->path,
			     edge->property, edge->supplier->path);
	}
}

/*
 * Does the table find a node that the property names, or another part of its
 * device?  The cells behind a phandle may have that of a part.
 */
static bool is_found(const struct dt_node *np, const char *name,
		     const struct dt_node *target)
{
	size_t num;
	const struct dt_edge *edge = dt_edges(&num);

	for (const struct dt_edge *end = edge + num; edge < end; edge++)
		if (edge->consumer == np && !strcmp(edge->property, name) &&
		    (edge->supplier == target ||
		     device_of(edge->supplier) == device_of(target)))
			return true;
	return false;
}

static void check_prop(const struct dt_node *np, const struct dt_node *fixup,
		       const char *name)
{
	for (int i = 0; i < dt_num_cells(fixup, name); i++) {
		const struct dt_node *target = target_of(np, fixup, name, i);

		count.phandles++;
		if (!target || !could_lose(np, target) ||
		    is_found(np, name, target) || is_harmless(name) ||
		    is_wrong(name))
			continue;
		fail("%s: %s names %s, and %s", np->path, name, target->path,
		     soca_phandle_prop(name) ? "is read in another way" :
					       "is in no table");
		return;
	}
}

static void check_props(const struct dt_node *top)
{
	dt_for_each_below(fixup, (struct dt_node *)top) {
		const char *path = fixup->path + strlen(fixups_path), *name;
		const struct dt_node *np = dt_find(*path ? path : "/");

		for (int at = 0; np && (name = dt_next_prop(fixup, &at));)
			if (dt_has(np, name))
				check_prop(np, fixup, name);
	}
}

/* A word of a list in the node's name, without its unit address */
static bool is_named(const struct dt_node *np, const char *const *names)
{
	size_t len = strcspn(dt_name(np), "@");

	for (; *names; names++)
		if (strlen(*names) == len && !strncmp(dt_name(np), *names, len))
			return true;
	return false;
}

static bool names_compatible(const struct dt_node *np, const char *part)
{
	const char *compatible;

	for (int i = 0; (compatible = dt_string(np, "compatible", i)); i++)
		if (strstr(compatible, part))
			return true;
	return false;
}

/* Of what a machine runs on: Devicetree Specification 2.2.2, and QorIQ's */
static const char *const timer_names[] = {
	"timer", "global-timer", "local-timer", "twd-timer", NULL
};

static const char *const system_names[] = {
	"cache-controller", "l2-cache-controller", "l3-cache-controller",
	"system-cache-controller", NULL
};

static const char *const qoriq_names[] = {
	"dcsr-epu", "global-utilities", "guts", "rcpm", "scfg", "serdes", NULL
};

/* Words for what counts time, and does not keep the kernel's */
static const char *const no_timers[] = {
	"-ptp-timer", "timer-trigger", "timer-counter", "-ftm-alarm",
	"waketimer", "-pwm", "-mtu3", "timeriomem", "st,stm32-timers",
	"st,stm32mp25-timers", "st,stm32-lptimer", "motionpro-led", "none", NULL
};

static bool is_timer(const struct dt_node *np)
{
	for (const char *const *it = no_timers; *it; it++)
		if (names_compatible(np, *it))
			return false;
	return is_named(np, timer_names) || names_compatible(np, "timer");
}

/*
 * One that is cascaded to another has users that name it, and goes with its driver
 * or not at all; so do controllers of pins and of power on a serial bus.
 */
static bool is_irqchip(const struct dt_node *np)
{
	struct dt_line line;

	return dt_has(np, "interrupt-controller") &&
	       dt_has_regs(np) && !dt_has(np, "gpio-controller") &&
	       !names_compatible(np, "pinctrl-single") &&
	       !names_compatible(np, "-pmic") &&
	       (dt_interrupt(np, 0, &line) != 1 || line.controller == np);
}

static const char *kind_of(const struct dt_node *np)
{
	if (is_timer(np))
		return "a timer";
	if (dt_has(np, "#iommu-cells") || !strncmp(dt_name(np), "iommu", 5))
		return "an IOMMU";
	if (dt_has(np, "msi-controller") || !strncmp(dt_name(np), "msi", 3))
		return "an MSI controller";
	if (is_named(np, system_names) ||
	    (is_named(np, qoriq_names) && names_compatible(np, "fsl,")))
		return "a system control block";
	return is_irqchip(np) ? "an interrupt controller" : NULL;
}

static void check_node(const struct dt_node *np)
{
	const char *kind = kind_of(np);

	count.nodes++;
	if (!kind || !dt_has(np, "compatible"))
		return;
	if (soca_ban(np->facts, true))
		count.forbidden++;
	else
		fail("%s: %s, and nothing forbids it: %s", np->path, kind,
		     dt_string(np, "compatible", 0));
}

static void check_tree(void)
{
	const struct dt_node *fixups;

	options.dtb = tree;
	options.page_size = 4096;
	if (!dt_load()) {
		fail("%s", "not loaded");
		return;
	}
	fixups = dt_find(fixups_path);
	if (fixups) {
		check_props(fixups);
		check_edges(fixups);
	}
	dt_for_each(np)
		if (!fixups || !dt_below(np, fixups))
			check_node(np);
}

/* A process of its own: the command looks at one tree. */
static void run(const char *file)
{
	int status;
	pid_t pid = fork();

	if (pid < 0)
		abort();
	if (pid) {
		waitpid(pid, &status, 0);
		return;
	}
	tree = file;
	check_tree();
	printf("= trees 1 nodes %lu phandles %lu suppliers %lu forbidden %lu bad %lu\n",
	       count.nodes, count.phandles, count.suppliers, count.forbidden,
	       count.bad);
	fflush(stdout);
	_exit(count.bad ? 1 : 0);
}

static bool is_known(char what, const char *name)
{
	switch (what) {
	case 't':
		return soca_compatible_facts(name) & SOCA_IS_TIMER;
	case 'i':
		return soca_compatible_facts(name) &
		       (SOCA_IS_IRQCHIP | SOCA_IS_TIMER);
	default:
		return soca_phandle_prop(name) || is_harmless(name);
	}
}

/* The names that no table has */
static int check_names(char what, char **names)
{
	int num = 0;

	for (; *names; names++)
		if (!is_known(what, *names)) {
			printf("# %s is in no table\n", *names);
			num++;
		}
	return num ? 1 : 0;
}

int main(int argc, char **argv)
{
	if (argc > 1 && *argv[1] == '-')
		return check_names(argv[1][1], argv + 2);
	for (int i = 1; i < argc; i++)
		run(argv[i]);
	return 0;
}
