// SPDX-License-Identifier: GPL-2.0
/* The arm64 machine: a GICv3, PSCI and architected timers, all in the kernel. */
#include <endian.h>
#include <errno.h>
#include <libfdt.h>
#include <linux/kvm.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "socvmm.h"

/* In the window */
#define GIC_DIST	0x000000
#define GIC_DIST_SIZE	0x010000
#define GIC_REDIST	0x020000
#define GIC_REDIST_SIZE	0x020000	/* for each CPU */
#define UART		0x180000
#define DOORBELLS	0x181000

_Static_assert(GIC_REDIST + MAX_CPUS * GIC_REDIST_SIZE <= UART,
	       "the redistributors of all CPUs have room");

#define FIRST_SPI	32
#define NUM_PINS	224

#define IRQ_EDGE_RISING	1
#define IRQ_LEVEL_HIGH	4
#define IRQ_LEVEL_LOW	8

/* Image, from Documentation/arm64/booting.rst */
#define IMAGE_MAGIC	0x644d5241	/* "ARM\x64" */
#define IMAGE_ALIGN	(2 * MiB)

struct image_header {
	uint32_t code[2];
	uint64_t text_offset;
	uint64_t image_size;
	uint64_t flags;
	uint64_t reserved[3];
	uint32_t magic;
	uint32_t pe_header;
};

/**
 * struct arch - What the machine has
 * @gic: The interrupt controller, a KVM device
 * @num_pins: Interrupts that are given away
 */
struct arch {
	int gic;
	int num_pins;
};

static struct arch arch = { .gic = -1 };

const struct arch_layout arch_layout = {
	.windows = { 0x08000000, 0x20000000, 0x30000000, 0xf0000000 },
	.uart = UART,
	.uart_size = 0x1000,
	.doorbells = DOORBELLS,
	.irq_cells = 3,
};

/* KVM on arm64 has no bugs that we know of. */
bool arch_check(const struct options *options)
{
	return true;
}

/* Of 40 bits, as every guest's used to be, if the CPU has as many. */
unsigned long arch_vm_type(int kvm)
{
	int bits = ioctl(kvm, KVM_CHECK_EXTENSION, KVM_CAP_ARM_VM_IPA_SIZE);

	return bits > 0 && bits < 40 ? bits : 0;
}

/* A device that does DMA without an IOMMU sees memory where it really is. */
uint64_t arch_ram_base(struct vm *vm, uint64_t physical)
{
	return physical ? physical : 0x40000000;
}

bool arch_load_kernel(struct vm *vm, const struct file *image)
{
	const struct image_header *header = image->data;
	uint64_t size, start = round_up(vm->ram.gpa, IMAGE_ALIGN);
	void *mem;

	if (image->size < sizeof(*header) ||
	    le32toh(header->magic) != IMAGE_MAGIC)
		return fail("--kernel %s: no arm64 Image (gunzip it, if it is compressed)",
			    vm->options->kernel);
	size = le64toh(header->image_size);
	if (size < image->size)
		size = image->size;
	start += le64toh(header->text_offset);
	mem = ram_at(vm, start, size);
	if (!mem)
		return fail("--mem: too small for the kernel");
	memcpy(mem, image->data, image->size);
	vm->entry = start;
	vm->ram.used = start + size - vm->ram.gpa;
	return true;
}

/* The interrupt controller and the CPUs */

static bool set_gic(struct vm *vm, uint32_t group, uint64_t attr,
		    const void *value)
{
	const struct kvm_device_attr it = {
		.group = group, .attr = attr, .addr = (uintptr_t)value,
	};

	if (!ioctl(vm->arch->gic, KVM_SET_DEVICE_ATTR, &it))
		return true;
	return fail("KVM's GICv3 does not take attribute %u.%u: %s", group,
		    (unsigned int)attr, strerror(errno));
}

