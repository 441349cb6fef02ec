// SPDX-License-Identifier: GPL-2.0
/*
 * KVM on arm64 maps a partition, as the memory of a guest, in blocks of 2 MiB: a
 * guest that reads a byte of each page does not come out for each of them.  The
 * guest is a few instructions, without an MMU of its own.
 */
#include "lib/board.h"

#ifdef __aarch64__

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/kvm.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <unistd.h>

#include "harness.h"
#include "lib/claim.h"
#include "lib/hugepages.h"
#include "lib/partition.h"

#define PAGE		4096
#define BLOCK		(2ul << 20)
#define PAGES		((long)(BLOCK / PAGE))
#define RW		(PROT_READ | PROT_WRITE)

/* The guest's physical addresses. */
#define CODE		0x10000000ul
#define DONE		0x20000000ul	/* nothing is there: a store ends KVM_RUN */
#define MEMORY		0x40000000ul

/* A guest that goes astray ends then: against hangs only. */
#define LIMIT		20		/* seconds */

/* Offset of the vector for an exception of the guest's kernel itself */
#define VECTOR		0x200

/* x0: where, x1: how many pages, x3: DONE.  An exception stores beside it. */
static const uint32_t walk_code[] = {
	0x39400002,			/* 1:	ldrb	w2, [x0]	*/
	0x91400400,			/*	add	x0, x0, #4096	*/
	0xf1000421,			/*	subs	x1, x1, #1	*/
	0x54ffffa1,			/*	b.ne	1b		*/
	0xb9000062,			/*	str	w2, [x3]	*/
	[VECTOR / 4] = 0xb9000862,	/*	str	w2, [x3, #8]	*/
};

FIXTURE(blocks) {
	const char *skip;
	struct partition part;
	char *area;		/* with a block of the partition in it */
	int kvm, vm, vcpu;
	void *code;
	struct kvm_run *run;
};

FIXTURE_VARIANT(blocks) {
	size_t shift;		/* from where a block could be */
	long least, most;	/* exits; the host's interrupts are among them */
};

FIXTURE_VARIANT_ADD(blocks, aligned) { .least = 1, .most = PAGES / 4 };
FIXTURE_VARIANT_ADD(blocks, not_aligned) {
	.shift = PAGE, .least = PAGES, .most = LONG_MAX,
};

static int add_memory(int vm, __u32 slot, __u64 gpa, void *mem, size_t size)
{
	struct kvm_userspace_memory_region region = {
		.slot = slot, .guest_phys_addr = gpa, .memory_size = size,
		.userspace_addr = (uintptr_t)mem,
	};

	return ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region);
}

#define CORE_REG(_field)						\
	(KVM_REG_ARM64 | KVM_REG_SIZE_U64 |				\
	 KVM_REG_ARM_CORE_REG(regs._field) | KVM_REG_ARM_CORE)

#define VBAR_EL1	ARM64_SYS_REG(3, 0, 12, 0, 0)

static int set_register(int vcpu, __u64 id, __u64 value)
{
	struct kvm_one_reg reg = { .id = id, .addr = (uintptr_t)&value };

	return ioctl(vcpu, KVM_SET_ONE_REG, &reg);
}

static int make_vcpu(int vm)
{
	struct kvm_vcpu_init init;
	int vcpu = ioctl(vm, KVM_CREATE_VCPU, 0);

	if (vcpu < 0 || ioctl(vm, KVM_ARM_PREFERRED_TARGET, &init) ||
	    ioctl(vcpu, KVM_ARM_VCPU_INIT, &init))
		return -errno;
	return vcpu;
}

/* The first block of the partition, so far from an address that is aligned. */
static char *map_block(int fd, char *area, size_t shift)
{
	struct socassign_region region = {};
	uintptr_t place = ((uintptr_t)area + BLOCK - 1) & ~(BLOCK - 1);

	if (soc_region(fd, 0, &region))
		return MAP_FAILED;
	return mmap((char *)place + shift, BLOCK, RW, MAP_SHARED | MAP_FIXED,
		    fd, region.out_cached_cookie);
}

