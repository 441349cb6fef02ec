/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SELFTESTS_SOCASSIGN_JSON_H
#define _SELFTESTS_SOCASSIGN_JSON_H

#include <stdbool.h>

/* Is this one value in JSON (RFC 8259), in ASCII, and nothing else? */
bool json_valid(const char *text);

#endif
