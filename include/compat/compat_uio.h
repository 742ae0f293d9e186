/* SPDX-License-Identifier: GPL-2.0-only */
/* How a UIO device is mapped, on newer and older kernels; see compat.h. */
#ifndef TCM_COMPAT_UIO_H
#define TCM_COMPAT_UIO_H

#include <linux/mm.h>
#include <linux/uio_driver.h>

/*
 * struct compat_map is what the hook of that name of struct uio_info gets. Pages are put
 * into the mapping one by one, by its fault handler.
 */
#ifdef TCM_HAVE_UIO_MMAP_PREPARE
#define compat_map	vm_area_desc
#define uio_map_hook	mmap_prepare

static inline unsigned long compat_map_pages(struct vm_area_desc *desc)
{
	return vma_desc_pages(desc);
}

static inline void compat_map_set(struct vm_area_desc *desc,
				  const struct vm_operations_struct *ops, void *data)
{
	vma_desc_set_flags(desc, VMA_MIXEDMAP_BIT, VMA_DONTEXPAND_BIT, VMA_DONTDUMP_BIT);
	desc->vm_ops = ops;
	desc->private_data = data;
}
#else
#define compat_map	vm_area_struct
#define uio_map_hook	mmap

static inline unsigned long compat_map_pages(struct vm_area_struct *vma)
{
	return vma_pages(vma);
}

static inline void compat_map_set(struct vm_area_struct *vma,
				  const struct vm_operations_struct *ops, void *data)
{
#ifdef TCM_HAVE_VM_FLAGS_SET
	vm_flags_set(vma, VM_MIXEDMAP | VM_DONTEXPAND | VM_DONTDUMP);
#else
	vma->vm_flags |= VM_MIXEDMAP | VM_DONTEXPAND | VM_DONTDUMP;
#endif
	vma->vm_ops = ops;
	vma->vm_private_data = data;
}
#endif

#endif /* TCM_COMPAT_UIO_H */
