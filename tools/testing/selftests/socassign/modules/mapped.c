// SPDX-License-Identifier: GPL-2.0
/*
 * Files to map, of the kinds that can only be had from a file system with
 * storage, or in user space.
 *
 *   stuck       no page of it ever comes: touch it to wait with the mmap_lock
 *               held until you are killed; read how many wait
 *   written_to  its page wants to be told before it is written to
 *   frame       its page is mapped as registers are, by its frame (VM_PFNMAP);
 *               vm_pgoff is the place in the file, as in most drivers
 */
#include <linux/atomic.h>
#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pagemap.h>
#include <linux/wait.h>

#include "compat.h"
#include "socassign_test.h"

static DECLARE_WAIT_QUEUE_HEAD(test_stuck_wait);
static atomic_t test_num_stuck;
static struct page *test_page;

/* It does not ask for a retry, which would be without the lock. */
static vm_fault_t test_stuck_fault(struct vm_fault *vmf)
{
	atomic_inc(&test_num_stuck);
	wait_event_killable(test_stuck_wait, false);
	atomic_dec(&test_num_stuck);
	return VM_FAULT_SIGBUS;
}

static const struct vm_operations_struct test_stuck_vm_ops = {
	.fault = test_stuck_fault,
};

static int test_stuck_mmap(struct file *file, struct vm_area_struct *vma)
{
	vma->vm_ops = &test_stuck_vm_ops;
	return 0;
}

static ssize_t test_stuck_read(struct file *file, char __user *ubuf, size_t len,
			       loff_t *pos)
{
	char text[16];
	int size = scnprintf(text, sizeof(text), "%d\n",
			     atomic_read(&test_num_stuck));

	return simple_read_from_buffer(ubuf, len, pos, text, size);
}

static const struct file_operations test_stuck_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.read = test_stuck_read,
	.mmap = test_stuck_mmap,
};

static vm_fault_t test_page_fault(struct vm_fault *vmf)
{
	get_page(test_page);
	vmf->page = test_page;
	return 0;
}

static vm_fault_t test_page_mkwrite(struct vm_fault *vmf)
{
	lock_page(vmf->page);
	return VM_FAULT_LOCKED;
}

static const struct vm_operations_struct test_page_vm_ops = {
	.fault = test_page_fault,
	.page_mkwrite = test_page_mkwrite,
};

static const struct address_space_operations test_page_aops = {
	.dirty_folio = noop_dirty_folio,
};

/* As a page of the page cache is known by. */
static int test_page_mmap(struct file *file, struct vm_area_struct *vma)
{
	file->f_mapping->a_ops = &test_page_aops;
	page_folio(test_page)->mapping = file->f_mapping;
	vma->vm_ops = &test_page_vm_ops;
	return 0;
}

static const struct file_operations test_page_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.mmap = test_page_mmap,
};

static vm_fault_t test_frame_fault(struct vm_fault *vmf)
{
	return vmf_insert_pfn(vmf->vma, vmf->address, page_to_pfn(test_page));
}

static const struct vm_operations_struct test_frame_vm_ops = {
	.fault = test_frame_fault,
};

static int test_frame_mmap(struct file *file, struct vm_area_struct *vma)
{
	vm_flags_set(vma, VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP);
	vma->vm_ops = &test_frame_vm_ops;
	return 0;
}

static const struct file_operations test_frame_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.mmap = test_frame_mmap,
};

/* The proxy of debugfs_create_file() has no mmap; an open file holds us. */
void test_mapped_init(struct dentry *dir)
{
	debugfs_create_file_unsafe("stuck", 0400, dir, NULL, &test_stuck_fops);
	test_page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!test_page)
		return;
	debugfs_create_file_unsafe("written_to", 0600, dir, NULL,
				   &test_page_fops);
	debugfs_create_file_unsafe("frame", 0600, dir, NULL, &test_frame_fops);
}

void test_mapped_exit(void)
{
	if (!test_page)
		return;
	page_folio(test_page)->mapping = NULL;
	__free_page(test_page);
}
