# SPDX-License-Identifier: GPL-2.0
# Handing devices out, on a directory that looks like /sys
# Functions are run by ok().
# shellcheck disable=SC2317
. ./lib.sh

use_stand_in
PATH_WITHOUT=/usr/bin:/bin

has() # <text> <file below sys>
{
	[ "$(cat "$SOCASSIGN_SYSFS/$2")" = "$1" ]
}

by_hand()
{
	PATH=$PATH_WITHOUT "$SOCASSIGN" "$@"
}

plat=bus/platform
i2c=/soc@fe0000000/i2c@3000
make_tree "$tree" /
make_device platform fe0003000.i2c $i2c mpc-i2c
make_device platform fe0006000.user /soc@fe0000000/user@6000 user
make_device platform fe0007000.dma /soc@fe0000000/dma@7000 socassign
make_device amba fd0000000.uart /bus@fd0000000/uart@0 uart-pl011
make_device platform fb0000000.dma /bus@fb0000000/dma@0 socassign
make_device i2c 0-0068 /soc@fe0000000/i2c@3100
make_device platform etsec /soc@fe0000000/ethernet@b0000
guts=/soc@fe0000000/global-utilities@e0000
make_device platform guts $guts
echo protected >"$SOCASSIGN_SYSFS/$plat/devices/fe0007000.dma/socassign/dma_class"
echo 1 >"$SOCASSIGN_SYSFS/$plat/devices/fe0007000.dma/socassign/claimed"
echo 1 >"$SOCASSIGN_SYSFS/$plat/devices/fb0000000.dma/socassign/claimed"

ok "the machine's tree is flattened" prints "mpc-i2c +$i2c  .*DETACH" \
	"$SOCASSIGN" list
ok "a claimed device is told" prints 'claimed +/soc@fe0000000/dma@7000 ' \
	"$SOCASSIGN" list
ok "so is who depends on a node" \
	prints '/clock@5000  .*user@6000, which driver user has' \
	"$SOCASSIGN" list
ok "so is a claim below a node" \
	prints '^no .* /bus@fb0000000  .*/bus@fb0000000/dma@0 is claimed' \
	"$SOCASSIGN" list
ok "so is a driver below a bus" \
	prints '^yes .* /bus@fd0000000  .*SUBTREE; .*; to be unbound, or DETACH' \
	"$SOCASSIGN" list
ok "so is another bus" prints '/i2c@3100  .*another bus \(i2c\)' \
	"$SOCASSIGN" list
ok "show tells the driver" json "it['device'] == {'bus': 'platform',
	'name': 'fe0003000.i2c', 'driver': 'mpc-i2c'}" \
	"$SOCASSIGN" show --json $i2c
ok "show tells what socassign says" json "it['device']['claimed'] and
	it['device']['dma_class'] == 'protected'" \
	"$SOCASSIGN" show --json /soc@fe0000000/dma@7000

ask=$plat/devices/fe0007000.dma/socassign/remove_request
: >"$SOCASSIGN_SYSFS/$ask"
ok "ask asks" prints 'dma@7000: whoever has claimed it was asked' \
	"$SOCASSIGN" ask /soc@fe0000000/dma@7000
ok "by the file of the device" has 1 $ask
ok "JSON of ask" json "it['devices'][0]['asked']" \
	"$SOCASSIGN" ask --json /soc@fe0000000/dma@7000
ok "nobody can be asked for what the host has" \
	complains 'nobody has claimed it' "$SOCASSIGN" ask $i2c

ok "bind by sysfs" prints 'bound to socassign \(sysfs\)' \
	by_hand bind --dma-class none $i2c
ok "sets the override" has socassign $plat/devices/fe0003000.i2c/driver_override
ok "unbinds the driver" has fe0003000.i2c $plat/drivers/mpc-i2c/unbind
ok "binds ours" has fe0003000.i2c $plat/drivers/socassign/bind
ok "declares the class" has none \
	$plat/devices/fe0003000.i2c/socassign/dma_class
ok "bind works on the amba bus" prints 'amba fd0000000.uart bound' \
	by_hand bind /bus@fd0000000/uart@0
ok "unbind by sysfs" prints 'given to the host' by_hand unbind $i2c
ok "clears the override" has "" $plat/devices/fe0003000.i2c/driver_override
ok "probes the host's drivers" has fe0003000.i2c $plat/drivers_probe
ok "JSON of bind" json "it['devices'][0]['device'] == 'fe0003000.i2c'" \
	by_hand bind --json $i2c
ok "a node without a device is a failure" exits 1 \
	by_hand bind /soc@fe0000000/sata@8000
make_device platform socassign.3.auto /soc@fe0000000/sata@8000 socassign
ok "so is one whose device a claim has" complains 'made for a claim' \
	by_hand bind /soc@fe0000000/sata@8000
