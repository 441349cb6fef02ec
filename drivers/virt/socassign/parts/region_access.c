// SPDX-License-Identifier: GPL-2.0-only
/*
 * Registers by pread and pwrite
 */
#define pr_fmt(fmt) "socassign: " fmt

#include <linux/io.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/uaccess.h>

#include "base/params.h"
#include "base/reason.h"
#include "claim/claim.h"
#include "parts/region.h"

/*
 * A register may answer with a bus error, and then the caller dies in the
 * middle of the access.  A module cannot catch that:
 *
 * - arm64: of a load it is a synchronous external abort.  do_sea() sends SIGBUS
 *   where user space made it; for the kernel it dies without a look at the
 *   exception tables.  What a store causes may come as an SError instead, a
 *   panic whoever made it.
 * - Power e500: it is a machine check.  check_io_access() does look at the
 *   exception tables, but not where the upper half of MSR has a bit set, which
 *   on Book E MSR[CE] is as long as the kernel runs.  Nor need it be the
 *   access's own instruction that e500v2 reports.
 *
 * So the kernel accesses registers only if the administrator says so
 * (kernel_access), and nothing of ours is held meanwhile: a lock would stay
 * locked for ever.  Preemption is off instead, which make_task_dead() puts right
 * at once, and which synchronize_rcu() waits for.  It is not rcu_read_lock(): with
 * preemptible RCU that would last until the end of do_exit(), and the dying task
 * itself may wait for it when it closes its last descriptor of the claim.
 */

#define SOCA_WIDTHS	(1 | 2 | 4 | (IS_ENABLED(CONFIG_64BIT) ? 8 : 0))

/**
 * soca_region_widths - In which widths can a region be accessed?
 * @region: The region
 *
 * Return: A mask of the widths, in bytes.
 */
u32 soca_region_widths(const struct soca_region *region)
{
	return region->pgoff && READ_ONCE(soca_kernel_access) ? SOCA_WIDTHS : 0;
}

/*
 * What is mapped of a region at a time.  Another part takes a grace period, so
 * this is more than one device has of registers; but a 32-bit kernel cannot map
 * all windows of all buses, and on 64 bits the page tables are to be bounded.
 */
#define SOCA_CHUNK	(IS_ENABLED(CONFIG_64BIT) ? SZ_64M : SZ_1M)

/**
 * struct soca_access - One access on the bus
 * @region: The region
 * @phys: Physical address
 * @width: Bytes
 * @write: Write @value, else read it
 * @value: The value; as a number of @width bytes it has those that a load through
 *	the mapping would leave in memory.  Hence raw accessors, and the barriers
 *	that readl() and writel() would have.
 */
struct soca_access {
	struct soca_region *region;
	u64 phys;
	size_t width;
	bool write;
	unsigned long value;
};

static void soca_bus_read(const void __iomem *addr, struct soca_access *access)
{
	switch (access->width) {
	case 1:
		access->value = __raw_readb(addr);
		break;
	case 2:
		access->value = __raw_readw(addr);
		break;
	case 4:
		access->value = __raw_readl(addr);
		break;
#ifdef CONFIG_64BIT
	case 8:
		access->value = __raw_readq(addr);
		break;
#endif
	}
}

static void soca_bus_write(void __iomem *addr, const struct soca_access *access)
{
	switch (access->width) {
	case 1:
		__raw_writeb(access->value, addr);
		break;
	case 2:
		__raw_writew(access->value, addr);
		break;
	case 4:
		__raw_writel(access->value, addr);
		break;
#ifdef CONFIG_64BIT
	case 8:
		__raw_writeq(access->value, addr);
		break;
#endif
	}
}

static void soca_bus_access(void __iomem *addr, struct soca_access *access)
{
	mb();	/* earlier accesses to memory and devices are done */
	if (access->write)
		soca_bus_write(addr, access);
	else
		soca_bus_read(addr, access);
	mb();	/* the device has answered, or has it, before anything later */
}

/* No access finds the chunk any more.  Was there one? */
static bool soca_chunk_close(struct soca_region *region)
{
	bool was_open = region->chunk_open;

	WRITE_ONCE(region->chunk_open, false);
	return was_open;
}

