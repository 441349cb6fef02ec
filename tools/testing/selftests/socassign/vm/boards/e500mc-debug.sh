# SPDX-License-Identifier: GPL-2.0
# e500mc with a debug kernel.
. "$VM_DIR/boards/e500mc.sh"
FRAGMENTS+=(debug.config e500mc-debug.config)
BOARD_ARGS+=" panic_on_warn=1"
SLOWNESS=5
