# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="A WARNING in a module is reported."
EXPECT='^not ok .*the kernel complained'
test() { ok "plant" insmod /rig/extra/rig_plant.ko fault=warn; }
