// SPDX-License-Identifier: GPL-2.0-only
/* PERSISTENT RESERVE OUT (SPC-6 6.16). */
#include <linux/slab.h>
#include "cdb.h"
#include "cmd.h"
#include "pr.h"
#include "pr_pass.h"
#include "reserve.h"
#include "sense.h"

#define PR_LIST_LEN		24	/* of a basic parameter list, and of a move's without ID */
#define PR_LIST_MAX		65536
#define PR_LIST_FLAGS		20	/* byte */
#define PR_SPEC_I_PT		0x08
#define PR_ALL_TG_PT		0x04
#define PR_APTPL		0x01
#define PR_IDS_LEN		24	/* byte of TRANSPORTID PARAMETER DATA LENGTH */
#define PR_IDS			28
#define PR_MOVE_FLAGS		17	/* byte */
#define PR_MOVE_UNREG		0x02
#define PR_MOVE_RTPI		18
#define PR_MOVE_ID_LEN		20
#define PR_MOVE_ID		24
#define PR_TYPE(byte)		((byte) & 0x0f)
#define PR_SCOPE(byte)		((byte) >> 4)

/* --- the parameter list ------------------------------------------------------------------ */

static sense_reason_t pr_fail_list(struct target_pr_change *change, u32 byte, u8 bit)
{
	change->in_cdb = false;
	change->byte = min_t(u32, byte, U16_MAX);
	change->bit = bit;
	return TCM_INVALID_PARAMETER_LIST;
}

static bool pr_rq_has(const struct target_pr_request *rq, const struct target_pr_nexus *nexus)
{
	u32 i;

	if (rq->self && target_pr_nexus_same(rq->self, nexus))
		return true;
	for (i = 0; i < rq->count; i++)
		if (target_pr_nexus_same(rq->others[i], nexus))
			return true;
	return false;
}

/* One nexus more, unless it is one already. */
static sense_reason_t pr_rq_add(struct target_pr_request *rq, u32 room,
				const struct target_initiator *initiator,
				const struct target_pr_port *port)
{
	struct target_pr_nexus *nexus;

	if (rq->count == room)
		return TCM_INSUFFICIENT_REGISTRATION_RESOURCES;
	nexus = target_pr_nexus_alloc(initiator, port, port->lun);
	if (!nexus)
		return TCM_OUT_OF_RESOURCES;
	if (rq->action != TARGET_PR_REGISTER_MOVE && pr_rq_has(rq, nexus))
		target_pr_nexus_put(nexus);
	else
		rq->others[rq->count++] = nexus;
	return TCM_NO_SENSE;
}

/* An initiator at the port of the command, or at all ports that speak its protocol. */
static sense_reason_t pr_rq_add_initiator(struct target_pr_request *rq, u32 room,
					  const struct target_initiator *initiator,
					  const struct target_pr_ports *ports)
{
	sense_reason_t why = TCM_NO_SENSE;
	u32 i;

	if (!rq->all_ports)
		return pr_rq_add(rq, room, initiator, &rq->self->port);
	for (i = 0; i < ports->count && !why; i++)
		if (ports->port[i].protocol == initiator->protocol)
			why = pr_rq_add(rq, room, initiator, &ports->port[i]);
	return why;
}

static bool pr_rq_alloc(struct target_pr_request *rq, u32 room)
{
	rq->others = kvcalloc(max(room, 1U), sizeof(*rq->others), GFP_KERNEL);
	return rq->others;
}

/* SPC-6 6.16.3: the TransportIDs behind the list. */
static sense_reason_t pr_parse_ids(const u8 *list, u32 len, const struct target_pr_ports *ports,
				   struct target_pr_request *rq, u32 room,
				   struct target_pr_change *change)
{
	u32 at = PR_IDS, end, one, wrong;

	if (len < PR_IDS)
		return TCM_PARAMETER_LIST_LENGTH_ERROR;
	end = get_unaligned_be32(list + PR_IDS_LEN);
	if (end > len - PR_IDS)
		return pr_fail_list(change, PR_IDS_LEN, 7);
	for (end += PR_IDS; at < end; at += one) {
		struct target_initiator initiator;
		sense_reason_t why;

		one = target_transport_id_parse(list + at, end - at, &initiator, &wrong);
		if (!one)
			return end - at < PR_LIST_LEN ? pr_fail_list(change, PR_IDS_LEN, 7) :
							pr_fail_list(change, at + wrong, 7);
		if (initiator.protocol != rq->self->port.protocol)
			return pr_fail_list(change, at, 3);
		why = pr_rq_add_initiator(rq, room, &initiator, ports);
		if (why)
			return why;
	}
	return TCM_NO_SENSE;
}

