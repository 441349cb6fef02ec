# SPDX-License-Identifier: GPL-2.0
# QEMU's ppce500, which both Power boards are.  Sourced, with CPU set.
# An RTC sits behind i2c@3000 by default.  -nodefaults: the machine's own NIC
# would want a ROM file.  The second UART has a backend, so that it works.

ARCH=powerpc
CROSS_COMPILE=powerpc-linux-gnu-
DEMO_NODE=/soc@fe0000000/i2c@3000
CONSOLE=ttyS0
EXTRA_DTS=power-extra.dtsi
MODULES=(drivers/uio/uio_pdrv_genirq.ko)
TOOLS=(gcc-powerpc-linux-gnu libc6-dev-powerpc-cross qemu-system-ppc
       qemu-system-data ccache gcc libc6-dev make bc flex bison libelf-dev
       libssl-dev perl python3 patch)
QEMU=(qemu-system-ppc -M ppce500 -cpu "$CPU" -smp 2 -m 512
      -nodefaults -nographic -serial stdio -serial null)
