# SPDX-License-Identifier: GPL-2.0
# arm64 with a kernel that we build, with the fixes for upstream.  It is not built
# for debugging: for that see arm64-debug.  Its guests have Debian's.
. "$VM_DIR/boards/arm64.sh"
FRAGMENTS=(tests.config arm64.config patched.config)
GUEST_BOARD=arm64
PATCHED=series.arm64
