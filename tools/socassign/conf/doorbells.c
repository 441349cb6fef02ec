// SPDX-License-Identifier: GPL-2.0
/*
 * Lines between two partitions: each of them has a node with the same name, which
 * names the other one
 */
#include "doorbells.h"

#include <libfdt.h>
#include <string.h>

#include "names.h"

static const struct conf_prop doorbell_props[] = {
	{ "partner", CONF_TEXT, true,
	  .offset = offsetof(struct conf_doorbell, partner) },
	{ NULL }
};

void conf_doorbell(struct conf_reader *reader, int parent, int node,
		   struct conf_partition *partition)
{
	struct conf_doorbell *doorbell;
	int child;

	if (!conf_check_one_of(reader, parent, node, partition->num_doorbells,
			       CONF_MAX_DOORBELLS))
		return;
	doorbell = &partition->doorbells[partition->num_doorbells++];
	doorbell->name = fdt_get_name(reader->fdt, node, NULL);
	conf_props(reader, node, doorbell_props, doorbell);
	fdt_for_each_subnode(child, reader->fdt, node)
		conf_error(reader, child, NULL, "unknown node");
}

static bool has_end(const struct conf_partition *partition, const char *name,
		    const char *partner)
{
	for (unsigned int i = 0; i < partition->num_doorbells; i++) {
		const struct conf_doorbell *it = &partition->doorbells[i];

		if (!strcmp(it->name, name))
			return it->partner && !strcmp(it->partner, partner);
	}
	return false;
}

static void check_doorbell(struct conf_reader *reader, int node,
			   const struct conf *conf, const char *name,
			   const struct conf_doorbell *it)
{
	const struct conf_partition *partner = conf_find(conf, it->partner);

	if (!partner)
		conf_error(reader, node, "partner",
			   "there is no such partition: %s", it->partner);
	else if (!strcmp(partner->name, name))
		conf_error(reader, node, "partner", "it is the partition itself");
	else if (!has_end(partner, it->name, name))
		conf_error(reader, node, "partner",
			   "%s has no node %s whose partner is %s",
			   partner->name, it->name, name);
}

static void check_partition(struct conf_reader *reader, int node,
			    const struct conf *conf,
			    const struct conf_partition *partition)
{
	for (unsigned int i = 0; i < partition->num_doorbells; i++) {
		const struct conf_doorbell *it = &partition->doorbells[i];

		if (it->partner)
			check_doorbell(reader,
				       fdt_subnode_offset(reader->fdt, node,
							  it->name),
				       conf, partition->name, it);
	}
}

void conf_check_doorbells(struct conf_reader *reader, int head,
			  const struct conf *conf)
{
	for (size_t i = 0; i < conf->num; i++) {
		const struct conf_partition *it = &conf->partitions[i];

		check_partition(reader, fdt_subnode_offset(reader->fdt, head,
							   it->name),
				conf, it);
	}
}
