// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../../lib/board.h"
#include "../../lib/claim.h"
#include "../../lib/dma_bench.h"
#include "../../lib/sysfs.h"
#include "bench.h"
#include "measure.h"

#define SHORT	100	/* run so often to measure what is short */

struct claims {
	int dev;
	int fd;
	const char *node;
	__u32 flags;
	struct socassign_region region;
	volatile uint32_t *regs;
};

static int claim(void *arg)
{
	struct claims *claims = arg;

	claims->fd = soc_instantiate(claims->dev, claims->node,
				     strlen(claims->node) + 1, claims->flags);
	return claims->fd;
}

static int close_claim(void *arg)
{
	struct claims *claims = arg;

	return close(claims->fd);
}

/* By the administrator: no driver of the host's comes or goes. */
static void hand_out(struct claims *claims)
{
	struct sysfs_device sysfs;

	claims->node = DMA_BENCH_NODE;
	claims->flags = SOCASSIGN_SUBTREE;
	must(sysfs_find(claims->node, &sysfs), claims->node);
	must(sysfs_move(&sysfs, "socassign"), "handing out an eTSEC");
}

static void bench_device(struct claims *claims)
{
	const struct job claiming = {
		.what = "claim an eTSEC", .run = claim, .after = close_claim,
	};
	const struct job closing = {
		.what = "close the claim of an eTSEC", .before = claim, .run = close_claim,
	};

	measure(&claiming, claims);
	measure(&closing, claims);
}

static void bench_partition(struct claims *claims)
{
	const struct job claiming = {
		.what = "claim a partition of 512 MiB", .run = claim,
		.after = close_claim, .rounds = 5,
	};
	const struct job closing = {
		.what = "close the claim of a partition", .before = claim, .run = close_claim,
		.rounds = 5,
	};

	claims->node = PARTITION;
	claims->flags = 0;
	measure(&claiming, claims);
	measure(&closing, claims);
}

static int null_call(void *arg)
{
	return syscall(SYS_getppid);
}

static int null_ioctl(void *arg)
{
	struct claims *claims = arg;
	struct socassign_dma dma;

	return soc_dma(claims->fd, 0, &dma);
}

static int load(void *arg)
{
	struct claims *claims = arg;

	(void)claims->regs[ETSEC_IMASK / 4];
	return 0;
}

static int read_register(void *arg)
{
	struct claims *claims = arg;
	uint32_t value;

	return soc_pread(claims->fd, &claims->region, ETSEC_IMASK, &value,
			 sizeof(value));
}

static void bench_short(struct claims *claims)
{
	static const struct job jobs[] = {
		{ .what = "null system call", .run = null_call },
		{ .what = "ioctl that only asks (SOCASSIGN_DMA)",
		  .run = null_ioctl },
		{ .what = "read a register through mmap()", .run = load },
		{ .what = "read a register by pread()", .run = read_register },
	};

	must(board_set_param("kernel_access", "Y"), "kernel_access");
	must(claim(claims), DMA_BENCH_NODE);
	must(soc_region(claims->fd, 0, &claims->region), "registers");
	claims->regs = soc_map(claims->fd, &claims->region);
	must(claims->regs ? 0 : -errno, "mapping the registers");
	for (size_t i = 0; i < sizeof(jobs) / sizeof(jobs[0]); i++) {
		struct job job = jobs[i];

		job.times = SHORT;
		measure(&job, claims);
	}
	soc_unmap(claims->regs, &claims->region);
	close(claims->fd);
	must(board_set_param("kernel_access", "N"), "kernel_access");
}

void bench_claims(void)
{
	struct claims claims = {
		.dev = open(SOC_DEVICE, O_RDWR | O_CLOEXEC),
	};

	must(claims.dev < 0 ? -errno : 0, SOC_DEVICE);
	hand_out(&claims);
	bench_short(&claims);
	bench_device(&claims);
	bench_partition(&claims);
	close(claims.dev);
}
