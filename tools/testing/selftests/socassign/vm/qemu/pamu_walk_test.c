// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pamu_walk.h against tables made by hand: every kind of violation, and the
 * edges of what is allowed.
 */
#include <stdio.h>
#include <string.h>

#include "pamu_walk.h"

#define MEMORY_BASE	0x10000
#define MEMORY_SIZE	0x10000
#define PPAACT		0x10000
#define PPAACES		16
#define SPAACT		0x14000
#define SPAACES		512
#define OMT		0x1e000
#define OMES		4

#define LIODN		5
#define WSE(bits)	((bits) - 1)

#define V		1u
#define SECONDARY	2u
#define READ		(1u << 3)
#define WRITE		(2u << 3)
#define BOTH		(3u << 3)
#define MW		(1u << 5)
#define AF_WSE(wse)	((uint32_t)(wse) << 6)
#define AF_LIODN(liodn)	((uint32_t)(liodn) << 16)
#define NO_XLATE	0u
#define XLATE		(1u << 2)
#define PAGE_XLATE	(2u << 2)
#define WCE(wce)	((uint32_t)(wce) << 4)
#define CID(cid)	((uint32_t)(cid) << 16)
#define IMMEDIATE	1u
#define INDEXED		2u
#define RESERVED_OTM	3u

/* Words of a PAACE. */
enum { WBAH, AF, DA, IA, TWBAH, WIN, FSPI, OP };

static uint8_t ram[MEMORY_SIZE];
static uint64_t unreadable;
static struct pamu_tables tables;
static struct pamu_result result;
static unsigned int tests, failures;

static bool read_ram(void *opaque, uint64_t addr, void *buf, unsigned int len)
{
	(void)opaque;
	if (addr == unreadable || addr < MEMORY_BASE ||
	    addr - MEMORY_BASE > MEMORY_SIZE - len)
		return false;
	memcpy(buf, ram + (addr - MEMORY_BASE), len);
	return true;
}

static const struct pamu_memory memory = { .read = read_ram };

static void check(bool ok, const char *name)
{
	failures += !ok;
	printf("%sok %u - %s\n", ok ? "" : "not ", ++tests, name);
	if (!ok)
		printf("# %s, PAACE 0x%llx, target 0x%llx, run 0x%llx\n",
		       pamu_fault_name(result.fault),
		       (unsigned long long)result.paace,
		       (unsigned long long)result.target,
		       (unsigned long long)result.run);
}

/* --- tables */

static void word(uint64_t paace, unsigned int index, uint32_t value)
{
	uint8_t *bytes = ram + (paace - MEMORY_BASE) + 4 * index;

	bytes[0] = (uint8_t)(value >> 24);
	bytes[1] = (uint8_t)(value >> 16);
	bytes[2] = (uint8_t)(value >> 8);
	bytes[3] = (uint8_t)value;
}

static uint64_t ppaace(unsigned int liodn)
{
	return PPAACT + (uint64_t)liodn * PAMU_PAACE_SIZE;
}

static uint64_t spaace(unsigned int index)
{
	return SPAACT + (uint64_t)index * PAMU_PAACE_SIZE;
}

static void set_target(uint64_t paace, uint64_t target, unsigned int swse)
{
	word(paace, TWBAH, (uint32_t)(target >> 32));
	word(paace, WIN, (uint32_t)target | (uint32_t)swse << 6);
}

/* All of the SPAACT is LIODN's and open, subwindow after subwindow. */
static void begin(void)
{
	memset(ram, 0, sizeof(ram));
	unreadable = UINT64_MAX;
	tables = (struct pamu_tables){
		.ppaact = PPAACT,
		.ppaact_limit = PPAACT + PPAACES * PAMU_PAACE_SIZE,
		.spaact = SPAACT,
		.spaact_limit = SPAACT + SPAACES * PAMU_PAACE_SIZE,
		.omt = OMT,
		.omt_limit = OMT + OMES * PAMU_OME_SIZE,
		.max_wce = 7,
	};
}

/* 1 MiB at 0x40000000, translated to 0x100000000. */
static void one_window(void)
{
	begin();
	word(ppaace(LIODN), AF, 0x40000000 | AF_WSE(WSE(20)) | BOTH | V);
	word(ppaace(LIODN), IA, XLATE);
	set_target(ppaace(LIODN), 0x100000000, 0);
}

/*
 * The same with four subwindows of 256 KiB, whose targets go backwards from
 * 0x200000000.  The last has a mapped part of 16 KiB.
 */
