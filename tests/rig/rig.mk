# SPDX-License-Identifier: GPL-2.0-only
# The targets of the test rig; see tests/rig/check for what each phase does.

.PHONY: check check-build check-kunit check-vm check-meta guests

check:
	tests/rig/check

check-build:
	tests/rig/check build-6.1 build-6.12 build-7.2

check-kunit:
	tests/rig/check kunit

check-vm:
	tests/rig/check vm-6.1 vm-6.12 vm-7.2 vm-test

check-meta:
	tests/rig/check meta-6.12 meta-test

guests:
	tests/rig/guest
	tests/rig/testkernel
