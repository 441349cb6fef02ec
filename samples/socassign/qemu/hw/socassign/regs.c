/*
 * SoC devices of the host, assigned to the guest: registers
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <sys/mman.h>
#include "qapi/error.h"
#include "qemu/error-report.h"
#include "internal.h"

/*
 * For pages that the guest may not have whole, without KVM, and where a device
 * was.
 */

/*
 * libsocassign makes an errno of the SIGBUS of a device that has just gone, and
 * QEMU's threads begin with that blocked.
 */
static void let_sigbus_through(void)
{
    static __thread bool is_through;
    sigset_t set;

    if (is_through) {
        return;
    }
    sigemptyset(&set);
    sigaddset(&set, SIGBUS);
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
    is_through = true;
}

static uint64_t io_read(void *opaque, hwaddr offset, unsigned int size)
{
    const AsdRegion *region = opaque;
    uint64_t value = UINT64_MAX;

    if (!region->asd->is_gone) {
        let_sigbus_through();
        soca_read(region->asd->claim, region->index, offset, size, &value);
        asd_irqs_user_access(region->asd);
    }
    return value;
}

static void io_write(void *opaque, hwaddr offset, uint64_t value,
                     unsigned int size)
{
    const AsdRegion *region = opaque;

    if (!region->asd->is_gone) {
        let_sigbus_through();
        soca_write(region->asd->claim, region->index, offset, size, value);
        asd_irqs_user_access(region->asd);
    }
}

static const MemoryRegionOps io_ops = {
    .read = io_read,
    .write = io_write,
    .endianness = DEVICE_NATIVE_ENDIAN,
    .valid = { .min_access_size = 1, .max_access_size = 8 },
    .impl = { .min_access_size = 1, .max_access_size = 8 },
};

/* Checking and mapping: all that can fail */

static bool check_place(const AsdRegion *region, Error **errp)
{
    const struct soca_region *it = soca_region_get(region->asd->claim,
                                               region->index);

    if (region->host % qemu_real_host_page_size() != it->page_offset) {
        error_setg(errp, "%s: region %u is at 0x%" PRIx64 " in the device "
                   "tree, and somewhere else", asd_name(region->asd),
                   region->index, region->host);
        return false;
    }
    if (!(it->flags & SOCASSIGN_REGION_MMAP) && !it->widths) {
        error_setg(errp, "%s: region %u cannot be mapped, and the kernel "
                   "accesses registers only with socassign's parameter "
                   "kernel_access=Y", asd_name(region->asd), region->index);
        return false;
    }
    return true;
}

static bool map_region(AsdRegion *region, Error **errp)
{
    struct soca_claim *claim = region->asd->claim;
    const struct soca_region *it = soca_region_get(claim, region->index);
    volatile void *regs; /* the library's type: nobody accesses them here */
    int ret;

    if (!(it->flags & SOCASSIGN_REGION_MMAP)) {
        return true;
    }
    ret = soca_region_map(claim, region->index, false, &regs);
    if (!ret) {
        ret = soca_region_prefault(claim, region->index);
    }
    if (ret) {
        error_setg(errp, "%s: region %u: %s", asd_name(region->asd),
                   region->index, soca_explain(SOCA_OP_REGION, ret));
        return false;
    }
    region->regs = (void *)regs;
    return true;
}

static bool map_regions(AssignedSocDev *asd, Error **errp)
{
    unsigned int i;

    for (i = 0; i < soca_info_get(asd->claim)->num_regions; i++) {
        if (asd->regions[i].is_placed &&
            (!check_place(&asd->regions[i], errp) ||
             !map_region(&asd->regions[i], errp))) {
            return false;
        }
    }
    return true;
}

/* QEMU's regions */

static void add_region(AssignedSocDev *asd, AsdRegion *region)
{
    AsdBlock *block = asd_block_of(asd, region);
    g_autofree char *name = g_strdup_printf("%s region %u", asd_name(asd),
                                            region->index);
    uint64_t offset;

    memory_region_init_io(&region->io, OBJECT(asd), &io_ops, region, name,
                          region->bytes);
    memory_region_add_subregion_overlap(&block->container,
                                        region->host - block->host,
                                        &region->io, 0);
    if (!region->regs || !asd->in_kernel) {
        return;
    }
    memory_region_init_ram_device_ptr(&region->pages, OBJECT(asd), name,
                                      asd_region_pages_size(region),
                                      (char *)region->regs -
                                      asd_region_page_offset(region));
    offset = asd_region_first_page(region) - block->host;
    memory_region_add_subregion_overlap(&block->container, offset,
                                        &region->pages, 1);
}

bool asd_regs_create(AssignedSocDev *asd, Error **errp)
{
    unsigned int i;

    if (!asd_blocks_create(asd, errp) || !map_regions(asd, errp)) {
        return false;
    }
    for (i = 0; i < asd->num_blocks; i++) {
        memory_region_init(&asd->blocks[i].container, OBJECT(asd),
                           asd_name(asd), asd->blocks[i].size);
        asd_block_map(asd, &asd->blocks[i]);
    }
    for (i = 0; i < soca_info_get(asd->claim)->num_regions; i++) {
        if (asd->regions[i].is_placed) {
            add_region(asd, &asd->regions[i]);
        }
    }
    return true;
}

/*
 * The slot goes before the address space shows it: a vCPU in between comes to QEMU,
 * which finds the pages, waits for the BQL and then accesses them itself. The dead
 * mapping would be a SIGBUS, so ones take its place.
 */
static void replace_pages(const AsdRegion *region)
{
    char *pages = (char *)region->regs - asd_region_page_offset(region);

    if (mmap(pages, asd_region_pages_size(region), PROT_READ | PROT_WRITE,
             MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED) {
        warn_report("%s: region %u: %s", asd_name(region->asd), region->index,
                    strerror(errno));
        return;
    }
    memset(pages, 0xff, asd_region_pages_size(region));
}

void asd_regs_lose(AssignedSocDev *asd)
{
    unsigned int i;

    memory_region_transaction_begin();
    for (i = 0; i < soca_info_get(asd->claim)->num_regions; i++) {
        if (asd->regions[i].regs && asd->in_kernel) {
            replace_pages(&asd->regions[i]);
            memory_region_set_enabled(&asd->regions[i].pages, false);
        }
    }
    memory_region_transaction_commit();
}

/* What is in a container refers to its owner, as long as it is there. */
static void remove_region(AssignedSocDev *asd, AsdRegion *region)
{
    AsdBlock *block = asd_block_of(asd, region);

    memory_region_del_subregion(&block->container, &region->io);
    if (region->regs && asd->in_kernel) {
        memory_region_del_subregion(&block->container, &region->pages);
    }
}

/* The pages stay mapped until nobody looks at them any more. */
void asd_regs_remove(AssignedSocDev *asd)
{
    unsigned int i;

    memory_region_transaction_begin();
    for (i = 0; i < soca_info_get(asd->claim)->num_regions; i++) {
        if (asd->regions[i].is_placed) {
            remove_region(asd, &asd->regions[i]);
        }
    }
    for (i = 0; i < asd->num_blocks; i++) {
        asd_block_unmap(&asd->blocks[i]);
    }
    memory_region_transaction_commit();
}

void asd_regs_free(AssignedSocDev *asd)
{
    g_free(asd->blocks);
    g_free(asd->regions);
}
