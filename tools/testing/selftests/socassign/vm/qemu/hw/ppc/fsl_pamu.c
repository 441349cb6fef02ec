/*
 * Freescale PAMU, the IOMMU of QorIQ chips
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Every unit translates for the bus masters behind it, all of them with the
 * same tables in memory.  What the tables say about one access is in
 * pamu_walk.h; here are the registers, and the way into QEMU's memory API.
 *
 * Nothing is cached: each access walks the tables anew, as if the caches of
 * the hardware, which snoop, were always up to date.
 *
 * The reference manual's chapter was not at hand.  Where its readers differ:
 *  - PC[PE] = 0 lets every access pass untranslated unless PC[PGC] closes the
 *    gate, so clearing PE is no way to stop a master here;
 *  - the pending bit of PICS is latched.  It goes away when 1 is written to it
 *    after AVS1 was cleared, which is what drivers for the hardware do;
 *  - POES and AVS2 read as zero, and POEA as zero where no PAACE was reached;
 *  - an access that spans pages is one transaction for each of them: the parts
 *    before and after a refused page are carried out.
 */

#include "qemu/osdep.h"
#include "qemu/log.h"
#include "qapi/error.h"
#include "exec/address-spaces.h"
#include "hw/irq.h"
#include "hw/qdev-properties.h"
#include "hw/sysbus.h"
#include "migration/vmstate.h"
#include "fsl_pamu.h"
#include "pamu_walk.h"

#define PAMU_PAGE_MASK 0xfffULL

#define PAMU_PPBAH   0x000
#define PAMU_PPLAH   0x008
#define PAMU_SPBAH   0x010
#define PAMU_SPLAH   0x018
#define PAMU_OBAH    0x020
#define PAMU_OLAH    0x028
#define PAMU_OLAL    0x02c
#define PAMU_POEAH   0x048
#define PAMU_POEAL   0x04c
#define PAMU_AVS1    0x050
#define PAMU_AVAH    0x058
#define PAMU_AVAL    0x05c
#define PAMU_EECTL   0x060
#define PAMU_EEDIS   0x064
#define PAMU_EEINTEN 0x068
#define PAMU_PR1     0xbf8
#define PAMU_PC2     0xc04
#define PAMU_PC3     0xc08
#define PAMU_PC      0xc10
#define PAMU_PICS    0xc1c

/* The revision is 1.0; the number of the IP block is not known. */
#define PAMU_PR1_REVISION      0x0100
/* LIODNs have 12 bits on all chips with this revision. */
#define PAMU_PC2_MLIODN        (0xfffu << 16)
#define PAMU_PC3_MWCE_SHIFT    21

#define PAMU_PC_GATE_CLOSED    0x80000000
#define PAMU_PC_ENABLE         0x40000000

#define PAMU_PICS_PENDING      0x8
#define PAMU_PICS_ENABLE       0x4

#define PAMU_UNIT_REGS         (FSL_PAMU_UNIT_SIZE / 4)

#define PAMU_BYPASS_UNIT_0     0x80000000
#define PAMU_BYPASS_ALL        (~0u << (32 - FSL_PAMU_UNITS))

#define TYPE_FSL_PAMU_IOMMU_MEMORY_REGION "fsl-pamu-iommu-memory-region"

typedef struct FslPamuUnit {
    uint32_t regs[PAMU_UNIT_REGS];
} FslPamuUnit;

struct FslPamuState {
    SysBusDevice parent_obj;

    MemoryRegion mmio;
    MemoryRegion bypass_mmio;
    qemu_irq irq;

    FslPamuUnit unit[FSL_PAMU_UNITS];
    uint32_t bypass;
    uint8_t mwce;
};

typedef struct FslPamuMaster {
    IOMMUMemoryRegion iommu;
    FslPamuState *pamu;
    unsigned unit;
    unsigned liodn;
} FslPamuMaster;

static uint32_t *pamu_reg(FslPamuUnit *unit, hwaddr offset)
{
    return &unit->regs[offset / 4];
}

static uint64_t pamu_reg64(FslPamuUnit *unit, hwaddr offset)
{
    return (uint64_t)*pamu_reg(unit, offset) << 32 |
           *pamu_reg(unit, offset + 4);
}

