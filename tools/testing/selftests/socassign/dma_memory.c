// SPDX-License-Identifier: GPL-2.0
/*
 * Memory objects: what can be pinned and for how long, and that windows keep the
 * memory that they are onto.  Who is charged is dma_charge's.
 */
#include <errno.h>
#include <fcntl.h>
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
#include "lib/dma_bench.h"
#include "lib/passfd.h"
#include "lib/procsum.h"
#include "lib/testmod.h"

#define PAGE		((size_t)sysconf(_SC_PAGESIZE))
#define KERNEL_ADDRESS	((void *)-8192L)
#define WRITABLE	SOCASSIGN_MEMORY_WRITE

/* Bytes of the objects of this process. */
static size_t vm_pin(void)
{
	return procsum("/proc/self/status", "VmPin:") * 1024;
}

/* A file's last reference may be dropped by a thread of the kernel's. */
static bool wait_vm_pin(size_t bytes)
{
	return wait_until(vm_pin() == bytes);
}

/* A page of a file in the place of what is mapped there. */
static bool map_over(void *addr, int file, off_t offset)
{
	return mmap(addr, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED,
		    file, offset) != MAP_FAILED;
}

/* Objects by themselves: on every board, through a claim that does no DMA. */

FIXTURE(object)
{
	const char *skip;
	int fd;
	char *mem;
	size_t length;
	long pinned;
	int fds;
};

FIXTURE_SETUP(object)
{
	self->fd = -1;
	if (!bench() || !board_get()) {
		self->skip = NO_BENCH;
		return;
	}
	self->length = 16 * PAGE;
	self->fd = soc_claim(board_extra("names@90000"), SOCASSIGN_NO_DMA);
	ASSERT_LE(0, self->fd);
	self->mem = anonymous(self->length, PROT_READ | PROT_WRITE);
	ASSERT_TRUE(!!self->mem);
	memset(self->mem, 1, self->length);
	self->pinned = pinned_pages();
	self->fds = board_count_fds();
}

FIXTURE_TEARDOWN(object)
{
	if (self->skip)
		return;
	EXPECT_EQ(self->fds, board_count_fds());
	EXPECT_EQ(self->pinned, pinned_pages());
	EXPECT_EQ(0, vm_pin());
	munmap(self->mem, self->length);
	close(self->fd);
}

static void check_object(struct __test_metadata *_metadata,
			 FIXTURE_DATA(object) *self, int memory)
{
	ASSERT_LE(0, memory);
	EXPECT_EQ(FD_CLOEXEC, fcntl(memory, F_GETFD));
	EXPECT_EQ(self->length, vm_pin());
	EXPECT_EQ(self->pinned + 16, pinned_pages());
	close(memory);
	EXPECT_EQ(0, vm_pin());
	EXPECT_EQ(self->pinned, pinned_pages());
}

TEST_F(object, pins_and_charges)
{
	SKIP_IF(self->skip);
	check_object(_metadata, self, soc_memory(self->fd, self->mem,
						 self->length, WRITABLE));
}

/* It knows of no claim. */
TEST_F(object, made_before_there_is_a_claim)
{
	SKIP_IF(self->skip);
	int dev = open(SOC_DEVICE, O_RDWR | O_CLOEXEC), memory;

	ASSERT_LE(0, dev);
	memory = soc_memory(dev, self->mem, self->length, WRITABLE);
	EXPECT_EQ(-EFAULT, soc_memory(dev, KERNEL_ADDRESS, PAGE, 0));
	close(dev);
	check_object(_metadata, self, memory);
}

TEST_F(object, form_of_the_range)
{
	SKIP_IF(self->skip);
	const size_t length = self->length;
	const uint64_t top = -(uint64_t)PAGE;
	const struct {
		uint64_t addr, length;
	} ranges[] = {
		{ 1, length }, { PAGE / 2, length }, { PAGE - 1, length },
		{ 0, 0 }, { 0, 1 }, { 0, PAGE - 1 }, { 0, length + 8 },
		{ 0, top }, { top - (uintptr_t)self->mem, 2 * PAGE },
	};

	for (size_t i = 0; i < sizeof(ranges) / sizeof(*ranges); i++) {
		struct socassign_memory cmd = {
			.size = sizeof(cmd),
			.addr = (uintptr_t)self->mem + ranges[i].addr,
			.length = ranges[i].length,
		};

		EXPECT_EQ(-EINVAL, soc_ioctl(self->fd, SOCASSIGN_MEMORY, &cmd))
			TH_LOG("range %zu", i);
	}
}

