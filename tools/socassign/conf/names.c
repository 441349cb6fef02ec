// SPDX-License-Identifier: GPL-2.0
/*
 * Names of nodes in a description
 */
#include "names.h"

#include <libfdt.h>
#include <string.h>

#include "props.h"

const char *conf_name_rule(const char *name)
{
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
	size_t len = strlen(name);

	if (strspn(name, letters) != len)
		return "a name has letters, digits, \"-\" and \"_\" only";
	if (*name == '-' || *name == '_')
		return "a name begins with a letter or a digit";
	return len > CONF_MAX_NAME ? "the name is too long" : NULL;
}

bool conf_is_kind(const char *name, const char *kind)
{
	size_t len = strlen(name), end = strlen(kind);

	if (len < end || strcmp(name + len - end, kind))
		return false;
	return len == end || name[len - end - 1] == '-';
}

/* A blob may have two of a name; whoever looks for one finds the first. */
static bool is_first(const void *fdt, int parent, int node)
{
	return fdt_subnode_offset(fdt, parent,
				  fdt_get_name(fdt, node, NULL)) == node;
}

bool conf_check_name(struct conf_reader *reader, int parent, int node)
{
	const char *rule = conf_name_rule(fdt_get_name(reader->fdt, node, NULL));
	bool is_one = is_first(reader->fdt, parent, node);

	if (rule)
		conf_error(reader, node, NULL, "%s", rule);
	if (!is_one)
		conf_error(reader, node, NULL, "is there twice");
	return is_one;
}

bool conf_check_one_of(struct conf_reader *reader, int parent, int node,
		       unsigned int num, unsigned int max)
{
	if (!conf_check_name(reader, parent, node))
		return false;
	if (num < max)
		return true;
	conf_error(reader, node, NULL, "there are more than %u of these", max);
	return false;
}