ok "which is left alone" has "" $plat/devices/socassign.3.auto/driver_override
ok "a device on another bus is a failure" exits 1 \
	by_hand bind /soc@fe0000000/i2c@3100
ok "an eTSEC can be, though its registers are not its own" \
	prints 'platform etsec bound' by_hand bind /soc@fe0000000/ethernet@b0000
ok "what nobody gets is not bound" complains 'nobody gets it: .*control block' \
	by_hand bind $guts
ok "and is left alone" has "" $plat/devices/guts/driver_override

make_device platform clock /soc@fe0000000/clock@5000 clk
ok "what a device of the host's depends on is not bound" \
	complains 'nobody gets it: .*user@6000, which driver user has, depends' \
	by_hand bind /soc@fe0000000/clock@5000
ok "and is left alone, too" has "" $plat/devices/clock/driver_override
ok "nor is its driver asked to let go" has "" $plat/drivers/clk/unbind

dma=/soc@fe0000000/dma@7000
: >"$SOCASSIGN_SYSFS/$plat/drivers/socassign/bind"
ok "bind of what a claim has" prints 'bound to socassign \(sysfs\)' \
	by_hand bind --dma-class protected $dma
ok "sets the override, for after the claim" \
	has socassign $plat/devices/fe0007000.dma/driver_override
ok "it is not taken from the claim" has "" $plat/drivers/socassign/unbind
ok "nor bound once more" has "" $plat/drivers/socassign/bind
ok "there is nothing to do a second time" prints 'was so already' \
	by_hand bind $dma
ok "unbind takes it from the claim" by_hand unbind $dma
ok "by the file of the driver" \
	has fe0007000.dma $plat/drivers/socassign/unbind
ok "without an override" has "" $plat/devices/fe0007000.dma/driver_override
: >"$SOCASSIGN_SYSFS/$plat/drivers/socassign/unbind"
class=$SOCASSIGN_SYSFS/$plat/devices/fe0007000.dma/socassign/dma_class
mv "$class" "$TMP/class"
mkdir "$class"
ok "without its class it is not handed out" complains 'dma_class: ' \
	by_hand bind --dma-class protected $dma
ok "and goes back when the claim ends" \
	has "" $plat/devices/fe0007000.dma/driver_override
ok "not before" has "" $plat/drivers/socassign/unbind
rmdir "$class"
mv "$TMP/class" "$class"

class=$SOCASSIGN_SYSFS/$plat/devices/fe0003000.i2c/socassign/dma_class
rm "$class"
mkdir "$class"
: >"$SOCASSIGN_SYSFS/$plat/drivers_probe"
ok "without its class it is not bound" complains 'dma_class: ' \
	by_hand bind --dma-class none $i2c
ok "the host has it back" has fe0003000.i2c $plat/drivers_probe
ok "and no override" has "" $plat/devices/fe0003000.i2c/driver_override
rmdir "$class"
: >"$class"

mv "$SOCASSIGN_SYSFS/$plat/drivers/mpc-i2c/unbind" "$TMP/unbind"
ok "a driver that does not let go is told" complains 'does not let go' \
	by_hand bind $i2c
mv "$TMP/unbind" "$SOCASSIGN_SYSFS/$plat/drivers/mpc-i2c/unbind"

rm "$SOCASSIGN_SYSFS/$plat/drivers/socassign/bind"
: >"$SOCASSIGN_SYSFS/$plat/drivers_probe"
ok "without the driver bind fails" complains 'modprobe socassign' \
	by_hand bind $i2c
ok "and the host has its device again" has fe0003000.i2c $plat/drivers_probe
ok "without an override" has "" $plat/devices/fe0003000.i2c/driver_override

mkdir "$TMP/bin"
cat >"$TMP/bin/driverctl" <<END
#!/bin/sh
echo "\$@" >"$TMP/driverctl"
echo noise
END
chmod +x "$TMP/bin/driverctl"
PATH=$TMP/bin:$PATH
ok "bind by driverctl, whose output is not ours" \
	json "it['devices'][0]['how'] == 'driverctl'" \
	"$SOCASSIGN" bind --json $i2c
ok "it was called so" grep -qx \
	-- '-b platform set-override fe0003000.i2c socassign' "$TMP/driverctl"
ok "unbind by driverctl" "$SOCASSIGN" unbind $i2c
ok "it was called so" grep -qx -- '-b platform unset-override fe0003000.i2c' \
	"$TMP/driverctl"
rm "$TMP/driverctl"
: >"$SOCASSIGN_SYSFS/$plat/drivers/socassign/bind"
ok "not for what a claim has, which would end" \
	prints 'bound to socassign \(sysfs\)' "$SOCASSIGN" bind $dma
ok "it was not called" test ! -e "$TMP/driverctl"
ok "not if it is to be transient" "$SOCASSIGN" bind --transient $i2c
ok "it was not called" test ! -e "$TMP/driverctl"
finish
