// SPDX-License-Identifier: GPL-2.0
/*
 * The user's edits: a device-tree overlay, and deletion on top of it
 */
#include <stdio.h>

#include "tree_internal.h"

#define TREE_DELETE_PROPS	"socassign,delete-properties"
#define TREE_DELETE_NODES	"socassign,delete-nodes"

/* No overlay makes a tree that much larger than both were before. */
#define TREE_MAX_GROWTH		16

/**
 * struct tree_edit - An edit
 * @fdt: The guest's tree, a copy with room
 * @room: Size of the buffer
 * @dtbo: The overlay, a copy: applying it destroys it
 * @report: Where to tell, or NULL
 */
struct tree_edit {
	void *fdt;
	size_t room;
	void *dtbo;
	struct soca_tree_report *report;
};

static int tree_edit_fail(struct tree_edit *edit, const void *fdt, int offset,
			  const char *property, const char *reason)
{
	return tree_blob_fail(edit->report, fdt, offset, property, reason);
}

/* An overlay that sets what it deletes does not know what it wants. */
static int tree_edit_check_node(struct tree_edit *edit, int offset)
{
	const void *dtbo = edit->dtbo;
	const char *name;
	int prop, child, len;

	fdt_for_each_property_offset(prop, dtbo, offset)
		if (fdt_getprop_by_offset(dtbo, prop, &name, &len) &&
		    tree_blob_lists(dtbo, offset, TREE_DELETE_PROPS, name))
			return tree_edit_fail(edit, dtbo, offset, name,
					      "the overlay sets what it deletes");
	fdt_for_each_subnode(child, dtbo, offset) {
		name = fdt_get_name(dtbo, child, NULL);
		if (tree_blob_lists(dtbo, offset, TREE_DELETE_NODES, name))
			return tree_edit_fail(edit, dtbo, child, NULL,
					      "the overlay sets what it deletes");
	}
	return 0;
}

/* libfdt applies a blob without fragments, too, to no effect. */
static bool tree_edit_is_overlay(const void *dtbo)
{
	int child;

	fdt_for_each_subnode(child, dtbo, TREE_ROOT)
		if (fdt_subnode_offset(dtbo, child, "__overlay__") >= 0)
			return true;
	return false;
}

static int tree_edit_check(struct tree_edit *edit)
{
	int ret;

	if (!tree_edit_is_overlay(edit->dtbo))
		return tree_edit_fail(edit, edit->dtbo, TREE_ROOT, NULL,
				      "it is no overlay");
	ret = tree_check_fixups(edit->dtbo, edit->fdt, edit->report);
	for (int offset = 0; offset >= 0 && !ret;
	     offset = fdt_next_node(edit->dtbo, offset, NULL))
		ret = tree_edit_check_node(edit, offset);
	return ret;
}

static int tree_edit_copy(struct tree_edit *edit, const void *fdt,
			  const void *dtbo)
{
	free(edit->fdt);
	free(edit->dtbo);
	edit->fdt = malloc(edit->room);
	edit->dtbo = malloc(fdt_totalsize(dtbo));
	if (!edit->fdt || !edit->dtbo)
		return -ENOMEM;
	memcpy(edit->dtbo, dtbo, fdt_totalsize(dtbo));
	return fdt_open_into(fdt, edit->fdt, edit->room) ? -EINVAL : 0;
}

/* Where fragments go that is not there, unless an earlier one makes it. */
static void tree_edit_tell_targets(struct tree_edit *edit, const void *fdt,
				   const void *dtbo)
{
	int fragment;

	fdt_for_each_subnode(fragment, dtbo, TREE_ROOT) {
		const char *path = tree_blob_string(dtbo, fragment,
						    "target-path");

		if (path && fdt_path_offset(fdt, path) < 0)
			tree_report_add(edit->report, SOCA_TREE_ERROR, path,
					NULL,
					"the guest's tree has no such node for the overlay");
	}
}

/*
 * A failure leaves both blobs in pieces: take new copies to try again.  Labels
 * of the overlay get longer paths, so it is not known how much it needs.
 */
static int tree_edit_apply(struct tree_edit *edit, const void *fdt,
			   const void *dtbo)
{
	size_t least = fdt_totalsize(fdt) + 2 * (size_t)fdt_totalsize(dtbo) +
		       4096;
	int ret, err = -FDT_ERR_NOSPACE;

	for (edit->room = least; err == -FDT_ERR_NOSPACE; edit->room *= 2) {
		if (edit->room > TREE_MAX_GROWTH * least ||
		    edit->room > INT32_MAX)
			break;
		ret = tree_edit_copy(edit, fdt, dtbo);
		if (!ret)
			ret = tree_edit_check(edit);
		if (ret)
			return ret;
		err = fdt_overlay_apply(edit->fdt, edit->dtbo);
	}
	if (!err)
		return 0;
	if (err == -FDT_ERR_NOTFOUND)
		tree_edit_tell_targets(edit, fdt, dtbo);
	tree_report_add(edit->report, SOCA_TREE_ERROR, "/", NULL,
			"the overlay cannot be applied: %s", fdt_strerror(err));
	return -EINVAL;
}

/* By its full name: libfdt would take one without the unit address, too. */
static int tree_edit_child(const void *fdt, int offset, const char *name)
{
	int child;

	fdt_for_each_subnode(child, fdt, offset)
		if (!strcmp(fdt_get_name(fdt, child, NULL), name))
			return child;
	return -1;
}

