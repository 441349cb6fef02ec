#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Holds the driver against its floors (Documentation/virt/socassign.rst,
# "Internals"): says which file uses or includes something of a floor above its own,
# and which files use each other in a circle.
#
# The argument is drivers/virt/socassign of a tree in which it was built.

set -euo pipefail

cd "$1"

# uses: "FILE FILE SYMBOL", the first one uses the symbol of the second.
uses() {
	find . -name '*.o' ! -name '*kunit*' ! -name '*.mod.o' ! -name socassign.o \
		-printf '%P\n' | xargs nm -A | awk '
		{
			sub(/\.o:/, " ")
			file = $1
			symbol = $NF
			if ($(NF - 1) == "U")
				wants[file, symbol] = 1
			else if ($(NF - 1) ~ /^[TDBR]$/)
				has[symbol] = file
		}
		END {
			for (key in wants) {
				split(key, want, SUBSEP)
				if (want[2] in has)
					print want[1], has[want[2]], want[2] "()"
			}
		}' | sort
}

# includes: "FILE FILE HEADER", the first one includes the header of the second.
includes() {
	find . -name '*.[ch]' ! -name '*kunit*' -printf '%P\n' |
		xargs grep -H '^#include "' |
		sed -n 's/^\(.*\)\.[ch]:#include "\(.*\)\.h"$/\1 \2 \2.h/p'
}

upwards() {
	awk '
		function floor(file, folder) {
			if (file == "main")
				return 7
			if (file !~ "/" || file ~ "^changes/")
				return 6
			folder = substr(file, 1, index(file, "/") - 1)
			if (!(folder in number)) {
				print folder "/ is on no floor"
				exit
			}
			return number[folder]
		}
		BEGIN {
			n = split("base tree hw rules claim parts", names)
			for (i = 1; i <= n; i++)
				number[names[i]] = i - 1
		}
		floor($1) < floor($2) { print $1 " uses " $3 ", which is above, in " $2 }'
}

# It says which files are in the circle.
circles() {
	{ cut -d ' ' -f 1,2 | tsort 2>&1 >/dev/null || true; } |
		sed -n 's/^tsort: \([^-].*\)$/circle: \1/p'
}

used=$(uses)
[ -n "$used" ] || {
	echo "no objects in $1"
	exit 1
}
found=$(upwards <<<"$used"; includes | upwards; circles <<<"$used")
echo -n "${found:+$found$'\n'}"
[ -z "$found" ]
