// SPDX-License-Identifier: GPL-2.0
/*
 * libsocassign against a driver that this file plays: ioctl(), open() and access() are
 * wrapped, the claim is a memfd, so that mmap() and pread() are real
 */
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "libsocassign.h"

#define COOKIE		0x10000
#define PAGE_OFFSET	0x100
#define REASON		"/one: refused: so it is"

static int number, failures;
static int claim_fd;
static struct socassign_instantiate inst;
static char inst_paths[64];
static struct socassign_set_irq set_irq;
static uint64_t set_cpus;
static struct socassign_dma_map dma_map;
static struct socassign_dma_unmap dma_unmap;
static int fail_with;		/* without having looked */
static int refuse_with;		/* with a reason, where there is room for one */
static uint32_t kernel_widths = 1 | 2 | 4;
static uint32_t shared_flags;
static struct socassign_prefault prefault;
static int asked_before_event;	/* so many times there is none yet; -1: never one */

static void ok(bool good, const char *what)
{
	printf("%sok %d - %s\n", good ? "" : "not ", ++number, what);
	failures += !good;
}

/* The driver */

static void put(uint64_t buf, uint32_t *len, const char *list, uint32_t size)
{
	if (*len)
		memcpy((void *)(uintptr_t)buf, list, *len < size ? *len : size);
	*len = size;
}

#define PUT(_field, _list)	put(_field, &_field##_len, _list, sizeof(_list))

static int fake_info(struct socassign_info *cmd)
{
	cmd->out_flags = SOCASSIGN_DETACH;
	cmd->out_num_nodes = 2;
	cmd->out_num_regions = 3;
	cmd->out_num_irqs = 2;
	cmd->out_num_clocks = 1;
	cmd->out_num_dmas = 1;
	put(cmd->paths, &cmd->paths_len, "/one\0/two", sizeof("/one\0/two"));
	return 0;
}

static int fake_region(struct socassign_region *cmd)
{
	cmd->out_kind = cmd->index == 2 ? SOCASSIGN_REGION_MEMORY :
					  SOCASSIGN_REGION_REG;
	cmd->out_flags = cmd->index == 0 ? SOCASSIGN_REGION_MMAP :
			 cmd->index == 1 ? SOCASSIGN_REGION_NEIGHBOURS :
					   SOCASSIGN_REGION_MMAP_CACHED;
	if (!cmd->index)
		cmd->out_flags |= shared_flags;
	cmd->out_node = cmd->index & 1;
	cmd->out_widths = cmd->index == 1 ? kernel_widths : 0;
	cmd->out_page_offset = PAGE_OFFSET;
	cmd->out_bytes = 0x40;
	cmd->out_cookie = COOKIE;
	cmd->out_cached_cookie = COOKIE;
	PUT(cmd->name, "regs");
	if (cmd->index == 1)
		PUT(cmd->neighbours, "/near\0/by");
	else
		cmd->neighbours_len = 0;
	return 0;
}

static int fake_irq(struct socassign_irq *cmd)
{
	cmd->out_flags = cmd->index ? 0 : SOCASSIGN_IRQ_LEVEL;
	cmd->out_num_cells = 2;
	cmd->out_specifier[0] = 43;
	cmd->out_count = 7;
	PUT(cmd->name, "line");
	PUT(cmd->controllers, "/pic\0/root");
	cmd->sharers_len = 0;
	return 0;
}

static int fake_clock(struct socassign_clock *cmd)
{
	cmd->out_rate = 1000000;
	PUT(cmd->name, "apb");
	return 0;
}

static int fake_set_irq(struct socassign_set_irq *cmd)
{
	uint64_t one = 1;

	if (cmd->flags & SOCASSIGN_SET_FIRE)
		return write(set_irq.trigger_fd, &one, sizeof(one)) < 0;
	set_irq = *cmd;
	if (cmd->cpus_len)
		set_cpus = *(uint64_t *)(uintptr_t)cmd->cpus;
	return 0;
}

