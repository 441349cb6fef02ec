/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The power domains of a device that has several
 */
#ifndef _SOCASSIGN_DOMAINS_H
#define _SOCASSIGN_DOMAINS_H

struct device;
struct soca_domains;

struct soca_domains *soca_domains_attach(struct device *dev);
void soca_domains_detach(struct soca_domains *domains);

#endif /* _SOCASSIGN_DOMAINS_H */
