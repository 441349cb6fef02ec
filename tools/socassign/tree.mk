# SPDX-License-Identifier: GPL-2.0
#
# The guest-tree builder, for the Makefile of the library and that of its tests

TREE_OBJS := tree.o tree_addr.o tree_aliases.o tree_base.o tree_blob.o \
	tree_claim.o tree_dangle.o tree_edit.o tree_emit.o tree_fixups.o \
	tree_host.o tree_intc.o tree_irq.o tree_numbers.o tree_renumber.o tree_taken.o \
	tree_line.o tree_list.o tree_live.o tree_name.o tree_out.o tree_ref.o tree_ref_table.o \
	tree_report.o tree_reserved.o tree_standin.o tree_top.o
