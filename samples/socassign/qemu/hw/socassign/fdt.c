/*
 * SoC devices of the host, assigned to the guest: the guest's device tree
 *
 * libsocassign makes the devices' nodes from the host's tree, on the tree that
 * the board has made. That is done twice. First to learn what there is to be
 * placed, and whether it works at all; then, when everything has its address
 * and its pin, for the guest.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <libfdt.h>
#include "hw/arm/fdt.h"
#include "hw/boards.h"
#include "qapi/error.h"
#include "qemu/error-report.h"
#include "internal.h"

/* A bus of our own in the guest's tree, with the CPUs' addresses */
#define BUS "/assigned"

#define GIC_CELLS 3
#define MPIC_CELLS 2

/* Senses, by the MPIC's binding */
#define MPIC_RISING 0
#define MPIC_LEVEL_HIGH 2

/* Where everything is */
typedef struct AsdPlaces {
    AssignedSocDev *asd;
    PlatformBusDevice *pbus;
    int irq_start;
} AsdPlaces;

static void set_gic_cells(uint32_t *cells, int spi, bool is_level)
{
    cells[0] = GIC_FDT_IRQ_TYPE_SPI;
    cells[1] = spi;
    cells[2] = is_level ? GIC_FDT_IRQ_FLAGS_LEVEL_HI :
                          GIC_FDT_IRQ_FLAGS_EDGE_LO_HI;
}

static void set_mpic_cells(uint32_t *cells, int source, bool is_level)
{
    cells[0] = source;
    cells[1] = is_level ? MPIC_LEVEL_HIGH : MPIC_RISING;
}

/* The two controllers of the boards that have a platform bus */
static bool set_cells(uint32_t *cells, uint32_t num_cells, int number,
                      bool is_level)
{
    switch (num_cells) {
    case GIC_CELLS:
        set_gic_cells(cells, number, is_level);
        return true;
    case MPIC_CELLS:
        set_mpic_cells(cells, number, is_level);
        return true;
    default:
        return false;
    }
}

/* The plan */

static int plan_region(void *data, const struct soca_tree_region *wanted,
                       uint64_t *address)
{
    AsdRegion *region = asd_find_region(data, wanted);

    if (!region) {
        return -ENXIO;
    }
    region->is_placed = true;
    region->host = wanted->address;
    region->bytes = wanted->bytes;
    *address = wanted->address;
    return 0;
}

static int plan_irq(void *data, const struct soca_tree_irq *wanted,
                    uint32_t *cells, uint32_t num_cells)
{
    AssignedSocDev *asd = data;
    AsdIrq *irq = asd_find_irq(asd, wanted);

    /* Any number, as long as there is only one of it. */
    if (!irq || !set_cells(cells, num_cells, irq - asd->irqs, irq->is_level)) {
        return -ENXIO;
    }
    irq->is_wanted = true;
    return 0;
}

/* The guest's */

static int place_region(void *data, const struct soca_tree_region *wanted,
                        uint64_t *address)
{
    AsdPlaces *places = data;
    AsdRegion *region = asd_find_region(places->asd, wanted);

    *address = asd_block_guest_address(places->asd, places->pbus, region);
    return 0;
}

static int place_irq(void *data, const struct soca_tree_irq *wanted,
                     uint32_t *cells, uint32_t num_cells)
{
    AsdPlaces *places = data;
    AsdIrq *irq = asd_find_irq(places->asd, wanted);
    int pin;

    if (!irq) {
        return -ENXIO;
    }
    pin = platform_bus_get_irqn(places->pbus, SYS_BUS_DEVICE(places->asd),
                                irq->number);
    return set_cells(cells, num_cells, places->irq_start + pin,
                     irq->is_level) ? 0 : -ENXIO;
}

static uint64_t clock_rate(void *data, const char *path, uint32_t entry)
{
    AsdPlaces *places = data;

    return asd_clock_rate(places->asd, path, entry);
}

