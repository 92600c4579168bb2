/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A machine of several CPUs, of which each runs one instruction per unit of
 * time, out of QEMU's multi-threaded TCG, where each vCPU is a thread that the
 * host runs when it likes.
 *
 * Each vCPU has a time of its own, the instructions it has run or slept
 * through. Only the one whose turn it is runs; when it is `ahead` of the
 * slowest other one that is not asleep, the turn goes to that. So a CPU that
 * spins pays for it, one that finds nothing to do loses the time until it is
 * woken, and counters that QEMU adds to without locks stay exact.
 *
 * A vCPU that is woken goes on at the time of who woke it. But its thread takes
 * a while to come, and what it finds when it does would be the host's mood. So
 * after an instruction that may wake somebody, whoever did it waits until all
 * who were woken have come here. Who was not is found out by asking the host:
 * the threads of sleeping vCPUs, and QEMU's own, are asleep. Timers wake by the
 * host's clock, and so are not repeatable: what is measured sets none.
 *
 * QEMU may want all vCPUs to leave what they do, which a thread that waits
 * here cannot. It gets on after PATIENCE_MS, out of turn, and that is counted:
 * lockstep_nslips().
 *
 * The refused ways: -icount runs vCPUs in turn, too, but each until the next
 * timer, some million instructions long, and a vCPU that spins gives its turn
 * away and does not pay; so a queue is emptied by the first one. Threads that
 * run freely are as far apart as the host's load has it.
 */
#include "lockstep.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define NOBODY		LOCKSTEP_NVCPUS
#define PATIENCE_MS	2000u
#define REST_MS		200u

/* All under the lock, but what is its own. */
struct vcpu {
	uint64_t time;		/* its own; stable while it is not its turn */
	pthread_cond_t turn;
	bool runs;		/* or wants to; else it sleeps */
	bool comes;		/* it does, and has not been here since */
	bool will_settle;	/* its own */
	int stat_fd;		/* of its thread */
};

static struct {
	pthread_mutex_t lock;
	struct vcpu vcpus[LOCKSTEP_NVCPUS];
	uint64_t ahead;		/* constant */
	bool on;		/* atomic, to look at */
	unsigned int turn;	/* atomic, to look at; NOBODY: all sleep */
	uint64_t limit;		/* atomic, to look at: the turn's end */
	uint64_t (*ninsns)(void);	/* constant */
	uint64_t seen;		/* of them; of whose turn it is */
	uint64_t last;		/* when the last one went to sleep */
	uint64_t nslips;
	int main_fd;		/* of QEMU's own thread */
} ls = {
	.lock = PTHREAD_MUTEX_INITIALIZER,
	.turn = NOBODY,
	.main_fd = -1,
};

static int open_stat(long tid)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/task/%ld/stat", tid);
	return open(path, O_RDONLY | O_CLOEXEC);
}

void lockstep_init(uint64_t ahead, uint64_t (*ninsns)(void))
{
	ls.ahead = ahead;
	ls.ninsns = ninsns;
	ls.main_fd = open_stat(getpid());
	for (unsigned int i = 0; i < LOCKSTEP_NVCPUS; i++) {
		pthread_cond_init(&ls.vcpus[i].turn, NULL);
		ls.vcpus[i].stat_fd = -1;
	}
}

static uint64_t now(void)
{
	return ls.turn == NOBODY ? ls.last : ls.vcpus[ls.turn].time;
}

/* Whose turn is it, and until when? The lock is held. */
static void choose(void)
{
	unsigned int best = NOBODY;
	uint64_t next = UINT64_MAX;

	for (unsigned int i = 0; i < LOCKSTEP_NVCPUS; i++) {
		const struct vcpu *const v = &ls.vcpus[i];

		if (!v->runs)
			continue;
		if (best == NOBODY || v->time < ls.vcpus[best].time) {
			if (best != NOBODY)
				next = ls.vcpus[best].time;
			best = i;
		} else if (v->time < next) {
			next = v->time;
		}
	}
	__atomic_store_n(&ls.limit, next == UINT64_MAX ? next :
			 next + ls.ahead, __ATOMIC_RELAXED);
	if (ls.turn == best)
		return;
	__atomic_store_n(&ls.turn, best, __ATOMIC_RELAXED);
	if (best != NOBODY)
		pthread_cond_signal(&ls.vcpus[best].turn);
}

/* @v runs, or wants to, and did not before. The lock is held. */
static void join(struct vcpu *v)
{
	if (v->time < now())
		v->time = now();
	v->runs = true;
}

static void wait_for_turn(unsigned int vcpu)
{
	struct timespec end;
	int rc = 0;

	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_sec += PATIENCE_MS / 1000u;
	while (ls.turn != vcpu && !rc)
		rc = pthread_cond_timedwait(&ls.vcpus[vcpu].turn, &ls.lock,
					    &end);
	if (rc)
		ls.nslips++;
}

/* Does the host have it asleep? proc(5): the letter behind the name. */
static bool sleeps(int stat_fd)
{
	char buf[256];
	const ssize_t len = pread(stat_fd, buf, sizeof(buf) - 1, 0);
	const char *end;

	if (len <= 0)
		return true;
	buf[len] = '\0';
	end = strrchr(buf, ')');
	return !end || end[1] == '\0' || end[2] == 'S';
}

