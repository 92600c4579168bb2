/* SPDX-License-Identifier: BSD-3-Clause */
/* Threads made and run in one call, by the memory of their scheduler. */
#include <uk/sched.h>

#include <uk/assert.h>

static struct uk_thread *run(struct uk_sched *s, struct uk_thread *t)
{
	int rc;

	if (!t)
		return NULL;
	uk_thread_detach(t);
	rc = uk_sched_thread_add(s, t);
	UK_ASSERT(rc == 0);
	return t;
}

struct uk_thread *uk_sched_thread_create_fn0(
	struct uk_sched *s, uk_thread_fn0_t fn, size_t stack_len,
	size_t auxstack_len, bool no_uktls, bool no_ectx, const char *name,
	void *priv, uk_thread_dtor_t dtor)
{
	return run(s, uk_thread_create_fn0(s->a, fn, s->a_stack, stack_len,
					   s->a_auxstack, auxstack_len,
					   no_uktls ? NULL : s->a_uktls,
					   no_ectx, name, priv, dtor));
}

struct uk_thread *uk_sched_thread_create_fn1(
	struct uk_sched *s, uk_thread_fn1_t fn, void *arg, size_t stack_len,
	size_t auxstack_len, bool no_uktls, bool no_ectx, const char *name,
	void *priv, uk_thread_dtor_t dtor)
{
	return run(s, uk_thread_create_fn1(s->a, fn, arg, s->a_stack,
					   stack_len, s->a_auxstack,
					   auxstack_len,
					   no_uktls ? NULL : s->a_uktls,
					   no_ectx, name, priv, dtor));
}

struct uk_thread *uk_sched_thread_create_fn2(
	struct uk_sched *s, uk_thread_fn2_t fn, void *arg0, void *arg1,
	size_t stack_len, size_t auxstack_len, bool no_uktls, bool no_ectx,
	const char *name, void *priv, uk_thread_dtor_t dtor)
{
	return run(s, uk_thread_create_fn2(s->a, fn, arg0, arg1, s->a_stack,
					   stack_len, s->a_auxstack,
					   auxstack_len,
					   no_uktls ? NULL : s->a_uktls,
					   no_ectx, name, priv, dtor));
}
