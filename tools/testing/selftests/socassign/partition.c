// SPDX-License-Identifier: GPL-2.0
/*
 * Partitions: memory that the device tree reserves, claimed by its path.  Who
 * gets it, what can be done with it, and that nobody sees what another has
 * left.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"
#include "lib/bench.h"
#include "lib/board.h"
#include "lib/devtree.h"
#include "lib/dma_bench.h"
#include "lib/overlay.h"
#include "lib/owner.h"
#include "lib/partition.h"
#include "lib/passfd.h"
#include "lib/procmaps.h"
#include "lib/refusal.h"
#include "lib/testmod.h"
#include "lib/who.h"

#define PAGE		((size_t)sysconf(_SC_PAGESIZE))
#define RW		(PROT_READ | PROT_WRITE)
#define SHARED		SOCASSIGN_SHARED
#define UNSAFE_DMA	SOCASSIGN_UNSAFE_DMA
#define ROOM		"/reserved-memory"

#define NO_NODE		"the device tree lacks this partition"

/* How many bytes from the start on are zero. */
static size_t zeros(const char *mem, size_t length)
{
	const volatile uint32_t *word = (const volatile uint32_t *)mem;
	size_t i = 0;

	while (i < length / sizeof(*word) && !word[i])
		i++;
	return i * sizeof(*word);
}

/* One owner: what is the same for each kind of partition */

FIXTURE(partition)
{
	const char *skip;
	char node[256];
	int fds;
	struct partition part;
	struct socassign_region region;
};

FIXTURE_VARIANT(partition)
{
	const char *name;
};

FIXTURE_VARIANT_ADD(partition, mapped) { .name = "small" };
FIXTURE_VARIANT_ADD(partition, no_map) { .name = "nomap" };
FIXTURE_VARIANT_ADD(partition, roaming) { .name = "roaming" };
FIXTURE_VARIANT_ADD(partition, not_shared) { .name = "shared" };

FIXTURE_SETUP(partition)
{
	const char *node = partition_node(variant->name);

	if (!node) {
		self->skip = NO_NODE;
		return;
	}
	strcpy(self->node, node);
	self->fds = board_count_fds();
	ASSERT_EQ(0, partition_claim(&self->part, node, 0));
	ASSERT_EQ(0, soc_region(self->part.fd, 0, &self->region));
}

FIXTURE_TEARDOWN(partition)
{
	if (self->skip)
		return;
	partition_close(&self->part);
	EXPECT_EQ(self->fds, board_count_fds());
	EXPECT_EQ(0, soc_try_claim(self->node, 0));
}

TEST_F(partition, info)
{
	SKIP_IF(self->skip);
	char paths[256] = "";
	/* It has none of these, and says so over what was there. */
	struct socassign_info info = {
		.out_num_irqs = 0x5a, .out_num_clocks = 0x5a,
		.out_has_reset = 0x5a, .out_num_dmas = 0x5a,
		.paths = (uintptr_t)paths, .paths_len = sizeof(paths),
	};

	ASSERT_EQ(0, soc_info(self->part.fd, &info));
	EXPECT_EQ(0, info.out_flags);
	EXPECT_EQ(SOCASSIGN_DMA_NONE, info.out_dma_class);
	EXPECT_EQ(1, info.out_num_nodes);
	EXPECT_EQ(1, info.out_num_regions);
	EXPECT_EQ(0, info.out_num_irqs);
	EXPECT_EQ(0, info.out_num_clocks);
	EXPECT_EQ(0, info.out_has_reset);
	EXPECT_EQ(0, info.out_num_dmas);
	EXPECT_EQ(strlen(self->node) + 1, info.paths_len);
	EXPECT_STREQ(self->node, paths);
	EXPECT_EQ(FD_CLOEXEC, fcntl(self->part.fd, F_GETFD));
}

/* As the tree says; a partition that has no address has a size. */
static __u64 size_in_tree(const char *path, struct dt_span *span)
{
	const struct dt_node *node;

	dt_load();
	node = dt_find(path);
	if (dt_reg(node, 0, span))
		return span->size;
	span->cpu = 0;
	return (__u64)dt_cell(node, "size", 0) << 32 | dt_cell(node, "size", 1);
}

TEST_F(partition, region)
{
	SKIP_IF(self->skip);
	char name[16] = "none", neighbours[16] = "none";
	struct socassign_region region = {
		.name = (uintptr_t)name, .name_len = sizeof(name),
		.neighbours = (uintptr_t)neighbours,
		.neighbours_len = sizeof(neighbours),
	};
	struct dt_span span;

	ASSERT_EQ(0, soc_region(self->part.fd, 0, &region));
	EXPECT_EQ(SOCASSIGN_REGION_MEMORY, region.out_kind);
	EXPECT_EQ(SOCASSIGN_REGION_MMAP_CACHED, region.out_flags);
	EXPECT_EQ(0, region.out_node);
	EXPECT_EQ(0, region.out_entry);
	EXPECT_EQ(0, region.out_widths);
	EXPECT_EQ(0, region.out_page_offset);
	EXPECT_EQ(size_in_tree(self->node, &span), region.out_bytes);
	EXPECT_EQ(0, region.out_cookie);
	EXPECT_NE(0, region.out_cached_cookie);
	EXPECT_EQ(0, region.out_cached_cookie % PAGE);
	EXPECT_EQ(0, region.out_bus_address);
	EXPECT_EQ(1, region.name_len);
	EXPECT_STREQ("", name);
	EXPECT_EQ(0, region.neighbours_len);
	EXPECT_EQ(-ENOENT, soc_region(self->part.fd, 1, &region));
}

TEST_F(partition, is_no_device)
{
	SKIP_IF(self->skip);
	struct socassign_dma_map map = {
		.flags = DMA_RW, .memory_fd = self->part.fd, .length = PAGE,
	};
	struct pollfd pollfd = { .fd = self->part.fd, .events = POLLIN };
	struct socassign_get_event event;
	struct socassign_clock clock = {};
	struct socassign_irq irq = {};
	struct socassign_dma dma = {};
	const int fd = self->part.fd;

	EXPECT_EQ(-ENOENT, soc_irq(fd, 0, &irq));
	EXPECT_EQ(-ENOENT, soc_set_irq(fd, 0, SOCASSIGN_SET_MASK));
	EXPECT_EQ(-ENOENT, soc_clock(fd, 0, &clock));
	EXPECT_EQ(-ENOENT, soc_dma(fd, 0, &dma));
	EXPECT_EQ(-ENOENT, soc_dma_map(fd, &map));
	EXPECT_EQ(-ENOENT, soc_dma_unmap_all(fd, 0));
	EXPECT_EQ(-ENOENT, soc_dma_enable(fd, 0));
	EXPECT_EQ(-EOPNOTSUPP, soc_reset(fd));
	EXPECT_EQ(-EAGAIN, soc_get_event(fd, &event));
	EXPECT_EQ(0, poll(&pollfd, 1, 0));
}

/* At @offset of the partition; MAP_FAILED with errno set. */
static void *map_at(FIXTURE_DATA(partition) *self, size_t length, __u64 offset,
		    int prot)
{
	return mmap(NULL, length, prot, MAP_SHARED, self->part.fd,
		    self->region.out_cached_cookie + offset);
}

TEST_F(partition, reads_what_was_written)
{
	SKIP_IF(self->skip);
	const size_t length = self->part.length;
	char *again = map_at(self, length, 0, PROT_READ), *last;

	ASSERT_TRUE(again != MAP_FAILED);
	pattern_fill(self->part.mem, length, 1);
	EXPECT_EQ(length, pattern_changed(self->part.mem, length, 1));
	EXPECT_EQ(length, pattern_changed(again, length, 1));
	last = map_at(self, PAGE, length - PAGE, RW);
	ASSERT_TRUE(last != MAP_FAILED);
	last[PAGE - 1] = 0x5a;
	last[0] = 0x77;
	EXPECT_EQ(0x5a, again[length - 1]);
	EXPECT_EQ(0x77, self->part.mem[length - PAGE]);
	munmap(last, PAGE);
	munmap(again, length);
}

/* Where it is tells a claim with UNSAFE_DMA. */
static __u64 claim_and_ask(struct __test_metadata *_metadata,
			   struct partition *part, const char *node)
{
	struct socassign_region region = {};

	ASSERT_EQ(0, board_set_param("unsafe_dma", "Y"));
	EXPECT_EQ(0, partition_claim(part, node, UNSAFE_DMA));
	ASSERT_EQ(0, board_set_param("unsafe_dma", "N"));
	ASSERT_EQ(0, soc_region(part->fd, 0, &region));
	return region.out_bus_address;
}

/* It is the memory that the tree says, in order and whole. */
TEST_F(partition, is_where_it_says)
{
	SKIP_IF(self->skip);
	const size_t length = self->part.length;
	struct dt_span span;
	const char *mem;
	__u64 first;

	partition_close(&self->part);
	first = claim_and_ask(_metadata, &self->part, self->node);
	EXPECT_NE(0, first);
	size_in_tree(self->node, &span);
	if (span.cpu)
		EXPECT_EQ(span.cpu, first);
	mem = physical_memory(first, length);
	if (!mem)
		SKIP(return, "the kernel does not show what is there");
	pattern_fill(self->part.mem, length, 11);
	EXPECT_EQ(length, pattern_changed(mem, length, 11));
	munmap((void *)mem, length);
}

