# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="pr/ says that there is no reservation, and who would make one."
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

PR=core/rd_mcp_0/rd0/pr
NONE="No SPC-3 Reservation holder"

test() {
	ok "a ramdisk is configured" lio_mk_rd rd0 1024 || return
	check_table <<-END
		read $PR/res_holder ok "$NONE"
		read $PR/res_pr_all_tgt_pts ok "$NONE"
		read $PR/res_pr_holder_tg_port ok "$NONE"
		read $PR/res_pr_type ok "$NONE"
		read $PR/res_pr_generation ok 0x00000000
		read $PR/res_pr_registered_i_pts ok "SPC-3 PR Registrations:\nNone"
		read $PR/res_type ok SPC3_PERSISTENT_RESERVATIONS
		read $PR/res_aptpl_active ok "APTPL Bit Status: Disabled"
		read $PR/res_aptpl_metadata ok "Ready to process PR APTPL metadata.."
		write $PR/res_aptpl_metadata x EINVAL =
		write $PR/res_aptpl_metadata initiator_node=a EINVAL =
		write $PR/res_holder x EACCES =
		write core/rd_mcp_0/rd0/attrib/emulate_pr 0 ok 0
		read $PR/res_holder ok SPC_RESERVATIONS_DISABLED
		read $PR/res_type ok SPC_RESERVATIONS_DISABLED
		read $PR/res_aptpl_active ok ""
		read $PR/res_aptpl_metadata ok ""
		read $PR/res_pr_type ok "$NONE"
		write core/rd_mcp_0/rd0/attrib/emulate_pr 1 ok 1
		read $PR/res_type ok SPC3_PERSISTENT_RESERVATIONS
	END
	lio_clear
}
