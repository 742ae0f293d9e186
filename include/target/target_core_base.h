/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The objects of the SCSI target core, as plug-ins see them.
 *
 * Each struct carries first what a fabric or a backstore may touch, under the
 * names that in-tree fabric drivers use, and then one private part that only
 * the core reads and writes.
 */
#ifndef TARGET_CORE_BASE_H
#define TARGET_CORE_BASE_H

#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/configfs.h>
#include <linux/dma-direction.h>
#include <linux/kref.h>
#include <linux/llist.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/percpu-refcount.h>
#include <linux/sbitmap.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>
#include <scsi/scsi_common.h>
#include <target/target_core_attribs.h>
#include <target/target_core_io.h>
#include <target/target_core_parts.h>
#include <target/target_core_reasons.h>
#include <compat/compat.h>

/* Every export of the core lives in this namespace; see Documentation/architecture.rst. */
TARGET_IMPORT_NS(TARGET_CORE);

#define TARGET_CORE_VERSION	"v5.0"

#define TCM_MAX_COMMAND_SIZE	32	/* bytes of CDB kept inside struct se_cmd */
#define TRANSPORT_SENSE_BUFFER	96	/* bytes of sense a fabric provides */
#define TRANSPORT_IQN_LEN	224	/* bytes of an initiator port name, NUL included */
#define INQUIRY_VPD_SERIAL_LEN	254	/* bytes of a unit serial number, NUL included */
#define SE_DEV_ALIAS_LEN	512	/* bytes, NUL included */
#define SE_UDEV_PATH_LEN	512	/* bytes, NUL included */
#define PD_TEXT_ID_INFO_LEN	256	/* bytes, NUL included */
#define TARGET_IDENT_MAX	64	/* bytes of peripheral device identifying information */
#define MAX_ACL_TAG_SIZE	64	/* bytes, NUL included */

struct se_cmd;
struct se_device;
struct se_hba;
struct se_lun;
struct se_node_acl;
struct se_portal_group;
struct se_session;
struct se_wwn;
struct scatterlist;
struct target_backend_ops;
struct target_cdb_op;
struct target_copy_fault;
struct target_core_fabric_ops;
struct target_itl;
struct target_lba_map;
struct target_pi;
struct target_alua_move;
struct target_tg_pt_gp;
struct target_lu_gp;

/* Where completions run; struct se_dev_attrib::complete_type. */
enum target_compl_type {
	TARGET_FABRIC_DEFAULT_COMPL,	/* as the fabric's default_compl_type says */
	TARGET_DIRECT_COMPL,		/* in the backstore's completing context */
	TARGET_QUEUE_COMPL,		/* in the core's workqueue */
};

/* Where submissions run; struct se_dev_attrib::submit_type. */
enum target_submit_type {
	TARGET_FABRIC_DEFAULT_SUBMIT,	/* as the fabric's default_submit_type says */
	TARGET_DIRECT_SUBMIT,		/* in the submitting context */
	TARGET_QUEUE_SUBMIT,		/* in a workqueue */
};

/* enum hba_flags_table - struct se_hba::hba_flags */
enum hba_flags_table {
	HBA_FLAGS_INTERNAL_USE	= 0x01,
	HBA_FLAGS_PSCSI_MODE	= 0x02,
};

/* struct se_cmd::t_state, the published view of a command's progress */
enum transport_state_table {
	TRANSPORT_NO_STATE		= 0,
	TRANSPORT_NEW_CMD		= 1,
	TRANSPORT_WRITE_PENDING		= 3,
	TRANSPORT_PROCESSING		= 5,
	TRANSPORT_COMPLETE		= 6,
	TRANSPORT_ISTATE_PROCESSING	= 11,
	TRANSPORT_COMPLETE_QF_WP	= 18,
	TRANSPORT_COMPLETE_QF_OK	= 19,
	TRANSPORT_COMPLETE_QF_ERR	= 20,
};

