# SPDX-License-Identifier: GPL-2.0
# The e500v2 core, in whose emulation KVM works, with a kernel that has the fixes
# of patches/.  The other Power board's has none.
CORE=e500v2
EMULATOR_TARGET=ppc
CPU=e500v2_v30
PATCHED=series
GUESTS=y
. "$VM_DIR/boards/power.sh"
GUEST_BOARD=e500v2-guest
GUEST_FRAGMENTS=(e500v2-guest.config)
GUEST_QEMU_VMMS=(qemu)
