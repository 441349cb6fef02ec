# SPDX-License-Identifier: GPL-2.0
# JSON is valid for every node of the board
# Functions are run by ok().
# shellcheck disable=SC2317
. ./lib.sh

valid()
{
	"$SOCASSIGN" "$@" --json --dtb "$TMP/board.dtb" |
		python3 -m json.tool >/dev/null
}

ok "list" valid list
ok "list --all" valid list --all
"$SOCASSIGN" list --all --json --dtb "$TMP/board.dtb" |
	python3 -c 'import json, sys
for node in json.load(sys.stdin)["nodes"]: print(node["path"])' >"$TMP/paths"
ok "all nodes are listed" test "$(wc -l <"$TMP/paths")" -gt 20
while read -r path; do
	ok "show $path" valid show "$path"
done <"$TMP/paths"
finish
