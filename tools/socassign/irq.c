// SPDX-License-Identifier: GPL-2.0
/*
 * Interrupts: describing them, and their eventfds
 */
#include "internal.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* Describing */

static void take_irq(struct soca_irq *irq, const struct socassign_irq *cmd)
{
	irq->origin = cmd->out_origin;
	irq->flags = cmd->out_flags;
	irq->node = cmd->out_node;
	irq->entry = cmd->out_entry;
	irq->num_cells = cmd->out_num_cells;
	memcpy(irq->specifier, cmd->out_specifier, sizeof(irq->specifier));
}

static int split_irq_strings(struct soca_irq *irq, const char *controllers,
			     size_t controllers_len, const char *sharers,
			     size_t sharers_len)
{
	int ret = soca_split(controllers, controllers_len, &irq->controllers);

	return ret ? ret : soca_split(sharers, sharers_len, &irq->sharers);
}

/* The second call, with buffers of the sizes that the first one said. */
static int describe_strings(int fd, struct socassign_irq *cmd,
			    struct soca_irq *irq)
{
	size_t controllers_len = cmd->controllers_len;
	size_t sharers_len = cmd->sharers_len;
	char *name = calloc(1, cmd->name_len + 1);
	char *controllers = malloc(controllers_len + 1);
	char *sharers = malloc(sharers_len + 1);
	int ret = -ENOMEM;

	irq->name = name;
	if (name && controllers && sharers) {
		cmd->name = (uintptr_t)name;
		cmd->controllers = (uintptr_t)controllers;
		cmd->sharers = (uintptr_t)sharers;
		ret = soca_ioctl(fd, SOCASSIGN_IRQ, cmd);
	}
	if (!ret)
		ret = split_irq_strings(irq, controllers, controllers_len,
					sharers, sharers_len);
	free(controllers);
	free(sharers);
	return ret;
}

static int describe_irq(const struct soca_claim *claim, unsigned int index,
			struct soca_irq *irq)
{
	struct socassign_irq cmd = { .size = sizeof(cmd), .index = index };
	int ret = soca_ioctl(claim->fd, SOCASSIGN_IRQ, &cmd);

	if (ret)
		return ret;
	ret = describe_strings(claim->fd, &cmd, irq);
	take_irq(irq, &cmd);
	return ret;
}

int soca_describe_irqs(struct soca_claim *claim)
{
	int ret = 0;

	claim->irqs = calloc(claim->info.num_irqs + 1, sizeof(*claim->irqs));
	if (!claim->irqs)
		return -ENOMEM;
	for (unsigned int i = 0; i < claim->info.num_irqs; i++)
		claim->irqs[i].trigger = -1;
	for (unsigned int i = 0; i < claim->info.num_irqs && !ret; i++)
		ret = describe_irq(claim, i, &claim->irqs[i].desc);
	return ret;
}

void soca_undescribe_irqs(struct soca_claim *claim)
{
	for (unsigned int i = 0; claim->irqs && i < claim->info.num_irqs; i++) {
		free((void *)claim->irqs[i].desc.name);
		soca_strings_free(&claim->irqs[i].desc.controllers);
		soca_strings_free(&claim->irqs[i].desc.sharers);
	}
	free(claim->irqs);
}

const struct soca_irq *soca_irq_get(const struct soca_claim *claim,
				    unsigned int index)
{
	return index < claim->info.num_irqs ? &claim->irqs[index].desc : NULL;
}

int soca_irq_find(const struct soca_claim *claim, unsigned int node,
		  const char *name)
{
	for (unsigned int i = 0; i < claim->info.num_irqs; i++)
		if (claim->irqs[i].desc.node == node &&
		    !strcmp(claim->irqs[i].desc.name, name))
			return i;
	return -ENOENT;
}

int soca_irq_state(const struct soca_claim *claim, unsigned int index,
		   uint32_t *flags, uint64_t *count)
{
	struct socassign_irq cmd = { .size = sizeof(cmd), .index = index };
	int ret = soca_ioctl(claim->fd, SOCASSIGN_IRQ, &cmd);

	if (ret)
		return ret;
	if (flags)
		*flags = cmd.out_flags;
	if (count)
		*count = cmd.out_count;
	return 0;
}

/* Eventfds */

static struct soca_irq_slot *slot_of(const struct soca_claim *claim,
				     unsigned int index)
{
	return index < claim->info.num_irqs ? &claim->irqs[index] : NULL;
}

/* The flags need -1 for what is to be detached, 0 for what is not named. */
static int set_eventfds(const struct soca_claim *claim, unsigned int index,
			int trigger, int resample, bool set_resample)
{
	struct socassign_set_irq cmd = {
		.size = sizeof(cmd), .index = index,
		.flags = SOCASSIGN_SET_TRIGGER, .trigger_fd = trigger,
	};

	if (set_resample) {
		cmd.flags |= SOCASSIGN_SET_RESAMPLE;
		cmd.resample_fd = resample;
	}
	return soca_ioctl(claim->fd, SOCASSIGN_SET_IRQ, &cmd);
}

/* Of what was attached only what is ours is closed. */
static void replace_trigger(struct soca_irq_slot *slot, int trigger, bool owned)
{
	if (slot->owned && slot->trigger != trigger)
		close(slot->trigger);
	slot->trigger = trigger;
	slot->owned = owned;
}

static int attach(struct soca_claim *claim, unsigned int index, int trigger,
		  int resample, bool owned)
{
	struct soca_irq_slot *slot = slot_of(claim, index);
	int ret;

	if (!slot)
		return -ENOENT;
	if (trigger < 0 && trigger != -1)
		return -EBADF;
	ret = set_eventfds(claim, index, trigger, resample,
			   resample != -1 || slot->resampled);
	if (ret)
		return ret;
	slot->resampled = resample != -1;
	replace_trigger(slot, trigger, owned);
	return 0;
}

int soca_irq_attach(struct soca_claim *claim, unsigned int index, int trigger,
		    int resample)
{
	return trigger < 0 ? -EBADF :
			     attach(claim, index, trigger, resample, false);
}

int soca_irq_open(struct soca_claim *claim, unsigned int index)
{
	int trigger = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	int ret;

	if (trigger < 0)
		return -errno;
	ret = attach(claim, index, trigger, -1, true);
	if (ret)
		close(trigger);
	return ret;
}

int soca_irq_detach(struct soca_claim *claim, unsigned int index)
{
	return attach(claim, index, -1, -1, false);
}

int soca_irq_fd(const struct soca_claim *claim, unsigned int index)
{
	const struct soca_irq_slot *slot = slot_of(claim, index);

	return slot && slot->trigger >= 0 ? slot->trigger : -ENOENT;
}
