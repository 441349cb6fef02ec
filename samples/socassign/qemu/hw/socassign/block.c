/*
 * SoC devices of the host, assigned to the guest: where registers go
 *
 * What shares pages on the host shares them in the guest: such regions are a
 * block. A block goes where the platform bus has room, where the host has it,
 * or where the user says.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "exec/address-spaces.h"
#include "qapi/error.h"
#include "qemu/range.h"
#include "internal.h"

uint64_t asd_region_page_offset(const AsdRegion *region)
{
    return soca_region_get(region->asd->claim, region->index)->page_offset;
}

uint64_t asd_region_first_page(const AsdRegion *region)
{
    return region->host - asd_region_page_offset(region);
}

uint64_t asd_region_pages_size(const AsdRegion *region)
{
    return ROUND_UP(asd_region_page_offset(region) + region->bytes,
                    qemu_real_host_page_size());
}

static bool meet(const AsdBlock *block, uint64_t start, uint64_t size)
{
    return start < block->host + block->size && block->host < start + size;
}

/* Blocks that a region joins become one. */
static void add_to_blocks(AssignedSocDev *asd, uint64_t start, uint64_t size)
{
    unsigned int i = 0;
    uint64_t end = start + size;

    while (i < asd->num_blocks) {
        const AsdBlock *block = &asd->blocks[i];

        if (!meet(block, start, end - start)) {
            i++;
            continue;
        }
        start = MIN(start, block->host);
        end = MAX(end, block->host + block->size);
        asd->blocks[i] = asd->blocks[--asd->num_blocks];
        i = 0;
    }
    asd->blocks[asd->num_blocks++] = (AsdBlock) {
        .host = start, .size = end - start, .guest = ASD_ANYWHERE,
    };
}

/*
 * What shares a page on the host shares one in the guest, and what lies inside
 * of something else stays there.
 */
static void make_blocks(AssignedSocDev *asd)
{
    unsigned int i, num = soca_info_get(asd->claim)->num_regions;

    asd->blocks = g_new0(AsdBlock, num);
    for (i = 0; i < num; i++) {
        if (asd->regions[i].is_placed) {
            add_to_blocks(asd, asd_region_first_page(&asd->regions[i]),
                          asd_region_pages_size(&asd->regions[i]));
        }
    }
}

AsdBlock *asd_block_of(AssignedSocDev *asd, const AsdRegion *region)
{
    AsdBlock *block = asd->blocks;

    while (!meet(block, asd_region_first_page(region),
                 asd_region_pages_size(region))) {
        block++;
    }
    return block;
}

/*
 * Where the host has them, or where the user says: what the machine has there
 * itself is hidden.
 */

/* What shares a page with another one goes with it. */
static bool place_region(AssignedSocDev *asd, const AsdRegion *region,
                         Error **errp)
{
    AsdBlock *block = asd_block_of(asd, region);
    uint64_t wanted = asd->identity ? region->host : region->wanted;
    uint64_t start = wanted - (region->host - block->host);

    if (wanted == ASD_ANYWHERE) {
        return true;
    }
    if (start % qemu_real_host_page_size() || start > wanted ||
        start + block->size < start) {
        error_setg(errp, "address=: region %u cannot be at 0x%" PRIx64 ": it "
                   "has to be 0x%" PRIx64 " bytes behind the start of a page",
                   region->index, wanted, asd_region_page_offset(region));
        return false;
    }
    if (block->guest != ASD_ANYWHERE && block->guest != start) {
        error_setg(errp, "address=: region %u shares a page with another one, "
                   "and goes where that goes", region->index);
        return false;
    }
    block->guest = start;
    return true;
}

static bool is_free(const AsdBlock *block)
{
    PlatformBusDevice *bus = asd_place_bus();
    MemoryRegionSection found = memory_region_find(get_system_memory(),
                                                   block->guest, block->size);
    bool is_memory = found.mr && memory_region_is_ram(found.mr);

    memory_region_unref(found.mr);
    return !is_memory && (!bus || !ranges_overlap(block->guest, block->size,
                                                  bus->mmio.addr,
                                                  bus->mmio_size));
}

static bool check_block(const AssignedSocDev *asd, unsigned int index,
                        Error **errp)
{
    const AsdBlock *block = &asd->blocks[index];
    bool is_good = is_free(block);
    unsigned int i;

    for (i = 0; i < index; i++) {
        is_good = is_good && (asd->blocks[i].guest == ASD_ANYWHERE ||
                              !ranges_overlap(block->guest, block->size,
                                              asd->blocks[i].guest,
                                              asd->blocks[i].size));
    }
    if (!is_good) {
        error_setg(errp, "%s: the guest has memory at 0x%" PRIx64 ", or the "
                   "bus, or another device of the host's", asd_name(asd),
                   block->guest);
    }
    return is_good;
}

static bool place_blocks(AssignedSocDev *asd, Error **errp)
{
    unsigned int i, number = 0;

    for (i = 0; i < soca_info_get(asd->claim)->num_regions; i++) {
        if (asd->regions[i].is_placed &&
            !place_region(asd, &asd->regions[i], errp)) {
            return false;
        }
    }
    for (i = 0; i < asd->num_blocks; i++) {
        if (asd->blocks[i].guest == ASD_ANYWHERE) {
            asd->blocks[i].number = number++;
        } else if (!check_block(asd, i, errp)) {
            return false;
        }
    }
    if (number > QDEV_MAX_MMIO) {
        error_setg(errp, "%s: more than %d ranges of registers",
                   asd_name(asd), QDEV_MAX_MMIO);
        return false;
    }
    return true;
}

/**
 * asd_blocks_create - Find out where each region that is placed goes
 * @asd: The device, whose regions are known
 * @errp: Error
 *
 * Returns: true, or false with @errp set.
 */
bool asd_blocks_create(AssignedSocDev *asd, Error **errp)
{
    make_blocks(asd);
    return place_blocks(asd, errp);
}

void asd_block_map(AssignedSocDev *asd, AsdBlock *block)
{
    if (block->guest != ASD_ANYWHERE) {
        memory_region_add_subregion_overlap(get_system_memory(), block->guest,
                                            &block->container, 1);
    } else {
        sysbus_init_mmio(SYS_BUS_DEVICE(asd), &block->container);
    }
}

void asd_block_unmap(AsdBlock *block)
{
    memory_region_del_subregion(block->container.container, &block->container);
}

uint64_t asd_block_guest_address(AssignedSocDev *asd, PlatformBusDevice *pbus,
                                 const AsdRegion *region)
{
    const AsdBlock *block = asd_block_of(asd, region);
    uint64_t start = block->guest;

    if (start == ASD_ANYWHERE) {
        start = pbus->mmio.addr +
                platform_bus_get_mmio_addr(pbus, SYS_BUS_DEVICE(asd),
                                           block->number);
    }
    return start + (region->host - block->host);
}
