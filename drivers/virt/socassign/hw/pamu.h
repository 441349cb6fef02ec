/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The PAMU, as the host's driver (drivers/iommu/fsl_pamu.c) has set it up, and
 * what the rooms that deal with it know of each other
 *
 * All PAMUs of the machine share the tables; each has its own registers to
 * report violations with.
 */
#ifndef _SOCASSIGN_PAMU_H
#define _SOCASSIGN_PAMU_H

#include <linux/bits.h>
#include <linux/cleanup.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/types.h>

#include "hw/pamu_probe.h"

struct device_node;
struct soca_reason;
struct soca_windows;

/* Registers of a PAMU, big-endian; the next one's are PAMU_STRIDE further. */
#define PAMU_STRIDE		0x1000
#define PAMU_PPBAH		0x0000	/* PPAACT: base, 64 bits */
#define PAMU_PPLAH		0x0008	/* and limit, exclusive */
#define PAMU_SPBAH		0x0010	/* SPAACT */
#define PAMU_SPLAH		0x0018
#define PAMU_POEAH		0x0048	/* address of the failing PAACE */
#define PAMU_AVS1		0x0050	/* violation, write one to clear */
#define PAMU_AVS1_AV		BIT(0)
#define PAMU_AVS1_OTV		GENMASK(2, 1)
#define PAMU_AVS1_CLEAR		GENMASK(14, 0)
#define PAMU_AVS1_LIODN		GENMASK(31, 16)
#define PAMU_AVAH		0x0058	/* address of the access */
#define PAMU_PC3		0x0c08	/* capabilities */
#define PAMU_PC3_MWCE		GENMASK(24, 21)
#define PAMU_PC			0x0c10	/* control */
#define PAMU_PC_PGC		BIT(31)	/* gate closed */
#define PAMU_PC_PE		BIT(30)	/* enable */
#define PAMU_PC_OCE		BIT(12)	/* operation mapping table cached */
#define PAMU_PICS		0x0c1c	/* interrupt status */
#define PAMU_PICS_AV		BIT(3)	/* violation pending */

/* In the global utilities: a set bit bypasses that PAMU, the first is bit 31. */
#define GUTS_PAMUBYPENR		0x0604

/**
 * struct soca_paace - An entry of PPAACT or SPAACT
 * @wbah: Window base, upper bits; primary only
 * @af: PAACE_AF_*; window base and size if primary, LIODN if secondary
 * @da: Domain attributes; we keep the host's
 * @ia: PAACE_IA_*
 * @twbah: Translated base, upper bits
 * @win: Translated base, lower bits, and SWSE
 * @fspi: Index of the first secondary entry; primary only
 * @op: Operation mapping: its index, if PAACE_IA_OTM_INDEXED
 * @reserved: Not used
 */
struct soca_paace {
	__be32 wbah;
	__be32 af;
	__be32 da;
	__be32 ia;
	__be32 twbah;
	__be32 win;
	__be32 fspi;
	__be32 op;
	__be32 reserved[8];
};

#define PAACE_AF_WBAL		GENMASK(31, 12)
#define PAACE_AF_WSE		GENMASK(11, 6)	/* size is 2^(WSE + 1) */
#define PAACE_AF_MW		BIT(5)		/* has subwindows */
#define PAACE_AF_LIODN		GENMASK(31, 16)
#define PAACE_AF_AP		GENMASK(4, 3)	/* SOCA_PLAN_READ, _WRITE */
#define PAACE_AF_PT		BIT(1)		/* secondary */
#define PAACE_AF_V		BIT(0)		/* valid */
#define PAACE_DA_CR		BIT(7)		/* coherency required */
#define PAACE_IA_CID		GENMASK(23, 16)	/* stash target */
#define PAACE_IA_WCE		GENMASK(7, 4)	/* 2^(WCE + 1) subwindows */
#define PAACE_IA_ATM_WINDOW	BIT(2)		/* translate */
#define PAACE_IA_OTM_INDEXED	(2 << 0)
#define PAACE_WIN_TWBAL		GENMASK(31, 12)
#define PAACE_WIN_SWSE		GENMASK(11, 6)	/* mapped are 2^(SWSE + 1) */

