/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * new and delete of C++ (C++17, 21.6.2), in C under the names that the Itanium
 * C++ ABI gives them (5.1.4). Programs have no exceptions here: where there is
 * no memory, a new that may throw aborts.
 *
 * There are five functions; the rest are other names of them, which ignore
 * what they are told beyond: a tag, the size or the alignment of what is
 * deleted. All are weak, so a program may replace each of them.
 */
#include <stddef.h>
#include <stdlib.h>

#define NAME(of, name)							\
	extern __typeof__(of) of##_##name				\
	__asm__(#name) __attribute__((__weak__, __alias__(#of)))

static void *get(size_t size)
{
	return malloc(size ? size : 1);
}

static void *get_aligned(size_t size, size_t align)
{
	return aligned_alloc(align, size ? size : 1);
}

static void *or_abort(void *ptr)
{
	if (!ptr)
		abort();
	return ptr;
}

static void *must_get(size_t size)
{
	return or_abort(get(size));
}

static void *must_get_aligned(size_t size, size_t align)
{
	return or_abort(get_aligned(size, align));
}

static void give_back(void *ptr)
{
	free(ptr);
}

NAME(must_get, _Znwm);
NAME(must_get, _Znam);
NAME(get, _ZnwmRKSt9nothrow_t);
NAME(get, _ZnamRKSt9nothrow_t);
NAME(must_get_aligned, _ZnwmSt11align_val_t);
NAME(must_get_aligned, _ZnamSt11align_val_t);
NAME(get_aligned, _ZnwmSt11align_val_tRKSt9nothrow_t);
NAME(get_aligned, _ZnamSt11align_val_tRKSt9nothrow_t);

NAME(give_back, _ZdlPv);
NAME(give_back, _ZdaPv);
NAME(give_back, _ZdlPvm);
NAME(give_back, _ZdaPvm);
NAME(give_back, _ZdlPvRKSt9nothrow_t);
NAME(give_back, _ZdaPvRKSt9nothrow_t);
NAME(give_back, _ZdlPvSt11align_val_t);
NAME(give_back, _ZdaPvSt11align_val_t);
NAME(give_back, _ZdlPvmSt11align_val_t);
NAME(give_back, _ZdaPvmSt11align_val_t);
NAME(give_back, _ZdlPvSt11align_val_tRKSt9nothrow_t);
NAME(give_back, _ZdaPvSt11align_val_tRKSt9nothrow_t);
