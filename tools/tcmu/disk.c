// SPDX-License-Identifier: GPL-2.0-only
/* Just enough of SPC and SBC for who has blocks and nothing else. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "tcmu.h"

#define GOOD			0x00
#define CHECK_CONDITION		0x02

#define MEDIUM_ERROR		0x03
#define ILLEGAL_REQUEST		0x05

#define INVALID_FIELD		0x2400
#define OUT_OF_RANGE		0x2100
#define NOT_SAVED		0x3900
#define READ_ERROR		0x1100
#define WRITE_ERROR		0x0c00

static uint64_t get_be(const uint8_t *at, unsigned int bytes)
{
	uint64_t value = 0;

	while (bytes--)
		value = value << 8 | *at++;
	return value;
}

static void put_be(uint8_t *at, unsigned int bytes, uint64_t value)
{
	while (bytes--) {
		at[bytes] = value;
		value >>= 8;
	}
}

/* Fixed format sense data. */
static void fail(struct tcmu_answer *answer, uint8_t key, uint16_t code)
{
	answer->status = CHECK_CONDITION;
	memset(answer->sense, 0, sizeof(answer->sense));
	answer->sense[0] = 0x70;
	answer->sense[2] = key;
	answer->sense[7] = 10;
	put_be(answer->sense + 12, 2, code);
}

/* Parameter data: no more than there is, than is allowed, and than there is room for. */
static void put_data(const struct tcmu_command *cmd, struct tcmu_answer *answer, const void *data,
		     size_t len, size_t allowed)
{
	answer->uflags |= TCMU_UFLAG_READ_LEN;
	answer->read_len = tcmu_put(cmd, 0, data, len < allowed ? len : allowed);
}

/* A designator that no other unit has: its name. */
static size_t vpd_83(const struct tcmu_unit *unit, uint8_t *page)
{
	size_t len = strlen(unit->name);

	if (len > 200)
		len = 200;
	page[4] = 0x02;		/* ASCII */
	page[5] = 0x01;		/* T10 vendor ID based */
	page[7] = 8 + len;
	memcpy(page + 8, "TCMNEXT ", 8);
	memcpy(page + 16, unit->name, len);
	return 4 + 8 + len;
}

static size_t vpd_b0(const struct tcmu_disk *disk, uint8_t *page)
{
	put_be(page + 8, 4, (1 << 20) / disk->block);	/* MAXIMUM TRANSFER LENGTH */
	return 0x3c;
}

static void inquiry_vpd(struct tcmu_disk *disk, const struct tcmu_unit *unit,
			const struct tcmu_command *cmd, struct tcmu_answer *answer)
{
	static const uint8_t pages[] = { 0x00, 0x80, 0x83, 0xb0, 0xb1 };
	uint8_t page[256] = { 0, cmd->cdb[2] };
	size_t len;

	switch (cmd->cdb[2]) {
	case 0x00:
		len = sizeof(pages);
		memcpy(page + 4, pages, len);
		break;
	case 0x80:
		len = snprintf((char *)page + 4, 64, "%d", unit->minor);
		break;
	case 0x83:
		len = vpd_83(unit, page);
		break;
	case 0xb0:
		len = vpd_b0(disk, page);
		break;
	case 0xb1:
		len = 0x3c;
		put_be(page + 4, 2, 1);		/* not rotating */
		break;
	default:
		fail(answer, ILLEGAL_REQUEST, INVALID_FIELD);
		return;
	}
	put_be(page + 2, 2, len);
	put_data(cmd, answer, page, 4 + len, get_be(cmd->cdb + 3, 2));
}

static void inquiry(struct tcmu_disk *disk, const struct tcmu_unit *unit,
		    const struct tcmu_command *cmd, struct tcmu_answer *answer)
{
	uint8_t data[66] = { 0, 0, 6, 2, sizeof(data) - 5, 0, 0, 2 };

	if (cmd->cdb[1] & 1) {
		inquiry_vpd(disk, unit, cmd, answer);
		return;
	}
	if (cmd->cdb[2]) {
		fail(answer, ILLEGAL_REQUEST, INVALID_FIELD);
		return;
	}
	snprintf((char *)data + 8, 29, "%-8s%-16s%-4s", "TCMNEXT", disk->product, "1.0");
	/* The terminating NUL has taken the last place. */
	data[35] = ' ';
	put_be(data + 58, 2, 0x0460);		/* SPC-4 */
	put_be(data + 60, 2, 0x04c0);		/* SBC-3 */
	put_data(cmd, answer, data, sizeof(data), get_be(cmd->cdb + 3, 2));
}

static void capacity_10(struct tcmu_disk *disk, const struct tcmu_command *cmd,
			struct tcmu_answer *answer)
{
	uint64_t last = disk->size / disk->block - 1;
	uint8_t data[8];

	put_be(data, 4, last > UINT32_MAX ? UINT32_MAX : last);
	put_be(data + 4, 4, disk->block);
	put_data(cmd, answer, data, sizeof(data), sizeof(data));
}

static void capacity_16(struct tcmu_disk *disk, const struct tcmu_command *cmd,
			struct tcmu_answer *answer)
{
	uint8_t data[32] = { 0 };

