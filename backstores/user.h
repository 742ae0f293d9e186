/* SPDX-License-Identifier: GPL-2.0-only */
/* The backstore of units that a process serves, "user": TCMU. */
#ifndef TARGET_USER_H
#define TARGET_USER_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/uio_driver.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>
#include <uapi/linux/target_core_user.h>
#include <target/target_core_backend.h>

#define USER_CONFIG_LEN		256	/* bytes of dev_config, NUL included */
#define USER_FEW_BLOCKS		16	/* of a command without an allocation */
#define USER_RETRY		(HZ / 10) /* when it is not the daemon that makes room */
#define USER_ID_MAX		U16_MAX	/* the first one is 1 */
#define USER_SINGLES		32	/* answers in a row, each to a command that was alone */
#define USER_PROBE		1024	/* one of so many is not handed over: see collected() */

/* --- the ring ----------------------------------------------------------------------------- */

/* Entries begin and end at multiples of this: a line of the cache, and a bit of a map. */
#define USER_RING_UNIT		64

/**
 * struct user_ring - mailbox and command ring
 * @mb: the mailbox. Shared: written by us, and of what is in it only cmd_tail is read
 * @cmdr: the ring behind it, shared
 * @size: bytes of it
 * @head: where the next entry goes
 * @tail: the oldest entry that the daemon is not through with
 * @starts: a bit for each unit where such an entry begins
 * @commands: the same, of those that are commands
 *
 * All but what is shared is protected by user_device::lock.
 */
struct user_ring {
	struct tcmu_mailbox	*mb;
	void			*cmdr;
	u32			size;
	u32			head;
	u32			tail;
	unsigned long		*starts;
	unsigned long		*commands;
};

/**
 * user_ring_alloc - memory for mailbox and ring
 * @ring: zeroed
 * @bytes: of both, whole pages
 *
 * Context: process. Return: 0 or -ENOMEM.
 */
int user_ring_alloc(struct user_ring *ring, u32 bytes);
void user_ring_free(struct user_ring *ring);

/* Empty again, and so says the mailbox. */
void user_ring_reset(struct user_ring *ring);

/* Bytes that an entry of so many takes. */
u32 user_ring_round(u32 len);

/**
 * user_ring_reserve - room for one entry
 * @ring: the ring
 * @len: as user_ring_round() says
 *
 * What is left before the end becomes a pad, if the entry does not fit there.
 * Return: where it goes, or NULL as long as there is no room.
 */
void *user_ring_reserve(struct user_ring *ring, u32 len);

/* The entry at the place reserved last is complete: the daemon may see it. */
void user_ring_publish(struct user_ring *ring, enum tcmu_opcode op, u32 len);

/**
 * user_ring_tail - how far the daemon has got
 * @ring: the ring
 * @tail: set to what the mailbox says
 *
 * Return: 0, or -EINVAL if no entry begins there.
 */
int user_ring_tail(const struct user_ring *ring, u32 *tail);

/**
 * user_ring_take - the next command entry that the daemon is through with
 * @ring: the ring
 * @tail: from user_ring_tail()
 *
 * Return: the entry, which is overwritten by what is published next; NULL if there is none.
 */
struct tcmu_cmd_entry *user_ring_take(struct user_ring *ring, u32 tail);

/* Where in the shared area something of the ring is. */
static inline u64 user_ring_offset(const struct user_ring *ring, const void *what)
{
	return what - (void *)ring->mb;
}

/* --- the data area ------------------------------------------------------------------------ */

/**
 * struct user_data - the data area
 * @map: a bit for each block that is in use
 * @blocks: how many there may be
 * @used: bits in @map
 * @hint: no block before it is free
 * @top: no block from it on has pages
 * @block_pages: pages of a block
 *
 * The above is protected by user_device::lock. A block's pages belong to who uses it.
 *
 * @pages: those that there are, by number; changes with @lock held
 * @lock: @mapping, and that a page in @pages stays while it is being mapped
 * @mapping: of who has the area open, or NULL
 * @first: page of the shared area where the data area begins
 */
struct user_data {
	unsigned long		*map;
	u32			blocks;
	u32			used;
	u32			hint;
	u32			top;
	u32			block_pages;
	struct xarray		pages;
	struct mutex		lock;		/* see above */
	struct address_space	*mapping;
	unsigned long		first;
};