/* struct se_cmd::se_cmd_flags */
enum se_cmd_flags_table {
	SCF_SUPPORTED_SAM_OPCODE		= 1 << 0,
	SCF_TRANSPORT_TASK_SENSE		= 1 << 1,  /* sense_buffer holds sense to send */
	SCF_EMULATED_TASK_SENSE			= 1 << 2,
	SCF_SCSI_DATA_CDB			= 1 << 3,  /* moves logical block data */
	SCF_SCSI_TMR_CDB			= 1 << 4,  /* a task management request */
	SCF_FUA					= 1 << 5,
	SCF_SE_LUN_CMD				= 1 << 6,
	SCF_BIDI				= 1 << 7,
	SCF_SENT_CHECK_CONDITION		= 1 << 8,
	SCF_OVERFLOW_BIT			= 1 << 9,  /* residual_count is an overflow */
	SCF_UNDERFLOW_BIT			= 1 << 10, /* residual_count is an underflow */
	SCF_ALUA_NON_OPTIMIZED			= 1 << 11,
	SCF_PASSTHROUGH_SG_TO_MEM_NOALLOC	= 1 << 12, /* data list is the fabric's */
	SCF_COMPARE_AND_WRITE			= 1 << 13,
	SCF_PASSTHROUGH_PROT_SG_TO_MEM_NOALLOC	= 1 << 14,
	SCF_ACK_KREF				= 1 << 15, /* the fabric holds a reference */
	SCF_USE_CPUID				= 1 << 16, /* the fabric set cpuid */
	SCF_TASK_ATTR_SET			= 1 << 17,
	SCF_TREAT_READ_AS_NORMAL		= 1 << 18, /* data-in with CHECK CONDITION */
	SCF_TASK_ORDERED_SYNC			= 1 << 19,
	SCF_ATOMIC				= 1 << 20,
	SCF_ALL_BLOCKS				= 1 << 21, /* its range is all of the medium */
	SCF_PI					= 1 << 22, /* se_cmd::pi is set */
};

/* Flags of target_init_cmd() and target_submit_cmd() */
enum target_sc_flags_table {
	TARGET_SCF_BIDI_OP	= 0x01,
	TARGET_SCF_ACK_KREF	= 0x02,	/* the fabric keeps a reference of its own */
	TARGET_SCF_UNKNOWN_SIZE	= 0x04,	/* the expected transfer length comes from the CDB */
	TARGET_SCF_USE_CPUID	= 0x08,	/* complete on se_cmd::cpuid */
	TARGET_SCF_NOWAIT	= 0x10,	/* the submitter cannot sleep, or shall not wait */
	TARGET_SCF_MAY_BLOCK	= 0x20,	/* with it: he is in process context all the same */
};

/* Task management functions, fabric independent (SAM-6 clause 7) */
enum tcm_tmreq_table {
	TMR_ABORT_TASK		= 1,
	TMR_ABORT_TASK_SET	= 2,
	TMR_CLEAR_ACA		= 3,
	TMR_CLEAR_TASK_SET	= 4,
	TMR_LUN_RESET		= 5,
	TMR_TARGET_WARM_RESET	= 6,
	TMR_TARGET_COLD_RESET	= 7,
	/* From here on: functions that only this core knows. */
	TMR_I_T_NEXUS_RESET	= 8,
	TMR_QUERY_TASK		= 9,
	TMR_QUERY_TASK_SET	= 10,
	TMR_QUERY_ASYNC_EVENT	= 11,
	TMR_LUN_RESET_PRO	= 0x80,
	TMR_UNKNOWN		= 0xff,
};

/* Task management responses, fabric independent */
enum tcm_tmrsp_table {
	TMR_FUNCTION_FAILED			= 0,
	TMR_FUNCTION_COMPLETE			= 1,
	TMR_TASK_DOES_NOT_EXIST			= 2,
	TMR_LUN_DOES_NOT_EXIST			= 3,
	TMR_TASK_MGMT_FUNCTION_NOT_SUPPORTED	= 4,
	TMR_FUNCTION_REJECTED			= 5,
	TMR_FUNCTION_SUCCEEDED			= 6,	/* a query: yes */
};

enum target_prot_op {
	TARGET_PROT_NORMAL	= 0,
	TARGET_PROT_DIN_INSERT	= 1 << 0,
	TARGET_PROT_DOUT_INSERT	= 1 << 1,
	TARGET_PROT_DIN_STRIP	= 1 << 2,
	TARGET_PROT_DOUT_STRIP	= 1 << 3,
	TARGET_PROT_DIN_PASS	= 1 << 4,
	TARGET_PROT_DOUT_PASS	= 1 << 5,
};

#define TARGET_PROT_ALL	(TARGET_PROT_DIN_INSERT | TARGET_PROT_DOUT_INSERT | \
			 TARGET_PROT_DIN_STRIP | TARGET_PROT_DOUT_STRIP | \
			 TARGET_PROT_DIN_PASS | TARGET_PROT_DOUT_PASS)

