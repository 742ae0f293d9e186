// SPDX-License-Identifier: GPL-2.0-only
/* Generic netlink by hand: the family TCM-USER, its events and their answers. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include "tcmu.h"

#define FAMILY		"TCM-USER"
#define GROUP		"config"
#define VERSION		2

#define BUFFER		8192

struct message {
	struct nlmsghdr		nl;
	struct genlmsghdr	genl;
	char			attrs[256];
};

static uint16_t family_id;

static void message_begin(struct message *msg, uint16_t type, uint8_t cmd, uint8_t version)
{
	memset(msg, 0, sizeof(*msg));
	msg->nl.nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN);
	msg->nl.nlmsg_type = type;
	msg->nl.nlmsg_flags = NLM_F_REQUEST;
	msg->genl.cmd = cmd;
	msg->genl.version = version;
}

static void message_put(struct message *msg, uint16_t type, const void *data, size_t len)
{
	struct nlattr *attr = (struct nlattr *)((char *)msg + msg->nl.nlmsg_len);

	attr->nla_type = type;
	attr->nla_len = NLA_HDRLEN + len;
	memcpy((char *)attr + NLA_HDRLEN, data, len);
	msg->nl.nlmsg_len += NLA_ALIGN(attr->nla_len);
}

static int message_send(int sock, const struct message *msg)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };

	return sendto(sock, msg, msg->nl.nlmsg_len, 0, (struct sockaddr *)&kernel,
		      sizeof(kernel)) < 0 ? -errno : 0;
}

/* Attributes from @at on, @len bytes: the one of a type, or NULL. */
static const struct nlattr *attr_find(const void *at, int len, uint16_t type)
{
	const struct nlattr *attr = at;

	while (len >= NLA_HDRLEN && attr->nla_len >= NLA_HDRLEN && attr->nla_len <= len) {
		if ((attr->nla_type & NLA_TYPE_MASK) == type)
			return attr;
		len -= NLA_ALIGN(attr->nla_len);
		attr = (const struct nlattr *)((const char *)attr + NLA_ALIGN(attr->nla_len));
	}
	return NULL;
}

static const void *attr_data(const struct nlattr *attr)
{
	return (const char *)attr + NLA_HDRLEN;
}

static uint32_t attr_u32(const struct nlattr *attr)
{
	uint32_t value;

	memcpy(&value, attr_data(attr), sizeof(value));
	return value;
}

static uint64_t attr_u64(const struct nlattr *attr)
{
	uint64_t value;

	memcpy(&value, attr_data(attr), sizeof(value));
	return value;
}

/* The groups are a list without types: each entry has a name and an id. */
static int group_find(const struct nlattr *groups, uint32_t *id)
{
	const struct nlattr *entry = attr_data(groups);
	int len = groups->nla_len - NLA_HDRLEN;

	while (len >= NLA_HDRLEN && entry->nla_len >= NLA_HDRLEN && entry->nla_len <= len) {
		int inner = entry->nla_len - NLA_HDRLEN;
		const struct nlattr *name = attr_find(attr_data(entry), inner,
						      CTRL_ATTR_MCAST_GRP_NAME);
		const struct nlattr *number = attr_find(attr_data(entry), inner,
							CTRL_ATTR_MCAST_GRP_ID);

		if (name && number && !strcmp(attr_data(name), GROUP)) {
			*id = attr_u32(number);
			return 0;
		}
		len -= NLA_ALIGN(entry->nla_len);
		entry = (const struct nlattr *)((const char *)entry + NLA_ALIGN(entry->nla_len));
	}
	return -ENOENT;
}