/* Violations: one set of registers for each unit */

static void pamu_update_irq(FslPamuState *s)
{
    const uint32_t both = PAMU_PICS_PENDING | PAMU_PICS_ENABLE;
    bool level = false;
    int i;

    for (i = 0; i < FSL_PAMU_UNITS; i++) {
        level |= (*pamu_reg(&s->unit[i], PAMU_PICS) & both) == both;
    }
    qemu_set_irq(s->irq, level);
}

static void pamu_violation(FslPamuMaster *master, hwaddr addr, uint32_t avs1,
                           uint64_t paace)
{
    FslPamuState *s = master->pamu;
    FslPamuUnit *unit = &s->unit[master->unit];

    qemu_log_mask(LOG_GUEST_ERROR, "fsl-pamu: unit %u, LIODN %u: violation "
                  "0x%x at 0x%" HWADDR_PRIx ", PAACE 0x%" PRIx64 "\n",
                  master->unit, master->liodn, avs1, addr, paace);
    if (*pamu_reg(unit, PAMU_AVS1) & PAMU_AVS1_CAUSES) {
        return; /* the registers are taken: this one is lost */
    }
    *pamu_reg(unit, PAMU_AVS1) = master->liodn << 16 | avs1;
    *pamu_reg(unit, PAMU_AVAH) = addr >> 32;
    *pamu_reg(unit, PAMU_AVAL) = addr;
    *pamu_reg(unit, PAMU_POEAH) = paace >> 32;
    *pamu_reg(unit, PAMU_POEAL) = paace;
    *pamu_reg(unit, PAMU_PICS) |= PAMU_PICS_PENDING;
    pamu_update_irq(s);
}

/* Accesses of masters */

/*
 * The hardware fetches an entry as one cache line, never half of an update.
 * Vcpus may be writing to it here, so read until nothing moves any more.
 */
static bool pamu_read_table(void *opaque, uint64_t addr, void *buf,
                            unsigned int len)
{
    uint8_t again[PAMU_PAACE_SIZE];

    assert(len <= sizeof(again));
    do {
        if (address_space_read(&address_space_memory, addr,
                               MEMTXATTRS_UNSPECIFIED, buf, len) ||
            address_space_read(&address_space_memory, addr,
                               MEMTXATTRS_UNSPECIFIED, again, len)) {
            return false;
        }
    } while (memcmp(buf, again, len));
    return true;
}

/* True, and where the access goes; or false, and the violation is reported. */
static bool pamu_access(FslPamuMaster *master, hwaddr addr, bool write,
                        bool report, hwaddr *target)
{
    static const struct pamu_memory memory = { .read = pamu_read_table };
    FslPamuState *s = master->pamu;
    FslPamuUnit *unit = &s->unit[master->unit];
    uint32_t control = *pamu_reg(unit, PAMU_PC);
    struct pamu_tables tables = {
        .ppaact = pamu_reg64(unit, PAMU_PPBAH),
        .ppaact_limit = pamu_reg64(unit, PAMU_PPLAH),
        .spaact = pamu_reg64(unit, PAMU_SPBAH),
        .spaact_limit = pamu_reg64(unit, PAMU_SPLAH),
        .omt = pamu_reg64(unit, PAMU_OBAH),
        .omt_limit = pamu_reg64(unit, PAMU_OLAH),
        .max_wce = s->mwce,
    };
    struct pamu_result result = { };
    uint32_t avs1;

    *target = addr;
    if (s->bypass & (PAMU_BYPASS_UNIT_0 >> master->unit)) {
        return true;
    }
    if (control & PAMU_PC_GATE_CLOSED) {
        avs1 = PAMU_AVS1_AV | PAMU_AVS1_GCV;
    } else if (!(control & PAMU_PC_ENABLE)) {
        return true;
    } else if (pamu_walk(&tables, &memory, master->liodn, addr, 1, write,
                         &result)) {
        *target = result.target;
        return true;
    } else {
        avs1 = pamu_avs1(result.fault, write);
    }
    if (report) {
        pamu_violation(master, addr, avs1, result.paace);
    }
    return false;
}

