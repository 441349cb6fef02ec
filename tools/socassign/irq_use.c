// SPDX-License-Identifier: GPL-2.0
/*
 * Interrupts that are attached: waiting, masking, firing, CPUs
 */
#include "internal.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

/* struct socassign_set_irq: the CPU mask has at most so many bytes. */
#define MAX_CPU_BYTES	1024

/* Waiting */

static bool is_gone(const struct soca_claim *claim)
{
	int came = soca_poll(claim->fd, 0);

	return came > 0 && came & POLLHUP;
}

/* Somebody else may have read it meanwhile: that is like a timeout. */
static int take_count(int trigger, uint64_t *count)
{
	uint64_t came;

	if (read(trigger, &came, sizeof(came)) != sizeof(came))
		return errno == EAGAIN ? -ETIMEDOUT : -errno;
	if (count)
		*count = came;
	return 0;
}

/*
 * The driver signals the trigger once when the device goes, so it is enough to
 * poll that; but what came is then no interrupt.
 */
int soca_irq_wait(const struct soca_claim *claim, unsigned int index,
		  int milliseconds, uint64_t *count)
{
	int trigger = soca_irq_fd(claim, index);
	int came;

	if (trigger < 0)
		return trigger;
	if (is_gone(claim))
		return -ENODEV;
	came = soca_poll(trigger, milliseconds);
	if (came < 0)
		return came;
	if (is_gone(claim))
		return -ENODEV;
	return came ? take_count(trigger, count) : -ETIMEDOUT;
}

/* Acting */

static int act(const struct soca_claim *claim, unsigned int index,
	       uint32_t flags)
{
	struct socassign_set_irq cmd = {
		.size = sizeof(cmd), .index = index, .flags = flags,
	};

	return soca_ioctl(claim->fd, SOCASSIGN_SET_IRQ, &cmd);
}

int soca_irq_done(const struct soca_claim *claim, unsigned int index)
{
	const struct soca_irq *irq = soca_irq_get(claim, index);

	if (irq && !(irq->flags & SOCASSIGN_IRQ_LEVEL))
		return 0;
	return act(claim, index, SOCASSIGN_SET_EOI);
}

int soca_irq_mask(const struct soca_claim *claim, unsigned int index)
{
	return act(claim, index, SOCASSIGN_SET_MASK);
}

int soca_irq_unmask(const struct soca_claim *claim, unsigned int index)
{
	return act(claim, index, SOCASSIGN_SET_UNMASK);
}

int soca_irq_fire(const struct soca_claim *claim, unsigned int index)
{
	return act(claim, index, SOCASSIGN_SET_FIRE);
}

int soca_irq_affinity(const struct soca_claim *claim, unsigned int index,
		      const unsigned int *cpus, unsigned int num)
{
	uint64_t mask[MAX_CPU_BYTES / sizeof(uint64_t)] = { 0 };
	struct socassign_set_irq cmd = {
		.size = sizeof(cmd), .index = index,
		.flags = SOCASSIGN_SET_AFFINITY,
		.cpus_len = sizeof(mask), .cpus = (uintptr_t)mask,
	};

	for (unsigned int i = 0; i < num; i++) {
		if (cpus[i] >= 8 * sizeof(mask))
			return -EINVAL;
		mask[cpus[i] / 64] |= 1ULL << cpus[i] % 64;
	}
	return soca_ioctl(claim->fd, SOCASSIGN_SET_IRQ, &cmd);
}
