/* SPDX-License-Identifier: BSD-3-Clause */
/* The one thread of an image without a scheduler. */
#include "newlib_priv.h"

#include <uk/alloc.h>
#include <uk/arch/tls.h>

struct _reent *__getreent(void)
{
	return _impure_ptr;
}

/* newlib needs no thread-local variables, but the program may have some. */
int newlib_begin(void)
{
	void *area;

	if (_tls_end - _tls_start == 0)
		return 0;
	area = uk_memalign(uk_alloc_get_default(), ukarch_tls_align(),
			   ukarch_tls_size(sizeof(void *)));
	if (!area)
		return -ENOMEM;
	ukarch_tp_set(ukarch_tls_init(area, sizeof(void *)));
	return 0;
}