static void four_subwindows(void)
{
	begin();
	word(ppaace(LIODN), AF, 0x40000000 | AF_WSE(WSE(20)) | MW | BOTH | V);
	word(ppaace(LIODN), IA, XLATE | WCE(1));
	word(ppaace(LIODN), FSPI, 8);
	set_target(ppaace(LIODN), 0x200000000, WSE(18));
	for (unsigned int i = 1; i < 4; i++) {
		uint64_t entry = spaace(8 + i - 1);

		word(entry, AF, AF_LIODN(LIODN) | SECONDARY | BOTH | V);
		word(entry, IA, XLATE);
		set_target(entry, 0x200000000 - i * 0x40000,
			   i == 3 ? WSE(14) : WSE(18));
	}
}

/* --- accesses */

static bool reaches(uint64_t addr, uint64_t len, bool write, uint64_t target,
		    uint64_t run)
{
	return pamu_walk(&tables, &memory, LIODN, addr, len, write, &result) &&
	       !result.fault && result.target == target && result.run == run;
}

static bool refused(uint64_t addr, bool write, enum pamu_fault fault,
		    uint64_t paace)
{
	return !pamu_walk(&tables, &memory, LIODN, addr, 1, write, &result) &&
	       result.fault == fault && result.paace == paace;
}

static bool read_refused(enum pamu_fault fault)
{
	return refused(0x40000000, false, fault, ppaace(LIODN));
}

/* --- one window */

static void test_window(void)
{
	one_window();
	check(reaches(0x40000000, 1, false, 0x100000000, 1), "first byte");
	check(reaches(0x400fffff, 1, true, 0x1000fffff, 1), "last byte");
	check(reaches(0x40000000, 0, false, 0x100000000, 1),
	      "no length is one byte");
	check(reaches(0x40000000, 0x100000, true, 0x100000000, 0x100000),
	      "the whole window in one run");
	check(reaches(0x400ffff0, 0x100, true, 0x1000ffff0, 0x10),
	      "a run ends with the window");
	check(reaches(0x40000010, UINT64_MAX, true, 0x100000010, 0xffff0),
	      "a length that wraps round");
	check(refused(0x3fffffff, false, PAMU_FAULT_WINDOW, ppaace(LIODN)),
	      "below the window");
	check(refused(0x40100000, false, PAMU_FAULT_WINDOW, ppaace(LIODN)),
	      "above the window");
	check(refused(UINT64_MAX, false, PAMU_FAULT_WINDOW, ppaace(LIODN)),
	      "the last address of 64 bits");
	check(refused(0x1040000000, false, PAMU_FAULT_WINDOW, ppaace(LIODN)),
	      "the same address above 36 bits");
}

static void test_whole_space(void)
{
	begin();
	word(ppaace(LIODN), AF, AF_WSE(35) | BOTH | V);
	check(reaches(0, 1, true, 0, 1), "64 GiB as they are: first byte");
	check(reaches(0xfffffffff, 100, true, 0xfffffffff, 1),
	      "64 GiB as they are: last byte");
	check(refused(0x1000000000, true, PAMU_FAULT_WINDOW, ppaace(LIODN)),
	      "64 GiB as they are: beyond");
}

static void test_no_translation(void)
{
	one_window();
	word(ppaace(LIODN), IA, NO_XLATE);
	set_target(ppaace(LIODN), 0x123456000, 0);
	check(reaches(0x40012345, 1, false, 0x40012345, 1),
	      "without translation TWBA counts for nothing");
}

static void test_high_window(void)
{
	begin();
	word(ppaace(LIODN), WBAH, 0xf);
	word(ppaace(LIODN), AF, 0xfffff000 | AF_WSE(11) | BOTH | V);
	word(ppaace(LIODN), IA, XLATE);
	set_target(ppaace(LIODN), 0xffffff000, 0);
	check(reaches(0xfffffffff, 1, true, 0xfffffffff, 1),
	      "the last page of 36 bits");
	check(refused(0xfffff000, true, PAMU_FAULT_WINDOW, ppaace(LIODN)),
	      "WBAH counts");
}

static void test_permissions(void)
{
	one_window();
	word(ppaace(LIODN), AF, 0x40000000 | AF_WSE(WSE(20)) | READ | V);
	check(reaches(0x40000000, 1, false, 0x100000000, 1), "query reads");
	check(refused(0x40000000, true, PAMU_FAULT_DENIED, ppaace(LIODN)),
	      "query does not write");
	word(ppaace(LIODN), AF, 0x40000000 | AF_WSE(WSE(20)) | WRITE | V);
	check(reaches(0x40000000, 1, true, 0x100000000, 1), "update writes");
	check(refused(0x40000000, false, PAMU_FAULT_DENIED, ppaace(LIODN)),
	      "update does not read");
	word(ppaace(LIODN), AF, 0x40000000 | AF_WSE(WSE(20)) | V);
	check(read_refused(PAMU_FAULT_DENIED), "denied");
}

