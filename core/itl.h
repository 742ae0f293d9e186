/* SPDX-License-Identifier: GPL-2.0-only */
/* I_T_L nexus: what one session sees as one LUN. */
#ifndef TARGET_ITL_H
#define TARGET_ITL_H

#include <target/target_core_base.h>

struct seq_file;

/**
 * struct target_itl - an I_T_L nexus (SAM-6 4.7)
 * @ref: one per command in flight
 * @dev: the logical unit
 * @lun: the target port's LUN
 * @sess: the I_T nexus
 * @mapped_lun: the LUN the initiator addresses
 * @read_only: writes through here are refused
 * @prevents_removal: of the medium
 * @denies: enum target_pr_denial: what reservations of others deny it; written under the
 *	lock of reservations
 * @echo: what WRITE BUFFER wrote in echo mode, or NULL; dev->lock
 * @ua_pending: bit per enum target_ua, and TARGET_UA_DEFERRED
 * @deferred: error of what went on after its command, or NULL; changed by xchg
 * @stats: per CPU; summed when read
 * @pr_nexus: its name, as registrations know it; set once under the lock of reservations
 * @tasks: its task set, if each nexus has its own; the device's target_tasks::lock
 * @lun_node: on lun->itls, lun->itl_lock
 * @dead_node: on a caller's list between unpublishing and freeing
 * @drained: @ref has reached zero
 * @copies: copy operations, those that have ended included; the lock of core/copy_list.c
 * @rcu: who finds it under RCU may try @ref
 *
 * Published in session->itls; a command finds it there under RCU and takes @ref
 * by percpu_ref_tryget_live. Its end: unpublish, kill, wait, free.
 */
struct target_itl {
	struct percpu_ref	ref;
	struct se_device	*dev;
	struct se_lun		*lun;
	struct se_session	*sess;
	u64			mapped_lun;
	bool			read_only;
	bool			prevents_removal;
	u8			denies;
	struct target_echo	*echo;
	unsigned long		ua_pending;
	struct target_deferred	*deferred;
	struct target_io_stats __percpu *stats;
	struct target_pr_nexus	*pr_nexus;
	struct target_task_set	tasks;
	struct list_head	lun_node;
	struct list_head	dead_node;
	struct completion	drained;
	struct hlist_head	copies;
	struct rcu_head		rcu;
};

/* Make and publish one; tpg->lock held. 0, -EEXIST, -ENOMEM. */
int target_itl_add(struct se_session *sess, struct se_lun *lun, struct se_device *dev,
		   u64 mapped_lun, bool read_only);

/*
 * Start the grace period that the kill would have to wait for. Commands still come and
 * go, only slower; tpg->lock held.
 */
void target_itl_prepare_kill(struct target_itl *itl);

/* Unpublish and kill: onto @dead; tpg->lock held. */
void target_itl_kill(struct target_itl *itl, struct list_head *dead);

/*
 * Wait until no command is left and free. May sleep; no lock held. The wait
 * ends when the commands do: each has a backstore or a fabric that ends it.
 */
void target_itl_free_all(struct list_head *dead);

/* The nexus was lost, but goes on (SAM-6 6.3.4). Context: any. */
void target_itl_lost(struct target_itl *itl);

/* The nexus of a LUN as its initiator knows it, or NULL; RCU read-side section. */
static inline struct target_itl *target_itl_find(struct se_session *sess, u64 lun)
{
	/* An index of the xarray is an unsigned long. */
	return likely((unsigned long)lun == lun) ? xa_load(&sess->itls, lun) : NULL;
}

/* Find and take a reference, or NULL. Any context. */
struct target_itl *target_itl_get(struct se_session *sess, u64 lun);
static inline void target_itl_put(struct target_itl *itl)
{
	percpu_ref_put(&itl->ref);
}

/* Something about a nexus. It does not sleep. */
typedef void (*target_itl_fn)(struct target_itl *itl, void *data);

/* Call @fn for each nexus of a unit, under the locks that hold it there. Context: any. */
void target_itl_for_each(struct se_device *dev, target_itl_fn fn, void *data);

/* One line of debugfs. Its LUN's itl_lock is held. */
void target_itl_show(struct seq_file *m, const struct target_itl *itl);

/* Add a nexus' counters to @sum. */
void target_itl_sum(const struct target_itl *itl, struct target_io_stats *sum);

/* Add counters to @sum; @part may be counting. */
void target_io_stats_add(struct target_io_stats *sum, const struct target_io_stats *part);

static inline u64 target_io_stats_cmds(const struct target_io_stats *stats)
{
	return stats->reads + stats->writes + stats->others;
}

static inline u64 target_io_stats_in(const struct target_io_stats *stats)
{
	return stats->read_bytes + stats->other_in;
}

static inline u64 target_io_stats_out(const struct target_io_stats *stats)
{
	return stats->write_bytes + stats->other_out;
}

#endif /* TARGET_ITL_H */
