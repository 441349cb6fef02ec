# SPDX-License-Identifier: GPL-2.0
# arm64 with a debug kernel, which we build, with the fixes that KASAN wants in 6.1
# (patches/0011).  Its guests have Debian's.
. "$VM_DIR/boards/arm64.sh"
FRAGMENTS=(tests.config arm64.config debug.config)
GUEST_BOARD=arm64
PATCHED=series.arm64
BOARD_ARGS="panic_on_warn=1"
SLOWNESS=5