static void test_cid(void)
{
	one_window();
	word(ppaace(LIODN), IA, XLATE | CID(0xff));
	check(reaches(0x40000000, 1, true, 0x100000000, 1),
	      "a stash target changes nothing");
}

/* --- primary entries that are wrong */

static void test_liodn(void)
{
	one_window();
	check(!pamu_walk(&tables, &memory, PPAACES, 0x40000000, 1, false,
			 &result) &&
	      result.fault == PAMU_FAULT_LIODN_RANGE && !result.paace,
	      "LIODN beyond the PPAACT");
	tables.ppaact_limit = ppaace(LIODN);
	check(refused(0x40000000, false, PAMU_FAULT_LIODN_RANGE, 0),
	      "the limit is exclusive");
	tables.ppaact_limit = ppaace(LIODN) + PAMU_PAACE_SIZE - 1;
	check(refused(0x40000000, false, PAMU_FAULT_LIODN_RANGE, 0),
	      "an entry that is not all within the limit");
	tables.ppaact_limit = ppaace(LIODN) + PAMU_PAACE_SIZE;
	check(reaches(0x40000000, 1, false, 0x100000000, 1),
	      "the last entry within the limit");
	tables.ppaact_limit = PPAACT - 1;
	check(refused(0x40000000, false, PAMU_FAULT_LIODN_RANGE, 0),
	      "a limit below the base");
	tables.ppaact = UINT64_MAX - 2 * PAMU_PAACE_SIZE;
	tables.ppaact_limit = UINT64_MAX;
	check(refused(0x40000000, false, PAMU_FAULT_LIODN_RANGE, 0),
	      "a table that ends before it wraps round");
}

static void test_primary_entry(void)
{
	one_window();
	word(ppaace(LIODN), AF, 0x40000000 | AF_WSE(WSE(20)) | BOTH);
	check(read_refused(PAMU_FAULT_PPAACE_INVALID), "PPAACE not valid");
	word(ppaace(LIODN), AF,
	     0x40000000 | AF_WSE(WSE(20)) | SECONDARY | BOTH | V);
	check(read_refused(PAMU_FAULT_PPAACE_TYPE), "PPAACE of the wrong type");
	one_window();
	unreadable = ppaace(LIODN);
	check(read_refused(PAMU_FAULT_UNREADABLE), "PPAACE not readable");
}

static void test_malformed_window(void)
{
	one_window();
	word(ppaace(LIODN), AF, 0x40000000 | AF_WSE(10) | BOTH | V);
	check(read_refused(PAMU_FAULT_MALFORMED), "a window below 4 KiB");
	word(ppaace(LIODN), IA, NO_XLATE);
	word(ppaace(LIODN), AF, AF_WSE(36) | BOTH | V);
	check(read_refused(PAMU_FAULT_MALFORMED), "a window above 64 GiB");
	word(ppaace(LIODN), AF, AF_WSE(63) | BOTH | V);
	check(read_refused(PAMU_FAULT_MALFORMED), "the largest WSE");
	word(ppaace(LIODN), AF, 0x40080000 | AF_WSE(WSE(20)) | BOTH | V);
	check(refused(0x40080000, false, PAMU_FAULT_MALFORMED, ppaace(LIODN)),
	      "a window that is not aligned to its size");
	one_window();
	word(ppaace(LIODN), WBAH, 0x10);
	check(read_refused(PAMU_FAULT_MALFORMED), "a window above 36 bits");
	one_window();
	set_target(ppaace(LIODN), 0x100080000, 0);
	check(read_refused(PAMU_FAULT_MALFORMED),
	      "a target that is not aligned to the size");
	set_target(ppaace(LIODN), 0x1000000000, 0);
	check(read_refused(PAMU_FAULT_MALFORMED), "a target above 36 bits");
	one_window();
	word(ppaace(LIODN), IA, PAGE_XLATE);
	check(read_refused(PAMU_FAULT_MALFORMED), "page translation");
}

/* --- subwindows */

