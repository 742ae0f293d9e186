// SPDX-License-Identifier: GPL-2.0-only
/*
 * Log pages (SPC-6 6.9, 6.10, 7.3; SBC-5 6.4).
 *
 * A table of pages, each a table of parameters.  Counters are read where the
 * commands count them; to reset one is to remember what it was.  There are no
 * thresholds, and nothing is saved: DS and TSD are one.
 */
#include <linux/jiffies.h>
#include <linux/math64.h>
#include <linux/slab.h>
#include <linux/unaligned.h>
#include <scsi/scsi_proto.h>
#include "cdb.h"
#include "cmd.h"
#include "device.h"
#include "exceptions.h"
#include "log.h"
#include "power.h"
#include "selftest.h"
#include "sense.h"
#include "spc.h"
#include "threshold.h"
#include "ua.h"

#define LOG_SIZE		1024	/* more than any page */
#define LOG_ALL_SUBPAGES	0xff
#define LOG_HEADER_LEN		4	/* of a page, and of a parameter */
#define LOG_DS			0x80	/* byte 0 of a page */
#define LOG_SPF			0x40
#define LOG_PAGE_CODE		0x3f
#define LOG_PPC			0x02	/* LOG SENSE byte 1 */
#define LOG_PCR			0x02	/* LOG SELECT byte 1 */
#define LOG_SP			0x01	/* byte 1 of both */
#define LOG_TSD			0x20	/* parameter control byte */
#define LOG_SPACE_AVAILABLE	0x0001	/* parameters of page 0Ch */
#define LOG_SPACE_USED		0x0002
#define LOG_SCOPE_UNIT		0x01	/* SCOPE: of this unit alone */

/* FORMAT AND LINKING of the parameter control byte */
enum log_format {
	LOG_BOUNDED	= 0,
	LOG_ASCII	= 1,
	LOG_UNBOUNDED	= 2,
	LOG_BINARY	= 3,
};

/* What LOG SELECT may do to a parameter (SPC-6 7.3.3) */
enum log_change {
	LOG_NEVER,
	LOG_RESET_ONLY,
	LOG_ALWAYS,
};

/* What parameters are made of. */
struct log_view {
	struct se_device	*dev;
	u64			counters[TARGET_LOG_COUNTERS];
};

/**
 * struct log_param - a parameter
 * @code: PARAMETER CODE
 * @format: enum log_format
 * @change: enum log_change
 * @len: bytes of its value
 * @counter: the first of @counters, which are eight bytes each
 * @counters: see @counter
 * @build: append the value, if it is not just the counters; dev->lock held
 * @reset: back to the default, if it is no counter; dev->lock held
 * @set: take a value, for %LOG_ALWAYS
 */
struct log_param {
	u16			code;
	u8			format;
	u8			change;
	u8			len;
	u8			counter;
	u8			counters;
	void			(*build)(struct target_buf *b, const struct log_view *v,
					 const struct log_param *p);
	void			(*reset)(struct se_device *dev);
	void			(*set)(struct target_log_values *v, const u8 *value);
};

/**
 * struct log_page - a page
 * @code: PAGE CODE
 * @count: of @params
 * @present: has this unit the page? NULL is always
 * @params: its parameters
 */
struct log_page {
	u8			code;
	u8			count;
	bool			(*present)(const struct se_device *dev);
	const struct log_param	*params;	/* in ascending order */
};

/* --- counters ---------------------------------------------------------------------------- */

static bool log_is_verify(const struct target_cdb_op *op)
{
	switch (op->opcode) {
	case VERIFY:
	case VERIFY_12:
	case VERIFY_16:
	case WRITE_VERIFY:
	case WRITE_VERIFY_12:
	case 0x8e:	/* WRITE AND VERIFY(16) */
		return true;
	case VARIABLE_LENGTH_CMD:
		return op->sa == VERIFY_32 || op->sa == 0x000c;	/* WRITE AND VERIFY(32) */
	default:
		return false;
	}
}

/* Neither the medium's, nor the initiator's, nor a state that will pass */
static bool log_is_other(sense_reason_t why)
{
	struct target_sense sense;

	target_sense_init(&sense, why);
	return sense.key == HARDWARE_ERROR || sense.key == ABORTED_COMMAND;
}

