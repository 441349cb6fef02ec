// SPDX-License-Identifier: GPL-2.0
#include "kvm_walk.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <unistd.h>

#include "bare_guest.h"
#include "hugepages.h"

#define PAGE	4096

#if defined(__aarch64__) || defined(__powerpc__)

static long read_statistic(int fd, const struct kvm_stats_header *header,
			   __u32 index, const char *name)
{
	size_t size = sizeof(struct kvm_stats_desc) + header->name_size;
	struct kvm_stats_desc *desc = malloc(size);
	long result = -ENOENT;
	__u64 value;

	if (desc &&
	    pread(fd, desc, size, header->desc_offset + index * size) ==
	    (ssize_t)size && !strcmp(desc->name, name) &&
	    pread(fd, &value, sizeof(value), header->data_offset +
		  desc->offset) == sizeof(value))
		result = value;
	free(desc);
	return result;
}

/* One of KVM's own counters of a vCPU, or a negative errno. */
static long statistic(int vcpu, const char *name)
{
	int fd = ioctl(vcpu, KVM_GET_STATS_FD, NULL);
	struct kvm_stats_header header;
	long result = -ENOENT;

	if (fd < 0)
		return -errno;
	if (pread(fd, &header, sizeof(header), 0) == sizeof(header))
		for (__u32 i = 0; i < header.num_desc && result < 0; i++)
			result = read_statistic(fd, &header, i, name);
	close(fd);
	return result;
}

#endif

#if defined(__aarch64__)

const size_t kvm_walk_size = 2 << 20;

/* The guest's physical addresses. */
#define CODE		0x10000000ul
#define DONE		0x20000000ul	/* nothing is there: a store ends KVM_RUN */
#define MEMORY		0x40000000ul

/* A guest that goes astray ends then: against hangs only. */
#define LIMIT		20		/* seconds */

/* Offset of the vector for an exception of the guest's kernel itself */
#define VECTOR		0x200

/* x0: where, x1: how many pages, x3: DONE.  An exception stores beside it. */
static const uint32_t code[] = {
	0x39400002,			/* 1:	ldrb	w2, [x0]	*/
	0x91400400,			/*	add	x0, x0, #4096	*/
	0xf1000421,			/*	subs	x1, x1, #1	*/
	0x54ffffa1,			/*	b.ne	1b		*/
	0xb9000062,			/*	str	w2, [x3]	*/
	[VECTOR / 4] = 0xb9000862,	/*	str	w2, [x3, #8]	*/
};

struct machine {
	int kvm, vm, vcpu;
	struct kvm_run *run;	/* of the vcpu; @run_size bytes */
	size_t run_size;
	void *code;
};

const char *kvm_walk_missing(void)
{
	return access("/dev/kvm", F_OK) ? "no KVM" : hugepages_missing();
}

static int add_memory(int vm, __u32 slot, __u64 gpa, void *mem, size_t size)
{
	struct kvm_userspace_memory_region region = {
		.slot = slot, .guest_phys_addr = gpa, .memory_size = size,
		.userspace_addr = (uintptr_t)mem,
	};

	return ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region);
}

static int make_vcpu(int vm)
{
	struct kvm_vcpu_init init;
	int vcpu = ioctl(vm, KVM_CREATE_VCPU, 0);

	if (vcpu >= 0 && !ioctl(vm, KVM_ARM_PREFERRED_TARGET, &init) &&
	    !ioctl(vcpu, KVM_ARM_VCPU_INIT, &init))
		return vcpu;
	close(vcpu);
	return -1;
}

static void *map_shared(int fd, size_t size)
{
	void *mem = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED |
			 (fd < 0 ? MAP_ANONYMOUS : 0), fd, 0);

	return mem == MAP_FAILED ? NULL : mem;
}

/* 0 or a negative errno; machine_close() is due in either case. */
static int machine_open(struct machine *machine, void *mem)
{
	machine->kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	machine->vm = ioctl(machine->kvm, KVM_CREATE_VM, 0);
	machine->vcpu = make_vcpu(machine->vm);
	if (machine->vcpu < 0)
		return -errno;
	machine->run_size = ioctl(machine->kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
	machine->run = map_shared(machine->vcpu, machine->run_size);
	machine->code = map_shared(-1, PAGE);
	if (!machine->run || !machine->code)
		return -errno;
	memcpy(machine->code, code, sizeof(code));
	__builtin___clear_cache(machine->code, (char *)machine->code + PAGE);
	return add_memory(machine->vm, 0, CODE, machine->code, PAGE) ||
	       add_memory(machine->vm, 1, MEMORY, mem, kvm_walk_size) ?
	       -errno : 0;
}

static void machine_close(struct machine *machine)
{
	if (machine->run)
		munmap(machine->run, machine->run_size);
	close(machine->vcpu);
	close(machine->vm);
	close(machine->kvm);
	if (machine->code)
		munmap(machine->code, PAGE);
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

static int machine_run(struct machine *machine)
{
	const struct kvm_run *run = machine->run;
	int vcpu = machine->vcpu, ret;

	if (set_register(vcpu, CORE_REG(pc), CODE) ||
	    set_register(vcpu, VBAR_EL1, CODE) ||
	    set_register(vcpu, CORE_REG(regs[0]), MEMORY) ||
	    set_register(vcpu, CORE_REG(regs[1]), kvm_walk_size / PAGE) ||
	    set_register(vcpu, CORE_REG(regs[3]), DONE))
		return -errno;
	limit(LIMIT);
	ret = ioctl(vcpu, KVM_RUN, NULL) ? -errno : 0;
	limit(0);
	if (ret)
		return ret;
	return run->exit_reason == KVM_EXIT_MMIO &&
	       run->mmio.phys_addr == DONE ? 0 : -EFAULT;
}

long kvm_walk(void *mem)
{
	struct machine machine = { .kvm = -1, .vm = -1, .vcpu = -1 };
	long ret = machine_open(&machine, mem);

	if (!ret)
		ret = machine_run(&machine);
	if (!ret)
		ret = statistic(machine.vcpu, "exits");
	machine_close(&machine);
	return ret;
}

#elif defined(__powerpc__)

const size_t kvm_walk_size = 1 << 20;

const char *kvm_walk_missing(void)
{
	return bare_guest_missing();
}

/* A miss in the TLB of the CPU for what the guest's own has. */
static long count_misses(struct bare_guest *guest)
{
	return statistic(guest->vcpu, "dtlb_virt_miss_exits");
}

static long walk(struct bare_guest *guest)
{
	long before, after;
	__u8 value;
	int ret = bare_guest_map(guest, kvm_walk_size);

	before = count_misses(guest);
	for (__u32 at = 0; !ret && at < kvm_walk_size; at += PAGE)
		ret = bare_guest_load(guest, at, &value);
	after = count_misses(guest);
	if (ret || before < 0)
		return ret ? ret : before;
	return after - before;
}

long kvm_walk(void *mem)
{
	struct bare_guest guest;
	long ret = bare_guest_open(&guest, mem, kvm_walk_size);

	if (!ret)
		ret = walk(&guest);
	bare_guest_close(&guest);
	return ret;
}

#else

const size_t kvm_walk_size = PAGE;

const char *kvm_walk_missing(void)
{
	return "this is about KVM on arm64 and Power";
}

long kvm_walk(void *mem)
{
	return -EOPNOTSUPP;
}

#endif
