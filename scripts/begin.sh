# SPDX-License-Identifier: GPL-2.0
# What the scripts here that need packages begin with: they run at the top of the
# checkout, with vm/lib.sh and vm/apt.sh, and $VM_DIR is where more of that kind is.
# Sourced.

shopt -s inherit_errexit

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit
. tools/testing/selftests/socassign/vm/lib.sh
. "$VM_DIR/apt.sh"