/* Where the node is that delete-prop= and node-update= are for. */
static void keep_path(AssignedSocDev *asd, const char *path,
                      const char *guest_path)
{
    if (!strcmp(path, soca_info_get(asd->claim)->nodes.str[0])) {
        g_free(asd->guest_path);
        asd->guest_path = g_strdup(guest_path);
    }
}

static void plan_path(void *data, const char *path, const char *guest_path)
{
    keep_path(data, path, guest_path);
}

static void place_path(void *data, const char *path, const char *guest_path)
{
    AsdPlaces *places = data;

    keep_path(places->asd, path, guest_path);
}

/* Building */

/* The claim lists descendants, too, which come along by themselves. */
static bool is_top(const struct soca_strings *nodes, unsigned int node)
{
    unsigned int i;

    for (i = 0; i < nodes->num; i++) {
        size_t len = strlen(nodes->str[i]);

        if (!strncmp(nodes->str[node], nodes->str[i], len) &&
            nodes->str[node][len] == '/') {
            return false;
        }
    }
    return true;
}

static size_t list_nodes(const AssignedSocDev *asd,
                         struct soca_tree_node *list)
{
    const struct soca_info *info = soca_info_get(asd->claim);
    unsigned int i;
    size_t num = 0;

    for (i = 0; i < info->nodes.num; i++) {
        if (is_top(&info->nodes, i)) {
            list[num++] = (struct soca_tree_node) {
                .path = info->nodes.str[i],
                .subtree = info->flags & SOCASSIGN_SUBTREE,
            };
        }
    }
    return num;
}

static bool build(AssignedSocDev *asd, const struct soca_tree_guest *guest,
                  void **fdt, size_t *size, struct soca_tree_report *report,
                  Error **errp)
{
    g_autofree struct soca_tree_node *nodes =
        g_new(struct soca_tree_node, soca_info_get(asd->claim)->nodes.num);
    int ret = soca_tree_build(asd->host_tree, nodes, list_nodes(asd, nodes),
                              guest, fdt, size, report);

    if (ret) {
        error_setg_errno(errp, -ret, "%s: no device tree for the guest",
                         asd_name(asd));
    }
    return !ret;
}

/* delete-prop= and node-update= */
static bool edit_node(AssignedSocDev *asd, void **fdt, size_t *size,
                      struct soca_tree_report *report, Error **errp)
{
    g_autofree void *overlay = NULL;
    size_t overlay_size;
    int ret;

    if (!asd->delete_prop && !asd->node_update) {
        return true;
    }
    if (!asd->guest_path) {
        error_setg(errp, "delete-prop= and node-update= are for the first "
                   "node, which is inside of another one: use overlay=");
        return false;
    }
    overlay = asd_edit_overlay(asd, asd->guest_path, &overlay_size, errp);
    if (!overlay) {
        return false;
    }
    ret = soca_tree_edit(fdt, size, overlay, overlay_size, report);
    if (ret) {
        error_setg_errno(errp, -ret, "delete-prop=, node-update=");
    }
    return !ret;
}

/* The user's overlay, whose paths have the guest's addresses in them. */
static bool edit(AssignedSocDev *asd, void **fdt, size_t *size,
                 struct soca_tree_report *report, Error **errp)
{
    int ret = 0;

    if (asd->overlay) {
        ret = soca_tree_edit(fdt, size, asd->overlay_data, asd->overlay_size,
                             report);
    }
    if (ret) {
        error_setg_errno(errp, -ret, "overlay=%s", asd->overlay);
    }
    return !ret;
}

static bool put_into(const AssignedSocDev *asd, const void *built, void *fdt,
                     Error **errp)
{
    if (fdt_open_into(built, fdt, fdt_totalsize(fdt))) {
        error_setg(errp, "%s: the guest's device tree becomes too large",
                   asd_name(asd));
        return false;
    }
    return true;
}

static void tell(const AssignedSocDev *asd, struct soca_tree_report *report)
{
    if (report->num) {
        info_report("%s: what is not as the host has it:", asd_name(asd));
    }
    soca_tree_report_print(report, stderr);
}

