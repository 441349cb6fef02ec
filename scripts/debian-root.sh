# SPDX-License-Identifier: GPL-2.0
# A Debian of its own in a directory, to build or to try packages in.  Sourced
# after vm/apt.sh; needs root and the package mmdebstrap.

SUITE=bookworm

# debian_root DIRECTORY ARCHITECTURES PACKAGE...
debian_root() {
	local root=$1 architectures=$2 packages

	shift 2
	packages=$(IFS=,; echo "$*")
	say "installing Debian ($SUITE, $architectures)"
	system_lists
	as_root rm -rf "$root"
	mkdir -p "$(dirname "$root")"
	suite_sources "$SUITE" | sed 's/ target=[^]]*//' >"$root.list"
	apt-config dump | grep -i '^Acquire::.*Proxy' >"$root.conf" || true
	quietly "$root.log" as_root mmdebstrap --mode=root --variant=apt \
		--architectures="$architectures" --include="$packages" \
		--aptopt="$root.conf" \
		--skip=cleanup/apt/lists "$SUITE" "$root" "$root.list"
}

# in_root ROOT DIRECTORY COMMAND...: with nothing of this machine's environment.
in_root() {
	local root=$1 dir=$2

	shift 2
	# shellcheck disable=SC2016 # the inner shell expands it
	as_root env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
		LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
		DEB_BUILD_OPTIONS="parallel=$(nproc)" \
		unshare --mount sh -ec '
			mount -t proc none "$1/proc"
			root=$1 dir=$2
			shift 2
			exec chroot "$root" sh -ec '\''cd "$1"; shift; exec "$@"'\'' \
				sh "$dir" "$@"' sh "$root" "$dir" "$@"
}
