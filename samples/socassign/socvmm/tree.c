// SPDX-License-Identifier: GPL-2.0
/* The guest's device tree: a base of ours, and the devices by libsocassign. */
#include <errno.h>
#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/conf.h"
#include "socvmm.h"

#define BASE_SIZE	16384

/* For the machine: pieces of the base */

/* With its address behind its name, which may be one that the user has given. */
int tree_begin_node(void *fdt, const char *name, uint64_t address)
{
	char text[CONF_MAX_NAME + sizeof("@0123456789abcdef")];

	snprintf(text, sizeof(text), "%s@%llx", name,
		 (unsigned long long)address);
	return fdt_begin_node(fdt, text);
}

int tree_put_reg(void *fdt, uint64_t address, uint64_t size)
{
	const fdt64_t reg[] = { cpu_to_fdt64(address), cpu_to_fdt64(size) };

	return fdt_property(fdt, "reg", reg, sizeof(reg));
}

/**
 * tree_put_irq - Write the interrupt of what the VMM has itself
 * @fdt: The base
 * @pin: The guest's interrupt
 * @is_level: It is level triggered
 *
 * Return: 0 or an error of libfdt.
 */
int tree_put_irq(void *fdt, int pin, bool is_level)
{
	uint32_t cells[SOCASSIGN_MAX_SPECIFIER];

	arch_irq_cells(pin, is_level, cells);
	for (unsigned int i = 0; i < arch_layout.irq_cells; i++)
		cells[i] = cpu_to_fdt32(cells[i]);
	return fdt_property(fdt, "interrupts", cells,
			    arch_layout.irq_cells * sizeof(*cells));
}

int tree_put_cpus(struct vm *vm, void *fdt)
{
	int ret = fdt_begin_node(fdt, "cpus");

	if (!ret)
		ret = fdt_property_u32(fdt, "#address-cells", 1);
	if (!ret)
		ret = fdt_property_u32(fdt, "#size-cells", 0);
	for (unsigned int i = 0; !ret && i < vm->options->num_cpus; i++)
		ret = arch_put_cpu(vm, fdt, i);
	return ret ? ret : fdt_end_node(fdt);
}

/* What every interrupt controller has, and the end of its node */
int tree_end_intc(void *fdt)
{
	int ret = fdt_property(fdt, "interrupt-controller", NULL, 0);

	if (!ret)
		ret = fdt_property_u32(fdt, "#interrupt-cells",
				       arch_layout.irq_cells);
	if (!ret)
		ret = fdt_property_u32(fdt, "#address-cells", 0);
	if (!ret)
		ret = fdt_property_u32(fdt, "phandle", TREE_INTC);
	return ret ? ret : fdt_end_node(fdt);
}

/**
 * tree_host_cpu - What the host's tree says of its CPUs
 * @vm: The machine
 * @property: The property; that of the first CPU counts
 * @len: Returns its length
 *
 * Return: its value, or NULL.
 */
const void *tree_host_cpu(struct vm *vm, const char *property, int *len)
{
	int node, cpus = fdt_path_offset(vm->host, "/cpus");

	fdt_for_each_subnode(node, vm->host, cpus) {
		const char *type = fdt_getprop(vm->host, node, "device_type",
					       NULL);

		if (type && !strcmp(type, "cpu"))
			return fdt_getprop(vm->host, node, property, len);
	}
	return NULL;
}

/* The base: what a guest needs that has no devices of the host's */

static int put_chosen(struct vm *vm, void *fdt)
{
	const struct options *options = vm->options;
	const char *console = options->console;
	char uart[64];
	int ret = fdt_begin_node(fdt, "chosen");

	arch_uart_path(vm, uart, sizeof(uart));
	if (!console && vm->uart)
		console = uart;
	if (!ret)
		ret = fdt_property_string(fdt, "bootargs", options->append);
	if (!ret && console)
		ret = fdt_property_string(fdt, "stdout-path", console);
	if (!ret && vm->initrd_size)
		ret = fdt_property_u64(fdt, "linux,initrd-start", vm->initrd);
	if (!ret && vm->initrd_size)
		ret = fdt_property_u64(fdt, "linux,initrd-end",
				       vm->initrd + vm->initrd_size);
	return ret ? ret : fdt_end_node(fdt);
}

