// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sets of windows: what is where, and the memory behind it
 */
#include <linux/file.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "hw/dma.h"
#include "parts/identity.h"

/**
 * soca_windows_alloc - Make an empty set of windows
 *
 * Return: The set, to be freed with kvfree(), or NULL.
 */
struct soca_windows *soca_windows_alloc(void)
{
	return kvzalloc(sizeof(struct soca_windows), GFP_KERNEL_ACCOUNT);
}

/**
 * soca_windows_copy - Copy a set of windows
 * @windows: The set
 *
 * Return: A copy that shares the references to the memory, so that one of the two
 * must go without them; or NULL.
 */
struct soca_windows *soca_windows_copy(const struct soca_windows *windows)
{
	struct soca_windows *copy = soca_windows_alloc();

	if (copy)
		memcpy(copy, windows, sizeof(*copy));
	return copy;
}

/**
 * soca_windows_put_memory - Let go of the memory of all windows of a set
 * @windows: The set; empty then
 */
void soca_windows_put_memory(struct soca_windows *windows)
{
	for (unsigned int i = 0; i < windows->num; i++)
		if (windows->memory[i])
			fput(windows->memory[i]);
	windows->num = 0;
}

/**
 * soca_windows_find - Find a window
 * @windows: The set
 * @iova: Where it starts, exactly
 * @size: Its size, exactly
 *
 * Return: Its index, or @windows->num.
 */
unsigned int soca_windows_find(const struct soca_windows *windows, u64 iova,
			       u64 size)
{
	unsigned int i;

	for (i = 0; i < windows->num; i++)
		if (windows->win[i].iova == iova && windows->win[i].size == size)
			break;
	return i;
}

/**
 * soca_windows_overlap - Is there a window in some place?
 * @windows: The set
 * @iova: Where the place starts
 * @size: Its size
 *
 * Return: true if so.
 */
bool soca_windows_overlap(const struct soca_windows *windows, u64 iova,
			  u64 size)
{
	for (unsigned int i = 0; i < windows->num; i++)
		if (iova < windows->win[i].iova + windows->win[i].size &&
		    windows->win[i].iova < iova + size)
			return true;
	return false;
}
