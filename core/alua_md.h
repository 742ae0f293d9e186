/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Asymmetric access states that outlive the module: text files below dbroot.
 *
 * A group's is alua/tpgs_<unit serial number>/<group>:
 *
 *	tg_pt_gp_id=1
 *	alua_access_state=0x02
 *	alua_access_status=0x02
 *
 * A LUN's, with its secondary state, is alua/<fabric>/<target>+<port>/lun_<LUN>:
 *
 *	alua_tg_pt_offline=1
 *	alua_tg_pt_status=0x02
 *
 * Who wants them makes the directories.
 */
#ifndef TARGET_ALUA_MD_H
#define TARGET_ALUA_MD_H

#include "alua.h"

#define TARGET_ALUA_TEXT	128	/* bytes of a file, more than it ever has */

/* What a file says. */
struct target_alua_text {
	u16	id;		/* a group's */
	u8	state;		/* a group's; of a LUN 1 is offline */
	u8	status;
};

/* The text of a file; its length. @text has TARGET_ALUA_TEXT bytes. */
unsigned int target_alua_text_build(char *text, bool lun, const struct target_alua_text *what);

/* The other way: 0, or -EBADMSG unless every line is there, once, with a number that fits. */
int target_alua_text_parse(char *text, bool lun, struct target_alua_text *what);

struct target_alua_file;

/*
 * A file that is to say what is so now, onto @files; lun_lock is held. Without memory, or
 * if it can have no name, there is none.
 */
void target_alua_file_add_gp(struct list_head *files, struct target_tg_pt_gp *gp);
void target_alua_file_add_lun(struct list_head *files, struct se_lun *lun);

/* Write them, for some seconds; what takes longer goes on alone. May sleep; no spinlock. */
void target_alua_files_write(struct list_head *files);

/* Read the only file of the list, whose state is not used then: 0 or -errno. May sleep. */
int target_alua_files_read(struct list_head *files, struct target_alua_text *what);

#endif /* TARGET_ALUA_MD_H */
