# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="Every attribute takes what is right and refuses what is not, at every time, with an errno and no change."
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

ATTRIB=core/rd_mcp_0/rd0/attrib

# Whether the kernel's own target of this version has it.
exists() { [ -e "$TARGET/$ATTRIB/$1" ]; }

bools="emulate_3pc emulate_caw emulate_fua_write emulate_model_alias emulate_pr emulate_rsoc
	emulate_tas emulate_write_cache emulate_wsnz enforce_pr_isids force_pr_aptpl is_nonrot removable strict_cdb
	vpd_eui64 vpd_uuid emulate_pr_lost"
numbers="max_unmap_block_desc_count max_unmap_lba_count max_write_same_len quota_pages
	unmap_granularity unmap_granularity_alignment"
types="submit_type complete_type"
readonly="hw_block_size hw_max_sectors hw_pi_prot_type hw_queue_depth atomic_max_len
	atomic_alignment atomic_granularity atomic_max_with_boundary atomic_max_boundary"

# What each kind of attribute takes, all of them in one table.
table_of_kinds() {
	local name was
	for name in $bools; do
		exists "$name" || continue
		was=$(cat "$TARGET/$ATTRIB/$name")
		cat <<-END
			write $ATTRIB/$name 0 ok 0
			write $ATTRIB/$name 1\n ok 1
			write $ATTRIB/$name n ok 0
			write $ATTRIB/$name yes ok 1
			write $ATTRIB/$name off ok 0
			write $ATTRIB/$name on ok 1
			write $ATTRIB/$name 2 EINVAL =
			write $ATTRIB/$name -1 EINVAL =
			write $ATTRIB/$name x EINVAL =
			write $ATTRIB/$name \n EINVAL =
			write $ATTRIB/$name " 0" EINVAL =
			write $ATTRIB/$name $was ok $was
		END
	done
	for name in $numbers; do
		exists "$name" || continue
		was=$(cat "$TARGET/$ATTRIB/$name")
		cat <<-END
			write $ATTRIB/$name 0 ok 0
			write $ATTRIB/$name 4294967295\n ok 4294967295
			write $ATTRIB/$name 0x10 ok 16
			write $ATTRIB/$name 4294967296 ERANGE =
			write $ATTRIB/$name -1 EINVAL =
			write $ATTRIB/$name 1x EINVAL =
			write $ATTRIB/$name yes EINVAL =
			write $ATTRIB/$name $was ok $was
		END
	done
	for name in $types; do
		exists "$name" || continue
		cat <<-END
			write $ATTRIB/$name 1 ok 1
			write $ATTRIB/$name 2 ok 2
			write $ATTRIB/$name 3 EINVAL =
			write $ATTRIB/$name 256 ERANGE =
			write $ATTRIB/$name -1 EINVAL =
			write $ATTRIB/$name x EINVAL =
			write $ATTRIB/$name 0 ok 0
		END
	done
	for name in $readonly; do
		exists "$name" || continue
		# root may open it; configfs has nothing to call.
		echo "write $ATTRIB/$name 1 EACCES ="
	done
}

