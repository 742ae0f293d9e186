// SPDX-License-Identifier: GPL-2.0-only
/* PERSISTENT RESERVE IN (SPC-6 6.15). */
#include "cmd.h"
#include "pr.h"
#include "pr_pass.h"
#include "reserve.h"
#include "spc.h"

#define PR_CAPABILITIES_LEN	8
#define PR_RLR_C		0x80	/* byte 2 */
#define PR_CRH			0x10
#define PR_SIP_C		0x08
#define PR_ATP_C		0x04
#define PR_PTPL_C		0x01
#define PR_TMV			0x80	/* byte 3 */
#define PR_ALLOW_READS		0x30	/* ALLOW COMMANDS: see TARGET_ACCESS_READ */
#define PR_PTPL_A		0x01
#define PR_TYPE_MASK		0xea01	/* all six */
#define PR_RESERVATION_LEN	16
#define PR_STATUS_ALL_TG_PT	0x02	/* byte 12 of a full status descriptor */
#define PR_STATUS_HOLDER	0x01
#define PR_LENGTH_AT		4	/* ADDITIONAL LENGTH */
#define PR_HEADER_LEN		8
#define PR_REPLY_MAX		65535	/* ALLOCATION LENGTH has two bytes */

static void pr_build_header(struct target_buf *b, const struct target_pr_state *state)
{
	target_buf_be32(b, state ? state->generation : 0);
	target_buf_be32(b, 0);
}

static void pr_close(struct target_buf *b)
{
	target_buf_set_be32(b, PR_LENGTH_AT, b->len - PR_HEADER_LEN);
}

/* SPC-6 6.15.2 */
void target_pr_build_keys(struct target_buf *b, const struct target_pr_state *state)
{
	u32 i;

	pr_build_header(b, state);
	for (i = 0; state && i < state->count; i++)
		target_buf_be64(b, state->reg[i].key);
	pr_close(b);
}

/* SPC-6 6.15.3; what all registrants hold has no key. */
void target_pr_build_reservation(struct target_buf *b, const struct target_pr_state *state)
{
	pr_build_header(b, state);
	if (!state || !state->type)
		return;
	target_buf_be64(b, target_pr_type_is_all(state->type) ? 0 :
			   state->reg[state->holder].key);
	target_buf_zero(b, 5);
	target_buf_u8(b, state->type);
	target_buf_zero(b, 2);
	pr_close(b);
}

/* SPC-6 6.15.4 */
void target_pr_build_capabilities(struct target_buf *b, bool saves, bool aptpl, bool replaces)
{
	target_buf_be16(b, PR_CAPABILITIES_LEN);
	target_buf_u8(b, PR_CRH | PR_SIP_C | PR_ATP_C | (saves ? PR_PTPL_C : 0) |
			 (replaces ? PR_RLR_C : 0));
	target_buf_u8(b, PR_TMV | PR_ALLOW_READS | (aptpl ? PR_PTPL_A : 0));
	target_buf_be16(b, PR_TYPE_MASK);
	target_buf_zero(b, 2);
}

static void pr_build_status(struct target_buf *b, const struct target_pr_state *state, u32 reg,
			    const struct target_pr_ports *ports)
{
	const struct target_pr_reg *r = &state->reg[reg];
	const struct target_pr_port *port = target_pr_port_now(ports, &r->nexus->port);
	struct target_initiator initiator = r->nexus->initiator;
	bool holds = target_pr_holds(state, reg);
	u32 len_at;

	initiator.protocol = port->protocol;
	target_buf_be64(b, r->key);
	target_buf_zero(b, 4);
	target_buf_u8(b, (r->all_ports ? PR_STATUS_ALL_TG_PT : 0) |
			 (holds ? PR_STATUS_HOLDER : 0));
	target_buf_u8(b, holds ? state->type : 0);
	target_buf_zero(b, 4);
	target_buf_be16(b, port->rtpi);
	len_at = b->len;
	target_buf_be32(b, 0);
	target_transport_id_build(b, &initiator);
	target_buf_set_be32(b, len_at, b->len - len_at - 4);
}

/* SPC-6 6.15.5 */
void target_pr_build_full_status(struct target_buf *b, const struct target_pr_state *state,
				 const struct target_pr_ports *ports)
{
	u32 i;

	pr_build_header(b, state);
	for (i = 0; state && i < state->count; i++)
		pr_build_status(b, state, i, ports);
	pr_close(b);
}

static void pr_build(struct se_cmd *cmd, struct target_buf *b)
{
	struct se_device *dev = cmd->se_dev;
	const struct target_pr_state *state = dev->reservations.state;
	struct target_pr_ports *ports;

	switch (target_cdb_service_action(cmd->t_task_cdb)) {
	case TARGET_PR_READ_KEYS:
		target_pr_build_keys(b, state);
		break;
	case TARGET_PR_READ_RESERVATION:
		target_pr_build_reservation(b, state);
		break;
	case TARGET_PR_REPORT_CAPABILITIES:
		target_pr_build_capabilities(b, target_pr_saves(dev),
					     dev->dev_attrib.force_pr_aptpl ||
					     (state && state->aptpl), target_pr_replaces(dev));
		break;
	default:
		/* Without memory for it, each port as it was when it was last seen. */
		ports = target_pr_ports_alloc(dev);
		target_pr_build_full_status(b, state, ports);
		kvfree(ports);
		break;
	}
}

static void pr_build_locked(struct se_cmd *cmd, struct target_buf *b)
{
	guard(mutex)(&cmd->se_dev->reservations.lock);
	pr_build(cmd, b);
}

/* While a nexus has it by RESERVE nobody asks about persistent ones (SPC-2 5.5.1). */
sense_reason_t target_pr_in(struct se_cmd *cmd)
{
	if (unlikely(!cmd->se_dev->dev_attrib.pgr_support))
		return target_pr_pass(cmd);
	if (READ_ONCE(cmd->se_dev->reservations.reserver))
		return TCM_RESERVATION_CONFLICT;
	return target_spc_reply(cmd, PR_REPLY_MAX, pr_build_locked);
}
