# SPDX-License-Identifier: GPL-2.0
# e500v2, whose guests have a kernel for several CPUs.  It is for the tests that want
# two: on a loaded machine such a guest was seen to stop, whatever number it had.
. "$VM_DIR/boards/e500v2.sh"
GUEST_BOARD=e500v2-smp-guest
GUEST_FRAGMENTS+=(e500v2-guest-smp.config)
GUEST_SMP=y
