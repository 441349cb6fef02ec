# A small QEMU 10.0 for guests that own devices of an arm64 host: what 7.2 has to be
# told, too, is selected there.

CONFIG_ARM_VIRT=y
CONFIG_ASSIGNED_SOC_DEV=y
