// SPDX-License-Identifier: GPL-2.0-only
/* Persistent reservations: what each service action does and refuses, step by step. */
#include <kunit/test.h>
#include <scsi/scsi_proto.h>
#include "pr.h"

#define PR_NEXUSES	4	/* A to D: one initiator at as many ports of a target */
#define PR_TEXT		256

struct pr_fixture {
	struct target_pr_nexus	*nexus[PR_NEXUSES];
	struct target_pr_state	*state;
	char			text[PR_TEXT];
};

/* --- steps ------------------------------------------------------------------------------- */

enum pr_flags {
	F_NAMED		= 1 << 0,	/* SPEC_I_PT, with @other */
	F_ALL		= 1 << 1,	/* ALL_TG_PT: all four */
	F_APTPL		= 1 << 2,
	F_UNREG		= 1 << 3,
	F_SCOPE		= 1 << 4,	/* a scope that is not the unit */
	F_REPLACES	= 1 << 5,	/* the unit says when reservations are lost */
	F_LOST		= 1 << 6,	/* and so they are */
};

/**
 * struct pr_step - a command and what it comes to
 * @who: 'A' to 'D'
 * @action: service action
 * @key: RESERVATION KEY
 * @new_key: SERVICE ACTION RESERVATION KEY
 * @type: TYPE
 * @flags: enum pr_flags
 * @other: the nexus that it names or moves to
 * @why: what it fails with
 * @at: the field in error: negative in the CDB
 * @after: the state after it: PRgeneration, type, keys, "*" for who holds; and behind "|"
 *	who is told what: P(reempted), R(eleased), U(nregistered), X aborted
 */
struct pr_step {
	char		who;
	u8		action;
	u64		key;
	u64		new_key;
	u8		type;
	u8		flags;
	char		other;
	sense_reason_t	why;
	int		at;
	const char	*after;
};

#define REG	TARGET_PR_REGISTER
#define RSV	TARGET_PR_RESERVE
#define REL	TARGET_PR_RELEASE
#define CLR	TARGET_PR_CLEAR
#define PRE	TARGET_PR_PREEMPT
#define PAA	TARGET_PR_PREEMPT_AND_ABORT
#define IGN	TARGET_PR_REGISTER_IGNORE
#define MOV	TARGET_PR_REGISTER_MOVE
#define LOST	TARGET_PR_REPLACE_LOST
#define CONFLICT .why = TCM_RESERVATION_CONFLICT
#define BAD_LIST(byte) .why = TCM_INVALID_PARAMETER_LIST, .at = (byte)
#define BAD_CDB(byte) .why = TCM_INVALID_CDB_FIELD, .at = -(byte)

static const struct pr_step steps_register[] = {
	{ 'A', REG, 0, 0, .after = "g0 t0" },			/* nothing to do */
	{ 'A', REG, 5, 1, CONFLICT },
	{ 'A', REG, 0, 0, .flags = F_NAMED, .other = 'B', BAD_CDB(1) },
	{ 'A', IGN, 0, 0, .after = "g0 t0" },
	{ 'A', IGN, 0, 1, .flags = F_NAMED, .other = 'B', BAD_LIST(20) },
	{ 'A', REG, 0, 1, .after = "g1 t0 A1" },
	{ 'A', REG, 0, 2, CONFLICT },
	{ 'A', REG, 2, 2, CONFLICT },
	{ 'A', REG, 1, 2, .after = "g2 t0 A2" },
	{ 'A', REG, 2, 3, .flags = F_NAMED, .other = 'B', BAD_CDB(1) },
	{ 'B', IGN, 9, 3, .after = "g3 t0 A2 B3" },
	{ 'B', IGN, 9, 4, .flags = F_APTPL, .after = "g4 t0 A2 B4 aptpl" },
	{ 'A', REG, 2, 0, .flags = F_APTPL, .after = "g5 t0 B4 aptpl" },
	{ 'B', REG, 4, 0, .after = "g6 t0" },
	{ 'A', REG, 0, 7, .flags = F_NAMED, .other = 'C', .after = "g7 t0 A7 C7" },
	{ 'D', REG, 0, 8, .flags = F_NAMED, .other = 'C', .after = "g8 t0 A7 C7 D8" },
	{ 'A', IGN, 0, 0, .after = "g9 t0 C7 D8" },
};

