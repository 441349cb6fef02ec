# A small QEMU for guests that own devices of an arm64 host

CONFIG_ARM_VIRT=y
CONFIG_ASSIGNED_SOC_DEV=y

# Defaults, which --without-default-devices leaves out.
CONFIG_ARM_GIC_KVM=y
CONFIG_ARM_GICV3_TCG=y

# TCG's helpers do not link without.
CONFIG_ARM_V7M=y
CONFIG_SEMIHOSTING=y
CONFIG_ARM_COMPATIBLE_SEMIHOSTING=y
