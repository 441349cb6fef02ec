# SPDX-License-Identifier: GPL-2.0
# Which files are the project's.  Sourced, at the top of the checkout.

# list_files [PATTERN]: ours, what is, or could be, under version control.
list_files() {
	{
		git ls-files -co --exclude-standard 2>/dev/null ||
			find . -name .git -prune -o -type f -printf '%P\n'
	} | grep -E "${1:-}" | while IFS= read -r file; do
		[ ! -f "$file" ] || echo "$file"
	done
}
