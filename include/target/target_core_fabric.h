/* SPDX-License-Identifier: GPL-2.0-only */
/* What a fabric includes: the hooks it offers and the core's documented API. */
#ifndef TARGET_CORE_FABRIC_H
#define TARGET_CORE_FABRIC_H

#include <linux/configfs.h>
#include <linux/types.h>
#include <target/target_core_base.h>

struct target_fabric_configfs;

/**
 * struct target_core_fabric_ops - a fabric
 * @module: its module
 * @fabric_alias: name of its directory under target/, @fabric_name if NULL
 * @fabric_name: its name; the module carries
 *	MODULE_ALIAS("target-fabric-<directory>")
 * @node_acl_size: bytes of the fabric's own struct around struct se_node_acl,
 *	0 for none
 * @max_data_sg_nents: entries of scatterlist one command can carry, 0 for no
 *	limit; bounds MAXIMUM TRANSFER LENGTH of VPD page B0h
 * @tpg_get_wwn: name of the target (port). Any context. Required.
 * @tpg_get_tag: number of the target port group. Any context. Required.
 * @tpg_get_default_depth: queue depth of initiators without a directory; NULL is 1
 * @tpg_check_demo_mode: non-zero if initiators without a directory are let in;
 *	NULL is no
 * @tpg_check_demo_mode_cache: non-zero to keep the dynamic ACL after its
 *	session has gone; NULL is no
 * @tpg_check_demo_mode_write_protect: non-zero makes such initiators read-only;
 *	NULL is no
 * @tpg_check_prod_mode_write_protect: non-zero makes everyone read-only; NULL is no
 * @tpg_check_demo_mode_login_only: non-zero hides the LUNs from such
 *	initiators; NULL is no
 * @tpg_check_prot_fabric_only: protection type that the core makes up at this port
 *	for units that keep none, enum target_prot_type; asked when a session starts;
 *	NULL is none
 * @tpg_get_inst_index: number of the port for the MIBs; NULL is 1
 * @check_stop_free: the core is done with a command; drop the fabric's part with
 *	transport_generic_free_cmd() or target_put_sess_cmd(). Any context. NULL
 *	means that the fabric has none. The value returned is ignored.
 * @release_cmd: the last reference to the command has gone: free it, or give
 *	it back to whom it belongs. Any context, under RCU, must not sleep. Required.
 * @close_session: end the session from the target's side; process context; NULL
 *	means that the fabric cannot
 * @sess_get_index: number of the session for the MIBs; NULL is the core's own
 * @sess_get_initiator_sid: print the ISID; returns bytes; NULL means that the
 *	initiator ports of this protocol have none
 * @write_pending: a data-out command has its buffer: fetch the data, then call
 *	target_execute_cmd(). Submitting context. Returns 0, or -EAGAIN/-ENOMEM to
 *	be called again later, or another -errno to fail the command. NULL means
 *	that data-out is in memory when a command is submitted.
 * @set_default_node_attributes: a new ACL wants its defaults; NULL for none
 * @get_cmd_state: number of the fabric's own state, for debugging; NULL for none
 * @queue_data_in: send the data, then GOOD status (or the status in
 *	cmd->scsi_status). Any context. Returns 0, or -EAGAIN/-ENOMEM to be called
 *	again later. Required.
 * @queue_status: send cmd->scsi_status, and sense if there is any. As
 *	@queue_data_in. Required.
 * @queue_tm_rsp: send cmd->se_tmr_req->response. Process context. Required.
 * @aborted_task: the command was aborted and no response will be sent. Any
 *	context. NULL if there is nothing to do.
 * @fabric_make_wwn: mkdir below target/<fabric>/. Process context, may sleep. NULL is
 *	a directory without targets, which needs no other hook.
 *	Returns the embedded struct se_wwn or ERR_PTR.
 * @fabric_drop_wwn: its last reference is gone
 * @add_wwn_groups: optional; add default groups to se_wwn::wwn_group
 * @fabric_make_tpg: mkdir below a target; calls core_tpg_register(). Returns the
 *	embedded struct se_portal_group or ERR_PTR.
 * @fabric_enable_tpg: optional; "enable" of a port was written. 0 or -errno.
 * @fabric_drop_tpg: calls core_tpg_deregister(); every session must be gone
 *	when it returns
 * @fabric_post_link: optional; a LUN became usable. Process context, may sleep.
 * @fabric_pre_unlink: optional; a LUN is about to go. New and running commands
 *	are still served until it returns.
 * @fabric_post_unlink: optional; the LUN has gone
 * @lun_resized: optional; the capacity of a LUN, or its limits, have changed. Process context, with
 *	the device's lock held, so that the LUN stays linked: must not wait for a
 *	command or for a LUN to be unlinked.
 * @fabric_make_np: optional; mkdir below np/
 * @fabric_drop_np: its last reference is gone
 * @fabric_init_nodeacl: optional; mkdir below acls/: check and adopt the name
 * @tfc_discovery_attrs: files of discovery_auth/; all lists NULL terminated,
 *	NULL for none
 * @tfc_wwn_attrs: files of the fabric's directory
 * @tfc_tpg_base_attrs: files of a port's directory
 * @tfc_tpg_np_base_attrs: files of a portal's directory
 * @tfc_tpg_attrib_attrs: files of a port's attrib/
 * @tfc_tpg_auth_attrs: files of a port's auth/
 * @tfc_tpg_param_attrs: files of a port's param/
 * @tfc_tpg_nacl_base_attrs: files of an initiator's directory
 * @tfc_tpg_nacl_attrib_attrs: files of an initiator's attrib/
 * @tfc_tpg_nacl_auth_attrs: files of an initiator's auth/
 * @tfc_tpg_nacl_param_attrs: files of an initiator's param/
 * @write_pending_must_be_called: data-out is fetched even for a command that
 *	was aborted meanwhile
 * @direct_compl_supp: responses may be sent from the backstore's context
 * @direct_submit_supp: commands may run in the submitter's context
 * @own_submit_queue: the fabric queues before it submits, so that
 *	target_submit() always runs the command in the caller's context
 * @default_submit_type: enum target_submit_type
 * @default_compl_type: enum target_compl_type
 */
