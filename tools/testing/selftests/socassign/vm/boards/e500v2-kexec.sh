# SPDX-License-Identifier: GPL-2.0
# e500v2 with a kernel that starts another one (kexec.sh).  That takes the whole
# machine, so no other test runs there.
. "$VM_DIR/boards/e500v2.sh"
FRAGMENTS+=(kexec.config)
# With CONFIG_KEXEC two CPUs take their time from each other as they boot, which takes
# minutes where the host is busy.
QEMU+=(-smp 1)
GUESTS=
GUEST_BOARD=
GUEST_QEMU_VMMS=()
NEXT_KERNEL=y
