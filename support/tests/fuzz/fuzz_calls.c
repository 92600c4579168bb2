/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Any system calls, one after the other, with arguments that programs should
 * not pass: calls/ is the machine. While one waits other threads make the next
 * ones.
 *
 * What is held to: the core touches the program's memory by <uk/nofault.h>
 * alone, and writes there only where the call may (outputs.h); a call comes
 * back, and its thread is not blocked then; at the end, when descriptors and
 * timers are closed, the heap has the blocks that it had.
 */
#include "calls/calls.h"

#include <uk/abi/resource.h>
#include <uk/abi/signal.h>
#include <uk/bootinfo.h>
#include <uk/essentials.h>
#include <uk/execenv.h>
#include <uk/init.h>
#include <uk/string.h>
#include <uk/syscall.h>
#include <uk/task.h>
#include <uk/timer.h>

#include "../../../lib/posix-signal/signal_priv.h"
#include "calls/outputs.h"
#include "fuzz.h"

static struct fuzz_input in;

/* The numbers there are, but for calls that do not return or that last. */
static long numbers[UK_SYSCALL_NIDS];
static unsigned int nnumbers;

#define NARGS(name, n)		NARGS_##name = n,
enum { UK_SYSCALL_IDS(NARGS) };

static unsigned int nargs_of(long nr)
{
#define CASE(nr, name)							\
	case nr:							\
		return NARGS_##name;
	switch (nr) {
	UK_SYSCALL_MAP(CASE)
	default:
		return 6;
	}
}

/* What ends a thread; and who one is, which is for good. */
static const char *const left_out[] = {
	"exit", "rt_sigreturn", "setuid", "setgid", "setreuid", "setregid",
	"setresuid", "setresgid", "capset",
};

static bool is_left_out(const char *name)
{
	for (size_t i = 0; i < UK_ARRAY_SIZE(left_out); i++)
		if (!uk_strcmp(name, left_out[i]))
			return true;
	return false;
}

static long last;

/* Ends of ranges, and what is too much. */
static const int64_t extremes[16] = {
	-1, -2, INT32_MAX, INT32_MIN, INT64_MAX, INT64_MIN, UINT32_MAX, 4096,
	4097, 65536, 1 << 30, INT64_C(1) << 31, INT64_MAX - 7, -4096, 1024,
	1025,
};

static const uint64_t bad_addresses[8] = {
	MEM_BASE + MEM_HOLE * MEM_PAGE, MEM_BASE + MEM_RO * MEM_PAGE + 8,
	MEM_BASE + MEM_RW * MEM_PAGE + 1, UINT64_C(0xffff800000001000),
	UINT64_C(0xffffffff80001000), UINT64_C(0x0001000000000000),
	UINT64_MAX - 7, 8,
};

/* Flags that many calls share. */
static const uint64_t flags[16] = {
	0x800, 0x80000, 0x80800, 1, 2, 3, 4, 8, 0x10, 0x1001, 0x2000, 0x4001,
	0x40000001, 0x80000001, 0x100, 0x180,
};

static uint64_t value(void)
{
	const unsigned int b = (unsigned int)fuzz_take(&in, 1);
	const unsigned int low = b % 16;
	uint64_t val;

	switch (b / 16) {
	case 0:
	case 10:	/* descriptors, mostly */
		return low;
	case 1:
	case 11:
		return fuzz_take(&in, 1);
	case 2:
		return fuzz_take(&in, 2);
	case 3:
		val = fuzz_take(&in, 8);
		/* The core's own memory is no program's to name. */
		return mem_is_core(val) ? 0 : val;
	case 4:
		return (uint64_t)extremes[low];
	case 5:
		return MEM_BASE + low * 64;
	case 6:
		return MEM_BASE + MEM_RW * MEM_PAGE + fuzz_take(&in, 2) % 32768;
	case 7:
		return MEM_BASE + MEM_LEN - low * 4;
	case 8:
		return low < 8 ? bad_addresses[low] :
		       MEM_BASE + MEM_HOLE * MEM_PAGE - fuzz_take(&in, 1);
	case 9:
		return mem_is_core((uint64_t)last) ? 0 : (uint64_t)last;
	case 12:
		return flags[low];
	case 13:
		return UINT64_C(1) << low;
	case 14:
		return UINT64_C(0x10000) << low;
	default:
		return UINT64_MAX << low;
	}
}

struct request {
	long nr;
	long args[6];
	struct outputs may_write;
};