static bool open_gic(struct vm *vm)
{
	struct kvm_create_device create = { .type = KVM_DEV_TYPE_ARM_VGIC_V3 };
	const uint64_t dist = vm->window + GIC_DIST;
	const uint64_t redist = vm->window + GIC_REDIST;
	const uint32_t num = FIRST_SPI + NUM_PINS;

	if (ioctl(vm->fd, KVM_CREATE_DEVICE, &create))
		return fail("KVM makes no GICv3, which needs one in the host: %s",
			    strerror(errno));
	vm->arch->gic = create.fd;
	return set_gic(vm, KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &num) &&
	       set_gic(vm, KVM_DEV_ARM_VGIC_GRP_ADDR,
		       KVM_VGIC_V3_ADDR_TYPE_DIST, &dist) &&
	       set_gic(vm, KVM_DEV_ARM_VGIC_GRP_ADDR,
		       KVM_VGIC_V3_ADDR_TYPE_REDIST, &redist) &&
	       set_gic(vm, KVM_DEV_ARM_VGIC_GRP_CTRL,
		       KVM_DEV_ARM_VGIC_CTRL_INIT, NULL);
}

/* The first one starts, and the others by its word: PSCI's CPU_ON. */
static bool init_vcpu(const struct vcpu *vcpu, struct kvm_vcpu_init init)
{
	init.features[0] |= 1 << KVM_ARM_VCPU_PSCI_0_2;
	if (vcpu->index)
		init.features[0] |= 1 << KVM_ARM_VCPU_POWER_OFF;
	return !ioctl(vcpu->fd, KVM_ARM_VCPU_INIT, &init) ||
	       fail("KVM does not set up CPU %u: %s", vcpu->index,
		    strerror(errno));
}

static bool open_vcpus(struct vm *vm)
{
	struct kvm_vcpu_init init;
	bool done = true;

	if (!vcpus_open(vm))
		return false;
	if (ioctl(vm->fd, KVM_ARM_PREFERRED_TARGET, &init))
		return fail("KVM has no CPU for the guest: %s",
			    strerror(errno));
	for (unsigned int i = 0; done && i < vm->num_vcpus; i++)
		done = init_vcpu(&vm->vcpus[i], init);
	return done;
}

/**
 * arch_open - Make the CPUs and the interrupt controller
 * @vm: The machine, with its window
 *
 * Return: true, or false after a message.  arch_close() is due in either case.
 */
bool arch_open(struct vm *vm)
{
	vm->arch = &arch;
	return open_vcpus(vm) && open_gic(vm);
}

void arch_close(struct vm *vm)
{
	close(arch.gic);
	arch = (struct arch) { .gic = -1 };
}

static bool set_register(struct vm *vm, uint64_t offset, uint64_t value)
{
	const struct kvm_one_reg reg = {
		.id = KVM_REG_ARM64 | KVM_REG_SIZE_U64 | KVM_REG_ARM_CORE |
		      offset / sizeof(uint32_t),
		.addr = (uintptr_t)&value,
	};

	return !ioctl(vm->vcpus[0].fd, KVM_SET_ONE_REG, &reg) ||
	       fail("KVM does not set a register: %s", strerror(errno));
}

#define CORE_REG(_field)	offsetof(struct kvm_regs, regs._field)

bool arch_start(struct vm *vm)
{
	return set_register(vm, CORE_REG(pc), vm->entry) &&
	       set_register(vm, CORE_REG(regs[0]), vm->dtb) &&
	       set_register(vm, CORE_REG(regs[1]), 0) &&
	       set_register(vm, CORE_REG(regs[2]), 0) &&
	       set_register(vm, CORE_REG(regs[3]), 0);
}

/* KVM holds them back itself, see init_vcpu(). */
bool arch_waits(const struct vcpu *vcpu)
{
	return false;
}

