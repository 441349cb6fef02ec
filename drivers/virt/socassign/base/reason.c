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
 * struct soca_reason - The sentence for the caller
 * @is_private: It is for the caller only, not for the log
 * @text: Printable ASCII; empty if nothing was refused
 */
struct soca_reason {
	bool is_private;
	char text[SOCASSIGN_MAX_REASON_LEN];
};

/**
 * soca_reason_alloc - Where the sentence of a request goes
 * @is_private: It is for the caller only, not for the log
 *
 * Return: The sentence, empty, to be freed with kfree(), or NULL.
 */
struct soca_reason *soca_reason_alloc(bool is_private)
{
	struct soca_reason *reason = kzalloc(sizeof(*reason),
					     GFP_KERNEL_ACCOUNT);

	if (reason)
		reason->is_private = is_private;
	return reason;
}

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
	size_t room = sizeof(reason->text) - 1;
	va_list args;
	int len;

	if (!reason)
		return;
	va_start(args, fmt);
	char *raw __free(kfree) = kvasprintf(GFP_KERNEL, fmt, args);
	va_end(args);
	if (!raw)
		return;
	/* It ends up on somebody's terminal. */
	len = string_escape_mem(raw, strlen(raw), reason->text, room,
				ESCAPE_HEX | ESCAPE_NAP, NULL);
	reason->text[min_t(size_t, len, room)] = '\0';
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
	size_t size = min_t(size_t, len, strlen(reason->text) + 1);

	if (!size)
		return;
	reason->text[size - 1] = '\0';
	if (copy_to_user(u64_to_user_ptr(uptr), reason->text, size))
		pr_debug("no buffer for a reason at 0x%llx\n", uptr);
}
