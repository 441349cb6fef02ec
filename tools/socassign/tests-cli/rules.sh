# SPDX-License-Identifier: GPL-2.0
# The tables of `list` have what those of the driver have
# Functions are run by ok().
# shellcheck disable=SC2317
. ./lib.sh

driver=../../../drivers/virt/socassign/policy.c

strings() # <file> <table>: all strings in it
{
	sed -n "/\\<$2\\[\\] = {/,/};/p" "$1" | grep -o '"[^"]*"' | sort
}

same() # <file> <table>
{
	strings "$driver" "soca_$2" >"$TMP/driver"
	strings "$1" "$2" >"$TMP/ours"
	[ -s "$TMP/driver" ] && diff "$TMP/driver" "$TMP/ours"
}

for table in system_blocks system_suffixes liodn_blocks msi_banks timers pure_buses; do
	ok "$table" same ../cli/policy.c $table
done
for table in no_dma foreign_liodn; do
	ok "$table" same ../cli/dma_class.c $table
done
for table in supplier_props supplier_suffixes; do
	ok "$table" same ../cli/suppliers.c $table
done
finish
