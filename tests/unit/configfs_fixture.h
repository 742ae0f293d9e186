/* SPDX-License-Identifier: GPL-2.0-only */
/* A device that no directory shows, and its files by name. */
#ifndef TARGET_CONFIGFS_FIXTURE_H
#define TARGET_CONFIGFS_FIXTURE_H

#include <kunit/test.h>
#include <target/target_core_backend.h>
#include "attrib.h"
#include "reserve.h"

struct configfs_fixture {
	struct target_backend_ops	ops;
	struct se_hba			hba;
	struct se_device		dev;
	char				page[PAGE_SIZE];
};

static inline int configfs_fixture_unmap(struct target_io *io)
{
	return 0;
}

/* What the core sets up when a device's directory is made. */
static inline void configfs_fixture_device(struct configfs_fixture *f)
{
	struct se_device *dev = &f->dev;

	memcpy(f->ops.name, "unit", 4);
	memcpy(f->ops.inquiry_prod, "UNIT", 4);
	memcpy(f->ops.inquiry_rev, "1.0", 3);
	f->hba.transport = &f->ops;
	f->hba.hba_index = 4;
	dev->transport = &f->ops;
	dev->se_hba = &f->hba;
	dev->hba_index = f->hba.hba_index;
	mutex_init(&dev->lock);
	spin_lock_init(&dev->lun_lock);
	INIT_LIST_HEAD(&dev->luns);
	INIT_LIST_HEAD(&dev->tg_pt_gps);
	INIT_LIST_HEAD(&dev->lu_gp_node);
	target_reservations_init(dev);
	target_attrib_set_defaults(dev);
	config_group_init_type_name(&dev->dev_group, "a_very_long_device_name", NULL);
}

static inline int configfs_fixture_init(struct kunit *test)
{
	struct configfs_fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, f);
	configfs_fixture_device(f);
	test->priv = f;
	return 0;
}

static inline void configfs_fixture_exit(struct kunit *test)
{
	struct configfs_fixture *f = test->priv;

	/* Frees the name; there is no release. */
	config_item_put(&f->dev.dev_group.cg_item);
	mutex_destroy(&f->dev.lock);
}

/* As the configure hook and what follows it. */
static inline void configfs_fixture_configure(struct configfs_fixture *f,
					      const struct target_limits *limits)
{
	guard(mutex)(&f->dev.lock);
	f->dev.limits = *limits;
	target_attrib_from_limits(&f->dev);
	f->dev.configured = true;
}

static inline struct configfs_attribute *configfs_find(struct configfs_attribute **attrs,
						       const char *name)
{
	for (; *attrs; attrs++)
		if (!strcmp((*attrs)->ca_name, name))
			return *attrs;
	return NULL;
}

/* write(2) of @text: 0 or -errno; -EACCES if the file cannot be written. */
static inline int configfs_write(struct configfs_fixture *f, struct config_group *group,
				 struct configfs_attribute **attrs, const char *name,
				 const char *text)
{
	struct configfs_attribute *attr = configfs_find(attrs, name);
	size_t count = strlen(text);
	ssize_t ret;

	if (!attr)
		return -ENOENT;
	if (!attr->store)
		return -EACCES;
	memset(f->page, 0, sizeof(f->page));
	memcpy(f->page, text, count);
	ret = attr->store(&group->cg_item, f->page, count);
	return ret == count ? 0 : ret;
}

/* read(2): the text, valid until the next read or write. */
static inline const char *configfs_read(struct configfs_fixture *f, struct config_group *group,
					struct configfs_attribute **attrs, const char *name)
{
	struct configfs_attribute *attr = configfs_find(attrs, name);

	memset(f->page, 0, sizeof(f->page));
	if (!attr || !attr->show || attr->show(&group->cg_item, f->page) < 0)
		return "(no such file)";
	return f->page;
}

#endif /* TARGET_CONFIGFS_FIXTURE_H */
