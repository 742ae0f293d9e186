// SPDX-License-Identifier: GPL-2.0-only
/*
 * Generic netlink: daemons hear of units that come, change and go (linux/target_core_user.h).
 *
 * A daemon that said so answers each event, and what it was about waits for the answer: for
 * as long as attrib/nl_time_out says, and no longer.
 */
#include <linux/jiffies.h>
#include <linux/kstrtox.h>
#include <linux/moduleparam.h>
#include <net/genetlink.h>
#include "user.h"

static bool user_nl_replies;	/* daemons answer, unless nl_reply_supported says otherwise */
static bool user_nl_blocked;	/* block_netlink */

static struct genl_family user_family;

/* --- answers ------------------------------------------------------------------------------ */

int user_wait_answer(struct user_wait *wait, u8 cmd, int status)
{
	guard(spinlock)(&wait->lock);
	if (!wait->cmd || wait->cmd != cmd)
		return -EINVAL;
	wait->cmd = 0;
	wait->status = status;
	complete(&wait->done);
	return 0;
}

static int wait_begin(struct user_wait *wait, u8 cmd)
{
	guard(spinlock)(&wait->lock);
	if (READ_ONCE(user_nl_blocked))
		return -EAGAIN;
	wait->cmd = cmd;
	wait->status = 0;
	reinit_completion(&wait->done);
	return 0;
}

static void wait_end(struct user_wait *wait)
{
	guard(spinlock)(&wait->lock);
	wait->cmd = 0;
}

/* The time limit ends it, or a signal that kills. */
static int wait_for_answer(struct user_device *user)
{
	struct user_wait *wait = &user->wait;
	long left = wait_for_completion_killable_timeout(&wait->done,
							 READ_ONCE(user->nl_time_out) * HZ);

	wait_end(wait);
	/* It may have come at the last moment. */
	if (left > 0 || try_wait_for_completion(&wait->done))
		return wait->status;
	return left ? -EINTR : -ETIMEDOUT;
}

/* All who wait are told that it was to no avail. */
static void user_netlink_cancel(void)
{
	struct user_device *user;
	unsigned long id = 0;

	for (user = user_next(&id); user; user = user_next(&id)) {
		user_wait_answer(&user->wait, READ_ONCE(user->wait.cmd), -EINTR);
		user_put(user);
	}
}

static int answer_done(struct genl_info *info, u8 cmd)
{
	struct user_device *user;
	int err;

	if (!info->attrs[TCMU_ATTR_CMD_STATUS] || !info->attrs[TCMU_ATTR_DEVICE_ID])
		return -EINVAL;
	user = user_get(nla_get_u32(info->attrs[TCMU_ATTR_DEVICE_ID]));
	if (!user)
		return -ENODEV;
	err = user_wait_answer(&user->wait, cmd,
			       clamp(nla_get_s32(info->attrs[TCMU_ATTR_CMD_STATUS]),
				     -MAX_ERRNO, 0));
	user_put(user);
	return err;
}

static int answer_added(struct sk_buff *skb, struct genl_info *info)
{
	return answer_done(info, TCMU_CMD_ADDED_DEVICE);
}

static int answer_removed(struct sk_buff *skb, struct genl_info *info)
{
	return answer_done(info, TCMU_CMD_REMOVED_DEVICE);
}

static int answer_reconfig(struct sk_buff *skb, struct genl_info *info)
{
	return answer_done(info, TCMU_CMD_RECONFIG_DEVICE);
}

static int set_features(struct sk_buff *skb, struct genl_info *info)
{
	if (info->attrs[TCMU_ATTR_SUPP_KERN_CMD_REPLY])
		WRITE_ONCE(user_nl_replies,
			   nla_get_u8(info->attrs[TCMU_ATTR_SUPP_KERN_CMD_REPLY]));
	return 0;
}

/* --- the family --------------------------------------------------------------------------- */

static const struct nla_policy user_policy[TCMU_ATTR_MAX + 1] = {
	[TCMU_ATTR_DEVICE]		= { .type = NLA_STRING },
	[TCMU_ATTR_MINOR]		= { .type = NLA_U32 },
	[TCMU_ATTR_CMD_STATUS]		= { .type = NLA_S32 },
	[TCMU_ATTR_DEVICE_ID]		= { .type = NLA_U32 },
	[TCMU_ATTR_SUPP_KERN_CMD_REPLY]	= { .type = NLA_U8 },
};

#define USER_NL_OP(cmd_, doit_) {						\
	.cmd		= (cmd_),						\
	.validate	= GENL_DONT_VALIDATE_STRICT | GENL_DONT_VALIDATE_DUMP,	\
	.flags		= GENL_ADMIN_PERM,					\
	.doit		= (doit_),						\
}

static const struct genl_small_ops user_nl_ops[] = {
	USER_NL_OP(TCMU_CMD_SET_FEATURES, set_features),
	USER_NL_OP(TCMU_CMD_ADDED_DEVICE_DONE, answer_added),
	USER_NL_OP(TCMU_CMD_REMOVED_DEVICE_DONE, answer_removed),
	USER_NL_OP(TCMU_CMD_RECONFIG_DEVICE_DONE, answer_reconfig),
};

static const struct genl_multicast_group user_nl_groups[] = {
	{ .name = "config" },
};

