# SPDX-License-Identifier: GPL-2.0
# The e500mc core, as in the QorIQ chips that have a PAMU.
CORE=e500mc
EMULATOR_TARGET=ppc
CPU=e500mc
PATCHED=
GUESTS=
. "$VM_DIR/boards/power.sh"
