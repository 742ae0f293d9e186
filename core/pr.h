/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Persistent reservations (SPC-6 5.14): what a unit knows, and what changes it.
 *
 * pr.c			the state and the rules; nothing else
 * pr_in.c, pr_out.c	the commands
 * pr_text.c		registrations as text, for files and configfs
 * pr_save.c		a unit's file below dbroot
 * reserve.c		a unit's reservations and its nexuses; RESERVE and RELEASE
 * transport_id.c	names of initiator ports as bytes
 *
 * A state never changes once it is made: a command makes another from it, which takes
 * its place when all has gone well. So what fails half way has changed nothing, and what
 * is to survive the power is written before it is true.
 */
#ifndef TARGET_PR_H
#define TARGET_PR_H

#include "transport_id.h"

#define TARGET_PR_MAX		4096	/* registrations of a unit */
#define TARGET_PR_NONE		U32_MAX	/* index of no registration */
#define TARGET_PR_FABRIC_LEN	32	/* bytes of a fabric's name, NUL included */

/* TYPE (SPC-6 6.16.3.4); 0 is no reservation. */
enum target_pr_type {
	TARGET_PR_NO_TYPE		= 0,
	TARGET_PR_WRITE_EXCLUSIVE	= 1,
	TARGET_PR_EXCLUSIVE_ACCESS	= 3,
	TARGET_PR_WRITE_REGISTRANTS	= 5,	/* registrants only */
	TARGET_PR_ACCESS_REGISTRANTS	= 6,
	TARGET_PR_WRITE_ALL		= 7,	/* all registrants */
	TARGET_PR_ACCESS_ALL		= 8,
};

/* Service actions of PERSISTENT RESERVE OUT. */
enum target_pr_action {
	TARGET_PR_REGISTER		= 0,
	TARGET_PR_RESERVE		= 1,
	TARGET_PR_RELEASE		= 2,
	TARGET_PR_CLEAR			= 3,
	TARGET_PR_PREEMPT		= 4,
	TARGET_PR_PREEMPT_AND_ABORT	= 5,
	TARGET_PR_REGISTER_IGNORE	= 6,
	TARGET_PR_REGISTER_MOVE		= 7,
	TARGET_PR_REPLACE_LOST		= 8,
};

/* Service actions of PERSISTENT RESERVE IN. */
enum target_pr_in_action {
	TARGET_PR_READ_KEYS		= 0,
	TARGET_PR_READ_RESERVATION	= 1,
	TARGET_PR_REPORT_CAPABILITIES	= 2,
	TARGET_PR_READ_FULL_STATUS	= 3,
};

/* What a nexus may not do; struct target_itl::denies. */
enum target_pr_denial {
	TARGET_DENY_WRITE	= 1 << 0,
	TARGET_DENY_READ	= 1 << 1,
	TARGET_DENY_RESERVED	= 1 << 2,	/* RESERVE of another nexus: nearly everything */
	TARGET_DENY_LOST	= 1 << 3,	/* reservations are lost: as much, for everyone */
};

/**
 * struct target_pr_port - a target port, as registrations know it
 * @protocol: PROTOCOL IDENTIFIER
 * @rtpi: RELATIVE TARGET PORT IDENTIFIER when it was last seen
 * @tag: of the target port group
 * @lun: of the unit there
 * @fabric: its name
 * @target: name of the target
 *
 * @target and @tag say which one it is; the rest may change.
 */
struct target_pr_port {
	u8	protocol;
	u16	rtpi;
	u16	tag;
	u64	lun;
	char	fabric[TARGET_PR_FABRIC_LEN];
	char	target[TRANSPORT_IQN_LEN];
};

/* Target ports of a unit, as they were when someone asked. */
struct target_pr_ports {
	u32			count;
	struct target_pr_port	port[];
};

/**
 * struct target_pr_nexus - an I_T nexus, whether or not there is a session
 * @ref: holders: registrations, the I_T_L nexus, who looks at it
 * @hash: the same for nexuses that are the same
 * @mapped_lun: LUN that the initiator addresses
 * @initiator: the initiator port
 * @port: the target port
 *
 * Never changes.
 */
struct target_pr_nexus {
	struct kref		ref;
	u32			hash;
	u64			mapped_lun;
	struct target_initiator	initiator;
	struct target_pr_port	port;
};

/**
 * struct target_pr_reg - a registration
 * @nexus: whose; reference held
 * @key: reservation key, not 0
 * @generation: PRgeneration before it was made
 * @all_ports: it was made with ALL_TG_PT
 */
struct target_pr_reg {
	struct target_pr_nexus	*nexus;
	u64			key;
	u32			generation;
	bool			all_ports;
};

/**
 * struct target_pr_state - registrations and the reservation of a unit
 * @generation: PRgeneration
 * @aptpl: they survive a loss of power
 * @type: of the reservation, enum target_pr_type
 * @holder: registration that holds it, TARGET_PR_NONE without one; with a type of all
 *	registrants, one of them
 * @count: registrations
 * @reg: registrations, oldest first
 */
struct target_pr_state {
	u32			generation;
	bool			aptpl;
	u8			type;
	u32			holder;
	u32			count;
	struct target_pr_reg	reg[];
};

/**
 * struct target_pr_request - what PERSISTENT RESERVE OUT asks for
 * @action: enum target_pr_action
 * @scope: SCOPE
 * @type: TYPE
 * @key: RESERVATION KEY
 * @new_key: SERVICE ACTION RESERVATION KEY
 * @named: SPEC_I_PT
 * @all_ports: ALL_TG_PT
 * @aptpl: APTPL
 * @unregister: UNREG
 * @replaces: the unit says when reservations are lost
 * @lost: they are
 * @self: the nexus it came through
 * @others: nexuses that are to be registered beside it; or the one that it moves to
 * @count: of @others
 */
