// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lists of strings in the device tree's format, on their way to the user
 */
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "base/strings.h"

/* The list's buffer, with room for @len bytes; or NULL. */
static char *soca_strings_room(struct soca_strings *list, size_t len)
{
	char *buf;

	if (len <= sizeof(list->small))
		return list->small;
	if (list->buf != list->small)
		return krealloc(list->buf, len, GFP_KERNEL_ACCOUNT);
	buf = kmalloc(len, GFP_KERNEL_ACCOUNT);
	if (buf)
		memcpy(buf, list->small, list->len);
	return buf;
}

/**
 * soca_strings_add - Append a string to a list
 * @list: The list
 * @string: The string; copied
 *
 * Return: 0 or -ENOMEM.
 */
int soca_strings_add(struct soca_strings *list, const char *string)
{
	size_t size = strlen(string) + 1;
	char *buf = soca_strings_room(list, list->len + size);

	if (!buf)
		return -ENOMEM;
	memcpy(buf + list->len, string, size);
	list->buf = buf;
	list->len += size;
	return 0;
}

static bool soca_strings_have(const struct soca_strings *list,
			      const char *string)
{
	for (const char *it = list->buf; it && it < list->buf + list->len;
	     it += strlen(it) + 1)
		if (!strcmp(it, string))
			return true;
	return false;
}

/**
 * soca_strings_add_once - Append a string, if it is not there yet
 * @list: The list
 * @string: The string; copied
 *
 * Return: 0 or -ENOMEM.
 */
int soca_strings_add_once(struct soca_strings *list, const char *string)
{
	return soca_strings_have(list, string) ? 0 :
						 soca_strings_add(list, string);
}

void soca_strings_free(struct soca_strings *list)
{
	if (list->buf != list->small)
		kfree(list->buf);
	list->buf = NULL;
	list->len = 0;
}

/**
 * soca_strings_to_user - Copy a list to the user, as far as it fits
 * @list: The list
 * @uptr: The user's buffer
 * @len: In: the buffer's size; out: the size of the whole list
 *
 * Context: Process context, not under any lock that a fault may need.
 * Return: 0 or -EFAULT.
 */
int soca_strings_to_user(const struct soca_strings *list, u64 uptr, u32 *len)
{
	u32 fits = min(*len, list->len);

	*len = list->len;
	if (fits && copy_to_user(u64_to_user_ptr(uptr), list->buf, fits))
		return -EFAULT;
	return 0;
}
