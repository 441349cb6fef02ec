// SPDX-License-Identifier: GPL-2.0
/*
 * Claims: opening, adopting, closing
 */
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The paths one after the other, as the ioctl wants them. */
static char *join(const char *const *paths, unsigned int num, size_t *len)
{
	char *list, *at;

	*len = 0;
	for (unsigned int i = 0; i < num; i++)
		*len += strlen(paths[i]) + 1;
	list = malloc(*len ? *len : 1);
	if (!list)
		return NULL;
	at = list;
	for (unsigned int i = 0; i < num; i++)
		at = stpcpy(at, paths[i]) + 1;
	return list;
}

int soca_query(struct socassign_query *query)
{
	*query = (struct socassign_query) { .size = sizeof(*query) };
	return soca_ask_driver(SOCASSIGN_QUERY, query);
}

/* 0 or a negative errno; the claim is in @fd, unless @flags has DRY_RUN. */
static int instantiate(const char *const *paths, unsigned int num,
		       uint32_t flags, char *reason, int *fd)
{
	struct socassign_instantiate cmd = {
		.size = sizeof(cmd), .flags = flags,
		.reason = (uintptr_t)reason,
		.reason_len = soca_reason_room(reason),
	};
	size_t len;
	char *list = join(paths, num, &len);
	int ret;

	if (reason)
		*reason = '\0';
	if (!list)
		return -ENOMEM;
	cmd.paths = (uintptr_t)list;
	cmd.paths_len = len;
	/* Keeps a length that does not fit the ABI's 32 bits away from it. */
	ret = len > SOCASSIGN_MAX_PATHS_LEN ? -ENAMETOOLONG :
	      soca_ask_driver(SOCASSIGN_INSTANTIATE, &cmd);
	free(list);
	*fd = cmd.out_fd;
	return ret;
}

int soca_open(const char *const *paths, unsigned int num, uint32_t flags,
	      struct soca_claim **claim, char *reason)
{
	int fd, ret;

	if (flags & SOCASSIGN_DRY_RUN)
		return -EINVAL;
	ret = instantiate(paths, num, flags, reason, &fd);
	if (ret)
		return ret;
	ret = soca_adopt(fd, claim);
	if (ret)
		close(fd);
	return ret;
}

int soca_dry_run(const char *const *paths, unsigned int num, uint32_t flags,
		 char *reason)
{
	int none;

	return instantiate(paths, num, flags | SOCASSIGN_DRY_RUN, reason, &none);
}

/* Any other file says ENOTTY, or something else that is not helpful. */
static int check_claim(int fd)
{
	struct socassign_info info = { .size = sizeof(info) };
	int ret = soca_ioctl(fd, SOCASSIGN_INFO, &info);

	if (!ret || ret == -EBADF || ret == -ENODEV || ret == -ENOMEM)
		return ret;
	return -EINVAL;
}

static int set_cloexec(int fd)
{
	int flags = fcntl(fd, F_GETFD);

	if (flags < 0 || fcntl(fd, F_SETFD, flags | FD_CLOEXEC) < 0)
		return -errno;
	return 0;
}

int soca_adopt(int fd, struct soca_claim **claim)
{
	struct soca_claim *new;
	int ret = check_claim(fd);

	if (ret)
		return ret;
	new = calloc(1, sizeof(*new));
	if (!new)
		return -ENOMEM;
	new->fd = fd;
	ret = soca_describe(new);
	if (!ret)
		ret = set_cloexec(fd);
	if (ret) {
		soca_undescribe(new);
		free(new);
		return ret;
	}
	*claim = new;
	return 0;
}

void soca_close(struct soca_claim *claim)
{
	if (!claim)
		return;
	/* A mapping would keep the claim alive behind the caller's back. */
	for (unsigned int i = 0; i < claim->info.num_regions; i++)
		soca_region_unmap(claim, i);
	for (unsigned int i = 0; i < claim->info.num_irqs; i++)
		if (claim->irqs[i].owned)
			close(claim->irqs[i].trigger);
	close(claim->fd);
	soca_undescribe(claim);
	free(claim);
}

int soca_fd(const struct soca_claim *claim)
{
	return claim->fd;
}

const struct soca_info *soca_info_get(const struct soca_claim *claim)
{
	return &claim->info;
}

bool soca_is_partition(const struct soca_claim *claim)
{
	return claim->info.num_regions &&
	       claim->regions[0].desc.kind == SOCASSIGN_REGION_MEMORY;
}

int soca_reset(const struct soca_claim *claim)
{
	struct socassign_reset cmd = { .size = sizeof(cmd) };

	return soca_ioctl(claim->fd, SOCASSIGN_RESET, &cmd);
}
