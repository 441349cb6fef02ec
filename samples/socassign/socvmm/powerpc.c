// SPDX-License-Identifier: GPL-2.0
/*
 * The Power machine: an e500v2 with an MPIC, both in the kernel; what Linux
 * calls "fsl,qemu-e500", with power and reset in registers of ours.
 */
#include <elf.h>
#include <errno.h>
#include <libfdt.h>
#include <linux/kvm.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "e500_cpu.h"
#include "kvm_fixes.h"
#include "socvmm.h"
#include "spin_table.h"

/* In the window, which is a "soc" of its own */
#define SERIAL		0x004500
#define SERIAL_SIZE	0x100
#define MPIC		0x040000
#define MPIC_SIZE	0x040000
#define GUTS		0x0e0000
#define GUTS_SIZE	0x1000
#define GUTS_RSTCR	0xb0
#define RSTCR_RESET	0x02
#define POWER		0x0e1000
#define POWER_SIZE	0x1000
#define POWER_OFF	0x01
#define SPIN_TABLE	0x0e2000
#define DOORBELLS	0x0f0000

/*
 * The MPIC's sources: external ones, which can be edges, and internal ones,
 * which are levels.  The first of these is the MPIC's own, for errors.
 */
#define FIRST_EDGE	0
#define NUM_EDGE	12
#define FIRST_LEVEL	17
#define NUM_LEVEL	111
#define NUM_GSIS	(FIRST_LEVEL + NUM_LEVEL)
#define SENSE_RISING	0
#define SENSE_HIGH	2

#define CACHE_LINE	32

/**
 * struct arch - What the machine has
 * @mpic: The interrupt controller, a KVM device
 * @spin_table: Where CPUs wait
 * @num_edge: Edge interrupts that are given away
 * @num_level: Level interrupts that are given away
 */
struct arch {
	int mpic;
	struct spin_table spin_table;
	int num_edge;
	int num_level;
};

static struct arch arch = { .mpic = -1 };

const struct arch_layout arch_layout = {
	.windows = { 0xe0000000, 0xf0000000, 0xd0000000, 0xc0000000 },
	.uart = SERIAL,
	.uart_size = 8,
	.doorbells = DOORBELLS,
	.irq_cells = 2,
};

bool arch_check(const struct options *options)
{
	return options->no_kvm_check || kvm_fixes_check();
}

unsigned long arch_vm_type(int kvm)
{
	return 0;
}

/* The kernel runs from the start of memory, which is 0. */
uint64_t arch_ram_base(struct vm *vm, uint64_t physical)
{
	return 0;
}

/* The kernel: vmlinux */

static const Elf32_Phdr *segments(const struct file *image)
{
	const Elf32_Ehdr *header = image->data;

	if (image->size < sizeof(*header) ||
	    memcmp(header->e_ident, ELFMAG, SELFMAG) ||
	    header->e_ident[EI_CLASS] != ELFCLASS32 ||
	    header->e_ident[EI_DATA] != ELFDATA2MSB ||
	    header->e_machine != EM_PPC ||
	    header->e_phentsize != sizeof(Elf32_Phdr) ||
	    header->e_phoff > image->size ||
	    header->e_phnum * sizeof(Elf32_Phdr) >
	    image->size - header->e_phoff)
		return NULL;
	return (const void *)((const char *)image->data + header->e_phoff);
}

static bool load_segment(struct vm *vm, const struct file *image,
			 const Elf32_Phdr *it)
{
	void *mem = ram_at(vm, it->p_paddr, it->p_memsz);

	if (!mem)
		return fail("--mem: too small for the kernel");
	if (it->p_filesz > it->p_memsz || it->p_offset > image->size ||
	    it->p_filesz > image->size - it->p_offset)
		return fail("--kernel %s: damaged", vm->options->kernel);
	memcpy(mem, (const char *)image->data + it->p_offset, it->p_filesz);
	if (vm->ram.used < it->p_paddr + it->p_memsz)
		vm->ram.used = it->p_paddr + it->p_memsz;
	return true;
}

