/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A guest under a VMM, as a person at a terminal has it: what is typed goes to
 * its console, what it prints and what the VMM itself says is waited for.
 */
#ifndef _SELFTESTS_SOCASSIGN_GUEST_H
#define _SELFTESTS_SOCASSIGN_GUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "who.h"

#define GUEST_MAX_ARGS	32

/* What KVM of 7.3 on arm64 does in the interrupt that signals its eventfd. */
#define GUEST_KVM_WARNS	"at smp_call_function_many_cond"

/* What to boot; the rest is the same for all. */
struct guest_plan {
	const char *run;	/* guest.run=, see vm/guest/main.c */
	const char *append;	/* more for the kernel's command line, or NULL */
	const char *mem;	/* --mem, or NULL: enough for a guest */
	bool reboots;		/* without --no-reboot */
	who_becomes as;		/* who runs the VMM; NULL: who runs the test */
	const char *args[12];	/* more for the VMM, up to the first NULL */
};

/* What came from one of its streams. */
struct guest_text {
	int fd;
	char *bytes;
	size_t len;
	size_t seen;		/* up to here it was waited for */
	size_t told;		/* up to here it is in the test's output */
};

struct guest {
	pid_t pid;		/* 0 when it has ended */
	const char *vmm;	/* the program that it runs under */
	bool counts;		/* it tells its statistics on SIGUSR1 */
	int in;
	struct guest_text out;	/* the guest's console */
	struct guest_text err;	/* the VMM's messages */
};

#define GUEST_NONE	(struct guest) {				\
	.in = -1, .out = { .fd = -1 }, .err = { .fd = -1 },		\
}

/* Why no guest can be booted on this machine, or NULL. */
const char *guest_missing(void);

/*
 * Run a VMM, by its path, with these arguments, as somebody else unless @become is
 * NULL; 0 or a negative errno.
 */
int guest_start(struct guest *guest, const char *vmm, who_becomes become,
		const char *const *args);
/* The plan's command line for the guest's kernel. */
void guest_append(char *text, size_t size, const struct guest_plan *plan);

/* Run socvmm with these arguments; 0 or a negative errno. */
int guest_run(struct guest *guest, const char *const *args);
/* The same with the plan's. */
int guest_boot(struct guest *guest, const struct guest_plan *plan);

/*
 * Wait until the text is there, behind what was waited for before; false if
 * it does not come, or cannot any more.
 */
bool guest_prints(struct guest *guest, const char *text);
bool guest_is_told(struct guest *guest, const char *text);

/* The line that the last text waited for is in; valid until the next call. */
const char *guest_line(struct guest *guest);
const char *guest_told_line(struct guest *guest);

/* To its console; a line ends with \n. */
bool guest_type(struct guest *guest, const char *text);

/* What socvmm counts: see --stats. */
struct guest_stats {
	unsigned long runs;
	unsigned long console;
	unsigned long other;
	unsigned long interrupted;
	unsigned long wakes;
};

bool guest_get_stats(struct guest *guest, struct guest_stats *stats);

/* A claim that socvmm has open: two are the same file if @inode is the same. */
struct guest_claim {
	int fd;
	ino_t inode;
};

/* All of them, by descriptor; their number, @max at most. */
int guest_claims(const struct guest *guest, struct guest_claim *claims, int max);

/*
 * Wait for the end of the VMM: its exit status, 128 and more for a signal, or
 * -ETIMEDOUT.
 */
int guest_end(struct guest *guest);
/* The same after a signal. */
int guest_stop(struct guest *guest, int signal);

/* Kill it if it is still there, and forget what it said. */
void guest_close(struct guest *guest);

#endif
