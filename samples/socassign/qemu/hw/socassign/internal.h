/*
 * SoC devices of the host, assigned to the guest: what its files share
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_SOCASSIGN_INTERNAL_H
#define HW_SOCASSIGN_INTERNAL_H

#include <libsocassign.h>

#include "exec/memory.h"
#include "hw/socassign/assigned-soc-dev.h"
#include "qapi/qapi-types-socassign.h"
#include "qemu/event_notifier.h"
#include "qemu/queue.h"
#include "qemu/timer.h"

/* Where something goes that is the platform bus's to place */
#define ASD_ANYWHERE UINT64_MAX

/* Whole pages of the host's, which stay next to each other in the guest */
typedef struct AsdBlock {
    uint64_t host;
    uint64_t size;
    uint64_t guest;         /* or ASD_ANYWHERE */
    unsigned int number;    /* of those that are placed by the bus */
    MemoryRegion container;
} AsdBlock;

/* Registers, as libsocassign counts them */
typedef struct AsdRegion {
    AssignedSocDev *asd;
    unsigned int index;
    bool is_placed;     /* the guest's tree asks for it */
    uint64_t host;      /* where the host's CPUs see it */
    uint64_t bytes;
    uint64_t wanted;    /* by the user: where the guest has it */
    void *regs;         /* mapped, or NULL */
    MemoryRegion io;    /* each access by the claim */
    MemoryRegion pages; /* above it: a memslot */
} AsdRegion;

typedef struct AsdIrq {
    bool is_wanted;     /* by the guest's tree */
    bool is_level;
    uint64_t wanted;    /* by the user: a pin of the bus's */
    int number;         /* of the sysbus device's */
    qemu_irq pin;       /* what it is connected to */
    EventNotifier trigger;
    EventNotifier resample;

    /* Where QEMU is between the two */
    bool is_raised;
    int64_t raised_at;
    QEMUTimer *end;
} AsdIrq;

/* Memory that windows are onto */
typedef struct AsdMemory {
    MemoryRegion *mr;   /* it is this part of it: */
    uint64_t offset;
    uint64_t size;
    int fd;             /* for the kernel it starts there: */
    uint64_t start;
    unsigned int users;
    QLIST_ENTRY(AsdMemory) next;
} AsdMemory;

/* What it sees of memory */
typedef struct AsdDma {
    bool keeps_memory;  /* no part of the guest's is given back */
    bool is_started;

    /* All of the guest's */
    MemoryListener listener;
    bool is_open;
    Error *error;       /* the first one, until it is open */

    /* Of windows that the user says */
    GPtrArray *memory;  /* AsdMemory */
} AsdDma;

/* Faults of its DMA, of which not all are told */
typedef struct AsdFaults {
    int64_t since;      /* when the period began that is counted: */
    unsigned int told;
    uint64_t untold;    /* since the last one that was told */
} AsdFaults;

struct AssignedSocDev {
    SysBusDevice parent_obj;

    char *dev;
    char *fd;
    char *overlay;
    char *delete_prop;
    char *node_update;
    char *address;
    char *pin;
    bool subtree;
    bool detach;
    bool no_dma;
    bool identity;
    bool removable;
    bool has_windows;
    AssignedSocDevWindowList *windows;

    struct soca_claim *claim;
    bool in_kernel;     /* registers are memslots, interrupts irqfds */
    bool is_gone;
    AsdRegion *regions;
    AsdBlock *blocks;
    unsigned int num_blocks;
    AsdIrq *irqs;
    AsdDma dma;
    AsdFaults faults;

    struct soca_tree *host_tree;
    bool is_told;       /* what the guest has not as the host has it */
    char *guest_path;   /* of the first node */
    void *overlay_data;
    size_t overlay_size;

    QLIST_ENTRY(AssignedSocDev) next;
};

/* All that are realized */
typedef QLIST_HEAD(AsdList, AssignedSocDev) AsdList;
extern AsdList asd_devices;

