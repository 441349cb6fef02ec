/*
 * SoC devices of the host, assigned to the guest: places that the user says
 *
 * address= has a guest address for each region of the claim, pin= one of the
 * platform bus's pins for each interrupt, with colons between them; where one
 * is left out the bus chooses.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/cutils.h"
#include "internal.h"

static bool take_number(const char *option, const char *word, uint64_t *number,
                        Error **errp)
{
    if (!*word) {
        *number = ASD_ANYWHERE;
        return true;
    }
    if (!qemu_strtou64(word, NULL, 0, number)) {
        return true;
    }
    error_setg(errp, "%s: \"%s\" is not a number", option, word);
    return false;
}

/* @num numbers, those that are not said ASD_ANYWHERE; NULL with @errp set */
static uint64_t *take_numbers(const char *option, const char *text,
                              unsigned int num, Error **errp)
{
    g_auto(GStrv) words = g_strsplit(text ? text : "", ":", 0);
    g_autofree uint64_t *numbers = g_new(uint64_t, num + 1);
    unsigned int i, num_words = g_strv_length(words);

    if (num_words > num) {
        error_setg(errp, "%s: there are only %u of them", option, num);
        return NULL;
    }
    for (i = 0; i < num; i++) {
        if (!take_number(option, i < num_words ? words[i] : "", &numbers[i],
                         errp)) {
            return NULL;
        }
    }
    return g_steal_pointer(&numbers);
}

static bool take_addresses(AssignedSocDev *asd, Error **errp)
{
    unsigned int i, num = soca_info_get(asd->claim)->num_regions;
    g_autofree uint64_t *numbers = take_numbers("address=", asd->address, num,
                                                errp);

    for (i = 0; numbers && i < num; i++) {
        asd->regions[i].wanted = numbers[i];
    }
    return numbers;
}

static bool take_pins(AssignedSocDev *asd, Error **errp)
{
    unsigned int i, num = soca_info_get(asd->claim)->num_irqs;
    g_autofree uint64_t *numbers = take_numbers("pin=", asd->pin, num, errp);

    for (i = 0; numbers && i < num; i++) {
        asd->irqs[i].wanted = numbers[i];
    }
    return numbers;
}

/**
 * asd_place_take - Take what address= and pin= say
 * @asd: The device, with its claim
 * @errp: Error
 *
 * Returns: true, or false with @errp set.
 */
bool asd_place_take(AssignedSocDev *asd, Error **errp)
{
    if (asd->address && asd->identity) {
        error_setg(errp, "address= and identity=on both say where it is");
        return false;
    }
    return take_addresses(asd, errp) && take_pins(asd, errp);
}

/* The only one of the machine, or NULL */
PlatformBusDevice *asd_place_bus(void)
{
    Object *bus = object_resolve_path_type("", TYPE_PLATFORM_BUS_DEVICE, NULL);

    return bus ? PLATFORM_BUS_DEVICE(bus) : NULL;
}
