// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rules of persistent reservations (SPC-6 5.14.4 to 5.14.11).
 *
 * A request first gives each registration its fate, by its index in the state before.
 * Then those that are gone are taken out.
 */
#include <linux/jhash.h>
#include <linux/slab.h>
#include "pr.h"
#include "sense.h"

#define PR_CDB_ACTION	1	/* byte and bit of SERVICE ACTION in the CDB */
#define PR_ACTION_BIT	4
#define PR_CDB_TYPE	2	/* of SCOPE and TYPE */
#define PR_SCOPE_BIT	7
#define PR_TYPE_BIT	3
#define PR_LIST_KEY	0
#define PR_LIST_NEW_KEY	8	/* in the parameter list */
#define PR_LIST_FLAGS	20
#define PR_SPEC_BIT	3
#define PR_LIST_ID	24
#define PR_FIELD_BIT	7

static const struct target_pr_state pr_nothing = { .holder = TARGET_PR_NONE };

/* --- nexuses ----------------------------------------------------------------------------- */

struct target_pr_nexus *target_pr_nexus_alloc(const struct target_initiator *initiator,
					      const struct target_pr_port *port, u64 mapped_lun)
{
	struct target_pr_nexus *nexus = kzalloc(sizeof(*nexus), GFP_KERNEL);

	if (!nexus)
		return NULL;
	kref_init(&nexus->ref);
	nexus->initiator = *initiator;
	nexus->port = *port;
	nexus->mapped_lun = mapped_lun;
	nexus->hash = jhash_3words(target_name_hash(initiator->name),
				   target_name_hash(port->target), port->tag, 0);
	return nexus;
}

void target_pr_nexus_get(struct target_pr_nexus *nexus)
{
	kref_get(&nexus->ref);
}

static void pr_nexus_release(struct kref *ref)
{
	kfree(container_of(ref, struct target_pr_nexus, ref));
}

void target_pr_nexus_put(struct target_pr_nexus *nexus)
{
	if (nexus)
		kref_put(&nexus->ref, pr_nexus_release);
}

/* A name without an ISID is that initiator with any. */
static bool pr_isid_same(const char *a, const char *b)
{
	return !a[0] || !b[0] || !strcasecmp(a, b);
}

static bool pr_port_same(const struct target_pr_port *a, const struct target_pr_port *b)
{
	return a->tag == b->tag && target_name_same(a->target, b->target);
}

bool target_pr_nexus_same(const struct target_pr_nexus *a, const struct target_pr_nexus *b)
{
	if (a == b)
		return true;
	return a->hash == b->hash && pr_port_same(&a->port, &b->port) &&
	       target_name_same(a->initiator.name, b->initiator.name) &&
	       pr_isid_same(a->initiator.isid, b->initiator.isid);
}

const struct target_pr_port *target_pr_port_now(const struct target_pr_ports *ports,
						const struct target_pr_port *port)
{
	u32 i;

	for (i = 0; ports && i < ports->count; i++)
		if (pr_port_same(&ports->port[i], port))
			return &ports->port[i];
	return port;
}

/* --- states ------------------------------------------------------------------------------ */

struct target_pr_state *target_pr_state_copy(const struct target_pr_state *was, u32 more)
{
	struct target_pr_state *now;
	u32 i;

	was = was ?: &pr_nothing;
	now = kvzalloc(struct_size(now, reg, was->count + more), GFP_KERNEL);
	if (!now)
		return NULL;
	memcpy(now, was, struct_size(was, reg, was->count));
	for (i = 0; i < now->count; i++)
		target_pr_nexus_get(now->reg[i].nexus);
	return now;
}

void target_pr_state_free(struct target_pr_state *state)
{
	u32 i;

	if (!state)
		return;
	for (i = 0; i < state->count; i++)
		target_pr_nexus_put(state->reg[i].nexus);
	kvfree(state);
}

void target_pr_state_add(struct target_pr_state *state, struct target_pr_nexus *nexus, u64 key,
			 bool all_ports)
{
	target_pr_nexus_get(nexus);
	state->reg[state->count++] = (struct target_pr_reg){
		.nexus = nexus,
		.key = key,
		.generation = state->generation,
		.all_ports = all_ports,
	};
}

