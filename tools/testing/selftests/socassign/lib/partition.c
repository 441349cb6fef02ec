// SPDX-License-Identifier: GPL-2.0
#include "partition.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "claim.h"
#include "devtree.h"

#define RESERVED	"/reserved-memory"

/* Up to its address, if it has one. */
static bool has_name(const char *node, const char *name)
{
	size_t len = strlen(name);

	return !strncmp(node, name, len) && (!node[len] || node[len] == '@');
}

const char *partition_node(const char *name)
{
	static char paths[8][300];
	static unsigned int next;
	DIR *dir = opendir("/sys/firmware/devicetree/base" RESERVED);
	struct dirent *entry;
	char *path = NULL;

	if (!dir)
		return NULL;
	while (!path && (entry = readdir(dir)))
		if (has_name(entry->d_name, name)) {
			path = paths[next++ % 8];
			snprintf(path, sizeof(paths[0]), RESERVED "/%s",
				 entry->d_name);
		}
	closedir(dir);
	return path;
}

/* Memory with nothing said about it, and not made to be refused. */
static bool is_plain(const struct dt_node *node)
{
	const char *name = strrchr(node->path, '/') + 1;

	return node->parent && !strcmp(node->parent->path, RESERVED) &&
	       (has_name(name, "partition") || has_name(name, "small"));
}

/* The node to take, or NULL. */
static const struct dt_node *find(__u64 length, struct dt_span *found)
{
	const struct dt_node *best = NULL;
	struct dt_span span;

	dt_load();
	for (struct dt_node *node = dt_first(); node; node = node->next) {
		if (!is_plain(node) || !dt_reg(node, 0, &span) ||
		    span.size < length || span.bus & (length - 1) ||
		    (best && span.size >= found->size))
			continue;
		best = node;
		*found = span;
	}
	return best;
}

static int map(struct partition *part)
{
	struct socassign_region region = {};
	int ret = soc_region(part->fd, 0, &region);
	char *mem;

	if (ret)
		return ret;
	part->length = region.out_bytes;
	mem = mmap(NULL, part->length, PROT_READ | PROT_WRITE, MAP_SHARED,
		   part->fd, region.out_cached_cookie);
	if (mem == MAP_FAILED)
		return -errno;
	part->mem = mem;
	return 0;
}

int partition_claim(struct partition *part, const char *node, __u32 flags)
{
	int ret;

	*part = (struct partition) { .fd = soc_claim(node, flags) };
	if (part->fd < 0)
		return part->fd;
	ret = map(part);
	if (ret)
		partition_close(part);
	return ret;
}

int partition_open(struct partition *part, __u64 length)
{
	struct dt_span span = {};
	const struct dt_node *node = find(length, &span);

	*part = (struct partition) { .fd = -1 };
	return node ? partition_claim(part, node->path, 0) : -ENOENT;
}

const char *physical_memory(__u64 address, size_t length)
{
	int fd = open("/dev/mem", O_RDONLY | O_CLOEXEC);
	char *mem;

	if (fd < 0)
		return NULL;
	mem = mmap(NULL, length, PROT_READ, MAP_SHARED, fd, address);
	close(fd);
	return mem == MAP_FAILED ? NULL : mem;
}

static __u64 size_of_claim(int fd)
{
	struct socassign_region region = {};

	return soc_region(fd, 0, &region) ? 0 : region.out_bytes;
}

__u64 partition_size(const char *what)
{
	const struct dt_node *node;
	struct dt_span span;

	if (!strncmp(what, "fd=", 3))
		return size_of_claim(atoi(what + 3));
	dt_load();
	node = dt_find(what);
	return node && dt_reg(node, 0, &span) ? span.size : 0;
}

void partition_close(struct partition *part)
{
	if (part->mem)
		munmap(part->mem, part->length);
	if (part->fd >= 0)
		close(part->fd);
	*part = (struct partition) { .fd = -1 };
}
