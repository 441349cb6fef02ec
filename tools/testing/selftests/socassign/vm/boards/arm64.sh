# SPDX-License-Identifier: GPL-2.0
# QEMU's arm64 virt with EL2, under Debian's own kernel.  The virtio device is
# for the test that drives a virtio-mmio transport from user space: it sits in
# the last one, /virtio_mmio@a003e00 (legacy interface).
#
# The console is a serial port on PCI: the PL011 is for a guest, and one end of a
# null modem, whose other end is another port on PCI, ttyS1.
#
# The bus masters behind the SMMU are an Ethernet controller, virtio-net in a
# transport that QEMU has from us (qemu/smmu.patch), two DMA controllers, from the
# same, and edu, a PCI device of which the tests' tree says that it is a platform
# device, stream ID 0xe0 (dts/arm64-extra.dtsi).
ARCH=arm64
CROSS_COMPILE=aarch64-linux-gnu-
DEMO=(128M "rtc,alarm,net,fault" /pl031@9010000 /virtio_mmio@a010000)
CONSOLE=ttyS0
DTS=arm64
KIMAGE_FILE=arch/arm64/boot/Image
FRAGMENTS=()
FLAVOUR=arm64
GUEST_BOARD=
GUEST_FRAGMENTS=()
MODULES=()
HOST_MODULES=(virtio_mmio failover net_failover virtio_net pl330)
EMULATOR_TARGET=aarch64
EMULATOR_DEVICES=virt
EMULATOR_PATCHES=(smmu.patch)
PATCHED=
GUESTS=y
GUEST_QEMU=qemu-system-aarch64
GUEST_QEMU_VMMS=(qemu qemu10)
GUEST_QEMU_TARGET=aarch64-softmmu
GUEST_QEMU_DEBIAN=arm64
BOARD_ARGS=
MODEM=socassign-modem-$$
TOOLS=(gcc-aarch64-linux-gnu libc6-dev-arm64-cross gcc make)
QEMU=(qemu-system-aarch64 -M "virt,virtualization=on,gic-version=3,iommu=smmuv3"
      -cpu cortex-a53 -smp 2 -m 1024 -nodefaults -nographic
      -chardev "socket,id=uart,path=$MODEM,abstract=on,server=on,wait=off"
      -serial chardev:uart
      -chardev "stdio,id=console" -device "pci-serial,chardev=console"
      -chardev "socket,id=modem,path=$MODEM,abstract=on,reconnect=1"
      -device "pci-serial,chardev=modem" -device virtio-rng-device
      -netdev "user,id=user,restrict=on"
      -device "virtio-net-device,bus=virtio-mmio-bus.0,netdev=user,iommu_platform=on"
      -device "edu,addr=1c,dma_mask=0xffffffffffff")
