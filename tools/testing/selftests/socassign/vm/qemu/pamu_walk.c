// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a LIODN reaches, by the tables in a dump of the machine's memory:
 * QEMU's "pmemsave BASE SIZE file".  It shares nothing with the guest but the
 * memory and the registers' values.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pamu_walk.h"

#define EXIT_VIOLATION	1
#define EXIT_USAGE	2

struct dump {
	FILE *file;
	uint64_t base;
};

/* Adjacent windows with the same permissions and no break between them. */
struct range {
	uint64_t base, size, target;
	unsigned int permissions;
};

static const char usage[] =
	"usage: pamu_walk -d DUMP [-b BASE] -p FIRST,LIMIT [-s FIRST,LIMIT]\n"
	"                 [-o FIRST,LIMIT] [-m MWCE] LIODN [ADDRESS [r|w]]\n"
	"\n"
	"DUMP      memory from the physical address BASE (0) on\n"
	"-p -s -o  PPAACT, SPAACT and OMT by the PAMU's registers\n"
	"-m        PC3[MWCE]; default 7\n"
	"\n"
	"Lists what the LIODN reaches, or says where one access goes.\n"
	"Ends with 1 where nothing is reached.\n";

static void usage_error(void)
{
	fputs(usage, stderr);
	exit(EXIT_USAGE);
}

static uint64_t parse_number(const char *text)
{
	uint64_t value;
	char *end;

	errno = 0;
	value = strtoull(text, &end, 0);
	if (errno || end == text || *end)
		usage_error();
	return value;
}

static void parse_table(char *text, uint64_t *table, uint64_t *limit)
{
	char *comma = strchr(text, ',');

	if (!comma)
		usage_error();
	*comma = '\0';
	*table = parse_number(text);
	*limit = parse_number(comma + 1);
}

static bool read_dump(void *opaque, uint64_t addr, void *buf, unsigned int len)
{
	const struct dump *dump = opaque;

	if (addr < dump->base || addr - dump->base > INT64_MAX)
		return false;
	return !fseeko(dump->file, (off_t)(addr - dump->base), SEEK_SET) &&
	       fread(buf, 1, len, dump->file) == len;
}

/* For printf(). */
static unsigned long long ull(uint64_t value)
{
	return value;
}

static const char *permissions_name(unsigned int permissions)
{
	static const char * const names[] = { "--", "r-", "-w", "rw" };

	return names[permissions & 3];
}

static int show_violation(const struct pamu_result *result)
{
	printf("violation: %s", pamu_fault_name(result->fault));
	if (result->paace)
		printf(" (PAACE at 0x%09llx)", ull(result->paace));
	putchar('\n');
	return EXIT_VIOLATION;
}

static int show_access(const struct pamu_tables *tables,
		       const struct pamu_memory *memory, unsigned int liodn,
		       uint64_t addr, bool write)
{
	struct pamu_result result;

	if (!pamu_walk(tables, memory, liodn, addr, UINT64_MAX, write, &result))
		return show_violation(&result);
	printf("0x%09llx -> 0x%09llx, 0x%llx bytes\n", ull(addr),
	       ull(result.target), ull(result.run));
	return 0;
}

static void show_range(const struct range *range)
{
	if (range->permissions)
		printf("0x%09llx-0x%09llx %s 0x%09llx\n", ull(range->base),
		       ull(range->base + range->size - 1),
		       permissions_name(range->permissions),
		       ull(range->target));
}

/* What is reached from @base on in one piece. */
static struct range find_range(const struct pamu_tables *tables,
			       const struct pamu_memory *memory,
			       unsigned int liodn, uint64_t base)
{
	struct range range = { .base = base };
	struct pamu_result result;

	for (unsigned int write = 0; write < 2; write++) {
		if (!pamu_walk(tables, memory, liodn, base, UINT64_MAX, write,
			       &result))
			continue;
		range.permissions |= 1u << write;
		range.size = result.run;
		range.target = result.target;
	}
	return range;
}

static bool continues(const struct range *range, const struct range *next)
{
	return range->permissions == next->permissions &&
	       range->base + range->size == next->base &&
	       range->target + range->size == next->target;
}

static int show_all(const struct pamu_tables *tables,
		    const struct pamu_memory *memory, unsigned int liodn)
{
	struct pamu_result result = { .run = 0 };
	struct pamu_window window;
	struct range range = { .base = 0 };
	uint64_t offset, step;
	bool any = false;

	result.fault = pamu_primary(tables, memory, liodn, &window);
	result.paace = window.paace;
	if (result.fault)
		return show_violation(&result);

	step = pamu_subwindow_size(tables, &window);
	for (offset = 0; offset < window.size; offset += step) {
		struct range next = find_range(tables, memory, liodn,
					       window.base + offset);

		any |= next.permissions != 0;
		if (continues(&range, &next)) {
			range.size += next.size;
			continue;
		}
		show_range(&range);
		range = next;
	}
	show_range(&range);
	return any ? 0 : EXIT_VIOLATION;
}

int main(int argc, char **argv)
{
	struct pamu_tables tables = { .max_wce = 7 };
	struct dump dump = { .base = 0 };
	struct pamu_memory memory = { .read = read_dump, .opaque = &dump };
	const char *name = NULL;
	unsigned int liodn;
	int option;

	while ((option = getopt(argc, argv, "d:b:p:s:o:m:")) != -1) {
		switch (option) {
		case 'd':
			name = optarg;
			break;
		case 'b':
			dump.base = parse_number(optarg);
			break;
		case 'p':
			parse_table(optarg, &tables.ppaact,
				    &tables.ppaact_limit);
			break;
		case 's':
			parse_table(optarg, &tables.spaact,
				    &tables.spaact_limit);
			break;
		case 'o':
			parse_table(optarg, &tables.omt, &tables.omt_limit);
			break;
		case 'm':
			tables.max_wce = (unsigned int)parse_number(optarg);
			break;
		default:
			usage_error();
		}
	}
	argc -= optind;
	argv += optind;
	if (!name || argc < 1 || argc > 3)
		usage_error();
	if (argc == 3 && strcmp(argv[2], "r") && strcmp(argv[2], "w"))
		usage_error();

	dump.file = fopen(name, "rb");
	if (!dump.file) {
		fprintf(stderr, "%s: %s\n", name, strerror(errno));
		return EXIT_USAGE;
	}
	liodn = (unsigned int)parse_number(argv[0]);
	if (argc == 1)
		return show_all(&tables, &memory, liodn);
	return show_access(&tables, &memory, liodn, parse_number(argv[1]),
			   argc == 3 && argv[2][0] == 'w');
}
