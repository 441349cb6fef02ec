/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The attributes of a device that is bound to us
 */
#ifndef _SOCASSIGN_ATTRS_H
#define _SOCASSIGN_ATTRS_H

struct attribute_group;

extern const struct attribute_group soca_device_attrs;

#endif /* _SOCASSIGN_ATTRS_H */
