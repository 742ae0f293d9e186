# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="Hundreds of registrations are listed whole, survive, and end."
. /rig/src/tests/vm/pr/lib.sh

requires() { _have_peer ours; }

COUNT=600
EACH=100

# One nexus can register those of others, but only when it is not registered itself.
register_all() {
	local i
	for ((i = 0; i < COUNT / EACH; i++)); do
		echo "A register 0 $((i + 1)) ids=sas:70000000000${i}0000*$EACH aptpl = good"
		echo "A register $((i + 1)) 0 aptpl = good"
	done
}

test() {
	three_ports || return
	register_all | pr_table
	pr_table <<-END
		A count keys = $COUNT
		A count full = $COUNT
	END
	is "$(grep -c 'Node: naa\.7' /sys/kernel/debug/target_core/registrations)" $COUNT "and debugfs"
	ok "a page of configfs has as many as fit" [ "$(grep -c Node: $PR/res_pr_registered_i_pts)" -gt 40 ]
	lio_clear
	three_ports || return
	pr_table <<-END
		A count full = $COUNT
		A register 0 aa aptpl = good
		A preempt aa 3 0 = good
		A count keys = $((COUNT - EACH + 1))
		A clear aa = good
		A keys = good: .. .. .. .. 00 00 00 00
	END
	rm -f /etc/target/pr/aptpl_$SERIAL
	lio_clear
}
