/*
 * SoC devices of the host: memory for guests, and for windows of the devices
 *
 * memory-backend-socassign is a memory partition: a range that the host's device
 * tree reserves. It is in one piece, as the PAMU's windows want it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/error-report.h"
#include "qemu/main-loop.h"
#include "qemu/module.h"
#include "compat.h"
#include "internal.h"

#define TYPE_MEMORY_BACKEND_SOCASSIGN "memory-backend-socassign"
OBJECT_DECLARE_SIMPLE_TYPE(AsdHostmem, MEMORY_BACKEND_SOCASSIGN)

struct AsdHostmem {
    HostMemoryBackend parent_obj;

    char *dev;
    char *fd;
    struct soca_claim *claim;
};

static const char *hostmem_name(const AsdHostmem *mem)
{
    return soca_info_get(mem->claim)->nodes.str[0];
}

/* Its end: without its memory a guest cannot go on. */

static void end(const AsdHostmem *mem, const char *why, ShutdownCause cause)
{
    qemu_set_fd_handler(soca_fd(mem->claim), NULL, NULL, NULL);
    error_report("%s: %s: the guest ends", hostmem_name(mem), why);
    qemu_system_shutdown_request(cause);
}

static void take_event(void *opaque)
{
    AsdHostmem *mem = opaque;
    struct soca_event event;
    int ret = soca_event_get(mem->claim, &event);

    if (ret == -ENODEV) {
        end(mem, "the host has taken the memory away",
            SHUTDOWN_CAUSE_HOST_ERROR);
    } else if (!ret && event.type == SOCASSIGN_EVENT_REMOVE_REQUESTED) {
        end(mem, "the host asks for the memory", SHUTDOWN_CAUSE_HOST_SIGNAL);
    }
}

/* Opening */

static bool check(const AsdHostmem *mem, uint64_t size, Error **errp)
{
    uint64_t bytes;

    if (!soca_is_partition(mem->claim)) {
        error_setg(errp, "%s: a device, not memory", hostmem_name(mem));
        return false;
    }
    bytes = soca_region_get(mem->claim, 0)->bytes;
    if (!size || size > bytes || size % qemu_real_host_page_size()) {
        error_setg(errp, "size=: %s has 0x%" PRIx64 " bytes, of which whole "
                   "pages can be used", hostmem_name(mem), bytes);
        return false;
    }
    return true;
}

static void *map(const AsdHostmem *mem, Error **errp)
{
    volatile void *addr = NULL;
    int ret = soca_region_map(mem->claim, 0, true, &addr);

    /* KVM on e500 does not fault it in. */
    if (!ret) {
        ret = soca_region_prefault(mem->claim, 0);
    }
    if (ret) {
        error_setg(errp, "%s: %s", hostmem_name(mem),
                   soca_explain(SOCA_OP_REGION, ret));
        return NULL;
    }
    return (void *)addr;
}

static bool make_memory(HostMemoryBackend *backend, Error **errp)
{
    AsdHostmem *mem = MEMORY_BACKEND_SOCASSIGN(backend);
    g_autofree char *name = NULL;
    void *addr;

    if (!asd_claim_make(mem->dev, mem->fd, 0, &mem->claim, errp) ||
        !check(mem, backend->size, errp)) {
        return false;
    }
    addr = map(mem, errp);
    if (!addr) {
        return false;
    }
    name = host_memory_backend_get_name(backend);
    memory_region_init_ram_ptr(&backend->mr, OBJECT(backend), name,
                               backend->size, addr);
    qemu_set_fd_handler(soca_fd(mem->claim), take_event, NULL, mem);
    return true;
}

ASD_DEFINE_HOSTMEM_ALLOC(hostmem_alloc, make_memory)

static void hostmem_finalize(Object *obj)
{
    AsdHostmem *mem = MEMORY_BACKEND_SOCASSIGN(obj);

    if (mem->claim) {
        qemu_set_fd_handler(soca_fd(mem->claim), NULL, NULL, NULL);
    }
    soca_close(mem->claim);
    g_free(mem->dev);
    g_free(mem->fd);
}

/**
 * asd_hostmem_fd - What the driver knows memory by
 * @mr: RAM of any kind
 *
 * Returns: the claim of the partition that it is all of, which the backend
 * keeps; or -1 if it is none.
 */
int asd_hostmem_fd(const MemoryRegion *mr)
{
    AsdHostmem *mem = (AsdHostmem *)
        object_dynamic_cast(memory_region_owner((MemoryRegion *)mr),
                            TYPE_MEMORY_BACKEND_SOCASSIGN);

    return mem ? soca_fd(mem->claim) : -1;
}

/* Properties */

static char *get_dev(Object *obj, Error **errp)
{
    return g_strdup(MEMORY_BACKEND_SOCASSIGN(obj)->dev);
}

static char *get_fd(Object *obj, Error **errp)
{
    return g_strdup(MEMORY_BACKEND_SOCASSIGN(obj)->fd);
}

static void set_string(Object *obj, char **string, const char *value,
                       Error **errp)
{
    if (host_memory_backend_mr_inited(MEMORY_BACKEND(obj))) {
        error_setg(errp, "the memory is there already");
        return;
    }
    g_free(*string);
    *string = g_strdup(value);
}

static void set_dev(Object *obj, const char *value, Error **errp)
{
    set_string(obj, &MEMORY_BACKEND_SOCASSIGN(obj)->dev, value, errp);
}

static void set_fd(Object *obj, const char *value, Error **errp)
{
    set_string(obj, &MEMORY_BACKEND_SOCASSIGN(obj)->fd, value, errp);
}

/* Devices see it, and the kernel makes none of its pages the same. */
static void hostmem_init(Object *obj)
{
    HostMemoryBackend *backend = MEMORY_BACKEND(obj);

    backend->share = true;
    backend->merge = false;
}

static void hostmem_class_init(ObjectClass *klass, void *data)
{
    MEMORY_BACKEND_CLASS(klass)->alloc = hostmem_alloc;
    object_class_property_add_str(klass, "dev", get_dev, set_dev);
    object_class_property_set_description(klass, "dev",
        "Path of the partition in the host's device tree");
    object_class_property_add_str(klass, "fd", get_fd, set_fd);
    object_class_property_set_description(klass, "fd",
        "A claim of it that somebody else has made");
}

static const TypeInfo hostmem_info = {
    .name = TYPE_MEMORY_BACKEND_SOCASSIGN,
    .parent = TYPE_MEMORY_BACKEND,
    .instance_size = sizeof(AsdHostmem),
    .instance_init = hostmem_init,
    .instance_finalize = hostmem_finalize,
    .class_init = hostmem_class_init,
};

static void hostmem_register_types(void)
{
    type_register_static(&hostmem_info);
}

type_init(hostmem_register_types)
