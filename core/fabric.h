/* SPDX-License-Identifier: GPL-2.0-only */
/* Registered fabrics and backstores, found by name and loaded by alias. */
#ifndef TARGET_FABRIC_H
#define TARGET_FABRIC_H

#include <target/target_core_backend.h>
#include <target/target_core_fabric.h>

/**
 * target_fabric_get - the fabric of a directory under target/
 * @name: of the directory
 *
 * Loads "target-fabric-<name>" if nobody has registered. Takes the module's
 * reference. May sleep. Return: the operations, or NULL.
 */
const struct target_core_fabric_ops *target_fabric_get(const char *name);
void target_fabric_put(const struct target_core_fabric_ops *tfo);

/* The same for backstores: "target-backstore-<name>". core/backend.c */
const struct target_backend_ops *target_backend_get(const char *name);
void target_backend_put(const struct target_backend_ops *ops);

#endif /* TARGET_FABRIC_H */
