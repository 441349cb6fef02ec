// SPDX-License-Identifier: GPL-2.0
/*
 * Arrays that grow, and cells of a property that is put together
 *
 * As with the writer, the first error is kept: callers look at the end.
 */
#include "tree_internal.h"

void *tree_grow(void *array, size_t num, size_t size)
{
	if (num & (num - 1))
		return array;
	return realloc(array, (num ? 2 * num : 1) * size);
}

static void tree_list_room(struct tree_list *list, int num)
{
	int room = 2 * list->room + num;
	fdt32_t *cell;

	if (list->err || list->num + num <= list->room)
		return;
	cell = realloc(list->cell, room * sizeof(*cell));
	if (!cell) {
		list->err = -ENOMEM;
		return;
	}
	list->cell = cell;
	list->room = room;
}

void tree_list_copy(struct tree_list *list, const fdt32_t *cell, int num)
{
	tree_list_room(list, num);
	if (list->err || !num)
		return;
	memcpy(list->cell + list->num, cell, num * sizeof(*cell));
	list->num += num;
}

void tree_list_number(struct tree_list *list, int num, uint64_t value)
{
	tree_list_room(list, num);
	if (list->err)
		return;
	if (!tree_write(list->cell + list->num, num, value))
		list->err = -ERANGE;
	list->num += num;
}

void tree_list_u32(struct tree_list *list, uint32_t value)
{
	tree_list_number(list, 1, value);
}

void tree_list_fail(struct tree_list *list, int err)
{
	if (!list->err)
		list->err = err;
}

int tree_list_free(struct tree_list *list)
{
	free(list->cell);
	return list->err;
}