bool arch_load_kernel(struct vm *vm, const struct file *image)
{
	const Elf32_Ehdr *header = image->data;
	const Elf32_Phdr *it = segments(image);
	bool has_entry = false;

	if (!it)
		return fail("--kernel %s: no vmlinux of a 32-bit Power kernel",
			    vm->options->kernel);
	for (unsigned int i = 0; i < header->e_phnum; i++, it++) {
		if (it->p_type != PT_LOAD)
			continue;
		if (!load_segment(vm, image, it))
			return false;
		/* The entry is a virtual address. */
		if (header->e_entry < it->p_vaddr ||
		    header->e_entry - it->p_vaddr >= it->p_memsz)
			continue;
		vm->entry = header->e_entry - it->p_vaddr + it->p_paddr;
		has_entry = true;
	}
	return has_entry || fail("--kernel %s: it starts nowhere",
				 vm->options->kernel);
}

/* Power and reset: two registers */

static uint64_t control_read(void *data, uint64_t offset, unsigned int width)
{
	return 0;
}

static void guts_write(void *data, uint64_t offset, unsigned int width,
		       uint64_t value)
{
	if (offset == GUTS_RSTCR && value & RSTCR_RESET)
		vm_stop(data, WHY_REBOOT);
}

static void power_write(void *data, uint64_t offset, unsigned int width,
			uint64_t value)
{
	if (!offset && value & POWER_OFF)
		vm_stop(data, WHY_OFF);
}

static bool add_controls(struct vm *vm)
{
	return mmio_add(vm, &(struct mmio) {
			.start = vm->window + GUTS, .size = GUTS_SIZE,
			.counter = &vm->stats->other, .read = control_read,
			.write = guts_write, .data = vm,
	       }) && mmio_add(vm, &(struct mmio) {
			.start = vm->window + POWER, .size = POWER_SIZE,
			.counter = &vm->stats->other, .read = control_read,
			.write = power_write, .data = vm,
	       });
}

/* The interrupt controller */

/* Pin n is GSI n.  KVM's own table is empty. */
static bool set_routing(struct vm *vm)
{
	struct kvm_irq_routing *table;
	int ret;

	table = calloc(1, sizeof(*table) +
			  NUM_GSIS * sizeof(table->entries[0]));
	if (!table)
		return fail("%s", strerror(errno));
	table->nr = NUM_GSIS;
	for (unsigned int i = 0; i < NUM_GSIS; i++) {
		table->entries[i].gsi = i;
		table->entries[i].type = KVM_IRQ_ROUTING_IRQCHIP;
		table->entries[i].u.irqchip.pin = i;
	}
	ret = ioctl(vm->fd, KVM_SET_GSI_ROUTING, table);
	free(table);
	return !ret || fail("KVM does not route interrupts: %s",
			    strerror(errno));
}

static bool open_mpic(struct vm *vm)
{
	struct kvm_create_device create = { .type = KVM_DEV_TYPE_FSL_MPIC_42 };
	const uint64_t base = vm->window + MPIC;
	const struct kvm_device_attr attr = {
		.group = KVM_DEV_MPIC_GRP_MISC,
		.attr = KVM_DEV_MPIC_BASE_ADDR, .addr = (uintptr_t)&base,
	};

	if (ioctl(vm->fd, KVM_CREATE_DEVICE, &create))
		return fail("KVM makes no MPIC (CONFIG_KVM_MPIC): %s",
			    strerror(errno));
	vm->arch->mpic = create.fd;
	if (ioctl(create.fd, KVM_SET_DEVICE_ATTR, &attr))
		return fail("KVM does not place the MPIC: %s",
			    strerror(errno));
	return set_routing(vm);
}

static bool open_vcpus(struct vm *vm)
{
	bool done = vcpus_open(vm);

	for (unsigned int i = 0; done && i < vm->num_vcpus; i++)
		done = e500_cpu_open(&vm->vcpus[i], vm->arch->mpic);
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
	return add_controls(vm) && open_mpic(vm) && open_vcpus(vm) &&
	       spin_table_open(&arch.spin_table, vm, vm->window + SPIN_TABLE);
}

void arch_close(struct vm *vm)
{
	for (unsigned int i = 0; i < vm->num_vcpus; i++)
		e500_cpu_close(&vm->vcpus[i]);
	close(arch.mpic);
	arch = (struct arch) { .mpic = -1 };
}

/*
 * The instruction cache does not see what we have written, and KVM flushes a page
 * of a partition the first time only.
 */
