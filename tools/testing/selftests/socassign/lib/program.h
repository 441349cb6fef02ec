/* SPDX-License-Identifier: GPL-2.0 */
/* Runs a program and keeps what it says. */
#ifndef _SELFTESTS_SOCASSIGN_PROGRAM_H
#define _SELFTESTS_SOCASSIGN_PROGRAM_H

#include <stddef.h>

#include "who.h"

#define PROGRAM_CANNOT	127	/* as the shell's: it could not be run */

struct program {
	int code;		/* exit code, 128 + n for signal n */
	char *out;		/* standard output; a NUL follows */
	size_t out_len;
	char *err;		/* standard error */
};

/* Run it as somebody, and wait; its exit code.  What was there is freed. */
int program_run(struct program *program, who_becomes become,
		const char *const *argv);
void program_free(struct program *program);

#endif
