// SPDX-License-Identifier: GPL-2.0-only
/*
 * The UIO device: how a daemon finds the unit, maps what is shared, and is woken up.
 *
 * A mapping may outlive the unit. So it knows only a number, under which the unit is
 * looked up at each fault; when the unit goes, the mapping is emptied and the number is
 * forgotten.
 */
#include <linux/fs.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <compat/compat_uio.h>
#include "user.h"

static struct device *user_root;

static vm_fault_t uio_insert(struct vm_fault *vmf, struct page *page)
{
	unsigned int noio;
	vm_fault_t ret;

	if (!page)
		return VM_FAULT_SIGBUS;
	/* Who waits for the lock may be writing back pages. */
	noio = memalloc_noio_save();
	ret = vmf_insert_page(vmf->vma, vmf->address, page);
	memalloc_noio_restore(noio);
	return ret;
}

/* The data area has pages where commands have used it. */
static vm_fault_t uio_fault_data(struct user_device *user, struct vm_fault *vmf)
{
	guard(mutex)(&user->data.lock);
	if (!user->data.mapping)
		return VM_FAULT_SIGBUS;
	return uio_insert(vmf, user_data_page(&user->data, vmf->pgoff - user->data.first));
}

static vm_fault_t uio_fault_ring(struct user_device *user, struct vm_fault *vmf)
{
	guard(mutex)(&user->data.lock);
	if (!user->data.mapping)
		return VM_FAULT_SIGBUS;
	return uio_insert(vmf, vmalloc_to_page((void *)user->ring.mb +
					       (vmf->pgoff << PAGE_SHIFT)));
}

static vm_fault_t uio_fault(struct vm_fault *vmf)
{
	unsigned long id = (unsigned long)vmf->vma->vm_private_data;
	struct user_device *user = user_get(id);
	vm_fault_t ret;

	if (!user)
		return VM_FAULT_SIGBUS;
	if (vmf->pgoff < user->data.first)
		ret = uio_fault_ring(user, vmf);
	else if (vmf->pgoff < user->map_pages)
		ret = uio_fault_data(user, vmf);
	else
		ret = VM_FAULT_SIGBUS;
	user_put(user);
	return ret;
}

static const struct vm_operations_struct uio_vm_ops = {
	.fault	= uio_fault,
};

static struct user_device *uio_user(struct uio_info *info)
{
	return container_of(info, struct user_device, info);
}

/* All of it or nothing. */
static int uio_map(struct uio_info *info, struct compat_map *map)
{
	struct user_device *user = uio_user(info);

	if (compat_map_pages(map) != user->map_pages)
		return -EINVAL;
	compat_map_set(map, &uio_vm_ops, (void *)(unsigned long)user->id);
	return 0;
}

static int uio_open(struct uio_info *info, struct inode *inode)
{
	struct user_device *user = uio_user(info);
	int err = user_daemon_comes(user);

	if (err)
		return err;
	guard(mutex)(&user->data.lock);
	user->data.mapping = inode->i_mapping;
	return 0;
}

static int uio_release(struct uio_info *info, struct inode *inode)
{
	struct user_device *user = uio_user(info);

	scoped_guard(mutex, &user->data.lock)
		user->data.mapping = NULL;
	user_daemon_goes(user);
	return 0;
}

/* The daemon has written to the device: it is through with something. */
static int uio_irqcontrol(struct uio_info *info, s32 irq_on)
{
	user_drain(uio_user(info));
	return 0;
}

static char *uio_name(const struct user_device *user, const char *config)
{
	const struct se_device *dev = &user->dev;

	return kasprintf(GFP_KERNEL, "tcm-user/%u/%s%s%s", dev->se_hba->hba_id,
			 config_item_name((struct config_item *)&dev->dev_group.cg_item),
			 config[0] ? "/" : "", config);
}

int user_uio_rename(struct user_device *user, const char *config)
{
	char *name = uio_name(user, config), *old = user->name;

	lockdep_assert_held(&user->dev.lock);
	if (!name)
		return -ENOMEM;
	/* Whoever shows the name in sysfs holds this. */
	scoped_guard(mutex, &user->info.uio_dev->info_lock) {
		user->info.name = name;
		user->name = name;
	}
	kfree(old);
	return 0;
}

int user_uio_register(struct user_device *user)
{
	struct uio_info *info = &user->info;
	int err;

	user->name = uio_name(user, user->options.config);
	if (!user->name)
		return -ENOMEM;
	*info = (struct uio_info) {
		.name		= user->name,
		.version	= TCMU_VERSION,
		.irq		= UIO_IRQ_CUSTOM,
		.irqcontrol	= uio_irqcontrol,
		.uio_map_hook	= uio_map,
		.open		= uio_open,
		.release	= uio_release,
	};
	info->mem[0].name = "mailbox, ring and data";
	info->mem[0].addr = (phys_addr_t)(uintptr_t)user->ring.mb;
	info->mem[0].size = (resource_size_t)user->map_pages << PAGE_SHIFT;
	info->mem[0].memtype = UIO_MEM_NONE;
	err = uio_register_device(user_root, info);
	if (err) {
		kfree(user->name);
		user->name = NULL;
	}
	return err;
}

static void uio_empty_mapping(struct user_device *user)
{
	guard(mutex)(&user->data.lock);
	if (user->data.mapping)
		unmap_mapping_range(user->data.mapping, 0, (loff_t)user->map_pages << PAGE_SHIFT,
				    1);
	user->data.mapping = NULL;
}

void user_uio_unregister(struct user_device *user)
{
	uio_empty_mapping(user);
	/* From here on the device's file knows nothing of us. */
	uio_unregister_device(&user->info);
	uio_empty_mapping(user);
	kfree(user->name);
	user->name = NULL;
}

int user_uio_init(void)
{
	user_root = root_device_register("tcm_user");
	return PTR_ERR_OR_ZERO(user_root);
}

void user_uio_exit(void)
{
	root_device_unregister(user_root);
}
