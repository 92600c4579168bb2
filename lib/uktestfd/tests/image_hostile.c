/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Random calls with arguments that no program should pass, the same each time;
 * `make soak` has other ones, by the parameters. What they get is an error or,
 * by chance, what they ask for; none may touch memory of the core, not come
 * back, or be counted still when it has.
 *
 * Left out is what ends threads or the program, sends it a signal, makes it
 * wait for one, or changes for good what other cases go by.
 */
#include <uk/abi/mman.h>
#include <uk/abi/signal.h>
#include <uk/arch/paging.h>
#include <uk/config.h>
#include <uk/essentials.h>
#include <uk/fdtab.h>
#include <uk/file.h>
#include <uk/libparam.h>
#include <uk/nofault.h>
#include <uk/print.h>
#include <uk/sched.h>
#include <uk/string.h>
#include <uk/syscall.h>
#include <uk/test.h>
#include <uk/test_file.h>
#include <uk/test_random.h>
#include <uk/thread.h>

#define NCALLS		3000u
#define PAGE		UKARCH_PAGE_SIZE
#define NPAGES		4u
#define MOST_MAPPED	(INT64_C(1) << 20)

static const char *const left_out[] = {
	/* Ends. */
	"exit", "exit_group", "rt_sigreturn", "clone", "clone3",
	/* Signals. */
	"kill", "tkill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo",
	"rt_sigaction", "rt_sigprocmask", "rt_sigsuspend", "pause", "alarm",
	"setitimer", "timer_create", "timer_settime",
	/* For good. */
	"setuid", "setgid", "setreuid", "setregid", "setresuid", "setresgid",
	"setfsuid", "setfsgid", "setgroups", "capset", "umask", "prctl",
	"arch_prctl", "sethostname", "setdomainname", "settimeofday",
	"clock_settime", "adjtimex", "clock_adjtime", "setrlimit",
	"prlimit64", "setpriority", "sched_setscheduler", "sched_setparam",
	"sched_setaffinity", "set_tid_address", "set_robust_list",
	"sigaltstack", "mlockall", "brk",
#if !UK_IS_ENABLED(CONFIG_LIBPOSIX_FDIO)
	/* lib/posix-console's: to wait for a key, or among the results. */
	"read", "write", "writev",
#endif
};

static bool is_left_out(const char *name)
{
	for (size_t i = 0; i < UK_ARRAY_SIZE(left_out); i++)
		if (!uk_strcmp(name, left_out[i]))
			return true;
	return false;
}

static uint32_t first_seed = 1, nseeds = 20;
UK_LIBPARAM(hostile_seed, u32, &first_seed,
	    "first seed of the random calls' test");
UK_LIBPARAM(hostile_seeds, u32, &nseeds, "how many seeds it takes");

static uint64_t random_state;
static long memory;		/* of NPAGES, or what is left of it */

static uint64_t draw(void)
{
	return uk_test_draw(&random_state);
}

static long pick(void)
{
	static const long extremes[] = {
		0, -1, INT64_C(0x7fffffff), INT64_C(-0x80000000),
		INT64_MAX, INT64_MIN, 1024, 1025, INT64_C(1) << 31, 4096,
		4097, 16,
		/* In the core's half, where nothing is; no address at all. */
		(long)(UKARCH_KMAP_END - 8), -8, INT64_C(0x0001000000000000),
	};
	const uint64_t r = draw();

	switch (r % 8) {
	case 0:
	case 1:
		return extremes[(r >> 8) % UK_ARRAY_SIZE(extremes)];
	case 2:
		return memory + (long)(NPAGES * PAGE) - (long)(r >> 8 & 31);
	case 3:
	case 4:
		return memory + (long)((r >> 8) % (NPAGES * PAGE));
	case 5:
		return 1L << (r >> 8 & 31);
	default:
		return (long)(r >> 8 & 15);
	}
}

/* What is in memory is no better; the page may not be there. */
static void fill(void)
{
	for (unsigned int i = 0; i < 16; i++) {
		const long val = pick();
		const size_t at = draw() % (NPAGES * PAGE);

		(void)!uk_nofault_memcpy((char *)memory + at, &val,
					 sizeof(val), 0);
	}
}

static void map_anew(void)
{
	memory = uk_syscall6_r(SYS_mmap, memory, NPAGES * PAGE,
			       UK_ABI_PROT_READ | UK_ABI_PROT_WRITE,
			       UK_ABI_MAP_PRIVATE | UK_ABI_MAP_ANONYMOUS |
			       (memory ? UK_ABI_MAP_FIXED : 0), -1, 0);
}

