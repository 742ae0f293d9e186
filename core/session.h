/* SPDX-License-Identifier: GPL-2.0-only */
/* Sessions: I_T nexuses. */
#ifndef TARGET_SESSION_H
#define TARGET_SESSION_H

#include <target/target_core_base.h>

/* A LUN of the port is linked: give it to a session whose ACL maps it; tpg->lock held. */
int target_session_map_lun(struct se_session *sess, struct se_lun *lun, struct se_device *dev);

/* A session's ACL maps a LUN now; tpg->lock held. */
int target_session_map_acl(struct se_session *sess, struct se_lun_acl *lacl);

/* Is it one whose ACL no directory names? Then it sees every LUN of the port. */
bool target_session_is_dynamic(const struct se_session *sess);

#endif /* TARGET_SESSION_H */
