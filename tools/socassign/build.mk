# SPDX-License-Identifier: GPL-2.0
#
# What the objects of the library and of socvmm were made by, in $(O)/flags

# As they are here: a target may have more.
FLAGS := $(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) $(LIBFDT_SRC)
flags_quoted := '$(subst ','\'',$(FLAGS))'

# It is newer than the objects only if they were made by something else.
$(O)/flags: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' $(flags_quoted) | cmp -s - $@ || \
		printf '%s\n' $(flags_quoted) >$@
