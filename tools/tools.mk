# SPDX-License-Identifier: GPL-2.0-only
# The targets of the tools; all need root.

.PHONY: lint bench demo

lint:
	tools/lint/run

bench:
	tools/bench/run

demo:
	tools/demo/run

.PHONY: tools
tools:
	$(MAKE) -f tools/tcmu/tcmu.mk
