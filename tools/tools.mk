# SPDX-License-Identifier: GPL-2.0-only
# The targets of the tools; all need root.

.PHONY: lint bench demo
.PHONY: deb htmldocs check-deb check-builder

deb:
	tools/deb/run

htmldocs:
	tools/doc/htmldocs

# By hand, as these take minutes; `make check` has the second one on 6.12.
check-deb:
	tests/rig/deb --boot deb12
	tests/rig/deb --boot deb13

check-builder:
	tests/rig/builder 6.12 6.1 7.2 test

lint:
	tools/lint/run

bench:
	tools/bench/run

demo:
	tools/demo/run

.PHONY: tools
tools:
	$(MAKE) -f tools/tcmu/tcmu.mk
