/* SPDX-License-Identifier: GPL-2.0-only */
/* Newer reservations of block devices for older kernels; see compat.h. */
#ifndef TCM_COMPAT_PR_H
#define TCM_COMPAT_PR_H

#include <linux/blkdev.h>
#include <linux/pr.h>

/* Keys and holder can be read since 6.4, and what calls return has names. */
#ifndef TCM_HAVE_PR_READ_KEYS
#define PR_STS_RESERVATION_CONFLICT	0x18

struct pr_keys {
	u32	generation;
	u32	num_keys;
	u64	keys[];
};

struct pr_held_reservation {
	u64		key;
	u32		generation;
	enum pr_type	type;
};

/*
 * What the driver got, as it is: a result of SCSI, whose low byte is the status, with what the
 * midlayer adds above it; or a status of NVMe, perhaps with "do not retry".
 */
#define PR_OLD_SCSI_STATUS		0xff
#define PR_OLD_NVME_STATUS		0x7ff
#define PR_OLD_NVME_CONFLICT		0x83

static inline int pr_ops_status(int ret)
{
	if (ret < 0)
		return ret;
	if ((ret & PR_OLD_SCSI_STATUS) == PR_STS_RESERVATION_CONFLICT ||
	    (ret & PR_OLD_NVME_STATUS) == PR_OLD_NVME_CONFLICT)
		return PR_STS_RESERVATION_CONFLICT;
	return ret;
}

#define pr_ops_read_keys(ops, bdev, keys)		((void)(keys), -EOPNOTSUPP)
#define pr_ops_read_reservation(ops, bdev, held)	((void)(held), -EOPNOTSUPP)

static inline bool pr_ops_reads(const struct pr_ops *ops)
{
	return false;
}
#else
#define pr_ops_status(ret)				(ret)
#define pr_ops_read_keys(ops, bdev, keys)		((ops)->pr_read_keys(bdev, keys))
#define pr_ops_read_reservation(ops, bdev, held)	((ops)->pr_read_reservation(bdev, held))

static inline bool pr_ops_reads(const struct pr_ops *ops)
{
	return ops->pr_read_keys && ops->pr_read_reservation;
}
#endif

#endif /* TCM_COMPAT_PR_H */
