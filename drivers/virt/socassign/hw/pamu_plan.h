/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The geometry of a PAMU's windows: pure arithmetic, no hardware, no memory
 * of its own, so that KUnit and a program on the host can have all of it
 *
 * "Window" is what the user asked for; the hardware has one primary window per
 * LIODN, and divides it into subwindows.
 */
#ifndef _SOCASSIGN_PAMU_PLAN_H
#define _SOCASSIGN_PAMU_PLAN_H

#include <linux/types.h>

/* DMA addresses and physical ones: WBAH and TWBAH have four bits. */
#define SOCA_PLAN_ADDRESS_BITS		36

/* The smallest window, subwindow or mapped piece: 4 KiB. */
#define SOCA_PLAN_MIN_SHIFT		12

/* The most subwindows a primary window has: 1 << (1 + PC3[MWCE]), rev 2. */
#define SOCA_PLAN_MAX_SUBWINDOWS	256

/* Bits of struct soca_plan_window.access; as PAACE_AF_AP has them. */
#define SOCA_PLAN_READ			1
#define SOCA_PLAN_WRITE			2

/* struct soca_plan_window.omi: operations are not mapped. */
#define SOCA_PLAN_NO_OMI		0xffff

/**
 * struct soca_plan_window - A DMA window that a user asks for
 * @iova: Its first DMA address, in bytes
 * @size: Its size in bytes
 * @phys: Physical address of its first byte
 * @stash: Stash target (PAACE_IA_CID), 0 = off
 * @omi: Operation mapping index, or SOCA_PLAN_NO_OMI
 * @access: SOCA_PLAN_READ, SOCA_PLAN_WRITE, both, or 0: placed as any other
 *	window, and denied
 *
 * The planner places by the first three; the others are passed on, unseen.
 */
struct soca_plan_window {
	u64 iova;
	u64 size;
	u64 phys;
	u32 stash;
	u16 omi;
	u8 access;
};

/**
 * struct soca_plan_sub - What a subwindow is for
 * @window: Index of the window it serves
 * @piece: Its place among that window's subwindows, 0 for the first
 * @shift: log2 of the bytes it maps, from its start (SWSE + 1), 12 to
 *	struct soca_plan.sub_shift; 0 if it serves none: it is off
 */
struct soca_plan_sub {
	u8 window;
	u8 piece;
	u8 shift;
};

/**
 * struct soca_plan - Where the windows are placed
 * @base: First DMA address of the primary window
 * @shift: log2 of its size in bytes (WSE + 1), 12 to 36
 * @sub_shift: log2 of a subwindow's size in bytes, 12 to @shift
 * @num: Number of subwindows, a power of two (WCE = log2 - 1, and @num - 1
 *	SPAACEs are needed); 1 = no subwindows (MW=0), sub[0] is the primary
 *	window, whole; 0 = no windows, everything is denied, and @base, @shift
 *	and @sub_shift are 0
 * @is_kept: Windows have come or gone since it was made: they might have another
 * @sub: The subwindows in the order of their addresses; those from @num on
 *	are not written
 */
struct soca_plan {
	u64 base;
	u8 shift;
	u8 sub_shift;
	u16 num;
	bool is_kept;
	struct soca_plan_sub sub[SOCA_PLAN_MAX_SUBWINDOWS];
};

