/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The PAMU as the hardware sees it: its registers, and the tables that they
 * point to, read through /dev/mem.  What it then does with an access is told by
 * pamu_walk.h, which knows nothing of the driver.
 */
#ifndef _SELFTESTS_SOCASSIGN_PAMU_H
#define _SELFTESTS_SOCASSIGN_PAMU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../vm/qemu/pamu_walk.h"

/* Words of a PAACE; the names of its fields are those of fsl_pamu.h. */
enum {
	PAACE_WBAH, PAACE_AF, PAACE_DA, PAACE_IA, PAACE_TWBAH, PAACE_WIN,
	PAACE_FSPI, PAACE_OP, PAACE_WORDS = 16
};

struct paace {
	uint32_t word[PAACE_WORDS];
};

struct pamu_part {
	uint64_t base;
	size_t bytes;
	const volatile uint32_t *mem;
};

struct pamu {
	struct pamu_tables tables;
	struct pamu_memory memory;
	struct pamu_part ppaact, spaact, omt;
};

/* The machine has a PAMU, and the host has set it up. */
bool pamu_exists(void);

/* 0 or a negative errno; the tables stay where they are. */
int pamu_open(struct pamu *pamu);

/* An entry, in the CPU's byte order. */
struct paace pamu_ppaace(const struct pamu *pamu, unsigned int liodn);
struct paace pamu_spaace(const struct pamu *pamu, unsigned int index);

/* Number of secondary entries, and of those that are valid. */
unsigned int pamu_num_spaaces(const struct pamu *pamu);
unsigned int pamu_spaaces_in_use(const struct pamu *pamu);

/* There is a valid entry, and it permits nothing. */
bool pamu_is_blocked(const struct pamu *pamu, unsigned int liodn);

/* As pamu_walk(), for the real tables. */
bool pamu_access(const struct pamu *pamu, unsigned int liodn, uint64_t addr,
		 uint64_t len, bool write, struct pamu_result *result);

/*
 * All of both tables at a time; free() it.  pamu_changes(): how many entries are
 * different now; the first @max of them go to @changed, a secondary one with
 * PAMU_SECONDARY.
 */
#define PAMU_SECONDARY	0x10000
uint32_t *pamu_image(const struct pamu *pamu);
unsigned int pamu_changes(const struct pamu *pamu, const uint32_t *image,
			  unsigned int *changed, unsigned int max);

#endif
