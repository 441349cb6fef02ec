/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Modules come and go, the driver's among them, where its file is in /lib/modules itself,
 * as on the test boards: that of a machine in use stays as it is.
 */
#ifndef _SELFTESTS_SOCASSIGN_MODULE_H
#define _SELFTESTS_SOCASSIGN_MODULE_H

/* Why not here, or NULL. */
const char *module_stays(void);

/* Claims, memory objects, devices in quarantine; -1 where nobody can tell. */
long module_users(void);

/* All return 0 or a negative errno. */
int module_load(void);
int module_unload(void);

/*
 * The last claim's file system goes a moment after the claim; as soon as the
 * kernel lets us, that is as early as can be.
 */
int module_unload_soon(void);

/*
 * The host's drivers for virtio-net behind virtio-mmio, where they are in files
 * there.  They would bind transports that other tests want, so they go again.
 */
int module_load_virtio_net(void);
void module_unload_virtio_net(void);

/*
 * That for a PL330.  It stays: when it is unbound it leaves (6.1) a file in debugfs that
 * leads into it.
 */
int module_load_pl330(void);

#endif
