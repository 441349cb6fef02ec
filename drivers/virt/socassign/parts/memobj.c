// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory objects: memory of the user's, pinned and charged once, that windows
 * can be mapped onto
 *
 * The fd and each window hold the file; its last reference unpins.
 */
#define pr_fmt(fmt) "socassign: " fmt

#include <linux/anon_inodes.h>
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/user.h>
#include <linux/seq_file.h>
#include <linux/slab.h>

#include "base/compat.h"
#include "claim/claim.h"
#include "claim/ioctl.h"
#include "hw/dma.h"
#include "parts/memobj.h"

/* Pages that are pinned in one go: their list fills a page. */
#define SOCA_PIN_BATCH	(PAGE_SIZE / sizeof(struct page *))

/**
 * struct soca_memobj - Pinned memory
 * @user: Who is charged, with a reference; NULL for one with CAP_IPC_LOCK
 * @mm: Where the pages show up as VmPin; with a reference to the struct, not to
 *	its memory
 * @pages: Number of pages that are charged
 * @write: Devices may write to it
 * @run: The memory, in the order of the user's addresses
 * @num: Number of @run
 * @room: For how many there is memory
 *
 * Not a scatterlist: sg_alloc_append_table_from_pages() computes the end of the
 * last entry in an unsigned long, and would take two pages for adjacent that
 * are 4 GiB apart.
 */
struct soca_memobj {
	struct user_struct *user;
	struct mm_struct *mm;
	unsigned long pages;
	bool write;
	struct soca_run *run;
	size_t num;
	size_t room;
};

/*
 * The user is charged, not the mm: an object outlives the mm of its maker, by
 * exec(), or in the hands of others, and each new mm would start from zero.
 * And no lock is taken, to charge or to give back: whoever drops the last
 * reference, an administrator who unbinds the device perhaps, must not wait for
 * the mmap_lock of the maker, who can hold it for as long as he likes.
 */
static int soca_charge_user(struct user_struct *user, unsigned long pages)
{
	unsigned long limit = rlimit(RLIMIT_MEMLOCK);
	long old = atomic_long_read(&user->locked_vm);

	if (limit != RLIM_INFINITY)
		limit >>= PAGE_SHIFT;
	do {
		if (pages > limit || old > limit - pages) {
			pr_info_ratelimited("user %u: refused: %lu pages to pin beside %ld, RLIMIT_MEMLOCK is %lu pages\n",
					    from_kuid(&init_user_ns, user->uid),
					    pages, old, limit);
			return -ENOMEM;
		}
	} while (!atomic_long_try_cmpxchg(&user->locked_vm, &old, old + pages));
	return 0;
}

/* The caller's user is; his mm only shows it. */
static int soca_memobj_charge(struct soca_memobj *obj)
{
	if (!capable(CAP_IPC_LOCK)) {
		int ret = soca_charge_user(current_user(), obj->pages);

		if (ret)
			return ret;
		obj->user = get_uid(current_user());
	}
	obj->mm = current->mm;
	mmgrab(obj->mm);
	atomic64_add(obj->pages, &obj->mm->pinned_vm);
	return 0;
}

static void soca_memobj_uncharge(struct soca_memobj *obj)
{
	atomic64_sub(obj->pages, &obj->mm->pinned_vm);
	mmdrop(obj->mm);
	if (obj->user)
		atomic_long_sub(obj->pages, &obj->user->locked_vm);
	free_uid(obj->user);
}

static void soca_memobj_free(struct soca_memobj *obj)
{
	for (size_t i = 0; i < obj->num; i++) {
		const struct soca_run *run = &obj->run[i];

		unpin_user_page_range_dirty_lock(pfn_to_page(PHYS_PFN(run->phys)),
						 run->bytes >> PAGE_SHIFT,
						 obj->write);
		cond_resched();
	}
	soca_memobj_uncharge(obj);
	kvfree(obj->run);
	kfree(obj);
}

