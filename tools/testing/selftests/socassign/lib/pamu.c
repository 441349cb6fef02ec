// SPDX-License-Identifier: GPL-2.0
#include "pamu.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench.h"

/* Where the boards have it. */
#define PAMU_NODE	"/soc@fe0000000/iommu@20000"
#define PAMU_ADDRESS	0xfe0020000ULL

/* Registers, in words. */
#define PPBAH	(0x00 / 4)
#define SPBAH	(0x10 / 4)
#define OBAH	(0x20 / 4)
#define PC3	(0xc08 / 4)
#define PC3_MWCE(_pc3)	((_pc3) >> 21 & 0xf)

bool pamu_exists(void)
{
	return node_exists(PAMU_NODE);
}

static const volatile void *map_physical(uint64_t addr, size_t bytes)
{
	size_t page = sysconf(_SC_PAGESIZE), first = addr % page;
	int fd = open("/dev/mem", O_RDONLY | O_CLOEXEC);
	const volatile char *mem;

	if (fd < 0)
		return NULL;
	mem = mmap(NULL, first + bytes, PROT_READ, MAP_SHARED, fd,
		   addr - first);
	close(fd);
	return mem == MAP_FAILED ? NULL : mem + first;
}

static uint64_t read_register64(const volatile uint32_t *regs)
{
	return (uint64_t)be32toh(regs[0]) << 32 | be32toh(regs[1]);
}

/* A table between the registers for its base and its limit. */
static int map_table(struct pamu_part *part, const volatile uint32_t *regs)
{
	part->base = read_register64(regs);
	part->bytes = read_register64(regs + 2) - part->base;
	part->mem = map_physical(part->base, part->bytes);
	return part->mem ? 0 : -errno;
}

static bool read_part(const struct pamu_part *part, uint64_t addr, void *buf,
		      unsigned int len)
{
	if (addr < part->base || addr - part->base + len > part->bytes)
		return false;
	memcpy(buf, (const char *)part->mem + (addr - part->base), len);
	return true;
}

static bool read_memory(void *opaque, uint64_t addr, void *buf,
			unsigned int len)
{
	const struct pamu *pamu = opaque;

	return read_part(&pamu->ppaact, addr, buf, len) ||
	       read_part(&pamu->spaact, addr, buf, len) ||
	       read_part(&pamu->omt, addr, buf, len);
}

static void describe(struct pamu *pamu, uint32_t pc3)
{
	pamu->tables = (struct pamu_tables) {
		.ppaact = pamu->ppaact.base,
		.ppaact_limit = pamu->ppaact.base + pamu->ppaact.bytes,
		.spaact = pamu->spaact.base,
		.spaact_limit = pamu->spaact.base + pamu->spaact.bytes,
		.omt = pamu->omt.base,
		.omt_limit = pamu->omt.base + pamu->omt.bytes,
		.max_wce = PC3_MWCE(pc3),
	};
	pamu->memory = (struct pamu_memory) {
		.read = read_memory, .opaque = pamu,
	};
}

int pamu_open(struct pamu *pamu)
{
	const volatile uint32_t *regs = map_physical(PAMU_ADDRESS, 0x1000);
	int ret;

	if (!regs)
		return -errno;
	ret = map_table(&pamu->ppaact, regs + PPBAH);
	if (!ret)
		ret = map_table(&pamu->spaact, regs + SPBAH);
	if (!ret)
		ret = map_table(&pamu->omt, regs + OBAH);
	if (!ret)
		describe(pamu, be32toh(regs[PC3]));
	return ret;
}

static struct paace read_entry(const struct pamu_part *part, unsigned int index)
{
	struct paace paace;

	for (int i = 0; i < PAACE_WORDS; i++)
		paace.word[i] = be32toh(part->mem[index * PAACE_WORDS + i]);
	return paace;
}

struct paace pamu_ppaace(const struct pamu *pamu, unsigned int liodn)
{
	return read_entry(&pamu->ppaact, liodn);
}

struct paace pamu_spaace(const struct pamu *pamu, unsigned int index)
{
	return read_entry(&pamu->spaact, index);
}

static unsigned int num_entries(const struct pamu_part *part)
{
	return part->bytes / PAMU_PAACE_SIZE;
}

unsigned int pamu_num_spaaces(const struct pamu *pamu)
{
	return num_entries(&pamu->spaact);
}

unsigned int pamu_spaaces_in_use(const struct pamu *pamu)
{
	unsigned int num = 0;

	for (unsigned int i = 0; i < pamu_num_spaaces(pamu); i++)
		num += pamu_spaace(pamu, i).word[PAACE_AF] & 1;
	return num;
}

bool pamu_is_blocked(const struct pamu *pamu, unsigned int liodn)
{
	struct pamu_window window;

	return !pamu_primary(&pamu->tables, &pamu->memory, liodn, &window) &&
	       !pamu_permissions(&window) && !pamu_multiple(&window);
}

bool pamu_access(const struct pamu *pamu, unsigned int liodn, uint64_t addr,
		 uint64_t len, bool write, struct pamu_result *result)
{
	return pamu_walk(&pamu->tables, &pamu->memory, liodn, addr, len, write,
			 result);
}

uint32_t *pamu_image(const struct pamu *pamu)
{
	uint32_t *image = malloc(pamu->ppaact.bytes + pamu->spaact.bytes);

	if (!image)
		return NULL;
	memcpy(image, (const void *)pamu->ppaact.mem, pamu->ppaact.bytes);
	memcpy(image + pamu->ppaact.bytes / 4, (const void *)pamu->spaact.mem,
	       pamu->spaact.bytes);
	return image;
}

/* Of one table; @num entries are known to have changed before. */
static unsigned int count_changes(const struct pamu_part *part,
				  const uint32_t *image, unsigned int flag,
				  unsigned int *changed, unsigned int num,
				  unsigned int max)
{
	for (unsigned int i = 0; i < num_entries(part); i++) {
		if (!memcmp((const void *)(part->mem + i * PAACE_WORDS),
			    image + i * PAACE_WORDS, PAMU_PAACE_SIZE))
			continue;
		if (num < max)
			changed[num] = i | flag;
		num++;
	}
	return num;
}

unsigned int pamu_changes(const struct pamu *pamu, const uint32_t *image,
			  unsigned int *changed, unsigned int max)
{
	unsigned int num = count_changes(&pamu->ppaact, image, 0, changed, 0,
					 max);

	return count_changes(&pamu->spaact, image + pamu->ppaact.bytes / 4,
			     PAMU_SECONDARY, changed, num, max);
}