#define EXPECT_NO_MMAP(_errno, _mmap) do {				\
	errno = 0;							\
	EXPECT_TRUE((_mmap) == MAP_FAILED);				\
	EXPECT_EQ(_errno, errno);					\
} while (0)

TEST_F(partition, mapped_shared_and_not_executable)
{
	SKIP_IF(self->skip);
	const __u64 cookie = self->region.out_cached_cookie;
	const int fd = self->part.fd;

	EXPECT_NO_MMAP(EINVAL, mmap(NULL, PAGE, RW, MAP_PRIVATE, fd, cookie));
	EXPECT_NO_MMAP(EINVAL, mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd,
				    cookie));
	EXPECT_NO_MMAP(EPERM, map_at(self, PAGE, 0, RW | PROT_EXEC));
	EXPECT_NO_MMAP(EPERM, map_at(self, PAGE, 0, PROT_EXEC));
	EXPECT_EQ(-1, mprotect(self->part.mem, PAGE, RW | PROT_EXEC));
	EXPECT_EQ(EACCES, errno);
}

TEST_F(partition, mapped_within_its_bounds)
{
	SKIP_IF(self->skip);
	const size_t length = self->part.length;
	char *last = map_at(self, PAGE, length - PAGE, RW);

	ASSERT_TRUE(last != MAP_FAILED);
	EXPECT_NO_MMAP(EINVAL, map_at(self, length + PAGE, 0, RW));
	EXPECT_NO_MMAP(EINVAL, map_at(self, length, PAGE, RW));
	EXPECT_NO_MMAP(EINVAL, map_at(self, PAGE, length, RW));
	EXPECT_NO_MMAP(EINVAL, map_at(self, 2 * PAGE, length - PAGE, RW));
	EXPECT_NO_MMAP(EINVAL, map_at(self, PAGE, -(__u64)PAGE, RW));
	EXPECT_NO_MMAP(EINVAL, map_at(self, PAGE, 1ULL << 40, RW));
	EXPECT_NO_MMAP(EFAULT, mremap(last, PAGE, 2 * PAGE, MREMAP_MAYMOVE));
	EXPECT_NO_MMAP(EFAULT, mremap(self->part.mem, length, length + PAGE,
				      MREMAP_MAYMOVE));
	munmap(last, PAGE);
}

/* Moved, with a hole, with other rights: each page is still the same. */
TEST_F(partition, mappings_can_be_cut_and_moved)
{
	SKIP_IF(self->skip);
	char *mem = map_at(self, 4 * PAGE, 8 * PAGE, RW), *moved;

	ASSERT_TRUE(mem != MAP_FAILED);
	pattern_fill(self->part.mem, self->part.length, 2);
	ASSERT_EQ(0, munmap(mem + PAGE, PAGE));
	ASSERT_EQ(0, mprotect(mem + 3 * PAGE, PAGE, PROT_READ));
	EXPECT_EQ(0, memcmp(mem, self->part.mem + 8 * PAGE, PAGE));
	EXPECT_EQ(0, memcmp(mem + 2 * PAGE, self->part.mem + 10 * PAGE,
			    2 * PAGE));
	moved = mremap(mem + 3 * PAGE, PAGE, PAGE,
		       MREMAP_MAYMOVE | MREMAP_FIXED, mem + PAGE);
	ASSERT_TRUE(moved == mem + PAGE);
	EXPECT_EQ(0, memcmp(moved, self->part.mem + 11 * PAGE, PAGE));
	munmap(mem, 4 * PAGE);
}

/* Its address is told with UNSAFE_DMA only. */
TEST_F(partition, proc_maps_show_the_cookie)
{
	SKIP_IF(self->skip);
	struct procmap map;

	SKIP_IF(procmaps_shows_frames());
	ASSERT_TRUE(procmaps_find(self->part.mem, &map));
	EXPECT_EQ(self->region.out_cached_cookie, map.offset);
	ASSERT_EQ(0, mprotect(self->part.mem + 2 * PAGE, PAGE, PROT_READ));
	ASSERT_TRUE(procmaps_find(self->part.mem + 2 * PAGE, &map));
	EXPECT_EQ(self->region.out_cached_cookie + 2 * PAGE, map.offset);
}

TEST_F(partition, no_pread_and_pwrite)
{
	SKIP_IF(self->skip);
	const __u64 cookie = self->region.out_cached_cookie;
	const __u64 at[] = { 0, PAGE, cookie, cookie + 8, cookie + PAGE };
	__u64 value = ~0ULL;

	for (size_t i = 0; i < sizeof(at) / sizeof(at[0]); i++)
		for (size_t width = 1; width <= 8; width *= 2) {
			EXPECT_EQ(-1, pread(self->part.fd, &value, width, at[i]));
			EXPECT_EQ(EINVAL, errno);
			EXPECT_EQ(-1, pwrite(self->part.fd, &value, width, at[i]));
			EXPECT_EQ(EINVAL, errno);
		}
	EXPECT_EQ(~0ULL, value);
	EXPECT_EQ(self->part.length, zeros(self->part.mem, self->part.length));
}

/* Page faults that it takes to read all of it. */
static long faults_to_read(const char *mem, size_t length)
{
	struct rusage before, after;

	getrusage(RUSAGE_SELF, &before);
	for (size_t at = 0; at < length; at += PAGE)
		(void)*(const volatile char *)(mem + at);
	getrusage(RUSAGE_SELF, &after);
	return after.ru_minflt - before.ru_minflt;
}

TEST_F(partition, prefault)
{
	SKIP_IF(self->skip);
	const size_t length = self->part.length;
	const int fd = self->part.fd;
	char *mem = map_at(self, length, 0, RW);

	ASSERT_TRUE(mem != MAP_FAILED);
	EXPECT_GT(4, faults_to_read(self->part.mem, length));
	EXPECT_EQ(0, soc_prefault(fd, mem, length));
	EXPECT_GT(4, faults_to_read(mem, length));
	EXPECT_EQ(0, soc_prefault(fd, mem, length));
	pattern_fill(mem, length, 3);
	EXPECT_EQ(length, pattern_changed(self->part.mem, length, 3));
	ASSERT_EQ(0, munmap(mem, PAGE));
	EXPECT_EQ(-EFAULT, soc_prefault(fd, mem, length));
	EXPECT_EQ(-EINVAL, soc_prefault(fd, mem + PAGE + 1, PAGE));
	EXPECT_EQ(-EINVAL, soc_prefault(fd, mem + PAGE, 0));
	munmap(mem + PAGE, length - PAGE);
}

/* In a child: sees the parent's memory, and changes it. */
static int look_and_write(void *arg)
{
	const struct partition *part = arg;

	if (pattern_changed(part->mem, part->length, 4) != part->length)
		return 1;
	pattern_fill(part->mem, part->length, 5);
	return 0;
}

TEST_F(partition, is_the_same_in_a_child)
{
	SKIP_IF(self->skip);
	const size_t length = self->part.length;

	pattern_fill(self->part.mem, length, 4);
	EXPECT_EQ(0, who_does(who_root, look_and_write, &self->part));
	EXPECT_EQ(length, pattern_changed(self->part.mem, length, 5));
}

/* An unprivileged VMM is handed the fd. */
static int map_and_write(void *arg)
{
	struct partition *part = arg;
	struct socassign_region region = {};
	char *mem;

	if (soc_region(part->fd, 0, &region))
		return 1;
	mem = mmap(NULL, part->length, RW, MAP_SHARED, part->fd,
		   region.out_cached_cookie);
	if (mem == MAP_FAILED)
		return 2;
	pattern_fill(mem, part->length, 6);
	return 0;
}

TEST_F(partition, works_for_nobody_with_the_fd)
{
	SKIP_IF(self->skip);
	const size_t length = self->part.length;

	EXPECT_EQ(0, who_does(who_nobody, map_and_write, &self->part));
	EXPECT_EQ(length, pattern_changed(self->part.mem, length, 6));
}

/* To the kernel, too, it is memory that can be read and written. */
TEST_F(partition, system_calls_can_use_it)
{
	SKIP_IF(self->skip);
	char *mem = self->part.mem, *end = mem + self->part.length - 8;
	int pipefd[2];

	ASSERT_EQ(0, pipe(pipefd));
	memcpy(mem, "message", 8);
	EXPECT_EQ(8, write(pipefd[1], mem, 8));
	EXPECT_EQ(8, read(pipefd[0], end, 8));
	EXPECT_STREQ("message", end);
	close(pipefd[0]);
	close(pipefd[1]);
}