void target_log_error(struct se_cmd *cmd, sense_reason_t why)
{
	struct target_log *log = &cmd->se_dev->log;

	if (why == TCM_WRITE_ERROR)
		atomic64_inc(&log->write_errors);
	else if (why == TCM_UNRECOVERED_READ_ERROR)
		atomic64_inc(log_is_verify(cmd->op) ? &log->verify_errors : &log->read_errors);
	else if (log_is_other(why))
		atomic64_inc(&log->other_errors);
}

/* Time is in milliseconds. */
static void log_count(struct se_device *dev, u64 *now)
{
	struct target_io_stats io;

	target_device_stats(dev, &io);
	now[TARGET_LOG_WRITE_BYTES] = io.write_bytes;
	now[TARGET_LOG_WRITE_ERRORS] = atomic64_read(&dev->log.write_errors);
	now[TARGET_LOG_READ_BYTES] = io.read_bytes;
	now[TARGET_LOG_READ_ERRORS] = atomic64_read(&dev->log.read_errors);
	now[TARGET_LOG_VERIFY_BYTES] = atomic64_read(&dev->log.verify_bytes);
	now[TARGET_LOG_VERIFY_ERRORS] = atomic64_read(&dev->log.verify_errors);
	now[TARGET_LOG_READS] = io.reads;
	now[TARGET_LOG_WRITES] = io.writes;
	now[TARGET_LOG_BLOCKS_IN] = io.write_bytes >> dev->block_shift;
	now[TARGET_LOG_BLOCKS_OUT] = io.read_bytes >> dev->block_shift;
	now[TARGET_LOG_READ_TIME] = jiffies64_to_msecs(io.read_time);
	now[TARGET_LOG_WRITE_TIME] = jiffies64_to_msecs(io.write_time);
	now[TARGET_LOG_OTHER_ERRORS] = atomic64_read(&dev->log.other_errors);
	now[TARGET_LOG_IDLE_TIME] = jiffies64_to_msecs(atomic64_read(&dev->idle.time));
}

/* --- parameters -------------------------------------------------------------------------- */

static void log_build_counters(struct target_buf *b, const struct log_view *v,
			       const struct log_param *p)
{
	unsigned int i;

	for (i = 0; i < p->counters; i++)
		target_buf_be64(b, v->counters[p->counter + i]);
}

static void log_build_date(struct target_buf *b, const struct log_view *v,
			   const struct log_param *p)
{
	const struct target_log *log = &v->dev->log;

	target_buf_put(b, log->accounting_date, sizeof(log->accounting_date));
}

static void log_reset_date(struct se_device *dev)
{
	memset(dev->log.accounting_date, ' ', sizeof(dev->log.accounting_date));
}

static void log_set_date(struct target_log_values *v, const u8 *value)
{
	memcpy(v->accounting_date, value, sizeof(v->accounting_date));
}

/* What is weighted by the length of the queue is not reported: those fields are zero. */
static void log_build_performance(struct target_buf *b, const struct log_view *v,
				  const struct log_param *p)
{
	log_build_counters(b, v, p);
	target_buf_zero(b, 16);
}

/* The unit of time: 1 * 10^-3 seconds */
static void log_build_interval(struct target_buf *b, const struct log_view *v,
			       const struct log_param *p)
{
	target_buf_be32(b, 3);
	target_buf_be32(b, 1);
}

/* What it is, no temperature, and no limit of one */
static void log_build_exception(struct target_buf *b, const struct log_view *v,
				const struct log_param *p)
{
	bool active = target_exception_active(&v->dev->exceptions);

	target_buf_be16(b, active ? TARGET_EXCEPTION_FALSE : 0);
	target_buf_be16(b, 0xffff);
}

/* How often the unit was stopped, with or without its medium */
static void log_build_cycles(struct target_buf *b, const struct log_view *v,
			     const struct log_param *p)
{
	u64 cycles = (u64)target_power_entered(v->dev, TARGET_POWER_STOPPED) +
		     target_power_entered(v->dev, TARGET_POWER_UNLOADED);

	target_buf_be32(b, min_t(u64, cycles, U32_MAX));
}