struct target_core_fabric_ops {
	struct module *module;
	const char *fabric_alias;
	const char *fabric_name;
	size_t node_acl_size;
	u32 max_data_sg_nents;
	char *(*tpg_get_wwn)(struct se_portal_group *tpg);
	u16 (*tpg_get_tag)(struct se_portal_group *tpg);
	u32 (*tpg_get_default_depth)(struct se_portal_group *tpg);
	int (*tpg_check_demo_mode)(struct se_portal_group *tpg);
	int (*tpg_check_demo_mode_cache)(struct se_portal_group *tpg);
	int (*tpg_check_demo_mode_write_protect)(struct se_portal_group *tpg);
	int (*tpg_check_prod_mode_write_protect)(struct se_portal_group *tpg);
	int (*tpg_check_demo_mode_login_only)(struct se_portal_group *tpg);
	int (*tpg_check_prot_fabric_only)(struct se_portal_group *tpg);
	u32 (*tpg_get_inst_index)(struct se_portal_group *tpg);
	int (*check_stop_free)(struct se_cmd *cmd);
	void (*release_cmd)(struct se_cmd *cmd);
	void (*close_session)(struct se_session *sess);
	u32 (*sess_get_index)(struct se_session *sess);
	u32 (*sess_get_initiator_sid)(struct se_session *sess, unsigned char *buf, u32 size);
	int (*write_pending)(struct se_cmd *cmd);
	void (*set_default_node_attributes)(struct se_node_acl *acl);
	int (*get_cmd_state)(struct se_cmd *cmd);
	int (*queue_data_in)(struct se_cmd *cmd);
	int (*queue_status)(struct se_cmd *cmd);
	void (*queue_tm_rsp)(struct se_cmd *cmd);
	void (*aborted_task)(struct se_cmd *cmd);

