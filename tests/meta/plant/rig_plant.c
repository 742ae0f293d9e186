// SPDX-License-Identifier: GPL-2.0-only
/*
 * Does on loading what no module may do, so that the test rig can prove that it
 * notices: each fault is what one checker of the kernel is there to find.
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

static char *fault = "";
module_param(fault, charp, 0444);
MODULE_PARM_DESC(fault, "warn, leak, kasan, order, atomic or refcount");

static DEFINE_MUTEX(lock_a);
static DEFINE_MUTEX(lock_b);
static DEFINE_SPINLOCK(spin);
static char *volatile sink;

static void plant_kasan(void)
{
	char *p = kmalloc(16, GFP_KERNEL);

	sink = p;
	kfree(p);
	if (p)
		sink[1] = 1;
}

static void plant_order(void)
{
	mutex_lock(&lock_a);
	mutex_lock(&lock_b);
	mutex_unlock(&lock_b);
	mutex_unlock(&lock_a);
	mutex_lock(&lock_b);
	mutex_lock(&lock_a);
	mutex_unlock(&lock_a);
	mutex_unlock(&lock_b);
}

static void plant_atomic(void)
{
	spin_lock(&spin);
	might_sleep();
	spin_unlock(&spin);
}

static void plant_refcount(void)
{
	refcount_t count = REFCOUNT_INIT(0);

	refcount_inc(&count);
}

static void plant_leak(void)
{
	int i;

	/* Several: one may stay visible in a register or on a stack. */
	for (i = 0; i < 8; i++)
		sink = kmalloc(500, GFP_KERNEL);
	sink = NULL;
}

static int __init rig_plant_init(void)
{
	if (!strcmp(fault, "warn"))
		WARN(1, "planted\n");
	else if (!strcmp(fault, "leak"))
		plant_leak();
	else if (!strcmp(fault, "kasan"))
		plant_kasan();
	else if (!strcmp(fault, "order"))
		plant_order();
	else if (!strcmp(fault, "atomic"))
		plant_atomic();
	else if (!strcmp(fault, "refcount"))
		plant_refcount();
	else
		return -EINVAL;
	return 0;
}

static void __exit rig_plant_exit(void)
{
}

module_init(rig_plant_init);
module_exit(rig_plant_exit);
MODULE_DESCRIPTION("Plants faults for the test rig's own tests");
MODULE_LICENSE("GPL");