TEST_F(object, not_memory)
{
	SKIP_IF(self->skip);
	const int rw = PROT_READ | PROT_WRITE;
	char *hole = anonymous(4 * PAGE, rw), *none = anonymous(PAGE, PROT_NONE);

	ASSERT_TRUE(hole && none);
	ASSERT_EQ(0, munmap(hole + PAGE, PAGE));
	EXPECT_EQ(-EFAULT, soc_memory(self->fd, hole + PAGE, PAGE, 0));
	EXPECT_EQ(-EFAULT, soc_memory(self->fd, hole, 2 * PAGE, 0));
	EXPECT_EQ(-EFAULT, soc_memory(self->fd, hole, 4 * PAGE, WRITABLE));
	EXPECT_EQ(-EFAULT, soc_memory(self->fd, none, PAGE, 0));
	EXPECT_EQ(-EFAULT, soc_memory(self->fd, KERNEL_ADDRESS, PAGE, 0));
	EXPECT_EQ(-EFAULT, soc_memory(self->fd, (void *)PAGE, PAGE, 0));
	EXPECT_EQ(self->pinned, pinned_pages());
	munmap(hole, PAGE);
	munmap(hole + 2 * PAGE, 2 * PAGE);
	munmap(none, PAGE);
}

TEST_F(object, not_writable)
{
	SKIP_IF(self->skip);
	int memory;

	ASSERT_EQ(0, mprotect(self->mem + PAGE, PAGE, PROT_READ));
	EXPECT_EQ(-EFAULT, soc_memory(self->fd, self->mem, self->length,
				      WRITABLE));
	EXPECT_EQ(-EFAULT, soc_memory(self->fd, self->mem + PAGE, PAGE,
				      WRITABLE));
	memory = soc_memory(self->fd, self->mem, self->length, 0);
	EXPECT_LE(0, memory);
	close(memory);
}

/* Registers are no memory, nor is what /dev/mem makes of memory. */
TEST_F(object, mapped_by_a_driver)
{
	SKIP_IF(self->skip);
	struct socassign_region region = {};
	volatile void *regs;
	void *mem;
	int fd;

	ASSERT_EQ(0, soc_region(self->fd, 0, &region));
	regs = soc_map(self->fd, &region);
	ASSERT_TRUE(!!regs);
	EXPECT_EQ(-EFAULT, soc_memory(self->fd, (void *)regs, PAGE, 0));
	EXPECT_EQ(-EFAULT, soc_memory(self->fd, (void *)regs, PAGE, WRITABLE));
	EXPECT_EQ(0, soc_prefault(self->fd, (void *)regs, PAGE));
	EXPECT_EQ(-EFAULT, soc_memory(self->fd, (void *)regs, PAGE, 0));
	EXPECT_EQ(-EFAULT, soc_memory(self->fd, (void *)regs, PAGE, WRITABLE));
	soc_unmap(regs, &region);

	fd = open("/dev/mem", O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return;
	mem = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		   physical_address(self->mem));
	close(fd);
	if (mem == MAP_FAILED)
		return;
	EXPECT_EQ(-EFAULT, soc_memory(self->fd, mem, PAGE, 0));
	EXPECT_EQ(-EFAULT, soc_memory(self->fd, mem, PAGE, WRITABLE));
	munmap(mem, PAGE);
}

/*
 * A file system that has to know what is written to a page of its file would
 * not hear of it.  A copy is the owner's, and to read does no harm.
 */
TEST_F(object, of_a_file_that_is_written_to)
{
	SKIP_IF(self->skip);
	const int rw = PROT_READ | PROT_WRITE;
	int file = testmod_open("written_to", O_RDWR), copied, to_read;
	void *shared, *copy;

	if (file < 0)
		SKIP(return, "the module socassign_test is not loaded");
	shared = mmap(NULL, PAGE, rw, MAP_SHARED, file, 0);
	copy = mmap(NULL, PAGE, rw, MAP_PRIVATE, file, 0);
	ASSERT_TRUE(shared != MAP_FAILED && copy != MAP_FAILED);
	EXPECT_EQ(-EFAULT, soc_memory(self->fd, shared, PAGE, WRITABLE));
	EXPECT_EQ(0, vm_pin());
	copied = soc_memory(self->fd, copy, PAGE, WRITABLE);
	to_read = soc_memory(self->fd, shared, PAGE, 0);
	EXPECT_LE(0, copied);
	EXPECT_LE(0, to_read);
	close(copied);
	close(to_read);
	munmap(shared, PAGE);
	munmap(copy, PAGE);
	close(file);
}

