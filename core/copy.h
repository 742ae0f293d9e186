/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Third-party copy (SPC-6 5.18, 6.4 and following; SBC-5 4.28): a logical unit's copy
 * manager.
 *
 * copy_parse.c	parameter lists of EXTENDED COPY, as numbers
 * copy_cscd.c	the logical units that descriptors name, and what is checked of them
 * copy_run.c	moves data, a piece at a time
 * copy_list.c	copy operations of a nexus by their list identifiers
 * copy.c		the commands that begin and abort a copy operation
 * copy_results.c	RECEIVE COPY RESULTS and its like; page 8Fh
 * rod.c		representations of data, and their tokens
 * token.c	the commands that make and use tokens
 */
#ifndef TARGET_COPY_H
#define TARGET_COPY_H

#include <linux/kref.h>
#include <linux/sizes.h>
#include <linux/workqueue.h>
#include "databuf.h"
#include "itl.h"
#include "sense.h"

/* What page 8Fh and OPERATING PARAMETERS report. */
#define TARGET_COPY_MAX_CSCDS		16
#define TARGET_COPY_MAX_SEGMENTS	64
#define TARGET_COPY_MAX_BYTES		SZ_256M	/* of a segment */
#define TARGET_COPY_MAX_RUNNING		32	/* copy operations of a unit at once */
#define TARGET_COPY_GRANULARITY		SZ_512	/* bytes of a segment are a multiple of it */
#define TARGET_COPY_PIECE		SZ_1M	/* bytes that are moved at once */

#define TARGET_COPY_THIS_LU	0xffff	/* CSCD DESCRIPTOR ID: the unit of the copy manager */
#define TARGET_CSCD_IDENT	0xe4	/* CSCD descriptor: identification descriptor */
#define TARGET_CSCD_LEN		32	/* bytes of a CSCD descriptor */
#define TARGET_SEGMENT_LEN	32	/* bytes of the longest segment descriptor */
/* Bytes of both lists of descriptors */
#define TARGET_COPY_MAX_LIST	(TARGET_COPY_MAX_CSCDS * TARGET_CSCD_LEN + \
				 TARGET_COPY_MAX_SEGMENTS * TARGET_SEGMENT_LEN)
#define TARGET_CSCD_DESIGNATOR	20	/* bytes of a designator in it */

/* SERVICE ACTION of THIRD-PARTY COPY OUT and IN */
enum target_copy_out {
	TARGET_COPY_LID1	= 0x00,
	TARGET_COPY_LID4	= 0x01,
	TARGET_COPY_POPULATE	= 0x10,
	TARGET_COPY_USE_TOKEN	= 0x11,
	TARGET_COPY_ABORT	= 0x1c,
};

enum target_copy_in {
	TARGET_COPY_STATUS_LID1		= 0x00,
	TARGET_COPY_PARAMETERS		= 0x03,
	TARGET_COPY_FAILED_DETAILS	= 0x04,
	TARGET_COPY_STATUS_LID4		= 0x05,
	TARGET_COPY_TOKEN_INFORMATION	= 0x07,
	TARGET_COPY_ALL_TOKENS		= 0x08,
};

/* Segment descriptor type codes */
enum target_copy_segment_type {
	TARGET_SEGMENT_BLOCK_TO_BLOCK	= 0x02,
	TARGET_SEGMENT_VERIFY_CSCD	= 0x07,
	TARGET_SEGMENT_BYTES		= 0x0a,	/* block to block with offset */
};

/* COPY OPERATION STATUS (SPC-6 6.25); LID1's COPY MANAGER STATUS comes from it */
enum target_copy_status {
	TARGET_COPY_GOOD	= 0x01,
	TARGET_COPY_FAILED	= 0x02,
	TARGET_COPY_PARTIAL	= 0x03,	/* done, with less than was asked for */
	TARGET_COPY_FOREGROUND	= 0x11,
	TARGET_COPY_BACKGROUND	= 0x12,
	TARGET_COPY_TERMINATED	= 0x60,
};

/* LIST ID USAGE */
enum target_copy_usage {
	TARGET_LIST_ID_HOLD	= 0,
	TARGET_LIST_ID_DISCARD	= 2,	/* results may be forgotten */
	TARGET_LIST_ID_NONE	= 3,	/* there is no list identifier */
};

