/* SPDX-License-Identifier: BSD-3-Clause */
#include "console_priv.h"

#include <uk/console.h>

bool console_take(struct uk_abi_iovec *to, const struct uk_abi_iovec *from)
{
	*to = *from;
	return true;
}

size_t console_show(const char *buf, size_t len)
{
	uk_console_out(buf, len);
	return len;
}

ptrdiff_t console_read(char *buf, size_t len)
{
	return (ptrdiff_t)console_wait(buf, len);
}