/* It is no memory that can be pinned; it needs none of that. */
TEST_F(partition, is_no_memory_object)
{
	SKIP_IF(self->skip);
	const int fd = self->part.fd;
	char *mem = self->part.mem;
	int memory;

	EXPECT_EQ(-EFAULT, soc_memory(fd, mem, PAGE, 0));
	EXPECT_EQ(-EFAULT, soc_memory(fd, mem, PAGE, SOCASSIGN_MEMORY_WRITE));
	ASSERT_EQ(0, soc_prefault(fd, mem, self->part.length));
	EXPECT_EQ(-EFAULT, soc_memory(fd, mem, self->part.length, 0));
	EXPECT_EQ(-EFAULT, soc_memory(fd, mem, PAGE, SOCASSIGN_MEMORY_WRITE));
	/* Other memory can, with a partition's claim as with any. */
	mem = mmap(NULL, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	memory = soc_memory(fd, mem, PAGE, SOCASSIGN_MEMORY_WRITE);
	EXPECT_LE(0, memory);
	close(memory);
	munmap(mem, PAGE);
}

/* Hand-over */

TEST_F(partition, is_zeroed_at_each_hand_over)
{
	SKIP_IF(self->skip);
	const size_t length = self->part.length;

	for (int i = 0; i < 3; i++) {
		EXPECT_EQ(length, zeros(self->part.mem, length));
		pattern_fill(self->part.mem, length, i);
		partition_close(&self->part);
		ASSERT_EQ(0, partition_claim(&self->part, self->node, 0));
	}
	EXPECT_EQ(length, zeros(self->part.mem, length));
}

TEST_F(partition, has_one_owner)
{
	SKIP_IF(self->skip);
	const size_t length = self->part.length;

	pattern_fill(self->part.mem, length, 7);
	check_refusal(_metadata, -EBUSY, self->node, 0, "owner");
	EXPECT_EQ(-EBUSY, soc_try_claim(self->node, SOCASSIGN_SUBTREE));
	EXPECT_EQ(length, pattern_changed(self->part.mem, length, 7));
	partition_close(&self->part);
	EXPECT_EQ(0, soc_try_claim(self->node, 0));
}

TEST_F(partition, belongs_to_its_mapping)
{
	SKIP_IF(self->skip);
	const size_t length = self->part.length;
	char *mem = self->part.mem;

	pattern_fill(mem, length, 8);
	close(self->part.fd);
	self->part.fd = -1;
	EXPECT_EQ(length, pattern_changed(mem, length, 8));
	EXPECT_EQ(-EBUSY, soc_try_claim(self->node, 0));
	/* All but a page in the middle. */
	ASSERT_EQ(0, munmap(mem, 2 * PAGE));
	ASSERT_EQ(0, munmap(mem + 3 * PAGE, length - 3 * PAGE));
	EXPECT_EQ(-EBUSY, soc_try_claim(self->node, 0));
	ASSERT_EQ(0, munmap(mem + 2 * PAGE, PAGE));
	self->part.mem = NULL;
	ASSERT_EQ(0, partition_claim(&self->part, self->node, 0));
	EXPECT_EQ(length, zeros(self->part.mem, length));
}

/* As nobody: take it from the message, and write to it. */
static int receive_and_write(void *arg)
{
	struct partition part = { .fd = receive_fd(*(int *)arg) };
	struct socassign_region region = {};

	if (soc_region(part.fd, 0, &region))
		return 10;
	part.length = region.out_bytes;
	return map_and_write(&part);
}

TEST_F(partition, belongs_to_a_message)
{
	SKIP_IF(self->skip);
	int sock[2];

	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, sock));
	ASSERT_EQ(0, send_fd(sock[0], self->part.fd));
	ASSERT_EQ(0, send_fd(sock[0], self->part.fd));
	partition_close(&self->part);
	EXPECT_EQ(-EBUSY, soc_try_claim(self->node, 0));
	EXPECT_EQ(0, who_does(who_nobody, receive_and_write, &sock[1]));
	EXPECT_EQ(-EBUSY, soc_try_claim(self->node, 0));
	/* The second message is never read. */
	close(sock[0]);
	close(sock[1]);
	ASSERT_EQ(0, partition_claim(&self->part, self->node, 0));
	EXPECT_EQ(self->part.length, zeros(self->part.mem, self->part.length));
}

struct ownership {
	const char *node;
	__u32 flags;
};

/* What one that is to be killed does */
static int claim_and_write(void *arg)
{
	const struct ownership *it = arg;
	struct partition part;
	int ret = partition_claim(&part, it->node, it->flags);

	if (!ret)
		pattern_fill(part.mem, part.length, 9);
	return ret;
}

static pid_t start_owner(const char *node, __u32 flags)
{
	struct ownership it = { node, flags };

	return owner_start(claim_and_write, NULL, &it);
}

TEST_F(partition, owner_is_killed)
{
	SKIP_IF(self->skip);
	pid_t pid;

	partition_close(&self->part);
	pid = start_owner(self->node, 0);
	ASSERT_LT(0, pid);
	EXPECT_EQ(-EBUSY, soc_try_claim(self->node, 0));
	ASSERT_EQ(0, kill(pid, SIGKILL));
	ASSERT_EQ(pid, waitpid(pid, NULL, 0));
	ASSERT_EQ(0, partition_claim(&self->part, self->node, 0));
	EXPECT_EQ(self->part.length, zeros(self->part.mem, self->part.length));
}

/* A claim that fails when it is all but there gives the partition back. */
TEST_F(partition, nowhere_to_put_the_fd)
{
	SKIP_IF(self->skip);
	struct rlimit limit, few;
	int dev = open(SOC_DEVICE, O_RDWR | O_CLOEXEC);
	size_t len = strlen(self->node) + 1;

	partition_close(&self->part);
	ASSERT_EQ(0, getrlimit(RLIMIT_NOFILE, &limit));
	few = limit;
	few.rlim_cur = 0;
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &few));
	EXPECT_EQ(-EMFILE, soc_instantiate(dev, self->node, len, 0));
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &limit));
	close(dev);
	EXPECT_EQ(0, partition_claim(&self->part, self->node, 0));
}

