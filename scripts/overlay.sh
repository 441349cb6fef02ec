#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Installs the overlay into a kernel source tree: our files, at the paths that
# they have here, and an entry in each of the tree's own lists.  Running it
# again brings the tree up to date; what is right already is not touched.

set -euo pipefail
export LC_ALL=C

TOP_DIR=$(cd "$(dirname "$0")/.." && pwd)

fail() {
	echo "overlay: $*" >&2
	return 1
}

# What is ours is listed once, in MAINTAINERS.  The boards in vm/ test the
# overlay, not a kernel tree.
copy_files() {
	sed -n 's/^F:\t//p' "$TOP_DIR/MAINTAINERS" |
		rsync -rlpc --relative --delete --files-from=- \
			--out-format='changed %n' --exclude='*.o' \
			--exclude='*.ko' --exclude='*.mod' --exclude='*.mod.c' \
			--exclude='.*.cmd' --exclude='.*.d' \
			--exclude=modules.order \
			--exclude=build/ \
			--exclude='/tools/testing/selftests/socassign/vm' \
			"$TOP_DIR/" "$TREE/"
}

# update FILE COMMAND...: FILE becomes what the command makes of it.  A new
# file takes its place: the old one may be hard linked from another tree.
update() {
	local file="$TREE/$1" new

	shift
	new=$(mktemp "$file.XXXXXX")
	if ! "$@" <"$file" >"$new"; then
		rm "$new"
		fail "cannot find the place for it in $file"
	elif cmp -s "$file" "$new"; then
		rm "$new"
	else
		chmod --reference="$file" "$new"
		mv "$new" "$file"
		echo "changed ${file#"$TREE/"}"
	fi
}

# add_after ANCHOR LINE [NEXT-LINE]: behind the first line that begins with
# ANCHOR, unless the last of them is there already.
add_after() {
	awk -v anchor="$1" -v first="$2" -v last="${3-$2}" '
		{ text[NR] = $0 }
		$0 == last { present = 1 }
		!place && index($0, anchor) == 1 { place = NR }
		END {
			for (i = 1; i <= NR; i++) {
				print text[i]
				if (i != place || present)
					continue
				print first
				if (last != first)
					print last
			}
			exit !(place || present)
		}'
}

# add_target NAME: the list of selftests is in alphabetical order.
add_target() {
	awk -v name="$1" '
		$0 == "TARGETS += " name { next }
		!done && /^TARGETS \+= / && $3 > name {
			print "TARGETS += " name
			done = 1
		}
		{ print }
		END { exit !done }'
}

# add_section FILE: FILE is a paragraph for MAINTAINERS, whose paragraphs are
# in the order of their first lines, but for a few: it goes where most of them
# are on the right side of it.
add_section() {
	awk -v file="$1" '
		BEGIN {
			RS = ""
			FS = "\n"
			getline section <file
			title = section
			sub(/\n.*/, "", title)
		}
		$1 == title { next }
		{ text[++n] = $0 }
		$2 ~ /^[A-Z]:\t/ {
			wrong += toupper($1) < toupper(title) ? -1 : 1
			if (wrong < least) {
				least = wrong
				place = n
			}
		}
		END {
			for (i = 1; i <= n; i++) {
				printf "%s%s\n", (i > 1 ? "\n" : ""), text[i]
				if (i == place)
					printf "\n%s\n", section
			}
			exit !place
		}'
}

add_entries() {
	# shellcheck disable=SC2016 # make expands it, not the shell
	update drivers/virt/Makefile add_after 'obj-$(CONFIG_ACRN_HSM)' \
		$'obj-$(CONFIG_SOCASSIGN)\t\t+= socassign/'
	update drivers/virt/Kconfig add_after 'source "drivers/virt/acrn/' \
		'' 'source "drivers/virt/socassign/Kconfig"'
	update Documentation/virt/index.rst add_after '   acrn/index' \
		'   socassign'
	update Documentation/userspace-api/ioctl/ioctl-number.rst \
		add_after '0xAF  00-1F  linux/fsl_hypervisor.h' \
		"$(printf '%-71s%s' '0xAF  20-3F  linux/socassign.h' \
			'SoC device assignment')"
	update tools/testing/selftests/Makefile add_target socassign
	update MAINTAINERS add_section "$TOP_DIR/MAINTAINERS"
}

TREE=${1:-}
[ -f "$TREE/drivers/virt/Kconfig" ] ||
	fail "'$TREE' is no kernel source tree: make overlay KDIR=..."
command -v rsync >/dev/null || fail "please install rsync"
copy_files
add_entries
