// SPDX-License-Identifier: GPL-2.0-only
/*
 * The claim object behind an fd: its file, its events, its end
 *
 * See struct soca_claim for the lifetime.
 */
#define pr_fmt(fmt) "socassign: " fmt

#include <linux/delay.h>
#include <linux/file.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/mount.h>
#include <linux/poll.h>
#include <linux/pseudo_fs.h>
#include <linux/slab.h>

#include "private.h"
#include "trace.h"

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

/* Takes over the registry's reference. */
static void soca_give_back(struct work_struct *work)
{
	struct soca_claim *claim =
		container_of(work, struct soca_claim, give_back_work);

	soca_devices_give_back(claim);
	soca_registry_remove(claim);
	soca_claim_put(claim);
	soca_return_done();
}

/**
 * soca_claim_alloc - Allocate an empty claim, with one reference
 *
 * Return: The claim, or NULL if memory is short.
 */
struct soca_claim *soca_claim_alloc(void)
{
	struct soca_claim *claim = kzalloc(sizeof(*claim), GFP_KERNEL_ACCOUNT);

	if (!claim)
		return NULL;
	kref_init(&claim->ref);
	INIT_LIST_HEAD(&claim->list);
	init_rwsem(&claim->gate);
	init_rwsem(&claim->map_lock);
	spin_lock_init(&claim->event_lock);
	init_waitqueue_head(&claim->event_wait);
	INIT_WORK(&claim->give_back_work, soca_give_back);
	/* 0 is no cookie: a forgotten one is an error, not the first region. */
	claim->next_pgoff = 1;
	return claim;
}

void soca_claim_get(struct soca_claim *claim)
{
	kref_get(&claim->ref);
}

static void soca_claim_free(struct kref *ref)
{
	struct soca_claim *claim = container_of(ref, struct soca_claim, ref);

	soca_irqs_free(claim);
	soca_regions_free(claim);
	soca_claim_put_nodes(claim);
	kfree(claim->nodes);
	soca_strings_free(&claim->paths);
	kfree(claim);
}

void soca_claim_put(struct soca_claim *claim)
{
	kref_put(&claim->ref, soca_claim_free);
}

/*
 * The last step of the ladder.  Giving devices back takes their locks, which
 * the caller may hold; where there is nothing to give back no nodes are kept
 * any longer than that.
 */
static void soca_claim_leave(struct soca_claim *claim)
{
	if (soca_devices_any_to_give_back(claim)) {
		soca_return_queue(&claim->give_back_work);
		return;
	}
	soca_registry_remove(claim);
	soca_claim_put(claim);
}

/*
 * Make the devices forget what they were told, by the owner of this claim or of
 * one before it that had to leave them as they were; false if one of them may
 * still want to do DMA.
 */
static bool soca_claim_calm(struct soca_claim *claim)
{
	bool was_reset = soca_can_reset(claim) && !soca_reset(claim);
	bool used = soca_dmas_used(claim);

	if (!used && !READ_ONCE(claim->published))
		return true;
	return soca_quiesce(claim, was_reset) || !used;
}

/*
 * The ladder: the devices reach no memory and nothing reaches them, then they
 * get quiet, then the host has them back.  A bus master that could not be made
 * quiet stays away from memory, and from the host; or, where nothing can keep
 * it away from memory, from everybody.
 */
static void soca_claim_ladder(struct soca_claim *claim)
{
	bool is_calm;

	soca_dmas_block(claim);
	scoped_guard(rwsem_write, &claim->map_lock)
		claim->zapped = true;
	if (claim->inode)
		unmap_mapping_range(claim->inode->i_mapping, 0, 0, 1);
	soca_irqs_down(claim);
	soca_regions_down(claim);
	is_calm = soca_claim_calm(claim);
	soca_dmas_down(claim, !is_calm);
	soca_power_drop(claim);
	soca_devices_release(claim);
}

/**
 * soca_claim_take_down - Take down a claim, or what there is of it
 * @claim: The claim, on the registry and not down; either built, or in the
 *	hands of its builder, who calls this where he fails
 * @gone: As for soca_claim_down()
 *
 * Context: Process context, under the gate, held for writing; by the builder
 * since before there was anything to take down.
 */
void soca_claim_take_down(struct soca_claim *claim,
			  const struct device_node *gone)
{
	lockdep_assert_held_write(&claim->gate);

	WRITE_ONCE(claim->down, true);
	trace_socassign_down(claim, gone);
	soca_claim_ladder(claim);
	/* No event comes from the devices any more: this one is the last. */
	if (gone)
		soca_event_queue(claim, SOCASSIGN_EVENT_REMOVED,
				 soca_node_index(claim, gone));
	wake_up_poll(&claim->event_wait, EPOLLHUP | EPOLLERR);
	soca_claim_leave(claim);
}