int user_data_alloc(struct user_data *data, u32 blocks, u32 block_pages);
/* No block is in use, and nothing is mapped. */
void user_data_free(struct user_data *data);

/**
 * user_data_take - blocks for a command, the lowest that are free
 * @data: the area; user_device::lock held
 * @blocks: filled in, ascending
 * @nr: how many
 *
 * Return: true if there were as many; else nothing is taken.
 */
bool user_data_take(struct user_data *data, u32 *blocks, u32 nr);
/* The reverse. */
void user_data_give(struct user_data *data, const u32 *blocks, u32 nr);

/* Blocks that follow one another are one piece. How many pieces are these? */
u32 user_data_pieces(const u32 *blocks, u32 nr);

/* Blocks that are in use get their pages. Context: as @gfp says. 0 or -ENOMEM. */
int user_data_populate(struct user_data *data, const u32 *blocks, u32 nr, gfp_t gfp);

/* Copy between memory of a command and blocks that have their pages. Context: process. */
void user_data_copy(struct user_data *data, const u32 *blocks, struct scatterlist *sg, u32 len,
		    bool to_area);

/* The page of the area, or NULL; data->lock held. */
struct page *user_data_page(struct user_data *data, unsigned long index);

/**
 * user_data_shrink - give back pages of blocks that are not in use, from the end
 * @data: the area
 * @lock: user_device::lock
 *
 * Context: process, may sleep. Return: pages.
 */
u32 user_data_shrink(struct user_data *data, spinlock_t *lock);

/* Have all areas together more pages than they may? Context: any. */
bool user_data_is_crowded(void);

/* --- commands ----------------------------------------------------------------------------- */

enum user_cmd_state {
	USER_CMD_NEW,		/* with who sends it */
	USER_CMD_QUEUED,	/* waits for room; on user_device::queue */
	USER_CMD_SENT,		/* in the ring; on user_device::sent, or on late */
	USER_CMD_ENDING,	/* with who ends it */
	USER_CMD_KEPT,		/* has ended, but for its blocks; on user_device::kept */
};

/**
 * struct user_cmd - a command and its part of the shared area
 * @node: see enum user_cmd_state
 * @se_cmd: the command; NULL once it has been given up, or has ended
 * @state: where it is; user_device::lock
 * @loaded: its blocks are taken, and filled for data-out
 * @hurried: @due counts, whatever else is held
 * @keep: the daemon keeps its blocks
 * @why: reason it ends with, if it is not the daemon's answer
 * @id: cmd_id, 0 as long as it has none
 * @due: jiffies when it has waited long enough, 0 for never
 * @length: bytes of data
 * @nr: blocks
 * @pieces: they are so many pieces
 * @entry_len: bytes in the ring
 * @blocks: @nr of them
 * @status: SAM status, of the answer
 * @uflags: TCMU_UFLAG_, of the answer
 * @read_len: of the answer
 * @sense: of the answer
 * @few: what @blocks is without an allocation
 */
struct user_cmd {
	struct list_head	node;
	struct se_cmd		*se_cmd;
	enum user_cmd_state	state;
	bool			loaded;
	bool			hurried;
	bool			keep;
	u8			status;
	u8			uflags;
	sense_reason_t		why;
	u32			id;
	unsigned long		due;
	u32			length;
	u32			nr;
	u32			pieces;
	u32			entry_len;
	u32			*blocks;
	u32			read_len;
	u32			few[USER_FEW_BLOCKS];
	u8			sense[TCMU_SENSE_BUFFERSIZE];
};

/* Task management that the daemon is told of, when there is room. */
struct user_tmr {
	struct list_head	node;	/* on user_device::tmrs */
	u8			type;	/* TCMU_TMR_ */
	u32			count;
	u16			ids[];
};

/* --- the device --------------------------------------------------------------------------- */

/* What becomes of commands when the daemon goes away. */
enum user_recovery {
	USER_RECOVERY_NONE,	/* their time runs on */
	USER_RECOVERY_FAIL,	/* they fail at once */
	USER_RECOVERY_HOLD,	/* their time stands still */
	USER_RECOVERIES
};

/**
 * struct user_options - what control takes
 * @config: dev_config, free text for the daemon
 * @size: capacity in bytes
 * @block_size: bytes
 * @max_sectors: blocks of the largest transfer
 * @data_mb: MiB of the data area
 * @block_pages: pages of a block of it
 * @ring_mb: MiB of mailbox and ring
 * @nl_reply: does the daemon answer netlink events: 0 as it said, a positive number yes,
 *	a negative number no
 */