/**
 * enum soca_plan_rule - The rule that a set of windows breaks
 * @SOCA_PLAN_OK: None
 * @SOCA_PLAN_SIZE_ZERO: A window has no bytes
 * @SOCA_PLAN_SIZE_GRAIN: number, its size, is no multiple of 4 KiB
 * @SOCA_PLAN_IOVA_GRAIN: number, its DMA address, is no multiple of 4 KiB
 * @SOCA_PLAN_PHYS_GRAIN: number, its physical address, is no multiple of 4 KiB
 * @SOCA_PLAN_IOVA_WRAPS: DMA addresses from number, its first, wrap at 2^64
 * @SOCA_PLAN_IOVA_RANGE: DMA addresses from number, its first, exceed 36 bits
 * @SOCA_PLAN_PHYS_RANGE: Physical addresses from number, its first, exceed
 *	36 bits
 * @SOCA_PLAN_OVERLAP: The DMA addresses of window and other overlap; number:
 *	the first that both have
 * @SOCA_PLAN_TOO_MANY: More windows than subwindows; number: how many there
 *	may be, window: the first beyond
 * @SOCA_PLAN_SHARED: In the finest division of the primary window, window and
 *	other are in one subwindow; number: its size in bytes
 * @SOCA_PLAN_START: In the finest division, the window does not start where a
 *	subwindow starts; number: the subwindows' size in bytes
 * @SOCA_PLAN_PIECE: In the finest division, number, the bytes in the window's
 *	last subwindow, is no power of two
 * @SOCA_PLAN_PHYS_ALIGN: In the finest division, the window's physical address
 *	is no multiple of number, which it had to be
 *
 * Up to SOCA_PLAN_OVERLAP the request is wrong on any PAMU.  Then it is a
 * question of how many subwindows there are; from SOCA_PLAN_SHARED on, struct
 * soca_plan_error.needed would be enough.
 */
enum soca_plan_rule {
	SOCA_PLAN_OK,
	SOCA_PLAN_SIZE_ZERO,
	SOCA_PLAN_SIZE_GRAIN,
	SOCA_PLAN_IOVA_GRAIN,
	SOCA_PLAN_PHYS_GRAIN,
	SOCA_PLAN_IOVA_WRAPS,
	SOCA_PLAN_IOVA_RANGE,
	SOCA_PLAN_PHYS_RANGE,
	SOCA_PLAN_OVERLAP,
	SOCA_PLAN_TOO_MANY,
	SOCA_PLAN_SHARED,
	SOCA_PLAN_START,
	SOCA_PLAN_PIECE,
	SOCA_PLAN_PHYS_ALIGN,
};

/**
 * struct soca_plan_error - Why there is no plan
 * @rule: The rule that is broken
 * @window: Index of the window that breaks it
 * @other: Index of the other one, where two are concerned
 * @needed: From SOCA_PLAN_SHARED on: the least number of subwindows with which
 *	this set could be placed, a power of two, up to 1 << 24
 * @max: The most subwindows there could be
 * @number: See enum soca_plan_rule
 */
struct soca_plan_error {
	enum soca_plan_rule rule;
	unsigned int window;
	unsigned int other;
	unsigned int needed;
	unsigned int max;
	u64 number;
};

/**
 * struct soca_plan_target - What goes into the PAACE of a subwindow
 * @phys: Physical address of its first byte (TWBA), aligned to 1 << @shift
 * @stash: As in struct soca_plan_window
 * @omi: As in struct soca_plan_window
 * @access: As in struct soca_plan_window
 * @shift: log2 of the bytes it maps; 0 = off, and all the others are 0
 */
struct soca_plan_target {
	u64 phys;
	u32 stash;
	u16 omi;
	u8 access;
	u8 shift;
};

bool soca_plan_make(struct soca_plan *plan, const struct soca_plan_window *win,
		    unsigned int num, unsigned int max,
		    struct soca_plan_error *err);
int soca_plan_explain(const struct soca_plan_error *err, char *buf, size_t size);

struct soca_plan_target soca_plan_target(const struct soca_plan *plan,
					 const struct soca_plan_window *win,
					 unsigned int sub);
void soca_plan_remove(struct soca_plan *plan,
		      const struct soca_plan_window *win);
void soca_plan_remove_all(struct soca_plan *plan);
bool soca_plan_add(struct soca_plan *plan, const struct soca_plan_window *win,
		   unsigned int window);
unsigned int soca_plan_next_change(const struct soca_plan *old,
				   const struct soca_plan_window *old_win,
				   const struct soca_plan *new,
				   const struct soca_plan_window *new_win,
				   unsigned int from);

/**
 * soca_plan_offset - Where in its window does a subwindow start?
 * @plan: The plan
 * @sub: Index of a subwindow that serves a window
 *
 * Return: The offset in bytes; the window's first byte has offset 0.
 */
static inline u64 soca_plan_offset(const struct soca_plan *plan,
				   unsigned int sub)
{
	return (u64)plan->sub[sub].piece << plan->sub_shift;
}

#endif /* _SOCASSIGN_PAMU_PLAN_H */
