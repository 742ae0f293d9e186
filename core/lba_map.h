/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Referrals (SBC-5 4.28): which blocks can be reached through which target port groups,
 * while these are in the state LBA dependent.
 *
 * The map is text, as it is read and written:
 *
 *	<segment size> <multiplier>
 *	<first> <last> <group>:<state> [<group>:<state>]...
 *
 * in decimal, with a line for each user data segment referral descriptor. A state is O
 * (active/optimized), A (active/non-optimized), S (standby) or U (unavailable). Without
 * segment size or multiplier a line is about all blocks from first to last; with them,
 * about as many as the segment size says from first on, and again after that size times
 * the multiplier, up to last.
 */
#ifndef TARGET_LBA_MAP_H
#define TARGET_LBA_MAP_H

#include "databuf.h"
#include <target/target_core_base.h>

struct target_itl;
struct target_lba_map;
struct target_sense;

/**
 * target_lba_map_parse - a map out of text
 * @text: see above; it is cut up
 *
 * Context: process, may sleep.
 * Return: the map, NULL if there is no line in it, or ERR_PTR: -EINVAL, -ENOMEM.
 */
struct target_lba_map *target_lba_map_parse(char *text);

/* Free one that no unit has. */
void target_lba_map_free(struct target_lba_map *map);

/* As text: bytes printed into @page of @size. @map may be NULL. */
ssize_t target_lba_map_print(const struct target_lba_map *map, char *page, size_t size);

/**
 * target_lba_map_state - what a port group does with blocks
 * @map: may be NULL
 * @group: the number of the group
 * @first: first block
 * @count: of blocks
 * @line: if the state is not an active one: the line that says so, or -1 if none does
 *
 * Context: any.
 * Return: enum target_alua_state: the most restrictive of all the blocks. A block that no
 * line is about, and one of whose lines none is about the group, is unavailable.
 */
u8 target_lba_map_state(const struct target_lba_map *map, u16 group, u64 first, u64 count,
			int *line);

/* Parameter data of REPORT REFERRALS from @lba on, or of its line only. @map may be NULL. */
void target_lba_map_build_report(struct target_buf *b, const struct target_lba_map *map, u64 lba,
				 bool one);

/* What is written to a unit's file; the map is the unit's. dev->lock is held. */
void target_lba_map_set(struct se_device *dev, struct target_lba_map *map);
void target_lba_map_exit(struct se_device *dev);

/* VPD page B3h, and R_SUP: is there a map? */
bool target_lba_map_present(const struct se_device *dev);
void target_lba_map_build_page(struct target_buf *b, const struct se_device *dev);

/* The state of the blocks of a command through its port, which is LBA dependent. Context: any. */
u8 target_lba_map_state_of_cmd(struct se_cmd *cmd);

/* The same of blocks that a nexus is about to read or write without a command; none need none. */
u8 target_lba_map_state_of_blocks(const struct target_itl *itl, u64 lba, u64 blocks);

/* Can another group reach what a command, which is refused, cannot? Context: any. */
bool target_lba_map_refers(struct se_cmd *cmd);

/* A user data segment referral sense data descriptor for it (SPC-6 4.4.2.9). */
void target_lba_map_sense(struct target_sense *sense, struct se_cmd *cmd);

/* REPORT REFERRALS */
bool target_lba_map_supported(const struct se_device *dev);
sense_reason_t target_lba_map_parse_report(struct se_cmd *cmd);
sense_reason_t target_lba_map_report(struct se_cmd *cmd);

#endif /* TARGET_LBA_MAP_H */