TEST_F(object, no_descriptor_left)
{
	SKIP_IF(self->skip);
	struct rlimit limit, few;

	ASSERT_EQ(0, getrlimit(RLIMIT_NOFILE, &limit));
	few = limit;
	few.rlim_cur = dup(0);
	close(few.rlim_cur);
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &few));
	EXPECT_EQ(-EMFILE, soc_memory(self->fd, self->mem, self->length, 0));
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &limit));
	EXPECT_EQ(0, vm_pin());
	EXPECT_EQ(self->pinned, pinned_pages());
}

/* Nothing is published where the answer cannot be written. */
TEST_F(object, answer_in_read_only_memory)
{
	SKIP_IF(self->skip);
	struct socassign_memory *cmd = anonymous(PAGE, PROT_READ | PROT_WRITE);

	ASSERT_TRUE(!!cmd);
	*cmd = (struct socassign_memory) {
		.size = sizeof(*cmd), .addr = (uintptr_t)self->mem,
		.length = self->length,
	};
	ASSERT_EQ(0, mprotect(cmd, PAGE, PROT_READ));
	EXPECT_EQ(-EFAULT, soc_ioctl(self->fd, SOCASSIGN_MEMORY, cmd));
	EXPECT_EQ(self->fds, board_count_fds());
	EXPECT_TRUE(wait_vm_pin(0));
	munmap(cmd, PAGE);
}

/* Contiguous from the start on, as pagemap(5) says. */
static size_t contiguous(const char *mem, size_t length)
{
	uint64_t first = physical_address(mem);
	size_t bytes = PAGE;

	while (bytes < length && physical_address(mem + bytes) == first + bytes)
		bytes += PAGE;
	return bytes;
}

static int64_t ask_contiguous(int fd, void *mem, size_t length)
{
	struct socassign_memory cmd = {
		.size = sizeof(cmd), .addr = (uintptr_t)mem, .length = length,
	};
	int ret = soc_ioctl(fd, SOCASSIGN_MEMORY, &cmd);

	if (ret)
		return ret;
	close(cmd.out_fd);
	return cmd.out_contiguous;
}

TEST_F(object, contiguous)
{
	SKIP_IF(self->skip);
	for (size_t at = 0; at < self->length; at += PAGE)
		EXPECT_EQ(contiguous(self->mem + at, self->length - at),
			  ask_contiguous(self->fd, self->mem + at,
					 self->length - at));
}

TEST_F(object, contiguous_huge_pages)
{
	SKIP_IF(self->skip);
	const size_t huge = pamu_exists() ? 4u << 20 : 2u << 20;
	char *mem = huge_alloc(2 * huge, huge);
	size_t both;

	if (!mem)
		SKIP(return, "no huge pages");
	both = physical_address(mem) + huge == physical_address(mem + huge) ?
	       2 * huge : huge;
	EXPECT_EQ(both, ask_contiguous(self->fd, mem, 2 * huge));
	EXPECT_EQ(huge - PAGE, ask_contiguous(self->fd, mem + PAGE,
					      huge - PAGE));
	EXPECT_EQ(PAGE, ask_contiguous(self->fd, mem + huge - PAGE, PAGE));
	munmap(mem, 2 * huge);
}

/* The same page again and again is contiguous with nothing. */
TEST_F(object, one_page_many_times)
{
	SKIP_IF(self->skip);
	int file = memfd_create("dma_memory", MFD_CLOEXEC);
	char *mem = anonymous(8 * PAGE, PROT_NONE);
	int memory;

	ASSERT_EQ(0, ftruncate(file, PAGE));
	for (int i = 0; i < 8; i++)
		ASSERT_TRUE(map_over(mem + i * PAGE, file, 0));
	EXPECT_EQ(PAGE, ask_contiguous(self->fd, mem, 8 * PAGE));
	memory = soc_memory(self->fd, mem, 8 * PAGE, WRITABLE);
	EXPECT_LE(0, memory);
	EXPECT_EQ(8 * PAGE, vm_pin());
	close(memory);
	munmap(mem, 8 * PAGE);
	close(file);
}

