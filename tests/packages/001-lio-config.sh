# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="A configuration that targetcli saved under the kernel's own target is restored under ours, and back."
TIMEOUT=400
. /rig/src/tests/vm/common.sh

export TARGETCLI_HOME=$WORK/home
UPDATES=/lib/modules/$(uname -r)/updates
CLI_ERRORS='error|exception|traceback|cannot|could not|not found|read-only|invalid|fail'

requires() {
	_have_peer ours
	_have_program targetcli dbus-daemon
}

# Runs commands, one per line, in one program: it takes seconds to start.
run_cli() { # command...
	printf '%s\n' "$@" "set global auto_save_on_exit=false" exit >commands
	quietly timeout 150 targetcli <commands
}

# The older one says that it has no preferences yet.
complaints() { grep -v 'preferences file' quietly | grep -iE "$CLI_ERRORS"; }

cli() { # command...
	run_cli "$@" && ! complaints
}

# The target modules of the kernel, or ours; nothing of the others stays loaded.
switch_to() { # lio|ours
	lio_clear
	lio_unload || return
	PEER=$1
	case $1 in
	lio) mv "$UPDATES" /root/updates ;;
	ours) mv /root/updates "$UPDATES" ;;
	esac || return
	depmod
	lio_load && rmdir $LOOPBACK
}

create() {
	cli "/backstores/ramdisk create name=rd size=16M" \
		"/backstores/fileio create name=file file_or_dev=/root/file size=8M" \
		"/backstores/block create name=disk dev=$LOOP" \
		"/backstores/ramdisk/rd set attribute emulate_tas=0 queue_depth=32" \
		"/backstores/fileio/file set attribute emulate_write_cache=1" \
		"/loopback create $WWN" \
		"/loopback/$WWN/luns create /backstores/ramdisk/rd" \
		"/loopback/$WWN/luns create /backstores/fileio/file" \
		"/loopback/$WWN/luns create /backstores/block/disk" \
		"saveconfig $WORK/lio.json"
}

# Whatever the first file says, the second says too; ours has attributes beyond it.
same_in() { # json json
	python3 - "$1" "$2" <<-'END'
		import json, sys
		def compare(a, b, path):
		    if isinstance(a, dict) and isinstance(b, dict):
		        for key in a:
		            if key not in b:
		                print(f"{path}/{key}: missing")
		            else:
		                compare(a[key], b[key], f"{path}/{key}")
		    elif isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
		        name = lambda x: str(x.get("name", x.get("index", x.get("wwn"))))
		        for x, y in zip(sorted(a, key=name), sorted(b, key=name)):
		            compare(x, y, f"{path}[{name(x)}]")
		    elif a != b:
		        print(f"{path}: {a} became {b}")
		a, b = (json.load(open(name)) for name in sys.argv[1:])
		compare(a, b, "")
	END
}

disks() { lsscsi | grep -c 'LIO-ORG'; }
three_disks() { [ "$(disks)" = 3 ]; }

# LIO says of every block device that it has no volatile cache, and that is what it saves;
# ours does not let a cache be denied, and LIO none be claimed. Everything else is restored.
CACHE='block/disk: Cannot set attribute emulate_write_cache: .Errno 22'
CACHE_DIFFERS='^/storage_objects.disk./(attributes/emulate_write_cache|write_back):'

restore_and_save() { # from to complaint-expected
	ok "$PEER: restoreconfig" run_cli "restoreconfig $1" "saveconfig $2"
	like "$(cat quietly)" 'Configuration restored' "$PEER: says so"
	is "$(complaints | grep -vE "recoverable errors:|${3:-^$}")" "" "$PEER: without a complaint"
	ok "$PEER: the disks are there" wait_until 20 three_disks
}

# Complaints about attributes that LIO does not have, of units and of ports.
only_ours() {
	python3 - "$WORK/ours.json" "$WORK/lio.json" <<-'END'
		import json, sys
		ours, lio = ({name for store in json.load(open(path))["storage_objects"]
		              for name in store["attributes"]} for path in sys.argv[1:])
		print("Cannot find attribute: (%s)," % "|".join(sorted(ours - lio | {"task_attr"})))
	END
}

# What systemd's unit of rtslib runs at boot, and at the end.
check_unit_command() { # json
	ok "ours: targetctl clear" quietly targetctl clear
	is "$(lio_leftover | grep -vE "/(iscsi|loopback)$")" "" "ours: leaves nothing"
	lio_clear
	lio_unload
	ok "ours: targetctl restore, with no module loaded" quietly targetctl restore "$1"
	ok "ours: the disks are there" wait_until 20 three_disks
	like "$(modinfo -n target_core_mod)" "/updates/" "ours: it is our core"
}

test() {
	start_dbus
	truncate -s 32M /root/backing
	modprobe loop
	LOOP=$(losetup -f --show /root/backing)
	ok "the kernel's own modules" switch_to lio || return
	ok "lio: create and saveconfig" create || return
	ok "our modules" switch_to ours || return
	restore_and_save "$WORK/lio.json" "$WORK/ours.json" "$CACHE"
	is "$(same_in "$WORK/lio.json" "$WORK/ours.json" | grep -vE "$CACHE_DIFFERS")" "" \
		"ours: all that was saved is so"
	check_unit_command "$WORK/lio.json"
	ok "the kernel's own modules again" switch_to lio || return
	restore_and_save "$WORK/lio.json" "$WORK/again.json"
	is "$(same_in "$WORK/lio.json" "$WORK/again.json")" "" "lio: as it was"
	run_cli "clearconfig confirm=True"
	ok "lio: what ours has saved" run_cli "restoreconfig $WORK/ours.json"
	ok "lio: the disks are there" wait_until 20 three_disks
	is "$(complaints | grep -vE "recoverable errors:|$CACHE|$(only_ours)")" "" \
		"lio: complains of attributes that it has not, and no others"
	ok "our modules again" switch_to ours
	lio_clear
	losetup -d "$LOOP"
	rm -f /root/backing /root/file
}
