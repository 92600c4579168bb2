/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * clone(2) and clone3(2), for threads. The new one goes on where its maker
 * does, with the same registers but for the result and the stack pointer, when
 * it has begun on a stack of ours; the same on which it ends (thread_exit.c).
 *
 * What would be another process is refused as not there: -ENOSYS.
 */
#include <uk/abi/resource.h>
#include <uk/abi/sched.h>
#include <uk/alloc.h>
#include <uk/arch/ctx.h>
#include <uk/arch/regs.h>
#include <uk/arch/syscall.h>
#include <uk/arch/tls.h>
#include <uk/assert.h>
#include <uk/call.h>
#include <uk/config.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/nofault.h>
#include <uk/rlimit.h>
#include <uk/sched.h>
#include <uk/string.h>
#include <uk/syscall.h>
#include <uk/task.h>
#include <uk/thread.h>

#include "process_priv.h"

#define FLAG(x)		((uint64_t)UK_ABI_CLONE_##x)

/* It is one program that has these. */
#define SHARED		(FLAG(VM) | FLAG(FS) | FLAG(FILES) | FLAG(SIGHAND))

/* There are none but the first of each. */
#define NAMESPACES	(FLAG(NEWNS) | FLAG(NEWCGROUP) | FLAG(NEWUTS) | \
			 FLAG(NEWIPC) | FLAG(NEWUSER) | FLAG(NEWPID) | \
			 FLAG(NEWNET))

/* What a thread is to be. */
struct plan {
	uint64_t flags;
	uintptr_t stack;	/* its upper end */
	uint32_t *parent_tid, *child_tid;
	uintptr_t tls;
};

/* How one begins: at the low end of its stack of ours. */
struct birth {
	struct ukarch_regs regs;
	uint32_t *set_tid;	/* or NULL */
	void *ectx;		/* its maker's FP and SIMD registers */
};

_Static_assert(sizeof(struct birth) < TASK_STACK / 4, "the rest is a stack");

static long check(const struct plan *p)
{
	const uint64_t flags = p->flags;

	if ((flags & FLAG(THREAD)) && !(flags & FLAG(SIGHAND)))
		return -EINVAL;
	if ((flags & FLAG(SIGHAND)) && !(flags & FLAG(VM)))
		return -EINVAL;
	/* The thread of a process has no descriptor, nor a group. */
	if (flags & (NAMESPACES | FLAG(PIDFD) | FLAG(INTO_CGROUP)))
		return -EINVAL;
	if ((flags & FLAG(CLEAR_SIGHAND)) && (flags & FLAG(SIGHAND)))
		return -EINVAL;
	if (!(flags & FLAG(THREAD)) || (flags & SHARED) != SHARED ||
	    (flags & FLAG(VFORK)))
		return -ENOSYS;
	/* Two threads on one stack. */
	if (!p->stack)
		return -EINVAL;
	return uk_task_count() < uk_rlimit(UK_ABI_RLIMIT_NPROC) ? 0 : -EAGAIN;
}

static bool tell_tid(uint32_t *to, int tid)
{
	return uk_nofault_memcpy(to, &tid, sizeof(tid), 0) == sizeof(tid);
}

/* On the stack of ours. */
static void begin(void *unused_a, void *unused_b)
{
	struct uk_task *const task = uk_task_current();
	struct birth *const birth = task->thread->priv;

	(void)unused_a;
	(void)unused_b;
	/* As there, nobody hears of it if there is no such place. */
	if (birth->set_tid)
		(void)tell_tid(birth->set_tid, task->tid);
	ukarch_ectx_restore(birth->ectx);
	uk_free(task->thread->sched->a, birth->ectx);
	uk_call_resume(&birth->regs);
}

static void free_stack(struct uk_thread *t)
{
	uk_free(t->sched->a, t->priv);
}

static struct birth *make_birth(const struct plan *p,
				const struct ukarch_regs *regs)
{
	struct uk_alloc *const a = uk_sched_current()->a;
	struct birth *const birth = uk_memalign(a, UKARCH_SP_ALIGN,
						TASK_STACK);

	if (!birth)
		return NULL;
	birth->ectx = uk_memalign(a, UKARCH_ECTX_ALIGN, ukarch_ectx_size());
	if (!birth->ectx) {
		uk_free(a, birth);
		return NULL;
	}
	ukarch_ectx_copy(birth->ectx);
	birth->regs = *regs;
	ukarch_regs_call_ret(&birth->regs, 0);
	ukarch_regs_set_sp(&birth->regs, p->stack);
	birth->set_tid = p->flags & FLAG(CHILD_SETTID) ? p->child_tid : NULL;
	return birth;
}

static struct uk_thread *make_thread(const struct plan *p,
				     struct birth *birth)
{
	const struct uk_thread *const self = uk_thread_current();
	const uintptr_t tls = p->flags & FLAG(SETTLS) ? p->tls
						      : ukarch_tp_get();

