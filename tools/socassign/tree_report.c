// SPDX-License-Identifier: GPL-2.0
/*
 * The report: what is not as it is on the host
 */
#include <stdarg.h>

#include "tree_internal.h"

static void tree_note_free(struct soca_tree_note *note)
{
	free(note->path);
	free(note->property);
	free(note->reason);
}

/* Takes over @reason. */
static int tree_report_take(struct soca_tree_report *report,
			    enum soca_tree_action action, const char *path,
			    const char *property, char *reason)
{
	struct soca_tree_note note = {
		.action = action,
		.path = strdup(path),
		.property = strdup(property ? property : ""),
		.reason = reason,
	};
	struct soca_tree_note *notes = NULL;

	if (note.path && note.property && note.reason)
		notes = tree_grow(report->notes, report->num, sizeof(*notes));
	if (!notes) {
		tree_note_free(&note);
		return -ENOMEM;
	}
	report->notes = notes;
	report->notes[report->num++] = note;
	return 0;
}

static char *tree_reason(const char *format, va_list args)
{
	char *reason;

	return vasprintf(&reason, format, args) < 0 ? NULL : reason;
}

int tree_report_add(struct soca_tree_report *report,
		    enum soca_tree_action action, const char *path,
		    const char *property, const char *reason, ...)
{
	va_list args;
	char *text;

	if (!report)
		return 0;
	va_start(args, reason);
	text = tree_reason(reason, args);
	va_end(args);
	return tree_report_take(report, action, path, property, text);
}

void tree_note(struct tree_build *build, enum soca_tree_action action,
	       int node, const char *property, const char *reason, ...)
{
	char *path, *text;
	va_list args;

	if (!build->report)
		return;
	path = tree_path(build->tree, node);
	va_start(args, reason);
	text = tree_reason(reason, args);
	va_end(args);
	if (!path)
		free(text);
	if (!path || tree_report_take(build->report, action, path, property,
				      text))
		tree_out_fail(&build->out, -ENOMEM);
	free(path);
}

/* For the caller to free, NULL without memory */
static char *tree_blob_path(const void *fdt, int offset)
{
	for (int size = 256; size < (1 << 20); size *= 2) {
		char *path = malloc(size);
		int ret = path ? fdt_get_path(fdt, offset, path, size) :
				 -FDT_ERR_INTERNAL;

		if (!ret)
			return path;
		free(path);
		if (ret != -FDT_ERR_NOSPACE)
			return NULL;
	}
	return NULL;
}

void tree_blob_note(struct soca_tree_report *report, const void *fdt,
		    int offset, enum soca_tree_action action,
		    const char *property, const char *reason)
{
	char *path = tree_blob_path(fdt, offset);

	tree_report_add(report, action, path ? path : "?", property, "%s",
			reason);
	free(path);
}

int tree_blob_fail(struct soca_tree_report *report, const void *fdt,
		   int offset, const char *property, const char *reason)
{
	tree_blob_note(report, fdt, offset, SOCA_TREE_ERROR, property, reason);
	return -EINVAL;
}

/* Names are the tree's, of any bytes: no escape sequences to a terminal. */
static void print_text(const char *text, FILE *file)
{
	for (; *text; text++)
		putc(*text < 0x20 || *text > 0x7e ? '?' : *text, file);
}

const char *soca_tree_action_name(enum soca_tree_action action)
{
	static const char *const names[] = {
		[SOCA_TREE_DROPPED] = "dropped",
		[SOCA_TREE_REPLACED] = "replaced",
		[SOCA_TREE_KEPT] = "kept",
		[SOCA_TREE_ERROR] = "error",
		[SOCA_TREE_DOUBTFUL] = "doubtful",
	};

	return (unsigned int)action <= SOCA_TREE_DOUBTFUL ? names[action] : "?";
}

void soca_tree_report_print(const struct soca_tree_report *report, FILE *file)
{
	for (size_t i = 0; i < report->num; i++) {
		const struct soca_tree_note *note = &report->notes[i];

		fprintf(file, "%s: ", soca_tree_action_name(note->action));
		print_text(note->path, file);
		if (*note->property)
			putc(' ', file);
		print_text(note->property, file);
		fputs(": ", file);
		print_text(note->reason, file);
		putc('\n', file);
	}
}

void soca_tree_report_free(struct soca_tree_report *report)
{
	for (size_t i = 0; i < report->num; i++)
		tree_note_free(&report->notes[i]);
	free(report->notes);
	*report = (struct soca_tree_report) {};
}
