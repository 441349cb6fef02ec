#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Builds the Debian packages and asks lintian about them.  That is done in a
# Debian of its own in the cache: neither the checkout nor what this machine has
# installed changes, and what a package needs to be built is what it says.
#
# usage: deb.sh [ARCHITECTURE]   default: this machine's

set -euo pipefail
. "$(dirname "$0")/begin.sh"
. scripts/debian-root.sh
. scripts/files.sh

BUILD=$(dpkg --print-architecture)
HOST=${1:-$BUILD}
TAG="deb $HOST"
ROOT="$CACHE/deb/root-$HOST"
# Where the packages end up
DIST="$CACHE/deb/$HOST"
FOREIGN=()
[ "$HOST" = "$BUILD" ] || FOREIGN=("$HOST")
PACKAGES=(build-essential lintian
	  ${FOREIGN:+"crossbuild-essential-$HOST"})

copy_checkout() {
	as_root rm -rf "$ROOT/build"
	as_root mkdir -p "$ROOT/build/socassign"
	list_files . | as_root rsync -rlp --files-from=- ./ \
		"$ROOT/build/socassign/"
}

# What the root was made for: something else makes another one.
root_key() {
	echo "$SUITE ${PACKAGES[*]}"
	sed -n '/^Build-/,/^[^ ]/p' debian/control
}

build_root() {
	[ "$(cat "$ROOT.key" 2>/dev/null)" != "$(root_key)" ] || return 0
	rm -f "$ROOT.key"
	debian_root "$ROOT" "${BUILD}${FOREIGN:+,$HOST}" "${PACKAGES[@]}"
	copy_checkout
	quietly "$CACHE/log/build-dep-$HOST.log" \
		in_root "$ROOT" /build/socassign apt-get build-dep -y \
		--no-install-recommends --host-architecture "$HOST" .
	root_key >"$ROOT.key"
}

build_packages() {
	say "building the packages"
	quietly "$CACHE/log/deb-$HOST.log" in_root "$ROOT" /build/socassign \
		dpkg-buildpackage -us -uc -a "$HOST"
	say "asking lintian"
	in_root "$ROOT" /build sh -c \
		'lintian --allow-root --fail-on error,warning *.changes' >&2 ||
		die "lintian has something to say"
}

keep_packages() {
	rm -rf "$DIST"
	mkdir -p "$DIST"
	find "$ROOT/build" -maxdepth 1 -type f -exec cp -t "$DIST" {} +
	echo "$DIST:"
	(cd "$DIST" && printf '  %s\n' *.deb)
}

deb() {
	install_tools mmdebstrap rsync git
	build_root
	copy_checkout
	build_packages
	keep_packages
}

end_on_interrupt
with_lock "deb-$HOST" deb
