// SPDX-License-Identifier: GPL-2.0-only
#include <linux/kstrtox.h>
#include <linux/math64.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/unaligned.h>
#include "alua.h"
#include "cdb.h"
#include "itl.h"
#include "lba_map.h"
#include "passthrough.h"
#include "sbc.h"
#include "sense.h"
#include "spc.h"
#include "ua.h"

#define MAP_HEADER_LEN	4	/* bytes of the header of REPORT REFERRALS */
#define MAP_DESC_LEN	20	/* of a descriptor without its groups */
#define MAP_GROUP_LEN	4
#define MAP_GROUPS_MAX	255	/* NUMBER OF TARGET PORT GROUP DESCRIPTORS */
#define MAP_ONE_SEG	0x01	/* byte 14 of the CDB */
#define MAP_LBA_AT	2

struct target_lba_group {
	u16	id;
	u8	state;		/* enum target_alua_state */
};

struct target_lba_line {
	u64	first;
	u64	last;
};

/* Never changes once it is made: a unit gets another one. */
struct target_lba_map {
	struct rcu_head		rcu;
	u32			size;		/* USER DATA SEGMENT SIZE */
	u32			multiplier;	/* USER DATA SEGMENT MULTIPLIER */
	u32			lines;
	u32			groups;		/* of each line */
	struct target_lba_group	*group;		/* @groups for each line, behind @line */
	struct target_lba_line	line[];
};

static const struct map_letter {
	char	letter;
	u8	state;
} map_letters[] = {
	{ 'O', TARGET_ALUA_AO },
	{ 'A', TARGET_ALUA_AN },
	{ 'S', TARGET_ALUA_STANDBY },
	{ 'U', TARGET_ALUA_UNAVAILABLE },
};

/* --- blocks ------------------------------------------------------------------------------ */

/* From one segment of a line to the next; 0 if a line is one segment. */
static u64 map_period(const struct target_lba_map *map)
{
	return (u64)map->size * map->multiplier;
}

/* Blocks below @n of which the first @size of every @period count. */
static u64 map_count_below(u64 n, u32 size, u64 period)
{
	u64 rest, whole = div64_u64_rem(n, period, &rest);

	return whole * size + min_t(u64, rest, size);
}

/* How many blocks from @first to @last is a line about? */
static u64 map_count(const struct target_lba_map *map, const struct target_lba_line *line,
		     u64 first, u64 last)
{
	u64 period = map_period(map);

	first = max(first, line->first);
	last = min(last, line->last);
	if (first > last)
		return 0;
	if (!period)
		return last - first + 1;
	return map_count_below(last + 1 - line->first, map->size, period) -
	       map_count_below(first - line->first, map->size, period);
}

static const struct target_lba_group *map_group(const struct target_lba_map *map, u32 line, u16 id)
{
	u32 i;

	for (i = line * map->groups; i < (line + 1) * map->groups; i++)
		if (map->group[i].id == id)
			return &map->group[i];
	return NULL;
}

u8 target_lba_map_state(const struct target_lba_map *map, u16 group, u64 first, u64 count,
			int *line)
{
	u8 worst = TARGET_ALUA_AO;
	u64 left = count;
	u32 i;

	*line = -1;
	for (i = 0; map && i < map->lines; i++) {
		u64 n = map_count(map, &map->line[i], first, first + count - 1);
		const struct target_lba_group *g = map_group(map, i, group);
		u8 state = g ? g->state : TARGET_ALUA_UNAVAILABLE;

		left -= n;
		if (!n || state <= worst)
			continue;
		worst = state;
		*line = i;
	}
	if (!left)
		return worst;
	if (worst != TARGET_ALUA_UNAVAILABLE)
		*line = -1;
	return TARGET_ALUA_UNAVAILABLE;
}

/* --- text -------------------------------------------------------------------------------- */

/* The next word of a line, or NULL. */
static char *map_word(char **line)
{
	char *word;

	do
		word = strsep(line, " ");
	while (word && !*word);
	return word;
}

/* The next line that is not empty, or NULL. */
static char *map_text_line(char **text)
{
	char *line;

	do
		line = strsep(text, "\n");
	while (line && !*line);
	return line;
}

static int map_take_u64(char **line, u64 *value)
{
	char *word = map_word(line);

	return !word || kstrtou64(word, 10, value) ? -EINVAL : 0;
}

static int map_take_u32(char **line, u32 *value)
{
	char *word = map_word(line);

	return !word || kstrtou32(word, 10, value) ? -EINVAL : 0;
}

