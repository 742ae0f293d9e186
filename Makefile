# SPDX-License-Identifier: GPL-2.0-only
#
# make [KDIR=...] [KUNIT=1] modules	build for the kernel in KDIR
# make [KDIR=...] [INSTALL_MOD_PATH=...] modules_install
# make clean
# make check | lint | bench | demo	see README.md; these need root
# make deb | htmldocs	packages for Debian, the book

KDIR ?= /lib/modules/$(shell uname -r)/build
KUNIT ?=

.DEFAULT_GOAL := modules
.PHONY: modules modules_install clean

modules:
	$(MAKE) -C $(KDIR) M=$(CURDIR) KUNIT=$(KUNIT) modules

# updates/ is what depmod prefers to the in-tree modules of the same name.
modules_install:
	$(MAKE) -C $(KDIR) M=$(CURDIR) INSTALL_MOD_DIR=updates modules_install

clean:
	$(MAKE) -C $(KDIR) M=$(CURDIR) clean

-include tests/rig/rig.mk
-include tools/tools.mk