TEST_F(partition, answer_in_read_only_memory)
{
	SKIP_IF(self->skip);
	struct socassign_instantiate *cmd =
		mmap(NULL, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int dev = open(SOC_DEVICE, O_RDWR | O_CLOEXEC);

	ASSERT_TRUE(cmd != MAP_FAILED);
	partition_close(&self->part);
	*cmd = (struct socassign_instantiate) {
		.size = sizeof(*cmd), .paths = (uintptr_t)self->node,
		.paths_len = strlen(self->node) + 1,
	};
	ASSERT_EQ(0, mprotect(cmd, PAGE, PROT_READ));
	EXPECT_EQ(-EFAULT, soc_ioctl(dev, SOCASSIGN_INSTANTIATE, cmd));
	munmap(cmd, PAGE);
	close(dev);
	EXPECT_EQ(0, partition_claim(&self->part, self->node, 0));
}

/* The largest: its size is what the others lack. */
TEST(large)
{
	const char *node = partition_node("partition");
	struct partition part;

	if (!node)
		SKIP(return, NO_NODE);
	for (int i = 0; i < 2; i++) {
		ASSERT_EQ(0, partition_claim(&part, node, 0));
		EXPECT_EQ(part.length, zeros(part.mem, part.length));
		memset(part.mem, 0xff, part.length);
		partition_close(&part);
	}
}

/* Several owners */

#define OWNERS	3

FIXTURE(shared)
{
	const char *skip;
	char node[256];
	int fds;
	struct partition part[OWNERS];
};

FIXTURE_SETUP(shared)
{
	const char *node = partition_node("shared");

	for (int i = 0; i < OWNERS; i++)
		self->part[i].fd = -1;
	if (!node) {
		self->skip = NO_NODE;
		return;
	}
	strcpy(self->node, node);
	self->fds = board_count_fds();
	ASSERT_EQ(0, partition_claim(&self->part[0], node, SHARED));
}

FIXTURE_TEARDOWN(shared)
{
	if (self->skip)
		return;
	for (int i = 0; i < OWNERS; i++)
		partition_close(&self->part[i]);
	EXPECT_EQ(self->fds, board_count_fds());
	EXPECT_EQ(0, soc_try_claim(self->node, 0));
}

TEST_F(shared, says_so)
{
	SKIP_IF(self->skip);
	struct socassign_info info = {};

	ASSERT_EQ(0, soc_info(self->part[0].fd, &info));
	EXPECT_EQ(SHARED, info.out_flags);
	EXPECT_EQ(SOCASSIGN_DMA_NONE, info.out_dma_class);
}

TEST_F(shared, owners_see_each_other)
{
	SKIP_IF(self->skip);
	const size_t length = self->part[0].length;

	pattern_fill(self->part[0].mem, length, 1);
	for (int i = 1; i < OWNERS; i++)
		ASSERT_EQ(0, partition_claim(&self->part[i], self->node, SHARED));
	for (int i = 0; i < OWNERS; i++) {
		EXPECT_EQ(length, pattern_changed(self->part[i].mem, length,
						  i + 1));
		pattern_fill(self->part[i].mem, length, i + 2);
	}
	EXPECT_EQ(length, pattern_changed(self->part[0].mem, length,
					  OWNERS + 1));
}

TEST_F(shared, not_with_one_who_does_not)
{
	SKIP_IF(self->skip);
	const size_t length = self->part[0].length;

	pattern_fill(self->part[0].mem, length, 1);
	check_refusal(_metadata, -EBUSY, self->node, 0, "owner");
	EXPECT_EQ(length, pattern_changed(self->part[0].mem, length, 1));
	partition_close(&self->part[0]);
	ASSERT_EQ(0, partition_claim(&self->part[0], self->node, 0));
	pattern_fill(self->part[0].mem, length, 2);
	check_refusal(_metadata, -EBUSY, self->node, SHARED, "owner");
	EXPECT_EQ(length, pattern_changed(self->part[0].mem, length, 2));
	partition_close(&self->part[0]);
	ASSERT_EQ(0, partition_claim(&self->part[0], self->node, SHARED));
	EXPECT_EQ(length, zeros(self->part[0].mem, length));
}

/* The contents last as long as there is an owner, whichever. */
TEST_F(shared, contents_stay_with_the_last)
{
	SKIP_IF(self->skip);
	const size_t length = self->part[0].length;

	pattern_fill(self->part[0].mem, length, 1);
	for (int i = 1; i < OWNERS; i++) {
		ASSERT_EQ(0, partition_claim(&self->part[i], self->node, SHARED));
		partition_close(&self->part[i - 1]);
		EXPECT_EQ(length, pattern_changed(self->part[i].mem, length, 1));
	}
	partition_close(&self->part[OWNERS - 1]);
	ASSERT_EQ(0, partition_claim(&self->part[0], self->node, SHARED));
	EXPECT_EQ(length, zeros(self->part[0].mem, length));
}

/* Who has a mapping left, or was killed. */
TEST_F(shared, owners_of_all_kinds)
{
	SKIP_IF(self->skip);
	const size_t length = self->part[0].length;
	pid_t pid = start_owner(self->node, SHARED);

	ASSERT_LT(0, pid);
	EXPECT_EQ(length, pattern_changed(self->part[0].mem, length, 9));
	close(self->part[0].fd);
	self->part[0].fd = -1;
	kill(pid, SIGKILL);
	ASSERT_EQ(pid, waitpid(pid, NULL, 0));
	EXPECT_EQ(-EBUSY, soc_try_claim(self->node, 0));
	ASSERT_EQ(0, partition_claim(&self->part[1], self->node, SHARED));
	EXPECT_EQ(length, pattern_changed(self->part[1].mem, length, 9));
	partition_close(&self->part[1]);
	partition_close(&self->part[0]);
	ASSERT_EQ(0, partition_claim(&self->part[0], self->node, 0));
	EXPECT_EQ(length, zeros(self->part[0].mem, length));
}

/* Claims that fail, before and after the memory is looked at. */
TEST_F(shared, failures_leave_the_contents)
{
	SKIP_IF(self->skip);
	const size_t length = self->part[0].length;
	int dev = open(SOC_DEVICE, O_RDWR | O_CLOEXEC);
	struct rlimit limit, few;

	pattern_fill(self->part[0].mem, length, 1);
	ASSERT_EQ(0, getrlimit(RLIMIT_NOFILE, &limit));
	few = limit;
	few.rlim_cur = 0;
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &few));
	EXPECT_EQ(-EMFILE, soc_instantiate(dev, self->node,
					   strlen(self->node) + 1, SHARED));
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &limit));
	close(dev);
	EXPECT_EQ(-EBUSY, soc_try_claim(self->node, 0));
	EXPECT_EQ(length, pattern_changed(self->part[0].mem, length, 1));
	ASSERT_EQ(0, partition_claim(&self->part[1], self->node, SHARED));
	EXPECT_EQ(length, pattern_changed(self->part[1].mem, length, 1));
}

TEST(shared_only_where_the_node_says_so)
{
	const char *node = partition_node("partition");

	if (!node)
		SKIP(return, NO_NODE);
	check_refusal(_metadata, -EINVAL, node, SHARED, "property socassign,shared");
	EXPECT_EQ(0, soc_try_claim(node, 0));
}

TEST(shared_is_not_for_devices)
{
	const char *node = board_extra("names@90000");

	check_refusal(_metadata, -EINVAL, node,
		      SHARED | SOCASSIGN_NO_DMA, "SHARED");
	EXPECT_EQ(0, soc_try_claim(node, SOCASSIGN_NO_DMA));
}

/* What nobody gets */

FIXTURE(forbidden)
{
};

FIXTURE_VARIANT(forbidden)
{
	const char *name;
	const char *rule;
};

#define FORBIDDEN(_variant, _name, _rule)				\
	FIXTURE_VARIANT_ADD(forbidden, _variant) {			\
		.name = _name, .rule = _rule,				\
	}

FORBIDDEN(reusable, "reusable", "kernel uses it");
FORBIDDEN(of_a_driver, "pool", "(compatible)");
FORBIDDEN(disabled, "asleep", "did not reserve");
FORBIDDEN(odd_size, "odd-size", "whole pages");
FORBIDDEN(odd_start, "odd-start", "whole pages");
FORBIDDEN(no_memory, "beyond", "no memory");
FORBIDDEN(two_parts, "parts", "more than one part");
FORBIDDEN(overlaps_a_second_part, "beneath", "overlaps");
FORBIDDEN(overlaps_a_later, "over", "overlaps");
FORBIDDEN(overlaps_an_earlier, "under", "overlaps");

FIXTURE_SETUP(forbidden)
{
}

FIXTURE_TEARDOWN(forbidden)
{
}

TEST_F(forbidden, claim)
{
	const char *node = partition_node(variant->name);

	if (!node)
		SKIP(return, NO_NODE);
	check_refusal(_metadata, -EACCES, node, 0, variant->rule);
	EXPECT_EQ(-EACCES, soc_try_claim(node, SOCASSIGN_NO_DMA));
}

TEST(nobody_gets_what_is_above_or_below)
{
	const char *pool = partition_node("pool");
	char inner[300];

	check_refusal(_metadata, -EACCES, ROOM, 0, "it is memory");
	EXPECT_EQ(-EACCES, soc_try_claim(ROOM, SOCASSIGN_SUBTREE));
	if (!pool)
		SKIP(return, NO_NODE);
	strcat(strcpy(inner, pool), "/inner");
	check_refusal(_metadata, -EACCES, inner, 0, "it is memory");
	EXPECT_EQ(-ENOENT, soc_try_claim(ROOM "/no-such-node", 0));
}

/* A device whose registers are a partition, mapped by the host or not. */
TEST(nobody_gets_it_as_registers)
{
	static const char * const names[] = { "partition", "nomap" };

	for (int i = 0; i < 2; i++) {
		const char *node = partition_node(names[i]);
		char path[256] = "/overlap";

		if (!node)
			SKIP(return, NO_NODE);
		strcat(path, strchr(node, '@'));
		check_refusal(_metadata, -EACCES, path, SOCASSIGN_NO_DMA,
			      "registers where");
		EXPECT_EQ(0, soc_try_claim(node, 0));
	}
}

/* Alone */

static int claim_two(const char *first, const char *second, __u32 flags)
{
	char list[512];
	size_t len = strlen(first) + 1;
	int fd;

	strcpy(list, first);
	strcpy(list + len, second);
	fd = soc_claim_list(list, len + strlen(second) + 1, flags);
	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}

static int claim_both(void *arg)
{
	const char **both = arg;

	return claim_two(both[0], both[1], 0);
}

TEST(claimed_alone)
{
	const char *device = board_extra("names@90000");
	const char *part = partition_node("partition");
	const char *small = partition_node("small");
	const char *both[2] = { part, small };

	if (!part || !small)
		SKIP(return, NO_NODE);
	check_refused(_metadata, -EINVAL, claim_both, both, part, "alone");
	EXPECT_EQ(-EINVAL, claim_two(part, device, SOCASSIGN_NO_DMA));
	EXPECT_EQ(-EINVAL, claim_two(device, part, SOCASSIGN_NO_DMA));
	EXPECT_EQ(-EINVAL, claim_two(part, part, 0));
	/* Nothing of it is kept. */
	EXPECT_EQ(0, soc_try_claim(part, 0));
	EXPECT_EQ(0, soc_try_claim(small, 0));
	EXPECT_EQ(0, soc_try_claim(device, SOCASSIGN_NO_DMA));
}

/* Who may */

FIXTURE(caller)
{
	int dev;
};

FIXTURE_VARIANT(caller)
{
	who_becomes become;
};

FIXTURE_VARIANT_ADD(caller, without_sys_admin) { .become = who_without_sys_admin };
FIXTURE_VARIANT_ADD(caller, nobody) { .become = who_nobody };
FIXTURE_VARIANT_ADD(caller, nobody_in_user_ns) { .become = who_nobody_in_user_ns };
FIXTURE_VARIANT_ADD(caller, root_in_user_ns) { .become = who_root_in_user_ns };

FIXTURE_SETUP(caller)
{
	self->dev = open(SOC_DEVICE, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, self->dev);
}

