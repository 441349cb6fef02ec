// SPDX-License-Identifier: GPL-2.0
/*
 * Register accesses: one load or store, or where there is no mapping to be had
 * one pread() or pwrite(), in the byte order of the device
 */
#include "internal.h"

#include <endian.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "guard.h"

#define TREE "/sys/firmware/devicetree/base"

/* A register: its bytes as they are on the bus, or as the CPU has them. */
union bytes {
	uint8_t u8;
	uint16_t u16;
	uint32_t u32;
	uint64_t u64;
};

static bool has_property(const char *node, const char *name)
{
	char *path;
	bool has;

	if (asprintf(&path, TREE "%s/%s", node, name) < 0)
		return false;
	has = !access(path, F_OK);
	free(path);
	return has;
}

enum soca_order soca_order_of(const char *node)
{
	if (has_property(node, "big-endian"))
		return SOCA_ORDER_BIG;
	if (has_property(node, "little-endian"))
		return SOCA_ORDER_LITTLE;
	return SOCA_ORDER_NATIVE;
}

/* Between the CPU's order and the device's; the same both ways. */
static void convert(union bytes *reg, unsigned int width, enum soca_order order)
{
	bool cpu_is_big = __BYTE_ORDER == __BIG_ENDIAN;
	bool is_big = order == SOCA_ORDER_BIG;

	if (order == SOCA_ORDER_NATIVE || is_big == cpu_is_big)
		return;
	if (width == 2)
		reg->u16 = __builtin_bswap16(reg->u16);
	else if (width == 4)
		reg->u32 = __builtin_bswap32(reg->u32);
	else if (width == 8)
		reg->u64 = __builtin_bswap64(reg->u64);
}

static uint64_t widen(const union bytes *reg, unsigned int width)
{
	switch (width) {
	case 1:
		return reg->u8;
	case 2:
		return reg->u16;
	case 4:
		return reg->u32;
	default:
		return reg->u64;
	}
}

static void narrow(union bytes *reg, unsigned int width, uint64_t value)
{
	switch (width) {
	case 1:
		reg->u8 = value;
		break;
	case 2:
		reg->u16 = value;
		break;
	case 4:
		reg->u32 = value;
		break;
	default:
		reg->u64 = value;
	}
}

/* Device memory must see one access of exactly this size: no memcpy(). */
static void load(const volatile void *addr, union bytes *reg,
		 unsigned int width)
{
	switch (width) {
	case 1:
		reg->u8 = *(const volatile uint8_t *)addr;
		break;
	case 2:
		reg->u16 = *(const volatile uint16_t *)addr;
		break;
	case 4:
		reg->u32 = *(const volatile uint32_t *)addr;
		break;
	default:
		reg->u64 = *(const volatile uint64_t *)addr;
	}
	soca_barrier_after_read();
}

static void store(volatile void *addr, const union bytes *reg,
		  unsigned int width)
{
	soca_barrier_before_write();
	switch (width) {
	case 1:
		*(volatile uint8_t *)addr = reg->u8;
		break;
	case 2:
		*(volatile uint16_t *)addr = reg->u16;
		break;
	case 4:
		*(volatile uint32_t *)addr = reg->u32;
		break;
	default:
		*(volatile uint64_t *)addr = reg->u64;
	}
}

static bool is_mappable(const struct soca_region_slot *slot)
{
	return slot->page || slot->desc.flags & SOCASSIGN_REGION_MMAP;
}

/* A mapping takes what the CPU has in one access. */
static uint32_t widths(const struct soca_region_slot *slot)
{
	if (!is_mappable(slot))
		return slot->desc.widths;
	return 1 | 2 | 4 | (sizeof(long) == 8 ? 8 : 0);
}

static const struct soca_region_slot *slot_of(const struct soca_claim *claim,
					      unsigned int index)
{
	return index < claim->info.num_regions ? &claim->regions[index] : NULL;
}

