# SPDX-License-Identifier: GPL-2.0
# arm64 with a debug kernel, which we build.  Its guests have Debian's.
. "$VM_DIR/boards/arm64.sh"
FRAGMENTS=(tests.config arm64.config debug.config)
GUEST_BOARD=arm64
BOARD_ARGS="panic_on_warn=1"
SLOWNESS=5
