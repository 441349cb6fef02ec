/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a Freescale PAMU does with one access of a bus master: from its LIODN
 * through the tables in memory to a physical address, or to a violation.
 *
 * Plain C99, shared by the QEMU model (fsl_pamu.c), by the program that reads
 * a memory dump (pamu_walk.c) and by the selftests inside a guest.
 *
 * The reference manual's chapter was not at hand.  Where sources differ, an
 * access that some PAMU may refuse is refused, so that software which works
 * here keeps to what all of them allow:
 *  - a window, or the physical address behind it, that is not aligned to its
 *    size is a violation, not rounded down;
 *  - a subwindow's SWSE counts even where addresses are not translated;
 *  - an indexed operation needs a valid encoding in its OMT entry.
 */
#ifndef PAMU_WALK_H
#define PAMU_WALK_H

#include <stdbool.h>
#include <stdint.h>

#define PAMU_ADDRESS_BITS	36
#define PAMU_PAACE_SIZE		64
#define PAMU_OME_SIZE		128

/* The exponents 2^(n+1) of WSE and SWSE: from 4 KiB up. */
#define PAMU_WSE_MIN		11
#define PAMU_WSE_MAX		(PAMU_ADDRESS_BITS - 1)

/* What the registers say.  A limit is exclusive. */
struct pamu_tables {
	uint64_t ppaact, ppaact_limit;
	uint64_t spaact, spaact_limit;
	uint64_t omt, omt_limit;
	unsigned int max_wce;		/* PC3[MWCE] */
};

/* Reads @len bytes of memory; false where there are none. */
typedef bool (*pamu_read_fn)(void *opaque, uint64_t addr, void *buf,
			     unsigned int len);

struct pamu_memory {
	pamu_read_fn read;
	void *opaque;
};

enum pamu_fault {
	PAMU_FAULT_NONE,
	PAMU_FAULT_LIODN_RANGE,		/* beyond the PPAACT */
	PAMU_FAULT_PPAACE_INVALID,	/* V = 0 */
	PAMU_FAULT_PPAACE_TYPE,		/* a secondary entry */
	PAMU_FAULT_WINDOW,		/* address outside the primary window */
	PAMU_FAULT_TRIMMED,		/* address in what SWSE cuts off */
	PAMU_FAULT_SPAACE_RANGE,	/* beyond the SPAACT */
	PAMU_FAULT_SPAACE_INVALID,	/* V = 0 */
	PAMU_FAULT_SPAACE_TYPE,		/* a primary entry */
	PAMU_FAULT_SPAACE_LIODN,	/* another LIODN's entry */
	PAMU_FAULT_DENIED,		/* AP */
	PAMU_FAULT_OMI_RANGE,		/* beyond the OMT */
	PAMU_FAULT_OPERATION,		/* no encoding for this operation */
	PAMU_FAULT_MALFORMED,		/* the entry contradicts itself */
	PAMU_FAULT_UNREADABLE,		/* no memory where the entry should be */
	PAMU_FAULTS
};

/* One window, or the part of it that one PAACE describes. */
struct pamu_window {
	uint64_t paace;			/* physical address of the entry */
	uint64_t base, size;
	uint32_t attributes;		/* PAACE word 1: AP, PT, V */
	uint32_t implementation;	/* word 3: CID, WCE, ATM, OTM */
	uint64_t target;		/* TWBA */
	unsigned int swse;
	uint32_t fspi;
	unsigned int omi;
};

/* Where an access goes, or why not. */
struct pamu_result {
	enum pamu_fault fault;
	uint64_t paace;		/* the entry that decided; 0: none was read */
	uint64_t target;	/* physical address of the first byte */
	uint64_t run;		/* this many bytes follow it without a break */
};

/* --- the fields of an entry */

static inline uint32_t pamu_be32(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 |
	       (uint32_t)bytes[2] << 8 | bytes[3];
}

static inline bool pamu_valid(const struct pamu_window *window)
{
	return window->attributes & 1;
}

static inline bool pamu_secondary(const struct pamu_window *window)
{
	return window->attributes & 2;
}

static inline unsigned int pamu_permissions(const struct pamu_window *window)
{
	return window->attributes >> 3 & 3;	/* 1: query, 2: update */
}