table_of_the_others() {
	cat <<-END
		# Ignored; LIO does not look at them at all.
		write $ATTRIB/emulate_dpo 0 ok 1
		write $ATTRIB/emulate_dpo x EINVAL|ok 1
		write $ATTRIB/emulate_fua_read 0 ok 1
		write $ATTRIB/emulate_fua_read x EINVAL|ok 1
		write $ATTRIB/emulate_ua_intlck_ctrl 1 ok 1
		write $ATTRIB/emulate_ua_intlck_ctrl 2 ok 2
		write $ATTRIB/emulate_ua_intlck_ctrl 3 EINVAL 2
		write $ATTRIB/emulate_ua_intlck_ctrl x EINVAL 2
		write $ATTRIB/emulate_ua_intlck_ctrl 0 ok 0
		write $ATTRIB/emulate_rest_reord 0 ok 0
		write $ATTRIB/emulate_rest_reord 1 ENOSYS 0
		write $ATTRIB/emulate_rest_reord 2 EINVAL 0
		# LIO's ramdisk cannot unmap.
		write $ATTRIB/emulate_tpu 1 ok|ENOSYS 1|0
		write $ATTRIB/emulate_tpu 0 ok 0
		write $ATTRIB/emulate_tpws 1 ok|ENOSYS 1|0
		write $ATTRIB/emulate_tpws 0 ok 0
		write $ATTRIB/unmap_zeroes_data 0 ok 0
		write $ATTRIB/unmap_zeroes_data 1 ok|ENOSYS 1|0
		# Without protection there is nothing to verify: taken and ignored.
		write $ATTRIB/pi_prot_verify 1 ok 0
		write $ATTRIB/pi_prot_type 0 ok 0
		write $ATTRIB/pi_prot_type 2 ok|ENOSYS 2|0
		write $ATTRIB/pi_prot_type 4 EINVAL =
		write $ATTRIB/pi_prot_type 1 ok 1
		write $ATTRIB/pi_prot_format 0 ok 0
		write $ATTRIB/pi_prot_format 1 ok 0
		write $ATTRIB/pi_prot_type 3 ok 3
		write $ATTRIB/pi_prot_verify 0 ok 0
		write $ATTRIB/pi_prot_type 0 ok 0
		write $ATTRIB/alua_support 1 ok 1
		write $ATTRIB/alua_support 0 ENOSYS 1
		write $ATTRIB/alua_support x EINVAL 1
		write $ATTRIB/pgr_support 1 ok 1
		write $ATTRIB/pgr_support 0 ENOSYS 1
		write $ATTRIB/block_size 4096 ok 4096
		write $ATTRIB/block_size 2048 ok 2048
		write $ATTRIB/block_size 1024 ok 1024
		write $ATTRIB/block_size 513 EINVAL 1024
		write $ATTRIB/block_size 256 EINVAL 1024
		write $ATTRIB/block_size 8192 EINVAL 1024
		write $ATTRIB/block_size 0 EINVAL 1024
		write $ATTRIB/block_size -512 EINVAL 1024
		write $ATTRIB/block_size x EINVAL 1024
		write $ATTRIB/block_size 512 ok 512
		write $ATTRIB/phys_block_size 4096 ok|ENOENT 4096|!ENOENT
		write $ATTRIB/phys_block_size 1000 EINVAL|ENOENT =
		write $ATTRIB/phys_block_size 512 ok|ENOENT 512|!ENOENT
		write $ATTRIB/encrypted 1 ok|ENOENT 1|!ENOENT
		write $ATTRIB/encrypted 2 EINVAL|ENOENT 1|!ENOENT
		write $ATTRIB/encrypted 0 ok|ENOENT 0|!ENOENT
		write $ATTRIB/volatile_cache 1 ok|ENOENT 1|!ENOENT
		write $ATTRIB/volatile_cache x EINVAL|ENOENT 1|!ENOENT
		write $ATTRIB/volatile_cache 0 ok|ENOENT 0|!ENOENT
		write $ATTRIB/capacity 8192 ok|ENOENT 8192|!ENOENT
		write $ATTRIB/capacity 4095 EINVAL|ENOENT =
		write $ATTRIB/capacity 0 EINVAL|ENOENT =
		write $ATTRIB/capacity x EINVAL|ENOENT =
		write $ATTRIB/capacity 0x100000000000 EINVAL|ENOENT =
		write $ATTRIB/capacity 18446744073709551616 ERANGE|ENOENT =
		write $ATTRIB/capacity 16777216 ok|ENOENT 16777216|!ENOENT
		write $ATTRIB/queue_depth 1 ok 1
		write $ATTRIB/queue_depth 0 EINVAL 1
		write $ATTRIB/queue_depth 129 EINVAL 1
		write $ATTRIB/queue_depth 128 ok 128
		write $ATTRIB/optimal_sectors 8 ok 8
		write $ATTRIB/optimal_sectors 4294967289 EINVAL 8
		write $ATTRIB/optimal_sectors 4294967296 ERANGE 8
		write $ATTRIB/optimal_sectors 4294967288 ok 4294967288
	END
}

table_unconfigured() {
	cat <<-END
		write $ATTRIB/emulate_tpu 1 ENOSYS 0
		write $ATTRIB/unmap_zeroes_data 1 ENOSYS 0
		write $ATTRIB/capacity 16777216 ENODEV|ENOENT 0|!ENOENT
		write $ATTRIB/queue_depth 64 EINVAL 0
		write $ATTRIB/optimal_sectors 8 EINVAL 0
		# enable would overwrite it; LIO takes it and does.
		write $ATTRIB/block_size 4096 ENODEV|ok
		write $ATTRIB/emulate_tas 0 ok 0
	END
}

table_exported() {
	local name
	for name in emulate_model_alias emulate_tas emulate_ua_intlck_ctrl force_pr_aptpl \
		unmap_zeroes_data; do
		echo "write $ATTRIB/$name 0 EINVAL ="
		echo "write $ATTRIB/$name 1 EINVAL ="
	done
	cat <<-END
		write $ATTRIB/block_size 512 EINVAL 512
		write $ATTRIB/block_size 4096 EINVAL 512
		write $ATTRIB/queue_depth 64 EINVAL 128
		write $ATTRIB/optimal_sectors 8 EINVAL 4294967288
		write $ATTRIB/emulate_3pc 0 ok 0
		write $ATTRIB/emulate_3pc 1 ok 1
		write $ATTRIB/emulate_caw 0 ok 0
		write $ATTRIB/emulate_fua_write 0 ok 0
		write $ATTRIB/emulate_pr 0 ok 0
		write $ATTRIB/emulate_write_cache 1 ok 1
		write $ATTRIB/enforce_pr_isids 0 ok 0
		write $ATTRIB/is_nonrot 0 ok 0
		write $ATTRIB/max_write_same_len 7 ok 7
	END
}

# What rtslib does to restore a device: in name order, one write each.
replay() {
	local file status=0
	for file in "$TARGET/$ATTRIB"/*; do
		[ -w "$file" ] && [[ $(stat -c %A "$file") == -rw* ]] || continue
		cat "$file" >value
		cat value >"$file" || { note "cannot write back ${file##*/}"; status=1; }
		cmp value "$file" || status=1
	done
	return $status
}

test() {
	ok "the modules load" lio_load
	ok "a device is made" mkdir $CORE/rd_mcp_0 $CORE/rd_mcp_0/rd0
	table_unconfigured | check_table
	rmdir $CORE/rd_mcp_0/rd0
	ok "a ramdisk is configured" lio_mk_rd rd0 1024 || return
	table_of_kinds | check_table
	table_of_the_others | check_table
	ok "what was read can be written back" replay
	ok "it is exported" lio_mk_port naa.5001405000000001 &&
		ok "to a LUN" lio_link naa.5001405000000001 1 0 rd_mcp_0/rd0
	table_exported | check_table
	lio_clear
}