static int map_take_state(const char *letter, u8 *state)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(map_letters); i++) {
		if (letter[0] != map_letters[i].letter || letter[1])
			continue;
		*state = map_letters[i].state;
		return 0;
	}
	return -EINVAL;
}

static int map_take_group(struct target_lba_map *map, u32 at, char *word)
{
	struct target_lba_group *g = &map->group[at];
	char *id = strsep(&word, ":");

	if (!word || kstrtou16(id, 10, &g->id) || map_take_state(word, &g->state))
		return -EINVAL;
	/* One that the line has already? */
	for (; at % map->groups; at--)
		if (map->group[at - 1].id == g->id)
			return -EINVAL;
	return 0;
}

/* Blocks that two lines are about have two states. */
static bool map_overlap(const struct target_lba_map *map, u32 i, u32 k)
{
	const struct target_lba_line *a = &map->line[i], *b = &map->line[k];
	u64 period = map_period(map), from = max(a->first, b->first), rest;

	if (from > min(a->last, b->last))
		return false;
	if (!period)
		return true;
	/* Who starts later has, or just had, a segment of the other one where he starts ... */
	if (a->first > b->first)
		swap(a, b);
	div64_u64_rem(b->first - a->first, period, &rest);
	if (rest < map->size)
		return true;
	/* ... or runs into the next one. */
	return rest + map->size > period && b->first + (period - rest) <= min(a->last, b->last);
}

static int map_take_line(struct target_lba_map *map, char *text)
{
	struct target_lba_line *line = &map->line[map->lines];
	u32 i;

	if (map_take_u64(&text, &line->first) || map_take_u64(&text, &line->last) ||
	    line->first > line->last || line->last == U64_MAX)
		return -EINVAL;
	for (i = 0; i < map->groups; i++) {
		char *word = map_word(&text);

		if (!word || map_take_group(map, map->lines * map->groups + i, word))
			return -EINVAL;
	}
	if (map_word(&text))
		return -EINVAL;
	for (i = 0; i < map->lines; i++)
		if (map_overlap(map, i, map->lines))
			return -EINVAL;
	map->lines++;
	return 0;
}

static u32 map_count_char(const char *text, const char *end, char c)
{
	u32 n = 0;

	for (; *text && text != end; text++)
		n += *text == c;
	return n;
}

/* Room for all that the text can have in it: the first line says how many groups there are. */
static struct target_lba_map *map_alloc(const char *text)
{
	u32 lines = map_count_char(text, NULL, '\n') + 1;
	u32 groups = map_count_char(text, strchrnul(text, '\n'), ':');
	struct target_lba_map *map;

	if (!groups || groups > MAP_GROUPS_MAX)
		return ERR_PTR(-EINVAL);
	map = kzalloc(struct_size(map, line, lines) + lines * groups * sizeof(*map->group),
		      GFP_KERNEL);
	if (!map)
		return ERR_PTR(-ENOMEM);
	map->groups = groups;
	map->group = (struct target_lba_group *)&map->line[lines];
	return map;
}

static int map_take_lines(struct target_lba_map *map, char *text)
{
	char *line;
	int err = 0;

	while (!err && (line = map_text_line(&text)))
		err = map_take_line(map, line);
	return err;
}

struct target_lba_map *target_lba_map_parse(char *text)
{
	struct target_lba_map *map;
	u32 size, multiplier;
	char *line = map_text_line(&text);
	int err;

	if (!line)
		return NULL;
	if (map_take_u32(&line, &size) || map_take_u32(&line, &multiplier) || map_word(&line))
		return ERR_PTR(-EINVAL);
	while (text && *text == '\n')
		text++;
	if (!text || !*text)
		return NULL;
	map = map_alloc(text);
	if (IS_ERR(map))
		return map;
	map->size = size;
	map->multiplier = multiplier;
	err = map_take_lines(map, text);
	if (!err)
		return map;
	kfree(map);
	return ERR_PTR(err);
}

void target_lba_map_free(struct target_lba_map *map)
{
	kfree(map);
}

static char map_letter_of(u8 state)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(map_letters); i++)
		if (map_letters[i].state == state)
			return map_letters[i].letter;
	return '?';
}

