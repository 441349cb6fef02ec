/*
 * SoC devices of the host, assigned to the guest: edits on the command line
 *
 * delete-prop= and node-update= change the guest's node. Both become an
 * overlay, which libsocassign applies as it does the user's.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <libfdt.h>
#include "qapi/error.h"
#include "qemu/bswap.h"
#include "qemu/cutils.h"
#include "internal.h"

/* What libsocassign takes for a list of properties to delete */
#define DELETE_PROPERTIES "socassign,delete-properties"

/* Of an overlay with nothing in it, and of what each character can become */
#define LEAST_SIZE 1024
#define SIZE_PER_CHAR 16

#define NAME_CHARS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" \
                   "0123456789,._+?#-@"
#define BLANKS " \t\r\n"

/* The text of node-update=, and where in it we are */
typedef struct AsdText {
    const char *at;
    void *fdt;
    const char *wrong;  /* what is wrong there, or NULL */
} AsdText;

static bool fail(AsdText *text, const char *wrong)
{
    text->wrong = wrong;
    return false;
}

static char peek(AsdText *text)
{
    text->at += strspn(text->at, BLANKS);
    return *text->at;
}

static bool take(AsdText *text, char wanted)
{
    if (peek(text) != wanted) {
        return false;
    }
    text->at++;
    return true;
}

/* Values */

static bool take_string(AsdText *text, GByteArray *value)
{
    size_t len = strcspn(text->at, "\"\\");

    if (text->at[len] != '"') {
        return fail(text, "a string ends with \", and has no backslash in it");
    }
    g_byte_array_append(value, (const guint8 *)text->at, len);
    g_byte_array_append(value, (const guint8 *)"", 1);
    text->at += len + 1;
    return true;
}

static bool take_cell(AsdText *text, GByteArray *value)
{
    const char *end;
    uint64_t number;
    uint32_t cell;

    if (!g_ascii_isdigit(*text->at)) {
        return fail(text, "not a number");
    }
    if (qemu_strtou64(text->at, &end, 0, &number) || number > UINT32_MAX) {
        return fail(text, "a cell has 32 bits");
    }
    text->at = end;
    cell = cpu_to_be32(number);
    g_byte_array_append(value, (const guint8 *)&cell, sizeof(cell));
    return true;
}

static bool take_cells(AsdText *text, GByteArray *value)
{
    while (!take(text, '>')) {
        if (!take_cell(text, value)) {
            return false;
        }
    }
    return true;
}

static bool take_bytes(AsdText *text, GByteArray *value)
{
    while (!take(text, ']')) {
        guint8 byte;

        if (!g_ascii_isxdigit(text->at[0]) || !g_ascii_isxdigit(text->at[1])) {
            return fail(text, "a byte has two hexadecimal digits");
        }
        byte = g_ascii_xdigit_value(text->at[0]) << 4 |
               g_ascii_xdigit_value(text->at[1]);
        g_byte_array_append(value, &byte, 1);
        text->at += 2;
    }
    return true;
}

static bool take_value(AsdText *text, GByteArray *value)
{
    if (take(text, '"')) {
        return take_string(text, value);
    }
    if (take(text, '<')) {
        return take_cells(text, value);
    }
    if (take(text, '[')) {
        return take_bytes(text, value);
    }
    return fail(text, "not a value: \"string\", <cells>, or [bytes]");
}

/* Nodes */

static bool take_property(AsdText *text, int node, const char *name)
{
    g_autoptr(GByteArray) value = g_byte_array_new();
    int ret;

    if (take(text, '=')) {
        do {
            if (!take_value(text, value)) {
                return false;
            }
        } while (take(text, ','));
    }
    ret = fdt_setprop(text->fdt, node, name, value->data, value->len);
    return !ret || fail(text, fdt_strerror(ret));
}

static bool take_body(AsdText *text, int node);

static bool take_child(AsdText *text, int node, const char *name)
{
    int child = fdt_add_subnode(text->fdt, node, name);

    if (child < 0) {
        return fail(text, fdt_strerror(child));
    }
    return take_body(text, child) &&
           (take(text, '}') || fail(text, "} is missing"));
}

static bool take_statement(AsdText *text, int node)
{
    size_t len = strspn(text->at, NAME_CHARS);
    g_autofree char *name = g_strndup(text->at, len);

    if (!len) {
        return fail(text, "not a property or a node");
    }
    text->at += len;
    return take(text, '{') ? take_child(text, node, name) :
                             take_property(text, node, name);
}

/* What is between the braces of a node; the last semicolon may be left out. */
static bool take_body(AsdText *text, int node)
{
    while (peek(text) && *text->at != '}') {
        if (!take_statement(text, node)) {
            return false;
        }
        if (!take(text, ';')) {
            break;
        }
    }
    return true;
}

static bool take_all(AsdText *text, int node)
{
    return take_body(text, node) &&
           (!peek(text) || fail(text, "; is missing"));
}

static bool add_update(const AssignedSocDev *asd, void *fdt, int node,
                       Error **errp)
{
    AsdText text = { .at = asd->node_update, .fdt = fdt };

    if (!asd->node_update || take_all(&text, node)) {
        return true;
    }
    error_setg(errp, "node-update=: %s: \"%s\"", text.wrong, text.at);
    return false;
}

/* Its names have no colons in them, as those of dev=. */
static bool add_deletions(const AssignedSocDev *asd, void *fdt, int node,
                          Error **errp)
{
    g_auto(GStrv) names = NULL;
    unsigned int i;
    int ret = 0;

    if (!asd->delete_prop) {
        return true;
    }
    names = g_strsplit(asd->delete_prop, ":", 0);
    for (i = 0; names[i] && !ret; i++) {
        ret = fdt_appendprop_string(fdt, node, DELETE_PROPERTIES, names[i]);
    }
    if (ret) {
        error_setg(errp, "delete-prop=: %s", fdt_strerror(ret));
    }
    return !ret;
}

/* A blob with a fragment for @target; the node that is merged into that. */
static int begin_overlay(void *fdt, size_t size, const char *target)
{
    int ret = fdt_create_empty_tree(fdt, size);
    int fragment = ret ? ret : fdt_add_subnode(fdt, 0, "fragment@0");

    if (fragment < 0) {
        return fragment;
    }
    ret = fdt_setprop_string(fdt, fragment, "target-path", target);
    return ret ? ret : fdt_add_subnode(fdt, fragment, "__overlay__");
}

static size_t length(const char *text)
{
    return text ? strlen(text) : 0;
}

/**
 * asd_edit_overlay - Make an overlay of delete-prop= and node-update=
 * @asd: The device
 * @target: Path of its node in the guest's tree
 * @size: Size of the overlay
 * @errp: Error
 *
 * Returns: the overlay, for g_free(); or NULL with @errp set.
 */
void *asd_edit_overlay(const AssignedSocDev *asd, const char *target,
                       size_t *size, Error **errp)
{
    g_autofree void *fdt = NULL;
    int node;

    *size = LEAST_SIZE + strlen(target) + SIZE_PER_CHAR *
            (length(asd->delete_prop) + length(asd->node_update));
    fdt = g_malloc0(*size);
    node = begin_overlay(fdt, *size, target);
    if (node < 0) {
        error_setg(errp, "no overlay: %s", fdt_strerror(node));
        return NULL;
    }
    if (!add_deletions(asd, fdt, node, errp) ||
        !add_update(asd, fdt, node, errp)) {
        return NULL;
    }
    return g_steal_pointer(&fdt);
}
