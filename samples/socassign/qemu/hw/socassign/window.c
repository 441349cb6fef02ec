/*
 * SoC devices of the host, assigned to the guest: windows that the user says
 *
 * windows= says all that a device sees. A window is onto a memory backend, or onto
 * what the guest has at an address: its memory, or the device's own registers.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "exec/address-spaces.h"
#include "qapi/error.h"
#include "qapi/qapi-visit-socassign.h"
#include "hw/qdev-properties.h"
#include "compat.h"
#include "internal.h"

#define MAX_STASH_LEVEL 3

/* The property */

static void get_windows(Object *obj, Visitor *v, const char *name,
                        void *opaque, Error **errp)
{
    AssignedSocDev *asd = ASSIGNED_SOC_DEV(obj);

    visit_type_AssignedSocDevWindowList(v, name, &asd->windows, errp);
}

static void set_windows(Object *obj, Visitor *v, const char *name,
                        void *opaque, Error **errp)
{
    AssignedSocDev *asd = ASSIGNED_SOC_DEV(obj);
    AssignedSocDevWindowList *windows;

    if (DEVICE(obj)->realized) {
        qdev_prop_set_after_realize(DEVICE(obj), name, errp);
        return;
    }
    if (visit_type_AssignedSocDevWindowList(v, name, &windows, errp)) {
        qapi_free_AssignedSocDevWindowList(asd->windows);
        asd->windows = windows;
        asd->has_windows = true;
    }
}

/* No Property: "info qtree" cannot print lists of structs, qom-get can. */
void asd_windows_class_init(ObjectClass *klass)
{
    object_class_property_add(klass, "windows", "AssignedSocDevWindowList",
                              get_windows, set_windows, NULL, NULL);
    object_class_property_set_description(klass, "windows",
                                          "What it sees of memory");
}

void asd_windows_free(AssignedSocDev *asd)
{
    qapi_free_AssignedSocDevWindowList(asd->windows);
}

/* What a window is onto */

static bool use_memory(AssignedSocDev *asd, MemoryRegion *mr, uint64_t offset,
                       struct soca_window *window, Error **errp)
{
    AsdMemory *memory = asd_memory_get(asd, mr, offset, window->length, errp);

    if (!memory) {
        return false;
    }
    g_ptr_array_add(asd->dma.memory, memory);
    window->memory = memory->fd;
    window->offset = memory->start;
    return true;
}

static HostMemoryBackend *find_backend(const char *id)
{
    Object *obj = object_resolve_path_component(object_get_objects_root(), id);

    return (HostMemoryBackend *)object_dynamic_cast(obj, TYPE_MEMORY_BACKEND);
}

static bool use_backend(AssignedSocDev *asd, const AssignedSocDevWindow *it,
                        struct soca_window *window, Error **errp)
{
    HostMemoryBackend *backend = find_backend(it->memory);
    MemoryRegion *mr = backend ? host_memory_backend_get_memory(backend) : NULL;
    uint64_t size;

    if (!mr || memory_region_is_rom(mr)) {
        error_setg(errp, "memory: \"%s\" is not the ID of a memory backend "
                   "that can be written to", it->memory);
        return false;
    }
    size = memory_region_size(mr);
    if (it->offset > size || it->size > size - it->offset) {
        error_setg(errp, "memory: \"%s\" has no 0x%" PRIx64 " bytes at "
                   "offset 0x%" PRIx64, it->memory, it->size, it->offset);
        return false;
    }
    return use_memory(asd, mr, it->offset, window, errp);
}

/* Those that the bus will place have no address yet, and nobody could say it. */
static bool has_address(AssignedSocDev *asd, const AsdRegion *region,
                        uint64_t address, uint64_t *offset)
{
    const AsdBlock *block;

    if (!region->is_placed) {
        return false;
    }
    block = asd_block_of(asd, region);
    *offset = address - block->guest -
              (asd_region_first_page(region) - block->host);
    return block->guest != ASD_ANYWHERE &&
           *offset < asd_region_pages_size(region);
}

static bool use_registers(AssignedSocDev *asd, uint64_t address,
                          struct soca_window *window)
{
    const struct soca_region *it;
    unsigned int i;
    uint64_t offset;

