// SPDX-License-Identifier: GPL-2.0
#include "json.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

#define MAX_DEPTH 64

/* Each function returns what follows, or NULL; NULL begets NULL. */

static const char *take_value(const char *at, int depth);

static const char *skip_blank(const char *at)
{
	return at ? at + strspn(at, " \t\r\n") : NULL;
}

static const char *take_word(const char *at, const char *word)
{
	size_t len = strlen(word);

	return at && !strncmp(at, word, len) ? at + len : NULL;
}

static const char *take_escape(const char *at)
{
	if (*at != 'u')
		return *at && strchr("\"\\/bfnrt", *at) ? at + 1 : NULL;
	for (int i = 1; i <= 4; i++)
		if (!isxdigit((unsigned char)at[i]))
			return NULL;
	return at + 5;
}

static const char *take_string(const char *at)
{
	at = take_word(at, "\"");
	while (at && *at != '"') {
		if (*at < ' ' || *at > '~')
			return NULL;
		at = *at == '\\' ? take_escape(at + 1) : at + 1;
	}
	return at ? at + 1 : NULL;
}

/* Of numbers the command prints whole ones that are not negative. */
static const char *take_number(const char *at)
{
	size_t len = strspn(at, "0123456789");

	return len == 0 || (len > 1 && *at == '0') ? NULL : at + len;
}

static const char *take_member(const char *at, int depth)
{
	at = skip_blank(take_string(at));
	return take_value(take_word(at, ":"), depth);
}

/* What is between brackets: values, or members of an object. */
static const char *take_group(const char *at, char end, int depth)
{
	at = skip_blank(at + 1);
	if (*at == end)
		return at + 1;
	for (;;) {
		at = end == '}' ? take_member(at, depth) :
				  take_value(at, depth);
		at = skip_blank(at);
		if (!at || *at == end)
			return at ? at + 1 : NULL;
		at = skip_blank(take_word(at, ","));
	}
}

static const char *take_value(const char *at, int depth)
{
	at = skip_blank(at);
	if (!at || depth > MAX_DEPTH)
		return NULL;
	switch (*at) {
	case '{':
		return take_group(at, '}', depth + 1);
	case '[':
		return take_group(at, ']', depth + 1);
	case '"':
		return take_string(at);
	case 't':
		return take_word(at, "true");
	case 'f':
		return take_word(at, "false");
	case 'n':
		return take_word(at, "null");
	default:
		return take_number(at);
	}
}

bool json_valid(const char *text)
{
	const char *end = skip_blank(take_value(text, 0));

	return end && !*end;
}
