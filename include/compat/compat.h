/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Newer kernels' names for older kernels.
 *
 * The code is written for the newest kernel.  A name that an older one lacks is
 * lent here by a plain #ifndef; what a macro test cannot see is asked by a probe
 * (include/compat/probe/), whose answer is a TCM_HAVE_ macro in answers.h.
 * Nothing outside include/compat/ knows a kernel version.  Kbuild includes this
 * file first in every object; the public headers include it for plug-ins that
 * are built elsewhere.
 */
#ifndef TCM_COMPAT_H
#define TCM_COMPAT_H

#include <compat/answers.h>
#include <linux/cleanup.h>
#include <linux/export.h>
#include <linux/module.h>
#include <linux/slab.h>

/* Namespaces are tokens before 6.13 and strings since. */
#ifdef TCM_HAVE_NS_TOKEN
#define TARGET_IMPORT_NS(ns)	MODULE_IMPORT_NS(ns)
#define TARGET_EXPORT(sym)	EXPORT_SYMBOL_NS_GPL(sym, TARGET_CORE)
#else
#define TARGET_IMPORT_NS(ns)	MODULE_IMPORT_NS(#ns)
#define TARGET_EXPORT(sym)	EXPORT_SYMBOL_NS_GPL(sym, "TARGET_CORE")
#endif

/* configfs takes const operations since 7.0. */
#ifdef TCM_HAVE_CONFIGFS_CONST_OPS
#define configfs_ops_const	const
#else
#define configfs_ops_const
#endif

/* Older kernels keep these in headers that are replaced here. */
#ifndef INQUIRY_VENDOR_LEN
#define INQUIRY_VENDOR_LEN	8
#define INQUIRY_MODEL_LEN	16
#define INQUIRY_REVISION_LEN	4
#endif

/* Before it had a name, per CPU was the default. */
#ifndef TCM_HAVE_WQ_PERCPU
#define WQ_PERCPU	0
#endif

#endif /* TCM_COMPAT_H */
