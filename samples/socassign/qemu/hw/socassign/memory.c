/*
 * SoC devices of the host, assigned to the guest: memory for their windows
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "internal.h"

static QLIST_HEAD(, AsdMemory) all_memory = QLIST_HEAD_INITIALIZER(all_memory);

/* Is it memory that a device may see? */
bool asd_memory_is(const MemoryRegionSection *section)
{
    return memory_region_is_ram(section->mr) && !section->readonly &&
           !memory_region_is_ram_device(section->mr);
}

AsdMemory *asd_memory_find(const MemoryRegion *mr, uint64_t offset,
                           uint64_t size)
{
    AsdMemory *memory;

    QLIST_FOREACH(memory, &all_memory, next) {
        if (memory->mr == mr && memory->offset == offset &&
            memory->size == size) {
            return memory;
        }
    }
    return NULL;
}

static bool pin(const AssignedSocDev *asd, AsdMemory *memory, Error **errp)
{
    char *addr = (char *)memory_region_get_ram_ptr(memory->mr) +
                 memory->offset;

    memory->fd = soca_memory_pin(asd->claim, addr, memory->size, true, NULL);
    if (memory->fd < 0) {
        error_setg(errp, "%s: the guest's memory cannot be pinned: %s",
                   asd_name(asd), soca_explain(SOCA_OP_MEMORY, memory->fd));
        return false;
    }
    return true;
}

/**
 * asd_memory_get - Have memory ready for windows, of any devices
 * @asd: A device that sees it
 * @mr: RAM, of which it is a part
 * @offset: Where in @mr it starts
 * @size: Its size
 * @errp: Error
 *
 * It is pinned, and charged, once; a partition's is neither.
 *
 * Returns: the memory, for asd_memory_put(), or NULL with @errp set.
 */
AsdMemory *asd_memory_get(const AssignedSocDev *asd, MemoryRegion *mr,
                          uint64_t offset, uint64_t size, Error **errp)
{
    AsdMemory *memory = asd_memory_find(mr, offset, size);

    if (memory) {
        memory->users++;
        return memory;
    }
    memory = g_new(AsdMemory, 1);
    *memory = (AsdMemory) {
        .mr = mr, .offset = offset, .size = size, .users = 1,
    };
    /* A partition is an object of the driver's already, which @mr keeps. */
    memory->fd = asd_hostmem_fd(mr);
    if (memory->fd >= 0) {
        memory->start = offset;
    } else if (!pin(asd, memory, errp)) {
        g_free(memory);
        return NULL;
    }
    memory_region_ref(mr);
    QLIST_INSERT_HEAD(&all_memory, memory, next);
    return memory;
}

void asd_memory_put(AsdMemory *memory)
{
    if (--memory->users) {
        return;
    }
    QLIST_REMOVE(memory, next);
    if (asd_hostmem_fd(memory->mr) < 0) {
        close(memory->fd);
    }
    memory_region_unref(memory->mr);
    g_free(memory);
}