	struct se_wwn *(*fabric_make_wwn)(struct target_fabric_configfs *tf,
					  struct config_group *group, const char *name);
	void (*fabric_drop_wwn)(struct se_wwn *wwn);
	void (*add_wwn_groups)(struct se_wwn *wwn);
	struct se_portal_group *(*fabric_make_tpg)(struct se_wwn *wwn, const char *name);
	int (*fabric_enable_tpg)(struct se_portal_group *tpg, bool enable);
	void (*fabric_drop_tpg)(struct se_portal_group *tpg);
	int (*fabric_post_link)(struct se_portal_group *tpg, struct se_lun *lun);
	void (*fabric_pre_unlink)(struct se_portal_group *tpg, struct se_lun *lun);
	void (*fabric_post_unlink)(struct se_portal_group *tpg, struct se_lun *lun);
	void (*lun_resized)(struct se_portal_group *tpg, struct se_lun *lun);
	struct se_tpg_np *(*fabric_make_np)(struct se_portal_group *tpg,
					    struct config_group *group, const char *name);
	void (*fabric_drop_np)(struct se_tpg_np *np);
	int (*fabric_init_nodeacl)(struct se_node_acl *acl, const char *name);

	struct configfs_attribute **tfc_discovery_attrs;
	struct configfs_attribute **tfc_wwn_attrs;
	struct configfs_attribute **tfc_tpg_base_attrs;
	struct configfs_attribute **tfc_tpg_np_base_attrs;
	struct configfs_attribute **tfc_tpg_attrib_attrs;
	struct configfs_attribute **tfc_tpg_auth_attrs;
	struct configfs_attribute **tfc_tpg_param_attrs;
	struct configfs_attribute **tfc_tpg_nacl_base_attrs;
	struct configfs_attribute **tfc_tpg_nacl_attrib_attrs;
	struct configfs_attribute **tfc_tpg_nacl_auth_attrs;
	struct configfs_attribute **tfc_tpg_nacl_param_attrs;

	unsigned int write_pending_must_be_called:1;
	unsigned int direct_compl_supp:1;
	unsigned int direct_submit_supp:1;
	unsigned int own_submit_queue:1;
	u8 default_submit_type;
	u8 default_compl_type;
};

/* core/fabric.c, core/configfs.c */
int target_register_template(const struct target_core_fabric_ops *fo);
void target_unregister_template(const struct target_core_fabric_ops *fo);
int target_depend_item(struct config_item *item);
void target_undepend_item(struct config_item *item);

/* core/tpg.c */
int core_tpg_register(struct se_wwn *wwn, struct se_portal_group *tpg, int proto_id);
int core_tpg_deregister(struct se_portal_group *tpg);

/* core/acl.c */
struct se_node_acl *core_tpg_get_initiator_node_acl(struct se_portal_group *tpg,
						    unsigned char *name);
struct se_node_acl *core_tpg_check_initiator_node_acl(struct se_portal_group *tpg,
						      unsigned char *name);
bool target_tpg_has_node_acl(struct se_portal_group *tpg, const char *name);
void target_put_nacl(struct se_node_acl *acl);
void core_allocate_nexus_loss_ua(struct se_node_acl *acl);
int core_tpg_set_initiator_node_queue_depth(struct se_node_acl *acl, u32 depth);
int core_tpg_set_initiator_node_tag(struct se_portal_group *tpg, struct se_node_acl *acl,
				    const char *tag);

/* core/session.c */
void transport_init_session(struct se_session *sess);
struct se_session *transport_alloc_session(enum target_prot_op sup_prot_ops);
int transport_alloc_session_tags(struct se_session *sess, unsigned int tag_num,
				 unsigned int tag_size);
void transport_register_session(struct se_portal_group *tpg, struct se_node_acl *acl,
				struct se_session *sess, void *fabric_sess_ptr);
