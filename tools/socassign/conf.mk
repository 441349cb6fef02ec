# SPDX-License-Identifier: GPL-2.0
#
# The description of partitions, and what else the command and socvmm share, for the
# Makefiles of both and of the tests

CONF_OBJS := conf/conf.o conf/doorbells.o conf/names.o conf/props.o \
	conf/stand_in.o conf/windows.o
