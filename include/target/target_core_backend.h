/* SPDX-License-Identifier: GPL-2.0-only */
/* What a backstore includes: the hooks it offers and the helpers it calls. */
#ifndef TARGET_CORE_BACKEND_H
#define TARGET_CORE_BACKEND_H

#include <linux/types.h>
#include <target/target_core_base.h>
#include <target/target_core_options.h>

/* struct target_backend_ops::flags */
enum target_backend_flags {
	TARGET_BACKEND_PASSTHROUGH	= 1 << 0,	/* parse_cdb sees every CDB */
	TARGET_BACKEND_PASSTHROUGH_ALUA	= 1 << 1,	/* ALUA is the backend's */
	TARGET_BACKEND_PASSTHROUGH_PGR	= 1 << 2,	/* reservations are the backend's */
};

/**
 * struct target_backend_ops - a backstore
 * @name: plug-in name: directories in core/ are <name>_<n>; the module
 *	carries MODULE_ALIAS("target-backstore-<name>")
 * @inquiry_prod: default PRODUCT IDENTIFICATION
 * @inquiry_rev: default PRODUCT REVISION LEVEL
 * @owner: module
 * @flags: enum target_backend_flags
 * @attach_hba: optional; an HBA directory was made. Process context, may sleep.
 *	0 or -errno, which mkdir returns.
 * @detach_hba: optional; undoes @attach_hba, after every device is freed.
 * @alloc: a device directory is made: allocate the device (embedded in the
 *	backstore's own struct, zeroed), set attribute defaults that differ.
 *	May sleep. NULL when there is no memory.
 * @configure: "1" was written to enable: open the medium and fill in
 *	dev->limits. dev->lock held, may sleep. 0 or -errno, which the write
 *	returns; on error nothing is left behind.
 * @announce: optional; all is set, and the device can be read but not yet used: tell who
 *	serves it. Nothing held, may sleep, for a bounded time. 0 or -errno, which the write
 *	to enable returns; then @unconfigure is called.
 * @unconfigure: the directory is gone and no command is left; undo @configure.
 *	Called only if that succeeded. May sleep.
 * @free: nobody refers to the device, a grace period has passed: free what
 *	@alloc allocated. Softirq context, must not sleep.
 * @show_info: print the backstore's lines of the info file. dev->lock held.
 *	Returns bytes, at most @size.
 * @set_params: options were written to control, "key=value" separated by
 *	commas or newlines. dev->lock held, not yet configured. 0 or -errno, and
 *	on error nothing has changed.
 * @execute_rw: read or write io->blocks at io->lba, and their protection
 *	information if there is io->prot_sg.
 * @flush: make everything written in the range durable.
 * @unmap: deallocate what can be deallocated of the range. With
 *	limits.unmap_zeroes all of it reads as zeros afterwards, the blocks that
 *	granularity or alignment keeps allocated, too.
 * @write_same: write the one block at io->sg to the whole range.
 * @copy: copy io->blocks from block @from of the same unit to io->lba; the two
 *	ranges do not overlap. Without it, data is read and written.
 * @lba_status: how is the block at @lba provisioned? Returns of how many blocks
 *	from there on, 1 to @blocks, the same is true, and sets @status. Process
 *	context, may sleep.
 * @space: how many blocks have space of their own, and how many more could get
 *	some? Any context. The backstore calls target_provision_changed() when the
 *	answer changes.
 * @prot_format: the backstore keeps 8 bytes of protection information beside each
 *	block while dev_attrib.pi_prot_type is not 0: let all of them be FFh. They
 *	are FFh before they are first written, and again after the block has been
 *	unmapped, or written without any, by execute_rw, write_same or copy. Process
 *	context, may sleep; no transfer is in progress. 0 or -errno. NULL: it can't.
 * @read_limits: optional; what does the medium say of itself now? Called once a second from
 *	@configure to @unconfigure, dev->lock held, with @limits as they were: fill in all of
 *	them. What has changed is the unit's from then on, as by
 *	target_dev_limits_changed_locked(). May sleep. 0; -EOPNOTSUPP to be asked no more, or
 *	another -errno if nothing is known this time.
 * @parse_cdb: with %TARGET_BACKEND_PASSTHROUGH: set cmd->execute, which is called in
 *	process context, under memalloc_noio_save(), and returns a reason, or
 *	%TCM_NO_SENSE once it has taken the command: then target_passthrough_done()
 *	or target_complete_cmd_with_sense() is called, in any context. With
 *	dev->hands_over it is also called with cmd->nowait and cmd->may_block set, as
 *	execute_rw is, and target_cmd_requeue() is its -EAGAIN. Any context.
 * @abort: optional; a task management function (enum tcm_tmreq_table) has marked commands,
 *	and waits, for a bounded time, until they have ended: those that
 *	target_cmd_aborted() tells may end now, with any status. Process context, may sleep.
 * @unlink: optional; a LUN goes, and whoever unlinks it waits until its commands have
 *	ended: it may be called twice, before and after the last command can come. Process
 *	context, may sleep.
 * @hba_mode: optional; hba_mode of an HBA without devices is to be another. Process
 *	context, may sleep. 0 or -errno, which the write returns.
 * @pr_device: optional; the block device whose own persistent reservations are the
 *	unit's while dev_attrib.pgr_support is 0. Any context. NULL for none.
 * @crypto_erase: with limits.crypto_erase, the blocks are kept encrypted: throw the key
 *	away and take another one, so that what they hold can never be read again.
 *	Protection information reads as FFh then. Process context, may sleep; no
 *	transfer is in progress. 0 or -errno.
 * @attrib_attrs: configfs attributes of attrib/, usually target_sbc_attribs
 * @action_attrs: optional; attributes of action/
 *
 * execute_rw, flush, unmap, write_same and copy return 0 when they have taken the
 * transfer: target_io_done() has been called or will be, in any context. With
 * io->nowait set they may be called in atomic context, must not sleep, and
 * return -EAGAIN, with nothing done, when they would have to; with io->may_block
 * as well they are called in process context, and must not wait for memory or for
 * other transfers, but may call what can sleep; without io->nowait they
 * are called in process context, under memalloc_noio_save(), and always return
 * 0. A NULL hook means unsupported and the commands that need it are neither
 * reported nor accepted.
 */