/* What is not there is told: the builder may have dropped it already. */
static void tree_edit_delete(struct tree_edit *edit, int offset,
			     const char *list, const char *name)
{
	int child = -1, err;

	if (!strcmp(list, TREE_DELETE_PROPS)) {
		err = fdt_delprop(edit->fdt, offset, name);
	} else {
		child = tree_edit_child(edit->fdt, offset, name);
		err = child < 0 ? child : fdt_del_node(edit->fdt, child);
	}
	tree_blob_note(edit->report, edit->fdt, offset,
		       SOCA_TREE_DROPPED, name,
		       err ? "the overlay deletes it, but it is not there" :
			     "the overlay deletes it");
}

/* All that @list of a node names, then the list. */
static int tree_edit_delete_list(struct tree_edit *edit, int offset,
				 const char *list)
{
	int len;
	const char *value = fdt_getprop(edit->fdt, offset, list, &len);
	char *names, *name;

	if (!value)
		return 0;
	if (len && value[len - 1])
		return tree_edit_fail(edit, edit->fdt, offset, list,
				      "it is no list of strings");
	/* A copy: what is deleted moves it. */
	names = malloc(len + 1);
	if (!names)
		return -ENOMEM;
	memcpy(names, value, len);
	fdt_delprop(edit->fdt, offset, list);
	for (name = names; name < names + len; name += strlen(name) + 1)
		tree_edit_delete(edit, offset, list, name);
	free(names);
	return 0;
}

/* Only what is behind a node moves when something of it is deleted. */
static int tree_edit_deletions(struct tree_edit *edit)
{
	int ret = 0;

	for (int offset = 0; offset >= 0 && !ret;
	     offset = fdt_next_node(edit->fdt, offset, NULL)) {
		ret = tree_edit_delete_list(edit, offset, TREE_DELETE_PROPS);
		if (!ret)
			ret = tree_edit_delete_list(edit, offset,
						    TREE_DELETE_NODES);
	}
	return ret;
}

/* A name in @list that stands for a node that is gone, or NULL */
static const char *tree_edit_stale(const void *fdt, int list)
{
	const char *name;
	int prop, len;

	fdt_for_each_property_offset(prop, fdt, list) {
		const char *path = fdt_getprop_by_offset(fdt, prop, &name,
							 &len);

		if (path && len && *path == '/' && !path[len - 1] &&
		    fdt_path_offset(fdt, path) < 0)
			return name;
	}
	return NULL;
}

static void tree_edit_unname(struct tree_edit *edit, const char *path)
{
	const char *stale;
	char *name;
	int list;

	for (;;) {
		list = fdt_path_offset(edit->fdt, path);
		stale = list < 0 ? NULL : tree_edit_stale(edit->fdt, list);
		name = stale ? strdup(stale) : NULL;
		if (!name || fdt_delprop(edit->fdt, list, name)) {
			free(name);
			return;
		}
		tree_report_add(edit->report, SOCA_TREE_DROPPED, path, name,
				"the overlay deletes its node");
		free(name);
	}
}

/* What the overlay has made, before deletions */
static int tree_edit_keep(const struct tree_edit *edit, void **applied)
{
	size_t size = fdt_totalsize(edit->fdt);

	*applied = malloc(size);
	if (!*applied)
		return -ENOMEM;
	memcpy(*applied, edit->fdt, size);
	return 0;
}

static int tree_edit_pack(struct tree_edit *edit)
{
	int ret = fdt_pack(edit->fdt) ? -EINVAL :
		  tree_check(edit->fdt, fdt_totalsize(edit->fdt));

	return ret ? tree_check_fail(edit->report, "the tree with the overlay",
				     ret) : 0;
}

/* An overlay may delete a node, or give it another phandle. */
static int tree_edit_check_result(struct tree_edit *edit, const void *fdt,
				  const void *applied)
{
	int ret = tree_edit_pack(edit);

	if (!ret)
		ret = tree_check_references(edit->fdt, edit->report);
	if (!ret)
		ret = tree_check_lost(edit->fdt, applied, edit->report);
	return ret ? ret : tree_check_lost(edit->fdt, fdt, edit->report);
}

static int tree_edit_all(struct tree_edit *edit, const void *fdt,
			 const void *dtbo)
{
	void *applied = NULL;
	int ret = tree_edit_apply(edit, fdt, dtbo);

	if (!ret)
		ret = tree_edit_keep(edit, &applied);
	if (!ret)
		ret = tree_edit_deletions(edit);
	if (!ret) {
		tree_edit_unname(edit, "/aliases");
		tree_edit_unname(edit, "/__symbols__");
		ret = tree_edit_check_result(edit, fdt, applied);
	}
	free(applied);
	return ret;
}

int soca_tree_edit(void **fdt, size_t *size, const void *dtbo, size_t dtbo_size,
		   struct soca_tree_report *report)
{
	struct tree_edit edit = { .report = report };
	void *aligned;
	int ret = tree_check(*fdt, *size);

	if (ret)
		return tree_check_fail(report, "the guest's tree", ret);
	/* As it may come from anywhere in a larger file. */
	aligned = malloc(dtbo_size ? dtbo_size : 1);
	if (!aligned)
		return -ENOMEM;
	memcpy(aligned, dtbo, dtbo_size);
	ret = tree_check(aligned, dtbo_size);
	if (ret)
		ret = tree_check_fail(report, "the overlay", ret);
	else
		ret = tree_edit_all(&edit, *fdt, aligned);
	free(aligned);
	free(edit.dtbo);
	if (ret) {
		free(edit.fdt);
		return ret;
	}
	free(*fdt);
	*fdt = edit.fdt;
	*size = fdt_totalsize(edit.fdt);
	return 0;
}