bool arch_exit(struct vcpu *vcpu)
{
	const struct kvm_run *run = vcpu->run;

	if (run->exit_reason != KVM_EXIT_SYSTEM_EVENT)
		return fail("KVM stops the guest: exit reason %u",
			    run->exit_reason);
	switch (run->system_event.type) {
	case KVM_SYSTEM_EVENT_SHUTDOWN:
		vm_stop(vcpu->vm, WHY_OFF);
		return true;
	case KVM_SYSTEM_EVENT_RESET:
		vm_stop(vcpu->vm, WHY_REBOOT);
		return true;
	}
	return fail("the guest has crashed");
}

/* Interrupts: pin n is the guest's SPI n, whatever it is on the host. */

int arch_pin(struct vm *vm, bool is_level)
{
	return arch.num_pins < NUM_PINS ? arch.num_pins++ : -1;
}

void arch_irq_cells(int pin, bool is_level, uint32_t *cells)
{
	cells[0] = 0;
	cells[1] = pin;
	cells[2] = is_level ? IRQ_LEVEL_HIGH : IRQ_EDGE_RISING;
}

void arch_irq_line(struct vm *vm, int pin, bool level)
{
	vm_irq_line(vm, KVM_ARM_IRQ_TYPE_SPI << KVM_ARM_IRQ_TYPE_SHIFT |
			(FIRST_SPI + pin), level);
}

/* The base of the guest's tree */

/**
 * arch_put_cpu - Write a CPU of the guest's
 * @vm: The machine
 * @fdt: The base
 * @index: Which; KVM numbers up to 16 of them so
 *
 * Return: 0 or an error of libfdt.
 */
int arch_put_cpu(struct vm *vm, void *fdt, unsigned int index)
{
	int ret = tree_begin_node(fdt, "cpu", index);

	if (!ret)
		ret = fdt_property_string(fdt, "device_type", "cpu");
	if (!ret)
		ret = fdt_property_string(fdt, "compatible", "arm,armv8");
	if (!ret)
		ret = fdt_property_u32(fdt, "reg", index);
	if (!ret)
		ret = fdt_property_string(fdt, "enable-method", "psci");
	return ret ? ret : fdt_end_node(fdt);
}

static int put_psci(void *fdt)
{
	static const char compatible[] = "arm,psci-1.0\0arm,psci-0.2";
	int ret = fdt_begin_node(fdt, "psci");

	if (!ret)
		ret = fdt_property(fdt, "compatible", compatible,
				   sizeof(compatible));
	if (!ret)
		ret = fdt_property_string(fdt, "method", "hvc");
	return ret ? ret : fdt_end_node(fdt);
}

/* PPIs as on every KVM: secure, non-secure, virtual, hypervisor. */
static int put_timer(void *fdt)
{
	static const uint32_t ppis[] = { 13, 14, 11, 10 };
	fdt32_t cells[3 * ARRAY_SIZE(ppis)];
	int ret = fdt_begin_node(fdt, "timer");

	for (size_t i = 0; i < ARRAY_SIZE(ppis); i++) {
		cells[3 * i] = cpu_to_fdt32(1);
		cells[3 * i + 1] = cpu_to_fdt32(ppis[i]);
		cells[3 * i + 2] = cpu_to_fdt32(IRQ_LEVEL_LOW);
	}
	if (!ret)
		ret = fdt_property_string(fdt, "compatible", "arm,armv8-timer");
	if (!ret)
		ret = fdt_property(fdt, "interrupts", cells, sizeof(cells));
	if (!ret)
		ret = fdt_property(fdt, "always-on", NULL, 0);
	return ret ? ret : fdt_end_node(fdt);
}

static int put_gic(struct vm *vm, void *fdt)
{
	const uint64_t redist_size = vm->options->num_cpus * GIC_REDIST_SIZE;
	const fdt64_t reg[] = {
		cpu_to_fdt64(vm->window + GIC_DIST),
		cpu_to_fdt64(GIC_DIST_SIZE),
		cpu_to_fdt64(vm->window + GIC_REDIST),
		cpu_to_fdt64(redist_size),
	};
	int ret = tree_begin_node(fdt, "interrupt-controller", vm->window + GIC_DIST);

	if (!ret)
		ret = fdt_property_string(fdt, "compatible", "arm,gic-v3");
	if (!ret)
		ret = fdt_property(fdt, "reg", reg, sizeof(reg));
	return ret ? ret : tree_end_intc(fdt);
}