/* Of the thread that is running. */
static struct request *requests[NTHREADS];

static void on_write(uint64_t addr, size_t len)
{
	const struct request *const r = requests[running];
	const struct uk_abi_stack *const alt =
		&uk_task_current()->signals->alt;

	/* What a handler finds on its stack. */
	if (addr >= alt->sp && addr + len <= alt->sp + alt->size)
		return;
	FUZZ_EXPECT(r && outputs_have(&r->may_write, addr, len));
}

static long make(void *arg)
{
	const struct request *const r = arg;
	const long a = r->args[0], b = r->args[1], c = r->args[2];
	const long d = r->args[3], e = r->args[4], f = r->args[5];
	struct ukarch_execenv regs = { .regs = { .sp = MEM_BASE + MEM_LEN } };
	const long env = (long)&regs;

#define ENV_CALL(nr, call)						\
	case nr:							\
		return call;
	switch (r->nr) {
	UK_SYSCALL_ENV_MAP(ENV_CALL)
	default:
		return uk_syscall6_r(r->nr, a, b, c, d, e, f);
	}
}

/* There is no memory for threads, which nothing here could run. */
static bool makes_threads(long nr)
{
	return nr == SYS_clone || nr == SYS_clone3;
}

/* Timers that are there, for the end. */
#define MOST_TIMERS	64u

static int timers[MOST_TIMERS];
static unsigned int ntimers;

static void note_timer(long id_at)
{
	if (ntimers < MOST_TIMERS)
		mem_get(&timers[ntimers++], (uint64_t)id_at - MEM_BASE, 4);
}

static long request(struct request *r)
{
	struct request *const before = requests[running];
	const unsigned int fail_in = heap_fail_in;
	long rc;

	/* No more than can be ended. */
	if (r->nr == SYS_timer_create && ntimers == MOST_TIMERS)
		return 0;
	if (makes_threads(r->nr))
		heap_fail_in = 1;
	outputs_find(&r->may_write, r->nr, r->args);
	requests[running] = r;
	rc = run_call(make, r);
	requests[running] = before;
	if (makes_threads(r->nr))
		heap_fail_in = fail_in;
	if (r->nr == SYS_timer_create && rc == 0)
		note_timer(r->args[2]);
	/* A count, an address or an error; not what programs never see. */
	FUZZ_EXPECT(rc != -512);
	return rc;
}

static void call(long nr)
{
	struct request r = { .nr = nr };
	const unsigned int n = nargs_of(nr);

	for (unsigned int i = 0; i < n; i++)
		r.args[i] = (long)value();
	last = request(&r);
}

/* Words of any values, for structures. */
static void poke_words(unsigned int n)
{
	const size_t off = fuzz_take(&in, 1) * 8u % MEM_PAGE;

	for (unsigned int i = 0; i < n; i++) {
		const uint64_t val = value();

		mem_put(off + i * 8, &val, 8);
	}
}

static void poke_bytes(unsigned int n)
{
	const size_t off = fuzz_take(&in, 2) % (MEM_LEN - 256);

	for (unsigned int i = 0; i < n; i++) {
		const uint8_t val = (uint8_t)fuzz_take(&in, 1);

		mem_put(off + i, &val, 1);
	}
}

static bool can_make(long nr)
{
	return !uk_syscall_provided(nr) || !is_left_out(uk_syscall_name(nr));
}

/* Mostly one that is there. */
static long picked(unsigned int nr)
{
	return uk_syscall_provided((long)nr) && can_make((long)nr) ? (long)nr :
	       numbers[nr % nnumbers];
}

/* Or any. */
static void call_any(long nr)
{
	if (can_make(nr))
		call(nr);
}

static void step(void)
{
	const unsigned int op = (unsigned int)fuzz_take(&in, 1);

	if (op < 0xd0) {
		call(picked(op));
		return;
	}
	switch (op) {
	case 0xf0:
		poke_bytes((unsigned int)fuzz_take(&in, 1));
		break;
	case 0xf1:
		time_ns += fuzz_take(&in, 4) * 100;
		time_run_timers();
		break;
	case 0xf2:
		heap_fail_in = (unsigned int)fuzz_take(&in, 1) % 8;
		break;
	case 0xf3:
		call_any((long)(int16_t)fuzz_take(&in, 2));
		break;
	default:
		if (op < 0xe0)
			call(picked(0xd0 + (unsigned int)fuzz_take(&in, 1)));
		else
			poke_words(op % 16 + 1);
	}
}