static const struct pr_step steps_all_ports[] = {
	{ 'B', REG, 0, 5, .after = "g1 t0 B5" },
	{ 'A', REG, 0, 1, .flags = F_ALL, .after = "g2 t0 B5 A1 C1 D1" }, /* B keeps its own */
	{ 'C', REG, 1, 2, .after = "g3 t0 B5 A1 C2 D1" },
	{ 'A', REG, 1, 6, .flags = F_ALL, .after = "g4 t0 B5 A6 C2 D6" },
	{ 'A', IGN, 0, 3, .flags = F_ALL, .after = "g5 t0 B3 A3 C3 D3" },
	{ 'D', REG, 3, 0, .flags = F_ALL, .after = "g6 t0" },
};

static const struct pr_step steps_reserve[] = {
	{ 'A', RSV, 0, 0, 1, CONFLICT },
	{ 'A', REG, 0, 1, .after = "g1 t0 A1" },
	{ 'B', REG, 0, 2, .after = "g2 t0 A1 B2" },
	{ 'A', RSV, 2, 0, 1, CONFLICT },
	{ 'A', RSV, 1, 0, 0, BAD_CDB(2) },
	{ 'A', RSV, 1, 0, 2, BAD_CDB(2) },
	{ 'A', RSV, 1, 0, 9, BAD_CDB(2) },
	{ 'A', RSV, 1, 0, 1, F_SCOPE, BAD_CDB(2) },
	{ 'A', RSV, 1, 0, 1, .after = "g2 t1 A1* B2" },
	{ 'A', RSV, 1, 0, 1, .after = "g2 t1 A1* B2" },
	{ 'A', RSV, 1, 0, 3, CONFLICT },
	{ 'B', RSV, 2, 0, 1, CONFLICT },
	{ 'B', REL, 2, 0, 1, .after = "g2 t1 A1* B2" },
	{ 'C', REL, 0, 0, 1, CONFLICT },
	{ 'A', REL, 3, 0, 1, CONFLICT },
	{ 'A', REL, 1, 0, 3, .why = TCM_INVALID_RELEASE_OF_RESERVATION },
	{ 'A', REL, 1, 0, 1, F_SCOPE, .why = TCM_INVALID_RELEASE_OF_RESERVATION },
	{ 'A', REL, 1, 0, 1, .after = "g2 t0 A1 B2" },
	{ 'A', REL, 1, 0, 1, .after = "g2 t0 A1 B2" },
	{ 'A', RSV, 1, 0, 5, .after = "g2 t5 A1* B2" },
	{ 'A', REL, 1, 0, 5, .after = "g2 t0 A1 B2|B:R" },
	{ 'A', RSV, 1, 0, 6, .after = "g2 t6 A1* B2" },
	{ 'A', REG, 1, 0, .after = "g3 t0 B2|B:R" },
	{ 'B', RSV, 2, 0, 3, .after = "g3 t3 B2*" },
	{ 'A', REG, 0, 1, .after = "g4 t3 B2* A1" },
	{ 'B', REG, 2, 0, .after = "g5 t0 A1" },
	{ 'A', LOST, 1, 0, 1, BAD_CDB(1) },
	{ 'A', 9, 1, 0, 1, BAD_CDB(1) },
};

