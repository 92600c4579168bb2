/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Numbers of threads. They go up and are used again only when all have been,
 * as programs expect of them: who finds the number of a thread that has gone
 * in a lock does not take another one for it.
 *
 * Who is looked up stays while the table's lock is held, and not longer: a
 * task has no count of references, since what is done with another thread's
 * task is short.
 */
#include <uk/task.h>

#include <uk/alloc.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/spinlock.h>
#include <uk/thread.h>

#include "process_priv.h"

/* Linux's pid_max: a robust mutex has room for 30 bits of it. */
#define TID_END		(1 << 22)

#define NBUCKETS	64u

static struct {
	struct uk_spinlock lock;
	struct uk_task *bucket[NBUCKETS];
	struct uk_alloc *heap;	/* of all tasks, from the first one on */
	int next;		/* number to try first */
	unsigned int nprogram;	/* tasks of the program; atomic to read */
} tasks = { .lock = UK_SPINLOCK_INIT, .next = UK_TASK_PROCESS };

UK_EVENT(uk_task_exits);
UK_EVENT(uk_task_left);

/* What points to the task of number @tid, or to NULL. The lock is held. */
static struct uk_task **find(int tid)
{
	struct uk_task **at = &tasks.bucket[(unsigned int)tid % NBUCKETS];

	while (*at && (*at)->tid != tid)
		at = &(*at)->next_;
	return at;
}

/* The lock is held. There are fewer threads than numbers: memory ends first. */
static int take_number(void)
{
	int tid;

	do {
		tid = tasks.next;
		tasks.next = tid + 1 < TID_END ? tid + 1 : UK_TASK_PROCESS + 1;
	} while (*find(tid));
	return tid;
}

static void add(struct uk_task *task)
{
	const unsigned long irq = uk_spin_lock_irqsave(&tasks.lock);

	task->tid = take_number();
	*find(task->tid) = task;
	uk_spin_unlock_irqrestore(&tasks.lock, irq);
}

static int init(struct uk_thread *child, struct uk_thread *parent)
{
	struct uk_task *task;

	/* "main" comes first, and alone. */
	if (!tasks.heap)
		tasks.heap = uk_alloc_get_default();
	task = uk_zalloc(tasks.heap, sizeof(*task));
	if (!task)
		return -ENOMEM;
	task->thread = child;
	child->cur.task = task;
	add(task);
	/* "main". */
	if (!parent)
		task_join_program(task);
	return 0;
}

static void term(struct uk_thread *child)
{
	struct uk_task *const task = child->cur.task;
	const unsigned long irq = uk_spin_lock_irqsave(&tasks.lock);

	*find(task->tid) = task->next_;
	uk_spin_unlock_irqrestore(&tasks.lock, irq);
	/* A name that it was given goes with it. */
	if (child->cur.name == task->comm_)
		child->cur.name = "ended";
	child->cur.task = NULL;
	uk_free(tasks.heap, task);
}

UK_THREAD_INIT(init, term);

void task_join_program(struct uk_task *task)
{
	task->of_program = true;
	__atomic_fetch_add(&tasks.nprogram, 1, __ATOMIC_RELAXED);
}

bool task_leave_program(struct uk_task *task)
{
	/* Others only look whether it is worth a signal. */
	UK_WRITE_ONCE(task->of_program, false);
	/* What the others did comes before what the last one does. */
	return __atomic_sub_fetch(&tasks.nprogram, 1, __ATOMIC_ACQ_REL) == 0;
}

static long is_there(struct uk_task *task UK_UNUSED, void *arg UK_UNUSED)
{
	return 0;
}

bool uk_task_exists(int tid)
{
	return uk_task_with(tid, is_there, NULL) == 0;
}

unsigned int uk_task_count(void)
{
	return __atomic_load_n(&tasks.nprogram, __ATOMIC_RELAXED);
}

long uk_task_with(int tid, long (*fn)(struct uk_task *task, void *arg),
		  void *arg)
{
	const unsigned long irq = uk_spin_lock_irqsave(&tasks.lock);
	struct uk_task *const task = *find(tid);
	const long rc = task ? fn(task, arg) : -ESRCH;

	uk_spin_unlock_irqrestore(&tasks.lock, irq);
	return rc;
}

long uk_task_each(long (*fn)(struct uk_task *task, void *arg), void *arg)
{
	const unsigned long irq = uk_spin_lock_irqsave(&tasks.lock);
	struct uk_task *task;
	long rc = 0;

	for (unsigned int i = 0; i < NBUCKETS && rc == 0; i++) {
		for (task = tasks.bucket[i]; task && rc == 0;
		     task = task->next_)
			rc = fn(task, arg);
	}
	uk_spin_unlock_irqrestore(&tasks.lock, irq);
	return rc;
}
