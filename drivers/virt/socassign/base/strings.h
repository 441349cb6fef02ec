/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lists of strings for the user
 */
#ifndef _SOCASSIGN_STRINGS_H
#define _SOCASSIGN_STRINGS_H

#include <linux/types.h>

/* Most lists are one name, or one path. */
#define SOCA_STRINGS_SMALL	48

/**
 * struct soca_strings - A list of strings in the device tree's format
 * @buf: The strings, each with its NUL; in @small as long as they fit
 * @len: Bytes in @buf
 * @small: A list with something in it must not be moved in memory
 */
struct soca_strings {
	char *buf;
	u32 len;
	char small[SOCA_STRINGS_SMALL];
};

int soca_strings_add(struct soca_strings *list, const char *string);
int soca_strings_add_once(struct soca_strings *list, const char *string);
void soca_strings_free(struct soca_strings *list);
int soca_strings_to_user(const struct soca_strings *list, u64 uptr, u32 *len);

#endif /* _SOCASSIGN_STRINGS_H */
