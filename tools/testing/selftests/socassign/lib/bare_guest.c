// SPDX-License-Identifier: GPL-2.0
#include "bare_guest.h"

#ifdef __powerpc__

#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <unistd.h>

#include "board.h"
#include "program.h"

#define SOCVMM		"/bin/socvmm"

/* The guest's physical addresses, and where its TLB1 has them. */
#define RAM		0x00000000u	/* the same for both */
#define RAM_SIZE	0x10000u
#define DONE		0x20000000u	/* nothing is there: a store ends KVM_RUN */
#define DONE_EA		0x90000000u
#define DEVICE		0x30000000u
#define DEVICE_SLOT	1
#define DEVICE_EA	0x80000000u

/* The e500v2's TLBs: 512 entries, 4 ways; 16 entries, fully associative */
#define TLB0_ENTRIES	512
#define TLB0_WAYS	4
#define TLB1_ENTRIES	16
#define NUM_TLB		(TLB0_ENTRIES + TLB1_ENTRIES)
#define TLB_BYTES	(NUM_TLB * sizeof(struct kvm_book3e_206_tlb_entry))

#define MAS0_TLB1(_n)	(0x10000000u | (_n) << 16)
#define MAS1_VALID	0x80000000u
#define MAS1_SIZE(_n)	(__builtin_ctzl((_n) >> 10) << 7)
#define MAS2_IG		0x0a
#define MAS3_RWX	0x15		/* of the supervisor */
#define MAS3_RW		0x05

/* So often it is interrupted at the same instruction before we believe it. */
#define TRIES		10
#define TRY_US		50000

/*
 * What the guest does.  r3 to r6 are MAS0 to MAS3, or r3 is an address and r4 a
 * value; r31 is DONE_EA.
 */
__asm__(".pushsection .rodata\n"
	".machine push\n"
	".machine e500\n"
	"bare_code:\n"
	"bare_map:\n"
	"	mtspr	624, 3\n"
	"	mtspr	625, 4\n"
	"	mtspr	626, 5\n"
	"	mtspr	627, 6\n"
	"	isync\n"
	"	tlbwe\n"
	"	isync\n"
	"	b	1f\n"
	"bare_load:\n"
	"	lbz	4, 0(3)\n"
	"	b	1f\n"
	"bare_store:\n"
	"	stb	4, 0(3)\n"
	"1:	stw	4, 0(31)\n"
	"	b	1b\n"
	"bare_code_end:\n"
	".machine pop\n"
	".popsection\n");

/* An e500v2 whose KVM survives a guest; socvmm knows how to tell. */
const char *bare_guest_missing(void)
{
	static const char *const args[] = {
		SOCVMM, "--mem", "16M", "--kernel", "/no/kernel", NULL,
	};
	struct program program = { 0 };
	bool is_content;

	if (strcmp(board_get()->name, "ppce500") || access("/dev/kvm", F_OK))
		return "no KVM for e500v2";
	program_run(&program, who_root, args);
	is_content = program.err && strstr(program.err, "/no/kernel: ");
	program_free(&program);
	return is_content ? NULL : "no " SOCVMM ", or KVM has not the fixes that it asks for";
}

static int add_memory(struct bare_guest *guest, __u32 slot, __u64 gpa,
		      void *mem, size_t size)
{
	struct kvm_userspace_memory_region region = {
		.slot = slot, .guest_phys_addr = gpa, .memory_size = size,
		.userspace_addr = (uintptr_t)mem,
	};

	return ioctl(guest->vm, KVM_SET_USER_MEMORY_REGION, &region) ?
	       -errno : 0;
}