static void test_subwindows(void)
{
	four_subwindows();
	check(reaches(0x4003ffff, 2, true, 0x20003ffff, 1),
	      "a run ends with subwindow 0");
	check(reaches(0x40040000, 0x40000, false, 0x1fffc0000, 0x40000),
	      "subwindow 1, elsewhere");
	check(reaches(0x400bffff, 1, false, 0x1fffbffff, 1),
	      "last byte of subwindow 2");
	check(reaches(0x400c0000, 0x40000, true, 0x1fff40000, 0x4000),
	      "the mapped part of subwindow 3");
	check(reaches(0x400c3fff, 1, true, 0x1fff43fff, 1),
	      "last byte of the mapped part");
	check(refused(0x400c4000, true, PAMU_FAULT_TRIMMED, spaace(10)),
	      "first byte of what is cut off");
	check(refused(0x400fffff, true, PAMU_FAULT_TRIMMED, spaace(10)),
	      "last byte of what is cut off");
	check(refused(0x40100000, true, PAMU_FAULT_WINDOW, ppaace(LIODN)),
	      "beyond all subwindows");
}

static void test_subwindow_without_translation(void)
{
	four_subwindows();
	word(spaace(10), IA, NO_XLATE);
	check(reaches(0x400c0000, 0x40000, true, 0x400c0000, 0x4000),
	      "a subwindow without translation");
	check(refused(0x400c4000, true, PAMU_FAULT_TRIMMED, spaace(10)),
	      "which is cut off all the same");
}

static void test_subwindow_permissions(void)
{
	four_subwindows();
	word(ppaace(LIODN), AF, 0x40000000 | AF_WSE(WSE(20)) | MW | V);
	word(spaace(8), AF, AF_LIODN(LIODN) | SECONDARY | READ | V);
	check(refused(0x40000000, false, PAMU_FAULT_DENIED, ppaace(LIODN)),
	      "subwindow 0 denied");
	check(reaches(0x40040000, 1, false, 0x1fffc0000, 1),
	      "and subwindow 1 not");
	check(refused(0x40040000, true, PAMU_FAULT_DENIED, spaace(8)),
	      "which is not to be written to");
}

/* Without MW, what is for subwindows counts for nothing. */
static void test_single(void)
{
	four_subwindows();
	word(ppaace(LIODN), AF, 0x40000000 | AF_WSE(WSE(20)) | BOTH | V);
	check(reaches(0x400fffff, 1, true, 0x2000fffff, 1),
	      "one window has neither WCE nor SWSE");
}

static void test_most_subwindows(void)
{
	begin();
	word(ppaace(LIODN), AF, 0x40000000 | AF_WSE(WSE(20)) | MW | BOTH | V);
	word(ppaace(LIODN), IA, XLATE | WCE(7));
	word(ppaace(LIODN), FSPI, 0);
	set_target(ppaace(LIODN), 0, WSE(12));
	word(spaace(254), AF, AF_LIODN(LIODN) | SECONDARY | BOTH | V);
	word(spaace(254), IA, XLATE);
	set_target(spaace(254), 0x5000, WSE(12));
	check(reaches(0x400fffff, 1, true, 0x5fff, 1), "256 subwindows");
	tables.max_wce = 3;
	check(read_refused(PAMU_FAULT_MALFORMED),
	      "more subwindows than the PAMU has");
	tables.max_wce = 15;
	word(ppaace(LIODN), IA, XLATE | WCE(8));
	check(refused(0x40000800, false, PAMU_FAULT_MALFORMED, ppaace(LIODN)),
	      "subwindows below 4 KiB");
	word(ppaace(LIODN), AF, 0x40000000 | AF_WSE(WSE(12)) | MW | BOTH | V);
	word(ppaace(LIODN), IA, XLATE | WCE(15));
	check(read_refused(PAMU_FAULT_MALFORMED), "subwindows below 1 byte");
}

static void test_spaact(void)
{
	four_subwindows();
	tables.spaact_limit = spaace(10);
	check(reaches(0x40080000, 1, true, 0x1fff80000, 1),
	      "the last entry within the SPAACT's limit");
	check(refused(0x400c0000, true, PAMU_FAULT_SPAACE_RANGE,
		      ppaace(LIODN)), "beyond the SPAACT's limit");
	four_subwindows();
	word(ppaace(LIODN), FSPI, 0xffffffff);
	check(refused(0x40080000, true, PAMU_FAULT_SPAACE_RANGE,
		      ppaace(LIODN)), "the largest FSPI and the next");
}

static void test_secondary_entry(void)
{
	four_subwindows();
	word(spaace(8), AF, AF_LIODN(LIODN) | SECONDARY | BOTH);
	check(refused(0x40040000, true, PAMU_FAULT_SPAACE_INVALID, spaace(8)),
	      "SPAACE not valid");
	word(spaace(8), AF, AF_LIODN(LIODN) | BOTH | V);
	check(refused(0x40040000, true, PAMU_FAULT_SPAACE_TYPE, spaace(8)),
	      "SPAACE of the wrong type");
	word(spaace(8), AF, AF_LIODN(LIODN + 1) | SECONDARY | BOTH | V);
	check(refused(0x40040000, true, PAMU_FAULT_SPAACE_LIODN, spaace(8)),
	      "SPAACE of another LIODN");
	unreadable = spaace(8);
	check(refused(0x40040000, true, PAMU_FAULT_UNREADABLE, spaace(8)),
	      "SPAACE not readable");
	check(reaches(0x40080000, 1, true, 0x1fff80000, 1),
	      "the next one is not concerned");
}

