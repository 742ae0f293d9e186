// SPDX-License-Identifier: GPL-2.0-only
/* A process that serves all units of its handler, as they come and go. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "tcmu.h"

#define CORE		"/sys/kernel/config/target/core"
#define MAX_UNITS	1024

static const struct tcmu_handler *handler;
static struct tcmu_unit *units[MAX_UNITS];
static unsigned int nr_units;
static volatile sig_atomic_t ending;

static void on_signal(int signal)
{
	ending = 1;
}

/* tcm-user/HBA/UNIT/HANDLER/CONFIG: HBA, UNIT and CONFIG. False if it is another handler's. */
static bool name_split(const char *name, unsigned int *hba, char *unit, const char **config)
{
	size_t len = strlen(handler->name);
	int at = 0;

	if (sscanf(name, "tcm-user/%u/%255[^/]/%n", hba, unit, &at) < 2 || !at)
		return false;
	if (strncmp(name + at, handler->name, len) || name[at + len] != '/')
		return false;
	*config = name + at + len + 1;
	return true;
}

int tcmu_unit_size(const struct tcmu_unit *unit, uint64_t *size)
{
	char path[512], name[256], text[32];
	const char *config;
	unsigned int hba;
	FILE *file;
	int err = 0;

	if (!name_split(unit->name, &hba, name, &config))
		return -EINVAL;
	snprintf(path, sizeof(path), CORE "/user_%u/%s/attrib/dev_size", hba, name);
	file = fopen(path, "re");
	if (!file)
		return -errno;
	if (fgets(text, sizeof(text), file))
		*size = strtoull(text, NULL, 0);
	else
		err = -EIO;
	fclose(file);
	return err;
}

static int unit_index(int minor)
{
	unsigned int i;

	for (i = 0; i < nr_units; i++)
		if (units[i]->minor == minor)
			return i;
	return -1;
}

static int unit_add(int minor)
{
	char name[TCMU_NAME_LEN], part[256];
	struct tcmu_unit *unit;
	const char *config;
	unsigned int hba;
	int err;

	err = tcmu_name(minor, name);
	if (err)
		return err;
	/* Another handler's, or here already: the event was overtaken. */
	if (!name_split(name, &hba, part, &config) || unit_index(minor) >= 0)
		return 0;
	if (nr_units == MAX_UNITS)
		return -ENOSPC;
	unit = calloc(1, sizeof(*unit));
	if (!unit)
		return -ENOMEM;
	err = tcmu_open(unit, minor);
	if (!err) {
		name_split(unit->name, &hba, part, &config);
		err = handler->open(unit, config);
		if (err)
			tcmu_close(unit);
	}
	if (err) {
		free(unit);
		return err;
	}
	units[nr_units++] = unit;
	return 0;
}

static void unit_remove(int minor)
{
	int i = unit_index(minor);
	struct tcmu_unit *unit;

	if (i < 0)
		return;
	unit = units[i];
	units[i] = units[--nr_units];
	handler->close(unit);
	tcmu_close(unit);
	free(unit);
}

static void unit_found(int minor, const char *name, void *data)
{
	int err = unit_add(minor);

	if (err)
		fprintf(stderr, "tcmu-%s: %s: %s\n", handler->name, name, strerror(-err));
}

/* Everything that is there, and one word to the kernel when there is no more. */
static void unit_work(struct tcmu_unit *unit)
{
	struct tcmu_answer answer;
	struct tcmu_command cmd;
	bool any = false;

	while (tcmu_next(unit, &cmd)) {
		answer.status = 0;
		answer.uflags = 0;
		answer.read_len = 0;
		handler->execute(unit, &cmd, &answer);
		tcmu_complete(unit, &cmd, &answer);
		any = true;
	}
	if (any)
		tcmu_kick(unit);
}

static int event_resize(const struct tcmu_event *event)
{
	int i = unit_index(event->minor);

	if (i < 0 || !event->has_size)
		return 0;
	return handler->resize ? handler->resize(units[i], event->size) : -EOPNOTSUPP;
}

static void netlink_work(int sock)
{
	struct tcmu_event event;
	int err;

	if (tcmu_netlink_read(sock, &event) != 1)
		return;
	switch (event.cmd) {
	case TCMU_CMD_ADDED_DEVICE:
		err = unit_add(event.minor);
		break;
	case TCMU_CMD_REMOVED_DEVICE:
		unit_remove(event.minor);
		err = 0;
		break;
	case TCMU_CMD_RECONFIG_DEVICE:
		err = event_resize(&event);
		break;
	default:
		return;
	}
	tcmu_netlink_reply(sock, &event, err);
}

/* Wait until a unit or netlink has something to say. */
static void serve_round(int sock)
{
	static struct pollfd fds[MAX_UNITS + 1];
	unsigned int i, n = nr_units;

	fds[0] = (struct pollfd){ .fd = sock, .events = POLLIN };
	for (i = 0; i < n; i++)
		fds[i + 1] = (struct pollfd){ .fd = units[i]->fd, .events = POLLIN };
	if (poll(fds, n + 1, -1) < 0)
		return;
	for (i = 0; i < n; i++) {
		if (fds[i + 1].revents & POLLIN) {
			tcmu_wait(units[i]);
			unit_work(units[i]);
		}
	}
	if (fds[0].revents & POLLIN)
		netlink_work(sock);
}

int tcmu_serve(const struct tcmu_handler *which)
{
	struct sigaction action = { .sa_handler = on_signal };
	unsigned int i;
	int sock;

	handler = which;
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	sock = tcmu_netlink_open();
	if (sock < 0) {
		fprintf(stderr, "tcmu-%s: netlink: %s\n", handler->name, strerror(-sock));
		return 1;
	}
	/* First the ear, then the eyes: none is missed. */
	tcmu_for_each(unit_found, NULL);
	for (i = 0; i < nr_units; i++)
		unit_work(units[i]);
	printf("tcmu-%s: %u units\n", handler->name, nr_units);
	fflush(stdout);
	while (!ending)
		serve_round(sock);
	while (nr_units)
		unit_remove(units[0]->minor);
	close(sock);
	return 0;
}
