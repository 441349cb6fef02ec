# SPDX-License-Identifier: GPL-2.0
#
# The description of partitions, for the Makefiles of the command, of socvmm and
# of the tests

CONF_OBJS := conf/conf.o conf/doorbells.o conf/names.o conf/props.o \
	conf/windows.o