static int soca_memobj_release(struct inode *inode, struct file *file)
{
	soca_memobj_free(file->private_data);
	return 0;
}

static void soca_memobj_show_fdinfo(struct seq_file *m, struct file *file)
{
	const struct soca_memobj *obj = file->private_data;

	seq_printf(m, "socassign-pinned:\t%llu\n", (u64)obj->pages << PAGE_SHIFT);
}

static const struct file_operations soca_memobj_fops = {
	.owner = THIS_MODULE,
	.show_fdinfo = soca_memobj_show_fdinfo,
	.release = soca_memobj_release,
};

/**
 * soca_is_memobj - Is a file a memory object?
 * @file: The file
 *
 * Return: true if so.
 */
bool soca_is_memobj(const struct file *file)
{
	return file->f_op == &soca_memobj_fops;
}

/* The run that holds @offset; moves *@offset to be relative to it. */
static const struct soca_run *soca_memobj_run(const struct soca_memobj *obj,
					      u64 *offset)
{
	const struct soca_run *run = obj->run;

	for (; *offset >= run->bytes; run++)
		*offset -= run->bytes;
	return run;
}

/**
 * soca_memobj_find - Where the memory of a memory object is
 * @file: The memory object
 * @offset: Where in the object to start, in bytes
 * @length: How many bytes; not 0
 * @write: Devices are to write to it
 * @source: Set to where it is
 *
 * Context: Any; a memory object does not change.
 * Return: 0; -EINVAL if it ends before, -EACCES if it was not pinned for
 * writing.
 */
int soca_memobj_find(const struct file *file, u64 offset, u64 length,
		     bool write, struct soca_source *source)
{
	const struct soca_memobj *obj = file->private_data;
	u64 size = (u64)obj->pages << PAGE_SHIFT;
	const struct soca_run *run;

	if (offset >= size || length > size - offset)
		return -EINVAL;
	if (write && !obj->write)
		return -EACCES;
	run = soca_memobj_run(obj, &offset);
	*source = (struct soca_source) {
		.phys = run->phys + offset, .bytes = run->bytes - offset,
		.run = run,
	};
	return 0;
}

static int soca_memobj_grow(struct soca_memobj *obj)
{
	size_t room = obj->room ? 2 * obj->room : 4;
	struct soca_run *more = kvmalloc_array(room, sizeof(*more),
					       GFP_KERNEL_ACCOUNT |
					       __GFP_NOWARN);

	if (!more)
		return -ENOMEM;
	if (obj->num)
		memcpy(more, obj->run, obj->num * sizeof(*more));
	kvfree(obj->run);
	obj->run = more;
	obj->room = room;
	return 0;
}

/* In the memory map as well, which unpinning walks. */
static bool soca_run_goes_on(const struct soca_run *run, struct page *page)
{
	return run->phys + run->bytes == PFN_PHYS(page_to_pfn(page)) &&
	       pfn_to_page(PHYS_PFN(run->phys)) +
	       (run->bytes >> PAGE_SHIFT) == page;
}

/* Takes over the page's pin, unless it fails. */
static int soca_memobj_add(struct soca_memobj *obj, struct page *page)
{
	struct soca_run *last = obj->num ? &obj->run[obj->num - 1] : NULL;
	int ret;

	if (last && soca_run_goes_on(last, page)) {
		last->bytes += PAGE_SIZE;
		return 0;
	}
	ret = obj->num == obj->room ? soca_memobj_grow(obj) : 0;
	if (!ret)
		obj->run[obj->num++] = (struct soca_run) {
			.phys = PFN_PHYS(page_to_pfn(page)),
			.bytes = PAGE_SIZE,
		};
	return ret;
}

