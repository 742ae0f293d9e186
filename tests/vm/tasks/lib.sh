# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Two nexuses of one unit, their task attributes and task management functions.
. /rig/src/tests/vm/alua/lib.sh

COMMANDS=/sys/kernel/debug/target_core/commands

manage() { # port function [tag]
	echo "$2 0${3:+ $3}" >"$(lio_tpg $WWN "$1")/attrib/task_management"
}

# The task attribute of what a port sends: 0 SIMPLE, 1 HEAD OF QUEUE, 2 ORDERED, 4 ACA.
attribute_of() { echo "$2" >"$(lio_tpg $WWN "$1")/attrib/task_attr"; }
