// SPDX-License-Identifier: GPL-2.0
/*
 * socassign peek, socassign poke
 */
#include "cli.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "claim.h"
#include "out.h"

/**
 * struct access - A register to read or write
 * @path: The node
 * @region: Number or name of the region
 * @offset: Where it is in the region
 * @width: Its size in bytes
 * @value: What to write, or what was read
 */
struct access {
	const char *path;
	const char *region;
	uint64_t offset;
	uint64_t width;
	uint64_t value;
};

/* In bits; @text is NULL if nothing was said. */
static bool parse_width(const char *text, uint64_t *bytes)
{
	uint64_t bits = 32;

	if (text && !parse_number(text, &bits))
		return false;
	*bytes = bits / 8;
	return bits == 8 || bits == 16 || bits == 32 || bits == 64;
}

static int find_region(const struct soca_claim *claim, const char *region)
{
	uint64_t index;

	if (!parse_number(region, &index))
		return soca_region_find(claim, 0, region);
	return index < soca_info_get(claim)->num_regions ? (int)index : -ENOENT;
}

static int do_access(struct access *access, bool is_write)
{
	struct soca_claim *claim = claim_path(access->path);
	int index, ret;

	if (!claim)
		return EXIT_FAILED;
	index = find_region(claim, access->region);
	if (index < 0)
		ret = index;
	else if (is_write)
		ret = soca_write(claim, index, access->offset, access->width,
				 access->value);
	else
		ret = soca_read(claim, index, access->offset, access->width,
				&access->value);
	soca_close(claim);
	if (!ret)
		return EXIT_OK;
	complain_soca(access->path, SOCA_OP_REGION, ret);
	return EXIT_FAILED;
}

static void report(const struct access *access)
{
	if (!options.json) {
		printf("0x%0*" PRIx64 "\n", (int)access->width * 2,
		       access->value);
		return;
	}
	out_begin();
	out_string("path", access->path);
	out_string("region", access->region);
	out_hex("offset", access->offset);
	out_number("width", access->width * 8);
	out_hex("value", access->value);
	out_end();
}

int cmd_peek(int num, char **args)
{
	struct access access = { .path = args[0], .region = args[1] };
	int code;

	if (!parse_number(args[2], &access.offset))
		return complain_usage("peek: no offset: %s", args[2]);
	if (!parse_width(num > 3 ? args[3] : NULL, &access.width))
		return complain_usage("peek: no width: %s", args[3]);
	code = do_access(&access, false);
	if (code == EXIT_OK)
		report(&access);
	return code;
}

int cmd_poke(int num, char **args)
{
	struct access access = { .path = args[0], .region = args[1] };
	int code;

	if (!parse_number(args[2], &access.offset))
		return complain_usage("poke: no offset: %s", args[2]);
	if (!parse_number(args[3], &access.value))
		return complain_usage("poke: no value: %s", args[3]);
	if (!parse_width(num > 4 ? args[4] : NULL, &access.width))
		return complain_usage("poke: no width: %s", args[4]);
	if (access.width < 8 && access.value >> 8 * access.width)
		return complain_usage("poke: the value does not fit: %s",
				      args[3]);
	code = do_access(&access, true);
	if (code == EXIT_OK && options.json)
		report(&access);
	return code;
}
