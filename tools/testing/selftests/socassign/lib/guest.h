/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A guest under a VMM, as a person at a terminal has it: what is typed goes to
 * its console, what it prints and what the VMM itself says is waited for.
 */
#ifndef _SELFTESTS_SOCASSIGN_GUEST_H
#define _SELFTESTS_SOCASSIGN_GUEST_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "who.h"

#define GUEST_MAX_ARGS	40
#define GUEST_MAX_ASSIGN	2
#define GUEST_MAX_MORE	8

/* What KVM of 7.3 on arm64 does in the interrupt that signals its eventfd. */
#define GUEST_KVM_WARNS	"at smp_call_function_many_cond"

/* A claim, for the guest. */
struct guest_assign {
	const char *nodes[2];	/* of one claim; the second may be NULL */
	const char *fd;		/* instead: fd=NUMBER, a claim that was handed over */
	__u32 flags;		/* of SOCASSIGN_INSTANTIATE */
	const char *more;	/* more options of QEMU's, or NULL */
};

/* What to boot, whichever VMM it runs under; the rest is the same for all. */
struct guest_plan {
	const char *run;	/* guest.run=, see vm/guest/main.c */
	const char *append;	/* more for the kernel's command line, or NULL */
	const char *mem;	/* a size, a partition; NULL: enough for a guest */
	bool reboots;		/* a reboot is not its end */
	bool emulated;		/* without KVM: QEMU's, some twenty times slower */
	who_becomes as;		/* who runs the VMM; NULL: who runs the test */
	struct guest_assign assign[GUEST_MAX_ASSIGN];
	const char *overlay;	/* for the guest's tree, or NULL */
	const char *args[GUEST_MAX_MORE]; /* more for the VMM, up to the first NULL */
};

/* A VMM's command line, behind its name. */
struct guest_args {
	const char *list[GUEST_MAX_ARGS + 1];
	int num;
	char text[2048];	/* of those that are made */
	size_t used;
};

/* Add one as it is, or made; what is too much is left out. */
void guest_arg(struct guest_args *args, const char *arg);
void guest_arg_made(struct guest_args *args, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* A program that guests run under. */
struct guest_vmm {
	const char *path;
	const char *missing;	/* what to say where it is not */
	bool counts;		/* it tells its statistics on SIGUSR1 */
	int terminated;		/* its status after SIGTERM */
	const char *least_mem;	/* of a guest that is killed early */
	int slowness;		/* to start, beside the fastest */
	/* The plan's command line, but for its claims and @args. */
	void (*fill)(struct guest_args *args, const struct guest_plan *plan);
	/* A claim of the plan's; the first one is at @plan->assign. */
	void (*assign)(struct guest_args *args, const struct guest_plan *plan,
		       const struct guest_assign *assign);
};

extern const struct guest_vmm guest_socvmm, guest_qemu;

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
	const char *name;	/* who speaks in @err: the VMM's name */
	bool counts;		/* as its VMM's */
	int patience;		/* so many times as long as for others */
	int in;
	struct guest_text out;	/* the guest's console */
	struct guest_text err;	/* the VMM's messages */
};

#define GUEST_NONE	(struct guest) {				\
	.patience = 1, .in = -1,					\
	.out = { .fd = -1 }, .err = { .fd = -1 },			\
}

/* Why no guest can be booted under it on this machine, or NULL. */
const char *guest_missing(const struct guest_vmm *vmm);

/* Run it with these arguments, up to the first NULL; 0 or a negative errno. */
int guest_start(struct guest *guest, const struct guest_vmm *vmm,
		who_becomes become, const char *const *args);
/* The same with the plan's. */
int guest_boot(struct guest *guest, const struct guest_vmm *vmm,
	       const struct guest_plan *plan);

/* Whatever the VMM, the guest's kernel is started with this. */
void guest_append(struct guest_args *args, const struct guest_plan *plan);

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

/* A claim that the VMM has open: two are the same file if @inode is the same. */
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