ssize_t target_lba_map_print(const struct target_lba_map *map, char *page, size_t size)
{
	size_t len = 0;
	u32 i, k;

	if (!map)
		return 0;
	len += scnprintf(page, size, "%u %u\n", map->size, map->multiplier);
	for (i = 0; i < map->lines; i++) {
		const struct target_lba_group *g = &map->group[i * map->groups];

		len += scnprintf(page + len, size - len, "%llu %llu", map->line[i].first,
				 map->line[i].last);
		for (k = 0; k < map->groups; k++)
			len += scnprintf(page + len, size - len, " %u:%c", g[k].id,
					 map_letter_of(g[k].state));
		len += scnprintf(page + len, size - len, "\n");
	}
	return len;
}

/* --- a unit's map ------------------------------------------------------------------------ */

/* A map makes the state possible for the groups that are there. */
static void map_allow_state(struct se_device *dev)
{
	struct target_tg_pt_gp *gp;

	guard(spinlock_irqsave)(&dev->lun_lock);
	list_for_each_entry(gp, &dev->tg_pt_gps, node)
		gp->supported |= TARGET_ALUA_LBD_SUP;
}

void target_lba_map_set(struct se_device *dev, struct target_lba_map *map)
{
	struct target_lba_map *was;

	lockdep_assert_held(&dev->lock);
	was = rcu_replace_pointer(dev->lba_map, map, lockdep_is_held(&dev->lock));
	if (map)
		map_allow_state(dev);
	if (map || was) {
		target_ua_set_all(dev, TARGET_UA_INQUIRY_CHANGED, NULL);
		target_ua_set_all(dev, TARGET_UA_ALUA_CHANGED, NULL);
	}
	if (was)
		kfree_rcu(was, rcu);
}

void target_lba_map_exit(struct se_device *dev)
{
	kfree(rcu_dereference_protected(dev->lba_map, true));
}

bool target_lba_map_present(const struct se_device *dev)
{
	return rcu_access_pointer(dev->lba_map);
}

/* B3h, referrals (SBC-5 6.6.9) */
void target_lba_map_build_page(struct target_buf *b, const struct se_device *dev)
{
	const struct target_lba_map *map;

	guard(rcu)();
	map = rcu_dereference(dev->lba_map);
	target_buf_zero(b, 4);
	target_buf_be32(b, map ? map->size : 0);
	target_buf_be32(b, map ? map->multiplier : 0);
}

/*
 * Of a CDB that goes to the backstore as it came. One that nobody knows may be about all
 * blocks, and so may a parameter list, which nobody reads here. 0 can mean "to the end".
 */
static void map_blocks_of_cdb(const struct se_cmd *cmd, u64 *first, u64 *count)
{
	const struct target_cdb_op *op = target_passthrough_rules(cmd);
	u64 n = target_cdb_count(cmd->t_task_cdb, op);

	*first = 0;
	*count = 0;
	if (op->execute && op->range == TARGET_RANGE_NONE && !(op->flags & TARGET_CDB_LIST))
		return;
	if (op->lba.bytes)
		*first = target_cdb_get(cmd->t_task_cdb, op->lba);
	if (n || (op->lba.bytes && !(op->gates & TARGET_GATE_WP)))
		*count = n;
	else
		*count = (READ_ONCE(cmd->se_dev->blocks) ?: U64_MAX) - *first;
}

/*
 * What the CDB does not name may be all of them. What moves no user data needs none: what
 * is in a cache, for one, is not behind a port. Of a parameter list it is the worst range,
 * and none until that is known.
 */
static void map_blocks_of_cmd(const struct se_cmd *cmd, u64 *first, u64 *count)
{
	const struct target_cdb_op *op = cmd->op;
	bool needs = op->range != TARGET_RANGE_NONE;

	*first = 0;
	*count = 0;
	if (!op->execute) {
		map_blocks_of_cdb(cmd, first, count);
	} else if (op->flags & TARGET_CDB_LIST ||
		   (needs && op->lba.bytes && !(cmd->se_cmd_flags & SCF_ALL_BLOCKS))) {
		*first = cmd->t_task_lba;
		*count = cmd->t_task_nolb;
	} else if (needs) {
		*count = READ_ONCE(cmd->se_dev->blocks);
	}
}

static u8 map_state_of_blocks(const struct target_lba_map *map, const struct se_lun *lun,
			      u64 first, u64 count, int *line)
{
	*line = -1;
	if (!count)
		return TARGET_ALUA_AO;
	return target_lba_map_state(map, READ_ONCE(lun->alua_id), first, count, line);
}

static u8 map_state_of_cmd(struct se_cmd *cmd, const struct target_lba_map *map, int *line)
{
	u64 first, count;

	map_blocks_of_cmd(cmd, &first, &count);
	return map_state_of_blocks(map, cmd->se_lun, first, count, line);
}

