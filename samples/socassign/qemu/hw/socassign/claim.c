/*
 * SoC devices of the host, assigned to the guest: the claim
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "monitor/monitor.h"
#include "qapi/error.h"
#include "qemu/error-report.h"
#include "internal.h"

AsdList asd_devices = QLIST_HEAD_INITIALIZER(asd_devices);

/* What the user called it, or a node of it. */
const char *asd_name(const AssignedSocDev *asd)
{
    return asd->dev ? asd->dev : soca_info_get(asd->claim)->nodes.str[0];
}

/* Opening */

static bool open_paths(const char *dev, uint32_t flags,
                       struct soca_claim **claim, Error **errp)
{
    /* No path has a colon in it, and an option of QEMU's ends at a comma. */
    g_auto(GStrv) paths = g_strsplit(dev, ":", 0);
    char reason[SOCASSIGN_MAX_REASON_LEN];
    int ret = soca_open((const char *const *)paths, g_strv_length(paths),
                        flags, claim, reason);

    if (!ret) {
        return true;
    }
    error_setg(errp, "%s: %s", dev,
               *reason ? reason : soca_explain(SOCA_OP_OPEN, ret));
    return false;
}

static bool adopt_fd(const char *name, struct soca_claim **claim, Error **errp)
{
    int ret, fd = monitor_fd_param(monitor_cur(), name, errp);

    if (fd < 0) {
        return false;
    }
    ret = soca_adopt(fd, claim);
    if (!ret) {
        return true;
    }
    close(fd);
    error_setg(errp, "fd=%s: %s", name, soca_explain(SOCA_OP_OPEN, ret));
    return false;
}

/**
 * asd_claim_make - Claim nodes of the host's, or take a claim over
 * @dev: Their paths, with a colon between them, or NULL
 * @fd: A claim that somebody has made, as a number or the monitor's name, or NULL
 * @flags: Of a new claim, enum socassign_instantiate_flags
 * @claim: Where it is returned, for soca_close()
 * @errp: Error
 *
 * Returns: true, or false with @errp set.
 */
bool asd_claim_make(const char *dev, const char *fd, uint32_t flags,
                    struct soca_claim **claim, Error **errp)
{
    if (!dev && !fd) {
        error_setg(errp, "dev= is missing: the path of a node of the host's "
                   "device tree, or several with a colon between them");
        return false;
    }
    if (fd && (dev || flags)) {
        error_setg(errp, "fd= is a claim that has been made: dev=, subtree=, "
                   "detach= and no-dma= were for who made it");
        return false;
    }
    return fd ? adopt_fd(fd, claim, errp) :
                open_paths(dev, flags, claim, errp);
}

static bool check_kind(const AssignedSocDev *asd, Error **errp)
{
    if (soca_is_partition(asd->claim)) {
        error_setg(errp, "%s: memory, not a device: it is for -object "
                   "memory-backend-socassign", asd_name(asd));
        return false;
    }
    return true;
}

/*
 * A device that raises a line which the host listens to, and which only the
 * guest could quiet, takes the line from the host: the kernel switches it off.
 */
static bool check_host_lines(const AssignedSocDev *asd, Error **errp)
{
    const struct soca_irq *irq;
    unsigned int i;

    for (i = 0; (irq = soca_irq_get(asd->claim, i)); i++) {
        if (irq->flags & SOCASSIGN_IRQ_HOST) {
            error_setg(errp, "%s: a device of the host's uses the same "
                       "interrupt (%s has it): assign both, or none",
                       asd_name(asd), irq->sharers.num ?
                       irq->sharers.str[0] : "another driver");
            return false;
        }
    }
    return true;
}

static bool has_node(const AssignedSocDev *asd, const char *path,
                     unsigned int *node)
{
    const struct soca_strings *nodes = &soca_info_get(asd->claim)->nodes;

    for (*node = 0; *node < nodes->num; (*node)++) {
        if (!strcmp(nodes->str[*node], path)) {
            return true;
        }
    }
    return false;
}

/* The driver knows who does, in whatever way each spells the line. */
static bool has_line(const AssignedSocDev *asd, const struct soca_irq *irq)
{
    unsigned int node, i;

    for (i = 0; i < irq->sharers.num; i++) {
        if (has_node(asd, irq->sharers.str[i], &node)) {
            return true;
        }
    }
    return false;
}

