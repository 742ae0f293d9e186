# SPDX-License-Identifier: GPL-2.0-only
# The targets of the tools; all need root.

.PHONY: lint bench demo tools deb check-deb check-builder htmldocs

lint:
	tools/lint/run

bench:
	tools/bench/run

demo:
	tools/demo/run

# What is compiled for tcm-next-tools; Python and documents need nothing.
tools:
	$(MAKE) -f tools/tcmu/tcmu.mk

deb:
	tools/deb/run

# By hand: these take minutes (tests/rig/deb) or belong to `make check` (tests/rig/builder).
check-deb:
	tests/rig/deb --boot deb12
	tests/rig/deb --boot deb13

check-builder:
	tests/rig/builder 6.12 6.1 7.2 test

htmldocs:
	tools/doc/htmldocs
