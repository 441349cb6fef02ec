# SPDX-License-Identifier: GPL-2.0
#
# What the Makefiles of the library and of socvmm do alike: which paths they take, and
# what the objects were made by, in $(O)/flags

$(foreach name,DESTDIR PREFIX LIBDIR INCLUDEDIR O LIBFDT_SRC,\
	$(if $(word 2,$($(name))),\
		$(error $(name)=$($(name)): make takes no path with spaces)))

# As they are here: a target may have more.
FLAGS := $(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) $(LIBFDT_SRC)
flags_quoted := '$(subst ','\'',$(FLAGS))'

# It is newer than the objects only if they were made by something else.
$(O)/flags: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' $(flags_quoted) | cmp -s - $@ || \
		printf '%s\n' $(flags_quoted) >$@
