// SPDX-License-Identifier: GPL-2.0
/*
 * socassign dtb
 */
#include "cli.h"

#include <errno.h>
#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "devtree.h"
#include "file.h"
#include "intc.h"
#include "judge.h"
#include "libsocassign.h"
#include "out.h"
#include "place.h"

/*
 * The stand-in for a guest's own tree: a root, and the controller where the
 * lines of the claim end, with its binding but without registers.  Enough to
 * plan with, and to see what comes out.
 */
#define STAND_IN_SIZE	4096
#define STAND_IN_INTC	1

/* The stand-in has the host's widths, so that every address fits. */
static int put_root(void *fdt)
{
	const struct dt_node *root = dt_root();
	int ret = fdt_begin_node(fdt, "");

	if (!ret)
		ret = fdt_property_u32(fdt, "#address-cells",
				       dt_u32(root, "#address-cells", 2));
	if (!ret)
		ret = fdt_property_u32(fdt, "#size-cells",
				       dt_u32(root, "#size-cells", 2));
	return ret ? ret : fdt_property_u32(fdt, "interrupt-parent",
					    STAND_IN_INTC);
}

/* @np: the host's, or NULL */
static int put_controller(void *fdt, const struct dt_node *np)
{
	int len, ret = fdt_begin_node(fdt, "interrupt-controller");
	const void *compatible = np ? dt_prop(np, "compatible", &len) : NULL;
	uint32_t cells = np ? dt_u32(np, "#interrupt-cells", 1) : 1;

	if (!ret && compatible)
		ret = fdt_property(fdt, "compatible", compatible, len);
	if (!ret)
		ret = fdt_property(fdt, "interrupt-controller", NULL, 0);
	if (!ret)
		ret = fdt_property_u32(fdt, "#interrupt-cells", cells);
	if (!ret)
		ret = fdt_property_u32(fdt, "#address-cells", 0);
	if (!ret)
		ret = fdt_property_u32(fdt, "phandle", STAND_IN_INTC);
	return ret ? ret : fdt_end_node(fdt);
}

static void *make_stand_in(const struct dt_node *controller, size_t *size)
{
	void *fdt = must_alloc(1, STAND_IN_SIZE);
	int ret = fdt_create(fdt, STAND_IN_SIZE);

	if (!ret)
		ret = fdt_finish_reservemap(fdt);
	if (!ret)
		ret = put_root(fdt);
	if (!ret)
		ret = put_controller(fdt, controller);
	if (!ret)
		ret = fdt_end_node(fdt);
	if (!ret)
		ret = fdt_finish(fdt);
	if (ret) {
		complain("no guest to plan with: %s", fdt_strerror(ret));
		free(fdt);
		return NULL;
	}
	*size = fdt_totalsize(fdt);
	return fdt;
}

/**
 * struct result - The guest's tree
 * @fdt: The tree
 * @size: Its size
 * @report: What is not as it is on the host
 */
struct result {
	void *fdt;
	size_t size;
	struct soca_tree_report report;
};

static int build_from(const struct soca_tree_guest *guest,
		      const struct soca_tree_node *nodes, int num,
		      struct result *result)
{
	struct soca_tree *tree;
	size_t size;
	const void *blob = dt_blob(&size);
	int ret = soca_tree_open(blob, size, &tree);

	if (ret)
		return ret;
	ret = soca_tree_build(tree, nodes, num, guest, &result->fdt,
			      &result->size, &result->report);
	soca_tree_close(tree);
	return ret;
}

/* What the guest is like; its base is to be freed */
static struct soca_tree_guest make_guest(int num, char **args)
{
	struct soca_tree_guest guest = {
		.bus = options.bus, .host_intc = options.intc,
	};
	const struct dt_node *controller;

	if (options.base) {
		guest.base = file_read(options.base, &guest.base_size);
		return guest;
	}
	controller = options.intc ? dt_find(options.intc) :
		     intc_of_claim(num, args,
				   options.claim_flags & SOCASSIGN_SUBTREE);
	if (controller)
		guest.host_intc = controller->path;
	guest.base = make_stand_in(controller, &guest.base_size);
	return guest;
}

/* The phandle of a node of the guest's base; 0, and it is told why */
static uint32_t phandle_in(const struct soca_tree_guest *guest,
			   const char *path)
{
	struct soca_tree *checked = NULL;
	int ret = soca_tree_open(guest->base, guest->base_size, &checked);
	/* Not by alias, which could lead to itself. */
	int offset = ret || *path != '/' ? -1 :
		     fdt_path_offset(guest->base, path);
	uint32_t phandle = offset < 0 ? 0 : fdt_get_phandle(guest->base, offset);

	soca_tree_close(checked);
	if (!phandle)
		complain("--keep: the guest's tree has no node with a phandle: %s",
			 path);
	return phandle;
}

