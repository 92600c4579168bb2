/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Thread-local storage, variant I of "ELF Handling For Thread-Local Storage"
 * (3.4.1): the linker places a variable at the thread pointer plus 16 bytes,
 * rounded up to the template's alignment, plus its offset in the template
 * (AAELF64, 5.7.3, TPREL). The first of those bytes are the dynamic linker's,
 * which we are not. The TCB ends at the thread pointer, where a libc looks
 * for it.
 */
#include <uk/arch/tls.h>

#include <uk/essentials.h>

#define SKIPPED		16	/* bytes at the thread pointer */

/* Both the least alignment and what the variables' one is rounded up to. */
size_t ukarch_tls_align(void)
{
	return UK_MAX((size_t)uk_tls_align, (size_t)SKIPPED);
}

/* Of the thread pointer in the area. */
static size_t tp_offset(size_t tcb)
{
	return UK_ALIGN_UP(tcb, ukarch_tls_align());
}

/* Of the first variable from the thread pointer. */
static size_t vars_offset(void)
{
	return UK_ALIGN_UP((size_t)SKIPPED, ukarch_tls_align());
}

size_t ukarch_tls_size(size_t tcb)
{
	return tp_offset(tcb) + vars_offset() +
	       (size_t)(_tls_end - _tls_start);
}

uintptr_t ukarch_tls_init(void *area, size_t tcb)
{
	char *const tp = (char *)area + tp_offset(tcb);

	__builtin_memset(area, 0, ukarch_tls_size(tcb));
	__builtin_memcpy(tp + vars_offset(), _tls_start,
			 (size_t)(_etdata - _tls_start));
	return (uintptr_t)tp;
}

void *ukarch_tls_tcb(uintptr_t tp, size_t tcb)
{
	return (char *)tp - tcb;
}
