/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What arch/ knows of flows of control. Those of a process are its threads, and
 * the host's kernel switches between them: see sched.c. So what switches or
 * keeps the state of one is not for here, and ends the program.
 */
#include <uk/arch/ctx.h>
#include <uk/arch/tls.h>
#include <uk/compiler.h>

UK_NORETURN void hosted_abort(void);

__thread uintptr_t hosted_tp;

void ukarch_ctx_init(struct ukarch_ctx *ctx UK_UNUSED,
		     uintptr_t stack_top UK_UNUSED,
		     void (*fn)(void *a, void *b) UK_UNUSED,
		     void *a UK_UNUSED, void *b UK_UNUSED)
{
	hosted_abort();
}

void ukarch_ctx_switch(struct ukarch_ctx *from UK_UNUSED,
		       const struct ukarch_ctx *to UK_UNUSED)
{
	hosted_abort();
}

void ukarch_ctx_switch_fp(struct ukarch_ctx *from UK_UNUSED,
			  const struct ukarch_ctx *to UK_UNUSED)
{
	hosted_abort();
}

size_t ukarch_ectx_size(void)
{
	hosted_abort();
}

void ukarch_ectx_init(void *area UK_UNUSED)
{
	hosted_abort();
}

void ukarch_ectx_save(void *area UK_UNUSED)
{
	hosted_abort();
}

void ukarch_ectx_copy(void *area UK_UNUSED)
{
	hosted_abort();
}

void ukarch_ectx_restore(const void *area UK_UNUSED)
{
	hosted_abort();
}

/* There are no variables but the host's: an area is the TCB. */
size_t ukarch_tls_size(size_t tcb)
{
	return tcb;
}

size_t ukarch_tls_align(void)
{
	return 16;
}

uintptr_t ukarch_tls_init(void *area, size_t tcb)
{
	__builtin_memset(area, 0, tcb);
	return (uintptr_t)area;
}

void *ukarch_tls_tcb(uintptr_t tp, size_t tcb UK_UNUSED)
{
	return (void *)tp;
}
