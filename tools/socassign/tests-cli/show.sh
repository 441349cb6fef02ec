# SPDX-License-Identifier: GPL-2.0
# All about a node
# Functions are run by ok().
# shellcheck disable=SC2317
. ./lib.sh

show()
{
	"$SOCASSIGN" show --json --dtb "$TMP/board.dtb" "$@"
}

i2c=/soc@fe0000000/i2c@3000

ok "an alias is a path" json "it['path'] == '$i2c'" show i2c0
ok "an alias with a path behind it" \
	json "it['path'] == '$i2c'" show i2c0
ok "a register's address is the CPU's" json \
	"it['regions'][0]['address'] == '0xfe0003000'" show $i2c
ok "its bus address is the parent's" json \
	"it['regions'][0]['bus_address'] == '0x3000'" show $i2c
ok "its size" json "it['regions'][0]['size'] == '0x100'" show $i2c
ok "a name with quotes and control characters" json \
	"it['regions'][0]['name'] == 'say \"ctrl\"\\\\\\t\\x01\\xff'" show $i2c
ok "neighbours, disabled ones as well" json \
	"it['regions'][0]['neighbours'] == ['/soc@fe0000000/i2c@3100']" \
	show $i2c
ok "larger pages have more neighbours" json \
	"len(it['regions'][0]['neighbours']) > 3" show --page-size 65536 $i2c
ok "an interrupt's controller and specifier" json \
	"it['interrupts'][0]['controller'] == '/soc@fe0000000/pic@40000' and
	 it['interrupts'][0]['specifier'] == [43, 2]" show $i2c
ok "its name" json "it['interrupts'][0]['name'] == 'line'" show $i2c
ok "its sharers" json \
	"it['interrupts'][0]['sharers'] == ['/soc@fe0000000/i2c@3100']" show $i2c
ok "a supplier" json \
	"{'node': '/soc@fe0000000/clock@5000', 'property': 'clocks'} in
	 it['suppliers']" show /soc@fe0000000/user@6000
ok "a consumer" json \
	"{'node': '/soc@fe0000000/user@6000', 'property': 'clocks'} in
	 it['consumers']" show /soc@fe0000000/clock@5000
ok "LIODNs and who shares them" json \
	"it['liodns'] == [10, 11] and
	 it['liodn_sharers'] == ['/soc@fe0000000/dma@7000']" \
	show /soc@fe0000000/sata@8000
ok "a host bridge's window" json \
	"it['regions'][1]['kind'] == 'ranges' and
	 it['regions'][1]['address'] == '0xc00000000' and
	 it['regions'][1]['bus_address'] == '0x80000000'" show /pci@fc0000000
ok "a host bridge's lines" json \
	"[i['specifier'] for i in it['interrupts']
	  if i['origin'] == 'interrupt-map'] == [[40, 1], [41, 1]]" \
	show /pci@fc0000000
ok "an interrupt through interrupt-map" json \
	"it['interrupts'][0]['specifier'] == [41, 1]" \
	show /pci@fc0000000/ethernet@0,0
ok "a refusal" json \
	"not it['assignable'] and 'root' in it['refusal']" show /
ok "without the driver the command judges" json \
	"it['judged_by'] == 'command'" show $i2c
ok "plain text has no control characters" sh -c \
	"'$SOCASSIGN' show --dtb '$TMP/board.dtb' $i2c | LC_ALL=C tr -d '\n' |
	 LC_ALL=C grep -q '^[ -~]*$'"
finish