static int fake_event(struct socassign_get_event *cmd)
{
	if (asked_before_event) {
		asked_before_event -= asked_before_event > 0;
		return EAGAIN;
	}
	cmd->out_type = SOCASSIGN_EVENT_DMA_FAULT;
	cmd->out_index = 1;
	cmd->out_address = 0x12345678abcdULL;
	return 0;
}

static int refuse(uint64_t reason, uint32_t len)
{
	put(reason, &len, REASON, sizeof(REASON));
	return refuse_with;
}

static int fake_dma_map(struct socassign_dma_map *cmd)
{
	if (refuse_with)
		return refuse(cmd->reason, cmd->reason_len);
	dma_map = *cmd;
	return 0;
}

static int fake_instantiate(struct socassign_instantiate *cmd)
{
	if (refuse_with)
		return refuse(cmd->reason, cmd->reason_len);
	inst = *cmd;
	memcpy(inst_paths, (void *)(uintptr_t)cmd->paths, cmd->paths_len);
	cmd->out_fd = claim_fd;
	return 0;
}

static int fake(unsigned long request, void *arg)
{
	switch (request) {
	case SOCASSIGN_INSTANTIATE:
		return fake_instantiate(arg);
	case SOCASSIGN_INFO:
		return fake_info(arg);
	case SOCASSIGN_REGION:
		return fake_region(arg);
	case SOCASSIGN_IRQ:
		return fake_irq(arg);
	case SOCASSIGN_CLOCK:
		return fake_clock(arg);
	case SOCASSIGN_DMA:
		((struct socassign_dma *)arg)->out_liodn = 10;
		return 0;
	case SOCASSIGN_SET_IRQ:
		return fake_set_irq(arg);
	case SOCASSIGN_PREFAULT:
		prefault = *(struct socassign_prefault *)arg;
		return 0;
	case SOCASSIGN_GET_EVENT:
		return fake_event(arg);
	case SOCASSIGN_DMA_MAP:
		return fake_dma_map(arg);
	case SOCASSIGN_QUERY:
		((struct socassign_query *)arg)->out_max_nodes = 7;
		return 0;
	case SOCASSIGN_DMA_UNMAP:
		dma_unmap = *(struct socassign_dma_unmap *)arg;
		return 0;
	}
	return ENOTTY;
}

int __wrap_ioctl(int fd, unsigned long request, ...)
{
	va_list args;

	va_start(args, request);
	errno = fail_with ? fail_with : fake(request, va_arg(args, void *));
	va_end(args);
	return errno ? -1 : 0;
}

int __wrap_open(const char *path, int flags, ...)
{
	return dup(claim_fd);
}

int __wrap_open64(const char *path, int flags, ...)
{
	return dup(claim_fd);
}

/* The tests */

static struct soca_claim *open_claim(void)
{
	const char *const paths[] = { "/one", "/two" };
	struct soca_claim *claim = NULL;

	claim_fd = memfd_create("claim", 0);
	if (ftruncate(claim_fd, 2 * COOKIE))
		return NULL;
	ok(!soca_open(paths, 2, SOCASSIGN_DETACH, &claim, NULL), "a claim opens");
	ok(inst.flags == SOCASSIGN_DETACH && inst.paths_len == 10 &&
	   !memcmp(inst_paths, "/one\0/two", 10), "with its paths");
	ok(soca_fd(claim) == claim_fd, "it has its file descriptor");
	ok(fcntl(claim_fd, F_GETFD) & FD_CLOEXEC, "which is close-on-exec");
	return claim;
}

static void test_query(void)
{
	struct socassign_query query;

	ok(!soca_query(&query) && query.out_max_nodes == 7,
	   "the driver tells what it can do");
	fail_with = ENOTTY;
	ok(soca_query(&query) == -ENOTTY && !query.out_instantiate_flags,
	   "an old one can do nothing");
	fail_with = 0;
}

