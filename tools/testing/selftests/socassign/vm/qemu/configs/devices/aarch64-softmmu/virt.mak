# Only the machine virt, for a build that does not take long.
CONFIG_ARM_VIRT=y
CONFIG_EDU=y
CONFIG_SERIAL_PCI=y
CONFIG_VIRTIO_BLK=y
CONFIG_VIRTIO_NET=y
CONFIG_VIRTIO_RNG=y

# A default, which --without-default-devices leaves out.
CONFIG_ARM_GICV3_TCG=y

# TCG's helpers do not link without.
CONFIG_ARM_V7M=y
CONFIG_SEMIHOSTING=y
CONFIG_ARM_COMPATIBLE_SEMIHOSTING=y