u32 target_pr_find(const struct target_pr_state *state, const struct target_pr_nexus *nexus)
{
	u32 i;

	for (i = 0; state && i < state->count; i++)
		if (target_pr_nexus_same(state->reg[i].nexus, nexus))
			return i;
	return TARGET_PR_NONE;
}

bool target_pr_type_is_valid(u8 type)
{
	switch (type) {
	case TARGET_PR_WRITE_EXCLUSIVE:
	case TARGET_PR_EXCLUSIVE_ACCESS:
	case TARGET_PR_WRITE_REGISTRANTS:
	case TARGET_PR_ACCESS_REGISTRANTS:
	case TARGET_PR_WRITE_ALL:
	case TARGET_PR_ACCESS_ALL:
		return true;
	default:
		return false;
	}
}

bool target_pr_type_is_all(u8 type)
{
	return type == TARGET_PR_WRITE_ALL || type == TARGET_PR_ACCESS_ALL;
}

bool target_pr_type_is_shared(u8 type)
{
	return target_pr_type_is_all(type) || type == TARGET_PR_WRITE_REGISTRANTS ||
	       type == TARGET_PR_ACCESS_REGISTRANTS;
}

bool target_pr_holds(const struct target_pr_state *state, u32 reg)
{
	if (!state->type || reg == TARGET_PR_NONE)
		return false;
	return target_pr_type_is_all(state->type) || reg == state->holder;
}

/* What the types mean (SPC-6 table 68). */
u8 target_pr_denies(const struct target_pr_state *state, const struct target_pr_nexus *nexus)
{
	u32 reg;

	if (!state || !state->type)
		return 0;
	reg = target_pr_find(state, nexus);
	if (target_pr_holds(state, reg))
		return 0;
	if (reg != TARGET_PR_NONE && target_pr_type_is_shared(state->type))
		return 0;
	switch (state->type) {
	case TARGET_PR_WRITE_EXCLUSIVE:
	case TARGET_PR_WRITE_REGISTRANTS:
	case TARGET_PR_WRITE_ALL:
		return TARGET_DENY_WRITE;
	default:
		return TARGET_DENY_WRITE | TARGET_DENY_READ;
	}
}

/* --- a request --------------------------------------------------------------------------- */

/* What is known while it is looked at. */
struct pr_work {
	const struct target_pr_state	*was;
	const struct target_pr_request	*rq;
	struct target_pr_change		*change;
	struct target_pr_state		*now;
	u8				*fate;
	u32				self;	/* registration of the nexus it came through */
};

static sense_reason_t pr_fail_cdb(struct pr_work *w, u16 byte, u8 bit)
{
	w->change->in_cdb = true;
	w->change->byte = byte;
	w->change->bit = bit;
	return TCM_INVALID_CDB_FIELD;
}

static sense_reason_t pr_fail_list(struct pr_work *w, u16 byte, u8 bit)
{
	w->change->in_cdb = false;
	w->change->byte = byte;
	w->change->bit = bit;
	return TCM_INVALID_PARAMETER_LIST;
}

/* A state to be changed, with room for more registrations. */
static sense_reason_t pr_begin(struct pr_work *w, u32 more)
{
	if (w->was->count + more > TARGET_PR_MAX)
		return TCM_INSUFFICIENT_REGISTRATION_RESOURCES;
	w->fate = kvzalloc(w->was->count + 1, GFP_KERNEL);
	w->now = target_pr_state_copy(w->was, more);
	w->change->fate = w->fate;
	w->change->now = w->now;
	return w->fate && w->now ? TCM_NO_SENSE : TCM_OUT_OF_RESOURCES;
}

static void pr_drop_holder(struct pr_work *w)
{
	w->now->type = TARGET_PR_NO_TYPE;
	w->now->holder = TARGET_PR_NONE;
}

/* All that stay registered are told something, but for who asked. */
static void pr_tell_others(struct pr_work *w, u8 what)
{
	u32 i;

	for (i = 0; i < w->was->count; i++)
		if (i != w->self && !(w->fate[i] & TARGET_PR_GONE))
			w->fate[i] |= what;
}

/* The reservation ends without a successor (SPC-6 5.14.11.2). */
static void pr_release(struct pr_work *w)
{
	if (target_pr_type_is_shared(w->was->type))
		pr_tell_others(w, TARGET_PR_TELL_RELEASED);
	pr_drop_holder(w);
}