static void test_malformed_subwindow(void)
{
	static const unsigned int wrong[] = { 0, 10, WSE(19), 36, 63 };

	for (unsigned int i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		char name[32];

		four_subwindows();
		set_target(ppaace(LIODN), 0x200000000, wrong[i]);
		snprintf(name, sizeof(name), "SWSE %u", wrong[i]);
		check(read_refused(PAMU_FAULT_MALFORMED), name);
	}
	four_subwindows();
	set_target(spaace(8), 0x1fffa0000, WSE(18));
	check(refused(0x40040000, true, PAMU_FAULT_MALFORMED, spaace(8)),
	      "a subwindow's target that is not aligned");
	set_target(spaace(8), 0x1fffa0000, WSE(17));
	check(reaches(0x40040000, 1, true, 0x1fffa0000, 1),
	      "it is the mapped size that counts");
}

/* --- operations */

static void set_operation(uint32_t otm, uint32_t omi)
{
	one_window();
	word(ppaace(LIODN), IA, XLATE | otm);
	word(ppaace(LIODN), OP, omi);
}

static void test_operations(void)
{
	set_operation(IMMEDIATE, 0x01020304);
	check(reaches(0x40000000, 1, true, 0x100000000, 1),
	      "immediate operations");
	set_operation(RESERVED_OTM, 0);
	check(read_refused(PAMU_FAULT_OPERATION), "the reserved OTM");

	set_operation(INDEXED, OMES - 1);
	ram[OMT + (OMES - 1) * PAMU_OME_SIZE - MEMORY_BASE] = 0x80;
	check(reaches(0x40000000, 1, false, 0x100000000, 1),
	      "a read by the last entry of the OMT");
	check(refused(0x40000000, true, PAMU_FAULT_OPERATION, ppaace(LIODN)),
	      "which has no write");
	ram[OMT + (OMES - 1) * PAMU_OME_SIZE + 1 - MEMORY_BASE] = 0x81;
	check(reaches(0x40000000, 1, true, 0x100000000, 1), "and has one now");
	tables.omt_limit--;
	check(read_refused(PAMU_FAULT_OMI_RANGE),
	      "an OMT entry that is not all within the limit");

	set_operation(INDEXED, OMES);
	check(read_refused(PAMU_FAULT_OMI_RANGE), "beyond the OMT");
	set_operation(INDEXED, 1);
	unreadable = OMT + PAMU_OME_SIZE;
	check(read_refused(PAMU_FAULT_UNREADABLE), "OMT not readable");
	set_operation(INDEXED, 0xffff0000);
	ram[OMT - MEMORY_BASE] = 0x80;
	check(reaches(0x40000000, 1, false, 0x100000000, 1),
	      "OMI is half a word");
}

/* --- reports */

static void test_reports(void)
{
	bool named = true, known = true;

	for (int i = 1; i < PAMU_FAULTS; i++) {
		uint32_t avs1 = pamu_avs1((enum pamu_fault)i, true);

		named &= strcmp(pamu_fault_name((enum pamu_fault)i),
				"unknown") != 0;
		known &= avs1 & PAMU_AVS1_AV && avs1 != PAMU_AVS1_AV &&
			 (avs1 | PAMU_AVS1_CAUSES) == PAMU_AVS1_CAUSES;
	}
	check(named, "every violation has a name");
	check(known, "and a cause in AVS1");
	check(pamu_avs1(PAMU_FAULT_LIODN_RANGE, false) & 0x400,
	      "a LIODN beyond the PPAACT has the known one");
	check(!pamu_avs1(PAMU_FAULT_NONE, true), "no violation has none");
}

int main(void)
{
	test_window();
	test_whole_space();
	test_no_translation();
	test_high_window();
	test_permissions();
	test_cid();
	test_liodn();
	test_primary_entry();
	test_malformed_window();
	test_subwindows();
	test_subwindow_without_translation();
	test_subwindow_permissions();
	test_single();
	test_most_subwindows();
	test_spaact();
	test_secondary_entry();
	test_malformed_subwindow();
	test_operations();
	test_reports();
	printf("1..%u\n", tests);
	return failures != 0;
}
