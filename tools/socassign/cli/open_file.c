// SPDX-License-Identifier: GPL-2.0
/*
 * What processes have open of the driver's: /proc/PID/fdinfo
 *
 * See Documentation/ABI/testing/procfs-fdinfo-socassign.  A process that ends, or is
 * somebody else's, is passed over.
 */
#include "open_file.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "conf/stand_in.h"

#define KEY	"socassign-"

/* SOCASSIGN_PROCFS is a directory that stands in for /proc, for tests. */
static const char *proc_root(void)
{
	return stand_in("SOCASSIGN_PROCFS", "/proc");
}

/* A line without its end, or NULL at the end of the file; for free(). */
static char *next_line(FILE *file)
{
	char *line = NULL;
	size_t room = 0;

	if (getline(&line, &room, file) < 0) {
		free(line);
		return NULL;
	}
	line[strcspn(line, "\n")] = '\0';
	return line;
}

static void add_info(struct open_file *file, char *line)
{
	if (!strncmp(line, "ino:\t", 5))
		file->inode = strtoull(line + 5, NULL, 10);
	if (strncmp(line, KEY, strlen(KEY))) {
		free(line);
		return;
	}
	file->info = must_grow(file->info, file->num_info + 1,
			       sizeof(*file->info));
	file->info[file->num_info++] = line;
}

static void read_info(struct open_file *file)
{
	char *path = must_print("%s/%llu/fdinfo/%llu", proc_root(),
				(unsigned long long)file->pid,
				(unsigned long long)file->fd);
	FILE *stream = fopen(path, "re");
	char *line;

	free(path);
	if (!stream)
		return;
	while ((line = next_line(stream)))
		add_info(file, line);
	fclose(stream);
}

static char *read_command(uint64_t pid)
{
	char *path = must_print("%s/%llu/comm", proc_root(),
				(unsigned long long)pid);
	FILE *stream = fopen(path, "re");
	char *line = stream ? next_line(stream) : NULL;

	free(path);
	if (stream)
		fclose(stream);
	return line;
}

static void drop(struct open_file *file)
{
	for (size_t i = 0; i < file->num_info; i++)
		free(file->info[i]);
	free(file->info);
	free(file->command);
}

/* Names of a directory that are numbers, in their order. */
static int is_number(const struct dirent *entry)
{
	return strspn(entry->d_name, "0123456789") == strlen(entry->d_name);
}

static int by_number(const struct dirent **a, const struct dirent **b)
{
	uint64_t x = strtoull((*a)->d_name, NULL, 10);
	uint64_t y = strtoull((*b)->d_name, NULL, 10);

	return (x > y) - (x < y);
}

struct list {
	struct open_file *files;
	size_t num;
};

static void add_file(struct list *list, uint64_t pid, const char *fd)
{
	struct open_file file = {
		.pid = pid, .fd = strtoull(fd, NULL, 10),
	};

	read_info(&file);
	if (!file.num_info) {
		drop(&file);
		return;
	}
	file.command = read_command(pid);
	list->files = must_grow(list->files, list->num + 1, sizeof(file));
	list->files[list->num++] = file;
}

static void add_process(struct list *list, const char *name)
{
	char *path = must_print("%s/%s/fdinfo", proc_root(), name);
	struct dirent **fds;
	int num = scandir(path, &fds, is_number, by_number);

	free(path);
	if (num < 0)
		return;
	for (int i = 0; i < num; i++) {
		add_file(list, strtoull(name, NULL, 10), fds[i]->d_name);
		free(fds[i]);
	}
	free(fds);
}

size_t open_files_find(struct open_file **files)
{
	struct list list = { NULL, 0 };
	struct dirent **processes;
	int num = scandir(proc_root(), &processes, is_number, by_number);

	for (int i = 0; i < num; i++) {
		add_process(&list, processes[i]->d_name);
		free(processes[i]);
	}
	if (num >= 0)
		free(processes);
	*files = list.files;
	return list.num;
}

void open_files_free(struct open_file *files, size_t num)
{
	for (size_t i = 0; i < num; i++)
		drop(&files[i]);
	free(files);
}

const char *open_file_value(const struct open_file *file, const char *key,
			    size_t index)
{
	size_t len = strlen(key);

	for (size_t i = 0; i < file->num_info; i++) {
		const char *text = file->info[i] + strlen(KEY);

		if (!strncmp(text, key, len) && !strncmp(text + len, ":\t", 2) &&
		    !index--)
			return text + len + 2;
	}
	return NULL;
}
