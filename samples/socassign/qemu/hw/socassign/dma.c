/*
 * SoC devices of the host, assigned to the guest: DMA
 *
 * A device sees the guest's memory where the guest sees it, and nothing else; or
 * what windows= says (window.c).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "exec/address-spaces.h"
#include "qapi/error.h"
#include "qemu/error-report.h"
#include "compat.h"
#include "internal.h"

static unsigned int num_dmas(const AssignedSocDev *asd)
{
    return soca_info_get(asd->claim)->num_dmas;
}

/* Windows: one in each identity for each piece of memory */

static bool open_windows(AssignedSocDev *asd,
                         const MemoryRegionSection *section,
                         const AsdMemory *memory, Error **errp)
{
    const struct soca_window window = {
        .memory = memory->fd, .offset = memory->start,
        .flags = SOCASSIGN_DMA_READ | SOCASSIGN_DMA_WRITE,
        .iova = section->offset_within_address_space,
        .length = int128_get64(section->size),
    };
    char reason[SOCASSIGN_MAX_REASON_LEN] = "";
    unsigned int i;

    for (i = 0; i < num_dmas(asd); i++) {
        int ret = soca_dma_map(asd->claim, i, &window, reason);

        if (ret) {
            error_setg(errp, "%s: DMA: the guest's memory at 0x%" PRIx64 ": %s",
                       asd_name(asd), window.iova,
                       *reason ? reason : soca_explain(SOCA_OP_DMA, ret));
            return false;
        }
    }
    return true;
}

static void add_memory(MemoryListener *listener, MemoryRegionSection *section)
{
    AssignedSocDev *asd = container_of(listener, AssignedSocDev, dma.listener);
    AsdMemory *memory;
    Error *err = NULL;

    if (!asd_memory_is(section)) {
        return;
    }
    memory = asd_memory_get(asd, section->mr, section->offset_within_region,
                            int128_get64(section->size), &err);
    if (memory && open_windows(asd, section, memory, &err)) {
        return;
    }
    if (asd->dma.is_open) {
        error_report_err(err);
    } else if (asd->dma.error) {
        error_free(err);
    } else {
        asd->dma.error = err;
    }
}

static void del_memory(MemoryListener *listener, MemoryRegionSection *section)
{
    AssignedSocDev *asd = container_of(listener, AssignedSocDev, dma.listener);
    uint64_t size = int128_get64(section->size);
    AsdMemory *memory;
    unsigned int i;

    if (!asd_memory_is(section)) {
        return;
    }
    for (i = 0; i < num_dmas(asd); i++) {
        soca_dma_unmap(asd->claim, i, section->offset_within_address_space,
                       size);
    }
    memory = asd_memory_find(section->mr, section->offset_within_region, size);
    if (memory) {
        asd_memory_put(memory);
    }
}

/* Who has handed the claim over may have opened windows of his. */
static bool close_windows(const AssignedSocDev *asd, Error **errp)
{
    unsigned int i;
    int ret = 0;

    for (i = 0; i < num_dmas(asd) && !ret; i++) {
        ret = soca_dma_disable(asd->claim, i);
        if (!ret) {
            ret = soca_dma_unmap_all(asd->claim, i);
        }
    }
    if (ret) {
        error_setg(errp, "%s: DMA: %s", asd_name(asd),
                   soca_explain(SOCA_OP_DMA, ret));
    }
    return !ret;
}

/* Nothing but a window keeps a device from memory, or a reset. */
static bool check_identities(const AssignedSocDev *asd, Error **errp)
{
    const struct soca_dma *dma;
    unsigned int i;

    for (i = 0; (dma = soca_dma_get(asd->claim, i)); i++) {
        if (dma->flags & SOCASSIGN_DMA_DIRECT) {
            error_setg(errp, "%s: it does DMA without an IOMMU",
                       asd_name(asd));
            return false;
        }
        if (dma->flags & SOCASSIGN_DMA_STALE &&
            !soca_info_get(asd->claim)->has_reset) {
            error_setg(errp, "%s: it may still do what its last owner told it "
                       "to, and cannot be reset", asd_name(asd));
            return false;
        }
    }
    return true;
}

static bool open_all_memory(AssignedSocDev *asd, Error **errp)
{
    asd->dma.listener = (MemoryListener) {
        .name = TYPE_ASSIGNED_SOC_DEV,
        .region_add = add_memory,
        .region_del = del_memory,
    };
    memory_listener_register(&asd->dma.listener, &address_space_memory);
    asd->dma.is_open = !asd->dma.error;
    if (!asd->dma.is_open) {
        error_propagate(errp, asd->dma.error);
    }
    return asd->dma.is_open;
}

/**
 * asd_dma_open - Open the guest's memory to the device, or the user's windows
 * @asd: The device, with its claim, placed as far as the user says where
 * @errp: Error
 *
 * It is let through its windows by asd_dma_start().
 *
 * Returns: true, or false with @errp set.
 */
bool asd_dma_open(AssignedSocDev *asd, Error **errp)
{
    int ret;

    if (!num_dmas(asd) && !asd->windows) {
        return true;
    }
    if (!check_identities(asd, errp) || !close_windows(asd, errp)) {
        return false;
    }
    /* What is pinned must stay the guest's memory. */
    ret = ram_block_discard_disable(true);
    if (ret) {
        error_setg_errno(errp, -ret, "%s: the guest's memory comes and goes",
                         asd_name(asd));
        return false;
    }
    asd->dma.keeps_memory = true;
    return asd->has_windows ? asd_windows_open(asd, errp) :
                              open_all_memory(asd, errp);
}

static void end(const AssignedSocDev *asd, const char *why)
{
    error_report("%s: DMA: %s", asd_name(asd), why);
    qemu_system_shutdown_request(SHUTDOWN_CAUSE_HOST_ERROR);
}

static int for_all(const AssignedSocDev *asd,
                   int (*act)(const struct soca_claim *claim,
                              unsigned int index))
{
    unsigned int i;
    int ret = 0;

    for (i = 0; i < num_dmas(asd) && !ret; i++) {
        ret = act(asd->claim, i);
    }
    /* ENODEV: a claim that has just ended is told by its events. */
    return ret == -ENODEV ? 0 : ret;
}

/* An identity without windows stays blocked. */
static int enable(const struct soca_claim *claim, unsigned int index)
{
    struct soca_dma dma;
    int ret = soca_dma_state(claim, index, &dma);

    return ret || !dma.num_windows ? ret : soca_dma_enable(claim, index);
}

/**
 * asd_dma_start - Let the device through its windows, as the guest begins
 * @asd: The device, which has been reset if it can be
 *
 * What a guest has left at work must not go on in the memory of the next one:
 * that does not begin.
 */
void asd_dma_start(AssignedSocDev *asd)
{
    int ret;

    if (asd->dma.is_started && !soca_info_get(asd->claim)->has_reset) {
        for_all(asd, soca_dma_disable);
        end(asd, "it cannot be reset, so the guest cannot begin again");
        return;
    }
    ret = for_all(asd, enable);
    if (ret) {
        end(asd, soca_explain(SOCA_OP_DMA, ret));
        return;
    }
    asd->dma.is_started = num_dmas(asd);
}

void asd_dma_close(AssignedSocDev *asd)
{
    if (!asd->dma.keeps_memory) {
        return;
    }
    if (asd->has_windows) {
        close_windows(asd, NULL);
        asd_windows_close(asd);
    } else {
        memory_listener_unregister(&asd->dma.listener);
    }
    ram_block_discard_disable(false);
    asd->dma.keeps_memory = false;
}
