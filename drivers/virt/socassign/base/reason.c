// SPDX-License-Identifier: GPL-2.0-only
/*
 * Why a request is refused, on its way to the one who asked
 */
#define pr_fmt(fmt) "socassign: " fmt

#include <linux/slab.h>
#include <linux/string.h>
#include <linux/string_helpers.h>
#include <linux/uaccess.h>
#include <uapi/linux/socassign.h>

#include "base/reason.h"

/**
 * soca_reason_is_private - Is a sentence for the caller only?
 * @reason: Where it goes, or NULL
 *
 * Return: true if so; false if the log gets it, too.
 */
bool soca_reason_is_private(const struct soca_reason *reason)
{
	return reason && reason->is_private;
}

/* Ends up on somebody's terminal. */
static char *soca_reason_escape(const char *raw)
{
	const size_t room = SOCASSIGN_MAX_REASON_LEN - 1;
	char *text = kmalloc(SOCASSIGN_MAX_REASON_LEN, GFP_KERNEL_ACCOUNT);
	int len;

	if (!text)
		return NULL;
	len = string_escape_mem(raw, strlen(raw), text, room,
				ESCAPE_HEX | ESCAPE_NAP, NULL);
	text[min_t(size_t, len, room)] = '\0';
	return text;
}

/**
 * soca_reason_set - Say why a request is refused
 * @reason: Where it goes, or NULL: nobody listens
 * @fmt: A format; what it prints may come from the device tree, where an overlay
 *	can put any byte into a name
 *
 * Without memory there is no sentence: the errno says it all then.
 *
 * Context: Process context.
 */
void soca_reason_set(struct soca_reason *reason, const char *fmt, ...)
{
	va_list args;

	if (!reason)
		return;
	va_start(args, fmt);
	char *raw __free(kfree) = kvasprintf(GFP_KERNEL, fmt, args);
	va_end(args);
	soca_reason_free(reason);
	if (raw)
		reason->text = soca_reason_escape(raw);
}

/**
 * soca_reason_to_user - Tell the caller, as far as it fits
 * @reason: The sentence; cut to what fits
 * @uptr: The user's buffer
 * @len: Its size; 0: he does not want to know
 *
 * A buffer that cannot be written is no error: it must neither hide the errno
 * of a refusal nor undo what succeeded.
 *
 * Context: Process context, not under any lock that a fault may need.
 */
void soca_reason_to_user(struct soca_reason *reason, u64 uptr, u32 len)
{
	size_t size = reason->text ? strlen(reason->text) + 1 : 1;

	if (!len)
		return;
	if (len < size) {
		size = len;
		reason->text[size - 1] = '\0';
	}
	if (copy_to_user(u64_to_user_ptr(uptr), reason->text ?: "", size))
		pr_debug("no buffer for a reason at 0x%llx\n", uptr);
}

/**
 * soca_reason_free - Forget the sentence
 * @reason: Where it is
 */
void soca_reason_free(struct soca_reason *reason)
{
	kfree(reason->text);
	reason->text = NULL;
}
