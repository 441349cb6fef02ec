# SPDX-License-Identifier: GPL-2.0
# The udev rule does what socassign(8) says, on a directory that looks like /sys
# Functions are run by ok().
# shellcheck disable=SC2317
. ./lib.sh

usr=$TMP/usr
rules=$usr/lib/udev/rules.d/60-socassign.rules
i2c=/soc@fe0000000/i2c@3000

installed()
{
	make -C .. install DESTDIR= PREFIX="$usr" O="$BUILD"
}

# What udev runs for a device for which the administrator has these options
command_of_rule() # <options>
{
	sed -n 's/.*[[:space:]]RUN+="\(.*\)"$/\1/p' "$rules" |
		sed -e "s|\$env{SOCASSIGN_OPTIONS}|$1|" \
			-e "s|\$env{OF_FULLNAME}|$i2c|"
}

# As udev does: no shell, and hardly any environment
run_rule() # <options>
{
	# Words
	# shellcheck disable=SC2046
	env -i SOCASSIGN_SYSFS="$SOCASSIGN_SYSFS" PATH=/usr/bin:/bin \
		$(command_of_rule "$1")
}

has() # <text> <file of the device>
{
	[ "$(cat "$SOCASSIGN_SYSFS/bus/platform/devices/fe0003000.i2c/$2")" = "$1" ]
}

if [ -n "$CROSS_COMPILE" ]; then
	skip "the rule hands devices out" "the command is for another machine"
	finish
fi
use_stand_in
make_tree "$tree" /
make_device platform fe0003000.i2c $i2c mpc-i2c

ok "it is installed with the command" installed
ok "nothing in it is left to be filled in" exits 1 grep @ "$rules"
# A recipe names what Yocto would not put into the package otherwise.
in_recipe()
{
	recipe=$(sed -n '/^    FILES:/,/"$/p' \
		../../../Documentation/virt/socassign.rst)
	for dir in "$usr"/lib/*/; do
		case $(basename "$dir") in
		pkgconfig) continue ;;
		esac
		echo "$dir"
		echo "$recipe" |
			grep -Eq "[{]prefix}/lib/$(basename "$dir")([ \"]|$)" || return
	done
}

ok "the recipe has all of it" in_recipe
ok "the rule binds a device" prints "^$i2c: .* bound to socassign \(sysfs\)" \
	run_rule ""
ok "from its driver" has socassign driver_override
ok "with no DMA class" has "" socassign/dma_class
ok "the rule has the administrator's options" run_rule "--dma-class none"
ok "they are used" has none socassign/dma_class
ok "the group of the device node is made" grep -q '^g socassign ' \
	"$usr/lib/sysusers.d/socassign.conf"
ok "it is the group of the rule" grep -q 'GROUP="socassign"' "$rules"
finish
