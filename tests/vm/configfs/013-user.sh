# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="The tree of a unit that a process serves, before it is enabled, is that of the kernel's own target, file by file."
KERNELS="6.12"
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# user.reference is the kernel's own target of 6.12. Here is each line of ours that
# differs, and why.
differences() {
	cat <<-'END'
	-rw-r--r-- ./user_0/u0/attrib/complete_type = 0|
	  LIO of 7.2 has it.
	-rw-r--r-- ./user_0/u0/attrib/abort_time_out = 10|
	  New: the process may finish a command that was aborted, and then no longer.
	-rw-r--r-- ./user_0/u0/attrib/nl_time_out = 30|
	  New: LIO waits for the answer to a netlink event without an end.
	-rw-r--r-- ./user_0/u0/attrib/recovery = 0|
	  New: what becomes of commands when the process goes away.
	-rw-r--r-- ./user_0/u0/attrib/recovery_time_out = 0|
	  As above.
	-r--r--r-- ./user_0/u0/attrib/ring_state = waiting|
	  New: whether it is broken; rtslib saves what is writable only.
	-rw-r--r-- ./user_0/u0/wwn/pd_text_id_info = |
	  LIO of 7.2 has it.
	-r--r--r-- ./user_0/u0/statistics/scsi_tgt_dev/status = deactivated|
	  LIO of 7.2 ends the line.
	END
}

want_lio() { cat; }

test() {
	cd "$WORK" || return
	ok "the core is there" lio_load || return
	ok "mkdir loads the module" mkdir $CORE/user_0 || return
	ok "a unit" mkdir $CORE/user_0/u0
	python3 "$CONFIGFS_TESTS/tree.py" $CORE | grep ' \./user_0' |
		sed -E 's/(hba_info = HBA Index:) [0-9]+/\1 4/; s,(scsi_dev/inst|scsi_lu/inst|scsi_tgt_dev/inst) = [0-9]+,\1 = 5,' |
		LC_ALL=C sort -k2 >got
	compare_tree "$CONFIGFS_TESTS/user.reference" 100
	lio_clear
}
