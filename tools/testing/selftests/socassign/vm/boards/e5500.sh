# SPDX-License-Identifier: GPL-2.0
# The e5500, a 64-bit core: programs of 32 bits call a kernel of 64.
CORE=e5500
EMULATOR_TARGET=ppc64
CPU=e5500
PATCHED=
GUESTS=
. "$VM_DIR/boards/power.sh"
