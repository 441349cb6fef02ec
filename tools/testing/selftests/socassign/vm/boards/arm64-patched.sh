# SPDX-License-Identifier: GPL-2.0
# arm64 with a kernel that we build, with the fixes for upstream.  It is not built
# for debugging: for that see arm64-debug.  Its guests have Debian's.  Its CPUs are
# those that KVM loses without patches/0009, when they were offline.
. "$VM_DIR/boards/arm64.sh"
FRAGMENTS=(tests.config arm64.config patched.config)
GUEST_BOARD=arm64
PATCHED=series.arm64
QEMU=("${QEMU[@]/cortex-a53/cortex-a57}")
