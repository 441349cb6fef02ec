# SPDX-License-Identifier: GPL-2.0
# The e500v2 core, in whose emulation KVM works.
CPU=e500v2_v30
. "$VM_DIR/boards/power.sh"