enum target_prot_type {
	TARGET_DIF_TYPE0_PROT,
	TARGET_DIF_TYPE1_PROT,
	TARGET_DIF_TYPE2_PROT,
	TARGET_DIF_TYPE3_PROT,
};

enum target_core_dif_check {
	TARGET_DIF_CHECK_GUARD	= 0x1 << 0,
	TARGET_DIF_CHECK_APPTAG	= 0x1 << 1,
	TARGET_DIF_CHECK_REFTAG	= 0x1 << 2,
};

/* UA_INTLCK_CTRL of the control mode page (SPC-6 7.5.10) */
enum target_ua_intlck_ctrl {
	TARGET_UA_INTLCK_CTRL_CLEAR		= 0,
	TARGET_UA_INTLCK_CTRL_NO_CLEAR		= 1,
	TARGET_UA_INTLCK_CTRL_ESTABLISH_UA	= 2,
};

/* Task attributes (SAM-6 8.6), struct se_cmd::sam_task_attr */
#define TCM_SIMPLE_TAG	0x20
#define TCM_HEAD_TAG	0x21
#define TCM_ORDERED_TAG	0x22
#define TCM_ACA_TAG	0x24

/* struct se_cmd::transport_state: what in-tree fabrics ask of a command */
#define CMD_T_ABORTED		0x001
#define CMD_T_ACTIVE		0x002
#define CMD_T_COMPLETE		0x004
#define CMD_T_SENT		0x010
#define CMD_T_STOP		0x020
#define CMD_T_TAS		0x400
#define CMD_T_FABRIC_STOP	0x800

/**
 * struct se_tmr_req - one task management request
 * @function: enum tcm_tmreq_table
 * @response: enum tcm_tmrsp_table, valid once the fabric's queue_tm_rsp runs
 * @event: ADDITIONAL RESPONSE INFORMATION of QUERY ASYNCHRONOUS EVENT (SAM-6 7.10)
 * @ref_task_tag: command identifier that ABORT TASK and QUERY TASK name
 * @fabric_tmr_ptr: the fabric's own
 * @task_cmd: the command of this request
 * @tmr_dev: logical unit addressed, NULL until looked up
 */
struct se_tmr_req {
	u8			function;
	u8			response;
	u8			event[3];
	u64			ref_task_tag;
	void			*fabric_tmr_ptr;
	struct se_cmd		*task_cmd;
	struct se_device	*tmr_dev;
};

