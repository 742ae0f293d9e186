/* SPDX-License-Identifier: GPL-2.0-only */
/* READ BUFFER and WRITE BUFFER: a buffer of the unit, and one that echoes for each nexus. */
#ifndef TARGET_BUFFER_H
#define TARGET_BUFFER_H

#include <target/target_core_base.h>

sense_reason_t target_buffer_parse_read(struct se_cmd *cmd);
sense_reason_t target_buffer_read(struct se_cmd *cmd);
sense_reason_t target_buffer_parse_write(struct se_cmd *cmd);
sense_reason_t target_buffer_write(struct se_cmd *cmd);

/* Is it about the echo buffer? Of a CDB of either command. */
bool target_buffer_is_echo(const u8 *cdb);

/* The unit goes. */
void target_buffer_free(struct se_device *dev);

#endif /* TARGET_BUFFER_H */