/* Where it is shown, and for how long */

/* A child that waits until it is told to go on, or to exit. */
struct child {
	pid_t pid;
	int told;		/* the parent closes it */
	int tells;		/* the child has written to it */
};

static bool child_start(struct child *child, void (*act)(void *arg, int tell),
			void *arg)
{
	int to[2], from[2];
	char byte;

	if (pipe(to) || pipe(from))
		return false;
	child->pid = fork();
	if (!child->pid) {
		close(to[1]);
		close(from[0]);
		act(arg, from[1]);
		if (read(to[0], &byte, 1) < 0)
			_exit(2);
		_exit(0);
	}
	close(to[0]);
	close(from[1]);
	child->told = to[1];
	child->tells = from[0];
	return child->pid > 0 && read(child->tells, &byte, 1) == 1;
}

static int child_end(struct child *child)
{
	int status;

	close(child->told);
	close(child->tells);
	waitpid(child->pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void just_tell(void *arg, int tell)
{
	if (write(tell, "", 1) != 1)
		_exit(1);
}

/* The child has the fd, too, but it is the parent's. */
static void inherit(void *arg, int tell)
{
	if (vm_pin())
		_exit(1);
	just_tell(NULL, tell);
}

TEST_F(object, stays_with_its_maker_across_fork)
{
	SKIP_IF(self->skip);
	int memory = soc_memory(self->fd, self->mem, self->length, WRITABLE);
	struct child child;

	ASSERT_LE(0, memory);
	ASSERT_TRUE(child_start(&child, inherit, NULL));
	EXPECT_EQ(self->length, vm_pin());
	close(memory);
	EXPECT_EQ(self->length, vm_pin());
	EXPECT_EQ(0, child_end(&child));
	EXPECT_TRUE(wait_vm_pin(0));
}

/* In a message that nobody reads. */
TEST_F(object, stays_with_its_maker_in_a_message)
{
	SKIP_IF(self->skip);
	int memory = soc_memory(self->fd, self->mem, self->length, WRITABLE);
	int sock[2];

	ASSERT_LE(0, memory);
	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, sock));
	ASSERT_EQ(0, send_fd(sock[0], memory));
	close(memory);
	EXPECT_EQ(self->length, vm_pin());
	memory = receive_fd(sock[1]);
	EXPECT_LE(0, memory);
	EXPECT_EQ(self->length, vm_pin());
	ASSERT_EQ(0, send_fd(sock[0], memory));
	close(memory);
	close(sock[0]);
	close(sock[1]);
	EXPECT_TRUE(wait_vm_pin(0));
}

struct gift {
	int claim;
	int sock;
	void *mem;
	size_t length;
};

static void give_object(void *arg, int tell)
{
	struct gift *gift = arg;
	int memory = soc_memory(gift->claim, gift->mem, gift->length, WRITABLE);

	if (memory < 0 || send_fd(gift->sock, memory) ||
	    vm_pin() != gift->length)
		_exit(1);
	close(memory);
	if (vm_pin() != gift->length)
		_exit(1);
	just_tell(NULL, tell);
}

/* Its maker dies; it never was of who has it now, and it is still pinned. */
TEST_F(object, outlives_its_maker)
{
	SKIP_IF(self->skip);
	struct gift gift = {
		.claim = self->fd, .mem = self->mem, .length = self->length,
	};
	struct child child;
	int sock[2], memory;

	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, sock));
	gift.sock = sock[0];
	ASSERT_TRUE(child_start(&child, give_object, &gift));
	memory = receive_fd(sock[1]);
	ASSERT_LE(0, memory);
	EXPECT_EQ(0, child_end(&child));
	EXPECT_EQ(self->pinned + 16, pinned_pages());
	EXPECT_EQ(0, vm_pin());
	close(memory);
	EXPECT_EQ(self->pinned, pinned_pages());
	EXPECT_EQ(0, vm_pin());
	close(sock[0]);
	close(sock[1]);
}