static inline bool pamu_multiple(const struct pamu_window *window)
{
	return window->attributes & 0x20;
}

static inline unsigned int pamu_wse(const struct pamu_window *window)
{
	return window->attributes >> 6 & 0x3f;
}

static inline unsigned int pamu_wce(const struct pamu_window *window)
{
	return window->implementation >> 4 & 0xf;
}

static inline unsigned int pamu_atm(const struct pamu_window *window)
{
	return window->implementation >> 2 & 3;
}

static inline unsigned int pamu_otm(const struct pamu_window *window)
{
	return window->implementation & 3;
}

static inline unsigned int pamu_cid(const struct pamu_window *window)
{
	return window->implementation >> 16 & 0xff;
}

/* --- tables in memory */

/* The address of entry @index of a table; false beyond the table's limit. */
static inline bool pamu_entry(uint64_t table, uint64_t limit, uint64_t index,
			      unsigned int size, uint64_t *entry)
{
	if (limit <= table || index >= (limit - table) / size)
		return false;
	*entry = table + index * size;
	return true;
}

/* The fields at the same place in both kinds of entry.  base is for primaries. */
static inline bool pamu_read_paace(const struct pamu_memory *memory,
				   uint64_t paace, struct pamu_window *window)
{
	uint8_t bytes[PAMU_PAACE_SIZE];

	if (!memory->read(memory->opaque, paace, bytes, sizeof(bytes)))
		return false;
	window->paace = paace;
	window->attributes = pamu_be32(bytes + 4);
	window->base = (uint64_t)pamu_be32(bytes) << 32 |
		       (window->attributes & 0xfffff000);
	window->implementation = pamu_be32(bytes + 12);
	window->swse = pamu_be32(bytes + 20) >> 6 & 0x3f;
	window->target = (uint64_t)pamu_be32(bytes + 16) << 32 |
			 (pamu_be32(bytes + 20) & 0xfffff000);
	window->fspi = pamu_be32(bytes + 24);
	window->omi = pamu_be32(bytes + 28) & 0xffff;
	return true;
}

static inline bool pamu_naturally_aligned(uint64_t base, uint64_t size)
{
	return !(base & (size - 1)) && !(base >> PAMU_ADDRESS_BITS);
}

/* The size of a subwindow; 0 where the entry asks for what cannot be. */
static inline uint64_t pamu_subwindow_size(const struct pamu_tables *tables,
					   const struct pamu_window *primary)
{
	uint64_t size;

	if (!pamu_multiple(primary))
		return primary->size;
	if (pamu_wce(primary) > tables->max_wce)
		return 0;
	size = primary->size >> (pamu_wce(primary) + 1);
	return size < 4096 ? 0 : size;
}

/* The primary window of a LIODN, whole: its entry and its geometry. */
static inline enum pamu_fault
pamu_primary(const struct pamu_tables *tables, const struct pamu_memory *memory,
	     unsigned int liodn, struct pamu_window *window)
{
	uint64_t paace;

	*window = (struct pamu_window){ .paace = 0 };
	if (!pamu_entry(tables->ppaact, tables->ppaact_limit, liodn,
			PAMU_PAACE_SIZE, &paace))
		return PAMU_FAULT_LIODN_RANGE;
	window->paace = paace;
	if (!pamu_read_paace(memory, paace, window))
		return PAMU_FAULT_UNREADABLE;
	if (!pamu_valid(window))
		return PAMU_FAULT_PPAACE_INVALID;
	if (pamu_secondary(window))
		return PAMU_FAULT_PPAACE_TYPE;
	if (pamu_wse(window) < PAMU_WSE_MIN || pamu_wse(window) > PAMU_WSE_MAX)
		return PAMU_FAULT_MALFORMED;
	window->size = UINT64_C(2) << pamu_wse(window);
	if (!pamu_naturally_aligned(window->base, window->size) ||
	    !pamu_subwindow_size(tables, window))
		return PAMU_FAULT_MALFORMED;
	return PAMU_FAULT_NONE;
}

/*
 * Subwindow @index of @primary, in the place of the primary: number 0 is in the
 * primary's own entry, the others follow each other in the SPAACT.
 */