static void test_dry_run(void)
{
	const char *const paths[] = { "/one", "/two" };
	struct soca_claim *claim = NULL;

	ok(!soca_dry_run(paths, 2, SOCASSIGN_DETACH, NULL), "a claim would be granted");
	ok(inst.flags == (SOCASSIGN_DETACH | SOCASSIGN_DRY_RUN) &&
	   inst.paths_len == 10, "the driver was asked");
	fail_with = EBUSY;
	ok(soca_dry_run(paths, 2, 0, NULL) == -EBUSY, "or why not");
	fail_with = 0;
	ok(soca_open(paths, 2, SOCASSIGN_DRY_RUN, &claim, NULL) == -EINVAL && !claim,
	   "a dry run opens nothing");
}

static void test_description(const struct soca_claim *claim)
{
	const struct soca_info *info = soca_info_get(claim);
	const struct soca_region *region = soca_region_get(claim, 1);
	const struct soca_irq *irq = soca_irq_get(claim, 0);

	ok(info->nodes.num == 2 && !strcmp(info->nodes.str[1], "/two"),
	   "the nodes are known");
	ok(region->neighbours.num == 2 &&
	   !strcmp(region->neighbours.str[1], "/by"), "so are neighbours");
	ok(!soca_region_get(claim, 0)->neighbours.num, "if there are any");
	ok(!strcmp(region->name, "regs"), "and names");
	ok(irq->controllers.num == 2 &&
	   !strcmp(irq->controllers.str[1], "/root") && !irq->sharers.num,
	   "and controllers");
	ok(irq->num_cells == 2 && irq->specifier[0] == 43, "and specifiers");
	ok(soca_clock_get(claim, 0)->rate == 1000000 &&
	   !strcmp(soca_clock_get(claim, 0)->name, "apb"), "and clocks");
	ok(soca_dma_get(claim, 0)->liodn == 10, "and LIODNs");
	ok(!soca_region_get(claim, 3) && !soca_irq_get(claim, 2) &&
	   !soca_clock_get(claim, 1) && !soca_dma_get(claim, 1),
	   "and nothing beyond the last");
	ok(soca_region_find(claim, 1, "regs") == 1 &&
	   soca_region_find(claim, 1, "none") == -ENOENT, "found by name");
	ok(soca_irq_find(claim, 0, "line") == 0 &&
	   soca_irq_find(claim, 0, "none") == -ENOENT &&
	   soca_irq_find(claim, 1, "line") == -ENOENT, "interrupts, too, of a node");
}

static void test_access(struct soca_claim *claim, const char *how)
{
	static const uint8_t bytes[] = { 0x12, 0x34, 0x56, 0x78 };
	uint8_t written[4];
	uint32_t value = 0;
	uint16_t half = 0;

	printf("# %s\n", how);
	pwrite(claim_fd, bytes, 4, COOKIE + PAGE_OFFSET + 8);
	soca_region_set_order(claim, 0, SOCA_ORDER_BIG);
	ok(!soca_read32(claim, 0, 8, &value) && value == 0x12345678,
	   "a big-endian register");
	soca_region_set_order(claim, 0, SOCA_ORDER_LITTLE);
	ok(!soca_read32(claim, 0, 8, &value) && value == 0x78563412,
	   "a little-endian register");
	ok(!soca_read16(claim, 0, 10, &half) && half == 0x7856,
	   "one of 16 bits");
	soca_region_set_order(claim, 0, SOCA_ORDER_NATIVE);
	memcpy(&value, bytes, 4);
	half = 0;
	ok(!soca_write32(claim, 0, 12, value), "a write");
	pread(claim_fd, written, 4, COOKIE + PAGE_OFFSET + 12);
	ok(!memcmp(written, bytes, 4), "in the CPU's order");
	soca_region_set_order(claim, 0, SOCA_ORDER_BIG);
	soca_write16(claim, 0, 12, 0xabcd);
	pread(claim_fd, written, 4, COOKIE + PAGE_OFFSET + 12);
	ok(written[0] == 0xab && written[1] == 0xcd && written[2] == 0x56,
	   "a big-endian write of 16 bits");
}