/**
 * struct target_cscd - a CSCD descriptor
 * @at: its byte in the parameter list
 * @device_type: PERIPHERAL DEVICE TYPE
 * @block_length: DISK BLOCK LENGTH
 * @code_set: CODE SET
 * @type: ASSOCIATION and DESIGNATOR TYPE, as in a designation descriptor
 * @len: bytes of @designator that are used
 * @designator: DESIGNATOR
 */
struct target_cscd {
	u16	at;
	u8	device_type;
	u32	block_length;
	u8	code_set;
	u8	type;
	u8	len;
	u8	designator[TARGET_CSCD_DESIGNATOR];
};

/**
 * struct target_segment - a segment descriptor
 * @at: its byte in the parameter list
 * @type: enum target_copy_segment_type
 * @dc: DC: @blocks are the destination's
 * @tur: TUR: is the unit ready?
 * @source: CSCD descriptor ID
 * @dest: CSCD descriptor ID
 * @blocks: BLOCK DEVICE NUMBER OF BLOCKS
 * @bytes: NUMBER OF BYTES of %TARGET_SEGMENT_BYTES
 * @source_lba: first logical block
 * @dest_lba: first logical block
 */
struct target_segment {
	u16	at;
	u8	type;
	bool	dc;
	bool	tur;
	u16	source;
	u16	dest;
	u32	blocks;
	u32	bytes;
	u64	source_lba;
	u64	dest_lba;
};

/**
 * struct target_copy_list - a parameter list of EXTENDED COPY
 * @list_id: LIST IDENTIFIER
 * @usage: enum target_copy_usage
 * @immed: IMMED
 * @cscds: how many there are of @cscd
 * @segments: how many there are of @segment
 * @cscd: CSCD descriptors
 * @segment: segment descriptors
 */
struct target_copy_list {
	u32	list_id;
	u8	usage;
	bool	immed;
	u16	cscds;
	u16	segments;
	struct target_cscd	cscd[TARGET_COPY_MAX_CSCDS];
	struct target_segment	segment[TARGET_COPY_MAX_SEGMENTS];
};

/**
 * target_copy_parse_lid1 - read the parameter list of EXTENDED COPY(LID1) (SPC-6 6.5)
 * @cmd: gets the field pointer
 * @list: @len bytes, at least one
 * @len: see @list
 * @out: the result, zeroed
 *
 * Return: %TCM_NO_SENSE or what is wrong with it.
 */
sense_reason_t target_copy_parse_lid1(struct se_cmd *cmd, const u8 *list, u32 len,
				      struct target_copy_list *out);

/* The same of EXTENDED COPY(LID4) (SPC-6 6.4). */
sense_reason_t target_copy_parse_lid4(struct se_cmd *cmd, const u8 *list, u32 len,
				      struct target_copy_list *out);

/* --- what is moved ----------------------------------------------------------------------- */

struct target_rod;

/**
 * struct target_copy_extent - data that moves
 * @from: nexus of the source, NULL for zeros
 * @to: nexus of the destination, NULL if there is nothing to move
 * @from_byte: where it is
 * @to_byte: where it goes
 * @bytes: how much; whole blocks of both
 * @segment: number of its segment
 * @at: byte of the segment in the parameter list
 * @from_at: byte of the source's CSCD descriptor, 0 for none
 * @to_at: byte of the destination's
 */
struct target_copy_extent {
	struct target_itl	*from;
	struct target_itl	*to;
	u64			from_byte;
	u64			to_byte;
	u64			bytes;
	u16			segment;
	u16			at;
	u16			from_at;
	u16			to_at;
};

/**
 * struct target_copy_fault - what the sense of a failed copy says beyond its codes
 * @valid: there is something to say
 * @segment: number of the segment
 * @of: who failed: 1 is the source, 2 the destination, 0 neither
 * @why: what with
 * @field: byte of the parameter list that is to blame, 0 for none
 * @info: INFORMATION: blocks that were not written
 * @info_valid: @info means something: some were written
 */
struct target_copy_fault {
	bool		valid;
	u16		segment;
	u8		of;
	sense_reason_t	why;
	u16		field;
	u64		info;
	bool		info_valid;
};

enum { TARGET_FAULT_NONE, TARGET_FAULT_SOURCE, TARGET_FAULT_DEST };

/* Add it to the sense of the command that failed. */
void target_copy_fault_sense(struct target_sense *sense, const struct target_copy_fault *fault);

