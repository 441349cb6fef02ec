// SPDX-License-Identifier: GPL-2.0-only
/*
 * The file of a claim
 */
#include <linux/delay.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mount.h>
#include <linux/poll.h>
#include <linux/pseudo_fs.h>
#include <linux/seq_file.h>

#include "base/compat.h"
#include "claim/claim.h"
#include "claim/ioctl.h"
#include "claim/part.h"

#define SOCA_FS_MAGIC	0x736f6361	/* "soca" */

/* Anonymous inodes are shared; a revoke must zap one claim's mappings only. */
static struct vfsmount *soca_mnt;

static int soca_fs_init_context(struct fs_context *fc)
{
	if (!init_pseudo(fc, SOCA_FS_MAGIC))
		return -ENOMEM;
	/* PROT_EXEC is refused, and READ_IMPLIES_EXEC does not add it. */
	fc->s_iflags |= SB_I_NOEXEC;
	return 0;
}

/*
 * Mounted for as long as the module is loaded: each of its files pins that, and
 * the mount itself must not, so it has no owner.
 */
static struct file_system_type soca_fs_type = {
	.name = "socassign",
	.init_fs_context = soca_fs_init_context,
	.kill_sb = kill_anon_super,
};

static int soca_info_ioctl(struct soca_ucmd *ucmd)
{
	struct socassign_info *cmd = ucmd->cmd;
	struct soca_claim *claim = ucmd->claim;

	scoped_guard(rwsem_read, &claim->gate) {
		if (claim->down)
			return -ENODEV;
		cmd->out_num_regions = 0;
		cmd->out_num_irqs = 0;
		cmd->out_num_clocks = 0;
		cmd->out_has_reset = 0;
		cmd->out_num_dmas = 0;
		soca_parts_info(claim, cmd);
	}
	cmd->out_flags = claim->set.flags;
	cmd->out_dma_class = claim->set.dma_class;
	cmd->out_num_nodes = claim->set.num_nodes;
	return soca_strings_to_user(&claim->set.paths, cmd->paths, &cmd->paths_len);
}

static const struct soca_ioctl_op soca_claim_ops[] = {
	SOCA_IOCTL_OP(SOCASSIGN_INFO, soca_info_ioctl,
		      struct socassign_info, out_num_dmas),
	SOCA_IOCTL_OP(SOCASSIGN_GET_EVENT, soca_get_event_ioctl,
		      struct socassign_get_event, out_time),
};

static long soca_fop_ioctl(struct file *file, unsigned int cmd,
			   unsigned long arg)
{
	const struct soca_ioctl_op *op = soca_parts_ioctl(cmd);

	if (!op)
		op = soca_ioctl_find(soca_claim_ops, ARRAY_SIZE(soca_claim_ops),
				     cmd);
	return soca_ioctl(op, file->private_data, arg);
}

static __poll_t soca_fop_poll(struct file *file, poll_table *wait)
{
	struct soca_claim *claim = file->private_data;
	__poll_t mask = 0;

	poll_wait(file, &claim->event_wait, wait);
	/*
	 * Not the gate: it would wait for soca_release(), whose end wakes us.  Whoever
	 * comes earlier may have met a page that is gone, and asks for the reason.
	 */
	if (READ_ONCE(claim->down))
		mask |= EPOLLHUP | EPOLLERR;
	if (soca_events_pending(claim))
		mask |= EPOLLIN | EPOLLRDNORM;
	return mask;
}

static ssize_t soca_fop_read(struct file *file, char __user *buf, size_t count,
			     loff_t *pos)
{
	return soca_part_io->access(file->private_data, buf, count, *pos, false);
}

static ssize_t soca_fop_write(struct file *file, const char __user *buf,
			      size_t count, loff_t *pos)
{
	return soca_part_io->access(file->private_data, (void __user *)buf,
				    count, *pos, true);
}

static void soca_show_paths(struct seq_file *m, const struct soca_strings *paths)
{
	const char *end = paths->buf + paths->len;

	for (const char *path = paths->buf; path < end; path += strlen(path) + 1) {
		seq_puts(m, "socassign-path:\t");
		seq_escape(m, path, "\n\\");
		seq_putc(m, '\n');
	}
}

