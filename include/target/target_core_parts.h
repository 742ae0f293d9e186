/* SPDX-License-Identifier: GPL-2.0-only */
/* Parts of the objects of target_core_base.h that only the core reads and writes. */
#ifndef TARGET_CORE_PARTS_H
#define TARGET_CORE_PARTS_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rbtree.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>

struct se_cmd;
struct target_itl;
struct target_pr_state;

/**
 * struct target_range - logical blocks that someone holds or wants; core/range.h
 * @first: logical block
 * @last: logical block, in the range
 * @exclusive: nobody else may have any of them
 * @granted: called when it is held after a wait, with the device's lock held and
 *	interrupts off: it queues work
 */
struct target_range {
	u64			first;
	u64			last;
	bool			exclusive;
	void			(*granted)(struct target_range *range);

	/* private: of struct target_ranges, its lock */
	bool			waits;		/* granted is yet to be called */
	unsigned int		older;		/* those that came before and conflict */
	u64			seq;		/* order of arrival */
	struct rb_node		node;
	u64			subtree_last;
};

/* One CPU's commands of one device. */
struct target_cmd_list {
	spinlock_t		lock;	/* cmds; taken in any context, interrupts off */
	struct list_head	cmds;	/* struct se_cmd::live */
};

/* How long a device had no command, to a jiffy; core/live.c. */
struct target_idle {
	unsigned long		moved;	/* jiffies when the last command came or went */
	atomic64_t		time;	/* jiffies */
};

/* A task set (SAM-6 8): of a logical unit, or of one I_T_L nexus; target_tasks::lock. */
struct target_task_set {
	struct list_head	blocked;	/* struct se_cmd::blocked, oldest first */
	struct se_cmd		*ordered;	/* ORDERED command that waits or runs */
	unsigned int		older;		/* commands it still waits for */
	struct target_itl	*aca;		/* faulted nexus of an ACA condition; core/aca.c */
	struct se_cmd		*aca_cmd;	/* command with the ACA attribute that runs */
};

/* The task set, or sets, of a logical unit; core/order.c. */
struct target_tasks {
	bool			dormant;	/* enter by the lock; read without it */
	spinlock_t		lock;		/* all below, and the nexuses' own sets */
	bool			per_nexus;	/* TST 001b: each nexus has its own */
	bool			restricted;	/* QUEUE ALGORITHM MODIFIER 0h */
	struct target_task_set	shared;		/* otherwise everyone's */
	struct work_struct	work;		/* runs what became free to run */
	struct list_head	ready;		/* for work, struct se_cmd::blocked */
};

/* Commands that run later than they could; core/delay.c. */
struct target_delays {
	spinlock_t		lock;		/* cmds, next */
	struct list_head	cmds;		/* struct se_cmd::blocked */
	unsigned long		next;		/* jiffies when work runs, while there are any */
	struct delayed_work	work;		/* lets go those that are due */
};

/* Ranges of logical blocks that are held or waited for; core/range.c. */
struct target_ranges {
	spinlock_t		lock;		/* all below, and se_device::ranged */
	struct rb_root_cached	tree;		/* struct target_range::node */
	u64			seq;		/* of the next one */
	unsigned int		exclusive;	/* exclusive ones in the tree */
};

/* Power conditions, those without medium access last; core/power.c. */
enum target_power {
	TARGET_POWER_ACTIVE,
	TARGET_POWER_IDLE_A,
	TARGET_POWER_IDLE_B,
	TARGET_POWER_IDLE_C,
	TARGET_POWER_STANDBY_Z,
	TARGET_POWER_STANDBY_Y,
	TARGET_POWER_STOPPED,
	TARGET_POWER_UNLOADED,	/* stopped, and the medium is not there */
	TARGET_POWER_COUNT
};

/*
 * Generations of bitmaps that ORWRITE changes (SBC-5 4.27.2). Who changes them holds
 * all blocks exclusively, who reads them at least some: so they have no lock.
 */
struct target_orw {
	u32	generation;	/* current ORWgeneration code */
	u32	previous;	/* the one before */
	u8	policy;		/* ORWRITE processing policy */
};

