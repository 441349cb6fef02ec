// SPDX-License-Identifier: GPL-2.0
/*
 * The tree that the kernel runs on, as a blob
 *
 * /sys/firmware/fdt is what the boot loader passed; the directories show what
 * has become of it, overlays included.
 */
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tree_internal.h"

/* Properties are small; a directory that is not the kernel's may lie. */
#define TREE_MAX_FILE	(16 << 20)

static int tree_live_node(struct tree_out *out, int dir, const char *name,
			  int depth);

/* What the file has, up to @size bytes; the number of bytes or an errno. */
static ssize_t tree_live_read(int fd, char *value, size_t size)
{
	size_t have = 0;

	while (have < size) {
		ssize_t got = read(fd, value + have, size - have);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (!got)
			break;
		have += got;
	}
	return have;
}

static int tree_live_value(struct tree_out *out, int fd, const char *name)
{
	struct stat stat;
	char *value;
	ssize_t len;

	if (fstat(fd, &stat))
		return -errno;
	if (stat.st_size > TREE_MAX_FILE)
		return -EFBIG;
	value = malloc(stat.st_size + 1);
	if (!value)
		return -ENOMEM;
	len = tree_live_read(fd, value, stat.st_size);
	if (len >= 0)
		tree_out_prop(out, name, value, len);
	free(value);
	return len < 0 ? len : out->err;
}

static int tree_live_prop(struct tree_out *out, int dir, const char *name)
{
	int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	int ret;

	if (fd < 0)
		return -errno;
	ret = tree_live_value(out, fd, name);
	close(fd);
	return ret;
}

/* Entries of one kind: properties have to come before nodes. */
static int tree_live_entry(struct tree_out *out, int dir, const char *name,
			   mode_t kind, int depth)
{
	struct stat stat;

	if (fstatat(dir, name, &stat, AT_SYMLINK_NOFOLLOW))
		return -errno;
	if ((stat.st_mode & S_IFMT) != kind)
		return 0;
	if (kind == S_IFDIR)
		return tree_live_node(out, dir, name, depth + 1);
	/* The kernel adds the node's name as a property. */
	return strcmp(name, "name") ? tree_live_prop(out, dir, name) : 0;
}

static int tree_live_entries(struct tree_out *out, int dir,
			     struct dirent **entries, int num, int depth)
{
	static const mode_t kinds[] = { S_IFREG, S_IFDIR };
	int ret = 0;

	for (size_t kind = 0; kind < TREE_ARRAY_SIZE(kinds); kind++)
		for (int i = 0; i < num && !ret; i++)
			ret = tree_live_entry(out, dir, entries[i]->d_name,
					      kinds[kind], depth);
	return ret;
}

static int tree_live_no_dots(const struct dirent *entry)
{
	return strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..");
}

/* By bytes, whatever the locale. */
static int tree_live_order(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int tree_live_dir(struct tree_out *out, int dir, int depth)
{
	struct dirent **entries;
	int num = scandirat(dir, ".", &entries, tree_live_no_dots,
			    tree_live_order);
	int ret;

	if (num < 0)
		return -errno;
	ret = tree_live_entries(out, dir, entries, num, depth);
	for (int i = 0; i < num; i++)
		free(entries[i]);
	free(entries);
	return ret;
}

static int tree_live_node(struct tree_out *out, int dir, const char *name,
			  int depth)
{
	int fd, ret;

	if (depth > SOCA_TREE_MAX_DEPTH)
		return -ELOOP;
	fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	tree_out_begin(out, depth > 1 ? name : "");
	ret = tree_live_dir(out, fd, depth);
	tree_out_end(out);
	close(fd);
	return ret ? ret : out->err;
}

int soca_tree_flatten(const char *dir, void **fdt, size_t *size)
{
	struct tree_out out;
	int ret = tree_out_open(&out, 64 << 10);

	if (!ret) {
		tree_out_end_reserve(&out);
		ret = tree_live_node(&out, AT_FDCWD, dir, 1);
	}
	if (!ret)
		ret = tree_out_finish(&out);
	if (ret) {
		free(out.fdt);
		return ret;
	}
	*fdt = out.fdt;
	*size = fdt_totalsize(out.fdt);
	return 0;
}
