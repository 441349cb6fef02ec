/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Output: the same calls make JSON, or indented text
 *
 * A value in an object has a key, one in a list has NULL.
 */
#ifndef _SOCASSIGN_OUT_H
#define _SOCASSIGN_OUT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* From now on to there; stdout until then. */
void out_to(FILE *file);

/* A line of text; what is not printable becomes a question mark. */
void out_line(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

void out_begin(void);
void out_end(void);
void out_object(const char *key);
void out_object_end(void);
void out_list(const char *key);
void out_list_end(void);
void out_string(const char *key, const char *value);
void out_bool(const char *key, bool value);
void out_number(const char *key, uint64_t value);

/* A string in JSON, too: many readers have no integers of 64 bits. */
void out_hex(const char *key, uint64_t value);

#endif /* _SOCASSIGN_OUT_H */