static bool pr_any_stays(const struct pr_work *w)
{
	u32 i;

	for (i = 0; i < w->was->count; i++)
		if (!(w->fate[i] & TARGET_PR_GONE))
			return true;
	return w->now->count > w->was->count;
}

/* The holder is no longer registered. Of all registrants, any other holds it, too. */
static void pr_holder_gone(struct pr_work *w)
{
	u32 i;

	if (!target_pr_type_is_all(w->was->type) || !pr_any_stays(w)) {
		pr_release(w);
		return;
	}
	for (i = 0; i < w->was->count && w->fate[i] & TARGET_PR_GONE; i++)
		;
	w->now->holder = i;
}

/* Take those that are gone out, and see to it that the holder stays who it is. */
static void pr_compact(struct pr_work *w)
{
	struct target_pr_state *now = w->now;
	u32 i, left = 0, holder = TARGET_PR_NONE;

	for (i = 0; i < now->count; i++) {
		if (i < w->was->count && w->fate[i] & TARGET_PR_GONE) {
			target_pr_nexus_put(now->reg[i].nexus);
			continue;
		}
		if (i == now->holder)
			holder = left;
		now->reg[left++] = now->reg[i];
	}
	now->count = left;
	now->holder = holder;
}

/* --- REGISTER and its like --------------------------------------------------------------- */

/*
 * A nexus that ALL_TG_PT means beside the one that asks, and that is registered already:
 * with the key that is given it goes along, and if keys are ignored.
 */
static bool pr_goes_along(const struct pr_work *w, u32 reg)
{
	if (!w->rq->all_ports)
		return false;
	return w->rq->action == TARGET_PR_REGISTER_IGNORE || w->was->reg[reg].key == w->rq->key;
}

static void pr_set_key(struct pr_work *w, struct target_pr_nexus *nexus, u32 reg)
{
	const struct target_pr_request *rq = w->rq;

	if (reg == TARGET_PR_NONE) {
		if (rq->new_key && target_pr_find(w->now, nexus) == TARGET_PR_NONE)
			target_pr_state_add(w->now, nexus, rq->new_key, rq->all_ports);
	} else if (!rq->new_key) {
		w->fate[reg] |= TARGET_PR_GONE;
	} else {
		w->now->reg[reg].key = rq->new_key;
		w->now->reg[reg].all_ports = rq->all_ports;
		w->now->reg[reg].generation = w->was->generation;
	}
}

/* SPC-6 5.14.7, table of the behaviors of REGISTER. */
static sense_reason_t pr_check_register(struct pr_work *w, bool *nothing)
{
	const struct target_pr_request *rq = w->rq;
	bool registered = w->self != TARGET_PR_NONE;

	if (rq->action == TARGET_PR_REGISTER_IGNORE && rq->named)
		return pr_fail_list(w, PR_LIST_FLAGS, PR_SPEC_BIT);
	if (rq->action == TARGET_PR_REGISTER) {
		if (rq->key != (registered ? w->was->reg[w->self].key : 0))
			return TCM_RESERVATION_CONFLICT;
		if (rq->named && (registered || !rq->new_key))
			return pr_fail_cdb(w, PR_CDB_ACTION, PR_ACTION_BIT);
	}
	*nothing = !registered && !rq->new_key;
	return TCM_NO_SENSE;
}

static sense_reason_t pr_register(struct pr_work *w)
{
	const struct target_pr_request *rq = w->rq;
	bool nothing;
	sense_reason_t why = pr_check_register(w, &nothing);
	u32 i, reg;

	if (why || nothing)
		return why;
	why = pr_begin(w, rq->count + 1);
	if (why)
		return why;
	pr_set_key(w, rq->self, w->self);
	for (i = 0; i < rq->count; i++) {
		reg = target_pr_find(w->was, rq->others[i]);
		if (reg == TARGET_PR_NONE || (reg != w->self && pr_goes_along(w, reg)))
			pr_set_key(w, rq->others[i], reg);
	}
	w->now->aptpl = rq->aptpl;
	w->now->generation++;
	if (w->was->type && w->fate[w->was->holder] & TARGET_PR_GONE)
		pr_holder_gone(w);
	return TCM_NO_SENSE;
}

