// SPDX-License-Identifier: GPL-2.0-only
/* until 6.12; cdd30ebb1b9f ("module: Convert symbol namespace to string literal") */
#include <linux/module.h>

MODULE_IMPORT_NS(TARGET_CORE);