static const struct pr_step steps_all_registrants[] = {
	{ 'A', REG, 0, 1, .after = "g1 t0 A1" },
	{ 'B', REG, 0, 2, .after = "g2 t0 A1 B2" },
	{ 'A', RSV, 1, 0, 7, .after = "g2 t7 A1* B2*" },
	{ 'B', RSV, 2, 0, 7, .after = "g2 t7 A1* B2*" },
	{ 'B', RSV, 2, 0, 8, CONFLICT },
	{ 'C', REG, 0, 3, .after = "g3 t7 A1* B2* C3*" },
	{ 'A', REG, 1, 0, .after = "g4 t7 B2* C3*" },		/* others hold it */
	{ 'C', MOV, 3, 4, .other = 'A', CONFLICT },
	{ 'B', REL, 2, 0, 8, .why = TCM_INVALID_RELEASE_OF_RESERVATION },
	{ 'C', REL, 3, 0, 7, .after = "g4 t0 B2 C3|B:R" },
	{ 'C', RSV, 3, 0, 8, .after = "g4 t8 B2* C3*" },
	{ 'B', PRE, 2, 3, 8, .after = "g5 t8 B2*|C:U" },	/* only registrations */
	{ 'B', PRE, 2, 9, 8, CONFLICT },
	{ 'C', REG, 0, 3, .after = "g6 t8 B2* C3*" },
	{ 'D', REG, 0, 4, .after = "g7 t8 B2* C3* D4*" },
	{ 'D', PRE, 4, 0, 2, BAD_CDB(2) },
	{ 'D', PRE, 4, 0, 5, .after = "g8 t5 D4*|B:U C:U" },
	{ 'D', REG, 4, 0, .after = "g9 t0" },
};

static const struct pr_step steps_preempt[] = {
	{ 'A', REG, 0, 1, .after = "g1 t0 A1" },
	{ 'B', REG, 0, 2, .after = "g2 t0 A1 B2" },
	{ 'C', REG, 0, 2, .after = "g3 t0 A1 B2 C2" },
	{ 'D', REG, 0, 4, .after = "g4 t0 A1 B2 C2 D4" },
	{ 'A', PRE, 2, 2, 1, CONFLICT },
	{ 'A', PRE, 1, 0, 1, BAD_LIST(8) },
	{ 'A', PRE, 1, 9, 1, CONFLICT },
	{ 'A', PRE, 1, 2, 0, .after = "g5 t0 A1 D4|B:U C:U" },	/* no reservation: no type */
	{ 'B', REG, 0, 2, .after = "g6 t0 A1 D4 B2" },
	{ 'C', REG, 0, 3, .after = "g7 t0 A1 D4 B2 C3" },
	{ 'B', RSV, 2, 0, 5, .after = "g7 t5 A1 D4 B2* C3" },
	{ 'A', PRE, 1, 0, 1, BAD_LIST(8) },
	{ 'A', PRE, 1, 3, 0, .after = "g8 t5 A1 D4 B2*|C:U" },	/* not the holder's */
	{ 'A', PRE, 1, 2, 0, BAD_CDB(2) },
	{ 'A', PRE, 1, 2, 1, F_SCOPE, BAD_CDB(2) },
	{ 'A', PRE, 1, 2, 5, .after = "g9 t5 A1* D4|B:U" },	/* the same type: nobody is told */
	{ 'D', PAA, 4, 1, 6, .after = "g10 t6 D4*|A:UX" },
	{ 'A', REG, 0, 1, .after = "g11 t6 D4* A1" },
	{ 'B', REG, 0, 2, .after = "g12 t6 D4* A1 B2" },
	{ 'D', PRE, 4, 4, 1, .after = "g13 t1 D4* A1 B2|A:R B:R" },	/* its own, another type */
	{ 'A', PAA, 1, 4, 3, .after = "g14 t3 A1* B2|B:R D:UX" },
	{ 'A', PAA, 1, 2, 3, .after = "g15 t3 A1*|B:UX" },
};

static const struct pr_step steps_clear[] = {
	{ 'A', CLR, 0, 0, CONFLICT },
	{ 'A', REG, 0, 1, .after = "g1 t0 A1" },
	{ 'B', REG, 0, 2, .after = "g2 t0 A1 B2" },
	{ 'C', REG, 0, 3, .after = "g3 t0 A1 B2 C3" },
	{ 'B', RSV, 2, 0, 6, .after = "g3 t6 A1 B2* C3" },
	{ 'A', CLR, 2, 0, CONFLICT },
	{ 'A', CLR, 1, 0, .after = "g4 t0|B:P C:P" },
	{ 'A', CLR, 1, 0, CONFLICT },
};

