// SPDX-License-Identifier: GPL-2.0
#include "stand_in.h"

#include <stdlib.h>

const char *stand_in(const char *variable, const char *directory)
{
	const char *instead = getenv(variable);

	return instead && *instead ? instead : directory;
}

const char *run_directory(void)
{
	return stand_in("SOCASSIGN_RUN", "/run");
}