/**
 * struct se_cmd - one SCSI command or task management request
 * @tag: command identifier (SAM-6 4.8.2), unique within the I_T nexus
 * @se_sess: session (I_T nexus) it came through
 * @se_dev: logical unit, NULL before the LUN is looked up and when there is none
 * @se_lun: LUN of the target port it was addressed to, as @se_dev
 * @se_tfo: the fabric's operations
 * @t_task_cdb: the CDB; points to @__t_task_cdb unless the CDB is longer
 * @__t_task_cdb: see @t_task_cdb
 * @t_task_lba: first logical block, for commands that have one
 * @t_task_nolb: number of logical blocks, for commands that have one
 * @data_length: bytes that move: what the CDB asks for, at most what the
 *	initiator expects
 * @residual_count: bytes, see %SCF_OVERFLOW_BIT and %SCF_UNDERFLOW_BIT
 * @t_data_sg: the data, @data_length bytes in @t_data_nents entries
 * @t_data_nents: see @t_data_sg
 * @se_cmd_flags: enum se_cmd_flags_table
 * @data_direction: DMA_TO_DEVICE is data-out (a WRITE), DMA_FROM_DEVICE data-in
 * @sam_task_attr: TCM_SIMPLE_TAG and its like
 * @scsi_status: SAM status, valid when queue_data_in or queue_status runs
 * @scsi_sense_length: bytes of sense in @sense_buffer
 * @sense_buffer: %TRANSPORT_SENSE_BUFFER bytes provided by the fabric
 * @orig_fe_lun: the LUN as addressed
 * @sense_reason: why it failed, %TCM_NO_SENSE otherwise
 * @cpuid: where it was submitted, or what the fabric set with %TARGET_SCF_USE_CPUID
 * @work: the fabric's, from the command's allocation until target_submit();
 *	the core's from then until its response hook runs; the fabric's again after
 * @map_tag: index from the session's tag pool, for fabrics that use it
 * @map_cpu: see target_free_tag()
 * @se_tmr_req: set on task management requests
 * @t_bidi_data_sg: always NULL here, bidirectional commands are refused
 * @t_bidi_data_nents: always 0
 * @prot_op: set by a fabric between target_init_cmd() and target_submit_prep() whose
 *	initiator is on this machine: what the initiator's adapter is to do about
 *	protection information, which the core does for it
 * @prot_type: protection type of the logical unit, set for a command that has to do
 *	with it
 * @prot_checks: enum target_core_dif_check, what the initiator's adapter checks; as
 *	@prot_op
 * @prot_ip: guards in @t_prot_sg are IP checksums; as @prot_op
 * @prot_pto: the transfer carries no protection information although @prot_op is set
 * @prot_length: bytes of protection information that go over the wire
 * @reftag_seed: reference tag of the first block in @t_prot_sg; as @prot_op
 * @t_prot_sg: protection information
 * @t_prot_nents: entries in @t_prot_sg
 * @pi_err: protection check that failed
 * @sense_info: INFORMATION field of the sense, valid if @sense_info_valid
 * @sense_info_valid: see there
 * @priv: the backstore's, while the command executes
 * @cmd_kref: holders: core, fabric (%TARGET_SCF_ACK_KREF)
 * @t_state: coarse progress for fabrics that print it
 * @transport_state: CMD_T_ABORTED and its like
 * @t_state_lock: guards nothing in this core; some fabrics take it
 * @unknown_data_length: the expected length comes from the CDB
 * @nowait: the submitter shall not wait (%TARGET_SCF_NOWAIT)
 * @may_block: he could (%TARGET_SCF_MAY_BLOCK)
 */
struct se_cmd {
	u64			tag;
	struct se_session	*se_sess;
	struct se_device	*se_dev;
	struct se_lun		*se_lun;
	const struct target_core_fabric_ops *se_tfo;
	unsigned char		*t_task_cdb;
	unsigned long long	t_task_lba;
	unsigned int		t_task_nolb;
	u32			data_length;

	u32			residual_count;
	unsigned int		t_data_nents;
	struct scatterlist	*t_data_sg;
	u32			se_cmd_flags;
	enum dma_data_direction	data_direction;
	int			sam_task_attr;
	u16			scsi_sense_length;
	u8			scsi_status;
	u8			prot_checks;
	void			*sense_buffer;
	u64			orig_fe_lun;
	sense_reason_t		sense_reason;
	int			cpuid;

	unsigned char		__t_task_cdb[TCM_MAX_COMMAND_SIZE];

	struct kref		cmd_kref;
	unsigned int		map_tag;
	int			map_cpu;
	enum transport_state_table t_state;
	unsigned int		transport_state;
	spinlock_t		t_state_lock;	/* the fabric's */
	struct work_struct	work;
	struct se_tmr_req	*se_tmr_req;
	void			*priv;

	struct scatterlist	*t_bidi_data_sg;
	unsigned int		t_bidi_data_nents;
	unsigned int		t_prot_nents;
	struct scatterlist	*t_prot_sg;
	enum target_prot_op	prot_op;
	enum target_prot_type	prot_type;
	u32			prot_length;
	u32			reftag_seed;
	sense_reason_t		pi_err;
	bool			prot_pto;
	bool			prot_ip;
	bool			sense_info_valid;
	bool			unknown_data_length;
	bool			nowait;
	bool			may_block;
	u64			sense_info;

	/* private: the core's */
	atomic_t		state;		/* enum target_cmd_state and bits */
	u16			field_ptr;	/* byte of the field in error */
	u8			field_bit;	/* bit of it, TARGET_FIELD_NO_BIT if none */
	u8			field_flags;	/* enum target_field_flags, core/sense.h */
	const struct target_cdb_op *op;		/* row of the opcode table, NULL if none */
	struct target_itl	*itl;		/* I_T_L nexus, held; NULL before lookup */
	sense_reason_t		(*execute)(struct se_cmd *cmd);
	struct list_head	live;		/* on struct target_cmd_list of live_cpu */
	struct list_head	blocked;	/* on the task set's list while BLOCKED */
	struct target_task_set	*task_set;	/* it is in, if TARGET_CMD_QUEUED */
	int			live_cpu;	/* -1 when on no list */
	u32			asked_length;	/* bytes the initiator expects to move */
	unsigned long		start_jiffies;
	unsigned long		due;		/* jiffies, while core/delay.c has it */
	struct target_io	io;		/* its transfer */
	struct target_pi	*pi;		/* core/pi.h; if SCF_PI */
	void			*scratch;	/* the execute function's, kfree()d at the end */
	struct target_range	range;		/* its blocks, while TARGET_CMD_RANGED */
	const struct target_copy_fault *fault;	/* of a copy that failed; core/copy.h */
	struct completion	*free_compl;	/* waiter in target_put_cmd_and_wait() */
};

