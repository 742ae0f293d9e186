/* SPDX-License-Identifier: GPL-2.0-only */
/* TransportIDs (SPC-6 7.6.4): initiator ports as parameter data names them. */
#ifndef TARGET_TRANSPORT_ID_H
#define TARGET_TRANSPORT_ID_H

#include <target/target_core_base.h>
#include "databuf.h"

#define TARGET_ISID_LEN	17	/* hexadecimal digits of an ISID, NUL included */

/**
 * struct target_initiator - the name of an initiator port
 * @protocol: PROTOCOL IDENTIFIER
 * @name: as its fabric writes it
 * @isid: ISID in hexadecimal digits, empty if there is none
 */
struct target_initiator {
	u8	protocol;
	char	name[TRANSPORT_IQN_LEN];
	char	isid[TARGET_ISID_LEN];
};

/* Append the TransportID of an initiator port; a name that is none of its protocol's is zeros. */
void target_transport_id_build(struct target_buf *b, const struct target_initiator *of);

/**
 * target_transport_id_parse - look into a TransportID, which may be anything
 * @id: @len bytes
 * @len: what is there, with whatever follows it
 * @out: set
 * @wrong: if it is none, the byte that is to blame
 *
 * Return: bytes of the TransportID, 0 if it is none.
 */
u32 target_transport_id_parse(const u8 *id, u32 len, struct target_initiator *out, u32 *wrong);

/*
 * Do both name the same port, apart from the ISID? Fabrics write a number with this or that
 * prefix, with or without colons.
 */
bool target_name_same(const char *a, const char *b);

/* The same for names that are the same. */
u32 target_name_hash(const char *name);

/* Which protocol writes its names so? For a name without a port. */
u8 target_name_protocol(const char *name);

#endif /* TARGET_TRANSPORT_ID_H */