/* SPC-6 5.14.8 */
static sense_reason_t pr_move(struct pr_work *w)
{
	const struct target_pr_request *rq = w->rq;
	sense_reason_t why;
	u32 to;

	if (!w->was->type || target_pr_type_is_all(w->was->type) || w->was->holder != w->self)
		return TCM_RESERVATION_CONFLICT;
	if (!rq->new_key)
		return pr_fail_list(w, PR_LIST_NEW_KEY, PR_FIELD_BIT);
	to = target_pr_find(w->was, rq->others[0]);
	if (to == w->self)
		return pr_fail_list(w, PR_LIST_ID, PR_FIELD_BIT);
	why = pr_begin(w, 1);
	if (why)
		return why;
	if (to == TARGET_PR_NONE) {
		to = w->now->count;
		target_pr_state_add(w->now, rq->others[0], rq->new_key, false);
	} else {
		w->now->reg[to].key = rq->new_key;
	}
	w->now->holder = to;
	if (rq->unregister)
		w->fate[w->self] |= TARGET_PR_GONE;
	w->now->aptpl = rq->aptpl;
	w->now->generation++;
	return TCM_NO_SENSE;
}

/* --- RESERVE and RELEASE ----------------------------------------------------------------- */

static sense_reason_t pr_check_type(struct pr_work *w)
{
	if (w->rq->scope)
		return pr_fail_cdb(w, PR_CDB_TYPE, PR_SCOPE_BIT);
	if (!target_pr_type_is_valid(w->rq->type))
		return pr_fail_cdb(w, PR_CDB_TYPE, PR_TYPE_BIT);
	return TCM_NO_SENSE;
}

/* SPC-6 5.14.9 */
static sense_reason_t pr_reserve(struct pr_work *w)
{
	sense_reason_t why = pr_check_type(w);

	if (why)
		return why;
	if (w->was->type) {
		if (target_pr_holds(w->was, w->self) && w->rq->type == w->was->type)
			return TCM_NO_SENSE;
		return TCM_RESERVATION_CONFLICT;
	}
	why = pr_begin(w, 0);
	if (why)
		return why;
	w->now->type = w->rq->type;
	w->now->holder = w->self;
	return TCM_NO_SENSE;
}

/* SPC-6 5.14.11.2.2 */
static sense_reason_t pr_do_release(struct pr_work *w)
{
	sense_reason_t why;

	if (!target_pr_holds(w->was, w->self))
		return TCM_NO_SENSE;
	if (w->rq->scope || w->rq->type != w->was->type)
		return TCM_INVALID_RELEASE_OF_RESERVATION;
	why = pr_begin(w, 0);
	if (!why)
		pr_release(w);
	return why;
}

/* --- CLEAR and PREEMPT ------------------------------------------------------------------- */

/* SPC-6 5.14.11.2.6 */
static sense_reason_t pr_clear(struct pr_work *w)
{
	sense_reason_t why = pr_begin(w, 0);
	u32 i;

	if (why)
		return why;
	pr_tell_others(w, TARGET_PR_TELL_PREEMPTED);
	for (i = 0; i < w->was->count; i++)
		w->fate[i] |= TARGET_PR_GONE;
	pr_drop_holder(w);
	w->now->generation++;
	return TCM_NO_SENSE;
}

/*
 * Unregister who has this key, or everyone; but not who asks, whose commands are not
 * aborted either. Return: how many have it.
 */
static u32 pr_unregister(struct pr_work *w, bool all)
{
	u32 i, found = 0;
	u8 fate = TARGET_PR_GONE | TARGET_PR_TELL_UNREGISTERED;

	if (w->rq->action == TARGET_PR_PREEMPT_AND_ABORT)
		fate |= TARGET_PR_ABORT;
	for (i = 0; i < w->was->count; i++) {
		if (!all && w->was->reg[i].key != w->rq->new_key)
			continue;
		found++;
		if (i != w->self)
			w->fate[i] |= fate;
	}
	return found;
}

/* Its reservation, or only registrations? (SPC-6 5.14.11.2.4, table) */
static bool pr_preempts_reservation(const struct pr_work *w)
{
	if (!w->was->type)
		return false;
	if (target_pr_type_is_all(w->was->type))
		return !w->rq->new_key;
	return w->rq->new_key == w->was->reg[w->was->holder].key;
}

