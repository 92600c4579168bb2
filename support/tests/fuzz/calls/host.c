/* SPDX-License-Identifier: BSD-3-Clause */
/* The host's side: sees libc and no Kiln header. */
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

void calls_host_map(uintptr_t at, size_t len);
void *calls_host_alloc(size_t align, size_t len);
void calls_host_free(void *ptr);
long calls_host_try(unsigned int level, long (*fn)(void *arg), void *arg);
_Noreturn void calls_host_leave(unsigned int level, long result);

void calls_host_map(uintptr_t at, size_t len)
{
	if (mmap((void *)at, len, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) !=
	    (void *)at)
		abort();
}

void *calls_host_alloc(size_t align, size_t len)
{
	void *ptr;

	if (len > 16u << 20 || posix_memalign(&ptr, align, len ? len : 1))
		return NULL;
	return ptr;
}

void calls_host_free(void *ptr)
{
	free(ptr);
}

static jmp_buf places[8];
static volatile long results[8];

/* fn(arg), or the result that it is left with. */
long calls_host_try(unsigned int level, long (*fn)(void *arg), void *arg)
{
	if (setjmp(places[level]))
		return results[level];
	return fn(arg);
}

void calls_host_leave(unsigned int level, long result)
{
	results[level] = result;
	longjmp(places[level], 1);
}