/**
 * struct target_copy - a copy operation, and its results
 * @ref: holders: the nexus' list, who runs it
 * @node: on target_itl::copies; the list's lock
 * @itl: the nexus that asked for it, held while it runs
 * @cmd: the command that waits for it, NULL in the background
 * @aborters: commands that wait for its end, se_cmd::blocked; the list's lock
 * @list_id: LIST IDENTIFIER
 * @usage: enum target_copy_usage
 * @action: SERVICE ACTION that began it, enum target_copy_out
 * @status: enum target_copy_status; written once when it ends
 * @abort: it shall end
 * @counter: goes up with each thing it has done
 * @segments_done: segments that are processed
 * @bytes_done: bytes that are written
 * @bytes_asked: bytes that were to be written
 * @told: LID1's status has been told, and is no more
 * @sense_len: bytes of @sense
 * @sense: of its end, as sense data
 * @fault: of its end
 * @extents: what is moved, @extent_count of them
 * @extent_count: see there
 * @ends: nexuses that are held while it runs, @end_count of them
 * @end_count: see there
 * @segment_count: segments of the parameter list
 * @rod: token that was made or is used, or NULL; a reference
 * @delete_rod: DEL_TKN: the token ends with it
 * @told_token: the token has been told
 *
 * Below: of who runs it.
 * @work: goes on
 * @step: what @work does
 * @io: the transfer of a piece
 * @range: its blocks
 * @why: how the transfer ended
 * @next: extent that is moved
 * @moved: bytes of it that are
 * @piece: bytes of the piece
 * @sg: memory of a piece
 * @nents: entries in @sg
 */
struct target_copy {
	struct kref		ref;
	struct hlist_node	node;
	struct target_itl	*itl;
	struct se_cmd		*cmd;
	struct list_head	aborters;
	u32			list_id;
	u8			usage;
	u8			action;
	u8			status;
	bool			abort;
	u16			counter;
	u16			segments_done;
	u64			bytes_done;
	u64			bytes_asked;
	bool			told;
	struct target_copy_fault fault;
	u8			sense_len;
	u8			sense[TRANSPORT_SENSE_BUFFER];
	struct target_copy_extent *extents;
	u32			extent_count;
	struct target_itl	**ends;
	u32			end_count;
	u16			segment_count;
	struct target_rod	*rod;
	bool			delete_rod;
	bool			told_token;

	struct work_struct	work;
	void			(*step)(struct target_copy *copy);
	struct target_io	io;
	struct target_range	range;
	sense_reason_t		why;
	u32			next;
	u64			moved;
	u32			piece;
	struct scatterlist	*sg;
	unsigned int		nents;
};

static inline bool target_copy_runs(const struct target_copy *copy)
{
	u8 status = READ_ONCE(copy->status);

	return status == TARGET_COPY_FOREGROUND || status == TARGET_COPY_BACKGROUND;
}

/* --- core/copy_cscd.c -------------------------------------------------------------------- */

/**
 * target_cscd_find - the logical unit that a descriptor names
 * @itl: the nexus of the command
 * @cscd: the descriptor
 *
 * It must be a LUN of the same session: a copy reaches what its initiator could reach
 * itself, with the rights that it has there. The designator is compared with those of
 * page 83h that are of the logical unit. Of several LUNs that are one unit, one whose port
 * is not in the way (core/alua_state.h) is preferred.
 *
 * Context: process.
 * Return: its nexus, with a reference, or NULL.
 */
struct target_itl *target_cscd_find(struct target_itl *itl, const struct target_cscd *cscd);

/* The same for a unit that is known. */
struct target_itl *target_cscd_of_device(struct target_itl *itl, const struct se_device *dev);

/*
 * The logical unit as identification CSCD descriptor with its NAA designator, 32 bytes;
 * false without one.
 */
bool target_cscd_build(struct target_buf *b, struct se_device *dev, struct se_lun *lun);

/**
 * target_cscd_designator - a designator of page 83h
 * @page: the page as target_vpd_build() made it, @len bytes
 * @len: see @page
 * @association: ASSOCIATION and DESIGNATOR TYPE
 *
 * Return: the first such designation descriptor, or NULL.
 */
const u8 *target_cscd_designator(const u8 *page, u32 len, u8 association);

/**
 * target_cscd_check - may a copy touch these blocks?
 * @itl: nexus of the logical unit
 * @byte: where they begin
 * @bytes: how many there are
 * @write: it writes them
 *
 * Context: any.
 * Return: %TCM_NO_SENSE, or what a READ or WRITE through this nexus would end with.
 */