/* Memory that a call asks for, and that it would take long to have. */
static bool wants_much(long nr, const long *arg)
{
	return (nr == SYS_mmap || nr == SYS_mremap) &&
	       ((uint64_t)arg[1] > (uint64_t)MOST_MAPPED ||
		(uint64_t)arg[2] > (uint64_t)MOST_MAPPED);
}

static void call_any(long nr)
{
	long arg[6], rc;

	for (unsigned int i = 0; i < UK_ARRAY_SIZE(arg); i++)
		arg[i] = pick();
	if (wants_much(nr, arg))
		return;
	rc = uk_syscall6_r(nr, arg[0], arg[1], arg[2], arg[3], arg[4], arg[5]);
	UK_EXPECT(rc >= -133 || rc < -4095);
	UK_EXPECT_EQ(ukarch_current()->calls, 0);
}

static bool done;		/* atomic */
static long tid;		/* atomic; 0: it has not begun */

static void call_all(void *seed)
{
	random_state = *(const uint64_t *)seed;
	__atomic_store_n(&tid, uk_syscall6_r(SYS_gettid, 0, 0, 0, 0, 0, 0),
			 __ATOMIC_RELEASE);
	for (unsigned int i = 0; i < NCALLS; i++) {
		/* Mostly one that there may be. */
		const long nr = (long)(draw() % (i % 4 ? 450 : 1026)) - 1;
		const char *const name = uk_syscall_name(nr);

		if (i % 64 == 0)
			map_anew();
		if (i % 8 == 0)
			fill();
		if (!name || !is_left_out(name))
			call_any(nr);
	}
	__atomic_store_n(&done, true, __ATOMIC_RELEASE);
}

/* The first three are kept while numbers are closed and moved. */
static void swap_files(struct uk_file *kept[3])
{
	for (int fd = 0; fd < 3; fd++) {
		kept[fd] = uk_fd_borrow(fd);
		if (!kept[fd])
			continue;
		uk_file_get(kept[fd]);
		uk_fd_return(fd, kept[fd]);
		(void)uk_fd_close(fd);
	}
}

static void restore_files(struct uk_file *const kept[3])
{
	for (int fd = 0; fd < CONFIG_LIBPOSIX_FDTAB_MAX; fd++)
		(void)uk_fd_close(fd);
	for (unsigned int fd = 0; fd < 3; fd++)
		if (kept[fd])
			UK_EXPECT_EQ(uk_fd_open(kept[fd], fd, false), fd);
}

static void act(int sig, uint64_t handler)
{
	const struct uk_abi_sigaction a = { .handler = handler };

	/* Or there are no signals. */
	(void)uk_syscall6_r(SYS_rt_sigaction, sig, (long)&a, 0, 8, 0, 0);
}

static void on_signal(int sig UK_UNUSED)
{
}

/*
 * Whatever @t waits for does not come. A signal ends a call that would else be
 * made again; one that blocks it while it waits is not made again.
 */
static void end_wait(struct uk_thread *t)
{
	const long to = __atomic_load_n(&tid, __ATOMIC_ACQUIRE);

	if (to > 0)
		(void)uk_syscall6_r(SYS_tkill, to, UK_ABI_SIGUSR1, 0, 0, 0, 0);
	uk_test_interrupt(t);
}

static void run(uint64_t seed)
{
	struct uk_file *kept[3];
	struct uk_thread *t;

	memory = 0;
	map_anew();
	if (memory < 0)
		UK_TEST_SKIP("this image has no mappings");
	/* Who writes where nobody reads is told by the result alone. */
	act(UK_ABI_SIGPIPE, UK_ABI_SIG_IGN);
	act(UK_ABI_SIGUSR1, (uint64_t)on_signal);
	swap_files(kept);
	done = false;
	tid = 0;
	t = uk_test_spawn(call_all, &seed);
	while (!__atomic_load_n(&done, __ATOMIC_ACQUIRE)) {
		if (!uk_thread_is_runnable(t))
			end_wait(t);
		uk_sched_yield();
	}
	uk_thread_join(t);
	restore_files(kept);
	act(UK_ABI_SIGPIPE, UK_ABI_SIG_DFL);
	act(UK_ABI_SIGUSR1, UK_ABI_SIG_DFL);
	UK_EXPECT_EQ(uk_syscall6_r(SYS_munmap, memory, NPAGES * PAGE, 0, 0, 0,
				   0), 0);
}

UK_TEST(hostile, random_calls_end_and_harm_nobody)
{
	for (uint32_t i = 0; i < nseeds; i++) {
		/* If it is not come back from: this was the one. */
		if (nseeds != 20)
			uk_pr_info("seed %u", first_seed + i);
		run((uint64_t)(first_seed + i) *
		    UINT64_C(0x9e3779b97f4a7c15));
	}
}