static const struct pr_step steps_move[] = {
	{ 'A', MOV, 0, 2, .other = 'B', CONFLICT },
	{ 'A', REG, 0, 1, .after = "g1 t0 A1" },
	{ 'A', MOV, 1, 2, .other = 'B', CONFLICT },		/* nothing to move */
	{ 'A', RSV, 1, 0, 3, .after = "g1 t3 A1*" },
	{ 'C', REG, 0, 3, .after = "g2 t3 A1* C3" },
	{ 'C', MOV, 3, 2, .other = 'B', CONFLICT },		/* not its own */
	{ 'A', MOV, 3, 2, .other = 'B', CONFLICT },
	{ 'A', MOV, 1, 0, .other = 'B', BAD_LIST(8) },
	{ 'A', MOV, 1, 2, .other = 'A', BAD_LIST(24) },
	{ 'A', MOV, 1, 2, .other = 'B', .flags = F_APTPL, .after = "g3 t3 A1 C3 B2* aptpl" },
	{ 'B', MOV, 2, 4, .other = 'C', .flags = F_UNREG, .after = "g4 t3 A1 C4*" },
};

/* What is lost leaves no registrations; but what userspace has brought is known. */
static const struct pr_step steps_replace_lost[] = {
	{ 'A', LOST, 0, 1, 1, BAD_CDB(1) },
	{ 'A', LOST, 0, 1, 1, F_REPLACES, .why = TCM_INVALID_RELEASE_OF_RESERVATION },
	{ 'A', LOST, 9, 1, 1, F_LOST, BAD_LIST(0) },
	{ 'A', LOST, 0, 0, 1, F_LOST, BAD_LIST(8) },
	{ 'A', LOST, 0, 1, 2, F_LOST, BAD_CDB(2) },
	{ 'A', LOST, 0, 1, 1, F_LOST | F_SCOPE, BAD_CDB(2) },
	{ 'A', LOST, 0, 1, 1, F_LOST, .after = "g0 t1 A1*" },
	{ 'A', LOST, 0, 2, 3, F_REPLACES, .why = TCM_INVALID_RELEASE_OF_RESERVATION },
	{ 'B', LOST, 0, 2, 3, F_REPLACES, CONFLICT },
	{ 'B', REG, 0, 2, .after = "g1 t1 A1* B2" },
	{ 'B', LOST, 0, 2, 3, F_REPLACES, .why = TCM_INVALID_RELEASE_OF_RESERVATION },
	{ 'C', LOST, 0, 7, 6, F_LOST | F_APTPL, .after = "g0 t6 C7* aptpl" },
	{ 'C', LOST, 0, 8, 8, F_LOST, .after = "g0 t8 C8*" },
};

struct pr_script {
	const char		*what;
	const struct pr_step	*step;
	unsigned int		count;
};

#define SCRIPT(name)	{ #name, steps_##name, ARRAY_SIZE(steps_##name) }

static const struct pr_script pr_scripts[] = {
	SCRIPT(register), SCRIPT(all_ports), SCRIPT(reserve), SCRIPT(all_registrants),
	SCRIPT(preempt), SCRIPT(clear), SCRIPT(move), SCRIPT(replace_lost),
};

