/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/compiler.h>

#include "pl011_priv.h"

bool pl011_notify(struct uk_console *con UK_UNUSED)
{
	return false;
}