/* Two claims cannot both have a line: each would mask it for the other. */
static bool check_lines(const AssignedSocDev *asd, Error **errp)
{
    const AssignedSocDev *other;
    const struct soca_irq *irq;
    unsigned int i;

    QLIST_FOREACH(other, &asd_devices, next) {
        for (i = 0; (irq = soca_irq_get(asd->claim, i)); i++) {
            if (has_line(other, irq)) {
                error_setg(errp, "%s and %s have an interrupt in common: put "
                           "both into one dev=", asd_name(other),
                           asd_name(asd));
                return false;
            }
        }
    }
    return true;
}

static void alloc_parts(AssignedSocDev *asd)
{
    const struct soca_info *info = soca_info_get(asd->claim);
    unsigned int i;

    asd->regions = g_new0(AsdRegion, info->num_regions);
    for (i = 0; i < info->num_regions; i++) {
        asd->regions[i].asd = asd;
        asd->regions[i].index = i;
        /* What the guest reads is what is on the bus. */
        soca_region_set_order(asd->claim, i, SOCA_ORDER_NATIVE);
    }
    asd->irqs = g_new0(AsdIrq, info->num_irqs);
    for (i = 0; i < info->num_irqs; i++) {
        asd->irqs[i].number = -1;
        asd->irqs[i].is_level =
            soca_irq_get(asd->claim, i)->flags & SOCASSIGN_IRQ_LEVEL;
    }
}

bool asd_claim_open(AssignedSocDev *asd, Error **errp)
{
    uint32_t flags = 0;

    flags |= asd->subtree ? SOCASSIGN_SUBTREE : 0;
    flags |= asd->detach ? SOCASSIGN_DETACH : 0;
    flags |= asd->no_dma ? SOCASSIGN_NO_DMA : 0;
    if (!asd_claim_make(asd->dev, asd->fd, flags, &asd->claim, errp) ||
        !check_kind(asd, errp) || !check_host_lines(asd, errp) ||
        !check_lines(asd, errp)) {
        return false;
    }
    alloc_parts(asd);
    return true;
}

/* What the guest's tree asks for */

AsdRegion *asd_find_region(AssignedSocDev *asd,
                           const struct soca_tree_region *wanted)
{
    const struct soca_region *it;
    unsigned int node, i;

    if (!has_node(asd, wanted->path, &node)) {
        return NULL;
    }
    for (i = 0; (it = soca_region_get(asd->claim, i)); i++) {
        if (it->node == node && it->kind == wanted->kind &&
            it->entry == wanted->entry) {
            return &asd->regions[i];
        }
    }
    return NULL;
}

AsdIrq *asd_find_irq(AssignedSocDev *asd, const struct soca_tree_irq *wanted)
{
    int found = soca_tree_find_irq(asd->host_tree, asd->claim, wanted);

    /* One that the host could not set up never comes. */
    if (found < 0 ||
        soca_irq_get(asd->claim, found)->flags & SOCASSIGN_IRQ_UNMAPPED) {
        return NULL;
    }
    return &asd->irqs[found];
}

uint64_t asd_clock_rate(void *data, const char *path, uint32_t entry)
{
    AssignedSocDev *asd = data;
    const struct soca_clock *it;
    unsigned int node, i;

    if (!has_node(asd, path, &node)) {
        return 0;
    }
    for (i = 0; (it = soca_clock_get(asd->claim, i)); i++) {
        if (it->node == node && it->entry == entry) {
            return it->rate;
        }
    }
    return 0;
}

/**
 * asd_claim_reset - Bring the devices back to their start
 * @asd: The device
 *
 * Where the driver does not know how they stay as the guest left them.
 *
 * Returns: false if one of them failed: DMA has to stay blocked.
 */
bool asd_claim_reset(AssignedSocDev *asd)
{
    int ret;

    if (!soca_info_get(asd->claim)->has_reset) {
        return true;
    }
    ret = soca_reset(asd->claim);
    /* ENODEV: a claim that has just ended is told by its events. */
    if (ret && ret != -ENODEV) {
        warn_report("%s: it is not reset: %s", asd_name(asd),
                    soca_explain(SOCA_OP_RESET, ret));
    }
    return !ret;
}

void asd_claim_close(AssignedSocDev *asd)
{
    soca_close(asd->claim);
}