    for (i = 0; (it = soca_region_get(asd->claim, i)); i++) {
        if (has_address(asd, &asd->regions[i], address, &offset)) {
            window->memory = soca_fd(asd->claim);
            window->offset = it->cookie + offset;
            return true;
        }
    }
    return false;
}

static bool use_guests_memory(AssignedSocDev *asd, uint64_t address,
                              struct soca_window *window, Error **errp)
{
    MemoryRegionSection found = memory_region_find(get_system_memory(), address,
                                                   window->length);
    bool is_good = false;

    if (!found.mr || !asd_memory_is(&found) ||
        found.offset_within_address_space != address ||
        int128_get64(found.size) != window->length) {
        error_setg(errp, "offset: the guest has no memory at 0x%" PRIx64
                   ", or not 0x%" PRIx64 " bytes in one piece", address,
                   window->length);
    } else {
        is_good = use_memory(asd, found.mr, found.offset_within_region, window,
                             errp);
    }
    memory_region_unref(found.mr);
    return is_good;
}

static bool use(AssignedSocDev *asd, const AssignedSocDevWindow *it,
                struct soca_window *window, Error **errp)
{
    uint64_t address = it->has_offset ? it->offset : it->iova;

    if (it->memory) {
        return use_backend(asd, it, window, errp);
    }
    return use_registers(asd, address, window) ||
           use_guests_memory(asd, address, window, errp);
}

/* Opening */

/* What the kernel would refuse without a reason that helps. */
static bool check(const AssignedSocDev *asd, const AssignedSocDevWindow *it,
                  Error **errp)
{
    unsigned int num_dmas = soca_info_get(asd->claim)->num_dmas;

    if (it->index >= num_dmas) {
        error_setg(errp, "index: %u, and %s has %u DMA identities", it->index,
                   asd_name(asd), num_dmas);
        return false;
    }
    if (!it->size || (it->size | it->offset) % qemu_real_host_page_size()) {
        error_setg(errp, "size, offset: not whole pages");
        return false;
    }
    if (it->stash_level > MAX_STASH_LEVEL) {
        error_setg(errp, "stash-level: %u, and there are 1 to %u, and 0 for "
                   "none", it->stash_level, MAX_STASH_LEVEL);
        return false;
    }
    if (it->operation > SOCASSIGN_OPERATION_CAAM) {
        error_setg(errp, "operation: %u is unknown", it->operation);
        return false;
    }
    return true;
}

static bool open_window(AssignedSocDev *asd, const AssignedSocDevWindow *it,
                        Error **errp)
{
    struct soca_window window = {
        .flags = SOCASSIGN_DMA_READ | SOCASSIGN_DMA_WRITE,
        .iova = it->iova, .length = it->size,
        .stash_level = it->stash_level, .stash_cpu = it->stash_cpu,
        .operation = it->operation,
    };
    char reason[SOCASSIGN_MAX_REASON_LEN] = "";
    int ret;

    if (!check(asd, it, errp) || !use(asd, it, &window, errp)) {
        return false;
    }
    ret = soca_dma_map(asd->claim, it->index, &window, reason);
    if (ret) {
        error_setg(errp, "%s",
                   *reason ? reason : soca_explain(SOCA_OP_DMA, ret));
    }
    return !ret;
}

static void put_memory(gpointer memory)
{
    asd_memory_put(memory);
}

/**
 * asd_windows_open - Open the windows that the user says
 * @asd: The device
 * @errp: Error
 *
 * Returns: true, or false with @errp set. asd_windows_close() is due in either
 * case.
 */
bool asd_windows_open(AssignedSocDev *asd, Error **errp)
{
    ERRP_GUARD();
    const AssignedSocDevWindowList *it;
    unsigned int number = 0;

    asd->dma.memory = g_ptr_array_new_with_free_func(put_memory);
    for (it = asd->windows; it; it = it->next) {
        if (!open_window(asd, it->value, errp)) {
            error_prepend(errp, "windows[%u]: ", number);
            return false;
        }
        number++;
    }
    return true;
}

void asd_windows_close(AssignedSocDev *asd)
{
    g_ptr_array_unref(asd->dma.memory);
}
