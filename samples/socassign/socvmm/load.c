// SPDX-License-Identifier: GPL-2.0
/* What is in the guest's memory when it starts: kernel, tree, initramfs. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "socvmm.h"

static bool fail_changed(const char *path)
{
	return fail("%s: it has changed while it was read", path);
}

/* All of it, and no more: who writes to it meanwhile changes how much there is. */
static bool fill(const char *path, int fd, struct file *file)
{
	size_t at = 0;
	char more;

	while (at < file->size) {
		ssize_t got = read(fd, (char *)file->data + at, file->size - at);

		if (got < 0)
			return fail("%s: %s", path, strerror(errno));
		if (!got)
			return fail_changed(path);
		at += got;
	}
	return !read(fd, &more, 1) || fail_changed(path);
}

static bool copy_file(const char *path, int fd, struct file *file)
{
	struct stat stat;

	if (fstat(fd, &stat))
		return fail("%s: %s", path, strerror(errno));
	if (!S_ISREG(stat.st_mode) || !stat.st_size ||
	    (uint64_t)stat.st_size > SIZE_MAX)
		return fail("%s: not a file, or empty, or too large", path);
	*file = (struct file) {
		.data = malloc(stat.st_size), .size = stat.st_size,
	};
	return file->data ? fill(path, fd, file) :
			    fail("%s: %s", path, strerror(errno));
}

/**
 * file_read - Read a whole file
 * @path: The file
 * @file: What is in it, for file_free(), which is due on failure, too
 *
 * It is a copy: whoever changes the file later, or cuts it off, changes nothing here.
 *
 * Return: true, or false after a message.
 */
bool file_read(const char *path, struct file *file)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool done;

	*file = (struct file) { 0 };
	if (fd < 0)
		return fail("%s: %s", path, strerror(errno));
	done = copy_file(path, fd, file);
	close(fd);
	return done;
}

void file_free(struct file *file)
{
	free(file->data);
}

static bool load_kernel(struct vm *vm)
{
	struct file image;
	bool done = file_read(vm->options->kernel, &image) &&
		    arch_load_kernel(vm, &image);

	file_free(&image);
	return done;
}

static bool copy_initrd(struct vm *vm, const struct file *initrd)
{
	void *mem;

	vm->initrd = round_up(vm->ram.gpa + vm->ram.used, page_size());
	vm->initrd_size = initrd->size;
	mem = ram_at(vm, vm->initrd, initrd->size);
	if (!mem)
		return fail("--mem: too small for the initramfs");
	memcpy(mem, initrd->data, initrd->size);
	vm->ram.used = vm->initrd - vm->ram.gpa + initrd->size;
	return true;
}

static bool load_initrd(struct vm *vm)
{
	struct file initrd;
	bool done;

	if (!vm->options->initrd)
		return true;
	done = file_read(vm->options->initrd, &initrd) &&
	       copy_initrd(vm, &initrd);
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