u8 target_lba_map_state_of_cmd(struct se_cmd *cmd)
{
	int line;

	guard(rcu)();
	return map_state_of_cmd(cmd, rcu_dereference(cmd->se_dev->lba_map), &line);
}

u8 target_lba_map_state_of_blocks(const struct target_itl *itl, u64 lba, u64 blocks)
{
	const struct target_lba_map *map;
	int line;

	guard(rcu)();
	map = rcu_dereference(itl->dev->lba_map);
	return map_state_of_blocks(map, itl->lun, lba, blocks, &line);
}

static bool map_is_reached(const struct target_lba_map *map, u32 line)
{
	u32 i;

	for (i = line * map->groups; i < (line + 1) * map->groups; i++)
		if (map->group[i].state <= TARGET_ALUA_AN)
			return true;
	return false;
}

bool target_lba_map_refers(struct se_cmd *cmd)
{
	const struct target_lba_map *map;
	int line;

	guard(rcu)();
	map = rcu_dereference(cmd->se_dev->lba_map);
	if (!map)
		return false;
	map_state_of_cmd(cmd, map, &line);
	return line >= 0 && map_is_reached(map, line);
}

/* A user data segment referral descriptor */
static void map_build_line(struct target_buf *b, const struct target_lba_map *map, u32 i)
{
	const struct target_lba_group *g = &map->group[i * map->groups];
	u32 k;

	target_buf_zero(b, 3);
	target_buf_u8(b, map->groups);
	target_buf_be64(b, map->line[i].first);
	target_buf_be64(b, map->line[i].last);
	for (k = 0; k < map->groups; k++) {
		target_buf_u8(b, g[k].state);
		target_buf_u8(b, 0);
		target_buf_be16(b, g[k].id);
	}
}

/* The line of the block that is in the way, if it fits; NOT_ALL_R says there are others. */
void target_lba_map_sense(struct target_sense *sense, struct se_cmd *cmd)
{
	const struct target_lba_map *map;
	struct target_buf b;
	int line;

	guard(rcu)();
	map = rcu_dereference(cmd->se_dev->lba_map);
	if (!map)
		return;
	map_state_of_cmd(cmd, map, &line);
	if (line < 0 || MAP_DESC_LEN + map->groups * MAP_GROUP_LEN > sizeof(sense->referral))
		return;
	target_buf_init(&b, sense->referral, sizeof(sense->referral));
	map_build_line(&b, map, line);
	sense->referral_len = b.len;
	sense->referral_partial = map->lines > 1;
}

/* --- REPORT REFERRALS -------------------------------------------------------------------- */

void target_lba_map_build_report(struct target_buf *b, const struct target_lba_map *map, u64 lba,
				 bool one)
{
	u32 start = b->len, i;

	target_buf_be32(b, 0);
	for (i = 0; map && i < map->lines; i++) {
		if (one ? !map_count(map, &map->line[i], lba, lba) : map->line[i].last < lba)
			continue;
		map_build_line(b, map, i);
	}
	target_buf_set_be16(b, start + 2, b->len - start - MAP_HEADER_LEN);
}

static void map_build_report(struct se_cmd *cmd, struct target_buf *b)
{
	const u8 *cdb = cmd->t_task_cdb;

	guard(rcu)();
	target_lba_map_build_report(b, rcu_dereference(cmd->se_dev->lba_map),
				    get_unaligned_be64(cdb + MAP_LBA_AT), cdb[14] & MAP_ONE_SEG);
}

bool target_lba_map_supported(const struct se_device *dev)
{
	return dev && target_lba_map_present(dev);
}

sense_reason_t target_lba_map_parse_report(struct se_cmd *cmd)
{
	u64 lba = get_unaligned_be64(cmd->t_task_cdb + MAP_LBA_AT);

	return target_sbc_check_range(cmd, lba, 1);
}

static u32 map_report_size(const struct se_device *dev)
{
	const struct target_lba_map *map;

	guard(rcu)();
	map = rcu_dereference(dev->lba_map);
	if (!map)
		return MAP_HEADER_LEN;
	return MAP_HEADER_LEN + map->lines * (MAP_DESC_LEN + map->groups * MAP_GROUP_LEN);
}

/* SBC-5 5.27. Another map that is longer is counted in the length, and cut off. */
sense_reason_t target_lba_map_report(struct se_cmd *cmd)
{
	return target_spc_reply(cmd, map_report_size(cmd->se_dev), map_build_report);
}
