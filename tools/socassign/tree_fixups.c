// SPDX-License-Identifier: GPL-2.0
/*
 * What an overlay says of itself, checked before libfdt believes it
 *
 * fdt_overlay_apply() writes where __fixups__ and __local_fixups__ tell it to,
 * and reads paths up to their terminator, wherever that is.  No path of an overlay's
 * starts with an alias: libfdt follows those that lead to themselves.
 */
#include "tree_internal.h"

/**
 * struct tree_fixups - An overlay that is being checked
 * @dtbo: The overlay
 * @fdt: The tree that it is for
 * @report: Where to tell, or NULL
 */
struct tree_fixups {
	const void *dtbo;
	const void *fdt;
	struct soca_tree_report *report;
};

/* At the node at @offset of the overlay */
static int tree_fixups_fail(const struct tree_fixups *fixups, int offset,
			    const char *property, const char *reason)
{
	return tree_blob_fail(fixups->report, fixups->dtbo, offset, property,
			      reason);
}

/* A phandle at @at of a value of @len bytes */
static bool tree_is_inside_value(uint64_t at, int len)
{
	return at + sizeof(fdt32_t) <= (uint64_t)len;
}

static bool tree_is_of_fragments(int depth, const char *name, bool is_node)
{
	if (depth == 0)
		return is_node && strncmp(name, "__", 2);
	if (depth == 1)
		return !strcmp(name, is_node ? "__overlay__" : "target");
	return true;
}

/*
 * Phandles are what fragments refer with.  One that is put into anything else
 * could make a lie of what has been checked: of __fixups__, of a target-path; put
 * into a node's own, it would be the phandle of two.  NULL, or what is wrong.
 */
static const char *tree_bad_target(int depth, const char *name, bool is_node)
{
	if (!tree_is_of_fragments(depth, name, is_node))
		return "it is for what no fragment sets";
	return !is_node && (!strcmp(name, "phandle") ||
			    !strcmp(name, "linux,phandle")) ?
	       "it is for a node's own phandle, which is no reference" : NULL;
}

/* __local_fixups__: nodes like those of the overlay, offsets instead of values */

/* Of __local_fixups__: @list itself, or a property of it */
static int tree_check_local_name(const struct tree_fixups *fixups, int list,
				 const char *property, int depth)
{
	const char *name = property ? property :
			   fdt_get_name(fixups->dtbo, list, NULL);

	const char *reason = tree_bad_target(depth, name, !property);

	return reason ? tree_fixups_fail(fixups, list, property, reason) : 0;
}

static int tree_check_local_prop(const struct tree_fixups *fixups, int list,
				 int prop, int node, int depth)
{
	const void *dtbo = fixups->dtbo;
	const char *name;
	int len, size;
	const fdt32_t *at = fdt_getprop_by_offset(dtbo, prop, &name, &len);
	int ret = tree_check_local_name(fixups, list, name, depth);

	if (ret)
		return ret;
	if (!fdt_getprop(dtbo, node, name, &size))
		return tree_fixups_fail(fixups, list, name,
					"it is for a property that is not there");
	if (len % sizeof(*at))
		return tree_fixups_fail(fixups, list, name,
					"it is no list of offsets");
	for (int i = 0; i < len / (int)sizeof(*at); i++)
		if (!tree_is_inside_value(fdt32_ld(at + i), size))
			return tree_fixups_fail(fixups, list, name,
						"an offset is not inside of the property");
	return 0;
}

static int tree_check_local(const struct tree_fixups *fixups, int list,
			    int node, int depth);

static int tree_check_local_node(const struct tree_fixups *fixups, int list,
				 int parent, int depth)
{
	const void *dtbo = fixups->dtbo;
	int ret = tree_check_local_name(fixups, list, NULL, depth), node;

	if (ret)
		return ret;
	/* As libfdt looks for it */
	node = fdt_subnode_offset(dtbo, parent, fdt_get_name(dtbo, list, NULL));
	if (node < 0)
		return tree_fixups_fail(fixups, list, NULL,
					"it is for a node that is not there");
	return tree_check_local(fixups, list, node, depth + 1);
}

static int tree_check_local(const struct tree_fixups *fixups, int list,
			    int node, int depth)
{
	const void *dtbo = fixups->dtbo;
	int prop, child, ret = 0;

	fdt_for_each_property_offset(prop, dtbo, list) {
		ret = tree_check_local_prop(fixups, list, prop, node, depth);
		if (ret)
			return ret;
	}
	fdt_for_each_subnode(child, dtbo, list) {
		ret = tree_check_local_node(fixups, child, node, depth);
		if (ret)
			break;
	}
	return ret;
}

/* __fixups__: labels of the tree, and where their phandles go: path:name:offset */