static int put_memory(struct vm *vm, void *fdt)
{
	int ret = tree_begin_node(fdt, "memory", vm->ram.gpa);

	if (!ret)
		ret = fdt_property_string(fdt, "device_type", "memory");
	if (!ret)
		ret = tree_put_reg(fdt, vm->ram.gpa, vm->ram.size);
	return ret ? ret : fdt_end_node(fdt);
}

static int put_root(struct vm *vm, void *fdt)
{
	int ret = fdt_begin_node(fdt, "");

	if (!ret)
		ret = fdt_property_u32(fdt, "#address-cells", 2);
	if (!ret)
		ret = fdt_property_u32(fdt, "#size-cells", 2);
	if (!ret)
		ret = fdt_property_u32(fdt, "interrupt-parent", TREE_INTC);
	if (!ret)
		ret = fdt_property_string(fdt, "model", "socvmm");
	if (!ret)
		ret = arch_put_tree(vm, fdt);
	if (!ret)
		ret = put_chosen(vm, fdt);
	if (!ret)
		ret = put_memory(vm, fdt);
	return ret ? ret : fdt_end_node(fdt);
}

static void *make_base(struct vm *vm)
{
	size_t size = BASE_SIZE + strlen(vm->options->append);
	void *fdt = malloc(size);
	int ret = -FDT_ERR_NOSPACE;

	if (fdt)
		ret = fdt_create(fdt, size);
	if (!ret)
		ret = fdt_finish_reservemap(fdt);
	if (!ret)
		ret = put_root(vm, fdt);
	if (!ret)
		ret = fdt_finish(fdt);
	if (!ret)
		return fdt;
	fail("the guest's device tree: %s", fdt_strerror(ret));
	free(fdt);
	return NULL;
}

/* The devices */

static int place_region(void *data, const struct soca_tree_region *wanted,
			uint64_t *address)
{
	struct region *region = assign_find_region(data, wanted);

	if (!region)
		return -ENXIO;
	region->is_placed = true;
	region->gpa = wanted->address;
	region->bytes = wanted->bytes;
	*address = wanted->address;
	return 0;
}

static int place_line(void *data, const struct soca_tree_irq *wanted,
		      uint32_t *cells, uint32_t num_cells)
{
	bool is_level;
	struct line *line = assign_find_line(data, wanted, &is_level);

	if (!line || num_cells != arch_layout.irq_cells)
		return -ENXIO;
	if (line->pin < 0)
		line->pin = arch_pin(data, is_level);
	if (line->pin < 0)
		return -ENOSPC;
	arch_irq_cells(line->pin, is_level, cells);
	return 0;
}

static uint64_t clock_rate(void *data, const char *path, uint32_t entry)
{
	return assign_clock_rate(data, path, entry);
}

static bool is_below(const char *path, const char *above)
{
	size_t len = strlen(above);

	return !strncmp(path, above, len) && path[len] == '/';
}

/* Those that were named: what came along with one follows it. */
static size_t list_claim(const struct soca_info *info,
			 struct soca_tree_node *nodes)
{
	size_t num = 0;

	for (unsigned int i = 0; i < info->nodes.num; i++) {
		const char *path = info->nodes.str[i];

		if (num && is_below(path, nodes[num - 1].path))
			continue;
		nodes[num++] = (struct soca_tree_node) {
			.path = path,
			.subtree = info->flags & SOCASSIGN_SUBTREE,
		};
	}
	return num;
}

/* All claims'; for free(). */
static struct soca_tree_node *list_nodes(struct vm *vm, size_t *num)
{
	struct soca_tree_node *nodes;

	*num = 0;
	for (unsigned int i = 0; i < vm->num_claims; i++)
		*num += soca_info_get(vm->claims[i].claim)->nodes.num;
	nodes = calloc(*num + 1, sizeof(*nodes));
	*num = 0;
	for (unsigned int i = 0; nodes && i < vm->num_claims; i++)
		*num += list_claim(soca_info_get(vm->claims[i].claim),
				   nodes + *num);
	return nodes;
}

static int build_from(struct vm *vm, const void *base, void **fdt, size_t *size,
		      struct soca_tree_report *report)
{
	const struct soca_tree_guest guest = {
		.base = base, .base_size = fdt_totalsize(base),
		.intc = TREE_INTC, .data = vm, .region = place_region,
		.irq = place_line, .clock = clock_rate,
	};
	size_t num;
	struct soca_tree_node *nodes = list_nodes(vm, &num);
	int ret = -ENOMEM;