/* Pins some pages: their number, or an errno. */
static long soca_pin_some(struct soca_memobj *obj, unsigned long addr,
			  unsigned long left, struct page **pages)
{
	unsigned long most = min_t(unsigned long, left, SOCA_PIN_BATCH);
	long num;

	if (obj->write)
		num = soca_pin_to_write(addr, most, pages);
	else
		num = soca_pin_to_read(addr, most, pages);

	for (long i = 0; i < num; i++) {
		int ret = soca_memobj_add(obj, pages[i]);

		if (ret) {
			unpin_user_pages(pages + i, num - i);
			return ret;
		}
	}
	/* Pages that are poisoned, or busy in some way: the contract has one word. */
	return num > 0 || num == -ENOMEM || num == -EOPNOTSUPP || num == -EINTR ?
	       num : -EFAULT;
}

static int soca_memobj_pin(struct soca_memobj *obj, unsigned long addr)
{
	struct page **pages __free(kfree) =
		kmalloc(PAGE_SIZE, GFP_KERNEL_ACCOUNT);

	if (!pages)
		return -ENOMEM;
	for (unsigned long left = obj->pages; left;) {
		long num = soca_pin_some(obj, addr, left, pages);

		if (num < 0)
			return num;
		addr += num << PAGE_SHIFT;
		left -= num;
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
	}
	return 0;
}

static struct soca_memobj *soca_memobj_create(unsigned long addr,
					      unsigned long pages, bool write)
{
	struct soca_memobj *obj = kzalloc(sizeof(*obj), GFP_KERNEL_ACCOUNT);
	int ret;

	if (!obj)
		return ERR_PTR(-ENOMEM);
	obj->pages = pages;
	obj->write = write;
	ret = soca_memobj_charge(obj);
	if (ret) {
		kfree(obj);
		return ERR_PTR(ret);
	}
	ret = soca_memobj_pin(obj, addr);
	if (!ret)
		return obj;
	soca_memobj_free(obj);
	return ERR_PTR(ret);
}

/* The file, with its descriptor reserved. */
static int soca_memobj_publish(struct soca_memobj *obj, struct soca_ucmd *ucmd)
{
	struct socassign_memory *cmd = ucmd->cmd;
	int fd = get_unused_fd_flags(O_CLOEXEC);

	if (fd < 0)
		return fd;
	cmd->out_fd = fd;
	return soca_return_file(ucmd, fd,
				anon_inode_getfile("[socassign-memory]",
						   &soca_memobj_fops, obj,
						   O_RDWR));
}

static bool soca_is_revoked(struct soca_claim *claim)
{
	guard(rwsem_read)(&claim->gate);

	return claim->down;
}

/**
 * soca_memory_ioctl - ioctl(SOCASSIGN_MEMORY), on /dev/socassign or on a claim
 * @ucmd: The command
 *
 * Context: Process context, no lock held: the memory is the user's.
 * Return: 0 with a file to publish, or a negative errno of the contract in the
 * UAPI header.
 */
int soca_memory_ioctl(struct soca_ucmd *ucmd)
{
	struct socassign_memory *cmd = ucmd->cmd;
	struct soca_memobj *obj;
	u64 end;
	int ret;

	if (cmd->flags & ~SOCASSIGN_MEMORY_WRITE || cmd->__reserved)
		return -EOPNOTSUPP;
	if (!cmd->length || !PAGE_ALIGNED(cmd->addr | cmd->length) ||
	    check_add_overflow(cmd->addr, cmd->length, &end))
		return -EINVAL;
	if (ucmd->claim && soca_is_revoked(ucmd->claim))
		return -ENODEV;
	if (end > TASK_SIZE)
		return -EFAULT;
	obj = soca_memobj_create(cmd->addr, cmd->length >> PAGE_SHIFT,
				 cmd->flags & SOCASSIGN_MEMORY_WRITE);
	if (IS_ERR(obj))
		return PTR_ERR(obj);
	cmd->out_contiguous = obj->run[0].bytes;
	ret = soca_memobj_publish(obj, ucmd);
	if (ret)
		soca_memobj_free(obj);
	return ret;
}
