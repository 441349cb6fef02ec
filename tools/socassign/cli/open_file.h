/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What processes have open of the driver's: claims and memory objects
 */
#ifndef _SOCASSIGN_OPEN_FILE_H
#define _SOCASSIGN_OPEN_FILE_H

#include <stddef.h>
#include <stdint.h>

/**
 * struct open_file - A descriptor of a process
 * @pid: The process
 * @command: Its name
 * @fd: The descriptor
 * @inode: Of the file: two descriptors with the same claim have the same
 * @info: What its fdinfo has of the driver's, lines of "key:\tvalue"
 * @num_info: Number of them
 */
struct open_file {
	uint64_t pid;
	char *command;
	uint64_t fd;
	uint64_t inode;
	char **info;
	size_t num_info;
};

/* All that can be seen; their number.  For open_files_free(). */
size_t open_files_find(struct open_file **files);
void open_files_free(struct open_file *files, size_t num);

/* Value number @index of a key, or NULL. */
const char *open_file_value(const struct open_file *file, const char *key,
			    size_t index);

#endif /* _SOCASSIGN_OPEN_FILE_H */
