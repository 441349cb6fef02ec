/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The devices that a board has for the tests: real ones that raise interrupts
 * when they are told to, and nodes that vm/dts adds.
 */
#ifndef _SELFTESTS_SOCASSIGN_BENCH_H
#define _SELFTESTS_SOCASSIGN_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include "claim.h"
#include "sysfs.h"

/*
 * A device with a level interrupt and an RTC behind it or in it.  The host has
 * a driver for it.
 */
struct level_dev {
	const char *node;
	const char *with;	/* a node in the same page, or NULL */
	const char *parent;	/* node whose device made its device */
	const char *driver;	/* of the host's */
	__u32 probe_reg;	/* a register that can be read at any time */
	void (*init)(volatile void *regs);
	void (*raise)(volatile void *regs);
	void (*lower)(volatile void *regs);
};

/* What a board has; a path is NULL where it has no such thing. */
struct bench {
	const struct level_dev *level;
	const struct level_dev *level2;	/* another one, or NULL */
	const char *edge;		/* see edge.h; or NULL */
	const char *unblocked;		/* the same, if nothing blocks its DMA */
	const char *liar;		/* a level, said to be an edge; or NULL */
	const char *host_line;		/* on a line that the host uses */
	const char *host_user;		/* for this node */
	const char *plain;		/* its host driver lets go */
	const char *stuck;		/* its host driver may not be unbound */
	const char *devm;		/* its host driver has no remove */
	const char *asleep;		/* disabled; has the host driver of plain */
	const char *bus;		/* path of the bus of the last five */
};

#define PLAIN_DRIVER	"socassign-test-plain"
#define STUCK_DRIVER	"socassign-test-stuck"
#define DEVM_DRIVER	"socassign-test-devm"
#define PIC_DRIVER	"socassign-test-pic"
#define HUB_DRIVER	"socassign-test-hub"
#define SLOW_DRIVER	"socassign-test-slow"

/* The bench of this machine, or NULL: then tests skip. */
const struct bench *bench(void);

/* The path of a node on the bus of the bench; valid for the next 7 calls. */
const char *bench_node(const char *node);

/*
 * Have the host use the line of @host_line, as long as the descriptor is open: where
 * its console is on it, the driver lets go of the line when nobody has that open.
 */
int bench_use_host_line(void);

/* Does the tree have the node? */
bool node_exists(const char *path);

/* A claimed level device, ready to interrupt. */
struct level {
	const struct level_dev *dev;
	struct sysfs_device sysfs;
	int fd;
	struct socassign_region region;
	volatile void *regs;
	int trigger;		/* O_NONBLOCK */
	int resample;		/* O_NONBLOCK */
};

/*
 * A claim of the device, and of what is in the same page so that it can be
 * mapped; the device is node 0.
 */
int level_claim(const struct level_dev *dev, __u32 flags);

/*
 * Claim the device, map it, make and attach both eventfds; 0 or a negative
 * errno, then level_close() has been called.  The device is expected to be
 * bound to socassign, unless @flags has DETACH.
 */
int level_open(struct level *level, const struct level_dev *dev, __u32 flags);
void level_close(struct level *level);

/*
 * A fixture's: hand the device out and open it; at the end, whatever a test did, its
 * interrupt is not up and the host has it.  0 or a negative errno.
 */
int level_set_up(struct level *level, const struct level_dev *dev);
int level_tear_down(struct level *level);

void level_raise(struct level *level);
void level_lower(struct level *level);

/* The flags of its interrupt, or ~0 if there is none */
__u32 level_flags(const struct level *level);

/* One whole interrupt, from the device to the resample; false if none comes. */
bool level_cycle(struct level *level);

/*
 * Run on one CPU, and have the interrupt there: it then comes before the next
 * system call ends.  Threads that are made afterwards run there, too, unless
 * they call run_anywhere().
 */
int level_pin(struct level *level, unsigned int cpu);
void run_anywhere(void);

/* SOCASSIGN_SET_AFFINITY; 0 or a negative errno. */
int soc_set_affinity(int fd, __u32 index, const __u64 *cpus, __u32 len);

/* Signal the resample eventfd, as a VMM does. */
int level_resample(struct level *level);

/* The administrator's hand-out, and taking back; 0 or a negative errno. */
int level_hand_out(const struct level_dev *dev);
int level_take_back(const struct level_dev *dev);

#endif
