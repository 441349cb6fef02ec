// SPDX-License-Identifier: GPL-2.0
/*
 * The description of partitions: its nodes
 *
 * A description that has an error is none: nothing is guessed, and nothing is
 * passed over in silence.
 */
#include "conf.h"

#include <errno.h>
#include <libfdt.h>
#include <linux/socassign.h>
#include <stdlib.h>
#include <string.h>

#include "doorbells.h"
#include "libsocassign-tree.h"
#include "names.h"
#include "props.h"
#include "windows.h"

#define COMPATIBLE	"socassign,partitions"

#define FIELD(_type, _name)	.offset = offsetof(struct _type, _name)

static const struct conf_prop partition_props[] = {
	{ "kernel", CONF_FILE, true, FIELD(conf_partition, kernel) },
	{ "initrd", CONF_FILE, false, FIELD(conf_partition, initrd) },
	{ "bootargs", CONF_TEXT, false, FIELD(conf_partition, bootargs) },
	{ "memory-path", CONF_PATH, false, FIELD(conf_partition, memory_path) },
	{ "memory-size", CONF_BYTES, false, FIELD(conf_partition, memory_size) },
	{ "cpus", CONF_COUNT, false, CONF_MAX_CPUS,
	  FIELD(conf_partition, num_cpus) },
	{ "cpu-paths", CONF_PATHS, false, CONF_MAX_CPUS,
	  FIELD(conf_partition, cpu_paths) },
	{ "console", CONF_CONSOLE, false, FIELD(conf_partition, console) },
	{ "overlays", CONF_FILES, false, CONF_MAX_ITEMS,
	  FIELD(conf_partition, overlays) },
	{ "no-reboot", CONF_FLAG, false, FIELD(conf_partition, flags),
	  .flag = CONF_NO_REBOOT },
	{ NULL }
};

static const struct conf_prop device_props[] = {
	{ "paths", CONF_PATHS, true, CONF_MAX_ITEMS, FIELD(conf_claim, paths) },
	{ "subtree", CONF_FLAG, false, FIELD(conf_claim, flags),
	  .flag = SOCASSIGN_SUBTREE },
	{ "detach", CONF_FLAG, false, FIELD(conf_claim, flags),
	  .flag = SOCASSIGN_DETACH },
	{ "no-dma", CONF_FLAG, false, FIELD(conf_claim, flags),
	  .flag = SOCASSIGN_NO_DMA },
	{ "unsafe-dma", CONF_FLAG, false, FIELD(conf_claim, flags),
	  .flag = SOCASSIGN_UNSAFE_DMA },
	{ "confined-dma", CONF_FLAG, false, FIELD(conf_claim, flags),
	  .flag = SOCASSIGN_CONFINED_DMA },
	{ "share-regs", CONF_FLAG, false, FIELD(conf_claim, flags),
	  .flag = SOCASSIGN_SHARE_REGS },
	{ NULL }
};

static const struct conf_prop memory_props[] = {
	{ "memory-path", CONF_PATHS, true, 1, FIELD(conf_claim, paths) },
	{ NULL }
};

static void check_leaf(struct conf_reader *reader, int node)
{
	int child;

	fdt_for_each_subnode(child, reader->fdt, node)
		conf_error(reader, child, NULL, "unknown node");
}

/* What a partition claims */

/* The driver takes one word about DMA. */
static void check_words(struct conf_reader *reader, int node,
			const struct conf_claim *claim)
{
	uint32_t words = claim->flags &
			 (SOCASSIGN_NO_DMA | SOCASSIGN_UNSAFE_DMA |
			  SOCASSIGN_CONFINED_DMA);

	if (words & (words - 1))
		conf_error(reader, node, NULL,
			   "no-dma, unsafe-dma and confined-dma exclude each other");
}

static void read_claim(struct conf_reader *reader, int node,
		       struct conf_claim *claim)
{
	claim->name = fdt_get_name(reader->fdt, node, NULL);
	if (claim->is_memory)
		claim->flags = SOCASSIGN_SHARED;
	conf_props(reader, node,
		   claim->is_memory ? memory_props : device_props, claim);
	check_words(reader, node, claim);
	if (claim->is_memory)
		check_leaf(reader, node);
	else
		conf_windows(reader, node, claim);
}

static void add_claim(struct conf_reader *reader, int parent, int node,
		      struct conf_partition *partition)
{
	const char *name = fdt_get_name(reader->fdt, node, NULL);
	bool is_memory = conf_is_kind(name, "shared-memory");

	if (!is_memory && !conf_is_kind(name, "device")) {
		conf_error(reader, node, NULL,
			   "unknown node: not \"device\", \"shared-memory\" or \"doorbell\", nor with one of these at its end");
		return;
	}
	if (!conf_check_one_of(reader, parent, node, partition->num_claims,
			       CONF_MAX_CLAIMS))
		return;
	partition->claims[partition->num_claims].is_memory = is_memory;
	read_claim(reader, node, &partition->claims[partition->num_claims++]);
}

/* How often a partition names a node of the host's, its own memory included */
static unsigned int count_path(const struct conf_partition *partition,
			       const char *path)
{
	unsigned int num = partition->memory_path &&
			   !strcmp(partition->memory_path, path);

	for (unsigned int i = 0; i < partition->num_claims; i++) {
		const struct conf_list *paths = &partition->claims[i].paths;

		for (unsigned int k = 0; k < paths->num; k++)
			num += !strcmp(paths->item[k], path);
	}
	return num;
}

