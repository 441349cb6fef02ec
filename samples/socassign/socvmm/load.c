// SPDX-License-Identifier: GPL-2.0
/* What is in the guest's memory when it starts: kernel, tree, initramfs. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "socvmm.h"

/**
 * file_read - Read a whole file
 * @path: The file
 * @file: What is in it, for file_free()
 *
 * Return: true, or false after a message.
 */
bool file_read(const char *path, struct file *file)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat stat;

	*file = (struct file) { 0 };
	if (fd < 0 || fstat(fd, &stat)) {
		fail("%s: %s", path, strerror(errno));
		close(fd);
		return false;
	}
	file->size = stat.st_size;
	file->data = mmap(NULL, file->size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (file->data != MAP_FAILED)
		return true;
	file->data = NULL;
	return fail("%s: %s", path, file->size ? strerror(errno) :
						 "the file is empty");
}

void file_free(struct file *file)
{
	if (file->data)
		munmap(file->data, file->size);
}

/**
 * load_bytes - Put something behind what is in memory already
 * @vm: The machine
 * @what: What it is, for the user
 * @data: The bytes
 * @size: How many
 * @align: Where it may start: at multiples of this
 * @gpa: Where it is now
 *
 * Return: true, or false after a message.
 */
bool load_bytes(struct vm *vm, const char *what, const void *data, size_t size,
		uint64_t align, uint64_t *gpa)
{
	void *mem;

	*gpa = round_up(vm->ram.gpa + vm->ram.used, align);
	mem = ram_at(vm, *gpa, size);
	if (!mem)
		return fail("--mem: too small for the %s", what);
	memcpy(mem, data, size);
	vm->ram.used = *gpa - vm->ram.gpa + size;
	return true;
}

static bool load_kernel(struct vm *vm)
{
	struct file image;
	bool done = file_read(vm->options->kernel, &image) &&
		    arch_load_kernel(vm, &image);

	file_free(&image);
	return done;
}

static bool load_initrd(struct vm *vm)
{
	struct file initrd;
	bool done;

	if (!vm->options->initrd)
		return true;
	done = file_read(vm->options->initrd, &initrd) &&
	       load_bytes(vm, "initramfs", initrd.data, initrd.size,
			  page_size(), &vm->initrd);
	vm->initrd_size = initrd.size;
	file_free(&initrd);
	return done;
}

static bool dump_tree(const char *path, const void *fdt, size_t size)
{
	FILE *file = fopen(path, "we");
	bool done = file && fwrite(fdt, 1, size, file) == size;

	if (file)
		done &= !fclose(file);
	return done || fail("%s: %s", path, strerror(errno));
}

/* Within what the kernel sees of memory when it starts, so before the rest. */
#define TREE_ALIGN	(2 * MiB)
#define TREE_ROOM	(1 * MiB)

/*
 * The tree tells where the initramfs is, so that is placed first; the tree's
 * place, which has to be near the kernel, is kept free for it.
 */
static bool load_tree(struct vm *vm, uint64_t place)
{
	const char *dump = vm->options->dump_dtb;
	void *fdt = NULL;
	size_t size;
	bool done = tree_make(vm, &fdt, &size) &&
		    (!dump || dump_tree(dump, fdt, size));

	if (done && size > TREE_ROOM)
		done = fail("the guest's device tree has %zu bytes: too large",
			    size);
	if (done)
		memcpy(ram_at(vm, place, size), fdt, size);
	free(fdt);
	return done;
}

/**
 * load_all - Fill the guest's memory
 * @vm: The machine, with memory, claims and console
 *
 * Return: true, or false after a message.
 */
bool load_all(struct vm *vm)
{
	if (!load_kernel(vm))
		return false;
	vm->dtb = round_up(vm->ram.gpa + vm->ram.used, TREE_ALIGN);
	if (!ram_at(vm, vm->dtb, TREE_ROOM))
		return fail("--mem: too small for the kernel");
	vm->ram.used = vm->dtb + TREE_ROOM - vm->ram.gpa;
	return load_initrd(vm) && load_tree(vm, vm->dtb);
}