/* How many nexuses a list can name. */
static u32 pr_room(u32 len, const struct target_pr_request *rq, const struct target_pr_ports *ports)
{
	u32 initiators = 1 + (rq->named ? len / PR_LIST_LEN : 0);

	return min_t(u64, (u64)initiators * max(ports->count, 1U), TARGET_PR_MAX);
}

static sense_reason_t pr_parse_register(const u8 *list, u32 len,
					const struct target_pr_ports *ports,
					struct target_pr_request *rq,
					struct target_pr_change *change)
{
	u32 room = pr_room(len, rq, ports);
	sense_reason_t why = TCM_NO_SENSE;

	if (!pr_rq_alloc(rq, room))
		return TCM_OUT_OF_RESOURCES;
	if (rq->all_ports)
		why = pr_rq_add_initiator(rq, room, &rq->self->initiator, ports);
	if (!why && rq->named && rq->action == TARGET_PR_REGISTER)
		why = pr_parse_ids(list, len, ports, rq, room, change);
	return why;
}

static sense_reason_t pr_parse_basic(const u8 *list, u32 len, const struct target_pr_ports *ports,
				     struct target_pr_request *rq,
				     struct target_pr_change *change)
{
	bool registers = rq->action == TARGET_PR_REGISTER ||
			 rq->action == TARGET_PR_REGISTER_IGNORE;

	rq->named = registers && list[PR_LIST_FLAGS] & PR_SPEC_I_PT;
	rq->all_ports = registers && list[PR_LIST_FLAGS] & PR_ALL_TG_PT;
	rq->aptpl = (registers || rq->action == TARGET_PR_REPLACE_LOST) &&
		    list[PR_LIST_FLAGS] & PR_APTPL;
	if (!registers && list[PR_LIST_FLAGS] & PR_SPEC_I_PT)
		return pr_fail_list(change, PR_LIST_FLAGS, 3);
	/* Nothing but the list, unless there are initiators behind it. */
	if (len != PR_LIST_LEN && !rq->named)
		return TCM_PARAMETER_LIST_LENGTH_ERROR;
	return registers ? pr_parse_register(list, len, ports, rq, change) : TCM_NO_SENSE;
}

static const struct target_pr_port *pr_port_of_rtpi(const struct target_pr_ports *ports, u16 rtpi)
{
	u32 i;

	for (i = 0; i < ports->count; i++)
		if (ports->port[i].rtpi == rtpi)
			return &ports->port[i];
	return NULL;
}

/* SPC-6 6.16.4 */
static sense_reason_t pr_parse_move(const u8 *list, u32 len, const struct target_pr_ports *ports,
				    struct target_pr_request *rq, struct target_pr_change *change)
{
	u32 id_len = get_unaligned_be32(list + PR_MOVE_ID_LEN), wrong;
	const struct target_pr_port *port;
	struct target_initiator initiator;

	rq->unregister = list[PR_MOVE_FLAGS] & PR_MOVE_UNREG;
	rq->aptpl = list[PR_MOVE_FLAGS] & PR_APTPL;
	if (id_len > len - PR_MOVE_ID)
		return TCM_PARAMETER_LIST_LENGTH_ERROR;
	port = pr_port_of_rtpi(ports, get_unaligned_be16(list + PR_MOVE_RTPI));
	if (!port)
		return pr_fail_list(change, PR_MOVE_RTPI, 7);
	if (id_len < PR_LIST_LEN)
		return pr_fail_list(change, PR_MOVE_ID_LEN, 7);
	if (!target_transport_id_parse(list + PR_MOVE_ID, id_len, &initiator, &wrong))
		return pr_fail_list(change, PR_MOVE_ID + wrong, 7);
	if (initiator.protocol != port->protocol)
		return pr_fail_list(change, PR_MOVE_ID, 3);
	if (!pr_rq_alloc(rq, 1))
		return TCM_OUT_OF_RESOURCES;
	return pr_rq_add(rq, 1, &initiator, port);
}

