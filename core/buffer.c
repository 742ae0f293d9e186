// SPDX-License-Identifier: GPL-2.0-only
/*
 * READ BUFFER and WRITE BUFFER (SPC-6 6.19, 6.57).
 *
 * Buffer 00h of the unit is written and read in data mode, by anyone.  An echo
 * buffer is the nexus' own: what it reads is what it wrote last.
 */
#include <linux/sizes.h>
#include <linux/slab.h>
#include "buffer.h"
#include "cdb.h"
#include "cmd.h"
#include "itl.h"
#include "sense.h"
#include "spc.h"

#define BUFFER_CAPACITY		SZ_64K
#define BUFFER_ECHO_CAPACITY	4096	/* the most that its descriptor can tell is 8191 */
#define BUFFER_DESCRIPTOR_LEN	4
#define BUFFER_EBOS		0x01	/* byte 0 of the echo buffer descriptor */

/* MODE, byte 1 bits 4-0 */
enum buffer_mode {
	BUFFER_DATA		= 0x02,
	BUFFER_DESCRIPTOR	= 0x03,
	BUFFER_ECHO		= 0x0a,
	BUFFER_ECHO_DESCRIPTOR	= 0x0b,
};

/* What a nexus wrote. */
struct target_echo {
	u32	len;
	u8	data[];
};

static enum buffer_mode buffer_mode(const u8 *cdb)
{
	return cdb[1] & 0x1f;
}

static enum buffer_mode buffer_mode_of(const struct se_cmd *cmd)
{
	return buffer_mode(cmd->t_task_cdb);
}

bool target_buffer_is_echo(const u8 *cdb)
{
	return buffer_mode(cdb) == BUFFER_ECHO || buffer_mode(cdb) == BUFFER_ECHO_DESCRIPTOR;
}

static u32 buffer_offset(const struct se_cmd *cmd)
{
	return get_unaligned_be24(cmd->t_task_cdb + 3);
}

static sense_reason_t buffer_check_offset(struct se_cmd *cmd)
{
	if (cmd->t_task_cdb[2])
		return target_fail_cdb_field(cmd, 2, 7);
	if (buffer_offset(cmd) > BUFFER_CAPACITY)
		return target_fail_cdb_field(cmd, 3, 7);
	return TCM_NO_SENSE;
}

sense_reason_t target_buffer_parse_read(struct se_cmd *cmd)
{
	switch (buffer_mode_of(cmd)) {
	case BUFFER_DATA:
		return buffer_check_offset(cmd);
	case BUFFER_DESCRIPTOR:
	case BUFFER_ECHO:
	case BUFFER_ECHO_DESCRIPTOR:
		return TCM_NO_SENSE;
	default:
		return target_fail_cdb_field(cmd, 1, 4);
	}
}

/* What was never written is zeros. */
static void buffer_build_data(struct se_cmd *cmd, struct target_buf *b)
{
	u32 offset = buffer_offset(cmd), len = BUFFER_CAPACITY - offset;
	struct se_device *dev = cmd->se_dev;

	guard(mutex)(&dev->lock);
	if (dev->buffer)
		target_buf_put(b, dev->buffer + offset, len);
	else
		target_buf_zero(b, len);
}

/* OFFSET BOUNDARY 0 is any byte; a buffer that is not there has no capacity. */
static void buffer_build_descriptor(struct se_cmd *cmd, struct target_buf *b)
{
	target_buf_be32(b, cmd->t_task_cdb[2] ? 0 : BUFFER_CAPACITY);
}

static void buffer_build_echo_descriptor(struct se_cmd *cmd, struct target_buf *b)
{
	target_buf_u8(b, BUFFER_EBOS);
	target_buf_u8(b, 0);
	target_buf_be16(b, BUFFER_ECHO_CAPACITY);
}

/* A buffer that the initiator reads no more of than it asks for is no larger. */
static u32 buffer_size(const struct se_cmd *cmd, u32 max)
{
	return clamp_t(u64, target_cdb_get(cmd->t_task_cdb, cmd->op->alloc), 1, max);
}