/* Threads that make and close objects all the time: the sum is right. */
TEST_F(object, many_at_a_time)
{
	SKIP_IF(self->skip);
	pid_t pids[4];
	int status;

	for (int i = 0; i < 4; i++) {
		pids[i] = fork();
		if (pids[i])
			continue;
		for (int n = 0; n < 50; n++) {
			int memory = soc_memory(self->fd, self->mem,
						self->length, WRITABLE);

			if (memory < 0 || close(memory))
				_exit(1);
		}
		_exit(vm_pin() ? 2 : 0);
	}
	for (int i = 0; i < 4; i++) {
		ASSERT_EQ(pids[i], waitpid(pids[i], &status, 0));
		EXPECT_EQ(0, status);
	}
}

/* Windows */

FIXTURE(window)
{
	const char *skip;
	struct dma_bench bench;
	char *mem;		/* not huge */
	int memory;
	size_t length;
	size_t vm_pin;		/* with the huge page, without @mem */
	long pinned;
};

FIXTURE_SETUP(window)
{
	self->skip = dma_bench_skip();
	if (self->skip)
		return;
	ASSERT_EQ(0, dma_bench_open(&self->bench));
	self->vm_pin = vm_pin();
	self->pinned = pinned_pages();
	self->length = 16 * PAGE;
	self->mem = anonymous(self->length, PROT_READ | PROT_WRITE);
	ASSERT_TRUE(!!self->mem);
	pattern_fill(self->mem, self->length, 1);
	self->memory = soc_memory(self->bench.fd, self->mem, self->length,
				  WRITABLE);
	ASSERT_LE(0, self->memory);
}

FIXTURE_TEARDOWN(window)
{
	if (self->skip)
		return;
	close(self->memory);
	munmap(self->mem, self->length);
	dma_bench_close(&self->bench);
	EXPECT_TRUE(wait_vm_pin(0));
}

/* A window of one page at @iova onto page @n of @memory. */
static int map_page(int fd, __u32 index, int memory, __u64 iova, unsigned int n)
{
	struct socassign_dma_map map = {
		.index = index, .flags = DMA_RW, .memory_fd = memory,
		.offset = n * PAGE, .iova = iova, .length = PAGE,
	};

	return soc_dma_map(fd, &map);
}

TEST_F(window, charged_once_for_all)
{
	SKIP_IF(self->skip);
	const size_t all = self->vm_pin + self->length;
	int other = soc_claim(nic_devs[0].node,
			      SOCASSIGN_DETACH | SOCASSIGN_SUBTREE);

	ASSERT_LE(0, other);
	EXPECT_EQ(all, vm_pin());
	for (int i = 0; i < 16; i++) {
		ASSERT_EQ(0, map_page(self->bench.fd, 0, self->memory,
				      i * PAGE, i));
		ASSERT_EQ(0, map_page(self->bench.fd, 1, self->memory,
				      i * PAGE, 15 - i));
		ASSERT_EQ(0, map_page(other, 0, self->memory, i * PAGE, 7));
	}
	EXPECT_EQ(all, vm_pin());
	EXPECT_EQ(self->pinned + 16, pinned_pages());
	close(self->memory);
	EXPECT_EQ(all, vm_pin());
	EXPECT_EQ(0, soc_dma_unmap_all(self->bench.fd, 0));
	EXPECT_EQ(all, vm_pin());
	close(other);
	EXPECT_EQ(all, vm_pin());
	for (int i = 0; i < 16; i++) {
		EXPECT_EQ(all, vm_pin());
		EXPECT_EQ(0, soc_dma_unmap(self->bench.fd, 1, i * PAGE, PAGE));
	}
	EXPECT_TRUE(wait_vm_pin(self->vm_pin));
	EXPECT_EQ(self->pinned, pinned_pages());
	self->memory = -1;
}

/* The fd is the last to go. */
TEST_F(window, unmapped_before_the_object_goes)
{
	SKIP_IF(self->skip);
	ASSERT_EQ(0, map_page(self->bench.fd, 0, self->memory, 0, 0));
	ASSERT_EQ(0, soc_dma_unmap(self->bench.fd, 0, 0, PAGE));
	EXPECT_EQ(self->vm_pin + self->length, vm_pin());
	close(self->memory);
	self->memory = -1;
	EXPECT_EQ(self->vm_pin, vm_pin());
}