/* Windows and their parts are made of whole pages. */
static IOMMUTLBEntry pamu_translate(IOMMUMemoryRegion *iommu, hwaddr addr,
                                    IOMMUAccessFlags flag, int iommu_idx)
{
    FslPamuMaster *master = container_of(iommu, FslPamuMaster, iommu);
    /* IOMMU_NONE asks what is allowed, and accesses nothing. */
    IOMMUAccessFlags wanted = flag == IOMMU_NONE ? IOMMU_RW : flag;
    bool report = flag != IOMMU_NONE;
    IOMMUTLBEntry entry = {
        .target_as = &address_space_memory,
        .iova = addr & ~PAMU_PAGE_MASK,
        .addr_mask = PAMU_PAGE_MASK,
        .perm = IOMMU_NONE,
    };
    hwaddr target;

    if (wanted & IOMMU_RO && pamu_access(master, addr, false, report,
                                         &target)) {
        entry.perm |= IOMMU_RO;
        entry.translated_addr = target & ~PAMU_PAGE_MASK;
    }
    if (wanted & IOMMU_WO && pamu_access(master, addr, true, report,
                                         &target)) {
        entry.perm |= IOMMU_WO;
        entry.translated_addr = target & ~PAMU_PAGE_MASK;
    }
    return entry;
}

MemoryRegion *fsl_pamu_master(FslPamuState *s, unsigned unit, unsigned liodn)
{
    FslPamuMaster *master = g_new0(FslPamuMaster, 1);
    g_autofree char *name = g_strdup_printf("pamu%u-liodn%u", unit, liodn);

    assert(unit < FSL_PAMU_UNITS && liodn <= FSL_PAMU_MAX_LIODN);
    master->pamu = s;
    master->unit = unit;
    master->liodn = liodn;
    memory_region_init_iommu(&master->iommu, sizeof(master->iommu),
                             TYPE_FSL_PAMU_IOMMU_MEMORY_REGION, OBJECT(s),
                             name, UINT64_MAX);
    return MEMORY_REGION(&master->iommu);
}

/* Registers */

static uint64_t pamu_mmio_read(void *opaque, hwaddr addr, unsigned size)
{
    FslPamuState *s = opaque;

    return *pamu_reg(&s->unit[addr / FSL_PAMU_UNIT_SIZE],
                     addr % FSL_PAMU_UNIT_SIZE);
}

static void pamu_write_pics(FslPamuUnit *unit, uint32_t value)
{
    uint32_t *pics = pamu_reg(unit, PAMU_PICS);

    *pics = (*pics & PAMU_PICS_PENDING) | (value & PAMU_PICS_ENABLE);
    if (value & PAMU_PICS_PENDING &&
        !(*pamu_reg(unit, PAMU_AVS1) & PAMU_AVS1_CAUSES)) {
        *pics &= ~PAMU_PICS_PENDING;
    }
}

static void pamu_mmio_write(void *opaque, hwaddr addr, uint64_t value,
                            unsigned size)
{
    FslPamuState *s = opaque;
    FslPamuUnit *unit = &s->unit[addr / FSL_PAMU_UNIT_SIZE];
    hwaddr offset = addr % FSL_PAMU_UNIT_SIZE;

    switch (offset) {
    case PAMU_PPBAH ... PAMU_OLAL:
    case PAMU_EECTL:
    case PAMU_EEDIS:
    case PAMU_EEINTEN:
    case PAMU_PC:
        *pamu_reg(unit, offset) = value;
        break;
    case PAMU_AVS1:
        *pamu_reg(unit, offset) &= ~(value & PAMU_AVS1_CAUSES);
        break;
    case PAMU_PICS:
        pamu_write_pics(unit, value);
        pamu_update_irq(s);
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "fsl-pamu: write to 0x%" HWADDR_PRIx
                      ", which is read-only or reserved\n", addr);
        break;
    }
}

static const MemoryRegionOps pamu_mmio_ops = {
    .read = pamu_mmio_read,
    .write = pamu_mmio_write,
    .endianness = DEVICE_BIG_ENDIAN,
    .valid = {
        .min_access_size = 4,
        .max_access_size = 4,
    },
};

static uint64_t pamu_bypass_read(void *opaque, hwaddr addr, unsigned size)
{
    FslPamuState *s = opaque;

    return s->bypass;
}