FIXTURE_TEARDOWN(caller)
{
	close(self->dev);
}

/* Through a descriptor that root has opened. */
struct attempt {
	int dev;
	const char *node;
	__u32 flags;
};

static int instantiate(void *arg)
{
	const struct attempt *attempt = arg;
	int ret = soc_instantiate(attempt->dev, attempt->node,
				  strlen(attempt->node) + 1, attempt->flags);

	return ret < 0 ? ret : 0;
}

/* By somebody else. */
struct other_attempt {
	who_becomes become;
	struct attempt *attempt;
};

static int instantiate_as(void *arg)
{
	const struct other_attempt *other = arg;

	return who_does(other->become, instantiate, other->attempt);
}

TEST_F(caller, needs_sys_admin)
{
	struct attempt plain = { self->dev, partition_node("partition"), 0 };
	struct attempt shared = { self->dev, partition_node("shared"), SHARED };
	struct other_attempt other = { variant->become, &plain };

	if (!plain.node || !shared.node)
		SKIP(return, NO_NODE);
	if (who_does(variant->become, instantiate, &plain) == WHO_CANNOT)
		SKIP(return, "the kernel does not let us be that");
	check_refused(_metadata, -EPERM, instantiate_as, &other, plain.node,
		      "CAP_SYS_ADMIN");
	EXPECT_EQ(-EPERM, who_does(variant->become, instantiate, &shared));
	EXPECT_EQ(0, who_does(who_root, instantiate, &plain));
	EXPECT_EQ(0, who_does(who_root, instantiate, &shared));
}

/* Physical addresses */

FIXTURE(address)
{
	const char *skip;
	char node[256];
	int dev;
};

FIXTURE_SETUP(address)
{
	const char *node = partition_node("partition");

	if (!node) {
		self->skip = NO_NODE;
		return;
	}
	strcpy(self->node, node);
	self->dev = open(SOC_DEVICE, O_RDWR | O_CLOEXEC);
	ASSERT_EQ(0, board_set_param("unsafe_dma", "Y"));
}

FIXTURE_TEARDOWN(address)
{
	if (self->skip)
		return;
	EXPECT_EQ(0, board_set_param("unsafe_dma", "N"));
	close(self->dev);
}

TEST_F(address, told_where_it_is_asked_for)
{
	SKIP_IF(self->skip);
	struct socassign_region region = {};
	struct socassign_info info = {};
	struct dt_span span = {};
	int fd = soc_claim(self->node, UNSAFE_DMA);

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, soc_info(fd, &info));
	EXPECT_EQ(UNSAFE_DMA, info.out_flags);
	/* It masters no bus: it is to be used by what does. */
	EXPECT_EQ(SOCASSIGN_DMA_NONE, info.out_dma_class);
	EXPECT_EQ(0, info.out_num_dmas);
	ASSERT_EQ(0, soc_region(fd, 0, &region));
	EXPECT_EQ(size_in_tree(self->node, &span), region.out_bytes);
	EXPECT_EQ(span.cpu, region.out_bus_address);
	close(fd);
}

TEST_F(address, shared)
{
	SKIP_IF(self->skip);
	struct socassign_region told = {}, not_told = {};
	const char *node = partition_node("shared");
	int one, two;

	if (!node)
		SKIP(return, NO_NODE);
	one = soc_claim(node, SHARED);
	two = soc_claim(node, SHARED | UNSAFE_DMA);
	ASSERT_EQ(0, soc_region(one, 0, &not_told));
	ASSERT_EQ(0, soc_region(two, 0, &told));
	EXPECT_EQ(0, not_told.out_bus_address);
	EXPECT_NE(0, told.out_bus_address);
	close(one);
	close(two);
}

TEST_F(address, needs_the_parameter)
{
	SKIP_IF(self->skip);
	ASSERT_EQ(0, board_set_param("unsafe_dma", "N"));
	check_refusal(_metadata, -EPERM, self->node, UNSAFE_DMA, "unsafe_dma");
	EXPECT_EQ(0, soc_try_claim(self->node, 0));
}

TEST_F(address, needs_both_capabilities)
{
	SKIP_IF(self->skip);
	struct attempt attempt = { self->dev, self->node, UNSAFE_DMA };

	EXPECT_EQ(-EPERM, who_does(who_without_sys_rawio, instantiate,
				   &attempt));
	EXPECT_EQ(-EPERM, who_does(who_without_sys_admin, instantiate,
				   &attempt));
	EXPECT_EQ(0, who_does(who_root, instantiate, &attempt));
	attempt.flags = 0;
	EXPECT_EQ(0, who_does(who_without_sys_rawio, instantiate, &attempt));
}

/* Memory that a device is meant to have (memory-region) */

FIXTURE(held)
{
	const char *skip;
	char node[256];
	char user[256];
	struct sysfs_device dev;
};

FIXTURE_SETUP(held)
{
	const char *node = partition_node("held");

	strcpy(self->user, board_extra("user@f5000"));
	if (!node || sysfs_find(self->user, &self->dev))
		self->skip = NO_NODE;
	else if (!sysfs_bound_to(&self->dev, PLAIN_DRIVER))
		self->skip = "the test module is not loaded";
	else
		strcpy(self->node, node);
}

FIXTURE_TEARDOWN(held)
{
	if (self->skip)
		return;
	if (!sysfs_bound_to(&self->dev, PLAIN_DRIVER))
		EXPECT_EQ(0, sysfs_move(&self->dev, PLAIN_DRIVER));
	EXPECT_EQ(-EBUSY, soc_try_claim(self->node, 0));
}

TEST_F(held, by_a_driver_of_the_hosts)
{
	SKIP_IF(self->skip);
	check_refusal(_metadata, -EBUSY, self->node, 0, self->user);
	ASSERT_EQ(0, sysfs_move(&self->dev, ""));
	EXPECT_EQ(0, soc_try_claim(self->node, 0));
}

/* In both orders, and by the administrator's hand-out. */
TEST_F(held, by_the_owner_of_the_device)
{
	SKIP_IF(self->skip);
	const __u32 flags = SOCASSIGN_DETACH | SOCASSIGN_NO_DMA;
	int device = soc_claim(self->user, flags), part;

	ASSERT_LE(0, device);
	part = soc_claim(self->node, 0);
	EXPECT_LE(0, part);
	close(device);
	EXPECT_TRUE(sysfs_wait_driver(&self->dev, PLAIN_DRIVER));
	EXPECT_EQ(0, soc_try_claim(self->user, flags));
	EXPECT_TRUE(sysfs_wait_driver(&self->dev, PLAIN_DRIVER));
	close(part);
	ASSERT_EQ(0, sysfs_move(&self->dev, "socassign"));
	EXPECT_EQ(0, soc_try_claim(self->node, 0));
}

/* Windows of a bus master that no IOMMU stands before: on every board */

#define MASTER	board_extra("master@d0000")

FIXTURE(direct)
{
	const char *skip;
	char node[256];
	struct partition part;
	__u64 phys;
	int fd;
};

/*
 * The work that gives the device back destroys it; the memory is free when the
 * kernel has closed the last file of it, which may be a moment later.
 */
static void end_quarantine(const char *memory)
{
	struct sysfs_device dev;

	if (!sysfs_find(MASTER, &dev))
		sysfs_attr_write(&dev, "quarantine", "0");
	wait_until(sysfs_find(MASTER, &dev) != 0);
	wait_until(soc_try_claim(memory, 0) != -EBUSY);
}

FIXTURE_SETUP(direct)
{
	const char *node = partition_node("small");
	struct socassign_region region = {};

	if (!node) {
		self->skip = NO_NODE;
		return;
	}
	strcpy(self->node, node);
	ASSERT_EQ(0, board_set_param("unsafe_dma", "Y"));
	ASSERT_EQ(0, partition_claim(&self->part, node, UNSAFE_DMA));
	ASSERT_EQ(0, soc_region(self->part.fd, 0, &region));
	self->phys = region.out_bus_address;
	self->fd = soc_claim(MASTER, UNSAFE_DMA);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(direct)
{
	if (self->skip)
		return;
	close(self->fd);
	partition_close(&self->part);
	end_quarantine(self->node);
	EXPECT_EQ(0, soc_try_claim(self->node, 0));
	EXPECT_EQ(0, board_set_param("unsafe_dma", "N"));
}

static int map_direct(FIXTURE_DATA(direct) *self, __u64 iova, __u64 length,
		      __u64 offset, __u32 flags)
{
	struct socassign_dma_map map = {
		.flags = DMA_RW | flags, .memory_fd = self->part.fd,
		.offset = offset, .iova = iova, .length = length,
	};

	return soc_dma_map(self->fd, &map);
}

TEST_F(direct, within_the_partition)
{
	SKIP_IF(self->skip);
	const __u64 all = self->part.length, phys = self->phys;
	const struct {
		__u64 iova, length, offset;
	} bad[] = {
		{ phys, all + PAGE, 0 }, { phys, all, PAGE },
		{ phys + all, PAGE, all }, { phys, 2 * PAGE, all - PAGE },
		{ phys - PAGE, PAGE, -(__u64)PAGE }, { phys, 0, 0 },
		{ phys, -(__u64)PAGE, 2 * PAGE }, { phys + PAGE, PAGE, 0 },
		{ phys, PAGE, PAGE }, { phys, PAGE + 1, 0 }, { 0, PAGE, 0 },
		{ phys, 1ULL << 35, 0 },
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		EXPECT_EQ(-EINVAL, map_direct(self, bad[i].iova, bad[i].length,
					      bad[i].offset, 0))
			TH_LOG("window %zu", i);
	}
	EXPECT_EQ(0, map_direct(self, phys + all - PAGE, PAGE, all - PAGE, 0));
	EXPECT_EQ(0, map_direct(self, phys, all - PAGE, 0, 0));
	EXPECT_EQ(0, soc_dma_unmap_all(self->fd, 0));
	EXPECT_EQ(0, map_direct(self, phys, all, 0, 0));
}

/* The node is the first of the claim's. */
#define EXPECT_WINDOW_REFUSED(_errno, _rule, ...) do {			\
	EXPECT_EQ(_errno, map_direct(self, __VA_ARGS__));		\
	EXPECT_TRUE(was_told(MASTER, _rule))			\
		TH_LOG("\"%s\", not \"%s\"", soc_reason(), _rule);	\
} while (0)

