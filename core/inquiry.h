/* SPDX-License-Identifier: GPL-2.0-only */
/* INQUIRY: standard data (core/inquiry.c) and vital product data (core/vpd.c). */
#ifndef TARGET_INQUIRY_H
#define TARGET_INQUIRY_H

#include "databuf.h"
#include <target/target_core_base.h>

sense_reason_t target_inquiry_parse(struct se_cmd *cmd);
sense_reason_t target_inquiry_execute(struct se_cmd *cmd);

/* Standard data; dev and lun are NULL where there is no logical unit. */
void target_inquiry_build(struct target_buf *b, struct se_device *dev, struct se_lun *lun);

/* Byte 0 of all of them: PERIPHERAL QUALIFIER and PERIPHERAL DEVICE TYPE; as above. */
u8 target_inquiry_peripheral(const struct se_device *dev, const struct se_lun *lun);

/* VERSION DESCRIPTOR of a PROTOCOL IDENTIFIER, 0 if there is none. */
u16 target_inquiry_protocol_version(int proto_id);

/* Has the unit this page? dev is NULL where there is no logical unit. */
bool target_vpd_present(const struct se_device *dev, u8 page);

/* A page that is present. */
void target_vpd_build(struct target_buf *b, u8 page, struct se_device *dev, struct se_lun *lun);

#endif /* TARGET_INQUIRY_H */