/**
 * struct se_node_acl - an initiator port known to a target port group
 * @initiatorname: name of the SCSI initiator port
 * @dynamic_node_acl: made by the core for an initiator that no directory names
 * @queue_depth: commands the initiator may queue
 * @acl_index: number for the MIBs
 * @acl_tag: free text of the administrator
 * @se_tpg: target port group it belongs to
 * @acl_group: its directory
 * @acl_attrib_group: attrib/
 * @acl_auth_group: auth/
 * @acl_param_group: param/
 * @acl_fabric_stat_group: fabric_statistics/
 */
struct se_node_acl {
	char			initiatorname[TRANSPORT_IQN_LEN];
	bool			dynamic_node_acl;
	u32			queue_depth;
	u32			acl_index;
	char			acl_tag[MAX_ACL_TAG_SIZE];
	struct se_portal_group	*se_tpg;
	struct config_group	acl_group;
	struct config_group	acl_attrib_group;
	struct config_group	acl_auth_group;
	struct config_group	acl_param_group;
	struct config_group	acl_fabric_stat_group;

	/* private: the core's */
	struct kref		acl_kref;	/* holders: directory, each session */
	struct list_head	acl_list;	/* on tpg->acl_list, tpg->lock */
	struct list_head	sess_list;	/* sessions of this ACL, tpg->lock */
	struct xarray		mapped;		/* mapped LUN -> struct se_lun_acl, tpg->lock */
	bool			dead;		/* off tpg->acl_list; tpg->lock */
	bool			cached;		/* dynamic, held by the port too; tpg->lock */
};

/**
 * struct se_session - an I_T nexus
 * @sess_bin_isid: ISID part of the initiator port's name, 0 where there is none
 * @sup_prot_ops: protection operations the fabric can do
 * @sess_prot_type: protection type the session was made with
 * @se_node_acl: the initiator port, reference held
 * @se_tpg: the target port group
 * @fabric_sess_ptr: the fabric's own
 * @sess_cmd_map: array of the fabric's command descriptors, from target_setup_session()
 * @sess_tag_pool: which of them are free
 */
struct se_session {
	u64			sess_bin_isid;
	enum target_prot_op	sup_prot_ops;
	enum target_prot_type	sess_prot_type;
	struct se_node_acl	*se_node_acl;
	struct se_portal_group	*se_tpg;
	void			*fabric_sess_ptr;
	void			*sess_cmd_map;
	struct sbitmap_queue	sess_tag_pool;

	/* private: the core's */
	struct percpu_ref	cmd_ref;	/* one per command in flight */
	struct completion	drained;	/* cmd_ref has reached zero */
	bool			stopped;	/* cmd_ref was killed; tpg->lock or sole owner */
	struct xarray		itls;		/* LUN -> struct target_itl; RCU, tpg->lock */
	struct list_head	sess_list;	/* on tpg->sess_list, tpg->lock */
	struct list_head	acl_sess_list;	/* on acl->sess_list, tpg->lock */
	u32			sess_index;	/* number for debugfs and the MIBs */
};

/**
 * struct se_lun_acl - a LUN of the target port as one initiator sees it
 * @mapped_lun: the LUN that initiator addresses
 * @se_lun_nacl: the initiator
 * @se_lun: the LUN of the target port, NULL until linked
 * @se_lun_group: its directory
 */
struct se_lun_acl {
	u64			mapped_lun;
	struct se_node_acl	*se_lun_nacl;
	struct se_lun		*se_lun;
	struct config_group	se_lun_group;

	/* private: the core's */
	bool			read_only;	/* write_protect; tpg->lock */
	u64			creation_time;	/* jiffies64 at link */
	struct config_group	stat_group;
	struct config_group	auth_intr_group;
	struct config_group	att_intr_port_group;
};