static void log_build_transitions(struct target_buf *b, const struct log_view *v,
				  const struct log_param *p)
{
	target_buf_be32(b, target_power_entered(v->dev, p->counter));
}

static void log_build_selftest(struct target_buf *b, const struct log_view *v,
			       const struct log_param *p)
{
	target_selftest_build(b, v->dev, p->code);
}

static void log_reset_selftests(struct se_device *dev)
{
	memset(dev->selftest.log, 0, sizeof(dev->selftest.log));
}

#define LOG_COUNTER(code_, format_, counter_, counters_) {	\
	.code = (code_), .format = (format_), .change = LOG_RESET_ONLY, \
	.len = 8 * (counters_), .counter = (counter_), .counters = (counters_) }

/* Error counters: total bytes processed, total uncorrected errors */
static const struct log_param log_write_errors[] = {
	LOG_COUNTER(0x0005, LOG_BOUNDED, TARGET_LOG_WRITE_BYTES, 1),
	LOG_COUNTER(0x0006, LOG_BOUNDED, TARGET_LOG_WRITE_ERRORS, 1),
};

static const struct log_param log_read_errors[] = {
	LOG_COUNTER(0x0005, LOG_BOUNDED, TARGET_LOG_READ_BYTES, 1),
	LOG_COUNTER(0x0006, LOG_BOUNDED, TARGET_LOG_READ_ERRORS, 1),
};

static const struct log_param log_verify_errors[] = {
	LOG_COUNTER(0x0005, LOG_BOUNDED, TARGET_LOG_VERIFY_BYTES, 1),
	LOG_COUNTER(0x0006, LOG_BOUNDED, TARGET_LOG_VERIFY_ERRORS, 1),
};

/* Threshold sets of space that are left and used (SBC-5 6.4.5) */
static void log_build_space(struct target_buf *b, const struct log_view *v,
			    const struct log_param *p)
{
	u32 used = 0, available = 0;

	target_threshold_counts(v->dev, &used, &available);
	target_buf_be32(b, p->code == LOG_SPACE_USED ? used : available);
	target_buf_u8(b, p->code == LOG_SPACE_USED ? LOG_SCOPE_UNIT : 0);
	target_buf_zero(b, 3);
}

/* Events that are no error of writing, reading or verifying (SPC-6 7.3.17) */
static const struct log_param log_other_errors[] = {
	LOG_COUNTER(0x0000, LOG_BOUNDED, TARGET_LOG_OTHER_ERRORS, 1),
};

static const struct log_param log_provisioning[] = {
	{ .code = LOG_SPACE_AVAILABLE, .format = LOG_BINARY, .change = LOG_NEVER, .len = 8,
	  .build = log_build_space },
	{ .code = LOG_SPACE_USED, .format = LOG_BINARY, .change = LOG_NEVER, .len = 8,
	  .build = log_build_space },
};

static const struct log_param log_start_stop[] = {
	{ .code = 0x0002, .format = LOG_ASCII, .change = LOG_ALWAYS, .len = 6,
	  .build = log_build_date, .reset = log_reset_date, .set = log_set_date },
	{ .code = 0x0004, .format = LOG_BINARY, .change = LOG_NEVER, .len = 4,
	  .build = log_build_cycles },
};

#define LOG_SELFTEST(code_) {	\
	.code = (code_), .format = LOG_BINARY, .change = LOG_RESET_ONLY, .len = 16, \
	.build = log_build_selftest, .reset = log_reset_selftests }

/* Results of the 20 newest self-tests */
static const struct log_param log_selftests[TARGET_SELFTEST_RESULTS] = {
	LOG_SELFTEST(1), LOG_SELFTEST(2), LOG_SELFTEST(3), LOG_SELFTEST(4), LOG_SELFTEST(5),
	LOG_SELFTEST(6), LOG_SELFTEST(7), LOG_SELFTEST(8), LOG_SELFTEST(9), LOG_SELFTEST(10),
	LOG_SELFTEST(11), LOG_SELFTEST(12), LOG_SELFTEST(13), LOG_SELFTEST(14), LOG_SELFTEST(15),
	LOG_SELFTEST(16), LOG_SELFTEST(17), LOG_SELFTEST(18), LOG_SELFTEST(19), LOG_SELFTEST(20),
};

