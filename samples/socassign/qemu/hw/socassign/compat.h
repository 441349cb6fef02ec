/*
 * SoC devices of the host, assigned to the guest: what differs between the
 * versions of QEMU that this is for, 7.2 and 10.0
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_SOCASSIGN_COMPAT_H
#define HW_SOCASSIGN_COMPAT_H

#include "hw/qdev-core.h"
#include "hw/resettable.h"

#if QEMU_VERSION_MAJOR >= 10

#include "system/hostmem.h"
#include "system/kvm.h"
#include "system/runstate.h"

typedef const Property AsdProperty;
#define ASD_PROPERTIES_END

/* Parameters of a reset's last phase */
#define ASD_RESET_EXIT_ARGS Object *obj, ResetType type

/* What an optional string of a QMP event is made of */
#define ASD_OPTIONAL(string) (string)

/* A backend's alloc(), which now says itself whether @make succeeded */
#define ASD_DEFINE_HOSTMEM_ALLOC(name, make)                                \
    static bool name(HostMemoryBackend *backend, Error **errp)              \
    {                                                                       \
        return make(backend, errp);                                         \
    }

#else

#include "sysemu/hostmem.h"
#include "sysemu/kvm.h"
#include "sysemu/runstate.h"

typedef Property AsdProperty;
#define ASD_PROPERTIES_END DEFINE_PROP_END_OF_LIST(),

#define ASD_RESET_EXIT_ARGS Object *obj

#define ASD_OPTIONAL(string) !!(string), (string)

#define ASD_DEFINE_HOSTMEM_ALLOC(name, make)                                \
    static void name(HostMemoryBackend *backend, Error **errp)              \
    {                                                                       \
        make(backend, errp);                                                \
    }

#endif

#endif
