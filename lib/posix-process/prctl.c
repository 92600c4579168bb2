/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * prctl(2), as far as there is something to say.
 */
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/nofault.h>
#include <uk/string.h>
#include <uk/syscall.h>
#include <uk/task.h>
#include <uk/thread.h>

#define PR_SET_PDEATHSIG	1
#define PR_GET_PDEATHSIG	2
#define PR_GET_DUMPABLE		3
#define PR_SET_DUMPABLE		4
#define PR_SET_NAME		15
#define PR_GET_NAME		16
#define PR_SET_NO_NEW_PRIVS	38
#define PR_GET_NO_NEW_PRIVS	39

#define NSIG			64

/*
 * What a process has of these: kept and told. Nothing depends on them here:
 * there is no parent to die, no core to dump, no program to execute.
 */
static struct {
	int pdeathsig;
	int dumpable;
	bool no_new_privs;
} process = { .dumpable = 1 };

static long copy_out(void *to, const void *from, size_t len)
{
	return uk_nofault_memcpy(to, from, len, 0) == len ? 0 : -EFAULT;
}

/* The thread's name for everybody: logs and the crash screen show it too. */
static long set_name(const void *from)
{
	struct uk_task *const task = uk_task_current();
	char name[sizeof(task->comm_)] = "";
	size_t n = 0;

	/* Only up to its end: what follows may not be there. */
	while (n < sizeof(name) - 1) {
		if (uk_nofault_memcpy(&name[n], (char *)((uintptr_t)from + n),
				      1, 0) != 1)
			return -EFAULT;
		if (!name[n])
			break;
		n++;
	}
	name[n] = '\0';
	memcpy(task->comm_, name, sizeof(name));
	UK_WRITE_ONCE(task->thread->cur.name, task->comm_);
	return 0;
}

static long get_name(void *to)
{
	char name[sizeof(uk_task_current()->comm_)] = "";
	const char *const from = uk_task_current()->thread->cur.name;

	memcpy(name, from, uk_strnlen(from, sizeof(name) - 1));
	return copy_out(to, name, sizeof(name));
}

static long set_no_new_privs(unsigned long a, unsigned long b, unsigned long c,
			     unsigned long d)
{
	if (a != 1 || b || c || d)
		return -EINVAL;
	process.no_new_privs = true;
	return 0;
}

UK_SYSCALL_R_DEFINE(long, prctl, int, option, unsigned long, a,
		    unsigned long, b, unsigned long, c, unsigned long, d)
{
	switch (option) {
	case PR_SET_PDEATHSIG:
		if (a > NSIG)
			return -EINVAL;
		process.pdeathsig = (int)a;
		return 0;
	case PR_GET_PDEATHSIG:
		return copy_out((void *)a, &process.pdeathsig,
				sizeof(process.pdeathsig));
	case PR_SET_DUMPABLE:
		if (a > 1)
			return -EINVAL;
		process.dumpable = (int)a;
		return 0;
	case PR_GET_DUMPABLE:
		return process.dumpable;
	case PR_SET_NAME:
		return set_name((const void *)a);
	case PR_GET_NAME:
		return get_name((void *)a);
	case PR_SET_NO_NEW_PRIVS:
		return set_no_new_privs(a, b, c, d);
	case PR_GET_NO_NEW_PRIVS:
		return a || b || c || d ? -EINVAL : process.no_new_privs;
	default:
		return -EINVAL;
	}
}