static int check_access(const struct soca_region_slot *slot, uint64_t offset,
			unsigned int width)
{
	const struct soca_region *region;

	if (!slot)
		return -ENOENT;
	region = &slot->desc;
	if (!widths(slot))
		return -EACCES;
	if (!width || width & (width - 1) || !(widths(slot) & width))
		return -EINVAL;
	/* By its bus address, that is: a region may start anywhere. */
	if ((region->page_offset + offset) % width)
		return -EINVAL;
	return offset > region->bytes || region->bytes - offset < width ?
	       -EINVAL : 0;
}

static off_t position(const struct soca_region *region, uint64_t offset)
{
	return region->cookie + region->page_offset + offset;
}

static volatile void *address(const struct soca_region_slot *slot,
			      uint64_t offset)
{
	return (char *)slot->page + slot->desc.page_offset + offset;
}

static int access_by_kernel(const struct soca_claim *claim, off_t pos,
			    union bytes *reg, unsigned int width, bool is_write)
{
	ssize_t ret = is_write ? pwrite(claim->fd, reg, width, pos) :
				 pread(claim->fd, reg, width, pos);

	if (ret < 0)
		return -errno;
	return ret == (ssize_t)width ? 0 : -EIO;
}

/* The mapping raised SIGBUS: why? */
static int why_not(const struct soca_claim *claim)
{
	struct socassign_info info = { .size = sizeof(info) };

	return soca_ioctl(claim->fd, SOCASSIGN_INFO, &info) == -ENODEV ?
	       -ENODEV : -EIO;
}

static int access_mapping(const struct soca_claim *claim, volatile void *addr,
			  union bytes *reg, unsigned int width, bool is_write)
{
	struct soca_guard guard = { .addr = addr, .width = width };

	if (sigsetjmp(guard.escape, 0))
		return why_not(claim);
	soca_guard_enter(&guard);
	if (is_write)
		store(addr, reg, width);
	else
		load(addr, reg, width);
	soca_guard_leave();
	return 0;
}

/* Through its page alone, which an aligned access does not leave. */
static int access_once(const struct soca_claim *claim, off_t pos,
		       union bytes *reg, unsigned int width, bool is_write)
{
	off_t size = sysconf(_SC_PAGESIZE), offset = pos & (size - 1);
	char *page = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED,
			  claim->fd, pos - offset);
	int ret;

	if (page == MAP_FAILED)
		return -errno;
	ret = access_mapping(claim, page + offset, reg, width, is_write);
	munmap(page, size);
	return ret;
}

static int access_register(const struct soca_claim *claim,
			   const struct soca_region_slot *slot, uint64_t offset,
			   union bytes *reg, unsigned int width, bool is_write)
{
	off_t pos = position(&slot->desc, offset);

	if (!is_mappable(slot))
		return access_by_kernel(claim, pos, reg, width, is_write);
	if (!slot->page)
		return access_once(claim, pos, reg, width, is_write);
	return access_mapping(claim, address(slot, offset), reg, width,
			      is_write);
}

int soca_read(const struct soca_claim *claim, unsigned int index,
	      uint64_t offset, unsigned int width, uint64_t *value)
{
	const struct soca_region_slot *slot = slot_of(claim, index);
	union bytes reg;
	int ret = check_access(slot, offset, width);

	if (!ret)
		ret = access_register(claim, slot, offset, &reg, width, false);
	if (ret)
		return ret;
	convert(&reg, width, slot->desc.order);
	*value = widen(&reg, width);
	return 0;
}

int soca_write(const struct soca_claim *claim, unsigned int index,
	       uint64_t offset, unsigned int width, uint64_t value)
{
	const struct soca_region_slot *slot = slot_of(claim, index);
	union bytes reg;
	int ret = check_access(slot, offset, width);

	if (!ret && width < 8 && value >> 8 * width)
		ret = -EINVAL;
	if (ret)
		return ret;
	narrow(&reg, width, value);
	convert(&reg, width, slot->desc.order);
	return access_register(claim, slot, offset, &reg, width, true);
}
