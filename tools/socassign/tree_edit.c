// SPDX-License-Identifier: GPL-2.0
/*
 * The user's edits: a device-tree overlay, and deletion on top of it
 */
#include <stdio.h>

#include "tree_internal.h"

#define TREE_DELETE_PROPS	"socassign,delete-properties"
#define TREE_DELETE_NODES	"socassign,delete-nodes"

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

/* Path of a node of @fdt for the caller to free, or NULL */
static char *tree_edit_path(const void *fdt, int offset)
{
	for (int size = 256; size < (1 << 20); size *= 2) {
		char *path = malloc(size);
		int ret = path ? fdt_get_path(fdt, offset, path, size) :
				 -FDT_ERR_INTERNAL;

		if (!ret)
			return path;
		free(path);
		if (ret != -FDT_ERR_NOSPACE)
			return NULL;
	}
	return NULL;
}

static void tree_edit_note(struct tree_edit *edit, const void *fdt, int offset,
			   enum soca_tree_action action, const char *property,
			   const char *reason)
{
	char *path = tree_edit_path(fdt, offset);

	tree_report_add(edit->report, action, path ? path : "?", property,
			"%s", reason);
	free(path);
}

static int tree_edit_fail(struct tree_edit *edit, const void *fdt, int offset,
			  const char *property, const char *reason)
{
	tree_edit_note(edit, fdt, offset, SOCA_TREE_ERROR, property, reason);
	return -EINVAL;
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
	int ret = 0;

	if (!tree_edit_is_overlay(edit->dtbo))
		return tree_edit_fail(edit, edit->dtbo, TREE_ROOT, NULL,
				      "it is no overlay");
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

/* A failure leaves both blobs in pieces: take new copies to try again. */
static int tree_edit_apply(struct tree_edit *edit, const void *fdt,
			   const void *dtbo)
{
	int ret, err;

	edit->room = fdt_totalsize(fdt) + 2 * (size_t)fdt_totalsize(dtbo) +
		     4096;
	do {
		ret = tree_edit_copy(edit, fdt, dtbo);
		if (!ret)
			ret = tree_edit_check(edit);
		if (ret)
			return ret;
		err = fdt_overlay_apply(edit->fdt, edit->dtbo);
		edit->room *= 2;
	} while (err == -FDT_ERR_NOSPACE && edit->room < INT32_MAX);
	if (!err)
		return 0;
	tree_report_add(edit->report, SOCA_TREE_ERROR, "/", NULL,
			"the overlay cannot be applied: %s", fdt_strerror(err));
	return err == -FDT_ERR_NOSPACE ? -ENOMEM : -EINVAL;
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

static int tree_edit_delete(struct tree_edit *edit, int offset,
			    const char *list, const char *name)
{
	int child = -1, err;

	if (!strcmp(list, TREE_DELETE_PROPS)) {
		err = fdt_delprop(edit->fdt, offset, name);
	} else {
		child = tree_edit_child(edit->fdt, offset, name);
		err = child < 0 ? child : fdt_del_node(edit->fdt, child);
	}
	tree_edit_note(edit, edit->fdt, offset,
		       err ? SOCA_TREE_ERROR : SOCA_TREE_DROPPED, name,
		       err ? "there is nothing of the name to delete" :
			     "the overlay deletes it");
	return err ? -ENOENT : 0;
}

/* All that @list of a node names, then the list. */
static int tree_edit_delete_list(struct tree_edit *edit, int offset,
				 const char *list)
{
	int len, ret = 0;
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
	for (name = names; name < names + len && !ret; name += strlen(name) + 1)
		ret = tree_edit_delete(edit, offset, list, name);
	free(names);
	return ret;
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

static int tree_edit_find(const void *data, uint32_t phandle)
{
	return fdt_node_offset_by_phandle(data, phandle);
}

/* Only names that mean a reference everywhere. */
static int tree_edit_check_prop(struct tree_edit *edit, int offset,
				const char *name)
{
	const struct tree_rule *rule = tree_rule_find(name);
	struct tree_target target = { edit->fdt, tree_edit_find, edit->fdt };
	struct tree_cells cells;
	struct tree_ref *refs;
	int ret;

	if (!rule || !rule->strict)
		return 0;
	tree_blob_cells(edit->fdt, offset, name, &cells);
	refs = calloc(cells.num + 1, sizeof(*refs));
	if (!refs)
		return -ENOMEM;
	ret = tree_refs(&target, rule, &cells, refs);
	free(refs);
	return ret >= 0 ? 0 :
	       tree_edit_fail(edit, edit->fdt, offset, name,
			      "it refers to nothing, or cannot be read");
}

static int tree_edit_check_references(struct tree_edit *edit)
{
	const char *name;
	int prop, len, ret = 0;

	for (int offset = 0; offset >= 0 && !ret;
	     offset = fdt_next_node(edit->fdt, offset, NULL))
		fdt_for_each_property_offset(prop, edit->fdt, offset) {
			if (!fdt_getprop_by_offset(edit->fdt, prop, &name,
						   &len))
				continue;
			ret = tree_edit_check_prop(edit, offset, name);
			if (ret)
				break;
		}
	return ret;
}

static int tree_edit_all(struct tree_edit *edit, const void *fdt,
			 const void *dtbo)
{
	int ret = tree_edit_apply(edit, fdt, dtbo);

	if (!ret)
		ret = tree_edit_deletions(edit);
	if (ret)
		return ret;
	tree_edit_unname(edit, "/aliases");
	tree_edit_unname(edit, "/__symbols__");
	ret = tree_edit_check_references(edit);
	if (!ret && (fdt_pack(edit->fdt) ||
		     tree_check(edit->fdt, fdt_totalsize(edit->fdt))))
		ret = -EINVAL;
	return ret;
}

int soca_tree_edit(void **fdt, size_t *size, const void *dtbo, size_t dtbo_size,
		   struct soca_tree_report *report)
{
	struct tree_edit edit = { .report = report };
	void *aligned;
	int ret = -EINVAL;

	if (tree_check(*fdt, *size) || dtbo_size > INT32_MAX)
		return -EINVAL;
	/* As it may come from anywhere in a larger file. */
	aligned = malloc(dtbo_size ? dtbo_size : 1);
	if (!aligned)
		return -ENOMEM;
	memcpy(aligned, dtbo, dtbo_size);
	if (!tree_check(aligned, dtbo_size))
		ret = tree_edit_all(&edit, *fdt, aligned);
	else
		tree_report_add(report, SOCA_TREE_ERROR, "/", NULL,
				"the overlay is no valid blob");
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
