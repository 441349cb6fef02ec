/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The driver's module comes and goes, where its file is in /lib/modules itself,
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

#endif
