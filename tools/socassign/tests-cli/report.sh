# SPDX-License-Identifier: GPL-2.0
# What `socassign dtb` says beside the tree
# Functions are run by ok().
# shellcheck disable=SC2317
. ./lib.sh

i2c=/soc@fe0000000/i2c@3000
dma=/soc@fe0000000/dma@7000
pic=/soc@fe0000000/pic@40000

told() # <path...>: in a file, too
{
	"$SOCASSIGN" dtb --dtb "$TMP/board.dtb" --output "$TMP/guest.dtb" "$@" 2>&1
}

# The line of `list` about a node
listed() # <path>
{
	"$SOCASSIGN" list --dtb "$TMP/board.dtb" --all "$1" | sed -n 2p
}

as_list_has_it() # <path>
{
	listed "$1" >"$TMP/line"
	cat "$TMP/line"
	told "$1" | grep -Fqx -f "$TMP/line"
}

told_json()
{
	told --json "$@"
}

for path in $i2c $dma $pic; do
	ok "$path is told of as list does" as_list_has_it "$path"
done
ok "an option is told of as one" prints '\(--subtree claims them\)' told \
	/bus@fd0000000
ok "and not as the driver's" sh -c "! grep SOCASSIGN_ '$TMP/printed'"

# What is asked for is judged, not what would do.
cat >"$TMP/parts.dts" <<END
/dts-v1/;
/ {
	#address-cells = <1>;
	#size-cells = <1>;
	device@1000 {
		reg = <0x1000 0x100>;
		#address-cells = <1>;
		#size-cells = <1>;
		ranges = <0 0x2000 0x100>;
		power@0 {
			compatible = "vendor,power", "syscon";
			reg = <0 0x100>;
		};
	};
};
END
dtc -q -o "$TMP/parts.dtb" "$TMP/parts.dts"

told_parts()
{
	"$SOCASSIGN" dtb --dtb "$TMP/parts.dtb" --output "$TMP/guest.dtb" "$@" \
		/device@1000 2>&1
}

ok "a node is judged as it is asked for: alone" \
	prints "^yes .* /device@1000  " told_parts
ok "or with all that is below it" prints \
	"^no .* /device@1000  \(below it is .*/power@0: .*system control block" \
	told_parts --subtree
ok "what was said is not needed" prints \
	"^yes .* /bus@fd0000000  \(needs a declared" told --subtree /bus@fd0000000
ok "a wrapper of what has an IOMMU can be declared" prints \
	"^yes .* /wrapper@fb0000000  \(needs a declared DMA class or UNSAFE_DMA\)" \
	told --subtree /wrapper@fb0000000
ok "a partition has nothing below it" prints "^yes .*/guest@20000000$" \
	told --subtree /reserved-memory/guest@20000000
ok "JSON has a verdict for each path" json \
	"[n['assignable'] for n in it['nodes']] == [True, False]" \
	told_json $i2c $pic
ok "and who says so" json "it['judged_by'] == 'command'" told_json $i2c
ok "and that there is a tree" json "it['built']" told_json $i2c
ok "and what is not as it was" json "[n['reason'] for n in it['notes']
	if n['path'] == '/bus@fd0000000/uart@0' and n['action'] == 'dropped' and
	'--subtree' in n['reason']]" told_json /bus@fd0000000
ok "JSON beside the tree is wrong usage" exits 2 "$SOCASSIGN" dtb --json \
	--dtb "$TMP/board.dtb" $i2c
failing()
{
	! "$SOCASSIGN" dtb --json --dtb "$TMP/board.dtb" \
		--output "$TMP/guest.dtb" /soc@fe0000000 $i2c 2>/dev/null
}

ok "a failure is JSON, too" json "not it['built'] and it['nodes']" failing
finish
