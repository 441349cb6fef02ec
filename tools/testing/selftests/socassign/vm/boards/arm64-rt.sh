# SPDX-License-Identifier: GPL-2.0
# arm64 with Debian's PREEMPT_RT kernel, in which spinlocks sleep and interrupt
# handlers are threads.  Its guests have the usual one.
. "$VM_DIR/boards/arm64.sh"
FLAVOUR=rt-arm64
GUEST_BOARD=arm64
