# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="dbroot is a directory that exists, chosen while no device does."
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

test() {
	local was=ours
	ok "the modules load" lio_load || return
	[ "$PEER" = ours ] || was=
	is "$(cat $TARGET/dbroot)" /etc/target "it is /etc/target where that exists"
	mkdir -p /tmp/db/pr
	check_table <<-END
		write dbroot /nonexistent ENOENT /etc/target
		write dbroot /etc/passwd ENOTDIR /etc/target
		# The directory of whoever writes is nobody's business.
		write dbroot tmp EINVAL|ENOENT /etc/target
		write dbroot x*4095 EINVAL|ENAMETOOLONG /etc/target
		write dbroot /x*4094 ENAMETOOLONG /etc/target
		write dbroot /etc/target ok /etc/target
	END
	[ -z "$was" ] || check_table <<-END
		# LIO before 7.2 keeps the tail of a longer name that was there.
		write dbroot /tmp/db/pr\n ok /tmp/db/pr
		write dbroot /tmp ok /tmp
		write dbroot " /tmp/db/ \n" ok /tmp/db
		write dbroot / ok /
		write dbroot \n EINVAL /
		write dbroot /etc/target ok /etc/target
	END
	check_table <<-END
		mkdir core/rd_mcp_0 ok
		mkdir core/rd_mcp_0/rd0 ok
		write dbroot /tmp/db EINVAL /etc/target
		rmdir core/rd_mcp_0/rd0 ok
	END
	# LIO: for as long as any backstore is loaded.
	[ -z "$was" ] || check_table <<-END
		write dbroot /tmp/db ok /tmp/db
		write dbroot /etc/target ok /etc/target
	END
	rm -r /tmp/db
	lio_clear
}