/**
 * soca_claim_down - Take a claim down, once
 * @claim: The claim
 * @gone: The node whose device goes, for the event; NULL at the last close
 *
 * When it returns no mapping, interrupt or power reference is left; giving the
 * devices back to the host is under way.  A claim that is still being built
 * has none yet, and its builder takes it down.
 *
 * Context: Process context; may be called with the lock of a device of the
 * claim held.  Takes the gate; does not wait for user space.
 */
void soca_claim_down(struct soca_claim *claim, const struct device_node *gone)
{
	guard(rwsem_write)(&claim->gate);

	if (claim->built && !claim->down)
		soca_claim_take_down(claim, gone);
	WRITE_ONCE(claim->down, true);
}

/**
 * soca_claim_abort - Take down a claim that has its nodes, and no more than bound them
 * @claim: The claim, on the registry; only its builder may call this
 *
 * Context: Process context, no lock held.
 */
void soca_claim_abort(struct soca_claim *claim)
{
	guard(rwsem_write)(&claim->gate);

	soca_claim_take_down(claim, NULL);
}

/*
 * A full queue marks its last event, and keeps its place for the one event
 * that nothing comes behind.
 */
static void soca_event_overflow(struct soca_claim *claim,
				const struct soca_event *event)
{
	unsigned int last = SOCA_MAX_EVENTS - 1;

	lockdep_assert_held(&claim->event_lock);

	if (event->type == SOCASSIGN_EVENT_REMOVED)
		claim->events[last--] = *event;
	claim->events[last].flags |= SOCASSIGN_EVENT_OVERFLOW;
}

static void soca_event_add(struct soca_claim *claim, struct soca_event event)
{
	event.time = ktime_get_ns();
	scoped_guard(spinlock_irqsave, &claim->event_lock) {
		if (claim->num_events < SOCA_MAX_EVENTS)
			claim->events[claim->num_events++] = event;
		else
			soca_event_overflow(claim, &event);
	}
	trace_socassign_event(claim, event.type, event.index);
	wake_up_poll(&claim->event_wait, EPOLLIN);
}

/**
 * soca_event_queue - Queue an event for the owner
 * @claim: The claim
 * @type: enum socassign_event_type
 * @index: What it is about
 *
 * Context: Any, interrupts included.
 */
void soca_event_queue(struct soca_claim *claim, u32 type, u32 index)
{
	soca_event_add(claim, (struct soca_event) {
		.type = type, .index = index,
	});
}

/**
 * soca_event_queue_fault - Queue a DMA fault for the owner
 * @claim: The claim
 * @index: DMA identity
 * @address: DMA address of the access
 * @fault: enum socassign_fault
 *
 * Context: Any, interrupts included.
 */
void soca_event_queue_fault(struct soca_claim *claim, u32 index, u64 address,
			    u32 fault)
{
	soca_event_add(claim, (struct soca_event) {
		.type = SOCASSIGN_EVENT_DMA_FAULT, .index = index,
		.address = address, .fault = fault,
	});
}

static bool soca_event_take(struct soca_claim *claim, struct soca_event *event)
{
	bool any;

	scoped_guard(spinlock_irqsave, &claim->event_lock) {
		any = claim->num_events;
		if (!any)
			break;
		*event = claim->events[0];
		claim->num_events--;
		memmove(claim->events, claim->events + 1,
			claim->num_events * sizeof(*event));
	}
	return any;
}

static int soca_get_event_ioctl(struct soca_ucmd *ucmd)
{
	struct socassign_get_event *cmd = ucmd->cmd;
	struct soca_claim *claim = ucmd->claim;
	struct soca_event event;

	if (cmd->flags || cmd->__reserved || cmd->__reserved2)
		return -EOPNOTSUPP;
	if (!soca_event_take(claim, &event)) {
		guard(rwsem_read)(&claim->gate);
		return claim->down ? -ENODEV : -EAGAIN;
	}
	cmd->out_type = event.type;
	cmd->out_flags = event.flags;
	cmd->out_index = event.index;
	cmd->out_time = event.time;
	cmd->out_address = event.address;
	cmd->out_fault = event.fault;
	return 0;
}