/* A grace period after the above: no access is in the middle of it either. */
static void soca_chunk_unmap(struct soca_region *region)
{
	if (region->chunk)
		iounmap(region->chunk);
	region->chunk = NULL;
}

/**
 * soca_accesses_down - End all access of the kernel's to the registers
 * @claim: The claim; its mappings are zapped already
 *
 * When it returns no access of pread() or pwrite() is under way, and none will
 * start: soca_access_map() is the only one that opens a chunk, under the gate.
 *
 * Context: Process context, under the gate, held for writing.
 */
void soca_accesses_down(struct soca_claim *claim)
{
	bool any = false;

	for (unsigned int i = 0; i < claim->num_regions; i++)
		any |= soca_chunk_close(&claim->regions[i]);
	if (!any)
		return;
	synchronize_rcu();
	for (unsigned int i = 0; i < claim->num_regions; i++)
		soca_chunk_unmap(&claim->regions[i]);
}

/* An aligned access never crosses a chunk. */
static bool soca_chunk_has(const struct soca_region *region, u64 phys)
{
	/* Pairs with the release in soca_access_map(). */
	return smp_load_acquire(&region->chunk_open) &&
	       phys >= region->chunk_span.first &&
	       phys <= region->chunk_span.last;
}

/* Do it if what holds it is mapped.  The caller may die in here: see above. */
static bool soca_access_try(struct soca_access *access)
{
	const struct soca_region *region = access->region;
	bool is_mapped;

	rcu_read_lock_sched();
	is_mapped = soca_chunk_has(region, access->phys);
	if (is_mapped)
		soca_bus_access(region->chunk + (access->phys -
						 region->chunk_span.first),
				access);
	rcu_read_unlock_sched();
	return is_mapped;
}

/* The region may start, or end, in the middle of a chunk. */
static int soca_chunk_map(struct soca_region *region, u64 phys)
{
	struct soca_span span = {
		.first = max(region->span.first, round_down(phys, SOCA_CHUNK)),
		.last = min(region->span.last, phys | (SOCA_CHUNK - 1)),
	};

	lockdep_assert_held(&region->lock);

	if (soca_chunk_close(region))
		synchronize_rcu();
	soca_chunk_unmap(region);
	region->chunk = ioremap(span.first, span.last - span.first + 1);
	region->chunk_span = span;
	return region->chunk ? 0 : -ENOMEM;
}

/*
 * Map what holds it; somebody else may want another part in the meantime.  Out
 * of line, since most accesses do without; and not given the access, which so can
 * be kept in registers.
 */
static noinline int soca_access_map(struct soca_claim *claim,
				    struct soca_region *region, u64 phys)
{
	int ret;

	guard(rwsem_read)(&claim->gate);

	if (claim->down)
		return -ENODEV;
	scoped_guard(mutex, &claim->map_lock)
		ret = soca_use_caching(claim, region, SOCA_INHIBITED);
	if (ret)
		return ret;

	guard(mutex)(&region->lock);

	if (soca_chunk_has(region, phys))
		return 0;
	ret = soca_chunk_map(region, phys);
	if (ret)
		return ret;
	/* The chunk is there before it is seen. */
	smp_store_release(&region->chunk_open, true);
	return 0;
}

/* Does it touch a byte that a node outside the claim has, too, and keeps? */
static bool soca_access_is_foreign(const struct soca_access *access)
{
	const struct soca_region *region = access->region;
	struct soca_span bytes = {
		.first = access->phys, .last = access->phys + access->width - 1,
	};

	for (unsigned int i = 0; i < region->foreign.num; i++)
		if (soca_spans_meet(region->foreign.span[i], bytes))
			return !(region->flags & SOCASSIGN_REGION_SHARED);
	return false;
}

/* The administrator's word, see above: the rule that forbids it, or NULL. */
static const char *soca_access_rule(const struct soca_access *access)
{
	if (!READ_ONCE(soca_kernel_access))
		return "pread and pwrite need the module parameter kernel_access";
	if (soca_access_is_foreign(access))
		return "registers of a neighbour need share_regs, or SHARE_REGS";
	return NULL;
}

