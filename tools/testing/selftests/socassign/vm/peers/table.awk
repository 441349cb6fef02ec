# SPDX-License-Identifier: GPL-2.0
# The lines of costs.h as a table: a row for each thing, a column for each peer,
# and socassign's ratios to the others.  Where the device was bound before, as
# the peers' devices are, that is the socassign that counts.
# With -v tsv=FILE each row goes there, too.

BEGIN {
	FS = "|"
	num_peers = split("floor|socassign|socassign bound|vfio|uio", peers)
}

$1 != "cost" && $1 != "value" { next }

# Repeated to see how far a number can be trusted, not to be shown.
sub(/, again$/, "", $2) {
	again[$2, $3] = $4
	next
}

{
	if (!($2 in seen))
		order[++num_rows] = $2
	seen[$2]
	kind[$2] = $1
	median[$2, $3] = $4
}

function ratio(row, peer,	soca) {
	soca = (row, "socassign bound") in median ? "socassign bound" : "socassign"
	if (!((row, soca) in median) || !((row, peer) in median))
		return "-"
	# A few instructions more or less say nothing.
	if (kind[row] == "cost" && median[row, peer] < 50)
		return "-"
	return sprintf("%.2f", median[row, soca] / median[row, peer])
}

function cell(row, peer) {
	return (row, peer) in median ? median[row, peer] : "-"
}

function noise(	key, part, at, worst) {
	for (key in again) {
		part = again[key] / median[key] - 1
		if (part < 0)
			part = -part
		if (worst == "" || part > worst) {
			worst = part
			at = key
		}
	}
	if (worst == "")
		return
	sub(SUBSEP, ", ", at)
	printf "Repeated rows differ by %.3f %% at most (%s).\n", worst * 100, at
}

END {
	format = "%-42s %10s %10s %10s %10s %10s  %6s %6s %6s\n"
	printf format, "instructions, medians", "floor", "socassign",
		"soca bound", "vfio", "uio", "/floor", "/vfio", "/uio"
	for (i = 1; i <= num_rows; i++) {
		row = order[i]
		printf format, row, cell(row, "floor"), cell(row, "socassign"),
			cell(row, "socassign bound"), cell(row, "vfio"),
			cell(row, "uio"), ratio(row, "floor"),
			ratio(row, "vfio"), ratio(row, "uio")
		line = row
		for (j = 1; j <= num_peers; j++)
			line = line "\t" cell(row, peers[j])
		if (tsv)
			print line >tsv
	}
	noise()
}