static void pr_script_desc(const struct pr_script *s, char *desc)
{
	strscpy(desc, s->what, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(pr_script, pr_scripts, pr_script_desc);

static char pr_letter(struct pr_fixture *f, const struct target_pr_nexus *nexus)
{
	unsigned int i;

	for (i = 0; i < PR_NEXUSES; i++)
		if (target_pr_nexus_same(f->nexus[i], nexus))
			return 'A' + i;
	return '?';
}

static u32 pr_put_fates(struct pr_fixture *f, const struct target_pr_state *was,
			const struct target_pr_change *c, u32 len)
{
	char sep = '|', who;
	u32 reg;

	for (who = 'A'; was && c->fate && who < 'A' + PR_NEXUSES; who++) {
		u8 fate;

		reg = target_pr_find(was, f->nexus[who - 'A']);
		fate = reg == TARGET_PR_NONE ? 0 : c->fate[reg] & ~TARGET_PR_GONE;
		if (!fate)
			continue;
		len += scnprintf(f->text + len, PR_TEXT - len, "%c%c:%s%s%s%s", sep, who,
				 fate & TARGET_PR_TELL_PREEMPTED ? "P" : "",
				 fate & TARGET_PR_TELL_RELEASED ? "R" : "",
				 fate & TARGET_PR_TELL_UNREGISTERED ? "U" : "",
				 fate & TARGET_PR_ABORT ? "X" : "");
		sep = ' ';
	}
	return len;
}

static void pr_describe(struct pr_fixture *f, const struct target_pr_state *was,
			const struct target_pr_change *c)
{
	const struct target_pr_state *now = f->state;
	u32 i, len;

	len = scnprintf(f->text, PR_TEXT, "g%u t%u", now ? now->generation : 0,
			now ? now->type : 0);
	for (i = 0; now && i < now->count; i++)
		len += scnprintf(f->text + len, PR_TEXT - len, " %c%llu%s",
				 pr_letter(f, now->reg[i].nexus), now->reg[i].key,
				 target_pr_holds(now, i) ? "*" : "");
	if (now && now->aptpl)
		len += scnprintf(f->text + len, PR_TEXT - len, " aptpl");
	pr_put_fates(f, was, c, len);
}

static sense_reason_t pr_send(struct pr_fixture *f, const struct pr_step *s,
			      struct target_pr_change *c)
{
	struct target_pr_request rq = {
		.action = s->action,
		.type = s->type,
		.scope = s->flags & F_SCOPE ? 1 : 0,
		.key = s->key,
		.new_key = s->new_key,
		.named = s->flags & F_NAMED,
		.all_ports = s->flags & F_ALL,
		.aptpl = s->flags & F_APTPL,
		.unregister = s->flags & F_UNREG,
		.replaces = s->flags & (F_REPLACES | F_LOST),
		.lost = s->flags & F_LOST,
		.self = f->nexus[s->who - 'A'],
	};

	if (s->other) {
		rq.others = &f->nexus[s->other - 'A'];
		rq.count = 1;
	} else if (rq.all_ports) {
		rq.others = f->nexus;
		rq.count = PR_NEXUSES;
	}
	return target_pr_apply(f->state, &rq, c);
}

static void pr_do_step(struct kunit *test, const struct pr_step *s, const char *what,
		       unsigned int i)
{
	struct pr_fixture *f = test->priv;
	struct target_pr_state *was = f->state;
	struct target_pr_change c = { };

	KUNIT_ASSERT_EQ_MSG(test, (__force u32)pr_send(f, s, &c), (__force u32)s->why, "%s %u",
			    what, i);
	if (s->why) {
		KUNIT_EXPECT_NULL(test, c.now);
		if (s->at)
			KUNIT_EXPECT_EQ_MSG(test, c.in_cdb ? -c.byte : c.byte, s->at, "%s %u",
					    what, i);
		return;
	}
	if (c.now) {
		f->state = c.now;
		c.now = NULL;
	}
	pr_describe(f, was, &c);
	KUNIT_EXPECT_STREQ_MSG(test, f->text, s->after, "%s %u", what, i);
	if (f->state != was)
		target_pr_state_free(was);
	target_pr_change_end(&c);
}

static void pr_steps(struct kunit *test)
{
	const struct pr_script *script = test->param_value;
	unsigned int i;

	for (i = 0; i < script->count; i++)
		pr_do_step(test, &script->step[i], script->what, i);
}

/* --- resources --------------------------------------------------------------------------- */

static struct target_pr_nexus *pr_nexus(u64 initiator, u16 tag)
{
	struct target_initiator name = { .protocol = SCSI_PROTOCOL_SAS };
	struct target_pr_port port = { .protocol = SCSI_PROTOCOL_SAS, .tag = tag, .rtpi = tag };

	snprintf(name.name, sizeof(name.name), "naa.%016llx", initiator);
	strscpy(port.fabric, "loopback", sizeof(port.fabric));
	strscpy(port.target, "naa.5001405000000001", sizeof(port.target));
	return target_pr_nexus_alloc(&name, &port, 0);
}

/* As many as there may be, and one more; all in READ KEYS. */
static void pr_resources(struct kunit *test)
{
	struct pr_fixture *f = test->priv;
	static const struct pr_step one_more = { 'A', REG, 0, 1 };
	struct target_pr_change c = { };
	struct target_buf b;
	u8 header[8];
	u32 i;

	f->state = target_pr_state_copy(NULL, TARGET_PR_MAX);
	KUNIT_ASSERT_NOT_NULL(test, f->state);
	for (i = 0; i < TARGET_PR_MAX; i++) {
		struct target_pr_nexus *nexus = pr_nexus(0x6000000000000000ULL + i, 1);

		KUNIT_ASSERT_NOT_NULL(test, nexus);
		target_pr_state_add(f->state, nexus, i + 1, false);
		target_pr_nexus_put(nexus);
	}
	KUNIT_EXPECT_EQ(test, (__force u32)pr_send(f, &one_more, &c),
			(__force u32)TCM_INSUFFICIENT_REGISTRATION_RESOURCES);
	KUNIT_EXPECT_NULL(test, c.now);
	target_buf_init(&b, header, sizeof(header));
	target_pr_build_keys(&b, f->state);
	KUNIT_EXPECT_EQ(test, b.len, 8U + 8 * TARGET_PR_MAX);
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(header + 4), 8U * TARGET_PR_MAX);
}

/* --- parameter data ---------------------------------------------------------------------- */

static void pr_reserved_by_a(struct kunit *test, u8 type)
{
	const struct pr_step steps[] = {
		{ 'A', REG, 0, 0x0102030405060708, .after = "g1 t0 A72623859790382856" },
		{ 'B', REG, 0, 2, .after = "g2 t0 A72623859790382856 B2" },
		{ 'A', RSV, 0x0102030405060708, 0, type,
		  .after = type == 7 ? "g2 t7 A72623859790382856* B2*" :
				       "g2 t5 A72623859790382856* B2" },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(steps); i++)
		pr_do_step(test, &steps[i], "data", i);
}

static void pr_data_keys(struct kunit *test)
{
	static const u8 want[] = { 0, 0, 0, 2, 0, 0, 0, 16, 1, 2, 3, 4, 5, 6, 7, 8,
				   0, 0, 0, 0, 0, 0, 0, 2 };
	struct pr_fixture *f = test->priv;
	u8 data[32] = { };
	struct target_buf b;

	target_buf_init(&b, data, sizeof(data));
	target_pr_build_keys(&b, NULL);
	KUNIT_EXPECT_EQ(test, b.len, 8U);
	KUNIT_EXPECT_EQ(test, get_unaligned_be64(data), 0ULL);
	pr_reserved_by_a(test, 5);
	target_buf_init(&b, data, sizeof(data));
	target_pr_build_keys(&b, f->state);
	KUNIT_ASSERT_EQ(test, b.len, (u32)sizeof(want));
	KUNIT_EXPECT_EQ(test, memcmp(data, want, sizeof(want)), 0);
}

static void pr_data_reservation(struct kunit *test)
{
	static const u8 want[] = { 0, 0, 0, 2, 0, 0, 0, 16, 1, 2, 3, 4, 5, 6, 7, 8,
				   0, 0, 0, 0, 0, 5, 0, 0 };
	struct pr_fixture *f = test->priv;
	u8 data[32] = { };
	struct target_buf b;

	target_buf_init(&b, data, sizeof(data));
	target_pr_build_reservation(&b, NULL);
	KUNIT_EXPECT_EQ(test, b.len, 8U);
	pr_reserved_by_a(test, 5);
	target_buf_init(&b, data, sizeof(data));
	target_pr_build_reservation(&b, f->state);
	KUNIT_ASSERT_EQ(test, b.len, (u32)sizeof(want));
	KUNIT_EXPECT_EQ(test, memcmp(data, want, sizeof(want)), 0);
}

/* What all hold has nobody's key. */
static void pr_data_all_registrants(struct kunit *test)
{
	struct pr_fixture *f = test->priv;
	u8 data[32] = { };
	struct target_buf b;

	pr_reserved_by_a(test, 7);
	target_buf_init(&b, data, sizeof(data));
	target_pr_build_reservation(&b, f->state);
	KUNIT_EXPECT_EQ(test, get_unaligned_be64(data + 8), 0ULL);
	KUNIT_EXPECT_EQ(test, data[21], 7);
}

static void pr_data_capabilities(struct kunit *test)
{
	static const u8 none[] = { 0, 8, 0x1c, 0xb0, 0xea, 0x01, 0, 0 };
	static const u8 both[] = { 0, 8, 0x1d, 0xb1, 0xea, 0x01, 0, 0 };
	static const u8 all[] = { 0, 8, 0x9d, 0xb1, 0xea, 0x01, 0, 0 };
	u8 data[8];
	struct target_buf b;

	target_buf_init(&b, data, sizeof(data));
	target_pr_build_capabilities(&b, false, false, false);
	KUNIT_ASSERT_EQ(test, b.len, (u32)sizeof(none));
	KUNIT_EXPECT_EQ(test, memcmp(data, none, sizeof(none)), 0);
	target_buf_init(&b, data, sizeof(data));
	target_pr_build_capabilities(&b, true, true, false);
	KUNIT_EXPECT_EQ(test, memcmp(data, both, sizeof(both)), 0);
	target_buf_init(&b, data, sizeof(data));
	target_pr_build_capabilities(&b, true, true, true);
	KUNIT_EXPECT_EQ(test, memcmp(data, all, sizeof(all)), 0);
}

/* The port's RTPI is what it is now. */
static void pr_data_full_status(struct kunit *test)
{
	static const u8 want[] = {
		0, 0, 0, 2, 0, 0, 0, 96,
		1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0, 0x01, 0x05, 0, 0, 0, 0, 0, 77, 0, 0, 0, 24,
		0x06, 0, 0, 0, 0x50, 0x01, 0x40, 0x50, 0xde, 0xad, 0xbe, 0xef,
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 24,
		0x06, 0, 0, 0, 0x50, 0x01, 0x40, 0x50, 0xde, 0xad, 0xbe, 0xef,
	};
	struct pr_fixture *f = test->priv;
	struct target_pr_ports *ports = kunit_kzalloc(test, struct_size(ports, port, 1),
						      GFP_KERNEL);
	struct target_buf b;
	u8 data[128] = { };

	KUNIT_ASSERT_NOT_NULL(test, ports);
	pr_reserved_by_a(test, 5);
	ports->count = 1;
	ports->port[0] = f->nexus[0]->port;
	ports->port[0].rtpi = 77;
	target_buf_init(&b, data, sizeof(data));
	target_pr_build_full_status(&b, f->state, ports);
	KUNIT_ASSERT_EQ(test, b.len, 104U);
	KUNIT_EXPECT_EQ(test, memcmp(data, want, sizeof(want)), 0);
}

static int pr_init(struct kunit *test)
{
	struct pr_fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, f);
	for (i = 0; i < PR_NEXUSES; i++) {
		f->nexus[i] = pr_nexus(0x50014050deadbeefULL, i + 1);
		KUNIT_ASSERT_NOT_NULL(test, f->nexus[i]);
	}
	test->priv = f;
	return 0;
}

static void pr_exit(struct kunit *test)
{
	struct pr_fixture *f = test->priv;
	unsigned int i;

	if (!f)
		return;
	target_pr_state_free(f->state);
	for (i = 0; i < PR_NEXUSES; i++)
		target_pr_nexus_put(f->nexus[i]);
}

static struct kunit_case pr_cases[] = {
	KUNIT_CASE_PARAM(pr_steps, pr_script_gen_params),
	KUNIT_CASE(pr_resources),
	KUNIT_CASE(pr_data_keys),
	KUNIT_CASE(pr_data_reservation),
	KUNIT_CASE(pr_data_all_registrants),
	KUNIT_CASE(pr_data_capabilities),
	KUNIT_CASE(pr_data_full_status),
	{ }
};

static struct kunit_suite pr_suite = {
	.name		= "target_core_pr",
	.init		= pr_init,
	.exit		= pr_exit,
	.test_cases	= pr_cases,
};

kunit_test_suite(pr_suite);