/* References to keep; false, and it is told why */
static bool add_keeps(struct soca_tree_guest *guest,
		      struct soca_tree_keep *keep)
{
	for (size_t i = 0; i < options.num_keep; i++) {
		keep[i].host_path = options.keep[i].host;
		if (!dt_find(keep[i].host_path)) {
			complain("--keep: the host's tree has no such node: %s",
				 keep[i].host_path);
			return false;
		}
		keep[i].phandle = phandle_in(guest, options.keep[i].guest);
		if (!keep[i].phandle)
			return false;
	}
	guest->keep = keep;
	guest->num_keep = options.num_keep;
	return true;
}

static int build(int num, char **args, struct result *result)
{
	struct soca_tree_keep *keep = must_alloc(options.num_keep + 1,
						 sizeof(*keep));
	struct soca_tree_node *nodes = must_alloc(num, sizeof(*nodes));
	struct soca_tree_guest guest = make_guest(num, args);
	int ret = -EINVAL;

	for (int i = 0; i < num; i++) {
		nodes[i].path = args[i];
		nodes[i].subtree = options.claim_flags & SOCASSIGN_SUBTREE;
	}
	if (guest.base && add_keeps(&guest, keep) && place_all(&guest)) {
		ret = build_from(&guest, nodes, num, result);
		if (!ret && !place_check())
			ret = -EINVAL;
	}
	free((void *)guest.base);
	free(nodes);
	free(keep);
	return ret;
}

static int apply_overlay(struct result *result)
{
	size_t size;
	void *overlay;
	int ret;

	if (!options.overlay)
		return 0;
	overlay = file_read(options.overlay, &size);
	if (!overlay)
		return -ENOENT;
	ret = soca_tree_edit(&result->fdt, &result->size, overlay, size,
			     &result->report);
	free(overlay);
	return ret;
}

static bool write_tree(const struct result *result)
{
	FILE *file = options.output ? fopen(options.output, "we") : stdout;
	bool done;

	if (!file) {
		complain("%s: %s", options.output, strerror(errno));
		return false;
	}
	done = fwrite(result->fdt, 1, result->size, file) == result->size;
	if (file != stdout)
		done &= !fclose(file);
	if (!done)
		complain("cannot write the guest's tree");
	return done;
}

/* What the library says of a flag of the driver's is an option here. */
static char *in_words_of_command(const char *reason)
{
	static const char flag[] = "SOCASSIGN_SUBTREE";
	const char *at = strstr(reason, flag);

	if (!at)
		return must_print("%s", reason);
	return must_print("%.*s--subtree%s", (int)(at - reason), reason,
			  at + strlen(flag));
}

static void tell_note(const struct soca_tree_note *note)
{
	const char *action = soca_tree_action_name(note->action);
	char *reason = in_words_of_command(note->reason);

	if (options.json) {
		out_object(NULL);
		out_string("action", action);
		out_string("path", note->path);
		out_string("property", note->property);
		out_string("reason", reason);
		out_object_end();
	} else {
		out_line("%s: %s%s%s: %s", action, note->path,
			 *note->property ? " " : "", note->property, reason);
	}
	free(reason);
}

static void tell_verdicts(int num, char **args)
{
	out_node_head();
	for (int i = 0; i < num; i++) {
		const struct dt_node *np = dt_find(args[i]);

		if (np)
			out_node(np, options.claim_flags);
	}
}

static void tell_json(int num, char **args, const struct result *result)
{
	out_begin();
	out_judge();
	out_bool("built", !!result->fdt);
	out_list("nodes");
	tell_verdicts(num, args);
	out_list_end();
	out_list("notes");
	for (size_t i = 0; i < result->report.num; i++)
		tell_note(&result->report.notes[i]);
	out_list_end();
	out_end();
}

/* Beside the tree, which goes to standard output unless there is a file for it */
static void tell(int num, char **args, const struct result *result)
{
	if (options.json) {
		tell_json(num, args, result);
		return;
	}
	out_to(stderr);
	tell_verdicts(num, args);
	for (size_t i = 0; i < result->report.num; i++)
		tell_note(&result->report.notes[i]);
}

/* 0, or why there is no tree */
static int make_tree(int num, char **args, struct result *result)
{
	int ret = build(num, args, result);

	if (!ret)
		ret = apply_overlay(result);
	if (ret) {
		free(result->fdt);
		result->fdt = NULL;
	}
	return ret;
}

static int check_usage(void)
{
	if (options.json && !options.output)
		return complain_usage("dtb: --json needs --output for the tree");
	if (!options.output && isatty(STDOUT_FILENO))
		return complain_usage("dtb: not to a terminal: use --output or a pipe");
	if (options.lines.num && options.base && !options.intc)
		return complain_usage("dtb: --line with --base needs --intc");
	return EXIT_OK;
}

int cmd_dtb(int num, char **args)
{
	struct result result = { 0 };
	int ret = check_usage();
	bool done;

	if (ret)
		return ret;
	if (!dt_load())
		return EXIT_FAILED;
	ret = make_tree(num, args, &result);
	tell(num, args, &result);
	if (ret)
		complain("no guest tree: %s", strerror(-ret));
	done = !ret && write_tree(&result);
	soca_tree_report_free(&result.report);
	free(result.fdt);
	return done ? EXIT_OK : EXIT_FAILED;
}
