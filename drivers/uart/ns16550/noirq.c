/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/compiler.h>

#include "ns16550_priv.h"

bool ns16550_notify(struct uk_console *con UK_UNUSED)
{
	return false;
}
