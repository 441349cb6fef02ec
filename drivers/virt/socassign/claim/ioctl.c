// SPDX-License-Identifier: GPL-2.0-only
/*
 * The way of every ioctl from the user to its handler and back
 */
#include <linux/file.h>
#include <linux/uaccess.h>

#include "claim/claim.h"
#include "claim/ioctl.h"

/**
 * soca_ioctl_find - Find a command in a table
 * @ops: The table
 * @num: Number of entries
 * @cmd: The command
 *
 * Return: Its entry, or NULL.
 */
const struct soca_ioctl_op *soca_ioctl_find(const struct soca_ioctl_op *ops,
					    unsigned int num, unsigned int cmd)
{
	for (unsigned int i = 0; i < num; i++)
		if (ops[i].ioctl_num == cmd)
			return &ops[i];
	return NULL;
}

/**
 * soca_return_file - Hand a new file to the user, if the command succeeds
 * @ucmd: The command
 * @fd: The descriptor reserved for it
 * @file: The file, or an ERR_PTR
 *
 * Return: 0, or the error; the descriptor is free again then.
 */
int soca_return_file(struct soca_ucmd *ucmd, int fd, struct file *file)
{
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		return PTR_ERR(file);
	}
	ucmd->new_fd = fd;
	ucmd->new_file = file;
	return 0;
}

/* Publish the handler's file, now that nothing can fail any more, or drop it. */
static void soca_finish_file(struct soca_ucmd *ucmd, int ret)
{
	if (!ucmd->new_file)
		return;
	if (!ret) {
		/* Until now nobody can have told the devices anything. */
		if (ucmd->new_claim)
			WRITE_ONCE(ucmd->new_claim->published, true);
		fd_install(ucmd->new_fd, ucmd->new_file);
		return;
	}
	put_unused_fd(ucmd->new_fd);
	fput(ucmd->new_file);
}

/**
 * soca_ioctl - Take an ioctl through its table entry
 * @op: The entry, or NULL for a command that nobody knows
 * @claim: The claim that the file stands for, or NULL
 * @arg: The user's pointer
 *
 * Context: Process context, no lock held.
 * Return: 0, or a negative errno of the contract in the UAPI header.
 */
long soca_ioctl(const struct soca_ioctl_op *op, struct soca_claim *claim,
		unsigned long arg)
{
	void __user *ubuffer = (void __user *)arg;
	/* copy_struct_from_user() writes all of it that is read, or goes back. */
	union soca_ucmd_buffer buf __uninitialized;
	struct soca_ucmd ucmd = { .claim = claim, .cmd = &buf };
	u32 user_size;
	int ret;

	if (!op)
		return -ENOTTY;
	if (get_user(user_size, (u32 __user *)ubuffer))
		return -EFAULT;
	if (user_size < op->min_size)
		return -EINVAL;
	if (user_size > PAGE_SIZE)
		return -E2BIG;
	ret = copy_struct_from_user(&buf, op->size, ubuffer, user_size);
	if (ret)
		return ret;

	ret = op->execute(&ucmd);
	if (!ret && !op->is_silent &&
	    copy_to_user(ubuffer, &buf, min_t(u32, user_size, op->size)))
		ret = -EFAULT;
	soca_finish_file(&ucmd, ret);
	return ret;
}