static void test_bounds(struct soca_claim *claim)
{
	uint64_t value;

	ok(soca_read(claim, 0, 0x40, 4, &value) == -EINVAL &&
	   soca_read(claim, 0, UINT64_MAX, 1, &value) == -EINVAL,
	   "nothing beyond the region");
	ok(!soca_read(claim, 0, 0x3c, 4, &value), "but its last register");
	ok(soca_read(claim, 0, 2, 4, &value) == -EINVAL, "nothing unaligned");
	ok(soca_read(claim, 1, 0, 8, &value) == -EINVAL &&
	   soca_read(claim, 0, 0, 3, &value) == -EINVAL &&
	   soca_read(claim, 0, 0, 0, &value) == -EINVAL,
	   "no width that the region does not have");
	ok(soca_write(claim, 0, 0, 1, 256) == -EINVAL,
	   "no value that does not fit");
	ok(soca_read(claim, 3, 0, 4, &value) == -ENOENT, "no other region");
}

/* The driver says whether it accesses registers; a mapping needs no such word. */
static void test_kernel_access(uint32_t widths, int result, const char *what)
{
	struct soca_claim *claim;
	uint64_t value;

	kernel_widths = widths;
	claim = open_claim();
	ok(soca_read(claim, 1, 0, 4, &value) == result &&
	   soca_write(claim, 1, 0, 4, 0) == result, what);
	ok(!soca_read(claim, 0, 0, 4, &value), "what can be mapped is read");
	ok(soca_region_unmap(claim, 0) == -ENOENT, "and does not stay mapped");
	soca_close(claim);
}

/* Neighbours forbid to map what the driver itself does not permit. */
static void test_shared(void)
{
	struct soca_claim *claim;
	volatile void *regs = NULL;

	shared_flags = SOCASSIGN_REGION_NEIGHBOURS | SOCASSIGN_REGION_SHARED;
	claim = open_claim();
	ok(!soca_region_map(claim, 0, false, &regs),
	   "one that is shared with neighbours is mapped");
	soca_close(claim);
	shared_flags = 0;
}

static void test_map(struct soca_claim *claim)
{
	volatile void *regs = NULL, *again = NULL;

	ok(!soca_region_map(claim, 0, false, &regs), "a region is mapped");
	ok((uintptr_t)regs % 4096 == PAGE_OFFSET, "at its first register");
	ok(!soca_region_map(claim, 0, false, &again) && again == regs,
	   "twice at the same address");
	ok(soca_region_map(claim, 0, true, &again) == -EBUSY,
	   "not cacheable at the same time");
	ok(soca_region_map(claim, 1, false, &again) == -EACCES,
	   "one with neighbours is not mapped");
	test_access(claim, "mapped");
	ok(!soca_region_prefault(claim, 0) && prefault.length == 4096 &&
	   prefault.addr == (uintptr_t)regs - PAGE_OFFSET,
	   "all pages of a mapping are had at once");
	ok(soca_region_prefault(claim, 1) == -ENOENT, "of nothing else");
	ok(!soca_prefault(claim, regs, 4) && prefault.length == 4 &&
	   prefault.addr == (uintptr_t)regs, "or a part of it");
	ok(!soca_region_unmap(claim, 0) &&
	   soca_region_unmap(claim, 0) == -ENOENT, "it is unmapped once");
	ok(soca_region_map(claim, 0, true, &again) == -EOPNOTSUPP,
	   "one that is not made for it is not cached");
}