	return uk_thread_create_bare(
		self->sched->a, (uintptr_t)begin,
		(uintptr_t)birth + TASK_STACK, 0, tls,
		tls && (self->flags & UK_THREADF_UKTLS), false, "thread",
		birth, free_stack);
}

/* The same name, until it gets another. */
static void inherit(struct uk_task *task)
{
	const char *const name = uk_thread_current()->cur.name;

	memcpy(task->comm_, name, uk_strnlen(name, sizeof(task->comm_) - 1));
	task->thread->cur.name = task->comm_;
	task_sched_inherit(task);
}

static long make(const struct plan *p, const struct ukarch_regs *regs)
{
	struct uk_alloc *const a = uk_sched_current()->a;
	struct birth *const birth = make_birth(p, regs);
	struct uk_thread *const t = birth ? make_thread(p, birth) : NULL;
	struct uk_task *task;
	int tid, rc;

	if (!t) {
		if (birth)
			uk_free(a, birth->ectx);
		uk_free(a, birth);
		return -EAGAIN;
	}
	task = t->cur.task;
	tid = task->tid;
	/* Until it is where its maker was. */
	t->cur.calls = UK_CALL_TRAPPED;
	inherit(task);
	if (p->flags & FLAG(CHILD_CLEARTID))
		task->clear_tid = p->child_tid;
	if (p->flags & FLAG(PARENT_SETTID))
		(void)tell_tid(p->parent_tid, tid);
	task_join_program(task);
	/* Cannot fail: it has no scheduler yet. Then it frees itself. */
	rc = uk_sched_thread_add(uk_sched_current(), t);
	UK_ASSERT(rc == 0);
	uk_thread_detach(t);
	return tid;
}

static long clone(const struct plan *p, const struct ukarch_regs *regs)
{
	const long rc = check(p);

	return rc < 0 ? rc : make(p, regs);
}

/* The order of the last two is the architecture's. */
#if UK_IS_ENABLED(CONFIG_ARCH_X86_64)
UK_SYSCALL_R_E_DEFINE(long, clone, unsigned long, flags, uintptr_t, stack,
		      uint32_t *, parent_tid, uint32_t *, child_tid,
		      uintptr_t, tls)
#else
UK_SYSCALL_R_E_DEFINE(long, clone, unsigned long, flags, uintptr_t, stack,
		      uint32_t *, parent_tid, uintptr_t, tls,
		      uint32_t *, child_tid)
#endif
{
	const struct plan p = {
		/* 32 bits, of which the lowest are a signal. */
		.flags = (uint32_t)flags & ~UK_ABI_CSIGNAL,
		.stack = stack, .tls = tls,
		.parent_tid = parent_tid, .child_tid = child_tid,
	};

	return clone(&p, &execenv->regs);
}

/* Bytes that the first version of the structure had. */
#define CLONE_ARGS_MIN	64u

/* Read @size bytes at @from, which may know more than we do, or less. */
static long get_args(struct uk_abi_clone_args *args, const char *from,
		     size_t size)
{
	const size_t known = UK_MIN(size, sizeof(*args));

	if (size > UKARCH_PAGE_SIZE)
		return -E2BIG;
	if (size < CLONE_ARGS_MIN)
		return -EINVAL;
	*args = (struct uk_abi_clone_args){ 0 };
	if (uk_nofault_memcpy(args, from, known, 0) != known)
		return -EFAULT;
	for (size_t i = known; i < size; i++) {
		char more;

		if (!uk_nofault_try_read(more, (char *)((uintptr_t)from + i)))
			return -EFAULT;
		if (more)
			return -E2BIG;
	}
	return 0;
}

static long check_args(const struct uk_abi_clone_args *args)
{
	if (args->flags & ~(UINT64_C(0xffffffff) | FLAG(CLEAR_SIGHAND) |
			    FLAG(INTO_CGROUP)))
		return -EINVAL;
	if (args->flags & (FLAG(DETACHED) | UK_ABI_CSIGNAL))
		return -EINVAL;
	if ((args->flags & (FLAG(THREAD) | FLAG(PARENT))) &&
	    args->exit_signal)
		return -EINVAL;
	if (!args->stack != !args->stack_size)
		return -EINVAL;
	if (!uk_call_may_use((void *)args->parent_tid) ||
	    !uk_call_may_use((void *)args->child_tid))
		return -EFAULT;
	/* Nobody chooses numbers here. */
	return args->set_tid || args->set_tid_size ? -EINVAL : 0;
}

UK_SYSCALL_R_E_DEFINE(long, clone3, const char *, from, size_t, size)
{
	struct uk_abi_clone_args args;
	struct plan p;
	long rc = get_args(&args, from, size);

	if (rc == 0)
		rc = check_args(&args);
	if (rc < 0)
		return rc;
	p = (struct plan){
		.flags = args.flags,
		.stack = args.stack + args.stack_size,
		.tls = args.tls,
		.parent_tid = (uint32_t *)args.parent_tid,
		.child_tid = (uint32_t *)args.child_tid,
	};
	return clone(&p, &execenv->regs);
}
