# SPDX-License-Identifier: GPL-2.0
# Usage and exit codes
# Functions are run by ok().
# shellcheck disable=SC2317
. ./lib.sh

s=$SOCASSIGN
board="--dtb $TMP/board.dtb"

ok "no command is wrong usage" exits 2 "$s"
ok "an unknown command is wrong usage" exits 2 "$s" frobnicate
ok "an unknown option is wrong usage" exits 2 "$s" list --frobnicate
ok "the unknown option is named" complains ': --frobnicate$' "$s" list --frobnicate
ok "so is a word of several letters" complains ': -jz$' "$s" list --json /a -jz
ok "and one without its argument" complains ': --dtb$' "$s" list --dtb
ok "an option without its argument is wrong usage" exits 2 "$s" list --dtb
ok "another command's option is wrong usage" exits 2 "$s" list --detach
ok "too few arguments are wrong usage" exits 2 "$s" show
ok "too many arguments are wrong usage" exits 2 "$s" show /a /b
ok "no number is wrong usage" exits 2 "$s" irq-test /a one
ok "a negative number is wrong usage" exits 2 "$s" irq-test /a -- -1
ok "a width that does not exist is wrong usage" exits 2 "$s" peek /a 0 0 24
ok "a value that does not fit is wrong usage" exits 2 "$s" poke /a 0 0 256 8
ok "a DMA class that does not exist is wrong usage" \
	exits 2 "$s" bind --dma-class unsafe /a
ok "a page size that is no power of two is wrong usage" \
	exits 2 "$s" list --page-size 5000
ok "help is there" prints '^usage: ' "$s" --help
for command in list show status bind ask unbind dtb partition irq-test peek poke; do
	ok "help for $command is there" prints "socassign $command" \
		"$s" "$command" --help
	ok "$command --help ends with 0" exits 0 "$s" "$command" --help
done
ok "the version is there" prints '^socassign [0-9]' "$s" --version
# shellcheck disable=SC2086
ok "a node that is not there is a failure" exits 1 "$s" show $board /nowhere
ok "a file that is not there is a failure" exits 1 "$s" list --dtb /nowhere
ok "a file that is no tree is a failure" exits 1 "$s" list --dtb lib.sh
ok "a file without end is a failure" complains 'File too large' \
	sh -c "ulimit -v 1000000; '$s' list --dtb /dev/zero"
# shellcheck disable=SC2086
ok "output that cannot be written is a failure" \
	exits 1 sh -c "'$s' list $board >/dev/full"
if [ -e /dev/socassign ]; then
	skip "without the driver it says so" "the driver is there"
else
	ok "without the driver it says so" complains 'modprobe socassign' \
		"$s" peek /a 0 0
fi
finish