	if (nodes)
		ret = soca_tree_build(vm->host_tree, nodes, num, &guest, fdt,
				      size, report);
	free(nodes);
	return ret;
}

static int build(struct vm *vm, const void *base, void **fdt, size_t *size,
		 struct soca_tree_report *report)
{
	int ret = soca_tree_open(vm->host, vm->host_size, &vm->host_tree);

	if (ret)
		return ret;
	ret = build_from(vm, base, fdt, size, report);
	soca_tree_close(vm->host_tree);
	vm->host_tree = NULL;
	return ret;
}

static bool edit(const char *path, void **fdt, size_t *size,
		 struct soca_tree_report *report)
{
	struct file overlay;
	bool done = file_read(path, &overlay);
	int ret;

	if (done) {
		ret = soca_tree_edit(fdt, size, overlay.data, overlay.size,
				     report);
		done = !ret || fail("--overlay %s: %s", path, strerror(-ret));
	}
	file_free(&overlay);
	return done;
}

static bool build_and_edit(struct vm *vm, void **fdt, size_t *size,
			   struct soca_tree_report *report)
{
	const struct options *options = vm->options;
	void *base = make_base(vm);
	int ret = base ? build(vm, base, fdt, size, report) : 0;
	bool done = base && !ret;

	free(base);
	if (ret)
		fail("no device tree for the guest: %s", strerror(-ret));
	for (unsigned int i = 0; done && i < options->num_overlays; i++)
		done = edit(options->overlays[i], fdt, size, report);
	return done;
}

static void tell_report(struct soca_tree_report *report)
{
	if (report->num)
		say("what is not as the host has it:");
	soca_tree_report_print(report, stderr);
	soca_tree_report_free(report);
}

static bool check_console(const struct options *options, const void *fdt)
{
	return !options->console ||
	       fdt_path_offset(fdt, options->console) >= 0 ||
	       fail("--console %s: not a device of the guest",
		    options->console);
}

/**
 * tree_make - Make the guest's device tree
 * @vm: The machine: memory, claims, console, and where the initramfs is
 * @fdt: Returns the tree, for free(); may be set on failure, too
 * @size: Returns its size
 *
 * Tells what the guest has not as the host has it.
 *
 * Return: true, or false after a message.
 */
bool tree_make(struct vm *vm, void **fdt, size_t *size)
{
	struct soca_tree_report report = { 0 };
	bool done = build_and_edit(vm, fdt, size, &report);

	tell_report(&report);
	return done && check_console(vm->options, *fdt);
}

/* Does the whole of the guest fit around the devices? */
static bool fits(struct vm *vm, uint64_t window)
{
	bool in_ram = window < vm->ram.gpa + vm->ram.size &&
		      vm->ram.gpa < window + WINDOW_SIZE;

	return window && !in_ram && !assign_overlaps(vm, window, WINDOW_SIZE);
}

static bool find_window(struct vm *vm)
{
	if (assign_overlaps(vm, vm->ram.gpa, vm->ram.size))
		return fail("--mem: something that is assigned has its place where the guest has memory, at 0x%llx",
			    (unsigned long long)vm->ram.gpa);
	for (unsigned int i = 0; i < MAX_WINDOWS; i++) {
		vm->window = arch_layout.windows[i];
		if (fits(vm, vm->window))
			return true;
	}
	return fail("no room between the devices for the interrupt controller");
}

/**
 * tree_place - Give everything its guest-physical address
 * @vm: The machine, with its claims
 *
 * Devices are where the host has them; only a tree tells where that is.  Gets
 * the memory, too, whose place depends on the host's tree.
 *
 * Return: true, or false after a message.
 */
bool tree_place(struct vm *vm)
{
	struct soca_tree_report report = { 0 };
	void *fdt = NULL;
	size_t size;
	int ret = soca_tree_flatten(SOCA_TREE_LIVE, &vm->host, &vm->host_size);
	bool done;

	if (ret)
		return fail(SOCA_TREE_LIVE ": %s", strerror(-ret));
	done = ram_open(vm) && build_and_edit(vm, &fdt, &size, &report);
	if (done)
		soca_tree_report_free(&report);
	else
		tell_report(&report);
	free(fdt);
	return done && find_window(vm);
}
