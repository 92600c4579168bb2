/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The host process as architecture and platform: what contract.syms asks of
 * arch/ and plat/, and the way into the tests.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/allocregion.h>
#include <uk/arch/cpu.h>
#include <uk/arch/lcpu.h>
#include <uk/arch/paging.h>
#include <uk/arch/percpu.h>
#include <uk/arch/regs.h>
#include <uk/arch/trap.h>
#include <uk/bits/arch/smccc.h>
#include <uk/clock.h>
#include <uk/console.h>
#include <uk/end.h>
#include <uk/libparam_parse.h>
#include <uk/percpu.h>
#include <uk/plat/terminate.h>
#include <uk/test.h>

int hosted_main(int argc, char **argv);
void hosted_write(const char *buf, size_t len);
UK_NORETURN void hosted_exit(int status);
UK_NORETURN void hosted_abort(void);

const struct ukarch_reg_name ukarch_reg_names[] = {
	{ "ip", offsetof(struct ukarch_regs, ip) },
	{ "sp", offsetof(struct ukarch_regs, sp) },
	{ "fp", offsetof(struct ukarch_regs, fp) },
};

const size_t ukarch_nreg_names = 3;

void ukarch_regs_capture(struct ukarch_regs *regs)
{
	regs->ip = (uintptr_t)__builtin_return_address(0);
	regs->sp = (uintptr_t)__builtin_frame_address(0);
	regs->fp = regs->sp;
}

UK_NORETURN void ukarch_regs_resume(struct ukarch_regs *regs UK_UNUSED)
{
	hosted_abort();
}

/* Calls that see their caller's registers, of which there are none here. */
#define UK_SYSCALL_THUNK(name)						\
	UK_NORETURN void uk_syscall_r_##name(void);			\
	void uk_syscall_r_##name(void)					\
	{								\
		hosted_abort();						\
	}
#if __has_include(<uk/bits/syscall_thunks.h>)
#include <uk/bits/syscall_thunks.h>
#endif

UK_PERCPU(struct uk_cpu, uk_cpu);
__thread uintptr_t hosted_percpu;
__thread struct uk_current hosted_boot = { .name = "host" };
__thread struct uk_current *hosted_current;

uint64_t ukarch_ticks_hz(void)
{
	return 1000000000;
}

/* A fixed sequence: tests are the same each time. */
bool ukarch_random_u64(uint64_t *val)
{
	static uint64_t state = 1;

	state = state * UINT64_C(6364136223846793005) + 1442695040888963407;
	*val = state;
	return true;
}

unsigned int ukarch_pt_leaf_max(void)
{
	return 2;
}

uint64_t hosted_pt_root(void)
{
	static uint64_t root[UKARCH_PT_ENTRIES] UK_ALIGNED(4096);

	return (uint64_t)(uintptr_t)root;
}

/* No CPU walks what the cases make. */
void ukarch_pt_activate(uint64_t root)
{
	(void)root;
}

void ukarch_tlb_flush(uintptr_t vaddr, size_t npages)
{
	(void)vaddr;
	(void)npages;
}

void ukarch_tlb_flush_low(void)
{
}

void ukarch_tlb_flush_all(void)
{
}

/* No firmware answers a process, on any host. */
void ukarch_smccc_hvc(uint64_t *x)
{
	x[0] = UINT64_MAX;
}

void ukarch_smccc_smc(uint64_t *x)
{
	x[0] = UINT64_MAX;
}

/* Nothing interrupts a process. */
void ukarch_irq_set_handler(ukarch_irq_fn fn)
{
	(void)fn;
}

/* The one CPU there is. */
uint64_t ukarch_hwid(void)
{
	return 0;
}

size_t ukarch_lcpu_low_size(void)
{
	return 0;
}

uint64_t ukarch_lcpu_start_prepare(const struct ukarch_lcpu_start *start,
				   uint64_t low)
{
	(void)start;
	(void)low;
	return 0;
}

void ukplat_terminate(enum uk_end how, int status)
{
	if (how == UK_END_CRASH)
		hosted_abort();
	hosted_exit(status);
}

/* A fuzzer's, in whose program the program only ends a call. */
void (*hosted_on_exit)(int status);

void uk_exit(int status)
{
	if (hosted_on_exit)
		hosted_on_exit(status);
	hosted_exit(status & 0xff);
}

static int clock_start(struct uk_clock *clock)
{
	(void)clock;
	return 0;
}

static uint64_t clock_read(const struct uk_clock *clock)
{
	(void)clock;
	return ukarch_ticks();
}

static void out(struct uk_console *con, const char *buf, size_t len)
{
	(void)con;
	hosted_write(buf, len);
}

/* The default heap, for what stands above the core. */
static char heap[64 << 20] UK_ALIGNED(16);

int hosted_main(int argc, char **argv)
{
	static const struct uk_console_ops ops = { .out = out };
	static struct uk_console con = { .name = "host", .ops = &ops };
	static struct uk_clock clock = {
		.name = "host", .rating = UK_CLOCK_GOOD, .bits = 64,
		.synchronous = true, .hz = 1000000000,
		.start = clock_start, .read = clock_read,
	};

	struct uk_libparam_table table = uk_libparam_image_table();

	uk_console_register(&con);
	uk_clock_register(&clock);
	(void)uk_allocregion_init(heap, sizeof(heap));
	if (uk_libparam_parse(&table, &argc, argv) != UK_LIBPARAM_OK)
		return UK_STATUS_BOOT;
	return uk_test_run_all();
}
