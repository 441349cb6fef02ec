// SPDX-License-Identifier: GPL-2.0
/* Memory that other guests have, too: a number that each of them counts up. */
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "guest.h"

#define NODE	"/proc/device-tree/reserved-memory/shared@*/reg"

/* Two cells for the address, two for the size; 0 if there is none. */
static uint64_t find_shared(void)
{
	uint64_t reg[2] = { 0 };
	glob_t found;
	FILE *file = NULL;

	if (!glob(NODE, 0, NULL, &found))
		file = fopen(found.gl_pathv[0], "r");
	globfree(&found);
	if (!file)
		return 0;
	if (fread(reg, sizeof(reg), 1, file) != 1)
		reg[0] = 0;
	fclose(file);
	return be64toh(reg[0]);
}

static void count_up(volatile uint32_t *number)
{
	uint32_t before = *number;

	*number = before + 1;
	step_ok("%u", before);
}

void shared_step(void)
{
	uint64_t address = find_shared();
	int mem = open("/dev/mem", O_RDWR | O_SYNC | O_CLOEXEC);
	void *page = MAP_FAILED;

	errno = ENODEV;
	if (address && mem >= 0)
		page = mmap(NULL, getpagesize(), PROT_READ | PROT_WRITE,
			    MAP_SHARED, mem, address);
	if (page == MAP_FAILED) {
		step_failed("no memory at 0x%llx: %s",
			    (unsigned long long)address, strerror(errno));
	} else {
		count_up(page);
		munmap(page, getpagesize());
	}
	close(mem);
}
