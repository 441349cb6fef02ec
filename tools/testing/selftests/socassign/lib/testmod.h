/* SPDX-License-Identifier: GPL-2.0 */
/* The module socassign_test (modules/): what happens inside the kernel. */
#ifndef _SELFTESTS_SOCASSIGN_TESTMOD_H
#define _SELFTESTS_SOCASSIGN_TESTMOD_H

#include <stdbool.h>
#include <stddef.h>

/* Does the module have the file?  No: it is not loaded, or the kernel can't. */
bool testmod_has(const char *file);

/* To map it, for example; fd or a negative errno. */
int testmod_open(const char *file, int flags);

/* Write a text, or a blob; 0 or a negative errno. */
int testmod_write(const char *file, const char *text);
int testmod_write_blob(const char *file, const void *blob, size_t len);

/* Start to count the entries of an interrupt of Linux's; 0 ends it. */
int testmod_count_irq(unsigned int irq);
long testmod_irq_entries(void);

/* Hold those who probe the slow driver's devices, and how many are held. */
int testmod_hold_probes(bool hold);
long testmod_num_held(void);

/* What came of that which the slow driver's probe was to do. */
int testmod_in_probe(void);

/* How many have the slow clock. */
long testmod_clock_users(void);

/* Which of the power domains are on, as a bit mask. */
long testmod_domains_on(void);

/* How often a line of modules/lines.c was reset. */
long testmod_line_resets(void);

/* How many wait in a mapping of the file "stuck" at present. */
long testmod_num_stuck(void);

/*
 * The kernel will complain with this text, and that is right: the log of this
 * program is no failure for it.  Say so before it happens.
 */
void expect_in_log(const char *text);

/*
 * What the driver core warns of from 7.x on, once: an interrupt-map whose node has no
 * #address-cells.
 */
#define MAP_WARNS	"of_bus_n_addr_cells"

#endif
