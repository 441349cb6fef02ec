# SPDX-License-Identifier: GPL-2.0
# QEMU's ppce500, which the Power boards are, with a PAMU (emulator.sh).
# Sourced, with CORE, CPU and EMULATOR_TARGET set.  An RTC sits behind i2c@3000 by default.
# -nodefaults: the machine's own NIC would want a ROM file.
#
# The second UART is one end of a null modem; the other end is a TCP connection
# of the board's to 10.0.2.100, port 4600.
#
# Three eTSECs and a user network (10.0.2.2 answers) are on one hub.  The second
# has a LIODN for what it transmits and one for what it receives.  The third one
# is a bus master that nobody knows, by the tree that the tests get.

ARCH=powerpc
CROSS_COMPILE=powerpc-linux-gnu-
DEMO=(/reserved-memory/guest@10000000 "rtc,net,fault"
      /soc@fe0000000/i2c@3000
      "/platform@f00000000/ethernet@0,subtree")
# QEMU's guests have no memory in one piece, for which a PAMU could have a window.
[ "${VMM:-}" != qemu ] ||
	DEMO=(128M rtc /soc@fe0000000/i2c@3000)
CONSOLE=ttyS0
DTS=power
KIMAGE_FILE=vmlinux
FRAGMENTS=(tests.config power.config "$CORE.config")
GUEST_BOARD=
GUEST_FRAGMENTS=()
GUEST_QEMU=qemu-system-ppc
GUEST_QEMU_VMMS=()
GUEST_QEMU_TARGET=ppc-softmmu
GUEST_QEMU_DEBIAN=
MODULES=(drivers/uio/uio_pdrv_genirq.ko)
HOST_MODULES=()
EMULATOR_DEVICES=e500
EMULATOR_PATCHES=(pamu.patch uarts.patch)
BOARD_ARGS="hugepagesz=4M hugepages=8 hugepagesz=16M hugepages=4"
MODEM=socassign-modem-$$
TOOLS=(gcc-powerpc-linux-gnu libc6-dev-powerpc-cross gcc make)
QEMU=("qemu-system-$EMULATOR_TARGET" -M "ppce500,pamu=on" -cpu "$CPU" -smp 2 -m 768
      -nodefaults -nographic -serial stdio
      -chardev "socket,id=uart,path=$MODEM,abstract=on,server=on,wait=off"
      -serial chardev:uart
      -chardev "socket,id=modem,path=$MODEM,abstract=on,reconnect=1"
      -netdev "user,id=user,restrict=on,guestfwd=tcp:10.0.2.100:4600-chardev:modem"
      -netdev "hubport,id=port0,hubid=0,netdev=user"
      -netdev "hubport,id=port1,hubid=0"
      -netdev "hubport,id=port2,hubid=0"
      -netdev "hubport,id=port3,hubid=0"
      -device "eTSEC,netdev=port1,mac=52:54:00:12:34:56,pamu=0,liodn=33"
      -device "eTSEC,netdev=port2,mac=52:54:00:12:34:57,pamu=1,liodn=34,rx-liodn=35"
      -device "eTSEC,netdev=port3,mac=52:54:00:12:34:58,pamu=1,liodn=36")
