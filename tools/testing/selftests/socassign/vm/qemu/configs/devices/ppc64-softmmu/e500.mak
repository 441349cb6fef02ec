# Only the e500 boards, for a build that does not take long.
CONFIG_E500PLAT=y
