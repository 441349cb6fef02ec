# A small QEMU for guests that own devices of an e500 host

CONFIG_E500PLAT=y
CONFIG_ASSIGNED_SOC_DEV=y