static int put_clock(void *fdt)
{
	int ret = fdt_begin_node(fdt, "clock");

	if (!ret)
		ret = fdt_property_string(fdt, "compatible", "fixed-clock");
	if (!ret)
		ret = fdt_property_u32(fdt, "#clock-cells", 0);
	if (!ret)
		ret = fdt_property_u32(fdt, "clock-frequency", 24000000);
	if (!ret)
		ret = fdt_property_u32(fdt, "phandle", TREE_CLOCK);
	return ret ? ret : fdt_end_node(fdt);
}

static int put_uart(struct vm *vm, void *fdt)
{
	static const char compatible[] = "arm,pl011\0arm,primecell";
	static const char names[] = "uartclk\0apb_pclk";
	const fdt32_t clocks[] = {
		cpu_to_fdt32(TREE_CLOCK), cpu_to_fdt32(TREE_CLOCK),
	};
	int ret = tree_begin_node(fdt, "serial", vm->window + UART);

	if (!ret)
		ret = fdt_property(fdt, "compatible", compatible,
				   sizeof(compatible));
	if (!ret)
		ret = tree_put_reg(fdt, vm->window + UART,
				   arch_layout.uart_size);
	if (!ret)
		ret = tree_put_irq(fdt, vm->uart_pin, true);
	if (!ret)
		ret = fdt_property(fdt, "clocks", clocks, sizeof(clocks));
	if (!ret)
		ret = fdt_property(fdt, "clock-names", names, sizeof(names));
	return ret ? ret : fdt_end_node(fdt);
}

static int put_doorbell(struct vm *vm, void *fdt, unsigned int index)
{
	static const char compatible[] = "arm,pl061\0arm,primecell";
	int ret = tree_begin_node(fdt, doorbell_name(vm, index),
				  doorbell_address(vm, index));

	if (!ret)
		ret = fdt_property(fdt, "compatible", compatible,
				   sizeof(compatible));
	if (!ret)
		ret = tree_put_reg(fdt, doorbell_address(vm, index),
				   DOORBELL_SIZE);
	if (!ret)
		ret = tree_put_irq(fdt, doorbell_pin(vm, index), true);
	if (!ret)
		ret = fdt_property_u32(fdt, "clocks", TREE_CLOCK);
	if (!ret)
		ret = fdt_property_string(fdt, "clock-names", "apb_pclk");
	if (!ret)
		ret = fdt_property(fdt, "gpio-controller", NULL, 0);
	if (!ret)
		ret = fdt_property_u32(fdt, "#gpio-cells", 2);
	return ret ? ret : fdt_end_node(fdt);
}

/* The path of the emulated console in the guest's tree. */
void arch_uart_path(const struct vm *vm, char *path, size_t size)
{
	snprintf(path, size, "/serial@%llx",
		 (unsigned long long)(vm->window + UART));
}

/**
 * arch_put_tree - Write what this machine has, to the root of the base
 * @vm: The machine
 * @fdt: The base
 *
 * Return: 0 or an error of libfdt.
 */
int arch_put_tree(struct vm *vm, void *fdt)
{
	int ret = fdt_property_string(fdt, "compatible", "linux,dummy-virt");

	if (!ret)
		ret = tree_put_cpus(vm, fdt);
	if (!ret)
		ret = put_psci(fdt);
	if (!ret)
		ret = put_timer(fdt);
	if (!ret)
		ret = put_gic(vm, fdt);
	if (!ret && (vm->uart || vm->num_doorbells))
		ret = put_clock(fdt);
	if (!ret && vm->uart)
		ret = put_uart(vm, fdt);
	for (unsigned int i = 0; !ret && i < vm->num_doorbells; i++)
		ret = put_doorbell(vm, fdt, i);
	return ret;
}