TEST_F(direct, refusals_have_reasons)
{
	SKIP_IF(self->skip);
	const __u64 all = self->part.length, phys = self->phys;

	EXPECT_WINDOW_REFUSED(-EINVAL, "multiples of 4 KiB", phys, 1, 0, 0);
	EXPECT_WINDOW_REFUSED(-EINVAL, "ends beyond", -(__u64)PAGE, PAGE, 0, 0);
	EXPECT_WINDOW_REFUSED(-EINVAL, "has no", phys, PAGE, all, 0);
	EXPECT_WINDOW_REFUSED(-EINVAL, "the physical one", phys + PAGE, PAGE,
			      0, 0);
	EXPECT_WINDOW_REFUSED(-ENOENT, "none to replace", phys, PAGE, 0,
			      SOCASSIGN_DMA_REPLACE);
	ASSERT_EQ(0, map_direct(self, phys, PAGE, 0, 0));
	EXPECT_STREQ("", soc_reason());
	EXPECT_WINDOW_REFUSED(-EEXIST, "overlaps another", phys, PAGE, 0, 0);
	close(self->part.fd);
	self->part.fd = self->fd;
	EXPECT_WINDOW_REFUSED(-EOPNOTSUPP, "registers needs a PAMU", phys, PAGE,
			      0, 0);
	self->part.fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	EXPECT_WINDOW_REFUSED(-EINVAL, "neither a memory object", phys, PAGE,
			      0, 0);
	close(self->part.fd);
	self->part.fd = -1;
	/* About the form of the request. */
	EXPECT_EQ(-EBADF, map_direct(self, phys, PAGE, 0, 0));
	EXPECT_STREQ("", soc_reason());
}

TEST_F(direct, window_is_an_owner)
{
	SKIP_IF(self->skip);
	const size_t length = self->part.length;

	ASSERT_EQ(0, map_direct(self, self->phys, PAGE, 0, 0));
	ASSERT_EQ(0, map_direct(self, self->phys + PAGE, PAGE, PAGE, 0));
	pattern_fill(self->part.mem, length, 1);
	partition_close(&self->part);
	EXPECT_EQ(-EBUSY, soc_try_claim(self->node, 0));
	ASSERT_EQ(0, soc_dma_unmap(self->fd, 0, self->phys, PAGE));
	EXPECT_EQ(-EBUSY, soc_try_claim(self->node, 0));
	ASSERT_EQ(0, soc_dma_unmap(self->fd, 0, self->phys + PAGE, PAGE));
	ASSERT_EQ(0, partition_claim(&self->part, self->node, 0));
	EXPECT_EQ(length, zeros(self->part.mem, length));
}

TEST_F(direct, quarantine_is_an_owner)
{
	SKIP_IF(self->skip);
	const size_t length = self->part.length;

	ASSERT_EQ(0, map_direct(self, self->phys, length, 0, 0));
	pattern_fill(self->part.mem, length, 2);
	partition_close(&self->part);
	close(self->fd);
	EXPECT_EQ(-EBUSY, soc_try_claim(self->node, 0));
	end_quarantine(self->node);
	ASSERT_EQ(0, partition_claim(&self->part, self->node, 0));
	EXPECT_EQ(length, zeros(self->part.mem, length));
}

/* A window that is replaced, or refused, keeps nothing. */
TEST_F(direct, no_window_is_no_owner)
{
	SKIP_IF(self->skip);
	const __u64 all = self->part.length;

	ASSERT_EQ(0, map_direct(self, self->phys, PAGE, 0, 0));
	EXPECT_EQ(-EEXIST, map_direct(self, self->phys, PAGE, 0, 0));
	EXPECT_EQ(-EINVAL, map_direct(self, self->phys + all, PAGE, all, 0));
	EXPECT_EQ(-ENOENT, map_direct(self, self->phys + PAGE, PAGE, PAGE,
				      SOCASSIGN_DMA_REPLACE));
	EXPECT_EQ(0, map_direct(self, self->phys, PAGE, 0,
				SOCASSIGN_DMA_REPLACE));
	partition_close(&self->part);
	EXPECT_EQ(-EBUSY, soc_try_claim(self->node, 0));
	ASSERT_EQ(0, soc_dma_unmap_all(self->fd, 0));
	EXPECT_EQ(0, soc_try_claim(self->node, 0));
}

/* A device's claim is no memory, be it one's own. */
TEST_F(direct, devices_are_no_memory)
{
	SKIP_IF(self->skip);
	struct socassign_dma_map map = {
		.flags = DMA_RW, .memory_fd = self->fd, .iova = self->phys,
		.length = PAGE,
	};

	EXPECT_EQ(-EOPNOTSUPP, soc_dma_map(self->fd, &map));
	map.memory_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	EXPECT_EQ(-EINVAL, soc_dma_map(self->fd, &map));
	close(map.memory_fd);
	EXPECT_EQ(-EBADF, soc_dma_map(self->fd, &map));
}

/* Windows of the PAMU's */

#define IOVA	0x40000000

FIXTURE(window)
{
	const char *skip;
	char node[256];
	struct dma_bench bench;
	struct partition part;
};

FIXTURE_SETUP(window)
{
	const char *node = partition_node("small");

	self->skip = dma_bench_skip();
	if (!self->skip && !node)
		self->skip = NO_NODE;
	if (self->skip)
		return;
	strcpy(self->node, node);
	ASSERT_EQ(0, dma_bench_open(&self->bench));
	ASSERT_EQ(0, partition_claim(&self->part, node, 0));
}

FIXTURE_TEARDOWN(window)
{
	if (self->skip)
		return;
	partition_close(&self->part);
	dma_bench_close(&self->bench);
	EXPECT_EQ(0, soc_try_claim(self->node, 0));
}

static int map_window(FIXTURE_DATA(window) *self, __u32 index, __u64 offset,
		      __u64 length)
{
	struct socassign_dma_map map = {
		.index = index, .flags = DMA_RW, .memory_fd = self->part.fd,
		.offset = offset, .iova = IOVA, .length = length,
	};

	return soc_dma_map(self->bench.fd, &map);
}

TEST_F(window, within_the_partition)
{
	SKIP_IF(self->skip);
	const __u64 all = self->part.length;

	EXPECT_EQ(-EINVAL, map_window(self, 0, 0, 2 * all));
	EXPECT_EQ(-EINVAL, map_window(self, 0, all, PAGE));
	EXPECT_EQ(-EINVAL, map_window(self, 0, all - PAGE, 2 * PAGE));
	EXPECT_EQ(-EINVAL, map_window(self, 0, -(__u64)PAGE, PAGE));
	EXPECT_EQ(-EINVAL, map_window(self, 0, -(__u64)PAGE, 2 * PAGE));
	EXPECT_EQ(0, map_window(self, 0, all - PAGE, PAGE));
	EXPECT_EQ(0, map_window(self, 1, 0, all));
}

TEST_F(window, reaches_the_partition)
{
	SKIP_IF(self->skip);
	struct pamu_result result = {};
	struct dt_span span = {};

	size_in_tree(self->node, &span);
	ASSERT_EQ(0, map_window(self, 0, 5 * PAGE, PAGE));
	ASSERT_EQ(0, soc_dma_enable(self->bench.fd, 0));
	ASSERT_TRUE(pamu_access(&self->bench.pamu, dma_bench_liodns[0],
				IOVA + 8, 8, true, &result));
	EXPECT_EQ(span.cpu + 5 * PAGE + 8, result.target);
	EXPECT_FALSE(pamu_access(&self->bench.pamu, dma_bench_liodns[0],
				 IOVA + PAGE, 8, true, &result));
}