/* Are all threads asleep that could have somebody wake up? */
static bool all_asleep(void)
{
	if (!sleeps(ls.main_fd))
		return false;
	for (unsigned int i = 0; i < LOCKSTEP_NVCPUS; i++) {
		const struct vcpu *const v = &ls.vcpus[i];
		bool runs, comes;
		int fd;

		pthread_mutex_lock(&ls.lock);
		runs = v->runs;
		comes = v->comes;
		fd = v->stat_fd;
		pthread_mutex_unlock(&ls.lock);
		if (comes || (!runs && fd >= 0 && !sleeps(fd)))
			return false;
	}
	return true;
}

static uint64_t monotonic_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000u + (uint64_t)t.tv_nsec / 1000000u;
}

void lockstep_settle(void)
{
	const uint64_t end_ms = monotonic_ms() + PATIENCE_MS;
	/* Twice: one may just give another what it waits for. */
	unsigned int todo = 2;

	if (!__atomic_load_n(&ls.on, __ATOMIC_RELAXED))
		return;
	while (todo) {
		if (all_asleep()) {
			todo--;
			continue;
		}
		todo = 2;
		if (monotonic_ms() > end_ms) {
			ls.nslips++;
			return;
		}
		sched_yield();
	}
}

/* What has been run since the last time was run by @v, whose turn it is. */
static void account(struct vcpu *v)
{
	const uint64_t ninsns = ls.ninsns();

	v->time += ninsns - ls.seen;
	ls.seen = ninsns;
}

/* Do others than @vcpu run? They are to come here, then. The lock is held. */
static bool others_come(unsigned int vcpu)
{
	bool any = false;

	for (unsigned int i = 0; i < LOCKSTEP_NVCPUS; i++) {
		struct vcpu *const v = &ls.vcpus[i];

		v->comes = i != vcpu && v->runs;
		any |= v->comes;
	}
	return any;
}

/*
 * Most of those that still run are on their way to sleep; the others begin at
 * 0, too. It is @vcpu's turn.
 */
static void begin(unsigned int vcpu)
{
	pthread_mutex_lock(&ls.lock);
	for (unsigned int ms = 0; others_come(vcpu) && ms < REST_MS; ms++) {
		pthread_mutex_unlock(&ls.lock);
		usleep(1000);
		pthread_mutex_lock(&ls.lock);
	}
	ls.vcpus[vcpu].runs = true;
	ls.turn = vcpu;
	ls.limit = ls.ahead;
	__atomic_store_n(&ls.on, true, __ATOMIC_RELAXED);
	pthread_mutex_unlock(&ls.lock);
	lockstep_settle();
	ls.seen = ls.ninsns();
}

uint64_t lockstep_mark(unsigned int vcpu)
{
	if (!ls.on)
		begin(vcpu);
	account(&ls.vcpus[vcpu]);
	return ls.vcpus[vcpu].time;
}

void lockstep_block(unsigned int vcpu)
{
	struct vcpu *const v = &ls.vcpus[vcpu];

	if (!__atomic_load_n(&ls.on, __ATOMIC_RELAXED))
		return;
	if (v->will_settle) {
		v->will_settle = false;
		lockstep_settle();
	}
	if (__atomic_load_n(&ls.turn, __ATOMIC_RELAXED) == vcpu) {
		account(v);
		if (v->time <= __atomic_load_n(&ls.limit, __ATOMIC_RELAXED) &&
		    !v->comes)
			return;
	}
	pthread_mutex_lock(&ls.lock);
	if (!v->runs)
		join(v);
	v->comes = false;
	choose();
	wait_for_turn(vcpu);
	pthread_mutex_unlock(&ls.lock);
}

void lockstep_idle(unsigned int vcpu)
{
	struct vcpu *const v = &ls.vcpus[vcpu];

	pthread_mutex_lock(&ls.lock);
	if (v->stat_fd < 0)
		v->stat_fd = open_stat(syscall(SYS_gettid));
	v->runs = v->comes = false;
	if (ls.on && ls.turn == vcpu) {
		account(v);
		ls.last = v->time;
		choose();
	}
	pthread_mutex_unlock(&ls.lock);
}

void lockstep_resume(unsigned int vcpu)
{
	struct vcpu *const v = &ls.vcpus[vcpu];

	pthread_mutex_lock(&ls.lock);
	join(v);
	v->comes = ls.on;
	if (ls.turn == NOBODY)
		choose();
	else if (v->time + ls.ahead < ls.limit)
		__atomic_store_n(&ls.limit, v->time + ls.ahead,
				 __ATOMIC_RELAXED);
	pthread_mutex_unlock(&ls.lock);
}

void lockstep_will_settle(unsigned int vcpu)
{
	ls.vcpus[vcpu].will_settle = __atomic_load_n(&ls.on, __ATOMIC_RELAXED);
}

uint64_t lockstep_nslips(void)
{
	return ls.nslips;
}