static void check_claim(struct conf_reader *reader, int node,
			const struct conf_partition *partition,
			const struct conf_claim *claim)
{
	int child = fdt_subnode_offset(reader->fdt, node, claim->name);

	for (unsigned int i = 0; i < claim->paths.num; i++)
		if (count_path(partition, claim->paths.item[i]) > 1)
			conf_error(reader, child,
				   claim->is_memory ? "memory-path" : "paths",
				   "%s is named twice", claim->paths.item[i]);
	conf_check_windows(reader, child, partition, claim);
}

/* Partitions */

uint32_t conf_num_cpus(uint32_t said, unsigned int num_paths)
{
	if (said)
		return said;
	return num_paths ? num_paths : 1;
}

static void check_partition(struct conf_reader *reader, int node,
			    const struct conf_partition *partition)
{
	bool has_path = fdt_getprop(reader->fdt, node, "memory-path", NULL);
	bool has_size = fdt_getprop(reader->fdt, node, "memory-size", NULL);

	if (!has_path && !has_size)
		conf_error(reader, node, "memory-path",
			   "is missing, and so is memory-size");
	if (has_path && has_size)
		conf_error(reader, node, "memory-path",
			   "is there, and so is memory-size");
	if (partition->num_cpus && partition->cpu_paths.num &&
	    partition->num_cpus != partition->cpu_paths.num)
		conf_error(reader, node, "cpu-paths",
			   "has %u, and there are %u cpus",
			   partition->cpu_paths.num, partition->num_cpus);
	for (unsigned int i = 0; i < partition->num_claims; i++)
		check_claim(reader, node, partition, &partition->claims[i]);
}

static void read_partition(struct conf_reader *reader, int node,
			   struct conf_partition *partition)
{
	int child;

	*partition = (struct conf_partition) {
		.name = fdt_get_name(reader->fdt, node, NULL),
	};
	conf_props(reader, node, partition_props, partition);
	fdt_for_each_subnode(child, reader->fdt, node)
		if (conf_is_kind(fdt_get_name(reader->fdt, child, NULL),
				 "doorbell"))
			conf_doorbell(reader, node, child, partition);
		else
			add_claim(reader, node, child, partition);
	check_partition(reader, node, partition);
	partition->num_cpus = conf_num_cpus(partition->num_cpus,
					    partition->cpu_paths.num);
}

static size_t count_partitions(const void *fdt, int parent)
{
	size_t num = 0;
	int node;

	fdt_for_each_subnode(node, fdt, parent)
		num++;
	return num;
}

static void read_partitions(struct conf_reader *reader, int parent,
			    struct conf *conf)
{
	int node;

	fdt_for_each_subnode(node, reader->fdt, parent)
		if (conf_check_name(reader, parent, node))
			read_partition(reader, node,
				       &conf->partitions[conf->num++]);
	conf_check_doorbells(reader, parent, conf);
}

/* Its own properties: nothing but what it is */
static void check_head(struct conf_reader *reader, int node)
{
	static const struct conf_prop props[] = {
		{ "compatible", CONF_TEXT, true, .offset = 0 },
		{ NULL }
	};
	const char *compatible = NULL;

	conf_props(reader, node, props, &compatible);
	if (compatible && strcmp(compatible, COMPATIBLE))
		conf_error(reader, node, "compatible", "not \"" COMPATIBLE "\"");
}

/* libfdt takes a name for that of a node with a unit address. */
static int find_head(const void *fdt)
{
	int node = fdt_path_offset(fdt, CONF_NODE);

	if (node >= 0 && strcmp(fdt_get_name(fdt, node, NULL), &CONF_NODE[1]))
		return -FDT_ERR_NOTFOUND;
	return node;
}

static int read_head(struct conf_reader *reader, struct conf *conf)
{
	int node = find_head(reader->fdt);
	size_t num;

	if (node < 0) {
		conf_error(reader, 0, NULL, "there is no node " CONF_NODE);
		return 0;
	}
	num = count_partitions(reader->fdt, node);
	conf->partitions = calloc(num ? num : 1, sizeof(*conf->partitions));
	if (!conf->partitions)
		return -ENOMEM;
	check_head(reader, node);
	if (!num)
		conf_error(reader, node, NULL, "there is no partition");
	read_partitions(reader, node, conf);
	return 0;
}

/* The library knows what a blob has to be like for libfdt to read it. */
static int check_blob(const void *fdt, size_t size,
		      const struct conf_errors *errors)
{
	struct soca_tree *tree;
	int ret = soca_tree_open(fdt, size, &tree);

	if (!ret)
		soca_tree_close(tree);
	if (ret == -EINVAL)
		errors->tell(errors->data, "/", "", "not a device tree blob");
	if (ret == -ELOOP)
		errors->tell(errors->data, "/", "", "nodes are nested too deep");
	return ret == -ELOOP ? -EINVAL : ret;
}

int conf_read(const void *fdt, size_t size, const struct conf_errors *errors,
	      struct conf *conf)
{
	struct conf_reader reader = { .fdt = fdt, .errors = errors };
	int ret = check_blob(fdt, size, errors);

	*conf = (struct conf) { 0 };
	if (!ret)
		ret = read_head(&reader, conf);
	if (!ret && reader.num_errors)
		ret = -EINVAL;
	if (ret)
		conf_free(conf);
	return ret;
}

void conf_free(struct conf *conf)
{
	free(conf->partitions);
	*conf = (struct conf) { 0 };
}

const struct conf_partition *conf_find(const struct conf *conf,
				       const char *name)
{
	for (size_t i = 0; i < conf->num; i++)
		if (!strcmp(conf->partitions[i].name, name))
			return &conf->partitions[i];
	return NULL;
}