void __transport_register_session(struct se_portal_group *tpg, struct se_node_acl *acl,
				  struct se_session *sess, void *fabric_sess_ptr);
void transport_deregister_session_configfs(struct se_session *sess);
void transport_deregister_session(struct se_session *sess);
void transport_free_session(struct se_session *sess);
struct se_session *target_setup_session(struct se_portal_group *tpg, unsigned int tag_num,
					unsigned int tag_size, enum target_prot_op prot_op,
					const char *initiatorname, void *fabric_sess_ptr,
					int (*callback)(struct se_portal_group *tpg,
							struct se_session *sess,
							void *fabric_sess_ptr));
void target_remove_session(struct se_session *sess);
struct se_lun *target_session_find_lun(struct se_session *sess, u64 lun);
ssize_t target_show_dynamic_sessions(struct se_portal_group *tpg, char *page);
void target_stop_session(struct se_session *sess);
void target_wait_for_sess_cmds(struct se_session *sess);

/* core/cmd.c */
int target_init_cmd(struct se_cmd *cmd, struct se_session *sess, unsigned char *sense,
		    u64 unpacked_lun, u32 data_length, int task_attr, int data_dir, int flags);
int target_submit_prep(struct se_cmd *cmd, unsigned char *cdb, struct scatterlist *sgl,
		       u32 sgl_count, struct scatterlist *sgl_bidi, u32 sgl_bidi_count,
		       struct scatterlist *sgl_prot, u32 sgl_prot_count, gfp_t gfp);
int target_submit(struct se_cmd *cmd);
void target_submit_cmd(struct se_cmd *cmd, struct se_session *sess, unsigned char *cdb,
		       unsigned char *sense, u64 unpacked_lun, u32 data_length, int task_attr,
		       int data_dir, int flags);
void target_execute_cmd(struct se_cmd *cmd);
int target_get_sess_cmd(struct se_cmd *cmd, bool ack_kref);
int target_put_sess_cmd(struct se_cmd *cmd);
void target_put_cmd_and_wait(struct se_cmd *cmd);
int transport_generic_free_cmd(struct se_cmd *cmd, int wait_for_tasks);
bool transport_wait_for_tasks(struct se_cmd *cmd);
int transport_send_check_condition_and_sense(struct se_cmd *cmd, sense_reason_t reason,
					     int from_transport);
void transport_generic_request_failure(struct se_cmd *cmd, sense_reason_t reason);
int target_send_busy(struct se_cmd *cmd);
void target_show_cmd(const char *pfx, struct se_cmd *cmd);

/* core/live.c */
struct se_cmd *target_get_cmd(struct se_session *sess, u64 unpacked_lun, u64 tag);

/* core/tmr.c */
void target_cmd_expire(struct se_cmd *cmd, bool give_up);
int target_submit_tmr(struct se_cmd *cmd, struct se_session *sess, unsigned char *sense,
		      u64 unpacked_lun, void *fabric_tmr_ptr, unsigned char tm_type,
		      gfp_t gfp, u64 tag, int flags);

/* core/datasg.c */
int target_alloc_sgl(struct scatterlist **sgl, unsigned int *nents, u32 length,
		     bool zero_page, bool chainable);
void target_free_sgl(struct scatterlist *sgl, int nents);

/**
 * target_reverse_dma_direction - the direction to map a command's data with
 * @cmd: the command
 *
 * The core calls data-out DMA_TO_DEVICE, as the initiator does; the target's
 * adapter moves it the other way.
 */
static inline enum dma_data_direction target_reverse_dma_direction(struct se_cmd *cmd)
{
	switch (cmd->data_direction) {
	case DMA_TO_DEVICE:
		return DMA_FROM_DEVICE;
	case DMA_FROM_DEVICE:
		return DMA_TO_DEVICE;
	default:
		return DMA_NONE;
	}
}

#endif /* TARGET_CORE_FABRIC_H */