static void *new_memory(size_t size)
{
	void *mem = mmap(NULL, size, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return mem == MAP_FAILED ? NULL : mem;
}

/* KVM makes the instruction cache see what is in a page that it first maps. */
static int load_code(struct bare_guest *guest)
{
	guest->ram = new_memory(RAM_SIZE);
	if (!guest->ram)
		return -errno;
	memcpy(guest->ram, bare_code, bare_code_end - bare_code);
	return add_memory(guest, 0, RAM, guest->ram, RAM_SIZE);
}

static int share_tlb(struct bare_guest *guest)
{
	struct kvm_book3e_206_tlb_params params = {
		.tlb_sizes = { TLB0_ENTRIES, TLB1_ENTRIES },
		.tlb_ways = { TLB0_WAYS, TLB1_ENTRIES },
	};
	struct kvm_config_tlb config = {
		.params = (uintptr_t)&params, .array_len = TLB_BYTES,
		.mmu_type = KVM_MMU_FSL_BOOKE_NOHV,
	};
	const struct kvm_enable_cap cap = {
		.cap = KVM_CAP_SW_TLB, .args[0] = (uintptr_t)&config,
	};

	guest->tlb = new_memory(TLB_BYTES);
	if (!guest->tlb)
		return -errno;
	config.array = (uintptr_t)guest->tlb;
	return ioctl(guest->vcpu, KVM_ENABLE_CAP, &cap) ? -errno : 0;
}

/* What the guest starts with: its code, and how it says that it is done. */
static int fill_tlb(struct bare_guest *guest)
{
	struct kvm_book3e_206_tlb_entry *tlb1 = guest->tlb + TLB0_ENTRIES;
	__u8 bitmap[(NUM_TLB + 7) / 8];
	const struct kvm_dirty_tlb dirty = {
		.bitmap = (uintptr_t)bitmap, .num_dirty = NUM_TLB,
	};

	tlb1[0] = (struct kvm_book3e_206_tlb_entry) {
		.mas1 = MAS1_VALID | MAS1_SIZE(RAM_SIZE), .mas2 = RAM,
		.mas7_3 = RAM | MAS3_RWX,
	};
	tlb1[1] = (struct kvm_book3e_206_tlb_entry) {
		.mas1 = MAS1_VALID | MAS1_SIZE(4096), .mas2 = DONE_EA | MAS2_IG,
		.mas7_3 = DONE | MAS3_RW,
	};
	memset(bitmap, 0xff, sizeof(bitmap));
	return ioctl(guest->vcpu, KVM_DIRTY_TLB, &dirty) ? -errno : 0;
}

static int make_vm(struct bare_guest *guest)
{
	guest->kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	if (guest->kvm < 0)
		return -errno;
	guest->vm = ioctl(guest->kvm, KVM_CREATE_VM, 0);
	if (guest->vm < 0)
		return -errno;
	guest->vcpu = ioctl(guest->vm, KVM_CREATE_VCPU, 0);
	return guest->vcpu < 0 ? -errno : 0;
}

/*
 * For as long as there is the guest: to unmap something flushes the TLB of the
 * CPU, guests' entries included.
 */
static int map_run(struct bare_guest *guest)
{
	const int size = ioctl(guest->kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
	void *run = size < 0 ? MAP_FAILED :
		    mmap(NULL, size, PROT_READ, MAP_SHARED, guest->vcpu, 0);

	if (run == MAP_FAILED)
		return -errno;
	guest->run = run;
	guest->run_size = size;
	return 0;
}

int bare_guest_open(struct bare_guest *guest, void *mem, size_t size)
{
	int ret;

	*guest = BARE_GUEST_NONE;
	ret = make_vm(guest);
	if (!ret)
		ret = map_run(guest);
	if (!ret)
		ret = load_code(guest);
	if (!ret)
		ret = add_memory(guest, DEVICE_SLOT, DEVICE, mem, size);
	if (!ret)
		ret = share_tlb(guest);
	return ret ? ret : fill_tlb(guest);
}

void bare_guest_close(struct bare_guest *guest)
{
	close(guest->vcpu);
	close(guest->vm);
	close(guest->kvm);
	if (guest->run)
		munmap((void *)guest->run, guest->run_size);
	if (guest->ram)
		munmap(guest->ram, RAM_SIZE);
	if (guest->tlb)
		munmap(guest->tlb, TLB_BYTES);
	*guest = BARE_GUEST_NONE;
}

int bare_guest_drop(struct bare_guest *guest)
{
	return add_memory(guest, DEVICE_SLOT, DEVICE, NULL, 0);
}

static void nothing(int signal)
{
}

/* By the time that is spent with the guest, however slow the machine is. */
static void set_timer(unsigned int microseconds)
{
	const struct itimerval timer = {
		.it_interval.tv_usec = microseconds,
		.it_value.tv_usec = microseconds,
	};
	const struct sigaction action = { .sa_handler = nothing };

	sigaction(SIGPROF, &action, NULL);
	setitimer(ITIMER_PROF, &timer, NULL);
}

/* KVM tries a page that it cannot map again and again: only a signal ends it. */
static int run_until_done(struct bare_guest *guest, __u32 entry)
{
	struct kvm_regs regs;
	int tries = 0;

	while (ioctl(guest->vcpu, KVM_RUN, 0)) {
		if (errno != EINTR || ioctl(guest->vcpu, KVM_GET_REGS, &regs))
			return -errno;
		if (regs.pc == entry && ++tries == TRIES)
			return -EAGAIN;
	}
	return 0;
}

/* Where it ends: the store to DONE_EA, or nothing that we know. */
static int check_end(const struct bare_guest *guest)
{
	const struct kvm_run *run = guest->run;

	return run->exit_reason == KVM_EXIT_MMIO && run->mmio.is_write &&
	       run->mmio.phys_addr == DONE ? 0 : -EIO;
}

/* From one of the guest's labels on; the registers are what it leaves in them. */
static int run(struct bare_guest *guest, const char *label,
	       struct kvm_regs *regs)
{
	const __u32 entry = RAM + (label - bare_code);
	int ret;

	regs->pc = entry;
	regs->gpr[31] = DONE_EA;
	if (ioctl(guest->vcpu, KVM_SET_REGS, regs))
		return -errno;
	set_timer(TRY_US);
	ret = run_until_done(guest, entry);
	set_timer(0);
	if (ret)
		return ret;
	if (ioctl(guest->vcpu, KVM_GET_REGS, regs))
		return -errno;
	return check_end(guest);
}

int bare_guest_map(struct bare_guest *guest, size_t size)
{
	struct kvm_regs regs = {
		.gpr[3] = MAS0_TLB1(3), .gpr[4] = MAS1_VALID | MAS1_SIZE(size),
		.gpr[5] = DEVICE_EA | MAS2_IG, .gpr[6] = DEVICE | MAS3_RW,
	};

	return run(guest, bare_map, &regs);
}

int bare_guest_load(struct bare_guest *guest, __u32 offset, __u8 *value)
{
	struct kvm_regs regs = { .gpr[3] = DEVICE_EA + offset };
	int ret = run(guest, bare_load, &regs);

	if (!ret)
		*value = regs.gpr[4];
	return ret;
}

int bare_guest_store(struct bare_guest *guest, __u32 offset, __u8 value)
{
	struct kvm_regs regs = {
		.gpr[3] = DEVICE_EA + offset, .gpr[4] = value,
	};

	return run(guest, bare_store, &regs);
}

#endif
