# SPDX-License-Identifier: GPL-2.0
#
# The kernel's build reads the first half, people the second: `make help`.

ifneq ($(KERNELRELEASE),)

obj-$(CONFIG_SOCASSIGN) += drivers/virt/socassign/

# An external module's options are not in the kernel's configuration.
subdir-ccflags-y += -DCONFIG_SOCASSIGN_MODULE
subdir-ccflags-y += -I$(src)/include -I$(src)/include/uapi

else

KDIR ?= /lib/modules/$(shell uname -r)/build
BOARD ?=
KERNEL ?= 6.1
VMM ?=
VMTEST := KERNEL=$(KERNEL) VMM=$(VMM) tools/testing/selftests/socassign/vm/vmtest.sh
HOST ?=
# socvmm is not for every machine.
HAS_SOCVMM = $(filter aarch64-% powerpc-%,$(shell $(CROSS_COMPILE)gcc -dumpmachine))

help:
	@echo 'Targets:'
	@echo '  demo          boot a board, and a guest on its devices'
	@echo '                (BOARD=power|e500mc|arm64, default power; power and arm64:'
	@echo '                with VMM=qemu the guest runs under QEMU, not socvmm, and'
	@echo '                on arm64 with VMM=qemu10 under QEMU 10.0)'
	@echo '  demo-partitions  boot a board, and two guests from a description'
	@echo '                (BOARD=arm64|e500v2, default arm64)'
	@echo '  check         run all tests on every board (or on BOARD)'
	@echo '  check-debug   run them on debug kernels: KASAN, UBSAN, debug objects,'
	@echo '                memory that leaks or runs out (BOARD=arm64|e500mc,'
	@echo '                default both)'
	@echo '  check-all     all of them: static-check, check with QEMU for guests,'
	@echo '                check on arm64 with the other kernels (6.12, which has'
	@echo '                QEMU 10.0, 7.3, PREEMPT_RT, patched), another kernel that'
	@echo '                takes over (BOARD=e500v2-kexec), check-debug, the demos,'
	@echo '                check-boot'
	@echo '  bench         show what the driver costs, in instructions, beside'
	@echo '                vfio-platform and UIO (BOARD=arm64|e500mc|e500v2,'
	@echo '                default e500mc)'
	@echo '  static-check  run the checks that need no board (THOROUGH=1: more of'
	@echo '                each tree, and fuzzers, as check-all does)'
	@echo '  modules       build the module against KDIR'
	@echo '                (ARCH and CROSS_COMPILE as for the kernel)'
	@echo '  modules_install  install it there (INSTALL_MOD_PATH)'
	@echo '  install       build and install the command, the library and, on arm64'
	@echo '                and Power, socvmm (DESTDIR, PREFIX=/usr/local,'
	@echo '                CROSS_COMPILE, LIBFDT_SRC)'
	@echo '  deb           build Debian packages of all of it (HOST=arm64: for'
	@echo '                another architecture)'
	@echo '  check-deb     install them in a clean Debian, use and remove them (HOST=arm64:'
	@echo '                DKMS builds the module there, which is emulated and slow)'
	@echo '  check-boot    the same on arm64, and boot the board with that Debian:'
	@echo '                systemd, udev, two partitions of the machine as services'
	@echo '  clean         remove what modules and install built'
	@echo '  modules_clean  remove what modules built'
	@echo '  overlay       install the sources into the kernel source tree KDIR'
	@echo ''
	@echo 'The checks, bench, demo and deb install the Debian packages they need.  The'
	@echo 'checks, bench and demo take KERNEL=6.1 (default), 6.12 or 7.3; check and'
	@echo 'check-debug take TESTS="dma irq", programs of'
	@echo 'tools/testing/selftests/socassign.  VMM=qemu has check, too, build QEMU for'
	@echo 'the guests, on arm64 and e500v2: 7.2, as in Debian bookworm.  VMM=qemu10 has'
	@echo 'it build 10.0, as in trixie, on arm64.  What they download and build is kept'
	@echo 'in $${XDG_CACHE_HOME:-~/.cache}/socassign.'

# The makefiles that are called are in other directories.
absolute = $(foreach name,$(1),$(if $($(name)),$(name)=$(call one_path,$(name))))
one_path = $(if $(word 2,$($(1))),\
	$(error $(1)=$($(1)): make takes no path with spaces),$(abspath $($(1))))

modules modules_install:
	$(MAKE) -C $(KDIR) M=$(CURDIR) CONFIG_SOCASSIGN=m $@ \
		$(call absolute,INSTALL_MOD_PATH)

# Without the kernel's help: its headers may be gone.
modules_clean:
	find drivers -type f \( -name '*.o' -o -name '*.ko' -o -name '*.mod' \
		-o -name '*.mod.c' -o -name '.*.cmd' -o -name modules.order \) -delete
	rm -rf Module.symvers modules.order modules.nsdeps .module-common.o \
		.*.cmd .tmp_versions

clean: modules_clean
	$(MAKE) -C tools/socassign $@
	$(MAKE) -C samples/socassign/socvmm $@

# PREFIX and so on are the makefiles' own.
install: places = $(call absolute,DESTDIR LIBFDT_SRC)
install:
	$(MAKE) -C tools/socassign $@ $(places)
	$(if $(HAS_SOCVMM),$(MAKE) -C samples/socassign/socvmm $@ $(places))

deb:
	@scripts/deb.sh $(HOST)

check-deb:
	@scripts/check-deb.sh $(HOST)

check-boot:
	@scripts/check-deb.sh arm64 boot

demo:
	@$(VMTEST) demo $(or $(BOARD),power)

demo-partitions:
	@$(VMTEST) demo-partitions $(or $(BOARD),arm64)

check:
	@TESTS="$(TESTS)" $(VMTEST) check $(BOARD)

check-debug:
	@TESTS="$(TESTS)" $(VMTEST) check-debug $(BOARD)

bench:
	@$(VMTEST) bench $(or $(BOARD),e500mc)

check-all:
	@ok=true; \
	for what in "static-check THOROUGH=1" "check VMM=qemu" \
			"check BOARD=arm64 KERNEL=6.12 VMM=qemu10" \
			"check BOARD=arm64 KERNEL=7.3" \
			"check BOARD=arm64-rt" "check BOARD=e5500" \
			"check BOARD=arm64-patched KERNEL=7.3" \
			"check BOARD=e500v2-kexec" check-debug \
			demo "demo BOARD=arm64" demo-partitions check-boot; do \
		echo "== make $$what"; \
		$(MAKE) --no-print-directory $$what || ok=false; \
	done; \
	$$ok

static-check:
	@KERNEL=$(KERNEL) THOROUGH=$(THOROUGH) scripts/static-check.sh

overlay:
	@scripts/overlay.sh $(KDIR)

.PHONY: help modules modules_install modules_clean clean
.PHONY: demo demo-partitions check check-debug check-all bench
.PHONY: static-check overlay install deb check-deb check-boot

endif
