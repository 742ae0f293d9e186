# SPDX-License-Identifier: GPL-2.0-only
# make -f tools/tcmu/tcmu.mk [OUT=DIR]: the handlers of TCMU units.

TCMU_DIR := $(dir $(lastword $(MAKEFILE_LIST)))
OUT ?= $(TCMU_DIR)
TCMU_LIB := $(addprefix $(TCMU_DIR),tcmu.c netlink.c serve.c disk.c)
TCMU_CFLAGS := -std=gnu11 -D_GNU_SOURCE -O2 -Wall -Wextra -Wno-unused-parameter -Wno-address-of-packed-member \
	-Wno-sign-compare -Werror
TCMU_PROGRAMS := tcmu-ram tcmu-file

.PHONY: tcmu
tcmu: $(addprefix $(OUT)/,$(TCMU_PROGRAMS))

$(OUT)/tcmu-%: $(TCMU_DIR)tcmu-%.c $(TCMU_LIB) $(TCMU_DIR)tcmu.h
	$(CC) $(TCMU_CFLAGS) $(CFLAGS) -o $@ $< $(TCMU_LIB) $(LDFLAGS)
