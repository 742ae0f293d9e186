/* SPDX-License-Identifier: GPL-2.0-only */
/* Unit attention conditions (SAM-6 5.14), pending per I_T_L nexus. */
#ifndef TARGET_UA_H
#define TARGET_UA_H

#include <target/target_core_base.h>

struct seq_file;
struct target_itl;

/*
 * UA(name, asc, ascq), in order of precedence (SAM-6 table 52: resets first).
 * A condition that no code establishes yet is not listed.
 */
#define TARGET_UAS(UA)							\
	UA(POWER_ON,		0x29, 0x00) /* POWER ON, RESET, OR BUS DEVICE RESET OCCURRED */ \
	UA(LUN_RESET,		0x29, 0x03) /* BUS DEVICE RESET FUNCTION OCCURRED */ \
	UA(NEXUS_LOSS,		0x29, 0x07) /* I_T NEXUS LOSS OCCURRED */	\
	UA(MEDIUM_CHANGED, 0x28, 0x00) /* NOT READY TO READY CHANGE, MEDIUM MAY HAVE CHANGED */ \
	UA(MODE_CHANGED,	0x2a, 0x01) /* MODE PARAMETERS CHANGED */	\
	UA(LOG_CHANGED,		0x2a, 0x02) /* LOG PARAMETERS CHANGED */	\
	UA(RESERVATIONS_PREEMPTED, 0x2a, 0x03) /* RESERVATIONS PREEMPTED */	\
	UA(RESERVATIONS_RELEASED, 0x2a, 0x04) /* RESERVATIONS RELEASED */	\
	UA(REGISTRATIONS_PREEMPTED, 0x2a, 0x05) /* REGISTRATIONS PREEMPTED */	\
	UA(ALUA_CHANGED,	0x2a, 0x06) /* ASYMMETRIC ACCESS STATE CHANGED */ \
	UA(ALUA_FAILED, 0x2a, 0x07) /* IMPLICIT ASYMMETRIC ACCESS STATE TRANSITION FAILED */ \
	UA(CAPACITY_CHANGED,	0x2a, 0x09) /* CAPACITY DATA HAS CHANGED */	\
	UA(TIMESTAMP_CHANGED,	0x2a, 0x10) /* TIMESTAMP CHANGED */	\
	UA(PREVIOUS_BUSY,	0x2c, 0x07) /* PREVIOUS BUSY STATUS */		\
	UA(PREVIOUS_FULL,	0x2c, 0x08) /* PREVIOUS TASK SET FULL STATUS */	\
	UA(PREVIOUS_CONFLICT,	0x2c, 0x09) /* PREVIOUS RESERVATION CONFLICT STATUS */ \
	UA(COMMANDS_CLEARED,	0x2f, 0x00) /* COMMANDS CLEARED BY ANOTHER INITIATOR */ \
	UA(AVAILABLE_LOW,	0x38, 0x07) /* THIN PROVISIONING SOFT THRESHOLD REACHED */ \
	UA(USED_HIGH,		0x38, 0x07) /* THIN PROVISIONING SOFT THRESHOLD REACHED */ \
	UA(INQUIRY_CHANGED,	0x3f, 0x03) /* INQUIRY DATA HAS CHANGED */	\
	UA(IDENT_CHANGED,	0x3f, 0x05) /* DEVICE IDENTIFIER CHANGED */	\
	UA(LUNS_CHANGED,	0x3f, 0x0e) /* REPORTED LUNS DATA HAS CHANGED */ \
	UA(EXCEPTION,		0x5d, 0xff) /* FAILURE PREDICTION THRESHOLD EXCEEDED (FALSE) */

#define TARGET_UA_ENUM(name, asc, ascq)	TARGET_UA_##name,
enum target_ua {
	TARGET_UAS(TARGET_UA_ENUM)
	TARGET_UA_COUNT
};

/* A bit of target_itl::ua_pending beside them: core/deferred.h has something. */
#define TARGET_UA_DEFERRED	TARGET_UA_COUNT

/**
 * struct target_ua_code - what is said of a condition
 * @asc: ADDITIONAL SENSE CODE
 * @ascq: ADDITIONAL SENSE CODE QUALIFIER
 * @info: INFORMATION, 0 if there is none
 */
struct target_ua_code {
	u8	asc;
	u8	ascq;
	u8	info;
};

/* Make it pending on one nexus; on all nexuses of a unit but @except (may be NULL). Any context. */
void target_ua_set(struct target_itl *itl, enum target_ua ua);
void target_ua_set_all(struct se_device *dev, enum target_ua ua, const struct target_itl *except);

/* The same for all nexuses through one port of a unit; its lun_lock is held. */
void target_ua_set_lun(struct se_lun *lun, enum target_ua ua);

/* A command ended with this status: UA_INTLCK_CTRL 11b wants it told. Any context. */
void target_ua_set_previous(struct se_cmd *cmd);

/* Withdraw one, as REPORT LUNS does with LUNS_CHANGED. */
void target_ua_clear(struct target_itl *itl, enum target_ua ua);

/**
 * target_ua_take - take the pending condition of highest precedence
 * @itl: the nexus
 * @code: set on success
 *
 * Context: any. Return: false if none was pending.
 */
bool target_ua_take(struct target_itl *itl, struct target_ua_code *code);

/* The same without clearing it. */
bool target_ua_peek(const struct target_itl *itl, struct target_ua_code *code);

/* Conditions that are pending on a nexus. */
unsigned int target_ua_count(const struct target_itl *itl);

/* Append them to a line, as ASC/ASCQ in order of precedence. */
void target_ua_show(struct seq_file *m, const struct target_itl *itl);

#endif /* TARGET_UA_H */