struct target_backend_ops {
	char		name[16];
	char		inquiry_prod[16];
	char		inquiry_rev[4];
	struct module	*owner;
	unsigned int	flags;

	int (*attach_hba)(struct se_hba *hba, u32 host_id);
	void (*detach_hba)(struct se_hba *hba);

	struct se_device *(*alloc)(struct se_hba *hba, const char *name);
	int (*configure)(struct se_device *dev);
	int (*announce)(struct se_device *dev);
	void (*unconfigure)(struct se_device *dev);
	void (*free)(struct se_device *dev);
	ssize_t (*show_info)(struct se_device *dev, char *page, size_t size);
	int (*set_params)(struct se_device *dev, const char *page, size_t count);

	int (*execute_rw)(struct target_io *io);
	int (*flush)(struct target_io *io);
	int (*unmap)(struct target_io *io);
	int (*write_same)(struct target_io *io);
	int (*copy)(struct target_io *io, u64 from);
	u32 (*lba_status)(struct se_device *dev, u64 lba, u32 blocks,
			  enum target_lba_status *status);
	void (*space)(struct se_device *dev, u64 *used, u64 *available);
	int (*prot_format)(struct se_device *dev);
	int (*read_limits)(struct se_device *dev, struct target_limits *limits);
	int (*crypto_erase)(struct se_device *dev);
	struct block_device *(*pr_device)(const struct se_device *dev);
	sense_reason_t (*parse_cdb)(struct se_cmd *cmd);
	void (*abort)(struct se_device *dev, u8 function);
	void (*unlink)(struct se_device *dev, struct se_lun *lun);
	int (*hba_mode)(struct se_hba *hba, bool on);

	struct configfs_attribute **attrib_attrs;
	struct configfs_attribute **action_attrs;
};

/**
 * transport_backend_register - make a backstore known
 * @ops: its operations; must stay until target_backend_unregister()
 *
 * Context: process, may sleep.
 * Return: 0, -EEXIST if the name is taken, -EINVAL if a hook that must be there
 * is not, -ENOMEM.
 */
int transport_backend_register(const struct target_backend_ops *ops);

/**
 * target_backend_unregister - undo transport_backend_register()
 * @ops: as registered
 *
 * The module reference that every HBA holds makes sure that none is left; on
 * return the free hook has run for every device.
 * Context: process, may sleep.
 */
void target_backend_unregister(const struct target_backend_ops *ops);

/**
 * target_io_done - a transfer has ended
 * @io: the transfer; the caller's no longer
 * @why: %TCM_NO_SENSE, or why it failed; with io->err_lba set for the reasons
 *	that carry a block address
 *
 * Context: any.
 */
static inline void target_io_done(struct target_io *io, sense_reason_t why)
{
	io->done(io, why);
}

/* What target_provision_changed() calls when someone wants to know. Context: any. */
void target_threshold_check(struct se_device *dev);

/**
 * target_provision_changed - blocks have got space, or lost it
 * @dev: the logical unit, with a space hook
 *
 * Initiators may have asked to be told when it gets short. Context: any.
 */
static inline void target_provision_changed(struct se_device *dev)
{
	if (unlikely(READ_ONCE(dev->thresholds.active)))
		target_threshold_check(dev);
}

/**
 * target_dev_resized - the medium has another capacity
 * @dev: the logical unit, configured
 * @blocks: blocks of dev->limits.block_size that there are now, as limits.blocks
 *
 * From here on commands are held against the new end, every nexus gets the unit
 * attention CAPACITY DATA HAS CHANGED, and fabrics are told. Nobody waits for what
 * runs: transfers beyond a lower end may still be asked for, and some may already be
 * under way. The backstore ends them, well or with an error, and no memory is harmed.
 * So what is added must be there before the call, and what goes may go after it.
 *
 * Without a change of the capacity nothing happens.
 *
 * Context: process, may sleep; takes dev->lock.
 * Return: 0; -ENODEV if it is not configured; -EINVAL if not even one block of
 * attrib/block_size is left: then the capacity stays as it is.
 */
