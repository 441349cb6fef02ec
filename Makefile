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
VMTEST := KERNEL=$(KERNEL) tools/testing/selftests/socassign/vm/vmtest.sh

help:
	@echo 'Targets:'
	@echo '  demo          boot a board, and a guest on its devices'
	@echo '                (BOARD=power|e500mc|arm64, default power)'
	@echo '  check         run all tests on every board (or on BOARD)'
	@echo '  check-debug   run them on debug kernels: KASAN, UBSAN, debug objects,'
	@echo '                memory that leaks or runs out (BOARD=arm64|e500mc,'
	@echo '                default both)'
	@echo '  check-all     all of them: static-check, check, check on arm64 with'
	@echo '                the other kernels (6.12, 7.3, PREEMPT_RT), check-debug'
	@echo '  bench         show what the driver costs, in instructions, beside'
	@echo '                vfio-platform and UIO (BOARD=arm64|e500mc|e500v2,'
	@echo '                default e500mc)'
	@echo '  static-check  run the checks that need no board (THOROUGH=1: all of'
	@echo '                each tree, and fuzzers, as check-all does)'
	@echo '  modules       build the module against KDIR'
	@echo '                (ARCH and CROSS_COMPILE as for the kernel)'
	@echo '  clean         remove what modules built'
	@echo '  overlay       install the sources into the kernel source tree KDIR'
	@echo ''
	@echo 'The checks, bench and demo install the Debian packages they need, and take'
	@echo 'KERNEL=6.1 (default), 6.12 or 7.3; check and check-debug take TESTS="dma irq",'
	@echo 'programs of tools/testing/selftests/socassign.  What they download and build'
	@echo 'is kept in $${XDG_CACHE_HOME:-~/.cache}/socassign.'

modules clean:
	$(MAKE) -C $(KDIR) M=$(CURDIR) CONFIG_SOCASSIGN=m $@

demo:
	@$(VMTEST) demo $(or $(BOARD),power)

check:
	@TESTS="$(TESTS)" $(VMTEST) check $(BOARD)

check-debug:
	@TESTS="$(TESTS)" $(VMTEST) check-debug $(BOARD)

bench:
	@$(VMTEST) bench $(or $(BOARD),e500mc)

check-all:
	@ok=true; \
	for what in "static-check THOROUGH=1" check "check BOARD=arm64 KERNEL=6.12" \
			"check BOARD=arm64 KERNEL=7.3" \
			"check BOARD=arm64-rt" check-debug; do \
		echo "== make $$what"; \
		$(MAKE) --no-print-directory $$what || ok=false; \
	done; \
	$$ok

static-check:
	@KERNEL=$(KERNEL) THOROUGH=$(THOROUGH) scripts/static-check.sh

overlay:
	@scripts/overlay.sh $(KDIR)

.PHONY: help modules clean demo check check-debug check-all bench static-check overlay

endif