	put_be(data, 8, disk->size / disk->block - 1);
	put_be(data + 8, 4, disk->block);
	put_data(cmd, answer, data, sizeof(data), get_be(cmd->cdb + 10, 4));
}

static void request_sense(const struct tcmu_command *cmd, struct tcmu_answer *answer)
{
	uint8_t data[18] = { 0x70, [7] = 10 };

	put_data(cmd, answer, data, sizeof(data), cmd->cdb[4]);
}

/* WCE, if what is written has to be flushed. */
static unsigned int page_caching(const struct tcmu_disk *disk, uint8_t *page, bool changeable)
{
	page[0] = 0x08;
	page[1] = 0x12;
	page[2] = disk->flush && !changeable ? 0x04 : 0;
	return 20;
}

/* Nothing is out of the ordinary. */
static unsigned int page_control(uint8_t *page)
{
	page[0] = 0x0a;
	page[1] = 0x0a;
	return 12;
}

static void mode_sense(struct tcmu_disk *disk, const struct tcmu_command *cmd,
		       struct tcmu_answer *answer)
{
	bool ten = cmd->cdb[0] == 0x5a;
	unsigned int header = ten ? 8 : 4, len = header;
	uint8_t data[64] = { 0 }, page = cmd->cdb[2] & 0x3f, control = cmd->cdb[2] >> 6;

	if (control == 3) {
		fail(answer, ILLEGAL_REQUEST, NOT_SAVED);
		return;
	}
	if (page == 0x08 || page == 0x3f)
		len += page_caching(disk, data + len, control == 1);
	if (page == 0x0a || page == 0x3f)
		len += page_control(data + len);
	if (len == header || (cmd->cdb[3] && (cmd->cdb[3] != 0xff || page != 0x3f))) {
		fail(answer, ILLEGAL_REQUEST, INVALID_FIELD);
		return;
	}
	data[ten ? 3 : 2] = 0x10;		/* DPOFUA */
	if (ten)
		put_be(data, 2, len - 2);
	else
		data[0] = len - 1;
	put_data(cmd, answer, data, len, ten ? get_be(cmd->cdb + 7, 2) : cmd->cdb[4]);
}

/* Where LBA and count stand in each of the READs and WRITEs. */
static void read_write(struct tcmu_disk *disk, const struct tcmu_command *cmd,
		       struct tcmu_answer *answer, bool write)
{
	const uint8_t *cdb = cmd->cdb;
	uint8_t protect = cdb[0] >> 5 ? cdb[1] >> 5 : 0, fua = cdb[0] >> 5 ? cdb[1] & 0x08 : 0;
	uint64_t lba, blocks;

	switch (cdb[0] >> 5) {
	case 0:
		lba = get_be(cdb + 1, 3) & 0x1fffff;
		blocks = cdb[4] ? cdb[4] : 256;
		break;
	case 4:
		lba = get_be(cdb + 2, 8);
		blocks = get_be(cdb + 10, 4);
		break;
	case 5:
		lba = get_be(cdb + 2, 4);
		blocks = get_be(cdb + 6, 4);
		break;
	default:
		lba = get_be(cdb + 2, 4);
		blocks = get_be(cdb + 7, 2);
	}
	if (lba > disk->size / disk->block || blocks > disk->size / disk->block - lba) {
		fail(answer, ILLEGAL_REQUEST, OUT_OF_RANGE);
		return;
	}
	if (protect || blocks * disk->block != cmd->length) {
		fail(answer, ILLEGAL_REQUEST, INVALID_FIELD);
		return;
	}
	if (blocks && disk->rw(disk, cmd, lba * disk->block, cmd->length, write))
		fail(answer, MEDIUM_ERROR, write ? WRITE_ERROR : READ_ERROR);
	else if (fua && disk->flush && disk->flush(disk))
		fail(answer, MEDIUM_ERROR, WRITE_ERROR);
}

void tcmu_disk_execute(struct tcmu_disk *disk, const struct tcmu_unit *unit,
		       const struct tcmu_command *cmd, struct tcmu_answer *answer)
{
	switch (cmd->cdb[0]) {
	case 0x08: case 0x28: case 0x88: case 0xa8:
		read_write(disk, cmd, answer, false);
		break;
	case 0x0a: case 0x2a: case 0x8a: case 0xaa:
		read_write(disk, cmd, answer, true);
		break;
	case 0x35: case 0x91:		/* SYNCHRONIZE CACHE */
		if (disk->flush && disk->flush(disk))
			fail(answer, MEDIUM_ERROR, WRITE_ERROR);
		break;
	case 0x00:			/* TEST UNIT READY */
	case 0x1b:			/* START STOP UNIT */
		break;
	case 0x03:
		request_sense(cmd, answer);
		break;
	case 0x12:
		inquiry(disk, unit, cmd, answer);
		break;
	case 0x1a: case 0x5a:
		mode_sense(disk, cmd, answer);
		break;
	case 0x25:
		capacity_10(disk, cmd, answer);
		break;
	case 0x9e:
		if ((cmd->cdb[1] & 0x1f) == 0x10)
			capacity_16(disk, cmd, answer);
		else
			answer->uflags = TCMU_UFLAG_UNKNOWN_OP;
		break;
	default:
		answer->uflags = TCMU_UFLAG_UNKNOWN_OP;
	}
}