static void test_memory(struct soca_claim *claim)
{
	volatile void *memory;
	uint64_t value;

	ok(soca_read(claim, 2, 0, 4, &value) == -EACCES,
	   "memory is not read unless it is mapped");
	ok(!soca_region_map(claim, 2, false, &memory), "it is mapped");
	ok(!soca_read(claim, 2, 0, 4, &value), "and can be read");
	ok(!soca_is_partition(claim), "registers are no partition");
}

static sigjmp_buf own_escape;

static void own_handler(int sig)
{
	siglongjmp(own_escape, 1);
}

/* It would make the next one deadly. */
static bool is_blocked(int sig)
{
	sigset_t set;

	sigprocmask(SIG_SETMASK, NULL, &set);
	return sigismember(&set, sig);
}

/* What the file has no more, the mapping has no more. */
static void test_gone(struct soca_claim *claim, const char *how)
{
	uint64_t value = 1;

	printf("# %s\n", how);
	ok(!ftruncate(claim_fd, 0), "a device goes");
	fail_with = ENODEV;
	ok(soca_read(claim, 0, 0, 4, &value) == -ENODEV && value == 1,
	   "a read says so");
	ok(soca_write(claim, 0, 0, 4, 0) == -ENODEV, "so does a write");
	fail_with = 0;
	ok(soca_read(claim, 0, 0, 4, &value) == -EIO,
	   "if it is still there it is a bus error");
	ok(!is_blocked(SIGBUS), "nothing stays blocked");
	ok(!ftruncate(claim_fd, 2 * COOKIE) &&
	   !soca_read(claim, 0, 0, 4, &value) && !value,
	   "what works again works");
}

/* By an access of the program's own, and by somebody who sends it */
static void test_others_signal(struct soca_claim *claim)
{
	volatile void *regs = NULL;
	volatile bool came = false;

	soca_region_map(claim, 0, false, &regs);
	test_gone(claim, "gone while it is mapped");
	ftruncate(claim_fd, 0);
	if (sigsetjmp(own_escape, 1))
		came = true;
	else
		*(volatile uint32_t *)regs = 0;
	ok(came, "SIGBUS of the program's own comes to the program's handler");
	came = false;
	if (sigsetjmp(own_escape, 1))
		came = true;
	else
		raise(SIGBUS);
	ok(came, "so does one that is sent");
	ftruncate(claim_fd, 2 * COOKIE);
	soca_region_unmap(claim, 0);
}

/* In a program without a handler: after a read that fails, die of SIGBUS. */
static void die(struct soca_claim *claim, bool is_sent)
{
	volatile void *regs = NULL;
	uint64_t value;

	signal(SIGBUS, SIG_DFL);
	soca_region_map(claim, 0, false, &regs);
	ftruncate(claim_fd, 0);
	if (soca_read(claim, 0, 0, 4, &value) != -EIO)
		_exit(1);
	if (is_sent)
		raise(SIGBUS);
	else
		*(volatile uint32_t *)regs = 0;
	_exit(2);
}

/* Before the first access of this process, which installs the handler */
static void test_no_handler(struct soca_claim *claim, bool is_sent,
			    const char *what)
{
	int status = 0;
	pid_t child = fork();

	if (!child)
		die(claim, is_sent);
	ok(waitpid(child, &status, 0) == child && WIFSIGNALED(status) &&
	   WTERMSIG(status) == SIGBUS, what);
	ftruncate(claim_fd, 2 * COOKIE);
}

