/* SPDX-License-Identifier: BSD-3-Clause */
#include "newlib_priv.h"

/* newlib's allocator holds its lock here. Returns what was the end. */
void *_sbrk_r(struct _reent *r, ptrdiff_t more)
{
	const long end = uk_syscall_r_brk(0);

	if (end > 0 && uk_syscall_r_brk(end + more) == end + more)
		return (void *)end;
	r->_errno = ENOMEM;
	return (void *)-1;
}