/*
 * Background scan status (SBC-5 6.4.2): for how many minutes the unit has been there, and
 * that nothing is or was scanned.
 */
static void log_build_scan(struct target_buf *b, const struct log_view *v,
			   const struct log_param *p)
{
	u64 minutes = div_u64(get_jiffies_64() - v->dev->creation_time, 60 * HZ);

	target_buf_be32(b, min_t(u64, minutes, U32_MAX));
	target_buf_zero(b, 8);
}

static const struct log_param log_scans[] = {
	{ .code = 0x0000, .format = LOG_BINARY, .change = LOG_NEVER, .len = 12,
	  .build = log_build_scan },
};

static const struct log_param log_statistics[] = {
	{ .code = 0x0001, .format = LOG_UNBOUNDED, .change = LOG_RESET_ONLY, .len = 64,
	  .counter = TARGET_LOG_READS, .counters = 6, .build = log_build_performance },
	LOG_COUNTER(0x0002, LOG_UNBOUNDED, TARGET_LOG_IDLE_TIME, 1),
	{ .code = 0x0003, .format = LOG_BINARY, .change = LOG_NEVER, .len = 8,
	  .build = log_build_interval },
};

#define LOG_TRANSITIONS(code_, power_) {	\
	.code = (code_), .format = LOG_BINARY, .change = LOG_NEVER, .len = 4, \
	.counter = (power_), .build = log_build_transitions }

static const struct log_param log_transitions[] = {
	LOG_TRANSITIONS(0x0001, TARGET_POWER_ACTIVE),
	LOG_TRANSITIONS(0x0002, TARGET_POWER_IDLE_A),
	LOG_TRANSITIONS(0x0003, TARGET_POWER_IDLE_B),
	LOG_TRANSITIONS(0x0004, TARGET_POWER_IDLE_C),
	LOG_TRANSITIONS(0x0008, TARGET_POWER_STANDBY_Z),
	LOG_TRANSITIONS(0x0009, TARGET_POWER_STANDBY_Y),
};

static const struct log_param log_exceptions[] = {
	{ .code = 0x0000, .format = LOG_BINARY, .change = LOG_NEVER, .len = 4,
	  .build = log_build_exception },
};

#define LOG_PAGE(code_, params_)	\
	{ .code = (code_), .params = (params_), .count = ARRAY_SIZE(params_) }

/* In ascending order: so page 00h lists them, after itself. */
static const struct log_page log_pages[] = {
	LOG_PAGE(0x02, log_write_errors),
	LOG_PAGE(0x03, log_read_errors),
	LOG_PAGE(0x05, log_verify_errors),
	LOG_PAGE(0x06, log_other_errors),
	{ .code = 0x0c, .params = log_provisioning, .count = ARRAY_SIZE(log_provisioning),
	  .present = target_threshold_supported },
	LOG_PAGE(0x0e, log_start_stop),
	LOG_PAGE(0x10, log_selftests),
	LOG_PAGE(0x15, log_scans),
	LOG_PAGE(0x19, log_statistics),
	LOG_PAGE(0x1a, log_transitions),
	LOG_PAGE(0x2f, log_exceptions),
};

static bool log_is_present(const struct log_page *page, const struct se_device *dev)
{
	return !page->present || page->present(dev);
}

static const struct log_page *log_find(const struct se_device *dev, u8 code)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(log_pages); i++)
		if (log_pages[i].code == code && log_is_present(&log_pages[i], dev))
			return &log_pages[i];
	return NULL;
}

static const struct log_param *log_find_param(const struct log_page *page, u16 code)
{
	unsigned int i;

	for (i = 0; i < page->count; i++)
		if (page->params[i].code == code)
			return &page->params[i];
	return NULL;
}

static bool log_is_list(const struct log_param *p)
{
	return p->format & 1;
}

