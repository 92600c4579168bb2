/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>

/* POSIX.1-2008: the result is the error, and errno stays. */
int posix_memalign(void **ptr, size_t align, size_t size)
{
	const int was = errno;
	void *mem;

	if (align % sizeof(void *) || align == 0 || (align & (align - 1)))
		return EINVAL;
	mem = memalign(align, size);
	errno = was;
	if (!mem)
		return ENOMEM;
	*ptr = mem;
	return 0;
}