FIXTURE_SETUP(blocks)
{
	char *mem;

	self->part.fd = -1;
	self->kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	self->skip = self->kvm < 0 ? "no KVM" : hugepages_missing();
	if (self->skip)
		return;
	ASSERT_EQ(0, partition_open(&self->part, BLOCK));
	self->area = mmap(NULL, 3 * BLOCK, PROT_NONE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_TRUE(self->area != MAP_FAILED);
	mem = map_block(self->part.fd, self->area, variant->shift);
	ASSERT_TRUE(mem != MAP_FAILED);
	self->vm = ioctl(self->kvm, KVM_CREATE_VM, 0);
	ASSERT_LE(0, self->vm);
	self->vcpu = make_vcpu(self->vm);
	ASSERT_LE(0, self->vcpu);
	self->run = mmap(NULL, ioctl(self->kvm, KVM_GET_VCPU_MMAP_SIZE, 0), RW,
			 MAP_SHARED, self->vcpu, 0);
	ASSERT_TRUE(self->run != MAP_FAILED);
	self->code = mmap(NULL, PAGE, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_TRUE(self->code != MAP_FAILED);
	memcpy(self->code, walk_code, sizeof(walk_code));
	__builtin___clear_cache(self->code, (char *)self->code + PAGE);
	ASSERT_EQ(0, add_memory(self->vm, 0, CODE, self->code, PAGE));
	ASSERT_EQ(0, add_memory(self->vm, 1, MEMORY, mem, BLOCK));
}

FIXTURE_TEARDOWN(blocks)
{
	close(self->kvm);
	if (self->skip)
		return;
	close(self->vcpu);
	close(self->vm);
	munmap(self->area, 3 * BLOCK);
	partition_close(&self->part);
}

/* How often the guest came out, by KVM's own statistics; or -1. */
static long count_exits(int vcpu)
{
	struct kvm_stats_header header;
	struct kvm_stats_desc *desc;
	__u64 value, exits = -1;
	size_t size;
	int fd = ioctl(vcpu, KVM_GET_STATS_FD, NULL);

	if (fd < 0 || pread(fd, &header, sizeof(header), 0) != sizeof(header))
		return -1;
	size = sizeof(*desc) + header.name_size;
	desc = malloc(size);
	for (__u32 i = 0; desc && i < header.num_desc; i++)
		if (pread(fd, desc, size, header.desc_offset + i * size) ==
		    (ssize_t)size && !strcmp(desc->name, "exits") &&
		    pread(fd, &value, sizeof(value),
			  header.data_offset + desc->offset) == sizeof(value))
			exits = value;
	free(desc);
	close(fd);
	return exits;
}

static void nothing(int signal)
{
}

static void limit(unsigned int seconds)
{
	const struct itimerval timer = { .it_value.tv_sec = seconds };
	const struct sigaction action = { .sa_handler = nothing };

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &timer, NULL);
}

/* The guest reads a byte of each page; 0 or a negative errno. */
static int walk(int vcpu)
{
	int ret;

	if (set_register(vcpu, CORE_REG(pc), CODE) ||
	    set_register(vcpu, VBAR_EL1, CODE) ||
	    set_register(vcpu, CORE_REG(regs[0]), MEMORY) ||
	    set_register(vcpu, CORE_REG(regs[1]), PAGES) ||
	    set_register(vcpu, CORE_REG(regs[3]), DONE))
		return -errno;
	limit(LIMIT);
	ret = ioctl(vcpu, KVM_RUN, NULL) ? -errno : 0;
	limit(0);
	return ret;
}

TEST_F(blocks, of_a_partition)
{
	SKIP_IF(self->skip);
	long exits;

	ASSERT_EQ(0, walk(self->vcpu));
	EXPECT_EQ(KVM_EXIT_MMIO, self->run->exit_reason);
	EXPECT_EQ(DONE, self->run->mmio.phys_addr);
	exits = count_exits(self->vcpu);
	EXPECT_LE(variant->least, exits);
	EXPECT_GE(variant->most, exits);
}

int main(int argc, char **argv)
{
	board_require();
	return test_harness_run(argc, argv);
}

#else

int main(void)
{
	board_skip("this is about KVM on arm64");
	return 1;
}

#endif