/* --- LOG SENSE --------------------------------------------------------------------------- */

static void log_build_code(struct target_buf *b, u8 page, u8 subpage, bool pairs)
{
	target_buf_u8(b, page);
	if (pairs)
		target_buf_u8(b, subpage);
}

/* Codes of pages, or with subpage FFh of pages and subpages (SPC-6 7.3.20 and following) */
static void log_build_list(struct target_buf *b, const struct target_log_req *req,
			   const struct se_device *dev)
{
	bool pairs = req->subpage == LOG_ALL_SUBPAGES;
	unsigned int i;

	if (!req->page) {
		log_build_code(b, 0, 0, pairs);
		if (pairs)
			log_build_code(b, 0, LOG_ALL_SUBPAGES, pairs);
	}
	for (i = 0; i < ARRAY_SIZE(log_pages); i++) {
		if ((req->page && req->page != log_pages[i].code) ||
		    !log_is_present(&log_pages[i], dev))
			continue;
		log_build_code(b, log_pages[i].code, 0, pairs);
		if (pairs)
			log_build_code(b, log_pages[i].code, LOG_ALL_SUBPAGES, pairs);
	}
}

static void log_view_init(struct log_view *v, struct se_device *dev, enum target_log_pc pc)
{
	unsigned int i;

	*v = (struct log_view){ .dev = dev };
	if (pc == TARGET_LOG_DEFAULT_CUMULATIVE)
		return;
	log_count(dev, v->counters);
	for (i = 0; i < TARGET_LOG_COUNTERS; i++)
		v->counters[i] -= dev->log.base[i];
}

static void log_build_params(struct target_buf *b, const struct target_log_req *req,
			     struct se_device *dev)
{
	const struct log_page *page = log_find(dev, req->page);
	struct log_view v;
	unsigned int i;

	/* An attribute may have changed since the CDB was looked at. */
	if (!page)
		return;
	guard(mutex)(&dev->lock);
	log_view_init(&v, dev, req->pc);
	for (i = 0; i < page->count; i++) {
		const struct log_param *p = &page->params[i];

		if (p->code < req->pointer)
			continue;
		target_buf_be16(b, p->code);
		target_buf_u8(b, LOG_TSD | p->format);
		target_buf_u8(b, p->len);
		if (p->build)
			p->build(b, &v, p);
		else
			log_build_counters(b, &v, p);
	}
}

static bool log_is_list_page(const struct target_log_req *req)
{
	return !req->page || req->subpage == LOG_ALL_SUBPAGES;
}

void target_log_build(struct target_buf *b, const struct target_log_req *req,
		      struct se_device *dev)
{
	bool list = log_is_list_page(req);
	u32 start = b->len;

	target_buf_u8(b, req->page | (list ? 0 : LOG_DS) | (req->subpage ? LOG_SPF : 0));
	target_buf_u8(b, req->subpage);
	target_buf_zero(b, 2);
	if (list)
		log_build_list(b, req, dev);
	else
		log_build_params(b, req, dev);
	target_buf_set_be16(b, start + 2, b->len - start - LOG_HEADER_LEN);
}

static void log_decode(struct target_log_req *req, const u8 *cdb)
{
	*req = (struct target_log_req){
		.pc = cdb[2] >> 6,
		.page = cdb[2] & LOG_PAGE_CODE,
		.subpage = cdb[3],
		.pointer = get_unaligned_be16(cdb + 5),
	};
}

/* Data counters have no thresholds; what is no counter is the same for every PC. */
static bool log_has_values(const struct log_page *page, enum target_log_pc pc)
{
	unsigned int i;

	if (pc != TARGET_LOG_THRESHOLD && pc != TARGET_LOG_DEFAULT_THRESHOLD)
		return true;
	for (i = 0; i < page->count; i++)
		if (!log_is_list(&page->params[i]))
			return false;
	return true;
}

static sense_reason_t log_check_page(struct se_cmd *cmd, u8 code, u8 subpage)
{
	if (code && !log_find(cmd->se_dev, code))
		return target_fail_cdb_field(cmd, 2, 5);
	if (subpage && subpage != LOG_ALL_SUBPAGES)
		return target_fail_cdb_field(cmd, 3, 7);
	return TCM_NO_SENSE;
}

