/*
 * SoC devices of the host, assigned to the guest: what their claims tell, and
 * their end
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <poll.h>
#include "qapi/qapi-events-socassign.h"
#include "qemu/error-report.h"
#include "qemu/main-loop.h"
#include "compat.h"
#include "internal.h"

/* Events that are taken at a time: there are other things to do. */
#define EVENTS_AT_ONCE 32

/* A device can fault as fast as it likes; nobody reads so fast. */
#define FAULTS_AT_ONCE      10
#define FAULTS_PERIOD_NS    NANOSECONDS_PER_SECOND

/* How many claims have ended; under the BQL */
static unsigned int num_gone;

/*
 * The memslots go only when the claim says ENODEV, that is after the kernel has
 * taken the pages away: KVM on e500 forgets no page when its memslot goes.
 */
static void lose(AssignedSocDev *asd)
{
    const DeviceState *dev = DEVICE(asd);

    asd->is_gone = true;
    num_gone++;
    qemu_set_fd_handler(soca_fd(asd->claim), NULL, NULL, NULL);
    asd_regs_lose(asd);
    asd_irqs_lose(asd);
    warn_report("%s: the host has taken it away", asd_name(asd));
    qapi_event_send_assigned_soc_dev_gone(ASD_OPTIONAL(dev->id),
                                          dev->canonical_path);
}

static void tell_storm(AssignedSocDev *asd, unsigned int irq)
{
    const DeviceState *dev = DEVICE(asd);

    warn_report("%s: interrupt %u was paused: it came too often",
                asd_name(asd), irq);
    qapi_event_send_assigned_soc_dev_storm(ASD_OPTIONAL(dev->id),
                                           dev->canonical_path, irq);
}

static bool is_worth_telling(AssignedSocDev *asd)
{
    int64_t now = qemu_clock_get_ns(QEMU_CLOCK_REALTIME);

    if (now - asd->faults.since >= FAULTS_PERIOD_NS) {
        asd->faults.since = now;
        asd->faults.told = 0;
    }
    if (asd->faults.told == FAULTS_AT_ONCE) {
        asd->faults.untold++;
        return false;
    }
    asd->faults.told++;
    return true;
}

static AssignedSocDevDmaFault fault_reason(const struct soca_event *event)
{
    switch (event->fault) {
    case SOCASSIGN_FAULT_OUTSIDE:
        return ASSIGNED_SOC_DEV_DMA_FAULT_OUTSIDE;
    case SOCASSIGN_FAULT_PERMISSION:
        return ASSIGNED_SOC_DEV_DMA_FAULT_PERMISSION;
    case SOCASSIGN_FAULT_DISABLED:
        return ASSIGNED_SOC_DEV_DMA_FAULT_DISABLED;
    case SOCASSIGN_FAULT_OPERATION:
        return ASSIGNED_SOC_DEV_DMA_FAULT_OPERATION;
    default:
        return ASSIGNED_SOC_DEV_DMA_FAULT_UNKNOWN;
    }
}

/* As far as the IOMMU tells. */
static AssignedSocDevDmaAccess fault_access(const struct soca_event *event)
{
    return event->flags & SOCASSIGN_EVENT_READ ?
           ASSIGNED_SOC_DEV_DMA_ACCESS_READ :
           event->flags & SOCASSIGN_EVENT_WRITE ?
           ASSIGNED_SOC_DEV_DMA_ACCESS_WRITE :
           ASSIGNED_SOC_DEV_DMA_ACCESS_UNKNOWN;
}

static void tell_fault(AssignedSocDev *asd, const struct soca_event *event)
{
    const DeviceState *dev = DEVICE(asd);
    AssignedSocDevDmaFault reason = fault_reason(event);
    AssignedSocDevDmaAccess access = fault_access(event);

    if (!is_worth_telling(asd)) {
        return;
    }
    warn_report("%s: DMA fault at 0x%" PRIx64 ", identity %u: %s, access: %s",
                asd_name(asd), event->address, event->index,
                AssignedSocDevDmaFault_str(reason),
                AssignedSocDevDmaAccess_str(access));
    qapi_event_send_assigned_soc_dev_dma_fault(ASD_OPTIONAL(dev->id),
                                               dev->canonical_path,
                                               event->index, event->address,
                                               access, reason,
                                               asd->faults.untold);
    asd->faults.untold = 0;
}

/*
 * The guest's kernel knows no way to let go of a device: it ends, unless somebody
 * is there who answers with device_del.
 */
static void tell_request(AssignedSocDev *asd)
{
    const DeviceState *dev = DEVICE(asd);

    warn_report("%s: the host asks for it%s", asd_name(asd),
                asd->removable ? "" : ": the guest ends");
    qapi_event_send_assigned_soc_dev_requested(ASD_OPTIONAL(dev->id),
                                               dev->canonical_path);
    if (!asd->removable) {
        qemu_system_shutdown_request(SHUTDOWN_CAUSE_HOST_SIGNAL);
    }
}

static void tell(AssignedSocDev *asd, const struct soca_event *event)
{
    if (event->flags & SOCASSIGN_EVENT_OVERFLOW) {
        warn_report("%s: some events were lost", asd_name(asd));
    }
    switch (event->type) {
    case SOCASSIGN_EVENT_REMOVED:
        /* The claim's own end tells the same, and cannot be lost. */
        break;
    case SOCASSIGN_EVENT_STORM:
        tell_storm(asd, event->index);
        break;
    case SOCASSIGN_EVENT_DMA_FAULT:
        tell_fault(asd, event);
        break;
    case SOCASSIGN_EVENT_REMOVE_REQUESTED:
        tell_request(asd);
        break;
    }
}

static void take_events(void *opaque)
{
    AssignedSocDev *asd = opaque;
    struct soca_event event;
    int i, ret = 0;

    for (i = 0; !ret && i < EVENTS_AT_ONCE; i++) {
        ret = soca_event_get(asd->claim, &event);
        if (!ret) {
            tell(asd, &event);
        }
    }
    if (ret == -ENODEV) {
        lose(asd);
    }
}

static void lose_if_gone(AssignedSocDev *asd)
{
    struct pollfd fd = { .fd = soca_fd(asd->claim) };

    while (!asd->is_gone && poll(&fd, 1, 0) > 0 && fd.revents & POLLHUP) {
        take_events(asd);
    }
}

/*
 * KVM found no page. If a claim has ended since this vCPU asked the last time,
 * whoever was first to notice, its memslots are gone now, too.
 */
static void memory_is_lost(Notifier *notifier, void *data)
{
    static __thread unsigned int num_seen;
    AssignedSocDev *asd;
    bool *is_known = data;

    QLIST_FOREACH(asd, &asd_devices, next) {
        lose_if_gone(asd);
    }
    if (num_seen != num_gone) {
        *is_known = true;
        num_seen = num_gone;
    }
}

static Notifier lost_memory_notifier = { .notify = memory_is_lost };

void asd_event_watch(AssignedSocDev *asd)
{
    static bool is_known;

    if (!is_known) {
        kvm_add_lost_memory_notifier(&lost_memory_notifier);
        is_known = true;
    }
    QLIST_INSERT_HEAD(&asd_devices, asd, next);
    qemu_set_fd_handler(soca_fd(asd->claim), take_events, NULL, asd);
}

void asd_event_unwatch(AssignedSocDev *asd)
{
    QLIST_REMOVE(asd, next);
    qemu_set_fd_handler(soca_fd(asd->claim), NULL, NULL, NULL);
}