sense_reason_t target_cscd_check(struct target_itl *itl, u64 byte, u64 bytes, bool write);

/* --- core/copy_list.c -------------------------------------------------------------------- */

/* A copy operation that nobody knows yet, with one reference; NULL without memory. */
struct target_copy *target_copy_alloc(struct se_cmd *cmd, u32 list_id, u8 usage);
void target_copy_put(struct target_copy *copy);

/**
 * target_copy_add - make a copy operation known to its nexus
 * @copy: from target_copy_alloc()
 *
 * What is known by the same list identifier goes, unless it runs.
 * Context: process.
 * Return: %TCM_NO_SENSE; %TCM_OPERATION_IN_PROGRESS if that runs;
 * %TCM_OUT_OF_RESOURCES if too many run. Then nothing has changed.
 */
sense_reason_t target_copy_add(struct target_copy *copy);

/* Find it, with a reference; NULL if there is none. */
struct target_copy *target_copy_get(struct target_itl *itl, u32 list_id);

/**
 * target_copy_cancel - a copy operation shall end
 * @copy: the operation
 * @aborter: a command that ends when it has, or NULL
 *
 * Return: false if it had ended already; then @aborter is still the caller's.
 */
bool target_copy_cancel(struct target_copy *copy, struct se_cmd *aborter);

/* It has ended; those who aborted it go to @aborters. */
void target_copy_set_end(struct target_copy *copy, u8 status, struct list_head *aborters);

/* Its nexus forgets it. */
void target_copy_forget(struct target_copy *copy);

/**
 * target_copy_cancel_all - LOGICAL UNIT RESET: all end, and nobody remembers them
 * @dev: the unit
 * @timeout: jiffies
 *
 * Context: process. Return: false if some still ran after so long.
 */
bool target_copy_cancel_all(struct se_device *dev, unsigned long timeout);

/* The nexus is gone, and nothing of it runs. Any context. */
void target_copy_forget_all(struct target_itl *itl);

/* --- core/copy_run.c --------------------------------------------------------------------- */

/**
 * target_copy_run - move the data
 * @copy: added; extents and ends are set; the caller's reference is passed on
 *
 * Its command, if there is one, ends with it.
 * Context: process, under memalloc_noio_save().
 */
void target_copy_run(struct target_copy *copy);

/* It ends without having moved anything; as target_copy_run() otherwise. */
void target_copy_end(struct target_copy *copy, sense_reason_t why);

/*
 * What it ends with since an end of it failed, or would: sets the fault. @field is the
 * byte of the parameter list that is to blame, 0 for none.
 */
sense_reason_t target_copy_fail(struct target_copy *copy, u16 segment, u8 of, u16 field,
				sense_reason_t why);

/* The same for a reason that is the copy manager's own. */
sense_reason_t target_copy_blame(struct target_copy *copy, u16 segment, u16 field,
				 sense_reason_t why);

/* --- commands ---------------------------------------------------------------------------- */

bool target_copy_supported(const struct se_device *dev);
bool target_copy_has_tokens(const struct se_device *dev);
sense_reason_t target_copy_lid1(struct se_cmd *cmd);
sense_reason_t target_copy_lid4(struct se_cmd *cmd);
sense_reason_t target_copy_abort(struct se_cmd *cmd);
sense_reason_t target_copy_populate(struct se_cmd *cmd);
sense_reason_t target_copy_use_token(struct se_cmd *cmd);
sense_reason_t target_copy_status_lid1(struct se_cmd *cmd);
sense_reason_t target_copy_status_lid4(struct se_cmd *cmd);
sense_reason_t target_copy_parameters(struct se_cmd *cmd);
sense_reason_t target_copy_failed_details(struct se_cmd *cmd);
sense_reason_t target_copy_token_information(struct se_cmd *cmd);
sense_reason_t target_copy_all_tokens(struct se_cmd *cmd);

/* Parameter data of these. */
void target_copy_build_status_lid1(struct target_buf *b, const struct target_copy *copy);
void target_copy_build_status_lid4(struct target_buf *b, const struct target_copy *copy);
void target_copy_build_failed(struct target_buf *b, const struct target_copy *copy);
void target_copy_build_tokens(struct target_buf *b, const struct target_copy *copy);
void target_copy_build_parameters(struct target_buf *b);

/* Page 8Fh, without its header. */
void target_copy_build_page(struct target_buf *b, const struct se_device *dev);

#endif /* TARGET_COPY_H */