struct user_options {
	char	config[USER_CONFIG_LEN];
	u64	size;
	u32	block_size;
	u32	max_sectors;
	u32	data_mb;
	u32	block_pages;
	u32	ring_mb;
	s32	nl_reply;
};

/**
 * struct user_change - something of a unit that the daemon is asked about
 * @attr: TCMU_ATTR_DEV_CFG, TCMU_ATTR_DEV_SIZE or TCMU_ATTR_WRITECACHE
 * @config: what is to be the first
 * @number: or one of the others
 */
struct user_change {
	enum tcmu_genl_attr	attr;
	const char		*config;
	u64			number;
};

/**
 * struct user_wait - an answer of the daemon to a netlink event that someone waits for
 * @lock: all below
 * @cmd: enum tcmu_genl_cmd of the answer, 0 if nobody waits
 * @status: of the answer
 * @done: it has come
 */
struct user_wait {
	spinlock_t		lock;		/* see above */
	u8			cmd;
	int			status;
	struct completion	done;
};

/**
 * struct user_device - a unit that a process serves
 * @dev: the logical unit
 * @options: as written and changed; dev.lock. @config changes with reconfig held, too
 * @reconfig: one change at a time is announced
 * @wait: for the daemon's word
 * @id: number for netlink and mappings, 0 until it is configured
 * @info: the UIO device
 * @name: of it; under its own lock
 * @ring_bytes: mailbox and ring
 * @map_pages: pages of all that is shared
 *
 * Seconds, written by the administrator and read without a lock:
 * @cmd_time_out: a command may take so long, 0 for ever
 * @qfull_time_out: a command may wait for room; 0 not at all, -1 for as long as it may take
 * @nl_time_out: netlink answers may take so long
 * @abort_time_out: the daemon may finish a command that was aborted; then it is given up
 * @recovery: enum user_recovery
 * @recovery_time_out: that long, 0 until the daemon returns
 * @tmr_notification: the daemon hears of task management
 *
 * @lock: everything below, and what struct user_ring and user_data say
 * @refuse: why commands are refused, %TCM_NO_SENSE if they are not
 * @ring: mailbox and ring
 * @data: the data area
 * @ids: struct user_cmd by cmd_id
 * @next_id: where to look for the next
 * @queue: commands that wait for room, oldest first
 * @sent: commands in the ring
 * @late: commands in the ring that were given up
 * @kept: commands whose blocks the daemon keeps
 * @tmrs: struct user_tmr
 * @tmr_count: of them
 * @singles: answers in a row to a command that was alone
 * @broken: the daemon wrote what it must not
 * @blocked: action/block_dev
 * @open: a daemon has it open
 * @lost: recovery_time_out has passed since it went away
 * @gone_due: jiffies when it will have, 0 for never
 * @ticking: @tick will run
 * @tick: looks for what has waited long enough, and tries again
 * @holders: who found it by its number, and threads that will tell the daemon at the end of
 *	their batch; they never hold it for long
 * @announced: daemons know of it
 */
struct user_device {
	struct se_device	dev;
	struct user_options	options;
	struct mutex		reconfig;	/* see above */
	struct user_wait	wait;
	u32			id;
	struct uio_info		info;
	char			*name;
	u32			ring_bytes;
	unsigned long		map_pages;

	u32			cmd_time_out;
	s32			qfull_time_out;
	u32			nl_time_out;
	u32			abort_time_out;
	u32			recovery;
	u32			recovery_time_out;
	bool			tmr_notification;

	spinlock_t		lock;		/* see above */
	sense_reason_t		refuse;
	struct user_ring	ring;
	struct user_data	data;
	struct xarray		ids;
	u32			next_id;
	struct list_head	queue;
	struct list_head	sent;
	struct list_head	late;
	struct list_head	kept;
	struct list_head	tmrs;
	unsigned int		tmr_count;
	unsigned int		singles;
	bool			broken;
	bool			blocked;
	bool			open;
	bool			lost;
	bool			ticking;
	unsigned long		gone_due;
	struct delayed_work	tick;
	atomic_t		holders;
	bool			announced;
};

static inline struct user_device *user_of(struct se_device *dev)
{
	return container_of(dev, struct user_device, dev);
}