/* Commands, bytes and time; summed over CPUs when read. Time is jiffies of each command. */
struct target_io_stats {
	u64	reads;		/* READ commands */
	u64	writes;		/* WRITE commands and their like */
	u64	others;		/* commands that move no logical blocks */
	u64	read_bytes;	/* of logical blocks */
	u64	write_bytes;
	u64	other_in;	/* bytes of parameter data */
	u64	other_out;
	u64	read_time;
	u64	write_time;
};

/**
 * struct se_lun - a logical unit as one target port offers it
 * @unpacked_lun: the LUN
 * @lun_tpg: its target port group
 * @lun_index: number for the MIBs
 * @lun_access_ro: everyone's access is read-only
 * @lun_se_dev: the device, NULL while not linked; RCU or tpg->lock
 * @lun_group: its directory
 */
struct se_lun {
	u64			unpacked_lun;
	struct se_portal_group	*lun_tpg;
	u32			lun_index;
	bool			lun_access_ro;
	struct se_device __rcu	*lun_se_dev;
	struct config_group	lun_group;

	/* private: the core's */
	spinlock_t		itl_lock;	/* itls, past */
	struct list_head	itls;		/* struct target_itl::lun_node */
	struct target_io_stats	past;		/* of nexuses that are gone */
	struct list_head	dev_node;	/* on dev->luns, dev->lun_lock */
	struct target_tg_pt_gp	*tg_pt_gp;	/* core/alua.h, under its lock */
	struct list_head	tg_pt_gp_node;	/* on its members */
	u8			alua_gate;	/* enum target_alua_state that commands meet */
	u16			alua_delay;	/* milliseconds, while that is non-optimized */
	u16			alua_id;	/* number of its group */
	bool			alua_offline;	/* secondary state offline */
	int			alua_status;	/* secondary status */
	bool			alua_write_md;
	bool			alua_loaded;	/* its file was looked for */
	struct config_group	stat_group;
	struct config_group	scsi_port_group;
	struct config_group	scsi_tgt_port_group;
	struct config_group	scsi_transport_group;
};

/**
 * struct target_wwn_info - what INQUIRY says of a logical unit
 * @vendor: T10 VENDOR IDENTIFICATION, NUL terminated, not padded
 * @model: PRODUCT IDENTIFICATION, as @vendor
 * @revision: PRODUCT REVISION LEVEL, as @vendor
 * @unit_serial: unit serial number, empty until set
 * @company_id: 24-bit IEEE company identifier of the NAA designator
 * @pd_text_id_info: peripheral device text identification information
 *
 * Strings change only under dev->lock and while nothing is exported.
 */
struct target_wwn_info {
	char	vendor[INQUIRY_VENDOR_LEN + 1];
	char	model[INQUIRY_MODEL_LEN + 1];
	char	revision[INQUIRY_REVISION_LEN + 1];
	char	unit_serial[INQUIRY_VPD_SERIAL_LEN];
	u32	company_id;
	char	pd_text_id_info[PD_TEXT_ID_INFO_LEN];
};

/**
 * struct se_device - a logical unit
 * @transport: the backstore's operations
 * @se_hba: the HBA it belongs to
 * @limits: what is constant since it was configured, but for the capacity
 * @dev_attrib: its attributes, one field per file in attrib/
 * @t10_wwn: INQUIRY identification
 * @dev_group: its directory
 * @dev_action_group: action/
 * @udev_path: free text of the administrator
 * @dev_alias: free text of the administrator
 * @dev_index: number for the MIBs
 * @hba_index: number of its HBA
 * @hands_over: its execute_rw, or what its parse_cdb sets, makes someone else do the
 *	work, and takes calls with nowait and may_block: a fabric that queues commands
 *	need not. The backstore sets and clears it as it likes, the fabric reads it
 *	without a lock
 */
struct se_device {
	const struct target_backend_ops *transport;
	struct se_hba		*se_hba;
	struct target_limits	limits;
	struct se_dev_attrib	dev_attrib;
	struct target_wwn_info	t10_wwn;
	struct config_group	dev_group;
	struct config_group	dev_action_group;
	u32			dev_index;
	u32			hba_index;
	bool			hands_over;
	char			dev_alias[SE_DEV_ALIAS_LEN];
	char			udev_path[SE_UDEV_PATH_LEN];

