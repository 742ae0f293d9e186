/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A small library for processes that serve TCMU units: find, map, take commands, answer.
 * Documentation/tcmu.rst walks through it.
 */
#ifndef TCMU_H
#define TCMU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>
/* The C library has struct iovec, too, and the kernel's header does not look. */
#define __LINUX_UIO_H
#include <linux/target_core_user.h>

#define TCMU_NAME_LEN	512

/**
 * struct tcmu_unit - a unit that this process serves
 * @minor: N of /dev/uioN
 * @name: of the UIO device: tcm-user/HBA/UNIT[/CONFIG]
 * @fd: the device, open
 * @map: all that is shared, @size bytes
 * @mb: the mailbox, which is its beginning
 * @next: the next entry to look at, as an offset in the ring
 * @priv: the handler's
 */
struct tcmu_unit {
	int			minor;
	char			name[TCMU_NAME_LEN];
	int			fd;
	void			*map;
	size_t			size;
	struct tcmu_mailbox	*mb;
	uint32_t		next;
	void			*priv;
};

/**
 * struct tcmu_command - a command that was taken from the ring
 * @id: its number
 * @cdb: the CDB, in the ring: gone once anything is answered
 * @iov: its data
 * @iov_cnt: see @iov
 * @length: bytes of it
 */
struct tcmu_command {
	uint16_t		id;
	const uint8_t		*cdb;
	struct iovec		*iov;
	unsigned int		iov_cnt;
	size_t			length;
};

/**
 * struct tcmu_answer - what becomes of a command
 * @status: SAM status
 * @uflags: TCMU_UFLAG_UNKNOWN_OP and its like
 * @read_len: bytes of data-in, with TCMU_UFLAG_READ_LEN
 * @sense: with CHECK CONDITION
 */
struct tcmu_answer {
	uint8_t			status;
	uint8_t			uflags;
	uint32_t		read_len;
	uint8_t			sense[TCMU_SENSE_BUFFERSIZE];
};

/* --- tcmu.c: the ring ----------------------------------------------------------------- */

/* The name of a UIO device. 0 or -errno. */
int tcmu_name(int minor, char *name);

/* Call @fn for the number of each UIO device of TCMU. */
void tcmu_for_each(void (*fn)(int minor, const char *name, void *data), void *data);

/* Open and map a unit. 0 or -errno. */
int tcmu_open(struct tcmu_unit *unit, int minor);
void tcmu_close(struct tcmu_unit *unit);

/* The next command that was not taken yet. False if there is none. */
bool tcmu_next(struct tcmu_unit *unit, struct tcmu_command *cmd);

/* A command has ended, in whatever order. Its @cdb and @iov are invalid from here on. */
void tcmu_complete(struct tcmu_unit *unit, const struct tcmu_command *cmd,
		   const struct tcmu_answer *answer);

/* The kernel is to look at what has ended; once after several. */
void tcmu_kick(struct tcmu_unit *unit);

/* Forget that there was something to do, before looking for it. Blocks until there is. */
int tcmu_wait(struct tcmu_unit *unit);

/* Copy from or to the data of a command, from byte @at on. Returns bytes. */
size_t tcmu_get(const struct tcmu_command *cmd, size_t at, void *buf, size_t len);
size_t tcmu_put(const struct tcmu_command *cmd, size_t at, const void *buf, size_t len);

/* --- netlink.c: units that come and go -------------------------------------------------- */

/**
 * struct tcmu_event - what netlink says
 * @cmd: TCMU_CMD_ADDED_DEVICE, REMOVED_DEVICE or RECONFIG_DEVICE
 * @minor: of the UIO device
 * @device_id: for the reply
 * @has_size: there is a new @size
 * @size: bytes
 */
struct tcmu_event {
	uint8_t			cmd;
	int			minor;
	uint32_t		device_id;
	bool			has_size;
	uint64_t		size;
};

/* A socket that hears of units, and promises to answer. -errno. */
int tcmu_netlink_open(void);

/* The next event. 1 if there is one, 0 if the message was something else, or -errno. */
int tcmu_netlink_read(int sock, struct tcmu_event *event);

/* Its answer: 0 or -errno in @status. */
int tcmu_netlink_reply(int sock, const struct tcmu_event *event, int status);

/* --- serve.c: a process that serves units ------------------------------------------------ */

/**
 * struct tcmu_handler - what a handler does
 * @name: of the program; units whose config begins with it and a slash are served
 * @open: a unit has come, @config is what follows the slash. 0 or -errno
 * @close: it goes
 * @execute: a command; fills in the answer
 * @resize: it is to have another size. 0 or -errno. Optional
 */
struct tcmu_handler {
	const char *name;
	int (*open)(struct tcmu_unit *unit, const char *config);
	void (*close)(struct tcmu_unit *unit);
	void (*execute)(struct tcmu_unit *unit, const struct tcmu_command *cmd,
			struct tcmu_answer *answer);
	int (*resize)(struct tcmu_unit *unit, uint64_t size);
};

/* Serve until a signal ends it. The exit status. */
int tcmu_serve(const struct tcmu_handler *handler);

/* The size of a unit, as configfs has it. 0 or -errno. */
int tcmu_unit_size(const struct tcmu_unit *unit, uint64_t *size);

/* --- disk.c: SBC for who has blocks -------------------------------------------------------- */

/**
 * struct tcmu_disk - a disk of blocks
 * @size: bytes
 * @block: bytes of a block
 * @product: PRODUCT IDENTIFICATION
 * @rw: move the data of a command. 0 or -errno
 * @flush: make it durable; optional. 0 or -errno
 * @priv: the handler's
 */
struct tcmu_disk {
	uint64_t	size;
	uint32_t	block;
	const char	*product;
	int (*rw)(struct tcmu_disk *disk, const struct tcmu_command *cmd, uint64_t at,
		  size_t len, bool write);
	int (*flush)(struct tcmu_disk *disk);
	void		*priv;
};

void tcmu_disk_execute(struct tcmu_disk *disk, const struct tcmu_unit *unit,
		       const struct tcmu_command *cmd, struct tcmu_answer *answer);

#endif /* TCMU_H */