static bool on_next(void)
{
	if (in.left == 0)
		return false;
	step();
	return true;
}

static long ask(long nr, long a, long b, long c, long d)
{
	struct request r = { .nr = nr, .args = { a, b, c, d } };

	return request(&r);
}

/* Where the end has what it asks with. */
#define END_AT	(MEM_BASE + 8 * MEM_PAGE - 256)

static void put_words(const uint64_t *words, size_t n)
{
	mem_put(END_AT - MEM_BASE, words, n * 8);
}

static void reset_signals(void)
{
	const uint64_t ignore[4] = { UK_ABI_SIG_IGN };
	const uint64_t none[4] = { 0 };
	const uint64_t off[3] = { 0, UK_ABI_SS_DISABLE, 0 };

	put_words(ignore, 4);
	for (int sig = 1; sig <= UK_ABI_NSIG; sig++)
		(void)ask(SYS_rt_sigaction, sig, END_AT, 0, 8);
	for (unsigned int i = 0; i < NTHREADS; i++) {
		running = i;
		ukarch_current_set(&runners[i].thread.cur);
		put_words(none, 1);
		uk_task_current()->signals->has_old_mask = false;
		(void)ask(SYS_rt_sigprocmask, UK_ABI_SIG_SETMASK, END_AT, 0, 8);
		put_words(off, 3);
		(void)ask(SYS_sigaltstack, END_AT, 0, 0, 0);
		(void)ask(SYS_set_robust_list, 0, 24, 0, 0);
		(void)ask(SYS_set_tid_address, 0, 0, 0, 0);
	}
	running = 0;
	ukarch_current_set(&runners[0].thread.cur);
	put_words(none, 4);
	for (int sig = 1; sig <= UK_ABI_NSIG; sig++)
		(void)ask(SYS_rt_sigaction, sig, END_AT, 0, 8);
}

static void close_all(void)
{
	const uint64_t none[4] = { 0 };

	put_words(none, 4);
	for (int which = 0; which < 3; which++)
		(void)ask(SYS_setitimer, which, END_AT, 0, 0);
	while (ntimers > 0)
		(void)ask(SYS_timer_delete, timers[--ntimers], 0, 0, 0);
	(void)ask(SYS_close_range, 0, UINT32_MAX, 0, 0);
}

static struct uk_abi_rlimit limits[UK_ABI_RLIM_NLIMITS];

static void reset_limits(void)
{
	for (unsigned int i = 0; i < UK_ABI_RLIM_NLIMITS; i++) {
		put_words((const uint64_t *)&limits[i], 2);
		(void)ask(SYS_prlimit64, 0, i, END_AT, 0);
	}
}

static void find_numbers(void)
{
	for (long nr = 0; nr < 1024; nr++)
		if (uk_syscall_provided(nr) && can_make(nr))
			numbers[nnumbers++] = nr;
}

static void end(void)
{
	heap_fail_in = 0;
	reset_limits();
	close_all();
	reset_signals();
	FUZZ_EXPECT(running == 0);
}

static bool begins(const char *name, const char *with)
{
	return !uk_strncmp(name, with, uk_strlen(with));
}

extern const struct uk_init_entry uk_init_start[], uk_init_end[];

static void boot(void)
{
	static const struct uk_bootinfo info;
	const struct uk_boot_ctx ctx = { .bi = &info };

	mem_written = on_write;
	run_next = on_next;
	mem_init();
	heap_init();
	for (const struct uk_init_entry *e = uk_init_start; e < uk_init_end;
	     e++)
		if (e->init && (begins(e->name, "libposix-") ||
				begins(e->name, "libuktime:") ||
				begins(e->name, "libukrandom:")))
			FUZZ_EXPECT(e->init(&ctx) == 0);
	time_init_fake();
	threads_init();
	find_numbers();
	for (unsigned int i = 0; i < UK_ABI_RLIM_NLIMITS; i++) {
		FUZZ_EXPECT(ask(SYS_prlimit64, 0, i, 0, END_AT) == 0);
		mem_get(&limits[i], END_AT - MEM_BASE, sizeof(limits[i]));
	}
	/* What is made once and stays. */
	end();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool booted;
	size_t nblocks;

	if (!booted)
		boot();
	booted = true;
	nblocks = heap_nblocks;
	last = 0;
	mem_clear();
	in = (struct fuzz_input){ data, size };
	while (run_next())
		;
	end();
	FUZZ_EXPECT(heap_nblocks == nblocks);
	return 0;
}
