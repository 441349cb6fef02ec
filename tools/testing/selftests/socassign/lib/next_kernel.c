// SPDX-License-Identifier: GPL-2.0
#include "next_kernel.h"

#include <elf.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <linux/kexec.h>

#include "fdt.h"

#define DIR		"/next/"
#define PAGE		4096u
#define EPAPR_MAGIC	0x45504150u
#define MAPPED		0x80000000u	/* what kexec maps for the next one */

struct blob {
	void *data;
	size_t size;
};

/* Where in memory it all goes. */
struct plan {
	struct kexec_segment segments[KEXEC_SEGMENT_MAX];
	unsigned int num;
	uint32_t entry;
	uint32_t end;		/* of the kernel */
};

bool next_kernel_exists(void)
{
	return !access(DIR "kernel", F_OK);
}

/* A word of its command line that the kernel has no use for comes down to us. */
bool next_kernel_runs(void)
{
	return getenv("next_kernel");
}

static int read_blob(const char *path, struct blob *blob)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	void *data;

	if (fd < 0)
		return -errno;
	data = fstat(fd, &st) ? MAP_FAILED :
	       mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (data == MAP_FAILED)
		return -errno;
	*blob = (struct blob) { .data = data, .size = st.st_size };
	return 0;
}

static uint32_t page_align(uint32_t value)
{
	return (value + PAGE - 1) & -PAGE;
}

static int add(struct plan *plan, const void *buf, size_t size, uint32_t at,
	       uint32_t room)
{
	if (plan->num == KEXEC_SEGMENT_MAX)
		return -E2BIG;
	plan->segments[plan->num++] = (struct kexec_segment) {
		.buf = buf, .bufsz = size,
		.mem = (void *)(uintptr_t)at, .memsz = page_align(room),
	};
	return 0;
}

static int add_part(struct plan *plan, const struct blob *kernel,
		    const Elf32_Phdr *part)
{
	const Elf32_Ehdr *head = kernel->data;
	uint32_t end = part->p_paddr + part->p_memsz;

	if (part->p_type != PT_LOAD)
		return 0;
	if (part->p_offset > kernel->size ||
	    part->p_filesz > kernel->size - part->p_offset)
		return -ENOEXEC;
	if (head->e_entry - part->p_vaddr < part->p_memsz)
		plan->entry = head->e_entry - part->p_vaddr + part->p_paddr;
	if (end > plan->end)
		plan->end = end;
	return add(plan, (char *)kernel->data + part->p_offset, part->p_filesz,
		   part->p_paddr, part->p_memsz);
}

/* Our own byte order: it is the kernel that we run on. */
static int add_kernel(struct plan *plan)
{
	const Elf32_Ehdr *head;
	struct blob kernel;
	int ret = read_blob(DIR "kernel", &kernel);

	if (ret)
		return ret;
	head = kernel.data;
	if (kernel.size < sizeof(*head) ||
	    memcmp(head->e_ident, ELFMAG, SELFMAG) ||
	    head->e_ident[EI_CLASS] != ELFCLASS32 || head->e_machine != EM_PPC)
		return -ENOEXEC;
	for (int i = 0; !ret && i < head->e_phnum; i++)
		ret = add_part(plan, &kernel,
			       (Elf32_Phdr *)((char *)head + head->e_phoff) + i);
	return ret;
}

/* The tree was made for it, and says where it goes. */
static int add_initrd(struct plan *plan, const struct blob *tree)
{
	struct blob initrd;
	const uint32_t *start;
	size_t size;
	int ret = read_blob(DIR "initrd", &initrd);

	if (ret)
		return ret;
	start = fdt_prop(tree->data, tree->size, "/chosen",
			 "linux,initrd-start", &size);
	if (!start || size != sizeof(*start))
		return -EINVAL;
	return add(plan, initrd.data, initrd.size, be32toh(*start),
		   initrd.size);
}

static uint32_t load_high(int reg, uint32_t value)	/* lis */
{
	return 0x3c000000 | reg << 21 | value >> 16;
}

static uint32_t load_low(int reg, uint32_t value)	/* ori */
{
	return 0x60000000 | reg << 21 | reg << 16 | (value & 0xffff);
}

/*
 * kexec has the registers for itself.  What a kernel expects is ePAPR's (5.4.1):
 * the tree in r3, nothing in r4 and r5, who we are in r6, and in r7 how much is
 * mapped.  Then jump through the counter.
 */
static int add_entry(struct plan *plan, uint32_t at, uint32_t tree)
{
	const struct {
		int reg;
		uint32_t value;
	} set[] = {
		{ 3, tree }, { 4, 0 }, { 5, 0 }, { 6, EPAPR_MAGIC },
		{ 7, MAPPED }, { 12, plan->entry },
	};
	static uint32_t code[32];
	size_t num = 0;

	for (size_t i = 0; i < sizeof(set) / sizeof(set[0]); i++) {
		code[num++] = load_high(set[i].reg, set[i].value);
		code[num++] = load_low(set[i].reg, set[i].value);
	}
	code[num++] = 0x7d8903a6;	/* mtctr r12 */
	code[num++] = 0x4e800420;	/* bctr */
	plan->entry = at;
	return add(plan, code, num * sizeof(code[0]), at, sizeof(code));
}

/* Behind the kernel, and below what it maps at first: the entry, and the tree. */
static int make_plan(struct plan *plan)
{
	uint32_t entry, at;
	struct blob tree;
	int ret = read_blob(DIR "tree", &tree);

	if (!ret)
		ret = add_kernel(plan);
	if (ret)
		return ret;
	entry = page_align(plan->end);
	at = entry + PAGE;
	ret = add_entry(plan, entry, at);
	if (!ret)
		ret = add(plan, tree.data, tree.size, at, tree.size);
	return ret ? ret : add_initrd(plan, &tree);
}

int next_kernel_load(void)
{
	struct plan plan = {};
	int ret = make_plan(&plan);

	if (ret)
		return ret;
	return syscall(SYS_kexec_load, (unsigned long)plan.entry, plan.num,
		       plan.segments, KEXEC_ARCH_DEFAULT) ? -errno : 0;
}

int next_kernel_start(void)
{
	return reboot(RB_KEXEC) ? -errno : 0;
}
