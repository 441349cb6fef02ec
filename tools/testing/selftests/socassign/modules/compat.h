/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The modules are written against the newest kernel; this carries it back.
 */
#ifndef _SOCASSIGN_TEST_COMPAT_H
#define _SOCASSIGN_TEST_COMPAT_H

#include <linux/eventfd.h>
#include <linux/mm.h>
#include <linux/of.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
static inline void vm_flags_set(struct vm_area_struct *vma, unsigned long flags)
{
	vma->vm_flags |= flags;
}
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0)
#define test_overlay_fdt_apply(_blob, _size, _id)	\
	of_overlay_fdt_apply(_blob, _size, _id)
#else
#define test_overlay_fdt_apply(_blob, _size, _id)	\
	of_overlay_fdt_apply(_blob, _size, _id, NULL)
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 8, 0)
#define floor_eventfd_signal(_ctx)	eventfd_signal(_ctx, 1)
#else
#define floor_eventfd_signal(_ctx)	eventfd_signal(_ctx)
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 11, 0)
#define TEST_REMOVE(_fn)	.remove_new = _fn
#else
#define TEST_REMOVE(_fn)	.remove = _fn
#endif

#endif
