/* SPDX-License-Identifier: GPL-2.0 */
/* A guest under QEMU: what lib/guest.h does not say. */
#ifndef _SELFTESTS_SOCASSIGN_GUEST_QEMU_H
#define _SELFTESTS_SOCASSIGN_GUEST_QEMU_H

#include "guest.h"

#define QEMU_DEVICE	"assigned-soc-dev"

#endif