static void test_irq(struct soca_claim *claim)
{
	int trigger = eventfd(0, EFD_NONBLOCK), resample = eventfd(0, 0);
	uint64_t count = 0;

	ok(!soca_irq_attach(claim, 0, trigger, resample) &&
	   set_irq.flags == (SOCASSIGN_SET_TRIGGER | SOCASSIGN_SET_RESAMPLE) &&
	   set_irq.trigger_fd == trigger && set_irq.resample_fd == resample,
	   "eventfds are attached");
	ok(soca_irq_fd(claim, 0) == trigger, "and known");
	ok(soca_irq_wait(claim, 0, 0, &count) == -ETIMEDOUT, "nothing comes");
	ok(!soca_irq_fire(claim, 0) && !soca_irq_wait(claim, 0, 0, &count) &&
	   count == 1, "until it is fired");
	ok(!soca_irq_attach(claim, 0, trigger, -1) &&
	   set_irq.flags == (SOCASSIGN_SET_TRIGGER | SOCASSIGN_SET_RESAMPLE) &&
	   set_irq.resample_fd == -1, "a resample eventfd is detached");
	ok(!soca_irq_detach(claim, 0) && set_irq.trigger_fd == -1 &&
	   set_irq.flags == SOCASSIGN_SET_TRIGGER && !set_irq.resample_fd,
	   "then only the trigger is");
	ok(fcntl(trigger, F_GETFD) >= 0, "which stays open");
	ok(soca_irq_fd(claim, 0) == -ENOENT, "and unknown");
	ok(!soca_irq_open(claim, 1) && soca_irq_fd(claim, 1) >= 0,
	   "the library makes one");
	trigger = soca_irq_fd(claim, 1);
	ok(!soca_irq_detach(claim, 1) && fcntl(trigger, F_GETFD) < 0,
	   "and closes it");
	set_irq.flags = 0;
	ok(!soca_irq_done(claim, 1) && !set_irq.flags,
	   "an edge needs no EOI");
	ok(!soca_irq_done(claim, 0) && set_irq.flags == SOCASSIGN_SET_EOI,
	   "a level does");
	ok(!soca_irq_mask(claim, 1) && set_irq.flags == SOCASSIGN_SET_MASK &&
	   set_irq.index == 1, "it is masked");
	ok(!soca_irq_unmask(claim, 1) && set_irq.flags == SOCASSIGN_SET_UNMASK &&
	   set_irq.index == 1, "and unmasked");
	ok(!soca_irq_affinity(claim, 0, (unsigned int[]){ 0, 3 }, 2) &&
	   set_cpus == 9 && set_irq.cpus_len % 8 == 0, "CPUs become a mask");
	ok(soca_irq_affinity(claim, 0, (unsigned int[]){ 8192 }, 1) == -EINVAL,
	   "within bounds");
	ok(!soca_irq_state(claim, 0, NULL, &count) && count == 7,
	   "the count is read");
}

/* A memfd can always be read from: as if another thread had taken the event. */
static void test_events(const struct soca_claim *claim)
{
	struct soca_event event = { 0 };

	ok(!soca_event_wait(claim, 0, &event) &&
	   event.type == SOCASSIGN_EVENT_DMA_FAULT && event.index == 1 &&
	   event.address == 0x12345678abcdULL, "an event that is there is had at once");
	asked_before_event = 1;
	ok(!soca_event_wait(claim, -1, &event), "or waited for");
	asked_before_event = -1;
	ok(soca_event_wait(claim, 0, &event) == -ETIMEDOUT, "for no longer than that");
	asked_before_event = 0;
	fail_with = ENODEV;
	ok(soca_event_wait(claim, -1, &event) == -ENODEV, "unless the device is gone");
	fail_with = 0;
}

static void test_dma(const struct soca_claim *claim)
{
	struct soca_window window = {
		.memory = 5, .flags = SOCASSIGN_DMA_READ, .iova = 0x1000,
		.length = 0x2000,
	};
	char reason[SOCASSIGN_MAX_REASON_LEN];

	ok(!soca_dma_map(claim, 0, &window, reason) && dma_map.memory_fd == 5 &&
	   dma_map.flags == SOCASSIGN_DMA_READ && dma_map.iova == 0x1000 &&
	   dma_map.length == 0x2000, "a window is mapped");
	ok(!soca_dma_replace(claim, 0, &window, NULL) &&
	   dma_map.flags == (SOCASSIGN_DMA_READ | SOCASSIGN_DMA_REPLACE),
	   "and replaced");
	refuse_with = ERANGE;
	ok(soca_dma_map(claim, 0, &window, reason) == -ERANGE &&
	   !strcmp(reason, REASON), "or refused, with the reason");
	window.flags |= SOCASSIGN_DMA_REPLACE;
	ok(soca_dma_map(claim, 0, &window, reason) == -EINVAL && !*reason,
	   "which does not stay");
	refuse_with = 0;
	ok(!soca_dma_unmap(claim, 0, 0x1000, 0x2000) && !dma_unmap.flags &&
	   dma_unmap.iova == 0x1000, "and unmapped");
	ok(!soca_dma_unmap_all(claim, 0) && !dma_unmap.iova &&
	   dma_unmap.flags == SOCASSIGN_DMA_UNMAP_ALL, "all are");
}