TEST_F(window, onto_an_object_made_without_a_claim)
{
	SKIP_IF(self->skip);
	int dev = open(SOC_DEVICE, O_RDWR | O_CLOEXEC), memory;

	ASSERT_LE(0, dev);
	memory = soc_memory(dev, self->mem, self->length, WRITABLE);
	close(dev);
	ASSERT_LE(0, memory);
	EXPECT_EQ(0, map_page(self->bench.fd, 0, memory, 0, 1));
	close(memory);
	EXPECT_EQ(self->vm_pin + 2 * self->length, vm_pin());
	EXPECT_EQ(0, soc_dma_unmap(self->bench.fd, 0, 0, PAGE));
	EXPECT_TRUE(wait_vm_pin(self->vm_pin + self->length));
}

TEST_F(window, a_refused_window_keeps_nothing)
{
	SKIP_IF(self->skip);
	ASSERT_EQ(0, map_page(self->bench.fd, 0, self->memory, 0, 0));
	EXPECT_EQ(-EEXIST, map_page(self->bench.fd, 0, self->memory, 0, 1));
	EXPECT_EQ(-EINVAL, map_page(self->bench.fd, 0, self->memory, 1, 1));
	EXPECT_EQ(-EINVAL, map_page(self->bench.fd, 0, self->memory, PAGE, 16));
	EXPECT_EQ(-ENOENT, map_page(self->bench.fd, 2, self->memory, PAGE, 1));
	EXPECT_EQ(-ENOSPC, map_page(self->bench.fd, 0, self->memory,
				    0xfffffffffULL / PAGE * PAGE, 1));
	close(self->memory);
	self->memory = -1;
	EXPECT_EQ(self->vm_pin + self->length, vm_pin());
	EXPECT_EQ(0, soc_dma_unmap(self->bench.fd, 0, 0, PAGE));
	EXPECT_TRUE(wait_vm_pin(self->vm_pin));
}

TEST_F(window, replaced)
{
	SKIP_IF(self->skip);
	struct socassign_dma_map map = {
		.flags = DMA_RW | SOCASSIGN_DMA_REPLACE, .length = PAGE,
		.memory_fd = self->bench.memory,
	};

	ASSERT_EQ(0, map_page(self->bench.fd, 0, self->memory, 0, 0));
	ASSERT_EQ(0, map_page(self->bench.fd, 0, self->memory, PAGE, 0));
	close(self->memory);
	self->memory = -1;
	EXPECT_EQ(self->vm_pin + self->length, vm_pin());
	EXPECT_EQ(0, soc_dma_map(self->bench.fd, &map));
	ASSERT_EQ(0, soc_dma_enable(self->bench.fd, 0));
	EXPECT_EQ(self->vm_pin + self->length, vm_pin());
	map.iova = PAGE;
	EXPECT_EQ(0, soc_dma_map(self->bench.fd, &map));
	EXPECT_TRUE(wait_vm_pin(self->vm_pin));
	/* By itself, whose reference it takes and gives. */
	EXPECT_EQ(0, soc_dma_map(self->bench.fd, &map));
	EXPECT_EQ(self->vm_pin, vm_pin());
}

/* Mapped and enabled, and the fd closed: only the windows keep the memory. */
static void leave_to_windows(struct __test_metadata *_metadata,
			     FIXTURE_DATA(window) *self)
{
	for (int i = 0; i < 8; i++) {
		ASSERT_EQ(0, map_page(self->bench.fd, 0, self->memory,
				      i * PAGE, i));
		ASSERT_EQ(0, map_page(self->bench.fd, 1, self->memory,
				      i * PAGE, i));
	}
	ASSERT_EQ(0, soc_dma_enable(self->bench.fd, 0));
	close(self->memory);
	self->memory = -1;
	EXPECT_EQ(self->vm_pin + self->length, vm_pin());
}

TEST_F(window, unmapped_all)
{
	SKIP_IF(self->skip);
	leave_to_windows(_metadata, self);
	EXPECT_EQ(0, soc_dma_unmap_all(self->bench.fd, 0));
	EXPECT_EQ(self->vm_pin + self->length, vm_pin());
	EXPECT_EQ(0, soc_dma_unmap_all(self->bench.fd, 1));
	EXPECT_TRUE(wait_vm_pin(self->vm_pin));
}

TEST_F(window, end_of_the_claim)
{
	SKIP_IF(self->skip);
	leave_to_windows(_metadata, self);
	close(self->bench.fd);
	self->bench.fd = -1;
	EXPECT_TRUE(wait_vm_pin(self->vm_pin));
}