	/* private: the core's */
	u32			block_shift;	/* log2 of dev_attrib.block_size */
	u64			blocks;		/* capacity in blocks of dev_attrib.block_size */
	bool			configured;	/* written once under lock */
	bool			announcing;	/* its backstore's announce hook runs; lock */
	atomic_t		power;		/* enum target_power, TARGET_BUSY_ bits */
	bool			ranged;		/* someone has or wants an exclusive range */
	bool			represented;	/* a write may cancel a ROD token; core/rod.c */
	bool			mode_d_sense;	/* D_SENSE of the control mode page */
	bool			mode_swp;	/* SWP of the control mode page */
	u8			mode_qerr;	/* QERR of the control mode page */
	u16			medium_progress; /* of what core/medium.c does, in 1/65536 */
	struct target_cmd_list __percpu *live;	/* commands in flight */
	struct target_idle	idle;
	wait_queue_head_t	cmd_gone;	/* an aborted command has left live */
	struct target_tasks	tasks;
	struct target_ranges	ranges;
	struct target_orw	orw;
	spinlock_t		app_tags_lock;	/* app_tags; changed under lock, too */
	struct target_app_tags	app_tags;
	struct target_thresholds thresholds;
	struct target_log	log;
	atomic_t		power_entered[TARGET_POWER_COUNT];
	struct target_selftest	selftest;
	struct target_exceptions exceptions;
	struct target_rods	rods;
	struct target_reservations reservations;
	atomic_t		copies;		/* copy operations that run; core/copy_list.c */
	void			*buffer;	/* of WRITE BUFFER, NULL before; lock */
	struct delayed_work	follow;		/* looks at the medium; core/follow.c */
	atomic_t		background;	/* what core/background.h counts */
	bool			background_stops;
	bool			clock_set;	/* by SET TIMESTAMP; lock */
	u64			clock_offset;	/* ms, to the system's clock; lock */
	u8			ident_len;	/* of ident; lock */
	u8			ident[TARGET_IDENT_MAX];
	struct mutex		lock;		/* attributes, configured, export_count, t10_wwn */
	struct target_mode_saved *mode_saved;	/* NULL until it can save; core/mode_save.h */
	unsigned int		export_count;	/* LUNs linked to it */
	spinlock_t		lun_lock;	/* luns, past, lun tg_pt_gp links */
	struct list_head	luns;		/* struct se_lun::dev_node */
	struct target_io_stats	past;		/* of LUNs that are gone */
	struct list_head	dev_list;	/* on the core's list of devices, core/device.c */
	struct rcu_head		rcu;
	atomic_long_t		num_resets;
	atomic_long_t		aborts_complete;
	atomic_long_t		aborts_no_task;
	u64			creation_time;	/* jiffies64 at configure */
	struct target_delays	delays;
	bool			alua_explicit;	/* a group can be set; lun_lock to change */
	struct target_alua_move	*alua_move;	/* transition that goes on, or NULL; core/alua.c */
	struct list_head	tg_pt_gps;	/* core/alua.h, lun_lock */
	struct target_lba_map __rcu *lba_map;	/* core/lba_map.h; NULL for none; lock to change */
	struct target_tg_pt_gp	*default_tg_pt_gp;
	struct target_lu_gp	*lu_gp;		/* core/alua.h */
	struct list_head	lu_gp_node;
	struct config_group	attrib_group;
	struct config_group	wwn_group;
	struct config_group	pr_group;
	struct config_group	alua_group;
	struct config_group	stat_group;
	struct config_group	stat_dev_group;
	struct config_group	stat_tgt_dev_group;
	struct config_group	stat_lu_group;
};

/**
 * struct se_hba - a group of devices of one backstore
 * @hba_id: number from the directory's name
 * @hba_flags: enum hba_flags_table
 * @hba_index: number for the MIBs
 * @hba_ptr: the backstore's own
 * @hba_group: its directory
 * @transport: the backstore's operations, module reference held
 */
struct se_hba {
	u32			hba_id;
	u32			hba_flags;
	u32			hba_index;
	void			*hba_ptr;
	struct config_group	hba_group;
	const struct target_backend_ops *transport;

	/* private: the core's */
	struct config_item_type	attrib_type;	/* of its devices' attrib/ */
	struct config_item_type	action_type;	/* of their action/ */
};

/**
 * struct se_tpg_np - a network portal, embedded by fabrics that have them
 * @tpg_np_parent: target port group
 * @tpg_np_group: its directory
 */
