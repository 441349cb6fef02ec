# SPDX-License-Identifier: GPL-2.0
#
# The driver's rule book, and its arithmetic of windows, for the Makefile of the command and that of its tests

TOOLS_DIR := $(patsubst %/,%,$(dir $(lastword $(MAKEFILE_LIST))))
RULES_DIR := $(TOOLS_DIR)/../../drivers/virt/socassign
RULES_OBJS := node_facts.o phandle_props.o pamu_plan.o
vpath node_facts.c $(RULES_DIR)/rules
vpath phandle_props.c $(RULES_DIR)/tree
vpath pamu_plan.c $(RULES_DIR)/hw
# kernel/ stands in for the kernel's headers.
RULES_CPPFLAGS := -I$(TOOLS_DIR)/kernel -iquote $(RULES_DIR)
# As in the kernel, a table may leave out what is 0.
RULES_CFLAGS := -Wno-missing-field-initializers