sense_reason_t target_log_parse_sense(struct se_cmd *cmd)
{
	const u8 *cdb = cmd->t_task_cdb;
	const struct log_page *page;
	struct target_log_req req;
	sense_reason_t why;
	u16 last = 0;

	if (cdb[1] & (LOG_PPC | LOG_SP))
		return target_fail_cdb_field(cmd, 1, cdb[1] & LOG_PPC ? 1 : 0);
	log_decode(&req, cdb);
	why = log_check_page(cmd, req.page, req.subpage);
	if (why)
		return why;
	if (!log_is_list_page(&req)) {
		page = log_find(cmd->se_dev, req.page);
		if (!log_has_values(page, req.pc))
			return target_fail_cdb_field(cmd, 2, 7);
		last = page->params[page->count - 1].code;
	}
	return req.pointer > last ? target_fail_cdb_field(cmd, 5, 7) : TCM_NO_SENSE;
}

static void log_build(struct se_cmd *cmd, struct target_buf *b)
{
	struct target_log_req req;

	log_decode(&req, cmd->t_task_cdb);
	target_log_build(b, &req, cmd->se_dev);
}

/* SPC-6 6.10 */
sense_reason_t target_log_sense(struct se_cmd *cmd)
{
	return target_spc_reply(cmd, LOG_SIZE, log_build);
}

/* --- LOG SELECT -------------------------------------------------------------------------- */

sense_reason_t target_log_parse_select(struct se_cmd *cmd)
{
	const u8 *cdb = cmd->t_task_cdb;

	if (cdb[1] & LOG_SP)
		return target_fail_cdb_field(cmd, 1, 0);
	if (!target_cdb_get(cdb, cmd->op->alloc))
		return log_check_page(cmd, cdb[2] & LOG_PAGE_CODE, cdb[3]);
	if (cdb[1] & LOG_PCR)
		return target_fail_cdb_field(cmd, 1, 1);
	if (cdb[2] & LOG_PAGE_CODE)
		return target_fail_cdb_field(cmd, 2, 5);
	return cdb[3] ? target_fail_cdb_field(cmd, 3, 7) : TCM_NO_SENSE;
}

/* A parameter at @off of @list, of a page that ends at @end; @off moves on behind it. */
static sense_reason_t log_check_param(struct se_cmd *cmd, const struct log_page *page,
				      const u8 *list, u32 end, u32 *off, int *last,
				      struct target_log_values *v)
{
	const u8 *p = list + *off;
	const struct log_param *param;
	u8 control;

	if (end - *off < LOG_HEADER_LEN || end - *off - LOG_HEADER_LEN < p[3])
		return TCM_PARAMETER_LIST_LENGTH_ERROR;
	param = log_find_param(page, get_unaligned_be16(p));
	if (!param || param->code <= *last)
		return target_fail_param_field(cmd, *off, 7);
	control = p[2] ^ (LOG_TSD | param->format);
	if (control)
		return target_fail_param_field(cmd, *off + 2, fls(control) - 1);
	if (p[3] != param->len)
		return target_fail_param_field(cmd, *off + 3, 7);
	if (param->change != LOG_ALWAYS)
		return target_fail_param_field(cmd, *off + LOG_HEADER_LEN, 7);
	param->set(v, p + LOG_HEADER_LEN);
	*last = param->code;
	*off += LOG_HEADER_LEN + param->len;
	return TCM_NO_SENSE;
}

/* The parameters of a page must end where it does. */
static sense_reason_t log_check_params(struct se_cmd *cmd, const struct log_page *page,
				       const u8 *list, u32 end, u32 *off,
				       struct target_log_values *v)
{
	u32 length_at = *off + 2;
	sense_reason_t why;
	int last = -1;

	for (*off += LOG_HEADER_LEN; *off < end;) {
		why = log_check_param(cmd, page, list, end, off, &last, v);
		if (why == TCM_PARAMETER_LIST_LENGTH_ERROR)
			return target_fail_param_field(cmd, length_at, 7);
		if (why)
			return why;
	}
	return TCM_NO_SENSE;
}