/* See Documentation/ABI/testing/procfs-fdinfo-socassign. */
static void soca_fop_show_fdinfo(struct seq_file *m, struct file *file)
{
	struct soca_claim *claim = file->private_data;

	soca_show_paths(m, &claim->set.paths);

	guard(rwsem_read)(&claim->gate);

	seq_printf(m, "socassign-state:\t%s\n", claim->down ? "revoked" : "held");
	if (claim->down)
		return;
	seq_printf(m, "socassign-dma-faults:\t%llu\n", soca_events_faults(claim));
	soca_parts_show(claim, m);
}

static int soca_fop_mmap(struct file *file, struct vm_area_struct *vma)
{
	return soca_part_io->mmap(file->private_data, vma);
}

#ifdef CONFIG_ARCH_SUPPORTS_PMD_PFNMAP
/* The address is to be aligned as the frame is, not as the cookie. */
static unsigned long soca_fop_get_unmapped_area(struct file *file,
						unsigned long addr,
						unsigned long len,
						unsigned long pgoff,
						unsigned long flags)
{
	pgoff = soca_part_io->align(file->private_data, pgoff);
	return thp_get_unmapped_area(file, addr, len, pgoff, flags);
}
#else
#define soca_fop_get_unmapped_area	NULL
#endif

/*
 * Mappings hold the file, so none is left.  Nor does the caller hold a lock, so
 * it can wait: when close() is back, the host has its devices.
 */
static int soca_fop_release(struct inode *inode, struct file *file)
{
	struct soca_claim *claim = file->private_data;

	soca_claim_down(claim, NULL);
	soca_claim_wait(claim);
	soca_claim_put(claim);
	return 0;
}

static const struct file_operations soca_claim_fops = {
	.owner = THIS_MODULE,
	SOCA_FOP_FLAGS
	.unlocked_ioctl = soca_fop_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.poll = soca_fop_poll,
	.read = soca_fop_read,
	.write = soca_fop_write,
	.mmap = soca_fop_mmap,
	.get_unmapped_area = soca_fop_get_unmapped_area,
	.release = soca_fop_release,
	.show_fdinfo = soca_fop_show_fdinfo,
};

/**
 * soca_claim_of - The claim that a file stands for
 * @file: The file
 *
 * Return: The claim, for as long as the caller holds the file; NULL if it is
 * another file.
 */
struct soca_claim *soca_claim_of(const struct file *file)
{
	return file->f_op == &soca_claim_fops ? file->private_data : NULL;
}

/**
 * soca_claim_file - Make the file of a claim
 * @claim: The claim, before it owns anything
 *
 * Return: The file, which has a reference to the claim, or an ERR_PTR.
 */
struct file *soca_claim_file(struct soca_claim *claim)
{
	struct inode *inode;
	struct file *file;

	inode = alloc_anon_inode(soca_mnt->mnt_sb);
	if (IS_ERR(inode))
		return ERR_CAST(inode);
	file = alloc_file_pseudo(inode, soca_mnt, "socassign", O_RDWR,
				 &soca_claim_fops);
	if (IS_ERR(file)) {
		iput(inode);
		return file;
	}
	/* fput() drops it with the fops; alloc_file_pseudo() does not take it. */
	__module_get(THIS_MODULE);
	file->f_mode |= FMODE_PREAD | FMODE_PWRITE | SOCA_FMODE_UNSIGNED_OFFSET;
	soca_claim_get(claim);
	file->private_data = claim;
	scoped_guard(rwsem_write, &claim->gate)
		claim->inode = inode;
	return file;
}

/**
 * soca_files_init - Mount what the files of claims are on
 *
 * Return: 0 or a negative errno.
 */
int soca_files_init(void)
{
	soca_mnt = kern_mount(&soca_fs_type);
	return PTR_ERR_OR_ZERO(soca_mnt);
}

/**
 * soca_files_exit - Unmount it
 *
 * The last file has let go of the module, but perhaps not of the mount yet: the
 * superblock must go here, and not when the module has.
 */
void soca_files_exit(void)
{
	struct super_block *sb = soca_mnt->mnt_sb;

	atomic_inc(&sb->s_active);
	kern_unmount(soca_mnt);
	while (atomic_read(&sb->s_active) > 1)
		usleep_range(1000, 2000);
	deactivate_super(sb);
}
