/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lists of strings for the user
 */
#ifndef _SOCASSIGN_STRINGS_H
#define _SOCASSIGN_STRINGS_H

#include <linux/types.h>

/**
 * struct soca_strings - A list of strings in the device tree's format
 * @buf: The strings, each with its NUL
 * @len: Bytes in @buf
 */
struct soca_strings {
	char *buf;
	u32 len;
};

int soca_strings_add(struct soca_strings *list, const char *string);
int soca_strings_add_once(struct soca_strings *list, const char *string);
void soca_strings_free(struct soca_strings *list);
int soca_strings_to_user(const struct soca_strings *list, u64 uptr, u32 *len);

#endif /* _SOCASSIGN_STRINGS_H */