sense_reason_t target_pr_parse_list(const u8 *list, u32 len, const struct target_pr_ports *ports,
				    struct target_pr_request *rq,
				    struct target_pr_change *change)
{
	if (len < PR_LIST_LEN)
		return TCM_PARAMETER_LIST_LENGTH_ERROR;
	rq->key = get_unaligned_be64(list);
	rq->new_key = get_unaligned_be64(list + 8);
	if (rq->action == TARGET_PR_REGISTER_MOVE)
		return pr_parse_move(list, len, ports, rq, change);
	return pr_parse_basic(list, len, ports, rq, change);
}

void target_pr_request_end(struct target_pr_request *rq)
{
	u32 i;

	for (i = 0; i < rq->count; i++)
		target_pr_nexus_put(rq->others[i]);
	kvfree(rq->others);
	rq->others = NULL;
	rq->count = 0;
}

/* --- the command ------------------------------------------------------------------------- */

bool target_pr_supported(const struct se_device *dev)
{
	return !dev || (dev->dev_attrib.emulate_pr && dev->dev_attrib.pgr_support);
}

bool target_pr_change_supported(const struct se_device *dev)
{
	return target_pr_supported(dev) || target_pr_pass_on(dev);
}

bool target_pr_read_supported(const struct se_device *dev)
{
	return target_pr_supported(dev) || target_pr_pass_reads(dev);
}

sense_reason_t target_pr_parse_out(struct se_cmd *cmd)
{
	u32 len = target_cdb_get(cmd->t_task_cdb, cmd->op->alloc);

	if (len < PR_LIST_LEN || len > PR_LIST_MAX)
		return TCM_PARAMETER_LIST_LENGTH_ERROR;
	return TCM_NO_SENSE;
}

static sense_reason_t pr_fail(struct se_cmd *cmd, const struct target_pr_change *change,
			      sense_reason_t why)
{
	if (why == TCM_INVALID_CDB_FIELD)
		return target_fail_cdb_field(cmd, change->byte, change->bit);
	if (why == TCM_INVALID_PARAMETER_LIST)
		return target_fail_param_field(cmd, change->byte, change->bit);
	return why;
}

/* The unit's file would not be there, or it always is. */
static sense_reason_t pr_check_aptpl(struct se_cmd *cmd, struct target_pr_request *rq,
				     struct target_pr_change *change)
{
	struct se_device *dev = cmd->se_dev;
	bool move = rq->action == TARGET_PR_REGISTER_MOVE;

	if (target_pr_saves(dev)) {
		rq->aptpl |= dev->dev_attrib.force_pr_aptpl;
		return TCM_NO_SENSE;
	}
	return rq->aptpl ? pr_fail_list(change, move ? PR_MOVE_FLAGS : PR_LIST_FLAGS, 0) :
			   TCM_NO_SENSE;
}

static sense_reason_t pr_run(struct se_cmd *cmd, const u8 *list, u32 len,
			     const struct target_pr_ports *ports, struct target_pr_request *rq)
{
	struct target_pr_change change = { };
	sense_reason_t why = target_pr_parse_list(list, len, ports, rq, &change);

	why = why ?: pr_check_aptpl(cmd, rq, &change);
	why = why ?: target_reservations_change(cmd, rq, &change);
	return why ? pr_fail(cmd, &change, why) : TCM_NO_SENSE;
}

static sense_reason_t pr_out(struct se_cmd *cmd)
{
	u8 options = cmd->t_task_cdb[2];
	struct target_pr_request rq = {
		.action = target_cdb_service_action(cmd->t_task_cdb),
		.type = PR_TYPE(options),
		.scope = PR_SCOPE(options),
		.self = cmd->itl->pr_nexus,
	};
	struct target_pr_ports *ports = target_pr_ports_alloc(cmd->se_dev);
	u8 *list = kvmalloc(max(cmd->data_length, 1U), GFP_KERNEL);
	sense_reason_t why = TCM_OUT_OF_RESOURCES;

	if (ports && list) {
		u32 len = target_cmd_get_params(cmd, list, cmd->data_length);

		why = pr_run(cmd, list, len, ports, &rq);
	}
	target_pr_request_end(&rq);
	kvfree(ports);
	kvfree(list);
	return why;
}

sense_reason_t target_pr_out(struct se_cmd *cmd)
{
	if (unlikely(!cmd->se_dev->dev_attrib.pgr_support))
		return target_pr_pass(cmd);
	return pr_out(cmd);
}
