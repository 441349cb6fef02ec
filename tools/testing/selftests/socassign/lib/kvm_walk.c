// SPDX-License-Identifier: GPL-2.0
#include "kvm_walk.h"

#include <errno.h>
#include <linux/kvm.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "bare_guest.h"

#define PAGE	4096

#ifdef __powerpc__

static long read_statistic(int fd, const struct kvm_stats_header *header,
			   __u32 index, const char *name)
{
	size_t size = sizeof(struct kvm_stats_desc) + header->name_size;
	struct kvm_stats_desc *desc = malloc(size);
	long result = -ENOENT;
	__u64 value;

	if (desc &&
	    pread(fd, desc, size, header->desc_offset + index * size) ==
	    (ssize_t)size && !strcmp(desc->name, name) &&
	    pread(fd, &value, sizeof(value), header->data_offset +
		  desc->offset) == sizeof(value))
		result = value;
	free(desc);
	return result;
}

/* One of KVM's own counters of a vCPU, or a negative errno. */
static long statistic(int vcpu, const char *name)
{
	int fd = ioctl(vcpu, KVM_GET_STATS_FD, NULL);
	struct kvm_stats_header header;
	long result = -ENOENT;

	if (fd < 0)
		return -errno;
	if (pread(fd, &header, sizeof(header), 0) == sizeof(header))
		for (__u32 i = 0; i < header.num_desc && result < 0; i++)
			result = read_statistic(fd, &header, i, name);
	close(fd);
	return result;
}

const size_t kvm_walk_size = 1 << 20;

const char *kvm_walk_missing(void)
{
	return bare_guest_missing();
}

/* A miss in the TLB of the CPU for what the guest's own has. */
static long count_misses(struct bare_guest *guest)
{
	return statistic(guest->vcpu, "dtlb_virt_miss_exits");
}

static long walk(struct bare_guest *guest)
{
	long before, after;
	__u8 value;
	int ret = bare_guest_map(guest, kvm_walk_size);

	before = count_misses(guest);
	for (__u32 at = 0; !ret && at < kvm_walk_size; at += PAGE)
		ret = bare_guest_load(guest, at, &value);
	after = count_misses(guest);
	if (ret || before < 0)
		return ret ? ret : before;
	return after - before;
}

long kvm_walk(void *mem)
{
	struct bare_guest guest;
	long ret = bare_guest_open(&guest, mem, kvm_walk_size);

	if (!ret)
		ret = walk(&guest);
	bare_guest_close(&guest);
	return ret;
}

#else

const size_t kvm_walk_size = PAGE;

const char *kvm_walk_missing(void)
{
	return "this is about KVM on e500";
}

long kvm_walk(void *mem)
{
	return -EOPNOTSUPP;
}

#endif