static void pamu_bypass_write(void *opaque, hwaddr addr, uint64_t value,
                              unsigned size)
{
    FslPamuState *s = opaque;

    s->bypass = value & PAMU_BYPASS_ALL;
}

static const MemoryRegionOps pamu_bypass_ops = {
    .read = pamu_bypass_read,
    .write = pamu_bypass_write,
    .endianness = DEVICE_BIG_ENDIAN,
    .valid = {
        .min_access_size = 4,
        .max_access_size = 4,
    },
};

/* The device */

static void pamu_reset(DeviceState *dev)
{
    FslPamuState *s = FSL_PAMU(dev);
    int i;

    memset(s->unit, 0, sizeof(s->unit));
    for (i = 0; i < FSL_PAMU_UNITS; i++) {
        *pamu_reg(&s->unit[i], PAMU_PR1) = PAMU_PR1_REVISION;
        *pamu_reg(&s->unit[i], PAMU_PC2) = PAMU_PC2_MLIODN;
        *pamu_reg(&s->unit[i], PAMU_PC3) = s->mwce << PAMU_PC3_MWCE_SHIFT;
    }
    s->bypass = PAMU_BYPASS_ALL;
    pamu_update_irq(s);
}

static void pamu_realize(DeviceState *dev, Error **errp)
{
    FslPamuState *s = FSL_PAMU(dev);

    if (s->mwce > 15) {
        error_setg(errp, "mwce has four bits");
    }
}

static void pamu_init(Object *obj)
{
    FslPamuState *s = FSL_PAMU(obj);
    SysBusDevice *sbd = SYS_BUS_DEVICE(obj);

    memory_region_init_io(&s->mmio, obj, &pamu_mmio_ops, s, TYPE_FSL_PAMU,
                          FSL_PAMU_UNITS * FSL_PAMU_UNIT_SIZE);
    memory_region_init_io(&s->bypass_mmio, obj, &pamu_bypass_ops, s,
                          TYPE_FSL_PAMU ".pamubypenr", 4);
    sysbus_init_mmio(sbd, &s->mmio);
    sysbus_init_mmio(sbd, &s->bypass_mmio);
    sysbus_init_irq(sbd, &s->irq);
}

static const VMStateDescription vmstate_pamu_unit = {
    .name = TYPE_FSL_PAMU "/unit",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (VMStateField[]) {
        VMSTATE_UINT32_ARRAY(regs, FslPamuUnit, PAMU_UNIT_REGS),
        VMSTATE_END_OF_LIST()
    }
};

static const VMStateDescription vmstate_pamu = {
    .name = TYPE_FSL_PAMU,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (VMStateField[]) {
        VMSTATE_STRUCT_ARRAY(unit, FslPamuState, FSL_PAMU_UNITS, 1,
                             vmstate_pamu_unit, FslPamuUnit),
        VMSTATE_UINT32(bypass, FslPamuState),
        VMSTATE_END_OF_LIST()
    }
};

static Property pamu_properties[] = {
    DEFINE_PROP_UINT8("mwce", FslPamuState, mwce, 7),
    DEFINE_PROP_END_OF_LIST(),
};

static void pamu_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);

    dc->desc = "Freescale PAMU (IOMMU)";
    dc->realize = pamu_realize;
    dc->reset = pamu_reset;
    dc->vmsd = &vmstate_pamu;
    device_class_set_props(dc, pamu_properties);
}

static void pamu_iommu_class_init(ObjectClass *klass, void *data)
{
    IOMMUMemoryRegionClass *imrc = IOMMU_MEMORY_REGION_CLASS(klass);

    imrc->translate = pamu_translate;
}

static const TypeInfo pamu_types[] = {
    {
        .name          = TYPE_FSL_PAMU,
        .parent        = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(FslPamuState),
        .instance_init = pamu_init,
        .class_init    = pamu_class_init,
    },
    {
        .name          = TYPE_FSL_PAMU_IOMMU_MEMORY_REGION,
        .parent        = TYPE_IOMMU_MEMORY_REGION,
        .class_init    = pamu_iommu_class_init,
    },
};

DEFINE_TYPES(pamu_types)
