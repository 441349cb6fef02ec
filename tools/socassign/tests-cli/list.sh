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
node "an eTSEC is claimed with its queue groups" 'yes protected' \
	/soc@fe0000000/ethernet@b0000 '  \(needs SUBTREE\)'
node "a queue group is not claimed without it" 'no  protected' \
	/soc@fe0000000/ethernet@b0000/queue-group@b0000 \
	'  .*LIODN of /soc@fe0000000/ethernet@b0000: claim that'
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
	/bus@fb0000000 '  .*SUBTREE; UNSAFE_DMA'
node "a portal needs a word about those behind it" 'yes unsafe' \
	/qman-portal@ff4200000 '  .*confined, CONFINED_DMA'
node "which is not enough where it has no LIODN of its own" 'yes unsafe' \
	/qman-portal@ff4204000 '  \(needs UNSAFE_DMA\)'
node "one that does no DMA itself has none to be behind" 'yes unsafe' \
	/bman-portal@ff4000000 '  .*confined, CONFINED_DMA'
node "one with an unsafe LIODN below is unsafe" 'yes unsafe' \
	/bus@f90000000 '  .*SUBTREE; UNSAFE_DMA'
node "one behind an IOMMU is protected" 'yes protected' \
	/bus@fa0000000/dma@0 '$'
node "nobody can say that what it is a part of is none, without it" 'yes unsafe' \
	/wrapper@fb0000000 '  \(needs UNSAFE_DMA\)'
node "one behind a disabled IOMMU cannot" 'no  protected' \
	/bus@f70000000/dma@0 '  .*its IOMMU /iommu@f60000000 is disabled'
node "nor can one that it is below" 'no  unsafe' \
	/bus@f70000000 '  .*below it is /bus@f70000000/dma@0: its IOMMU'
node "nor one whose bus the IOMMU is for" 'no  protected' \
	/bus@f70000000/host@1000 '  .*no iommus names the IOMMU'
node "a device behind PCI cannot" 'no  -' \
	/pci@fc0000000/ethernet@0,0 '  .*behind a PCI'
node "registers over memory cannot" 'no  -' /liar@1000 '  .*where memory is'
ok "an eTSEC is listed by itself" prints '/ethernet@b0000  ' \
	"$SOCASSIGN" list --dtb "$TMP/board.dtb"
ok "a node without anything is not listed by itself" sh -c \
	"! '$SOCASSIGN' list --dtb '$TMP/board.dtb' | grep -w aliases"
ok "paths restrict the list" sh -c \
	"! '$SOCASSIGN' list --dtb '$TMP/board.dtb' /pci@fc0000000 | grep i2c"
no_escape() # <command...>
{
	"$@" >"$TMP/shown" 2>&1
	cat -v "$TMP/shown"
	grep -q '?\[2J' "$TMP/shown" && ! grep -q "$(printf '\033')" "$TMP/shown"
}

# dtc takes no such name.
hostile()
{
	echo '/dts-v1/; / { #address-cells = <1>; #size-cells = <1>;
		c: clock { #clock-cells = <0>; };
		bus-qqqq { compatible = "a"; reg = <0 4>; clocks = <&c>; }; };' |
		dtc -q -I dts -O dtb -o "$TMP/plain.dtb" - &&
		LC_ALL=C sed 's/qqqq/\x1b[2J/' "$TMP/plain.dtb" \
			>"$TMP/hostile.dtb"
}

ok "a hostile tree" hostile
name=$(printf '/bus-\033[2J')
ok "its names do not reach the terminal: list" \
	no_escape "$SOCASSIGN" list --all --dtb "$TMP/hostile.dtb"
ok "its names do not reach the terminal: show" \
	no_escape "$SOCASSIGN" show --dtb "$TMP/hostile.dtb" "$name"
ok "its names do not reach the terminal: complaints" \
	no_escape "$SOCASSIGN" show --dtb "$TMP/hostile.dtb" "$name/x"
ok "its names do not reach the terminal: notes" \
	no_escape "$SOCASSIGN" dtb --dtb "$TMP/hostile.dtb" --output "$TMP/guest.dtb" \
	"$name"

ok "a path that is not there is an error" \
	exits 1 "$SOCASSIGN" list --dtb "$TMP/board.dtb" /nowhere
finish
