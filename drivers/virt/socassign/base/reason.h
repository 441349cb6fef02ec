/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Why a request is refused: one sentence, to the log and to the caller
 */
#ifndef _SOCASSIGN_REASON_H
#define _SOCASSIGN_REASON_H

#include <linux/of.h>
#include <linux/printk.h>
#include <linux/types.h>

/**
 * struct soca_reason - The sentence for the caller
 * @is_private: It is for the caller only, not for the log
 * @text: Printable ASCII; NULL if nothing was refused
 */
struct soca_reason {
	bool is_private;
	char *text;
};

/* Of the root %pOF prints nothing: it has no name, and its path is that of others. */
static inline const char *soca_root_slash(const struct device_node *np)
{
	return of_node_is_root(np) ? "/" : "";
}

/*
 * One sentence for a refusal: it names the node and the rule.  It goes to the
 * log, a few of each kind, and to the caller, whom the log may not be open to.
 * @_reason is NULL where a command has no room for it.  Whoever asks what would be
 * refused is told alone.
 */
#define soca_refuse(_reason, _np, _fmt, ...)				\
do {									\
	soca_reason_set(_reason, "%s%pOF: refused: " _fmt,		\
			soca_root_slash(_np), _np, ##__VA_ARGS__);	\
	if (!soca_reason_is_private(_reason))				\
		pr_info_ratelimited("%s%pOF: refused: " _fmt "\n",	\
				    soca_root_slash(_np), _np,		\
				    ##__VA_ARGS__);			\
} while (0)

bool soca_reason_is_private(const struct soca_reason *reason);
__printf(2, 3)
void soca_reason_set(struct soca_reason *reason, const char *fmt, ...);
void soca_reason_to_user(struct soca_reason *reason, u64 uptr, u32 len);
void soca_reason_free(struct soca_reason *reason);

#endif /* _SOCASSIGN_REASON_H */