TEST_F(window, is_an_owner)
{
	SKIP_IF(self->skip);
	const __u64 all = self->part.length;

	ASSERT_EQ(0, map_window(self, 0, 0, all));
	ASSERT_EQ(0, map_window(self, 1, 0, PAGE));
	ASSERT_EQ(0, soc_dma_enable(self->bench.fd, 0));
	pattern_fill(self->part.mem, all, 1);
	partition_close(&self->part);
	EXPECT_EQ(-EBUSY, soc_try_claim(self->node, 0));
	ASSERT_EQ(0, soc_dma_unmap(self->bench.fd, 0, IOVA, all));
	EXPECT_EQ(-EBUSY, soc_try_claim(self->node, 0));
	ASSERT_EQ(0, soc_dma_unmap_all(self->bench.fd, 1));
	ASSERT_EQ(0, partition_claim(&self->part, self->node, 0));
	EXPECT_EQ(all, zeros(self->part.mem, all));
}

TEST_F(window, goes_with_its_device)
{
	SKIP_IF(self->skip);
	ASSERT_EQ(0, map_window(self, 0, 0, self->part.length));
	ASSERT_EQ(0, soc_dma_enable(self->bench.fd, 0));
	partition_close(&self->part);
	EXPECT_EQ(-EBUSY, soc_try_claim(self->node, 0));
	close(self->bench.fd);
	self->bench.fd = -1;
	EXPECT_EQ(0, soc_try_claim(self->node, 0));
}

/* The tree changes */

#define NO_OVERLAY	"the kernel cannot change the tree, or not our test module"

FIXTURE(change)
{
	char node[256];
	struct partition part;
	struct fdt fdt;
};

FIXTURE_SETUP(change)
{
	const char *node = partition_node("small");

	self->part.fd = -1;
	if (node)
		strcpy(self->node, node);
}

FIXTURE_TEARDOWN(change)
{
	partition_close(&self->part);
	overlay_remove();
	testmod_write("node_attach", "1");
}

/* A child of /reserved-memory that was not there at boot. */
static int add_partition(struct fdt *fdt, const char *name, __u64 address,
			 __u64 length, bool shared)
{
	const uint32_t reg[] = {
		address >> 32, address, length >> 32, length,
	};

	overlay_begin(fdt, ROOM);
	fdt_begin_node(fdt, name);
	fdt_cells(fdt, "reg", reg, 4);
	if (shared)
		fdt_cells(fdt, "socassign,shared", NULL, 0);
	fdt_end_node(fdt);
	return overlay_apply(fdt);
}