/* The echo of this nexus, copied, since the next write replaces it. */
static struct target_echo *buffer_get_echo(struct se_cmd *cmd, sense_reason_t *why)
{
	struct target_echo *echo;

	guard(mutex)(&cmd->se_dev->lock);
	if (!cmd->itl->echo) {
		*why = TCM_COMMAND_SEQUENCE_ERROR;
		return NULL;
	}
	echo = kmemdup(cmd->itl->echo, struct_size(echo, data, cmd->itl->echo->len), GFP_KERNEL);
	if (!echo)
		*why = TCM_OUT_OF_RESOURCES;
	return echo;
}

static sense_reason_t buffer_read_echo(struct se_cmd *cmd)
{
	sense_reason_t why = TCM_NO_SENSE;
	struct target_echo *echo = buffer_get_echo(cmd, &why);
	struct target_buf b;

	if (!echo)
		return why;
	target_buf_init(&b, echo->data, echo->len);
	b.len = echo->len;
	target_cmd_done_data(cmd, &b);
	kfree(echo);
	return TCM_NO_SENSE;
}

/* SPC-6 6.19 */
sense_reason_t target_buffer_read(struct se_cmd *cmd)
{
	switch (buffer_mode_of(cmd)) {
	case BUFFER_DATA:
		return target_spc_reply(cmd, buffer_size(cmd, BUFFER_CAPACITY), buffer_build_data);
	case BUFFER_DESCRIPTOR:
		return target_spc_reply(cmd, BUFFER_DESCRIPTOR_LEN, buffer_build_descriptor);
	case BUFFER_ECHO:
		return buffer_read_echo(cmd);
	default:
		return target_spc_reply(cmd, BUFFER_DESCRIPTOR_LEN, buffer_build_echo_descriptor);
	}
}

sense_reason_t target_buffer_parse_write(struct se_cmd *cmd)
{
	u32 len = target_cdb_get(cmd->t_task_cdb, cmd->op->alloc), max;
	sense_reason_t why;

	switch (buffer_mode_of(cmd)) {
	case BUFFER_DATA:
		why = buffer_check_offset(cmd);
		if (why)
			return why;
		max = BUFFER_CAPACITY - buffer_offset(cmd);
		break;
	case BUFFER_ECHO:
		max = BUFFER_ECHO_CAPACITY;
		break;
	default:
		return target_fail_cdb_field(cmd, 1, 4);
	}
	return len > max ? target_fail_cdb_field(cmd, cmd->op->alloc.off, 7) : TCM_NO_SENSE;
}

static sense_reason_t buffer_write_data(struct se_cmd *cmd)
{
	struct se_device *dev = cmd->se_dev;

	guard(mutex)(&dev->lock);
	if (!dev->buffer)
		dev->buffer = kvzalloc(BUFFER_CAPACITY, GFP_KERNEL);
	if (!dev->buffer)
		return TCM_OUT_OF_RESOURCES;
	target_cmd_get_params(cmd, dev->buffer + buffer_offset(cmd), cmd->data_length);
	return TCM_NO_SENSE;
}

static sense_reason_t buffer_write_echo(struct se_cmd *cmd)
{
	struct target_echo *echo = kmalloc(struct_size(echo, data, cmd->data_length), GFP_KERNEL);

	if (!echo)
		return TCM_OUT_OF_RESOURCES;
	echo->len = cmd->data_length;
	target_cmd_get_params(cmd, echo->data, echo->len);
	scoped_guard(mutex, &cmd->se_dev->lock)
		swap(cmd->itl->echo, echo);
	kfree(echo);
	return TCM_NO_SENSE;
}

/* SPC-6 6.57; without data nothing is written */
sense_reason_t target_buffer_write(struct se_cmd *cmd)
{
	sense_reason_t why = TCM_NO_SENSE;

	if (cmd->data_length)
		why = buffer_mode_of(cmd) == BUFFER_DATA ? buffer_write_data(cmd) :
							   buffer_write_echo(cmd);
	if (!why)
		target_cmd_done(cmd, TCM_NO_SENSE);
	return why;
}

void target_buffer_free(struct se_device *dev)
{
	kvfree(dev->buffer);
}