int target_dev_resized(struct se_device *dev, u64 blocks);

/* The same with dev->lock held, for who has to decide and change under it. */
int target_dev_resized_locked(struct se_device *dev, u64 blocks);

/**
 * target_dev_limits_changed_locked - the medium has other limits
 * @dev: the logical unit; dev->lock held
 * @limits: all of its limits as they are now. The kind of medium is not looked at
 *
 * dev->limits takes them over, and so do the attributes that nobody has set to something
 * else. What initiators have read is told anew: every nexus gets the unit attention INQUIRY
 * DATA HAS CHANGED, MODE PARAMETERS CHANGED for the cache, or CAPACITY DATA HAS CHANGED for
 * capacity, physical blocks and alignment, and fabrics are told. Commands that run were held
 * against the old ones: the backstore must not rely on any.
 *
 * Blocks of another size are taken over if the unit's are whole ones of them. If not, and
 * with limits.whole_blocks, the unit begins anew when no LUN is linked; with a LUN, what
 * needs the medium is answered with MEDIUM FORMAT CORRUPTED, until it fits again.
 *
 * Context: process, may sleep.
 */
void target_dev_limits_changed_locked(struct se_device *dev, const struct target_limits *limits);

/**
 * target_io_sense - what an error of the block layer or the VFS means
 * @io: the transfer that failed, for its direction
 * @err: negative errno, or 0
 *
 * The one table of such errors. Context: any.
 * Return: the reason for target_io_done().
 */
sense_reason_t target_io_sense(const struct target_io *io, int err);

/**
 * target_cmd_requeue - run a command again, in process context
 * @cmd: with nothing done yet; the caller's no longer
 *
 * For an execute function that cannot go on with cmd->nowait, which this clears.
 * Context: any.
 */
void target_cmd_requeue(struct se_cmd *cmd);

/**
 * target_passthrough_done - a device has answered a pass-through command
 * @cmd: the command; the caller's no longer
 * @status: SAM status
 * @sense: sense data, if @status is CHECK CONDITION
 * @len: bytes of it
 * @residual: bytes of cmd->data_length that did not move
 *
 * The initiator gets it as it is. Context: any.
 */
void target_passthrough_done(struct se_cmd *cmd, u8 status, const void *sense, unsigned int len,
			     u32 residual);

/**
 * target_complete_cmd - a pass-through command has ended
 * @cmd: the command; the caller's no longer
 * @scsi_status: SAM status; sense, if any, is in cmd->sense_buffer already
 *
 * Context: any.
 */
void target_complete_cmd(struct se_cmd *cmd, u8 scsi_status);

/**
 * target_complete_cmd_with_sense - a command has ended with or without a reason
 * @cmd: the command; the caller's no longer
 * @scsi_status: SAM status, used when @reason is %TCM_NO_SENSE
 * @reason: why it failed
 *
 * Context: any.
 */
void target_complete_cmd_with_sense(struct se_cmd *cmd, u8 scsi_status, sense_reason_t reason);

/**
 * target_cmd_aborted - has a task management function taken a command?
 * @cmd: a command that the backstore has
 *
 * Context: any.
 * Return: true if nobody waits for its result.
 */
bool target_cmd_aborted(const struct se_cmd *cmd);

/*
 * configfs attributes of attrib/ for a backstore that emulates SBC: as many as
 * %TARGET_DEV_ATTRIB_COUNT, then NULL.
 */
extern struct configfs_attribute *target_sbc_attribs[];

/* Its capacity in bytes; 0 before it is configured. */
static inline u64 target_dev_capacity(const struct se_device *dev)
{
	return READ_ONCE(dev->limits.blocks) * dev->limits.block_size;
}

/* The few that mean something where a device answers for itself; then NULL. */
#define TARGET_PASSTHROUGH_ATTRIB_COUNT	9
extern struct configfs_attribute *target_passthrough_attribs[TARGET_PASSTHROUGH_ATTRIB_COUNT + 1];

/**
 * target_dev_configured - has enable been written?
 * @dev: the device
 *
 * Return: true from the successful configure hook to the device's end.
 */
static inline bool target_dev_configured(const struct se_device *dev)
{
	return READ_ONCE(dev->configured);
}

/**
 * target_text_is_one - what was written to a file that only takes yes
 * @page: what was written
 *
 * Context: any.
 * Return: 0 for "1" and its like, else -EINVAL.
 */
int target_text_is_one(const char *page);

/**
 * target_dev_unexported - may that change what initiators have read of it?
 * @dev: the device; dev->lock held
 *
 * What a backstore lets change after its configure hook, it changes only then: limits, too.
 * Return: true if no LUN is linked and nothing goes on in the background.
 */
static inline bool target_dev_unexported(const struct se_device *dev)
{
	lockdep_assert_held(&dev->lock);
	return !dev->export_count && !atomic_read(&dev->background);
}

#endif /* TARGET_CORE_BACKEND_H */