/* Informational exceptions control; core/exceptions.c, dev->lock. */
struct target_exceptions {
	bool	enabled;	/* not DEXCPT */
	bool	test;		/* TEST */
	u8	method;		/* MRIE */
};

/* Representations of data that copies can be made from; core/rod.c. */
struct target_rods {
	spinlock_t		lock;		/* all below, and se_device::represented */
	struct list_head	list;		/* struct target_rod::node, oldest first */
	unsigned int		count;		/* of them */
	unsigned int		live;		/* of them that are valid */
};

/* Reservations; core/reserve.h. */
struct target_reservations {
	struct mutex		lock;		/* all below, and what nexuses are denied */
	struct target_pr_state	*state;		/* persistent ones, NULL before the first */
	struct target_itl	*reserver;	/* who has it by RESERVE; read without the lock */
	bool			saves;		/* to a file; read without the lock */
	bool			on_file;	/* which may have registrations in it */
	bool			lost;		/* they cannot be read any more */
	const char		*serial;	/* whose file was looked for; NULL before */
};

/* Self-tests; core/selftest.c, dev->lock. */
#define TARGET_SELFTEST_RESULTS	20

struct target_selftest_result {
	bool	valid;
	u8	code;	/* SELF-TEST CODE and SELF-TEST RESULTS */
	u16	hours;	/* since the unit was configured */
	u64	lba;	/* ADDRESS OF FIRST FAILURE */
	u8	key;
	u8	asc;
	u8	ascq;
};

struct target_selftest {
	struct target_selftest_job	*job;	/* that runs, or NULL */
	struct target_selftest_result	log[TARGET_SELFTEST_RESULTS];	/* newest first */
};

/* Thresholds of provisioning; core/threshold.c. */
enum target_threshold_id {
	TARGET_THRESHOLD_AVAILABLE,	/* blocks that are available get few */
	TARGET_THRESHOLD_USED,		/* blocks that are used get many */
	TARGET_THRESHOLDS
};

struct target_thresholds {
	bool		active;		/* one is enabled, and LBPERE is; read without the lock */
	spinlock_t	lock;		/* all below; changed under dev->lock, too, but for told */
	bool		lbpere;
	bool		enabled[TARGET_THRESHOLDS];
	bool		told[TARGET_THRESHOLDS];	/* since it was last before the threshold */
	u32		count[TARGET_THRESHOLDS];	/* threshold sets */
};

/* Application tags by ranges of blocks; core/app_tag.c. */
#define TARGET_APP_TAG_RANGES	3

struct target_app_tag {
	u64	lba;
	u64	blocks;
	u16	tag;
	bool	last;	/* LAST: no range after it means anything */
};

struct target_app_tags {
	bool			atmpe;	/* ATMPE: they mean something; read without a lock */
	struct target_app_tag	range[TARGET_APP_TAG_RANGES];
};

/* What log pages count; core/log.h says more. */
enum target_log_counter {
	TARGET_LOG_WRITE_BYTES,
	TARGET_LOG_WRITE_ERRORS,
	TARGET_LOG_READ_BYTES,
	TARGET_LOG_READ_ERRORS,
	TARGET_LOG_VERIFY_BYTES,
	TARGET_LOG_VERIFY_ERRORS,
	TARGET_LOG_OTHER_ERRORS,
	TARGET_LOG_READS,
	TARGET_LOG_WRITES,
	TARGET_LOG_BLOCKS_IN,		/* from initiators */
	TARGET_LOG_BLOCKS_OUT,
	TARGET_LOG_READ_TIME,
	TARGET_LOG_WRITE_TIME,
	TARGET_LOG_IDLE_TIME,
	TARGET_LOG_COUNTERS
};

/* Log parameters of a logical unit; core/log.c. */
struct target_log {
	atomic64_t	verify_bytes;	/* read from the medium to be verified */
	atomic64_t	read_errors;	/* commands that failed with a medium error */
	atomic64_t	write_errors;
	atomic64_t	verify_errors;
	atomic64_t	other_errors;	/* with a hardware error, or aborted by the target */
	u64		base[TARGET_LOG_COUNTERS];	/* at the last reset; dev->lock */
	u8		accounting_date[6];		/* year and week, ASCII; dev->lock */
};

#endif /* TARGET_CORE_PARTS_H */