static void flush_caches(const void *mem, size_t size)
{
	const char *end = (const char *)mem + size;

	for (const char *line = mem; line < end; line += CACHE_LINE)
		__asm__ volatile("dcbst 0,%0" : : "r" (line) : "memory");
	__asm__ volatile("sync" : : : "memory");
	for (const char *line = mem; line < end; line += CACHE_LINE)
		__asm__ volatile("icbi 0,%0" : : "r" (line) : "memory");
	__asm__ volatile("sync; isync" : : : "memory");
}

bool arch_start(struct vm *vm)
{
	flush_caches(vm->ram.mem, vm->ram.used);
	if (vm->dtb >= IMA_SIZE - MiB)
		return fail("--kernel %s: too large: the device tree would be beyond the first 64 MiB",
			    vm->options->kernel);
	return e500_cpu_set(&vm->vcpus[0], &(struct e500_start) {
			.entry = vm->entry, .r3 = vm->dtb, .r6 = EPAPR_MAGIC,
	       });
}

/* The boot CPU starts the others. */
bool arch_waits(const struct vcpu *vcpu)
{
	return vcpu->index;
}

bool arch_exit(struct vcpu *vcpu)
{
	return fail("KVM stops the guest: exit reason %u",
		    vcpu->run->exit_reason);
}

/* Interrupts */

int arch_pin(struct vm *vm, bool is_level)
{
	if (is_level && arch.num_level < NUM_LEVEL)
		return FIRST_LEVEL + arch.num_level++;
	if (!is_level && arch.num_edge < NUM_EDGE)
		return FIRST_EDGE + arch.num_edge++;
	return -1;
}

void arch_irq_cells(int pin, bool is_level, uint32_t *cells)
{
	cells[0] = pin;
	cells[1] = is_level ? SENSE_HIGH : SENSE_RISING;
}

void arch_irq_line(struct vm *vm, int pin, bool level)
{
	vm_irq_line(vm, pin, level);
}

/* The base of the guest's tree */

/* Clocks and caches are the host's. */
static int put_cpu_properties(struct vm *vm, void *fdt)
{
	static const char * const properties[] = {
		"timebase-frequency", "clock-frequency", "bus-frequency",
		"d-cache-line-size", "i-cache-line-size", "d-cache-size",
		"i-cache-size",
	};
	int ret = 0;

	for (size_t i = 0; !ret && i < ARRAY_SIZE(properties); i++) {
		int len;
		const void *value = tree_host_cpu(vm, properties[i], &len);

		if (value)
			ret = fdt_property(fdt, properties[i], value, len);
	}
	return ret;
}

/* ePAPR 1.1, 3.7.1: one that waits is "disabled". */
static int put_release(struct vm *vm, void *fdt, unsigned int index)
{
	int ret = fdt_property_string(fdt, "status", "disabled");

	if (!ret)
		ret = fdt_property_string(fdt, "enable-method", "spin-table");
	return ret ? ret : fdt_property_u64(fdt, "cpu-release-addr",
					    vm->window + SPIN_TABLE +
					    index * SPIN_TABLE_ENTRY);
}

/**
 * arch_put_cpu - Write a CPU of the guest's
 * @vm: The machine
 * @fdt: The base
 * @index: Which
 *
 * Return: 0 or an error of libfdt.
 */
int arch_put_cpu(struct vm *vm, void *fdt, unsigned int index)
{
	int ret = tree_begin_node(fdt, "PowerPC,e500v2", index);

	if (!ret)
		ret = fdt_property_string(fdt, "device_type", "cpu");
	if (!ret)
		ret = fdt_property_u32(fdt, "reg", index);
	if (!ret)
		ret = put_cpu_properties(vm, fdt);
	if (!ret && index)
		ret = put_release(vm, fdt, index);
	return ret ? ret : fdt_end_node(fdt);
}

/* A node of the window, with its registers. */
static int put_part(void *fdt, const char *name, uint32_t offset, uint32_t size)
{
	const fdt32_t reg[] = { cpu_to_fdt32(offset), cpu_to_fdt32(size) };
	int ret = tree_begin_node(fdt, name, offset);

	return ret ? ret : fdt_property(fdt, "reg", reg, sizeof(reg));
}

static int put_mpic(void *fdt)
{
	int ret = put_part(fdt, "pic", MPIC, MPIC_SIZE);

	if (!ret)
		ret = fdt_property_string(fdt, "compatible", "fsl,mpic");
	if (!ret)
		ret = fdt_property_string(fdt, "device_type", "open-pic");
	return ret ? ret : tree_end_intc(fdt);
}

