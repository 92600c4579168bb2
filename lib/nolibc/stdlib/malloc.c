/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The malloc family is the image's default heap; here is what C and POSIX ask
 * beyond it: errno, and the checks of sizes and alignments.
 */
#include <stdlib.h>

#include <errno.h>
#include <stdint.h>

#include <uk/alloc.h>
#include <uk/call.h>

static void *result(void *ptr)
{
	if (!ptr)
		errno = ENOMEM;
	return ptr;
}

void *malloc(size_t size)
{
	return result(UK_CALL_SERVICE(uk_malloc(uk_alloc_get_default(),
						size)));
}

void *calloc(size_t count, size_t size)
{
	return result(UK_CALL_SERVICE(uk_calloc(uk_alloc_get_default(), count,
						size)));
}

void *realloc(void *ptr, size_t size)
{
	void *more = UK_CALL_SERVICE(uk_realloc(uk_alloc_get_default(), ptr,
						size));

	/* Size 0 frees, which is no failure. */
	return size || !ptr ? result(more) : more;
}

void *reallocarray(void *ptr, size_t count, size_t size)
{
	size_t len;

	if (__builtin_mul_overflow(count, size, &len))
		return result(NULL);
	return realloc(ptr, len);
}

void free(void *ptr)
{
	struct uk_current *const cur = uk_call_enter();

	uk_free(uk_alloc_get_default(), ptr);
	uk_call_leave(cur);
}

void *memalign(size_t align, size_t size)
{
	if (align == 0 || (align & (align - 1))) {
		errno = EINVAL;
		return NULL;
	}
	return result(UK_CALL_SERVICE(uk_memalign(uk_alloc_get_default(), align,
						  size)));
}

void *aligned_alloc(size_t align, size_t size)
{
	return memalign(align, size);
}

int posix_memalign(void **ptr, size_t align, size_t size)
{
	if (align < sizeof(void *) || (align & (align - 1)))
		return EINVAL;
	return UK_CALL_SERVICE(uk_posix_memalign(uk_alloc_get_default(), ptr,
						 align, size));
}
