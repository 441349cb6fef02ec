/* SPDX-License-Identifier: GPL-2.0 */
/* What a test needs from inside the kernel; each room adds its files. */
#ifndef _SOCASSIGN_TEST_H
#define _SOCASSIGN_TEST_H

#include <linux/types.h>

struct dentry;
struct device;
struct platform_driver;

/* The user's text, without the newline of echo(1), in @buf of @size bytes. */
int test_get_text(const char __user *ubuf, size_t len, char *buf, size_t size);

/* The device of a path that the user gives, with a reference, or an ERR_PTR. */
struct device *test_get_device(const char __user *ubuf, size_t len);

void test_tree_init(struct dentry *dir);
void test_tree_exit(void);
void test_tree_in_probe(void);

extern struct platform_driver test_pic_driver;
extern struct platform_driver test_hub_driver;
extern struct platform_driver test_slow_driver;
extern struct platform_driver test_clock_driver;
extern struct platform_driver test_domains_driver;
extern struct platform_driver test_lines_driver;
int test_drivers_init(void);
void test_drivers_exit(void);

void test_irq_init(struct dentry *dir);
void test_irq_exit(void);

void test_mapped_init(struct dentry *dir);
void test_mapped_exit(void);

void test_iommu_init(struct dentry *dir);
void test_memcpy_init(struct dentry *dir);
void test_slow_init(struct dentry *dir);
void test_clock_init(struct dentry *dir);
void test_domains_init(struct dentry *dir);
void test_lines_init(struct dentry *dir);

#endif