static inline enum pamu_fault
pamu_subwindow(const struct pamu_tables *tables,
	       const struct pamu_memory *memory, unsigned int liodn,
	       unsigned int index, struct pamu_window *window)
{
	uint64_t size = pamu_subwindow_size(tables, window);
	uint64_t base = window->base + index * size;
	uint64_t paace;

	if (index) {
		if (!pamu_entry(tables->spaact, tables->spaact_limit,
				(uint64_t)window->fspi + index - 1,
				PAMU_PAACE_SIZE, &paace))
			return PAMU_FAULT_SPAACE_RANGE;
		window->paace = paace;
		if (!pamu_read_paace(memory, paace, window))
			return PAMU_FAULT_UNREADABLE;
		if (!pamu_valid(window))
			return PAMU_FAULT_SPAACE_INVALID;
		if (!pamu_secondary(window))
			return PAMU_FAULT_SPAACE_TYPE;
		if (window->attributes >> 16 != liodn)
			return PAMU_FAULT_SPAACE_LIODN;
	}
	if (window->swse < PAMU_WSE_MIN || window->swse > PAMU_WSE_MAX ||
	    UINT64_C(2) << window->swse > size)
		return PAMU_FAULT_MALFORMED;
	window->base = base;
	window->size = UINT64_C(2) << window->swse;
	return PAMU_FAULT_NONE;
}

/* The (sub)window that an address falls in. */
static inline enum pamu_fault
pamu_find(const struct pamu_tables *tables, const struct pamu_memory *memory,
	  unsigned int liodn, uint64_t addr, struct pamu_window *window)
{
	enum pamu_fault fault;
	uint64_t offset, index;

	fault = pamu_primary(tables, memory, liodn, window);
	if (fault)
		return fault;
	/* Below the base, this wraps round and is large as well. */
	offset = addr - window->base;
	if (offset >= window->size)
		return PAMU_FAULT_WINDOW;
	if (!pamu_multiple(window))
		return PAMU_FAULT_NONE;

	index = offset / pamu_subwindow_size(tables, window);
	fault = pamu_subwindow(tables, memory, liodn, (unsigned int)index,
			       window);
	if (!fault && addr - window->base >= window->size)
		return PAMU_FAULT_TRIMMED;
	return fault;
}

/* --- one access */

/* The operation that the master asks for must have an encoding. */
static inline enum pamu_fault
pamu_check_operation(const struct pamu_tables *tables,
		     const struct pamu_memory *memory,
		     const struct pamu_window *window, bool write)
{
	uint64_t ome;
	uint8_t moe;

	switch (pamu_otm(window)) {
	case 0:		/* none */
	case 1:		/* immediate */
		return PAMU_FAULT_NONE;
	case 2:		/* indexed */
		break;
	default:
		return PAMU_FAULT_OPERATION;
	}
	if (!pamu_entry(tables->omt, tables->omt_limit, window->omi,
			PAMU_OME_SIZE, &ome))
		return PAMU_FAULT_OMI_RANGE;
	/* Plain reads are operation 0, plain writes operation 1. */
	if (!memory->read(memory->opaque, ome + write, &moe, sizeof(moe)))
		return PAMU_FAULT_UNREADABLE;
	return moe & 0x80 ? PAMU_FAULT_NONE : PAMU_FAULT_OPERATION;
}

static inline enum pamu_fault
pamu_check_window(const struct pamu_tables *tables,
		  const struct pamu_memory *memory,
		  const struct pamu_window *window, bool write)
{
	if (!(pamu_permissions(window) & (write ? 2 : 1)))
		return PAMU_FAULT_DENIED;
	/* Page translation was never built. */
	if (pamu_atm(window) > 1)
		return PAMU_FAULT_MALFORMED;
	if (pamu_atm(window) == 1 &&
	    !pamu_naturally_aligned(window->target, window->size))
		return PAMU_FAULT_MALFORMED;
	return pamu_check_operation(tables, memory, window, write);
}

/*
 * Where the access of @len bytes (0 is taken for 1) at @addr goes.  True, with
 * the first @out->run of them in one piece, or false, with the first byte's
 * violation.
 */