sense_reason_t target_log_check(struct se_cmd *cmd, const struct se_device *dev, const u8 *list,
				u32 len, struct target_log_values *v)
{
	const struct log_page *page;
	sense_reason_t why;
	u32 off = 0, end;
	u8 last = 0;

	while (off < len) {
		const u8 *p = list + off;

		if (len - off < LOG_HEADER_LEN)
			return TCM_PARAMETER_LIST_LENGTH_ERROR;
		page = log_find(dev, p[0] & LOG_PAGE_CODE);
		if (!page || page->code <= last)
			return target_fail_param_field(cmd, off, 5);
		if (p[0] & LOG_SPF)
			return target_fail_param_field(cmd, off, 6);
		if (p[1])
			return target_fail_param_field(cmd, off + 1, 7);
		end = off + LOG_HEADER_LEN + get_unaligned_be16(p + 2);
		if (end > len)
			return TCM_PARAMETER_LIST_LENGTH_ERROR;
		why = log_check_params(cmd, page, list, end, &off, v);
		if (why)
			return why;
		last = page->code;
	}
	return TCM_NO_SENSE;
}

static bool log_reset_param(struct se_device *dev, const struct log_param *p, const u64 *now)
{
	if (p->change == LOG_NEVER)
		return false;
	if (p->reset)
		p->reset(dev);
	else
		memcpy(dev->log.base + p->counter, now + p->counter,
		       p->counters * sizeof(*now));
	return true;
}

/* PCR resets everything, PC = 11b sets counters to their defaults (SPC-6 6.9). */
static bool log_reset(struct se_device *dev, const u8 *cdb)
{
	bool pcr = cdb[1] & LOG_PCR, changed = false;
	u8 code = cdb[2] & LOG_PAGE_CODE;
	u64 now[TARGET_LOG_COUNTERS];
	unsigned int i, j;

	if (!pcr && cdb[2] >> 6 != TARGET_LOG_DEFAULT_CUMULATIVE)
		return false;
	log_count(dev, now);
	for (i = 0; i < ARRAY_SIZE(log_pages); i++) {
		const struct log_page *page = &log_pages[i];

		/* 00h is every page, but 00h with FFh only those that list pages. */
		if (code ? code != page->code : cdb[3])
			continue;
		for (j = 0; j < page->count; j++)
			if (pcr || !log_is_list(&page->params[j]))
				changed |= log_reset_param(dev, &page->params[j], now);
	}
	return changed;
}

static sense_reason_t log_change(struct se_cmd *cmd, const u8 *list, u32 len)
{
	struct se_device *dev = cmd->se_dev;
	struct target_log_values v;
	sense_reason_t why;
	bool changed;

	guard(mutex)(&dev->lock);
	if (len) {
		memcpy(v.accounting_date, dev->log.accounting_date, sizeof(v.accounting_date));
		why = target_log_check(cmd, dev, list, len, &v);
		if (why)
			return why;
		changed = memcmp(dev->log.accounting_date, v.accounting_date,
				 sizeof(v.accounting_date));
		memcpy(dev->log.accounting_date, v.accounting_date, sizeof(v.accounting_date));
	} else {
		changed = log_reset(dev, cmd->t_task_cdb);
	}
	if (changed)
		target_ua_set_all(dev, TARGET_UA_LOG_CHANGED, cmd->itl);
	return TCM_NO_SENSE;
}

/* SPC-6 6.9 */
sense_reason_t target_log_select(struct se_cmd *cmd)
{
	u32 len = cmd->data_length;
	sense_reason_t why;
	u8 *list;

	list = kvmalloc(max(len, 1U), GFP_KERNEL);
	if (!list)
		return TCM_OUT_OF_RESOURCES;
	target_cmd_get_params(cmd, list, len);
	why = log_change(cmd, list, len);
	kvfree(list);
	if (!why)
		target_cmd_done(cmd, TCM_NO_SENSE);
	return why;
}

void target_log_init(struct se_device *dev)
{
	log_reset_date(dev);
}