static sense_reason_t pr_preempt_reservation(struct pr_work *w)
{
	sense_reason_t why = pr_check_type(w);

	if (!why)
		why = pr_begin(w, 0);
	if (why)
		return why;
	pr_unregister(w, target_pr_type_is_all(w->was->type));
	if (w->was->type != w->rq->type)
		pr_tell_others(w, TARGET_PR_TELL_RELEASED);
	w->now->type = w->rq->type;
	w->now->holder = w->self;
	w->now->generation++;
	return TCM_NO_SENSE;
}

static sense_reason_t pr_preempt_registrations(struct pr_work *w)
{
	sense_reason_t why;

	if (!w->rq->new_key)
		return pr_fail_list(w, PR_LIST_NEW_KEY, PR_FIELD_BIT);
	why = pr_begin(w, 0);
	if (why)
		return why;
	if (!pr_unregister(w, false))
		return TCM_RESERVATION_CONFLICT;
	w->now->generation++;
	if (w->was->type && w->fate[w->was->holder] & TARGET_PR_GONE)
		pr_holder_gone(w);
	return TCM_NO_SENSE;
}

static sense_reason_t pr_preempt(struct pr_work *w)
{
	return pr_preempts_reservation(w) ? pr_preempt_reservation(w) :
					    pr_preempt_registrations(w);
}

/* SPC-6 5.14.11.3: nobody is told, as nobody is known. */
static sense_reason_t pr_replace_lost(struct pr_work *w)
{
	sense_reason_t why;
	u32 i;

	if (!w->rq->replaces)
		return pr_fail_cdb(w, PR_CDB_ACTION, PR_ACTION_BIT);
	if (!w->rq->lost)
		return w->was->type && w->self == TARGET_PR_NONE ? TCM_RESERVATION_CONFLICT :
		       TCM_INVALID_RELEASE_OF_RESERVATION;
	if (w->rq->key)
		return pr_fail_list(w, PR_LIST_KEY, PR_FIELD_BIT);
	if (!w->rq->new_key)
		return pr_fail_list(w, PR_LIST_NEW_KEY, PR_FIELD_BIT);
	why = pr_check_type(w) ?: pr_begin(w, 1);
	if (why)
		return why;
	for (i = 0; i < w->was->count; i++)
		w->fate[i] |= TARGET_PR_GONE;
	w->now->generation = 0;
	w->now->type = w->rq->type;
	w->now->aptpl = w->rq->aptpl;
	w->now->holder = w->now->count;
	target_pr_state_add(w->now, w->rq->self, w->rq->new_key, false);
	return TCM_NO_SENSE;
}

/* --- all of them ------------------------------------------------------------------------- */

/* All but registering wants a registration and its key (SPC-6 5.14.4.2). */
static sense_reason_t pr_do(struct pr_work *w)
{
	u8 action = w->rq->action;

	if (action == TARGET_PR_REGISTER || action == TARGET_PR_REGISTER_IGNORE)
		return pr_register(w);
	if (action == TARGET_PR_REPLACE_LOST)
		return pr_replace_lost(w);
	if (w->self == TARGET_PR_NONE || w->was->reg[w->self].key != w->rq->key)
		return TCM_RESERVATION_CONFLICT;
	switch (action) {
	case TARGET_PR_RESERVE:
		return pr_reserve(w);
	case TARGET_PR_RELEASE:
		return pr_do_release(w);
	case TARGET_PR_CLEAR:
		return pr_clear(w);
	case TARGET_PR_PREEMPT:
	case TARGET_PR_PREEMPT_AND_ABORT:
		return pr_preempt(w);
	case TARGET_PR_REGISTER_MOVE:
		return pr_move(w);
	default:
		return pr_fail_cdb(w, PR_CDB_ACTION, PR_ACTION_BIT);
	}
}

void target_pr_change_end(struct target_pr_change *change)
{
	target_pr_state_free(change->now);
	target_pr_state_free(change->was);
	kvfree(change->fate);
	change->now = NULL;
	change->was = NULL;
	change->fate = NULL;
}

sense_reason_t target_pr_apply(const struct target_pr_state *was,
			       const struct target_pr_request *rq,
			       struct target_pr_change *change)
{
	struct pr_work w = { .was = was ?: &pr_nothing, .rq = rq, .change = change };
	sense_reason_t why;

	w.self = target_pr_find(w.was, rq->self);
	why = pr_do(&w);
	if (why)
		target_pr_change_end(change);
	else if (change->now)
		pr_compact(&w);
	return why;
}
