// SPDX-License-Identifier: GPL-2.0
/*
 * Memory that one of the guest's devices refers to, and that somebody outside has
 * as well: it is reserved, and what one writes the other reads.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../lib/devtree.h"
#include "guest.h"

#define REFERENCE	"memory-region"

static const struct dt_node *by_phandle(__u32 phandle)
{
	for (const struct dt_node *node = dt_first(); node; node = node->next)
		if (dt_cell_or(node, "phandle", 0) == phandle)
			return node;
	return NULL;
}

/* The partition, or NULL; @user: the first node that refers to one */
static const struct dt_node *find_partition(const struct dt_node **user)
{
	dt_load();
	for (*user = dt_first(); *user; *user = (*user)->next)
		if (dt_num_cells(*user, REFERENCE))
			return by_phandle(dt_cell(*user, REFERENCE, 0));
	return NULL;
}

static bool is_told_of(const char *record, const struct dt_span *span)
{
	unsigned long long first, last;
	const char *at = strstr(record, "memblock_reserve: [");

	return at && sscanf(strchr(at, '['), "[%llx-%llx]", &first, &last) == 2 &&
	       first == span->cpu && last == span->cpu + span->size - 1;
}

/* The kernel says so with memblock=debug; reading its log gives a record a time. */
static bool is_reserved(const struct dt_span *span)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	bool found = false;
	char record[1024];
	ssize_t len;

	while (!found && (len = read(fd, record, sizeof(record) - 1)) > 0) {
		record[len] = '\0';
		found = is_told_of(record, span);
	}
	close(fd);
	return found;
}

static volatile uint32_t *map(const struct dt_span *span)
{
	int fd = open("/dev/mem", O_RDWR | O_SYNC | O_CLOEXEC);
	void *mem = mmap(NULL, span->size, PROT_READ | PROT_WRITE, MAP_SHARED,
			 fd, span->cpu);

	close(fd);
	return mem == MAP_FAILED ? NULL : mem;
}

void reserved_step(void)
{
	const struct dt_node *user, *partition = find_partition(&user);
	volatile uint32_t *mem;
	struct dt_span span;

	if (!partition || !dt_reg(partition, 0, &span)) {
		step_failed("no device that refers to memory");
		return;
	}
	if (!is_reserved(&span)) {
		step_failed("%s is not reserved", partition->path);
		return;
	}
	mem = map(&span);
	if (!mem) {
		step_failed("/dev/mem: %s", strerror(errno));
		return;
	}
	mem[1] = ~mem[0];
	step_ok("%s has %s", user->path, partition->path);
	munmap((void *)mem, span.size);
}
