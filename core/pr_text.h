/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Registrations as text: the file that they survive in, which rtslib reads as well, and
 * the lines that it writes to pr/res_aptpl_metadata.
 *
 * A registration is a block of lines name=value between PR_REG_START: and PR_REG_END:.
 * Behind the last one stands checksum=, the CRC-32 of all before it; rtslib takes it for
 * a name that it does not know, as does whoever reads its metadata. A file without one is
 * the kernel's own target's.
 */
#ifndef TARGET_PR_TEXT_H
#define TARGET_PR_TEXT_H

#include "pr.h"

/**
 * struct target_pr_text - a registration, read
 * @initiator: the initiator port; its protocol is guessed from the name
 * @port: the target port, likewise
 * @mapped_lun: LUN that the initiator addresses
 * @key: reservation key
 * @all_ports: it was made with ALL_TG_PT
 * @holds: it holds the reservation
 * @type: of which this is the type
 */
struct target_pr_text {
	struct target_initiator	initiator;
	struct target_pr_port	port;
	u64			mapped_lun;
	u64			key;
	bool			all_ports;
	bool			holds;
	u8			type;
};

/* Append the file of a state; one that does not survive has no registrations in it. */
void target_pr_text_build(struct target_buf *b, const struct target_pr_state *state);

/**
 * target_pr_text_parse_one - a registration
 * @text: name=value, separated by commas or blanks; it is cut up
 * @out: set
 *
 * Names that are not known are ignored. Return: 0, or -EINVAL if something is wrong or
 * missing.
 */
int target_pr_text_parse_one(char *text, struct target_pr_text *out);

/**
 * target_pr_text_add - add what was read to a state
 * @was: the state, may be NULL
 * @one: a registration; it takes the place of that of the same nexus
 *
 * Return: the state after it, or ERR_PTR: -EINVAL if another holds the reservation,
 * -ENOSPC, -ENOMEM.
 */
struct target_pr_state *target_pr_text_add(const struct target_pr_state *was,
					   const struct target_pr_text *one);

/**
 * target_pr_text_parse - look into a file, which may be anything
 * @file: @len bytes and a NUL; it is cut up
 * @len: length
 *
 * Return: the state, or ERR_PTR: -EBADMSG if it is not such a file or not a whole one,
 * -ENOMEM.
 */
struct target_pr_state *target_pr_text_parse(char *file, u32 len);

#define TARGET_PR_TEXT_LINE	(2 * TRANSPORT_IQN_LEN)	/* no registration's line is longer */

/* A registration as a line of pr/res_pr_registered_i_pts; its length. */
int target_pr_text_line(char *line, size_t size, const struct target_pr_reg *reg);

/* An initiator port, with its ISID. */
int target_pr_text_initiator(char *text, size_t size, const struct target_initiator *initiator);

/* TYPE as pr/res_pr_type has it. */
const char *target_pr_type_name(u8 type);

#endif /* TARGET_PR_TEXT_H */
