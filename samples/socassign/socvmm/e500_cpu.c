// SPDX-License-Identifier: GPL-2.0
/* A CPU of the Power machine: its TLB, its way to the MPIC, and how it starts. */
#include <errno.h>
#include <linux/kvm.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "e500_cpu.h"

/* The e500v2's TLBs: 512 entries, 4 ways; 16 entries, fully associative */
#define TLB0_ENTRIES	512
#define TLB0_WAYS	4
#define TLB1_ENTRIES	16
#define NUM_TLB		(TLB0_ENTRIES + TLB1_ENTRIES)

#define MAS1_VALID	0x80000000
#define MAS1_TSIZE_64M	(16 << 7)	/* 2^16 KiB */
#define MAS3_SUPERVISOR	0x15		/* SX, SW, SR */

/* Each CPU's TLBs, in common with KVM */
static struct kvm_book3e_206_tlb_entry *tlbs[MAX_CPUS];

static size_t tlb_size(void)
{
	return round_up(NUM_TLB * sizeof(*tlbs[0]), page_size());
}

static bool enable(const struct vcpu *vcpu, const struct kvm_enable_cap *cap,
		   const char *what)
{
	return !ioctl(vcpu->fd, KVM_ENABLE_CAP, cap) ||
	       fail("KVM has no %s: %s", what, strerror(errno));
}

/* Without TLBs in common KVM on e500v2 loses the entry that the guest boots on. */
static bool share_tlb(const struct vcpu *vcpu)
{
	struct kvm_book3e_206_tlb_params params = {
		.tlb_sizes = { TLB0_ENTRIES, TLB1_ENTRIES },
		.tlb_ways = { TLB0_WAYS, TLB1_ENTRIES },
	};
	struct kvm_config_tlb config = {
		.params = (uintptr_t)&params, .array_len = tlb_size(),
		.mmu_type = KVM_MMU_FSL_BOOKE_NOHV,
	};
	struct kvm_enable_cap cap = {
		.cap = KVM_CAP_SW_TLB, .args[0] = (uintptr_t)&config,
	};
	void *tlb = mmap(NULL, tlb_size(), PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (tlb == MAP_FAILED)
		return fail("no memory for the TLB: %s", strerror(errno));
	tlbs[vcpu->index] = tlb;
	config.array = (uintptr_t)tlb;
	return enable(vcpu, &cap, "TLB for an e500v2 (CONFIG_KVM_E500V2)");
}

static bool connect_mpic(const struct vcpu *vcpu, int mpic)
{
	const struct kvm_enable_cap cap = {
		.cap = KVM_CAP_IRQ_MPIC, .args = { mpic, vcpu->index },
	};

	return enable(vcpu, &cap, "way from the MPIC to the CPU");
}

/**
 * e500_cpu_open - Make a CPU of KVM's one of the machine's
 * @vcpu: The CPU
 * @mpic: The interrupt controller, a KVM device
 *
 * Return: true, or false after a message.  e500_cpu_close() is due in either case.
 */
bool e500_cpu_open(struct vcpu *vcpu, int mpic)
{
	return share_tlb(vcpu) && connect_mpic(vcpu, mpic);
}

void e500_cpu_close(struct vcpu *vcpu)
{
	if (tlbs[vcpu->index])
		munmap(tlbs[vcpu->index], tlb_size());
	tlbs[vcpu->index] = NULL;
}

/* The initial mapping: effective address 0, whatever of the memory it is. */
static bool set_tlb(const struct vcpu *vcpu, uint64_t mapped)
{
	uint8_t bitmap[(NUM_TLB + 7) / 8];
	struct kvm_dirty_tlb dirty = {
		.bitmap = (uintptr_t)bitmap, .num_dirty = NUM_TLB,
	};

	tlbs[vcpu->index][TLB0_ENTRIES] = (struct kvm_book3e_206_tlb_entry) {
		.mas1 = MAS1_VALID | MAS1_TSIZE_64M,
		.mas7_3 = mapped | MAS3_SUPERVISOR,
	};
	memset(bitmap, 0xff, sizeof(bitmap));
	return !ioctl(vcpu->fd, KVM_DIRTY_TLB, &dirty) ||
	       fail("KVM does not take the TLB: %s", strerror(errno));
}

static bool set_registers(const struct vcpu *vcpu,
			  const struct e500_start *start)
{
	struct kvm_regs regs = {
		.pc = start->entry % IMA_SIZE, .gpr[3] = start->r3,
		.gpr[6] = start->r6, .gpr[7] = IMA_SIZE,
	};

	return !ioctl(vcpu->fd, KVM_SET_REGS, &regs) ||
	       fail("KVM does not set the registers: %s", strerror(errno));
}

/**
 * e500_cpu_set - Set up a CPU as firmware does
 * @vcpu: The CPU, which does not run yet
 * @start: How it starts
 *
 * ePAPR 1.1, 5.4.1 and 5.5.2.  From any thread.
 *
 * Return: true, or false after a message.
 */
bool e500_cpu_set(struct vcpu *vcpu, const struct e500_start *start)
{
	return set_tlb(vcpu, start->entry - start->entry % IMA_SIZE) &&
	       set_registers(vcpu, start);
}