static int access_fails;

int __wrap_access(const char *path, int mode)
{
	errno = access_fails;
	return access_fails ? -1 : 0;
}

int __wrap_faccessat(int dir, const char *path, int mode, int flags)
{
	return __wrap_access(path, mode);
}

/* Where the driver is missing, and where the caller may not look. */
static void test_device_failures(void)
{
	access_fails = ENOENT;
	ok(!!strstr(soca_explain(SOCA_OP_OPEN, -ENOENT), "not loaded"),
	   "there is no driver");
	access_fails = EACCES;
	ok(!!strstr(soca_explain(SOCA_OP_OPEN, -EACCES), "belongs to root"),
	   "nobody may open it");
	access_fails = 0;
	ok(!!strstr(soca_explain(SOCA_OP_OPEN, -EACCES), "nobody gets"),
	   "it is open, and the node is not for us");
}

static void test_failures(void)
{
	const char *path = "/one";
	char reason[SOCASSIGN_MAX_REASON_LEN];
	struct soca_claim *claim = NULL;
	int fd = eventfd(0, 0);

	for (int error = 0; error < 200; error++)
		for (int op = 0; op <= SOCA_OP_EVENT + 1; op++)
			if (!soca_explain(op, -error))
				ok(false, "each failure has a text");
	ok(soca_explain(SOCA_OP_DMA, -ERANGE) ==
	   soca_explain(SOCA_OP_DMA, ERANGE), "of either sign");
	fail_with = ENOTTY;
	ok(soca_adopt(fd, &claim) == -EINVAL, "another file is not adopted");
	fail_with = 0;
	refuse_with = EBUSY;
	ok(soca_open(&path, 1, 0, &claim, reason) == -EBUSY &&
	   !strcmp(reason, REASON), "a refusal is returned, and its reason");
	ok(soca_open(&path, 1, 0, &claim, NULL) == -EBUSY, "to whom wants it");
	refuse_with = 0;
	fail_with = ENOMEM;
	ok(soca_open(&path, 1, 0, &claim, reason) == -ENOMEM && !*reason,
	   "a failure has none");
	fail_with = 0;
	ok(!claim, "and no claim");
}

int main(void)
{
	struct soca_claim *claim = open_claim();

	test_no_handler(claim, false, "without a handler another access kills");
	test_no_handler(claim, true, "so does SIGBUS that is sent");
	/* Before the library's, which finds it then */
	signal(SIGBUS, own_handler);
	test_query();
	test_dry_run();
	test_description(claim);
	test_access(claim, "not mapped");
	test_bounds(claim);
	test_map(claim);
	test_memory(claim);
	test_gone(claim, "gone while it is not mapped");
	test_others_signal(claim);
	test_irq(claim);
	test_events(claim);
	test_dma(claim);
	soca_close(claim);
	ok(fcntl(claim_fd, F_GETFD) < 0, "close() closes");
	test_kernel_access(1 | 2 | 4, 0, "the kernel reads beside neighbours");
	test_kernel_access(0, -EACCES, "or may not");
	test_shared();
	test_device_failures();
	test_failures();
	printf("1..%d\n", number);
	return !!failures;
}