static struct genl_family user_family __ro_after_init = {
	.name		= "TCM-USER",
	.version	= 2,
	.maxattr	= TCMU_ATTR_MAX,
	.policy		= user_policy,
	.netnsok	= true,
	.module		= THIS_MODULE,
	.small_ops	= user_nl_ops,
	.n_small_ops	= ARRAY_SIZE(user_nl_ops),
	/* Daemons are older than strict messages. */
	.resv_start_op	= TCMU_CMD_SET_FEATURES + 1,
	.mcgrps		= user_nl_groups,
	.n_mcgrps	= ARRAY_SIZE(user_nl_groups),
};

/* --- events ------------------------------------------------------------------------------- */

/* Of an event that only says which unit it is about. */
static const struct user_change no_change = { .attr = TCMU_ATTR_UNSPEC };

static int event_fill(struct sk_buff *skb, const struct user_change *change)
{
	switch (change->attr) {
	case TCMU_ATTR_DEV_CFG:
		return nla_put_string(skb, change->attr, change->config);
	case TCMU_ATTR_DEV_SIZE:
		return nla_put_u64_64bit(skb, change->attr, change->number, TCMU_ATTR_PAD);
	case TCMU_ATTR_WRITECACHE:
		return nla_put_u8(skb, change->attr, change->number);
	default:
		return 0;
	}
}

static struct sk_buff *event_make(const struct user_device *user, u8 cmd,
				  const struct user_change *change)
{
	struct sk_buff *skb = genlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);
	void *header;

	if (!skb)
		return NULL;
	header = genlmsg_put(skb, 0, 0, &user_family, 0, cmd);
	if (!header || nla_put_string(skb, TCMU_ATTR_DEVICE, user->name) ||
	    nla_put_u32(skb, TCMU_ATTR_MINOR, user->info.uio_dev->minor) ||
	    nla_put_u32(skb, TCMU_ATTR_DEVICE_ID, user->id) || event_fill(skb, change)) {
		nlmsg_free(skb);
		return NULL;
	}
	genlmsg_end(skb, header);
	return skb;
}

/* Is there anyone who will answer, and may be waited for? */
static bool event_is_answered(const struct user_device *user)
{
	s32 reply = READ_ONCE(user->options.nl_reply);

	if (!READ_ONCE(user->nl_time_out))
		return false;
	return reply ? reply > 0 : READ_ONCE(user_nl_replies);
}

static int event_send(struct user_device *user, u8 cmd, const struct user_change *change)
{
	struct sk_buff *skb = event_make(user, cmd, change);

	return skb ? genlmsg_multicast_allns(&user_family, skb, 0, 0) : -ENOMEM;
}

static int event_tell(struct user_device *user, u8 cmd, const struct user_change *change)
{
	bool answered = event_is_answered(user);
	int err = 0;

	if (answered)
		err = wait_begin(&user->wait, cmd);
	if (err)
		return err;
	err = event_send(user, cmd, change);
	if (!err && answered)
		return wait_for_answer(user);
	if (answered)
		wait_end(&user->wait);
	/* That nobody listens is no error; nobody will answer either. */
	return err == -ESRCH ? 0 : err;
}

int user_netlink_added(struct user_device *user)
{
	return event_tell(user, TCMU_CMD_ADDED_DEVICE, &no_change);
}

int user_netlink_removed(struct user_device *user)
{
	return event_tell(user, TCMU_CMD_REMOVED_DEVICE, &no_change);
}

void user_netlink_withdrawn(struct user_device *user)
{
	event_send(user, TCMU_CMD_REMOVED_DEVICE, &no_change);
}

int user_netlink_change(struct user_device *user, const struct user_change *change)
{
	return event_tell(user, TCMU_CMD_RECONFIG_DEVICE, change);
}

/* --- parameters of the module --------------------------------------------------------------- */

static int block_netlink_get(char *buffer, const struct kernel_param *param)
{
	return sysfs_emit(buffer, "%s\n", READ_ONCE(user_nl_blocked) ? "blocked" : "unblocked");
}

static int block_netlink_set(const char *text, const struct kernel_param *param)
{
	bool on;
	int err = kstrtobool(text, &on);

	if (!err)
		WRITE_ONCE(user_nl_blocked, on);
	return err;
}

static const struct kernel_param_ops block_netlink_ops = {
	.get	= block_netlink_get,
	.set	= block_netlink_set,
};

module_param_cb(block_netlink, &block_netlink_ops, NULL, 0644);
MODULE_PARM_DESC(block_netlink, "1: events that want an answer fail at once");

/* Who waits while netlink is blocked is sent away. */
static int reset_netlink_set(const char *text, const struct kernel_param *param)
{
	bool on;
	int err = kstrtobool(text, &on);

	if (err)
		return err;
	if (!on || !READ_ONCE(user_nl_blocked))
		return -EINVAL;
	user_netlink_cancel();
	return 0;
}

static const struct kernel_param_ops reset_netlink_ops = {
	.set	= reset_netlink_set,
};

module_param_cb(reset_netlink, &reset_netlink_ops, NULL, 0200);
MODULE_PARM_DESC(reset_netlink, "1: events that wait for an answer, while blocked, fail");

int user_netlink_init(void)
{
	return genl_register_family(&user_family);
}

void user_netlink_exit(void)
{
	genl_unregister_family(&user_family);
}
