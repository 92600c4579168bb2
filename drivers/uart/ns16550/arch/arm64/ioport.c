/* SPDX-License-Identifier: BSD-3-Clause */
/* There are no I/O ports here. */
#include <uk/compiler.h>

#include "../../ns16550_priv.h"

bool ns16550_use_ioport(struct ns16550 *port UK_UNUSED,
			uint64_t base UK_UNUSED)
{
	return false;
}