/**
 * struct soca_pamu - The PAMUs of the machine
 * @lock: Protects all that changes: @liodns, @spaace_used, the tables and
 *	their entries.  Taken with soca_pamu_lock(), under soca_dma.lock and
 *	soca_parked_lock
 * @np: The node
 * @regs: The registers of all PAMUs
 * @num: Number of PAMUs
 * @guts: The global utilities, with the bypass register
 * @irq: The interrupt of all PAMUs
 * @ppaact: The primary table
 * @num_ppaace: Number of its entries
 * @spaact: The secondary table
 * @num_spaace: Number of its entries
 * @spaace_used: Which of them are in use
 * @max_subwindows: The most subwindows of a primary window
 * @stash_levels: A mask of the cache levels that have stash targets: bit n for
 *	level n
 * @liodns: What we hold
 * @held: The same as a bitmap of LIODNs, for an interrupt handler
 * @report: Hears of faults
 */
struct soca_pamu {
	struct mutex lock;		/* what changes, tables included */
	struct device_node *np;
	void __iomem *regs;
	unsigned int num;
	void __iomem *guts;
	unsigned int irq;
	struct soca_paace *ppaact;
	u32 num_ppaace;
	struct soca_paace *spaact;
	u32 num_spaace;
	unsigned long *spaace_used;
	unsigned int max_subwindows;
	u32 stash_levels;
	struct list_head liodns;
	unsigned long *held;
	soca_fault_fn report;
};

/**
 * struct soca_pamu_liodn - What the PAMU knows of an identity that we hold
 * @list: On soca_pamu.liodns
 * @id: The LIODN
 * @entry: Its PPAACE
 * @saved: What the host had there
 * @fspi: Its first SPAACE
 * @num_spaace: Number of its SPAACEs, contiguous; 0 if there are none
 * @open: The windows while they are enabled, else NULL
 * @claim: Whom a fault is reported to, NULL while it is parked
 * @index: Index of the identity in @claim
 *
 * All but @id, @entry and @saved are under soca_pamu.lock.
 */
struct soca_pamu_liodn {
	struct list_head list;
	u32 id;
	struct soca_paace *entry;
	struct soca_paace saved;
	u32 fspi;
	u32 num_spaace;
	const struct soca_windows *open;
	struct soca_claim *claim;
	u32 index;
};

extern struct soca_pamu soca_pamu;

/*
 * The host's handler is kept out, too: it may be closing an entry, and erratum
 * A-004510 wants no two writes to the tables at a time; and it must not see one
 * half of what we take off.  Not kept out are those who attach the host's
 * devices to another domain of the PAMU (VFIO).
 */
static inline void soca_pamu_lock(void)
{
	mutex_lock(&soca_pamu.lock);
	disable_irq(soca_pamu.irq);
}

static inline void soca_pamu_unlock(void)
{
	enable_irq(soca_pamu.irq);
	mutex_unlock(&soca_pamu.lock);
}

DEFINE_LOCK_GUARD_0(soca_pamu, soca_pamu_lock(), soca_pamu_unlock())

static inline void __iomem *soca_pamu_regs(unsigned int pamu)
{
	return soca_pamu.regs + pamu * PAMU_STRIDE;
}

static inline u64 soca_pamu_read64(const void __iomem *high)
{
	return (u64)ioread32be(high) << 32 | ioread32be(high + 4);
}

/* pamu_probe.c: where it is */
int soca_pamu_find(void);
void soca_pamu_unmap(void);

/* pamu_fault.c: violations */
int soca_faults_init(void);
void soca_faults_start(void);
void soca_faults_stop(void);
bool soca_faults_collect(void);
void soca_faults_exit(void);

/* pamu_stash.c: stash targets */
u32 soca_stash_levels(void);
int soca_stash_id(struct soca_reason *reason, const struct device_node *np,
		  u32 level, u32 cpu, u32 *id);

#endif /* _SOCASSIGN_PAMU_H */