struct se_tpg_np {
	struct se_portal_group	*tpg_np_parent;
	struct config_group	tpg_np_group;
};

/**
 * struct se_portal_group - a target port (group), embedded in the fabric's own
 * @proto_id: PROTOCOL IDENTIFIER (SPC-6 7.6.1), negative for internal use
 * @enabled: written by the fabric's enable hook
 * @tpg_rtpi: RELATIVE TARGET PORT IDENTIFIER
 * @rtpi_manual: the administrator chose @tpg_rtpi
 * @se_tpg_tfo: the fabric's operations
 * @se_tpg_wwn: the target it belongs to
 * @tpg_group: its directory
 * @tpg_lun_group: lun/
 * @tpg_np_group: np/
 * @tpg_acl_group: acls/
 * @tpg_attrib_group: attrib/
 * @tpg_auth_group: auth/
 * @tpg_param_group: param/
 */
struct se_portal_group {
	int			proto_id;
	bool			enabled;
	u16			tpg_rtpi;
	bool			rtpi_manual;
	const struct target_core_fabric_ops *se_tpg_tfo;
	struct se_wwn		*se_tpg_wwn;
	struct config_group	tpg_group;
	struct config_group	tpg_lun_group;
	struct config_group	tpg_np_group;
	struct config_group	tpg_acl_group;
	struct config_group	tpg_attrib_group;
	struct config_group	tpg_auth_group;
	struct config_group	tpg_param_group;

	/* private: the core's */
	struct mutex		lock;		/* luns, acl_list, sess_list, and their links */
	struct xarray		luns;		/* unpacked LUN -> linked struct se_lun */
	struct list_head	acl_list;	/* struct se_node_acl::acl_list */
	struct list_head	sess_list;	/* struct se_session::sess_list */
	struct list_head	tpg_node;	/* on the core's list of ports, core/tpg.c */
};

/**
 * struct se_wwn - a target, embedded in the fabric's own
 * @wwn_tf: the fabric's directory
 * @priv: the fabric's own
 * @wwn_group: its directory
 * @fabric_stat_group: fabric_statistics/
 * @param_group: param/
 * @cmd_compl_affinity: enum below, or the number of the CPU that completes
 */
struct se_wwn {
	struct target_fabric_configfs *wwn_tf;
	void			*priv;
	struct config_group	wwn_group;
	struct config_group	fabric_stat_group;
	struct config_group	param_group;
	int			cmd_compl_affinity;
};

enum {
	SE_COMPL_AFFINITY_CPUID		= -1,	/* the CPU that submitted */
	SE_COMPL_AFFINITY_CURR_CPU	= -2,	/* the CPU that is completing */
};

#define TARGET_ITEM_TO(name, type, member)				\
static inline struct type *name(struct config_item *item)		\
{									\
	return container_of(to_config_group(item), struct type, member);\
}

TARGET_ITEM_TO(acl_to_nacl, se_node_acl, acl_group)
TARGET_ITEM_TO(attrib_to_nacl, se_node_acl, acl_attrib_group)
TARGET_ITEM_TO(auth_to_nacl, se_node_acl, acl_auth_group)
TARGET_ITEM_TO(param_to_nacl, se_node_acl, acl_param_group)
TARGET_ITEM_TO(fabric_stat_to_nacl, se_node_acl, acl_fabric_stat_group)
TARGET_ITEM_TO(to_tpg_np, se_tpg_np, tpg_np_group)
TARGET_ITEM_TO(to_tpg, se_portal_group, tpg_group)
TARGET_ITEM_TO(attrib_to_tpg, se_portal_group, tpg_attrib_group)
TARGET_ITEM_TO(auth_to_tpg, se_portal_group, tpg_auth_group)
TARGET_ITEM_TO(param_to_tpg, se_portal_group, tpg_param_group)

/**
 * target_free_tag - give a command descriptor back to its session's pool
 * @sess: the session it came from
 * @cmd: the command in it; @map_tag and @map_cpu as sbitmap_queue_get() gave them
 *
 * Context: any.
 */
static inline void target_free_tag(struct se_session *sess, struct se_cmd *cmd)
{
	sbitmap_queue_clear(&sess->sess_tag_pool, cmd->map_tag, cmd->map_cpu);
}

#endif /* TARGET_CORE_BASE_H */