static int family_find(int sock, uint32_t *group)
{
	char buf[BUFFER];
	struct nlmsghdr *nl = (struct nlmsghdr *)buf;
	const struct nlattr *id, *groups;
	struct message msg;
	const void *attrs = buf + NLMSG_HDRLEN + GENL_HDRLEN;
	int len, err;

	message_begin(&msg, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 1);
	message_put(&msg, CTRL_ATTR_FAMILY_NAME, FAMILY, sizeof(FAMILY));
	err = message_send(sock, &msg);
	if (err)
		return err;
	len = recv(sock, buf, sizeof(buf), 0);
	if (len < 0)
		return -errno;
	if (nl->nlmsg_type == NLMSG_ERROR)
		return ((struct nlmsgerr *)NLMSG_DATA(nl))->error;
	len = nl->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN;
	id = attr_find(attrs, len, CTRL_ATTR_FAMILY_ID);
	groups = attr_find(attrs, len, CTRL_ATTR_MCAST_GROUPS);
	if (!id || !groups)
		return -EPROTO;
	memcpy(&family_id, attr_data(id), sizeof(family_id));
	return group_find(groups, group);
}

static int netlink_start(int sock)
{
	struct sockaddr_nl self = { .nl_family = AF_NETLINK };
	uint8_t one = 1;
	struct message msg;
	uint32_t group;
	int err;

	if (bind(sock, (struct sockaddr *)&self, sizeof(self)))
		return -errno;
	err = family_find(sock, &group);
	if (err)
		return err;
	if (setsockopt(sock, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)))
		return -errno;
	message_begin(&msg, family_id, TCMU_CMD_SET_FEATURES, VERSION);
	message_put(&msg, TCMU_ATTR_SUPP_KERN_CMD_REPLY, &one, sizeof(one));
	return message_send(sock, &msg);
}

int tcmu_netlink_open(void)
{
	int sock = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	int err;

	if (sock < 0)
		return -errno;
	err = netlink_start(sock);
	if (err) {
		close(sock);
		return err;
	}
	return sock;
}

int tcmu_netlink_read(int sock, struct tcmu_event *event)
{
	char buf[BUFFER];
	struct nlmsghdr *nl = (struct nlmsghdr *)buf;
	struct genlmsghdr *genl = NLMSG_DATA(nl);
	const void *attrs = buf + NLMSG_HDRLEN + GENL_HDRLEN;
	const struct nlattr *minor, *id, *size;
	int len = recv(sock, buf, sizeof(buf), 0);

	if (len < 0)
		return -errno;
	if (len < NLMSG_HDRLEN + GENL_HDRLEN || nl->nlmsg_type != family_id)
		return 0;
	len = nl->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN;
	minor = attr_find(attrs, len, TCMU_ATTR_MINOR);
	id = attr_find(attrs, len, TCMU_ATTR_DEVICE_ID);
	size = attr_find(attrs, len, TCMU_ATTR_DEV_SIZE);
	if (!minor || !id)
		return 0;
	event->cmd = genl->cmd;
	event->minor = attr_u32(minor);
	event->device_id = attr_u32(id);
	event->has_size = size;
	event->size = size ? attr_u64(size) : 0;
	return 1;
}

int tcmu_netlink_reply(int sock, const struct tcmu_event *event, int status)
{
	static const uint8_t done[] = {
		[TCMU_CMD_ADDED_DEVICE]		= TCMU_CMD_ADDED_DEVICE_DONE,
		[TCMU_CMD_REMOVED_DEVICE]	= TCMU_CMD_REMOVED_DEVICE_DONE,
		[TCMU_CMD_RECONFIG_DEVICE]	= TCMU_CMD_RECONFIG_DEVICE_DONE,
	};
	struct message msg;
	int32_t value = status;

	if (event->cmd >= sizeof(done) || !done[event->cmd])
		return -EINVAL;
	message_begin(&msg, family_id, done[event->cmd], VERSION);
	message_put(&msg, TCMU_ATTR_DEVICE_ID, &event->device_id, sizeof(event->device_id));
	message_put(&msg, TCMU_ATTR_CMD_STATUS, &value, sizeof(value));
	return message_send(sock, &msg);
}
