# SPDX-License-Identifier: GPL-2.0
# What can be assigned, and why not
# Functions are run by ok().
# shellcheck disable=SC2317
. ./lib.sh

list()
{
	"$SOCASSIGN" list --all --dtb "$TMP/board.dtb"
}

node() # <what> <pattern in front of the path> <path> [pattern behind it]
{
	ok "$1" prints "^$2 +- +$3$4" list
}

node "a reviewed device can" 'yes none' /soc@fe0000000/i2c@3000 '$'
node "a disabled one can" 'yes none' /soc@fe0000000/i2c@3100 '$'
node "one that nobody reviewed needs a declaration" 'yes unsafe' \
	/soc@fe0000000/clock@5000 '  .*declared DMA class'
node "one behind a PAMU is protected" 'yes protected' \
	/soc@fe0000000/dma@7000 '  '
node "a LIODN that is shared brings the other along" 'yes protected' \
	/soc@fe0000000/dma@7000 '  .*/soc@fe0000000/sata@8000 in the same claim'
node "a partition can" 'yes -' /reserved-memory/guest@20000000 '$'
node "a driver's reservation cannot" 'no  -' \
	/reserved-memory/pool@30000000 '  .*compatible'
node "one without whole pages cannot" 'no  -' \
	/reserved-memory/odd@31000800 '  .*whole pages'
node "one that is disabled cannot" 'no  -' \
	/reserved-memory/asleep@32000000 '  .*did not reserve'
node "nor is it in the way of another" 'yes -' \
	/reserved-memory/awake@32000000 '$'
node "one over a part of another cannot" 'no  -' \
	/reserved-memory/beneath@34000000 '  .*overlaps .*/parts@33000000'
node "one beyond memory cannot" 'no  -' \
	/reserved-memory/beyond@47fff000 '  .*no memory'
node "memory cannot" 'no  -' /memory@0 '  .*it is memory'
node "a CPU cannot" 'no  -' /cpus/cpu@0 '  .*it is a CPU'
node "the root cannot" 'no  -' / '  .*root'
node "an interrupt controller cannot" 'no  -' \
	/soc@fe0000000/pic@40000 '  .*system control block'
node "nor can what is inside of it" 'no  -' \
	/soc@fe0000000/message@41400 '  .*/pic@40000 has registers among its own'
node "guts cannot" 'no  -' /soc@fe0000000/global-utilities@e0000 \
	'  .*system control block'
node "a PAMU cannot" 'no  -' /soc@fe0000000/pamu@20000 '  '
node "a frame manager cannot" 'no  -' /soc@fe0000000/fman@9000 '  .*LIODNs'
node "a bus with a forbidden child cannot" 'no  -' \
	/soc@fe0000000 '  .*below it is /soc@fe0000000/pic@40000'
node "a bus needs SUBTREE" 'yes unsafe' /bus@fd0000000 '  .*SUBTREE'
node "nobody can vouch for one with a LIODN below" 'yes unsafe' \
	/bus@fb0000000 '  .*SUBTREE; a declared DMA class or UNSAFE_DMA'
node "one with an unsafe LIODN below is unsafe" 'yes unsafe' \
	/bus@f90000000 '  .*SUBTREE; UNSAFE_DMA'
node "one with an IOMMU's bus master below cannot" 'no  unsafe' \
	/bus@fa0000000 '  .*below it is /bus@fa0000000/dma@0: a bus master behind'
node "nor can the bus master" 'no  protected' /bus@fa0000000/dma@0 \
	'  .*behind an IOMMU'
node "a device behind PCI cannot" 'no  -' \
	/pci@fc0000000/ethernet@0,0 '  .*behind a PCI'
node "registers over memory cannot" 'no  -' /liar@1000 '  .*where memory is'
ok "a node without anything is not listed by itself" sh -c \
	"! '$SOCASSIGN' list --dtb '$TMP/board.dtb' | grep -w aliases"
ok "paths restrict the list" sh -c \
	"! '$SOCASSIGN' list --dtb '$TMP/board.dtb' /pci@fc0000000 | grep i2c"
ok "a path that is not there is an error" \
	exits 1 "$SOCASSIGN" list --dtb "$TMP/board.dtb" /nowhere
finish