/* user.c */
extern struct workqueue_struct *user_wq;
/* The unit of a number, or NULL; the one after a number. user_put() is the way back. */
struct user_device *user_get(unsigned long id);
struct user_device *user_next(unsigned long *id);
void user_put(struct user_device *user);
/* There is no room for more pages: all units give back what they can. Context: any. */
void user_reclaim_others(void);
/* Give it another capacity. Process context. 0 or -errno. */
int user_resize(struct user_device *user, u64 bytes);

/* user_cmd.c */
sense_reason_t user_parse_cdb(struct se_cmd *cmd);
int user_cmd_init(void);
void user_cmd_exit(void);
/* End what the daemon is through with, and send what waited for that. Context: process. */
void user_drain(struct user_device *user);
/* Send what there is room for. Context: process. */
void user_run_queue(struct user_device *user);
/* End commands that are on no list, with user_cmd::why; NULL if it is the daemon's. */
void user_cmds_end(struct user_device *user, struct list_head *cmds);
/* All commands of a list are to end, for a reason; lock held. */
void user_cmds_take(struct user_device *user, struct list_head *from, struct list_head *to,
		    sense_reason_t why);
/* A daemon has come: it gets what is there from the beginning. Context: process. */
void user_cmds_again(struct user_device *user);
/* What is in the ring ends, or has; the ring must be reset before it is used again; lock held. */
void user_forget(struct user_device *user, struct list_head *cmds, sense_reason_t why);
/* The daemon kept the blocks of a command and needs them no more. -ENOENT if it did not. */
int user_free_kept(struct user_device *user, u32 id);
/* Tell the daemon that there is something in the ring. Context: any. */
void user_notify(struct user_device *user);

/* user_timeout.c */
/* What commands meet, after something of it has changed; lock held. */
void user_state_update(struct user_device *user);
/* From now on it waits in the ring, or for room; lock held. Sets due. */
void user_cmd_wait_ring(struct user_device *user, struct user_cmd *cmd);
void user_cmd_wait_room(struct user_device *user, struct user_cmd *cmd);
/* May a command wait for room at all? */
bool user_may_wait(const struct user_device *user);
/* Look again at the latest after so many jiffies; lock held. */
void user_tick_in(struct user_device *user, unsigned long delay);
void user_tick(struct work_struct *work);
/* Has it waited long enough? @held: the time of all stands still. Pure. */
bool user_cmd_is_due(const struct user_cmd *cmd, unsigned long now, bool held);
void user_abort(struct se_device *dev, u8 function);
void user_unlink(struct se_device *dev, struct se_lun *lun);
/* The daemon has come, or gone; process context. */
int user_daemon_comes(struct user_device *user);
void user_daemon_goes(struct user_device *user);
/* An attribute of recovery has changed. Process context. */
void user_recovery_changed(struct user_device *user);
/* A name for what it is. */
const char *user_state_name(struct user_device *user);
void user_set_blocked(struct user_device *user, bool blocked);
void user_reset_ring(struct user_device *user, sense_reason_t why);
/* Blocks and id of TMR's commands for the daemon; lock held. */
void user_tmrs_send(struct user_device *user);
void user_tmrs_drop(struct user_device *user);

/* user_uio.c */
int user_uio_register(struct user_device *user);
void user_uio_unregister(struct user_device *user);
/* dev_config has changed, and with it the name. dev.lock held. 0 or -ENOMEM. */
int user_uio_rename(struct user_device *user, const char *config);
int user_uio_init(void);
void user_uio_exit(void);

/* user_netlink.c */
int user_netlink_init(void);
void user_netlink_exit(void);
/*
 * Tell the daemon, and wait for its answer if it gives any. Context: process. Return: 0;
 * -ETIMEDOUT; -EINTR; -EAGAIN while netlink is blocked; or the daemon's own -errno.
 */
int user_netlink_added(struct user_device *user);
int user_netlink_removed(struct user_device *user);
/* It is not there after all; nobody waits. */
void user_netlink_withdrawn(struct user_device *user);
int user_netlink_change(struct user_device *user, const struct user_change *change);
/* An answer has come. 0 or -EINVAL if nobody waits for it. Context: any. */
int user_wait_answer(struct user_wait *wait, u8 cmd, int status);

/* user_attrib.c */
extern struct configfs_attribute *user_attribs[];
extern struct configfs_attribute *user_actions[];
void user_attribs_init(void);

#endif /* TARGET_USER_H */