/* The fd of a claim that was revoked keeps no memory. */
TEST_F(window, revoke)
{
	SKIP_IF(self->skip);
	leave_to_windows(_metadata, self);
	EXPECT_EQ(0, sysfs_unbind(&self->bench.sysfs));
	EXPECT_TRUE(wait_vm_pin(self->vm_pin));
	EXPECT_EQ(-ENODEV, soc_memory(self->bench.fd, self->mem, PAGE, 0));
	EXPECT_EQ(-ENODEV, map_page(self->bench.fd, 0, -1, 0, 0));
	EXPECT_TRUE(sysfs_wait_driver(&self->bench.sysfs, nic_devs[1].driver));
}

/* An object is good for claims that came later. */
TEST_F(window, object_outlives_its_claim)
{
	SKIP_IF(self->skip);
	close(self->bench.fd);
	self->bench.fd = soc_claim(DMA_BENCH_NODE,
				   SOCASSIGN_DETACH | SOCASSIGN_SUBTREE);
	ASSERT_LE(0, self->bench.fd);
	EXPECT_EQ(0, map_page(self->bench.fd, 0, self->memory, 0, 3));
	EXPECT_EQ(self->vm_pin + self->length, vm_pin());
}

/* Where the window goes, by the tables. */
static uint64_t target(FIXTURE_DATA(window) *self, uint64_t addr)
{
	struct pamu_result result;

	return pamu_access(&self->bench.pamu, dma_bench_liodns[0], addr, 1,
			   true, &result) ? result.target : 0;
}

/* Read and written through /dev/mem, as a device would. */
static void *physical_page(uint64_t addr)
{
	int fd = open("/dev/mem", O_RDWR | O_CLOEXEC);
	void *mem = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
			 addr);

	close(fd);
	return mem == MAP_FAILED ? NULL : mem;
}

/* Its address space is gone, but not the memory: nobody else has it. */
TEST_F(window, keeps_what_was_unmapped)
{
	SKIP_IF(self->skip);
	const size_t other_length = 64u << 20;
	const char *page;
	char *other;
	uint64_t phys = physical_address(self->mem);

	ASSERT_EQ(0, map_page(self->bench.fd, 0, self->memory, 0, 0));
	ASSERT_EQ(0, soc_dma_enable(self->bench.fd, 0));
	EXPECT_EQ(phys, target(self, 0));
	page = physical_page(phys);
	ASSERT_TRUE(!!page);
	ASSERT_EQ(0, munmap(self->mem, self->length));
	close(self->memory);
	self->memory = -1;
	EXPECT_EQ(self->vm_pin + self->length, vm_pin());
	/* Much of what is free gets a use. */
	other = anonymous(other_length, PROT_READ | PROT_WRITE);
	ASSERT_TRUE(!!other);
	memset(other, 0x5a, other_length);
	EXPECT_EQ(phys, target(self, 0));
	EXPECT_EQ(PAGE, pattern_changed(page, PAGE, 1));
	munmap(other, other_length);
	munmap((void *)page, PAGE);
}

/* What the owner writes is what the device reads, whatever he has done since. */
static void check_same_memory(struct __test_metadata *_metadata,
			      FIXTURE_DATA(window) *self, char *mem)
{
	uint64_t phys = target(self, 0);
	char *page = physical_page(phys);

	ASSERT_TRUE(!!page);
	memcpy(mem, "by the CPU", 11);
	EXPECT_STREQ("by the CPU", page);
	memcpy(page + 100, "by the device", 14);
	EXPECT_STREQ("by the device", mem + 100);
	EXPECT_EQ(phys, physical_address(mem));
	munmap(page, PAGE);
}

TEST_F(window, is_onto_the_memory)
{
	SKIP_IF(self->skip);
	ASSERT_EQ(0, map_page(self->bench.fd, 0, self->memory, 0, 0));
	ASSERT_EQ(0, soc_dma_enable(self->bench.fd, 0));
	check_same_memory(_metadata, self, self->mem);
}

TEST_F(window, stays_with_the_parent_across_fork)
{
	SKIP_IF(self->skip);
	struct child child;

	ASSERT_EQ(0, map_page(self->bench.fd, 0, self->memory, 0, 0));
	ASSERT_EQ(0, soc_dma_enable(self->bench.fd, 0));
	ASSERT_TRUE(child_start(&child, just_tell, NULL));
	check_same_memory(_metadata, self, self->mem);
	EXPECT_EQ(0, child_end(&child));
	check_same_memory(_metadata, self, self->mem);
}