/* The label's node, as libfdt finds it */
static bool tree_has_label(const void *fdt, const char *label)
{
	int symbols = fdt_path_offset(fdt, "/__symbols__");
	const char *path = symbols < 0 ? NULL :
			   tree_blob_string(fdt, symbols, label);

	return path && *path == '/' && fdt_path_offset(fdt, path) >= 0;
}

static bool tree_read_offset(const char *text, uint64_t *offset)
{
	*offset = 0;
	do {
		if (*text < '0' || *text > '9' || *offset > INT32_MAX)
			return false;
		*offset = 10 * *offset + (*text++ - '0');
	} while (*text);
	return true;
}

/* The same, of a property that a place of __fixups__ names */
static const char *tree_bad_property(const void *dtbo, int node,
				     const char *name, size_t len)
{
	int depth = fdt_node_depth(dtbo, node), at;
	const char *reason = NULL;
	char *property;

	for (int level = 1; !reason && level <= depth && level <= 2; level++) {
		at = fdt_supernode_atdepth_offset(dtbo, node, level, NULL);
		reason = at < 0 ? "it is for what is not there" :
			 tree_bad_target(level - 1, fdt_get_name(dtbo, at, NULL),
					 true);
	}
	if (reason)
		return reason;
	property = strndup(name, len);
	reason = property ? tree_bad_target(depth, property, false) :
			    "there is no memory";
	free(property);
	return reason;
}

/* NULL, or what is wrong with it */
static const char *tree_bad_place(const void *dtbo, const char *place)
{
	const char *name = strchr(place, ':');
	const char *at = name ? strchr(name + 1, ':') : NULL;
	const char *reason;
	uint64_t offset;
	int node, len;

	if (!at || !tree_read_offset(at + 1, &offset))
		return "it is not as path:property:offset";
	node = *place == '/' ?
	       fdt_path_offset_namelen(dtbo, place, name - place) : -1;
	if (node < 0 ||
	    !fdt_getprop_namelen(dtbo, node, name + 1, at - name - 1, &len))
		return "it is for a property that is not there";
	reason = tree_bad_property(dtbo, node, name + 1, at - name - 1);
	if (reason)
		return reason;
	return tree_is_inside_value(offset, len) ? NULL :
	       "an offset is not inside of the property";
}

static int tree_check_label(const struct tree_fixups *fixups, int list,
			    int prop)
{
	const char *label, *reason;
	int len;
	const char *places = fdt_getprop_by_offset(fixups->dtbo, prop, &label,
						   &len);

	if (!len || places[len - 1])
		return tree_fixups_fail(fixups, list, label,
					"it is no list of strings");
	for (const char *at = places; at < places + len; at += strlen(at) + 1) {
		reason = tree_bad_place(fixups->dtbo, at);
		if (!reason)
			continue;
		tree_report_add(fixups->report, SOCA_TREE_ERROR, "/__fixups__",
				label, "%s: %s", at, reason);
		return -EINVAL;
	}
	if (tree_has_label(fixups->fdt, label))
		return 0;
	return tree_fixups_fail(fixups, list, label,
				"the guest's tree has no such label");
}

static int tree_check_labels(const struct tree_fixups *fixups, int list)
{
	int prop, ret = 0;

	fdt_for_each_property_offset(prop, fixups->dtbo, list) {
		ret = tree_check_label(fixups, list, prop);
		if (ret)
			break;
	}
	return ret;
}

/* A fragment before may have changed the alias that a path starts with. */
static int tree_check_targets(const struct tree_fixups *fixups)
{
	static const char name[] = "target-path";
	const void *dtbo = fixups->dtbo;
	const char *path;
	int fragment, len;

	fdt_for_each_subnode(fragment, dtbo, TREE_ROOT) {
		if (!fdt_getprop(dtbo, fragment, name, &len))
			continue;
		path = tree_blob_string(dtbo, fragment, name);
		if (!path || *path != '/')
			return tree_fixups_fail(fixups, fragment, name,
						"it is no full path");
	}
	return 0;
}

int tree_check_fixups(const void *dtbo, const void *fdt,
		      struct soca_tree_report *report)
{
	const struct tree_fixups fixups = { dtbo, fdt, report };
	int local = fdt_subnode_offset(dtbo, TREE_ROOT, "__local_fixups__");
	int labels = fdt_subnode_offset(dtbo, TREE_ROOT, "__fixups__");
	int ret = tree_check_targets(&fixups);

	if (!ret && local >= 0)
		ret = tree_check_local(&fixups, local, TREE_ROOT, 0);
	if (!ret && labels >= 0)
		ret = tree_check_labels(&fixups, labels);
	return ret;
}
