// SPDX-License-Identifier: GPL-2.0-only
/*
 * The opcode table, in ascending order of opcode and service action.  The rows
 * stand in a file for each length of a CDB.
 *
 * Timeouts are those of a unit without mechanics: parameter data comes at once,
 * blocks when the backstore has them.  The CONTROL byte is 00h in every mask:
 * NACA, its one defined bit, is the same for all and added where masks are used.
 */
#include <scsi/scsi_proto.h>
#include "alua_cmd.h"
#include "buffer.h"
#include "cdb.h"
#include "copy.h"
#include "defect.h"
#include "diag.h"
#include "format.h"
#include "ident.h"
#include "inquiry.h"
#include "lba_map.h"
#include "log.h"
#include "mode.h"
#include "power.h"
#include "pr.h"
#include "provision.h"
#include "reserve.h"
#include "sanitize.h"
#include "sbc.h"
#include "spc.h"
#include "timestamp.h"

#define ORWRITE_16		0x8b
#define ORWRITE_32		0x0e
#define ATOMIC_16		0x9c
#define PRE_FETCH_16		0x90
#define READ_DEFECT_DATA_12	0xb7
#define RESERVE_UNIT_6		0x16
#define RELEASE_UNIT_6		0x17
#define ATOMIC_32		0x0f
#define SAI_REPORT_OPCODES	0x0c
#define SAI_REPORT_TMFS		0x0d
#define GET_LBA_STATUS_32	0x12

/* Seconds: NOMINAL and RECOMMENDED COMMAND TIMEOUT. */
#define TIMEOUT_PARAMETERS	.nominal_timeout = 1, .recommended_timeout = 10
#define TIMEOUT_MEDIUM		.nominal_timeout = 1, .recommended_timeout = 30
#define TIMEOUT_LONG		.nominal_timeout = 10, .recommended_timeout = 60
#define TIMEOUT_WHOLE_MEDIUM	.nominal_timeout = 60, .recommended_timeout = 7200

#define GATES_MEDIUM	(TARGET_GATE_UA | TARGET_GATE_READY | TARGET_GATE_MEDIUM)

static bool cdb_has_rsoc(const struct se_device *dev)
{
	return !dev || dev->dev_attrib.emulate_rsoc;
}

static bool cdb_is_removable(const struct se_device *dev)
{
	return dev && dev->dev_attrib.removable;
}

const struct target_cdb_op target_cdb_ops[] = {
#include "cdb_ops_6.h"
#include "cdb_ops_10.h"
#include "cdb_ops_32.h"
#include "cdb_ops_16.h"
#include "cdb_ops_12.h"
};

const unsigned int target_cdb_op_count = ARRAY_SIZE(target_cdb_ops);