/* Out of line, as soca_access_map(). */
static noinline int soca_access_refuse(struct soca_claim *claim,
				       const struct soca_region *region,
				       const char *rule)
{
	guard(rwsem_read)(&claim->gate);

	if (claim->down)
		return -ENODEV;
	soca_refuse(NULL, claim->set.nodes[region->node].np, "%s", rule);
	return -EACCES;
}

static int soca_access_permitted(struct soca_claim *claim,
				 const struct soca_access *access)
{
	const char *rule = soca_access_rule(access);

	return rule ? soca_access_refuse(claim, access->region, rule) : 0;
}

/* The region and physical address for file position @pos, or an errno. */
static int soca_access_locate(struct soca_claim *claim, loff_t pos,
			      struct soca_access *access)
{
	size_t width = access->width;
	struct soca_region *region;
	bool cached;
	u64 phys;

	if (pos < 0 || !is_power_of_2(width) || !(width & SOCA_WIDTHS))
		return -EINVAL;
	region = soca_find_region(claim, pos >> PAGE_SHIFT, &cached);
	if (!region || cached)
		return -EINVAL;
	phys = ((u64)soca_region_pfn(region) << PAGE_SHIFT) +
	       (pos - ((loff_t)region->pgoff << PAGE_SHIFT));
	if (!IS_ALIGNED(phys, width) || phys < region->span.first ||
	    phys > region->span.last || region->span.last - phys < width - 1)
		return -EINVAL;
	access->region = region;
	access->phys = phys;
	return 0;
}

/* In one store: not by copy_to_user(), which costs more than the access. */
static int soca_value_to_user(const struct soca_access *access,
			      void __user *buf)
{
	switch (access->width) {
	case 1:
		return put_user(access->value, (u8 __user *)buf);
	case 2:
		return put_user(access->value, (u16 __user *)buf);
	case 4:
		return put_user(access->value, (u32 __user *)buf);
#ifdef CONFIG_64BIT
	case 8:
		return put_user(access->value, (u64 __user *)buf);
#endif
	}
	return -EFAULT;
}

/* As soca_value_to_user(). */
static int soca_value_from_user(struct soca_access *access,
				const void __user *buf)
{
	switch (access->width) {
	case 1:
		return get_user(access->value, (const u8 __user *)buf);
	case 2:
		return get_user(access->value, (const u16 __user *)buf);
	case 4:
		return get_user(access->value, (const u32 __user *)buf);
#ifdef CONFIG_64BIT
	case 8:
		return get_user(access->value, (const u64 __user *)buf);
#endif
	}
	return -EFAULT;
}

/**
 * soca_region_access - pread() or pwrite() of a claim: one access on the bus
 * @claim: The claim
 * @buf: User memory, from which a write is
 * @count: Width of the access in bytes
 * @pos: File position
 * @write: Write, else read
 *
 * If the user's memory turns out to be bad a read has still happened on the bus.
 *
 * One function for both, so that each step is in it, and not called: what it takes
 * is little.
 *
 * Context: Process context, no lock held.  Does not return where the register
 * answers with a bus error.
 * Return: @count, -EINVAL, -EACCES, -EBUSY, -EFAULT, -ENOMEM or -ENODEV.
 */
ssize_t soca_region_access(struct soca_claim *claim, void __user *buf,
			   size_t count, loff_t pos, bool write)
{
	struct soca_access access = { .width = count, .write = write };
	int ret;

	/* A hint, so that gone comes first; soca_access_try() is what counts. */
	if (READ_ONCE(claim->down))
		return -ENODEV;
	ret = soca_access_locate(claim, pos, &access);
	if (!ret)
		ret = soca_access_permitted(claim, &access);
	if (!ret && write)
		ret = soca_value_from_user(&access, buf);
	while (!ret && !soca_access_try(&access))
		ret = soca_access_map(claim, access.region, access.phys);
	if (!ret && !write)
		ret = soca_value_to_user(&access, buf);
	return ret ?: count;
}