static bool open_host_tree(AssignedSocDev *asd, Error **errp)
{
    void *fdt;
    size_t size;
    int ret = soca_tree_flatten(SOCA_TREE_LIVE, &fdt, &size);

    if (!ret) {
        ret = soca_tree_open(fdt, size, &asd->host_tree);
        free(fdt);
    }
    if (ret) {
        error_setg_errno(errp, -ret, SOCA_TREE_LIVE);
    }
    return !ret;
}

static bool read_overlay(AssignedSocDev *asd, Error **errp)
{
    g_autoptr(GError) error = NULL;
    gchar *data;
    gsize size;

    if (!asd->overlay) {
        return true;
    }
    if (!g_file_get_contents(asd->overlay, &data, &size, &error)) {
        error_setg(errp, "overlay=%s: %s", asd->overlay, error->message);
        return false;
    }
    asd->overlay_data = data;
    asd->overlay_size = size;
    return true;
}

/**
 * asd_fdt_plan - Learn what the guest's tree has a place for
 * @asd: The device, with its claim
 * @errp: Error
 *
 * Returns: true, or false with @errp set.
 */
bool asd_fdt_plan(AssignedSocDev *asd, Error **errp)
{
    const void *base = MACHINE(qdev_get_machine())->fdt;
    struct soca_tree_guest guest = {
        .base = base, .bus = BUS, .data = asd, .region = plan_region,
        .irq = plan_irq, .clock = asd_clock_rate, .placed = plan_path,
    };
    struct soca_tree_report report = { 0 };
    void *fdt = NULL;
    bool is_done;
    size_t size;

    if (!base) {
        error_setg(errp, "this machine makes no device tree");
        return false;
    }
    guest.base_size = fdt_totalsize(base);
    if (!open_host_tree(asd, errp) || !read_overlay(asd, errp)) {
        return false;
    }
    is_done = build(asd, &guest, &fdt, &size, &report, errp) &&
              edit_node(asd, &fdt, &size, &report, errp);
    if (!is_done) {
        tell(asd, &report);
    }
    soca_tree_report_free(&report);
    free(fdt);
    return is_done;
}

/**
 * asd_fdt_add - Add the devices to the guest's tree
 * @asd: The device
 * @pbus: The bus that has placed its registers and interrupts
 * @irq_start: The guest's SPI, or the MPIC's source, that the bus's first pin is
 * @fdt: The guest's tree, with room
 *
 * Tells what the guest has not as the host has it, the first time: some boards
 * make the tree anew for each reset. What cannot be done ends QEMU, as it does for
 * the board's other devices.
 */
void asd_fdt_add(AssignedSocDev *asd, PlatformBusDevice *pbus, int irq_start,
                 void *fdt)
{
    AsdPlaces places = {
        .asd = asd, .pbus = pbus, .irq_start = irq_start,
    };
    const struct soca_tree_guest guest = {
        .base = fdt, .base_size = fdt_totalsize(fdt), .bus = BUS,
        .data = &places, .region = place_region, .irq = place_irq,
        .clock = clock_rate, .placed = place_path,
    };
    struct soca_tree_report report = { 0 };
    Error *err = NULL;
    void *built = NULL;
    size_t size;
    bool is_done = build(asd, &guest, &built, &size, &report, &err) &&
                   edit_node(asd, &built, &size, &report, &err) &&
                   edit(asd, &built, &size, &report, &err) &&
                   put_into(asd, built, fdt, &err);

    if (!is_done || !asd->is_told) {
        tell(asd, &report);
    }
    asd->is_told = true;
    soca_tree_report_free(&report);
    if (!is_done) {
        error_reportf_err(err, "-device %s: ", TYPE_ASSIGNED_SOC_DEV);
        exit(1);
    }
    free(built);
}

void asd_fdt_close(AssignedSocDev *asd)
{
    soca_tree_close(asd->host_tree);
    asd->host_tree = NULL;
    g_free(asd->overlay_data);
    asd->overlay_data = NULL;
    g_free(asd->guest_path);
    asd->guest_path = NULL;
}