TEST_F(window, does_not_move)
{
	SKIP_IF(self->skip);
	ASSERT_EQ(0, map_page(self->bench.fd, 0, self->memory, 0, 0));
	ASSERT_EQ(0, soc_dma_enable(self->bench.fd, 0));
	madvise(self->mem, self->length, MADV_MERGEABLE);
	if (sysfs_write("/proc/sys/vm/compact_memory", "1"))
		TH_LOG("the kernel cannot compact memory");
	check_same_memory(_metadata, self, self->mem);
}

/* Memory for reading that nobody has written to when it is pinned. */
static int map_for_reading(FIXTURE_DATA(window) *self, char *mem)
{
	int memory = soc_memory(self->bench.fd, mem, PAGE, 0);
	struct socassign_dma_map map = {
		.flags = SOCASSIGN_DMA_READ, .memory_fd = memory,
		.length = PAGE,
	};
	int ret = memory < 0 ? memory : soc_dma_map(self->bench.fd, &map);

	if (memory >= 0)
		close(memory);
	return ret ? ret : soc_dma_enable(self->bench.fd, 0);
}

static void check_reads_what_is_written(struct __test_metadata *_metadata,
					FIXTURE_DATA(window) *self, char *mem)
{
	struct pamu_result result;
	char *page;

	ASSERT_EQ(0, map_for_reading(self, mem));
	strcpy(mem, "by the CPU");
	ASSERT_TRUE(pamu_access(&self->bench.pamu, dma_bench_liodns[0], 0, 1,
				false, &result));
	EXPECT_EQ(physical_address(mem), result.target);
	page = physical_page(result.target);
	ASSERT_TRUE(!!page);
	EXPECT_STREQ("by the CPU", page);
	munmap(page, PAGE);
}

TEST_F(window, reads_what_was_not_there_yet)
{
	SKIP_IF(self->skip);
	char *mem = anonymous(PAGE, PROT_READ | PROT_WRITE);

	ASSERT_TRUE(!!mem);
	check_reads_what_is_written(_metadata, self, mem);
	munmap(mem, PAGE);
}

TEST_F(window, reads_a_private_copy_of_a_file)
{
	SKIP_IF(self->skip);
	int file = memfd_create("dma_memory", MFD_CLOEXEC);
	char *mem;

	ASSERT_EQ(0, ftruncate(file, PAGE));
	mem = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
	ASSERT_TRUE(mem != MAP_FAILED);
	check_reads_what_is_written(_metadata, self, mem);
	munmap(mem, PAGE);
	close(file);
}

/* Thousands of pages in no order: each offset is the page that it says. */
#define MANY 2048

TEST_F_TIMEOUT(window, many_runs, 300)
{
	SKIP_IF(self->skip);
	int file = memfd_create("dma_memory", MFD_CLOEXEC), memory;
	char *mem = anonymous(MANY * PAGE, PROT_NONE);

	ASSERT_EQ(0, ftruncate(file, MANY * PAGE));
	for (unsigned int i = 0; i < MANY; i++)
		ASSERT_TRUE(map_over(mem + i * PAGE, file,
				     i * 1021ULL % MANY * PAGE));
	memory = soc_memory(self->bench.fd, mem, MANY * PAGE, WRITABLE);
	ASSERT_LE(0, memory);
	EXPECT_EQ(self->vm_pin + self->length + MANY * PAGE, vm_pin());
	for (unsigned int i = 0; i < MANY; i += 1 + i / 64) {
		ASSERT_EQ(0, map_page(self->bench.fd, 0, memory, 0, i));
		ASSERT_EQ(0, soc_dma_enable(self->bench.fd, 0));
		ASSERT_EQ(physical_address(mem + i * PAGE), target(self, 0))
			TH_LOG("page %u", i);
		ASSERT_EQ(0, soc_dma_unmap_all(self->bench.fd, 0));
		ASSERT_EQ(0, soc_dma_disable(self->bench.fd, 0));
	}
	close(memory);
	EXPECT_TRUE(wait_vm_pin(self->vm_pin + self->length));
	munmap(mem, MANY * PAGE);
	close(file);
}

TEST_HARNESS_MAIN