static int soca_info_ioctl(struct soca_ucmd *ucmd)
{
	struct socassign_info *cmd = ucmd->cmd;
	struct soca_claim *claim = ucmd->claim;

	scoped_guard(rwsem_read, &claim->gate) {
		if (claim->down)
			return -ENODEV;
		cmd->out_num_dmas = claim->num_dmas;
		cmd->out_num_clocks = soca_num_clocks(claim);
		cmd->out_has_reset = soca_can_reset(claim);
	}
	cmd->out_flags = claim->flags;
	cmd->out_dma_class = claim->dma_class;
	cmd->out_num_nodes = claim->num_nodes;
	cmd->out_num_regions = claim->num_regions;
	cmd->out_num_irqs = claim->num_irqs;
	return soca_strings_to_user(&claim->paths, cmd->paths, &cmd->paths_len);
}

static const struct soca_ioctl_op soca_claim_ops[] = {
	SOCA_IOCTL_OP(SOCASSIGN_INFO, soca_info_ioctl,
		      struct socassign_info, out_num_dmas),
	SOCA_IOCTL_OP(SOCASSIGN_REGION, soca_region_ioctl,
		      struct socassign_region, neighbours_len),
	SOCA_IOCTL_OP(SOCASSIGN_IRQ, soca_irq_ioctl,
		      struct socassign_irq, __reserved2),
	SOCA_IOCTL_OP(SOCASSIGN_CLOCK, soca_clock_ioctl,
		      struct socassign_clock, __reserved),
	SOCA_IOCTL_OP(SOCASSIGN_SET_IRQ, soca_set_irq_ioctl,
		      struct socassign_set_irq, cpus),
	SOCA_IOCTL_OP(SOCASSIGN_RESET, soca_reset_ioctl,
		      struct socassign_reset, flags),
	SOCA_IOCTL_OP(SOCASSIGN_PREFAULT, soca_prefault_ioctl,
		      struct socassign_prefault, length),
	SOCA_IOCTL_OP(SOCASSIGN_GET_EVENT, soca_get_event_ioctl,
		      struct socassign_get_event, out_time),
	SOCA_IOCTL_OP(SOCASSIGN_DMA, soca_dma_ioctl,
		      struct socassign_dma, out_bytes),
	SOCA_IOCTL_OP(SOCASSIGN_MEMORY, soca_memory_ioctl,
		      struct socassign_memory, __reserved),
	SOCA_IOCTL_OP(SOCASSIGN_DMA_MAP, soca_dma_map_ioctl,
		      struct socassign_dma_map, __reserved),
	SOCA_IOCTL_OP(SOCASSIGN_DMA_UNMAP, soca_dma_unmap_ioctl,
		      struct socassign_dma_unmap, length),
	SOCA_IOCTL_OP(SOCASSIGN_DMA_CONTROL, soca_dma_control_ioctl,
		      struct socassign_dma_control, __reserved),
};

static long soca_fop_ioctl(struct file *file, unsigned int cmd,
			   unsigned long arg)
{
	return soca_ioctl(soca_claim_ops, ARRAY_SIZE(soca_claim_ops),
			  file->private_data, cmd, arg);
}

static __poll_t soca_fop_poll(struct file *file, poll_table *wait)
{
	struct soca_claim *claim = file->private_data;
	__poll_t mask = 0;

	poll_wait(file, &claim->event_wait, wait);
	/* Not the gate: it would wait for the ladder, whose end wakes us. */
	if (READ_ONCE(claim->down))
		mask |= EPOLLHUP | EPOLLERR;
	scoped_guard(spinlock_irqsave, &claim->event_lock)
		if (claim->num_events)
			mask |= EPOLLIN | EPOLLRDNORM;
	return mask;
}

static ssize_t soca_fop_read(struct file *file, char __user *buf, size_t count,
			     loff_t *pos)
{
	return soca_region_read(file->private_data, buf, count, *pos);
}

static ssize_t soca_fop_write(struct file *file, const char __user *buf,
			      size_t count, loff_t *pos)
{
	return soca_region_write(file->private_data, buf, count, *pos);
}

static int soca_fop_mmap(struct file *file, struct vm_area_struct *vma)
{
	return soca_region_mmap(file->private_data, vma);
}

/*
 * Mappings hold the file, so none is left.  Nor does the caller hold a lock, so
 * it can wait: when close() is back, the host has its devices.
 */
static int soca_fop_release(struct inode *inode, struct file *file)
{
	struct soca_claim *claim = file->private_data;

	soca_claim_down(claim, NULL);
	flush_work(&claim->give_back_work);
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
	.release = soca_fop_release,
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
 * soca_claim_published - Remember that somebody gets a claim
 * @file: A file that is about to get its descriptor; of any kind
 *
 * Until then nobody can have told the devices anything.
 */
void soca_claim_published(const struct file *file)
{
	struct soca_claim *claim = soca_claim_of(file);

	if (claim)
		WRITE_ONCE(claim->published, true);
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
