/* SPDX-License-Identifier: GPL-2.0-only */
/* Asymmetric access states: what they refuse, and how they change (SPC-6 5.18.2). */
#ifndef TARGET_ALUA_STATE_H
#define TARGET_ALUA_STATE_H

#include "alua.h"
#include "extent.h"

struct target_itl;

/**
 * target_alua_gate - may a command run in the state of its port?
 * @cmd: EXECUTING, with an I_T_L nexus
 *
 * Context: any.
 * Return: %TCM_NO_SENSE, why not, or %TARGET_CMD_TAKEN.
 */
sense_reason_t target_alua_gate(struct se_cmd *cmd);

/**
 * target_alua_gate_list - the same for the blocks that a command's parameter list names
 * @cmd: has passed target_alua_gate(); its row has %TARGET_CDB_LIST
 * @extents: @count of them; none is beyond the end
 * @count: see @extents
 *
 * It matters where the state is that of the blocks. Nothing is slowed down. Context: any.
 * Return: %TCM_NO_SENSE or why not.
 */
sense_reason_t target_alua_gate_list(struct se_cmd *cmd, const struct target_extent *extents,
				     u32 count);

/**
 * target_alua_check_blocks - may a nexus read and write blocks in the state of its port?
 * @itl: the nexus, held
 * @lba: first block
 * @blocks: how many; none of them is beyond the end, and there may be none
 *
 * For what does so without a command to that nexus. Nothing is slowed down. Context: any.
 * Return: %TCM_NO_SENSE or why not.
 */
sense_reason_t target_alua_check_blocks(const struct target_itl *itl, u64 lba, u64 blocks);

/* What a state says to a command that is done in states up to @in (enum target_cdb_alua). */
sense_reason_t target_alua_refusal(u8 state, u8 in);

/* May a group be put into a state, by SET TARGET PORT GROUPS if @explicit? */
bool target_alua_state_ok(const struct target_tg_pt_gp *gp, u32 state, bool explicit);

#define TARGET_ALUA_TARGETS	64	/* groups and ports that change together */

/**
 * struct target_alua_target - one group, or one port, and its new state
 * @id: number of the group, or RELATIVE TARGET PORT IDENTIFIER
 * @port: it is a port, and goes offline
 * @state: enum target_alua_state
 */
struct target_alua_target {
	u16	id;
	bool	port;
	u8	state;
};

/**
 * struct target_alua_move - a transition
 * @dev: its unit; others of the LU group come along
 * @status: enum target_alua_status, why
 * @except: nexus that is not told, as it asked; may be NULL
 * @cmd: cut the delay short when this is aborted; may be NULL
 * @count: of @targets
 * @targets: what changes
 *
 * The caller fills in all of these, in zeroed memory.
 */
struct target_alua_move {
	struct se_device		*dev;
	enum target_alua_status		status;
	const struct target_itl		*except;
	struct se_cmd			*cmd;
	unsigned int			count;
	struct target_alua_target	targets[TARGET_ALUA_TARGETS];

	/* private: of target_alua_move_run() */
	u32				delay;		/* milliseconds */
	bool				failed;		/* an implicit one, in the end */
	struct list_head		files;		/* struct target_alua_file::node */
};

/**
 * target_alua_move_run - make a transition, all of it
 * @move: see there; each target has been checked
 *
 * Waits for another transition of the same units, for the delay, and, within a limit, for
 * files. May sleep: a minute at most.
 * Return: 0, or -EBUSY if the other one does not come to its end.
 */
int target_alua_move_run(struct target_alua_move *move);

/* What is written to files of groups and LUNs; 0 or -errno and no change. May sleep. */
int target_tg_pt_gp_set_state(struct target_tg_pt_gp *gp, u32 state);
int target_tg_pt_gp_set_write_metadata(struct target_tg_pt_gp *gp, u32 on);
int target_lun_set_alua_offline(struct se_lun *lun, struct se_device *dev, u32 on);
int target_lun_set_alua_write_md(struct se_lun *lun, struct se_device *dev, u32 on);

#endif /* TARGET_ALUA_STATE_H */