/* The memory is the host's, or is a partition already. */
TEST_F(change, new_partitions_were_not_reserved)
{
	char *mem = mmap(NULL, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct dt_span span = {};
	__u64 places[2];

	if (!overlay_possible() || !self->node[0])
		SKIP(return, NO_OVERLAY);
	memset(mem, 1, PAGE);
	places[0] = physical_address(mem) & ~0xffffULL;
	size_in_tree(self->node, &span);
	places[1] = span.cpu;
	for (int i = 0; i < 2; i++) {
		ASSERT_EQ(0, add_partition(&self->fdt, "late@1", places[i],
					   0x10000, false));
		check_refusal(_metadata, -EACCES, ROOM "/late@1", 0,
			      "did not reserve");
		EXPECT_EQ(0, soc_try_claim(self->node, 0));
		ASSERT_EQ(0, overlay_remove());
	}
	EXPECT_EQ(1, mem[0]);
	munmap(mem, PAGE);
}

/* What an overlay does to a node does not move the memory. */
static int change_partition(struct fdt *fdt, const char *node)
{
	overlay_begin(fdt, node);
	fdt_string(fdt, "test,changed", "yes");
	return overlay_apply(fdt);
}

TEST_F(change, refused_while_there_is_an_owner)
{
	if (!overlay_possible() || !self->node[0])
		SKIP(return, NO_OVERLAY);
	ASSERT_EQ(0, partition_claim(&self->part, self->node, 0));
	expect_in_log("notifier error -16");
	EXPECT_EQ(-EBUSY, change_partition(&self->fdt, self->node));
	memset(self->part.mem, 1, self->part.length);
}

/* The memory does not go with its node, and is still its owner's. */
TEST_F(change, node_taken_away)
{
	struct socassign_info info = {};
	const char *mem;

	if (!testmod_has("node_detach") || !self->node[0])
		SKIP(return, NO_OVERLAY);
	ASSERT_EQ(0, partition_claim(&self->part, self->node, 0));
	mem = self->part.mem;
	pattern_fill(self->part.mem, self->part.length, 1);
	ASSERT_EQ(0, testmod_write("node_detach", self->node));
	EXPECT_EQ(-ENOENT, soc_try_claim(self->node, 0));
	EXPECT_EQ(0, soc_info(self->part.fd, &info));
	EXPECT_EQ(0, testmod_write("node_attach", "1"));
	EXPECT_EQ(-EBUSY, soc_try_claim(self->node, 0));
	EXPECT_EQ(self->part.length, pattern_changed(mem, self->part.length, 1));
	partition_close(&self->part);
	ASSERT_EQ(0, partition_claim(&self->part, self->node, 0));
	EXPECT_EQ(self->part.length, zeros(self->part.mem, self->part.length));
}

/* Another node of the same name is the same memory to the kernel. */
static bool replace_node(FIXTURE_DATA(change) *self, bool shared)
{
	const char *name = strrchr(self->node, '/') + 1;
	struct dt_span span = {};

	size_in_tree(self->node, &span);
	return !testmod_write("node_detach", self->node) &&
	       !add_partition(&self->fdt, name, span.cpu, span.size, shared);
}

TEST_F(change, node_replaced)
{
	if (!testmod_has("node_detach") || !overlay_possible() ||
	    !self->node[0])
		SKIP(return, NO_OVERLAY);
	ASSERT_EQ(0, partition_claim(&self->part, self->node, 0));
	pattern_fill(self->part.mem, self->part.length, 1);
	ASSERT_TRUE(replace_node(self, false));
	EXPECT_EQ(-EBUSY, soc_try_claim(self->node, 0));
	EXPECT_EQ(self->part.length,
		  pattern_changed(self->part.mem, self->part.length, 1));
	partition_close(&self->part);
	EXPECT_EQ(0, soc_try_claim(self->node, 0));
}

TEST_F(change, shared_node_replaced)
{
	const char *node = partition_node("shared");
	struct partition other;

	if (!testmod_has("node_detach") || !overlay_possible() || !node)
		SKIP(return, NO_OVERLAY);
	strcpy(self->node, node);
	ASSERT_EQ(0, partition_claim(&self->part, self->node, SHARED));
	pattern_fill(self->part.mem, self->part.length, 1);
	ASSERT_TRUE(replace_node(self, true));
	EXPECT_EQ(-EBUSY, soc_try_claim(self->node, 0));
	ASSERT_EQ(0, partition_claim(&other, self->node, SHARED));
	EXPECT_EQ(self->part.length,
		  pattern_changed(self->part.mem, self->part.length, 1));
	partition_close(&other);
}

/* The tree may say what it likes: it is about what was reserved at boot. */
TEST_F(change, node_moved)
{
	const char *name = strrchr(self->node, '/') + 1;
	struct dt_span span = {};

	if (!testmod_has("node_detach") || !overlay_possible() ||
	    !self->node[0])
		SKIP(return, NO_OVERLAY);
	size_in_tree(self->node, &span);
	ASSERT_EQ(0, testmod_write("node_detach", self->node));
	ASSERT_EQ(0, add_partition(&self->fdt, name, span.cpu + span.size,
				   span.size, false));
	check_refusal(_metadata, -EACCES, self->node, 0,
		      "something else");
	ASSERT_EQ(0, overlay_remove());
	ASSERT_EQ(0, add_partition(&self->fdt, name, span.cpu, span.size / 2,
				   false));
	check_refusal(_metadata, -EACCES, self->node, 0,
		      "something else");
}

/* The device goes on with what it was given: nobody else may have that. */
TEST_F(change, node_taken_away_below_a_window)
{
	struct socassign_dma_map map = { .flags = DMA_RW, .length = PAGE };
	struct socassign_region region = {};
	int master;

	if (!testmod_has("node_detach") || !self->node[0])
		SKIP(return, NO_OVERLAY);
	ASSERT_EQ(0, board_set_param("unsafe_dma", "Y"));
	ASSERT_EQ(0, partition_claim(&self->part, self->node, UNSAFE_DMA));
	ASSERT_EQ(0, soc_region(self->part.fd, 0, &region));
	master = soc_claim(MASTER, UNSAFE_DMA);
	map.memory_fd = self->part.fd;
	map.iova = region.out_bus_address;
	EXPECT_EQ(0, soc_dma_map(master, &map));
	EXPECT_EQ(0, testmod_write("node_detach", self->node));
	partition_close(&self->part);
	EXPECT_EQ(0, testmod_write("node_attach", "1"));
	EXPECT_EQ(-EBUSY, soc_try_claim(self->node, 0));
	EXPECT_EQ(0, soc_dma_unmap_all(master, 0));
	EXPECT_EQ(0, soc_try_claim(self->node, 0));
	close(master);
	end_quarantine(self->node);
	EXPECT_EQ(0, board_set_param("unsafe_dma", "N"));
}

/* Many at a time */

#define RACERS	4

struct race {
	const char *node;
	__u32 flags;
	pthread_barrier_t barrier;
	unsigned int claims;
	unsigned int seen;	/* what an owner before had written */
	unsigned int lost;	/* what an owner had written */
	unsigned int failed;
};

FIXTURE(race)
{
	struct race *race;
	char node[256];
	pid_t pids[RACERS];
};

FIXTURE_VARIANT(race)
{
	const char *name;
};

FIXTURE_VARIANT_ADD(race, small) { .name = "small" };
FIXTURE_VARIANT_ADD(race, no_map) { .name = "nomap" };
FIXTURE_VARIANT_ADD(race, shared) { .name = "shared" };

FIXTURE_SETUP(race)
{
	const char *node = partition_node(variant->name);
	pthread_barrierattr_t attr;

	self->race = mmap(NULL, sizeof(*self->race), RW,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_TRUE(self->race != MAP_FAILED);
	pthread_barrierattr_init(&attr);
	pthread_barrierattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	ASSERT_EQ(0, pthread_barrier_init(&self->race->barrier, &attr, RACERS));
	if (!node)
		return;
	strcpy(self->node, node);
	self->race->node = self->node;
}

FIXTURE_TEARDOWN(race)
{
	munmap(self->race, sizeof(*self->race));
}

static void count(unsigned int *counter)
{
	__atomic_fetch_add(counter, 1, __ATOMIC_RELAXED);
}

static bool start_racers(FIXTURE_DATA(race) *self,
			 void (*run)(struct race *race, int who))
{
	bool started = true;

	for (int i = 0; i < RACERS; i++) {
		self->pids[i] = fork();
		if (!self->pids[i]) {
			run(self->race, i);
			_exit(0);
		}
		started &= self->pids[i] > 0;
	}
	return started;
}

static void wait_racers(struct __test_metadata *_metadata,
			FIXTURE_DATA(race) *self)
{
	int status;

	for (int i = 0; i < RACERS; i++) {
		ASSERT_EQ(self->pids[i], waitpid(self->pids[i], &status, 0));
		EXPECT_EQ(0, status);
	}
}

/* What is zeroed last: to look at all of it would leave time for few races. */
#define RACE_BYTES	0x10000u

/* One who has it: alone, and nothing of anybody else's in it. */
static void race_alone(struct race *race, struct partition *part, int seed)
{
	char *mem = part->mem + part->length - RACE_BYTES;

	count(&race->claims);
	if (zeros(mem, RACE_BYTES) != RACE_BYTES)
		count(&race->seen);
	pattern_fill(mem, RACE_BYTES, seed);
	sched_yield();
	if (pattern_changed(mem, RACE_BYTES, seed) != RACE_BYTES)
		count(&race->lost);
	/* The mapping or the fd is the last to go. */
	if (seed & RACERS) {
		close(part->fd);
		part->fd = -1;
	}
	partition_close(part);
}

/* A slow machine needs more time to see that it is not always the same one. */
static bool few_claims(struct race *race)
{
	return __atomic_load_n(&race->claims, __ATOMIC_RELAXED) < 2 * RACERS;
}

static void run_for_it(struct race *race, int who)
{
	struct partition part;
	time_t end;

	for (int i = 0; again(i, 100000, &end) || few_claims(race); i++) {
		int ret = partition_claim(&part, race->node, 0);

		if (!ret)
			race_alone(race, &part, i * RACERS + who);
		else if (ret != -EBUSY)
			count(&race->failed);
		sched_yield();
	}
}

TEST_F_TIMEOUT(race, for_one_owner, 60)
{
	if (!self->node[0])
		SKIP(return, NO_NODE);
	ASSERT_TRUE(start_racers(self, run_for_it));
	wait_racers(_metadata, self);
	EXPECT_LE(2 * RACERS, self->race->claims);
	EXPECT_EQ(0, self->race->seen);
	EXPECT_EQ(0, self->race->lost);
	EXPECT_EQ(0, self->race->failed);
	EXPECT_EQ(0, soc_try_claim(self->node, 0));
}

/*
 * Rounds: all claim it at the same time, sign in with the number of the round,
 * and all of them have left before the next.
 */
#define SIGNATURE(_part, _page, _who) \
	(((volatile uint32_t *)((_part)->mem + (_page) * PAGE))[_who])
#define STRIDE	7
#define ROUNDS	20

/* In the page's first words only, or what comes with @round? */
static bool all_signed(const struct partition *part, uint32_t round, bool or_zero)
{
	for (size_t page = 0; page < part->length / PAGE; page += STRIDE)
		for (int who = 0; who < RACERS; who++) {
			uint32_t is = SIGNATURE(part, page, who);

			if (is != round && !(or_zero && !is))
				return false;
		}
	return true;
}

static void race_round(struct race *race, int who, uint32_t round)
{
	struct partition part;

	pthread_barrier_wait(&race->barrier);
	usleep(who * round % 5 * 300);
	if (partition_claim(&part, race->node, SHARED)) {
		count(&race->failed);
		_exit(1);
	}
	count(&race->claims);
	soc_prefault(part.fd, part.mem, part.length);
	if (!all_signed(&part, round, true))
		count(&race->seen);
	for (size_t page = 0; page < part.length / PAGE; page += STRIDE)
		SIGNATURE(&part, page, who) = round;
	/* One more owner, who comes and goes in between. */
	if (soc_try_claim(race->node, SHARED))
		count(&race->failed);
	pthread_barrier_wait(&race->barrier);
	if (!all_signed(&part, round, false))
		count(&race->lost);
	pthread_barrier_wait(&race->barrier);
	partition_close(&part);
	pthread_barrier_wait(&race->barrier);
}

static void run_to_share(struct race *race, int who)
{
	for (int i = 0; i < ROUNDS; i++)
		race_round(race, who, i + 1);
}

TEST_F_TIMEOUT(race, to_share, 300)
{
	if (strcmp(variant->name, "shared"))
		SKIP(return, "it is not shared");
	if (!self->node[0])
		SKIP(return, NO_NODE);
	ASSERT_TRUE(start_racers(self, run_to_share));
	wait_racers(_metadata, self);
	EXPECT_EQ(ROUNDS * RACERS, self->race->claims);
	EXPECT_EQ(0, self->race->seen);
	EXPECT_EQ(0, self->race->lost);
	EXPECT_EQ(0, self->race->failed);
}

/* Killed while the kernel zeroes: what is not zeroed yet nobody sees. */

static void claim_again_and_again(const char *node, __u32 flags)
{
	for (;;)
		soc_try_claim(node, flags);
}

/* Fill it with a pattern and leave it: the next owner may see nothing of it. */
static int leave_pattern(const char *node)
{
	struct partition part;
	int ret = partition_claim(&part, node, 0);

	if (ret)
		return ret;
	pattern_fill(part.mem, part.length, 1);
	partition_close(&part);
	return 0;
}

TEST_F_TIMEOUT(race, with_a_killer, 60)
{
	const __u32 flags = strcmp(variant->name, "shared") ? 0 : SHARED;
	struct partition part;
	time_t end;

	if (!self->node[0])
		SKIP(return, NO_NODE);
	for (int i = 0; again(i, 200, &end); i++) {
		pid_t pid;

		ASSERT_EQ(0, leave_pattern(self->node));
		pid = fork();
		if (!pid)
			claim_again_and_again(self->node, flags);
		usleep(500 + i * 977 % 20000);
		kill(pid, SIGKILL);
		ASSERT_EQ(pid, waitpid(pid, NULL, 0));
		ASSERT_EQ(0, partition_claim(&part, self->node, flags));
		EXPECT_EQ(part.length, zeros(part.mem, part.length));
		partition_close(&part);
	}
}

/* Another who waits for the memory to be zeroed does not rely on it. */
static void share_and_look(struct race *race, int who)
{
	struct partition part;

	if (partition_claim(&part, race->node, SHARED)) {
		count(&race->failed);
		return;
	}
	if (zeros(part.mem, part.length) != part.length)
		count(&race->seen);
	partition_close(&part);
}

TEST_F_TIMEOUT(race, with_one_who_is_killed, 60)
{
	time_t end;
	int status;

	if (strcmp(variant->name, "shared"))
		SKIP(return, "it is not shared");
	if (!self->node[0])
		SKIP(return, NO_NODE);
	for (int i = 0; again(i, 200, &end); i++) {
		ASSERT_EQ(0, leave_pattern(self->node));
		ASSERT_TRUE(start_racers(self, share_and_look));
		usleep(i * 977 % 10000);
		kill(self->pids[i % RACERS], SIGKILL);
		for (int j = 0; j < RACERS; j++)
			ASSERT_EQ(self->pids[j],
				  waitpid(self->pids[j], &status, 0));
	}
	EXPECT_EQ(0, self->race->seen);
	EXPECT_EQ(0, self->race->failed);
}

int main(int argc, char **argv)
{
	board_require();
	return test_harness_run(argc, argv);
}
