/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The loopback fabric: a Scsi_Host of this machine is the initiator of a target
 * of this machine.
 *
 * A target (wwn) is one Scsi_Host; its ports (tpg) are the host's SCSI targets,
 * with the port's number as SCSI id.  A port takes one nexus.
 */
#ifndef TCM_LOOP_H
#define TCM_LOOP_H

#include <linux/device.h>
#include <linux/llist.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>
#include <scsi/scsi_cmnd.h>
#include <compat/compat_scsi.h>
#include <target/target_core_fabric.h>

#define LOOP_VERSION	"v2.1-rc2"

/* A module parameter: a number for what is made from then on. */
#define LOOP_PARAM(_name, _min, _max, _text)						\
static int loop_param_##_name(const char *val, const struct kernel_param *kp)		\
{											\
	return param_set_uint_minmax(val, kp, _min, _max);				\
}											\
static const struct kernel_param_ops loop_param_##_name##_ops = {			\
	.set = loop_param_##_name,							\
	.get = param_get_uint,								\
};											\
module_param_cb(_name, &loop_param_##_name##_ops, &loop_##_name, 0644);			\
MODULE_PARM_DESC(_name, _text)

/**
 * struct loop_cmd - a command between the midlayer and the core
 * @se_cmd: the core's part
 * @sc: the midlayer's command in whose private area this lies; set once
 * @node: on its queue until it is submitted
 * @held: the midlayer may not have it back yet. Set by queuecommand; cleared
 *	under RCU right before scsi_done(), and the last access is inside the same
 *	RCU section.
 * @expired: it has taken longer than its request allows
 */
struct loop_cmd {
	struct se_cmd		se_cmd;
	struct scsi_cmnd	*sc;
	struct llist_node	node;
	bool			held;
	bool			expired;
};

/**
 * struct loop_queue - commands that wait for process context, per hardware queue
 * @incoming: what queuecommand has added, newest first
 * @thread: submits them
 * @idle: @thread sleeps, or is about to look at @incoming before it does, and
 *	nobody has woken it up since
 * @watched: @watch will look whether @thread is getting on; never false while it is busy
 *	and does not know
 * @stalled: at the last look, @thread slept over a command; @watch's own, but for a hint
 * @lock: see below
 * @waiting: what @thread has taken from @incoming, oldest first
 * @submitting: the disk whose command @thread submits, or has submitted last
 * @helpers: those that do @thread's work while it sleeps over a command of another disk
 * @oldest: first of @waiting at the last look; @watch's own
 * @watch: looks, as long as the queue is busy
 */
struct loop_queue {
	struct llist_head	incoming;
	struct task_struct	*thread;
	bool			idle;
	bool			watched;
	bool			stalled;
	spinlock_t		lock;	/* waiting, helpers */
	struct llist_node	*waiting;
	const struct scsi_device *submitting;
	struct list_head	helpers;
	const struct llist_node	*oldest;
	struct delayed_work	watch;
} ____cacheline_aligned_in_smp;

/**
 * struct loop_adapter - parent of the Scsi_Host in sysfs, which it outlives
 * @dev: the device
 * @nr_queues: of @queues
 * @queues: one per hardware queue
 */
struct loop_adapter {
	struct device		dev;
	unsigned int		nr_queues;
	struct loop_queue	*queues;
};

/**
 * struct loop_host - a target and the Scsi_Host of its initiator
 * @wwn: the core's part
 * @shost: the Scsi_Host, in whose private area this lies; set once
 * @adapter: its parent in sysfs; set once
 * @proto: protocol that it pretends to be; set once
 * @name: name of the target without the prefix that the protocol lacks; set once
 * @lock: see below
 * @tpgs: number -> struct loop_tpg; readers by RCU
 */
struct loop_host {
	struct se_wwn		wwn;
	struct Scsi_Host	*shost;
	struct loop_adapter	*adapter;
	enum scsi_protocol	proto;
	char			name[TRANSPORT_IQN_LEN];
	struct mutex		lock;	/* Scsi_Host::max_id, changes of tpgs */
	struct xarray		tpgs;
};

#define LOOP_LUN_RESIZED	XA_MARK_0

/**
 * struct loop_tpg - a target port
 * @sess: the nexus, NULL if there is none; @lock to change, readers by RCU
 * @offline: transport_status; read without a lock
 * @task_attr: TCM_SIMPLE_TAG or its like, for commands that ask for nothing else
 * @prot_type: enum target_prot_type, fabric_prot_type
 * @tpgt: its number and SCSI id; set once
 * @host: its target; set once
 * @lock: see below
 * @luns: LUN -> linked struct se_lun; its emptiness permits to drop the nexus.
 *	Those with %LOOP_LUN_RESIZED have another capacity than their disk may know.
 * @resize: asks for it. Queued only while a LUN is linked
 * @se_tpg: the core's part
 * @rcu: readers of loop_host::tpgs outlive it
 */
struct loop_tpg {
	struct se_session __rcu	*sess;
	bool			offline;
	u8			task_attr;
	u8			prot_type;
	u16			tpgt;
	struct loop_host	*host;
	struct mutex		lock;	/* sess, changes of luns */
	struct xarray		luns;
	struct work_struct	resize;
	struct se_portal_group	se_tpg;
	struct rcu_head		rcu;
};

/**
 * struct loop_disk - scsi_device::hostdata
 * @tpg: the port; outlives its disks
 * @lun: the LUN as the core knows it
 * @dev: the logical unit, NULL until first looked up
 */
struct loop_disk {
	struct loop_tpg		*tpg;
	u64			lun;
	struct se_device	*dev;
};

static inline struct loop_host *loop_host_of(struct se_wwn *wwn)
{
	return container_of(wwn, struct loop_host, wwn);
}

static inline struct loop_tpg *loop_tpg_of(struct se_portal_group *se_tpg)
{
	return container_of(se_tpg, struct loop_tpg, se_tpg);
}

/* name.c */
/**
 * loop_name_parse - which protocol does a name belong to?
 * @name: of a target or an initiator, with its prefix
 * @port: set to the name as the protocol spells it
 *
 * Return: enum scsi_protocol, or -EINVAL.
 */
int loop_name_parse(const char *name, const char **port);

/* "tpgt_0" to "tpgt_65535", each in one spelling. 0 or -EINVAL. */
int loop_name_parse_tpgt(const char *name, u16 *tpgt);

/**
 * loop_name_task_attr - task attribute of a command (SAM-6 8.6)
 * @ioprio: I/O priority of its request
 * @task_attr: what the port says
 *
 * The block layer has no word for ordering; its real-time class is what comes
 * closest to HEAD OF QUEUE, and all else follows the port.
 */
int loop_name_task_attr(unsigned short ioprio, int task_attr);

/* bus.c */
int loop_bus_init(void);
void loop_bus_exit(void);
struct loop_adapter *loop_adapter_add(unsigned int nr_queues);	/* or ERR_PTR */
void loop_adapter_del(struct loop_adapter *adapter);

/* wwn.c */
struct se_wwn *loop_wwn_make(struct target_fabric_configfs *tf, struct config_group *group,
			     const char *name);
void loop_wwn_drop(struct se_wwn *wwn);
char *loop_wwn_name(struct se_portal_group *se_tpg);
extern struct configfs_attribute *loop_wwn_attrs[];

/* tpg.c */
struct se_portal_group *loop_tpg_make(struct se_wwn *wwn, const char *name);
void loop_tpg_drop(struct se_portal_group *se_tpg);
u16 loop_tpg_tag(struct se_portal_group *se_tpg);
int loop_tpg_prot(struct se_portal_group *se_tpg);
extern struct configfs_attribute *loop_tpg_attrs[];
extern struct configfs_attribute *loop_tpg_attrib_attrs[];

/* nexus.c */
ssize_t loop_nexus_show(struct loop_tpg *tpg, char *page);
/* 0; -EEXIST; -EINVAL for a name of another protocol, or none; what the core says. */
int loop_nexus_make(struct loop_tpg *tpg, const char *name);
/* 0; -ENODEV if there is none; -EPERM while LUNs are linked. Waits for its commands. */
int loop_nexus_drop(struct loop_tpg *tpg);

/* lun.c */
int loop_lun_link(struct se_portal_group *se_tpg, struct se_lun *lun);
void loop_lun_unlink(struct se_portal_group *se_tpg, struct se_lun *lun);
void loop_lun_unlinked(struct se_portal_group *se_tpg, struct se_lun *lun);
void loop_lun_resized(struct se_portal_group *se_tpg, struct se_lun *lun);
void loop_lun_resize_work(struct work_struct *work);

/* The midlayer's number for a LUN, and back: 0, or -ENXIO if it is no spelling of ours. */
u64 loop_lun_to_scsi(u64 lun);
int loop_lun_from_scsi(u64 scsi_lun, u64 *lun);

/* disk.c */
int loop_target_alloc(struct scsi_target *starget);
int loop_disk_init(struct scsi_device *sdev);
void loop_disk_destroy(struct scsi_device *sdev);
void loop_disk_add(struct loop_tpg *tpg, u64 lun);
void loop_disk_remove(struct loop_tpg *tpg, const struct se_lun *lun);
/* Its capacity may be another: let the disk's driver read it. */
void loop_disk_rescan(struct loop_tpg *tpg, const struct se_lun *lun);
/* Look for disks of a port that got its nexus after its LUNs. */
void loop_disk_scan(struct loop_tpg *tpg);
void loop_disk_remove_all(struct loop_tpg *tpg);
/* Its logical unit, or NULL if it has just gone. */
const struct se_device *loop_disk_device(struct loop_disk *disk);

/* cmd.c */
int loop_cmd_init(struct Scsi_Host *shost, struct scsi_cmnd *sc);
scsi_qc_return loop_queuecommand(struct Scsi_Host *shost, struct scsi_cmnd *sc);
void loop_commit(struct Scsi_Host *shost, u16 hwq);
void loop_cmd_submit(struct loop_cmd *cmd, int flags, gfp_t gfp);
int loop_cmd_respond(struct se_cmd *se_cmd);
/* Of so many bytes, with protection information. -ENODEV or -ESHUTDOWN: there is no nexus. */
int loop_cmd_enter(struct loop_cmd *cmd, u32 length, int flags);
void loop_cmd_no_nexus(struct loop_cmd *cmd);
void loop_cmd_aborted(struct se_cmd *se_cmd);
/* The midlayer has it back, with sc->result. RCU; the command is gone afterwards. */
void loop_cmd_done(struct loop_cmd *cmd);

/* direct.c */
/**
 * loop_direct_submit - let a command enter the core where queuecommand is called, or not
 * @cmd: the command
 * @queue: its queue
 *
 * Context: queuecommand's.
 * Return: false if it shall go by its queue: then nothing has been done with it.
 */
bool loop_direct_submit(struct loop_cmd *cmd, const struct loop_queue *queue);

/* prot.c: protection information between the midlayer and its adapter, which this is. */
/* Before the host is added. */
void loop_prot_init(struct Scsi_Host *shost);
/* loop_cmd_submit() for a command with a protection operation. */
void loop_prot_submit(struct loop_cmd *cmd, int flags, gfp_t gfp);

/* The queue of the hardware queue that a command's tag names. */
static inline struct loop_queue *loop_queue_of(const struct loop_host *host, u32 tag)
{
	return &host->adapter->queues[blk_mq_unique_tag_to_hwq(tag)];
}

/* queue.c */
typedef bool (*loop_match_t)(const struct scsi_cmnd *sc, const void *data);

/* The queues with their threads, named after the adapter, or ERR_PTR. kfree() after the stop. */
struct loop_queue *loop_queues_start(unsigned int nr, int adapter);
/* Let each thread run on the CPUs whose commands come to its queue, by blk-mq's map. */
void loop_queues_place(struct loop_queue *queues, unsigned int nr, const unsigned int *mq_map);
/* The host takes no more commands. */
void loop_queues_stop(struct loop_queue *queues, unsigned int nr);

/* Of a zeroed one, without its thread. */
void loop_queue_init(struct loop_queue *queue);

/* Add a command, in any context; the thread submits it at the latest after the next kick. */
void loop_queue_push(struct loop_queue *queue, struct loop_cmd *cmd);

/* Nothing waits, as far as the CPUs know that send to it. Any context. */
static inline bool loop_queue_is_idle(const struct loop_queue *queue)
{
	return READ_ONCE(queue->idle) && llist_empty(&queue->incoming);
}

void loop_queue_kick(struct loop_queue *queue);

/* What the thread does: all that has been pushed (several?), then the oldest, or NULL. Process. */
bool loop_queue_collect(struct loop_queue *queue);
struct loop_cmd *loop_queue_pop(struct loop_queue *queue);
/* The oldest that matches, of all that has been pushed, or NULL. Process. */
struct loop_cmd *loop_queue_pop_first(struct loop_queue *queue, loop_match_t match,
				      const void *data);
/* The oldest that waits, to compare, or NULL. Process. */
const struct llist_node *loop_queue_oldest(struct loop_queue *queue);

/* Commands that match, oldest first, which the thread will not see. Process. */
struct llist_node *loop_queue_remove(struct loop_queue *queue, loop_match_t match,
				     const void *data);

/**
 * loop_queues_return - give back commands that have not been submitted yet
 * @host: the host
 * @match: which
 * @data: its second argument
 *
 * They go up with DID_RESET, which makes the midlayer send them again.
 *
 * Context: process.
 */
void loop_queues_return(struct loop_host *host, loop_match_t match, const void *data);

/* watch.c: a queue's thread may sleep over one command, but the others need not wait for that. */
int loop_watch_init(void);
void loop_watch_exit(void);
void loop_watch_init_queue(struct loop_queue *queue);
/* Its thread has stopped, and no command is left. */
void loop_watch_stop(struct loop_queue *queue);
void loop_watch_start(struct loop_queue *queue);
/* A command has come while the queue is stalled. Any context. */
void loop_watch_now(struct loop_queue *queue);

/* The thread's, after it has said that it is not idle. */
static inline void loop_watch(struct loop_queue *queue)
{
	if (unlikely(!READ_ONCE(queue->watched)))
		loop_watch_start(queue);
}

/* eh.c */
scsi_timeout_return loop_eh_timed_out(struct scsi_cmnd *sc);
int loop_eh_abort(struct scsi_cmnd *sc);
int loop_eh_device_reset(struct scsi_cmnd *sc);
int loop_eh_target_reset(struct scsi_cmnd *sc);
int loop_eh_host_reset(struct scsi_cmnd *sc);

/* tmf.c */
/* Run a function and wait for it. Return: enum tcm_tmrsp_table. Process. */
u8 loop_tmf_run(struct loop_host *host, unsigned int id, u64 lun, u8 function, u64 tag);
void loop_tmf_respond(struct se_cmd *se_cmd);
void loop_tmf_release(struct se_cmd *se_cmd);
/* "clear_aca 0", or with the tag of a command: "query_task 0 0x10001". 0 or -EINVAL. */
int loop_tmf_parse(char *text, u8 *function, u64 *lun, u64 *tag);
/* What a write to task_management returns; queries that found something succeed. */
int loop_tmf_errno(u8 function, u8 response);

#endif /* TCM_LOOP_H */