static int put_uart(struct vm *vm, void *fdt)
{
	int ret = put_part(fdt, "serial", SERIAL, SERIAL_SIZE);

	if (!ret)
		ret = fdt_property_string(fdt, "device_type", "serial");
	if (!ret)
		ret = fdt_property_string(fdt, "compatible", "ns16550");
	if (!ret)
		ret = fdt_property_u32(fdt, "clock-frequency", 1843200);
	if (!ret)
		ret = tree_put_irq(fdt, vm->uart_pin, true);
	return ret ? ret : fdt_end_node(fdt);
}

static int put_guts(void *fdt)
{
	int ret = put_part(fdt, "global-utilities", GUTS, GUTS_SIZE);

	if (!ret)
		ret = fdt_property_string(fdt, "compatible",
					  "fsl,mpc8544-guts");
	if (!ret)
		ret = fdt_property(fdt, "fsl,has-rstcr", NULL, 0);
	return ret ? ret : fdt_end_node(fdt);
}

static int put_doorbell(struct vm *vm, void *fdt, unsigned int index)
{
	int ret = put_part(fdt, doorbell_name(vm, index),
			   DOORBELLS + index * DOORBELL_SIZE, DOORBELL_SIZE);

	if (!ret)
		ret = fdt_property_string(fdt, "compatible", "fsl,qoriq-gpio");
	if (!ret)
		ret = tree_put_irq(fdt, doorbell_pin(vm, index), true);
	if (!ret)
		ret = fdt_property(fdt, "gpio-controller", NULL, 0);
	if (!ret)
		ret = fdt_property_u32(fdt, "#gpio-cells", 2);
	return ret ? ret : fdt_end_node(fdt);
}

/* A register, and what is in it: one node, since Power looks only on buses. */
static int put_power(void *fdt)
{
	static const char compatible[] = "syscon-poweroff\0syscon";
	int ret = put_part(fdt, "power", POWER, POWER_SIZE);

	if (!ret)
		ret = fdt_property(fdt, "compatible", compatible,
				   sizeof(compatible));
	if (!ret)
		ret = fdt_property(fdt, "big-endian", NULL, 0);
	if (!ret)
		ret = fdt_property_u32(fdt, "regmap", TREE_POWER);
	if (!ret)
		ret = fdt_property_u32(fdt, "offset", 0);
	if (!ret)
		ret = fdt_property_u32(fdt, "value", POWER_OFF);
	if (!ret)
		ret = fdt_property_u32(fdt, "phandle", TREE_POWER);
	return ret ? ret : fdt_end_node(fdt);
}

static int put_parts(struct vm *vm, void *fdt)
{
	int ret = put_mpic(fdt);

	if (!ret && vm->uart)
		ret = put_uart(vm, fdt);
	if (!ret)
		ret = put_guts(fdt);
	for (unsigned int i = 0; !ret && i < vm->num_doorbells; i++)
		ret = put_doorbell(vm, fdt, i);
	return ret ? ret : put_power(fdt);
}

static int put_window(struct vm *vm, void *fdt)
{
	const fdt32_t ranges[] = {
		0, cpu_to_fdt32(vm->window >> 32), cpu_to_fdt32(vm->window),
		cpu_to_fdt32(WINDOW_SIZE),
	};
	int ret = tree_begin_node(fdt, "vmm", vm->window);

	if (!ret)
		ret = fdt_property_string(fdt, "compatible", "simple-bus");
	if (!ret)
		ret = fdt_property_u32(fdt, "#address-cells", 1);
	if (!ret)
		ret = fdt_property_u32(fdt, "#size-cells", 1);
	if (!ret)
		ret = fdt_property(fdt, "ranges", ranges, sizeof(ranges));
	if (!ret)
		ret = put_parts(vm, fdt);
	return ret ? ret : fdt_end_node(fdt);
}

/* The path of the emulated console in the guest's tree. */
void arch_uart_path(const struct vm *vm, char *path, size_t size)
{
	snprintf(path, size, "/vmm@%llx/serial@%x",
		 (unsigned long long)vm->window, SERIAL);
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
	int ret = fdt_property_string(fdt, "compatible", "fsl,qemu-e500");

	if (!ret)
		ret = tree_put_cpus(vm, fdt);
	return ret ? ret : put_window(vm, fdt);
}