static inline bool pamu_walk(const struct pamu_tables *tables,
			     const struct pamu_memory *memory,
			     unsigned int liodn, uint64_t addr, uint64_t len,
			     bool write, struct pamu_result *out)
{
	struct pamu_window window;
	uint64_t left;

	*out = (struct pamu_result){ .run = 0 };
	out->fault = pamu_find(tables, memory, liodn, addr, &window);
	if (!out->fault)
		out->fault = pamu_check_window(tables, memory, &window, write);
	out->paace = window.paace;
	if (out->fault)
		return false;

	out->target = addr;
	if (pamu_atm(&window) == 1)
		out->target = window.target + (addr - window.base);
	left = window.size - (addr - window.base);
	out->run = !len ? 1 : len < left ? len : left;
	return true;
}

/* --- how the registers report a violation */

#define PAMU_AVS1_AV		0x1
#define PAMU_AVS1_OTV		0x6
#define PAMU_AVS1_APV		0x78
#define PAMU_AVS1_WAV		0x380
#define PAMU_AVS1_LAV		0x1c00
#define PAMU_AVS1_GCV		0x2000
#define PAMU_AVS1_PDV		0x4000
#define PAMU_AVS1_CAUSES	(PAMU_AVS1_AV | PAMU_AVS1_OTV | PAMU_AVS1_APV | \
				 PAMU_AVS1_WAV | PAMU_AVS1_LAV | PAMU_AVS1_GCV | \
				 PAMU_AVS1_PDV)

/*
 * AVS1 without its LIODN.  The fields are known; of the values in them only
 * "LIODN not in the PPAACT" is.  The others are this model's.
 */
static inline uint32_t pamu_avs1(enum pamu_fault fault, bool write)
{
	switch (fault) {
	case PAMU_FAULT_NONE:
		return 0;
	case PAMU_FAULT_LIODN_RANGE:
		return PAMU_AVS1_AV | 0x400;
	case PAMU_FAULT_PPAACE_INVALID:
		return PAMU_AVS1_AV | 0x800;
	case PAMU_FAULT_PPAACE_TYPE:
		return PAMU_AVS1_AV | 0x1000;
	case PAMU_FAULT_WINDOW:
		return PAMU_AVS1_AV | 0x80;
	case PAMU_FAULT_TRIMMED:
		return PAMU_AVS1_AV | 0x100;
	case PAMU_FAULT_SPAACE_RANGE:
	case PAMU_FAULT_SPAACE_INVALID:
	case PAMU_FAULT_SPAACE_TYPE:
	case PAMU_FAULT_SPAACE_LIODN:
		return PAMU_AVS1_AV | 0x200;
	case PAMU_FAULT_DENIED:
		return PAMU_AVS1_AV | (write ? 0x10 : 0x8);
	case PAMU_FAULT_OMI_RANGE:
		return PAMU_AVS1_AV | 0x2;
	case PAMU_FAULT_OPERATION:
		return PAMU_AVS1_AV | 0x4;
	default:
		return PAMU_AVS1_AV | PAMU_AVS1_PDV;
	}
}

static inline const char *pamu_fault_name(enum pamu_fault fault)
{
	static const char *const names[PAMU_FAULTS] = {
		[PAMU_FAULT_NONE] = "none",
		[PAMU_FAULT_LIODN_RANGE] = "LIODN beyond the PPAACT",
		[PAMU_FAULT_PPAACE_INVALID] = "PPAACE not valid",
		[PAMU_FAULT_PPAACE_TYPE] = "PPAACE not a primary entry",
		[PAMU_FAULT_WINDOW] = "outside the window",
		[PAMU_FAULT_TRIMMED] = "outside the mapped part of the subwindow",
		[PAMU_FAULT_SPAACE_RANGE] = "SPAACE beyond the SPAACT",
		[PAMU_FAULT_SPAACE_INVALID] = "SPAACE not valid",
		[PAMU_FAULT_SPAACE_TYPE] = "SPAACE not a secondary entry",
		[PAMU_FAULT_SPAACE_LIODN] = "SPAACE of another LIODN",
		[PAMU_FAULT_DENIED] = "permission denied",
		[PAMU_FAULT_OMI_RANGE] = "operation mapping beyond the OMT",
		[PAMU_FAULT_OPERATION] = "operation not mapped",
		[PAMU_FAULT_MALFORMED] = "malformed PAACE",
		[PAMU_FAULT_UNREADABLE] = "table not readable",
	};

	return fault < PAMU_FAULTS ? names[fault] : "unknown";
}

#endif /* PAMU_WALK_H */