/* block.c */
uint64_t asd_region_page_offset(const AsdRegion *region);
uint64_t asd_region_first_page(const AsdRegion *region);
uint64_t asd_region_pages_size(const AsdRegion *region);
bool asd_blocks_create(AssignedSocDev *asd, Error **errp);
void asd_block_map(AssignedSocDev *asd, AsdBlock *block);
void asd_block_unmap(AsdBlock *block);
AsdBlock *asd_block_of(AssignedSocDev *asd, const AsdRegion *region);
uint64_t asd_block_guest_address(AssignedSocDev *asd, PlatformBusDevice *pbus,
                                 const AsdRegion *region);

/* claim.c */
bool asd_claim_make(const char *dev, const char *fd, uint32_t flags,
                    struct soca_claim **claim, Error **errp);
bool asd_claim_open(AssignedSocDev *asd, Error **errp);
bool asd_claim_reset(AssignedSocDev *asd);
void asd_claim_close(AssignedSocDev *asd);
const char *asd_name(const AssignedSocDev *asd);
AsdRegion *asd_find_region(AssignedSocDev *asd,
                           const struct soca_tree_region *wanted);
AsdIrq *asd_find_irq(AssignedSocDev *asd, const struct soca_tree_irq *wanted);
uint64_t asd_clock_rate(void *data, const char *path, uint32_t entry);

/* dma.c */
bool asd_dma_open(AssignedSocDev *asd, Error **errp);
void asd_dma_start(AssignedSocDev *asd);
void asd_dma_close(AssignedSocDev *asd);

/* hostmem.c */
int asd_hostmem_fd(const MemoryRegion *mr);

/* memory.c */
bool asd_memory_is(const MemoryRegionSection *section);
AsdMemory *asd_memory_find(const MemoryRegion *mr, uint64_t offset,
                           uint64_t size);
AsdMemory *asd_memory_get(const AssignedSocDev *asd, MemoryRegion *mr,
                          uint64_t offset, uint64_t size, Error **errp);
void asd_memory_put(AsdMemory *memory);

/* window.c */
void asd_windows_class_init(ObjectClass *klass);
bool asd_windows_open(AssignedSocDev *asd, Error **errp);
void asd_windows_close(AssignedSocDev *asd);
void asd_windows_free(AssignedSocDev *asd);

/* event.c */
void asd_event_watch(AssignedSocDev *asd);
void asd_event_unwatch(AssignedSocDev *asd);

/* fdt.c */
bool asd_fdt_plan(AssignedSocDev *asd, Error **errp);
void asd_fdt_add(AssignedSocDev *asd, PlatformBusDevice *pbus, int irq_start,
                 void *fdt);
void asd_fdt_close(AssignedSocDev *asd);

/* edit.c */
void *asd_edit_overlay(const AssignedSocDev *asd, const char *target,
                       size_t *size, Error **errp);

/* place.c */
bool asd_place_take(AssignedSocDev *asd, Error **errp);
PlatformBusDevice *asd_place_bus(void);

/* regs.c */
bool asd_regs_create(AssignedSocDev *asd, Error **errp);
void asd_regs_lose(AssignedSocDev *asd);
void asd_regs_remove(AssignedSocDev *asd);
void asd_regs_free(AssignedSocDev *asd);

/* irq.c */
bool asd_irqs_create(AssignedSocDev *asd, Error **errp);
bool asd_irqs_place(AssignedSocDev *asd, Error **errp);
void asd_irq_connect(SysBusDevice *sbdev, qemu_irq pin);
void asd_irqs_reset(AssignedSocDev *asd);
void asd_irqs_lose(AssignedSocDev *asd);
void asd_irqs_free(AssignedSocDev *asd);

/* irq_user.c */
void asd_irq_user_connect(AsdIrq *irq);
void asd_irq_user_end(AsdIrq *irq);
void asd_irq_user_disconnect(AsdIrq *irq);
void asd_irqs_user_access(AssignedSocDev *asd);

#endif
