/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A guest that is given the board's Ethernet controller: what is found before, and what
 * there must be afterwards, whatever it did with it; after the harness.
 */
#ifndef _SELFTESTS_SOCASSIGN_GUEST_NET_H
#define _SELFTESTS_SOCASSIGN_GUEST_NET_H

#include <unistd.h>

#include "bench.h"
#include "edge.h"
#include "guest.h"
#include "guest_devices.h"
#include "hostnet.h"
#include "kmsg.h"
#include "limit.h"
#include "module.h"
#include "sysfs.h"
#include "testmod.h"

#define GUEST_NET_HOST	0x0a000210	/* 10.0.2.16; the guest is 10.0.2.15 */

struct guest_net {
	const char *skip;		/* why there is no such guest, or NULL */
	const struct guest_devices *devices;
	struct guest guest;
	struct sysfs_device host;
	int log;			/* the kernel's, from here on */
};

static inline void guest_net_setup(struct __test_metadata *_metadata,
				   struct guest_net *it,
				   const struct guest_vmm *vmm)
{
	it->guest = GUEST_NONE;
	it->log = -1;
	it->devices = guest_devices();
	it->skip = guest_missing(vmm);
	if (!it->skip && !node_exists(it->devices->net_iommu))
		it->skip = "the board has no Ethernet controller behind an IOMMU";
	if (it->skip)
		return;
	expect_in_log(GUEST_KVM_WARNS);
	/* 7.3 calls a fault an error of the SMMU's, in several lines. */
	expect_in_log("arm-smmu-v3 ");
	ASSERT_EQ(0, module_load_virtio_net());
	it->log = kmsg_open();
	ASSERT_LE(0, it->log);
	ASSERT_EQ(0, sysfs_find(it->devices->net, &it->host));
	ASSERT_TRUE(sysfs_wait_driver(&it->host, it->devices->net_host));
}

/* It comes back by itself, unless the administrator was at it. */
static inline bool guest_net_is_back(const struct guest_net *it)
{
	const char *driver = it->devices->net_host;

	return sysfs_bound_to(&it->host, driver) ||
	       !sysfs_move(&it->host, driver);
}

/* The host's driver has it again, and works. */
static inline void guest_net_teardown(struct __test_metadata *_metadata,
				      struct guest_net *it)
{
	guest_close(&it->guest);
	if (it->skip)
		return;
	if (!it->devices->net_stops)
		edge_end_quarantine(it->devices->net);
	EXPECT_TRUE(wait_until(guest_net_is_back(it)));
	EXPECT_EQ(0, hostnet_works(it->devices->net, GUEST_NET_HOST));
	module_unload_virtio_net();
	close(it->log);
}

#endif