struct target_pr_request {
	u8			action;
	u8			scope;
	u8			type;
	u64			key;
	u64			new_key;
	bool			named;
	bool			all_ports;
	bool			aptpl;
	bool			unregister;
	bool			replaces;
	bool			lost;
	struct target_pr_nexus	*self;
	struct target_pr_nexus	**others;
	u32			count;
};

/* What becomes of a registration; struct target_pr_change::fate. */
enum target_pr_fate {
	TARGET_PR_GONE			= 1 << 0,	/* unregistered */
	TARGET_PR_TELL_PREEMPTED	= 1 << 1,	/* RESERVATIONS PREEMPTED */
	TARGET_PR_TELL_RELEASED		= 1 << 2,	/* RESERVATIONS RELEASED */
	TARGET_PR_TELL_UNREGISTERED	= 1 << 3,	/* REGISTRATIONS PREEMPTED */
	TARGET_PR_ABORT			= 1 << 4,	/* its commands are aborted */
};

/**
 * struct target_pr_change - what a request comes to
 * @now: the state after it, NULL if it stays as it is
 * @was: the state before it, once it has been committed
 * @fate: enum target_pr_fate for each registration of the state before
 * @in_cdb: if it is refused: the field in error is in the CDB
 * @byte: where it is
 * @bit: the bit of it
 */
struct target_pr_change {
	struct target_pr_state	*now;
	struct target_pr_state	*was;
	u8			*fate;
	bool			in_cdb;
	u16			byte;
	u8			bit;
};

/**
 * target_pr_apply - what does a request do?
 * @was: the state, NULL for none yet
 * @rq: the request
 * @change: set; target_pr_change_end() whatever is returned
 *
 * Context: process. Return: %TCM_NO_SENSE, or why it is refused.
 */
sense_reason_t target_pr_apply(const struct target_pr_state *was,
			       const struct target_pr_request *rq,
			       struct target_pr_change *change);

/* Free what is left in it. */
void target_pr_change_end(struct target_pr_change *change);

/* A state with room for more registrations, or NULL; @was may be NULL. May sleep. */
struct target_pr_state *target_pr_state_copy(const struct target_pr_state *was, u32 more);
void target_pr_state_free(struct target_pr_state *state);

/* Add a registration to a state that has room for it. */
void target_pr_state_add(struct target_pr_state *state, struct target_pr_nexus *nexus, u64 key,
			 bool all_ports);

/* The registration of a nexus, or TARGET_PR_NONE. @state may be NULL. */
u32 target_pr_find(const struct target_pr_state *state, const struct target_pr_nexus *nexus);

/* What a nexus may not do. @state may be NULL. */
u8 target_pr_denies(const struct target_pr_state *state, const struct target_pr_nexus *nexus);

/* Does it hold the reservation, alone or with all registrants? */
bool target_pr_holds(const struct target_pr_state *state, u32 reg);

bool target_pr_type_is_valid(u8 type);
bool target_pr_type_is_all(u8 type);		/* all registrants hold it */
bool target_pr_type_is_shared(u8 type);		/* registrants may do everything */

/* A nexus; the ISID is left out if it does not matter. NULL without memory. May sleep. */
struct target_pr_nexus *target_pr_nexus_alloc(const struct target_initiator *initiator,
					      const struct target_pr_port *port, u64 mapped_lun);
void target_pr_nexus_get(struct target_pr_nexus *nexus);
void target_pr_nexus_put(struct target_pr_nexus *nexus);	/* may be NULL */
bool target_pr_nexus_same(const struct target_pr_nexus *a, const struct target_pr_nexus *b);

/* The port as it is now, or as it was registered. */
const struct target_pr_port *target_pr_port_now(const struct target_pr_ports *ports,
						const struct target_pr_port *port);

/* Parameter data of PERSISTENT RESERVE IN; @state may be NULL. core/pr_in.c */
void target_pr_build_keys(struct target_buf *b, const struct target_pr_state *state);
void target_pr_build_reservation(struct target_buf *b, const struct target_pr_state *state);
void target_pr_build_capabilities(struct target_buf *b, bool saves, bool aptpl, bool replaces);
void target_pr_build_full_status(struct target_buf *b, const struct target_pr_state *state,
				 const struct target_pr_ports *ports);

/**
 * target_pr_parse_list - the parameter list of PERSISTENT RESERVE OUT
 * @list: @len bytes
 * @len: length
 * @ports: target ports of the unit
 * @rq: action and self are set; the rest is filled in. Free @others with
 *	target_pr_request_end(), whatever is returned.
 * @change: gets the field in error
 *
 * Context: process. Return: %TCM_NO_SENSE, or why it is refused.
 */
sense_reason_t target_pr_parse_list(const u8 *list, u32 len, const struct target_pr_ports *ports,
				    struct target_pr_request *rq,
				    struct target_pr_change *change);
void target_pr_request_end(struct target_pr_request *rq);

/* Rows of the opcode table. */
bool target_pr_supported(const struct se_device *dev);

/* The same, or those of core/pr_pass.h can be changed; and read? */
bool target_pr_change_supported(const struct se_device *dev);
bool target_pr_read_supported(const struct se_device *dev);
sense_reason_t target_pr_in(struct se_cmd *cmd);
sense_reason_t target_pr_parse_out(struct se_cmd *cmd);
sense_reason_t target_pr_out(struct se_cmd *cmd);

#endif /* TARGET_PR_H */
