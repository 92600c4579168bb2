/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * CPU 1, started by bare PSCI calls on a machine that has two, and off again
 * when the case ends. It prints nothing: it notes what it finds.
 */
#include "../trap_priv.h"

#include <uk/arch/cpu.h>
#include <uk/arch/ctx.h>
#include <uk/arch/lcpu.h>
#include <uk/arch/paging.h>
#include <uk/arch/percpu.h>
#include <uk/arch/regs.h>
#include <uk/bits/arch/smccc.h>
#include <uk/percpu.h>
#include <uk/test.h>

/* Arm DEN 0022, 5.1 and 5.2.2. */
#define PSCI_VERSION			0x84000000u
#define PSCI_CPU_OFF			0x84000002u
#define PSCI_CPU_ON			0xc4000003u
#define PSCI_SUCCESS			0
#define PSCI_INVALID_PARAMETERS		(-2)
#define PSCI_ALREADY_ON			(-4)

#define INSN		4
#define HWID		1	/* of the second CPU on QEMU's virt */
#define IDX		5

/* How long for what should come, and what should not. */
#define PATIENCE_MS	5000
#define IMPATIENCE_MS	200

static UK_PERCPU(uint64_t, marked);

static char percpu_block[16384] UK_ALIGNED(64);
static char stack[8192] UK_ALIGNED(UKARCH_SP_ALIGN);
static char trap_stack[UKARCH_TRAP_STACK_ALIGN]
	UK_ALIGNED(UKARCH_TRAP_STACK_ALIGN);

#define TRAP_TOP	((uintptr_t)trap_stack + sizeof(trap_stack))

/* System registers that must be as on the boot CPU. */
struct sysregs {
	uint64_t sctlr, tcr, mair, ttbr0, ttbr1, vbar, cpacr, tpidr;
	uint64_t spsel, mdscr, fpcr;
};

/* Written by CPU 1; @done is stored with release, and loaded with acquire. */
static struct {
	unsigned int done;
	const void *arg;
	struct uk_cpu cpu;
	struct uk_current cur;
	uintptr_t cur_at;
	uint64_t mark;
	uintptr_t sp, fp, link, daif;
	uintptr_t frame;	/* of a trap */
	struct sysregs regs;
} seen;

static bool by_smc;		/* PSCI's conduit */
static bool looking;		/* for it: it may be invalid */
static bool missing;

static enum uk_event_result on_invalid(void *data)
{
	struct uk_trap *const trap = data;

	if (!looking)
		return UK_EVENT_NOT_HANDLED;
	missing = true;
	trap->regs->pc += INSN;
	return UK_EVENT_HANDLED;
}
UK_EVENT_HANDLER_PRIO(ukarch_trap_invalid_op, on_invalid,
		      UK_EVENT_PRIO_FIRST);

static enum uk_event_result on_debug(void *data)
{
	struct uk_trap *const trap = data;

	if (ukarch_percpu() == 0)
		return UK_EVENT_NOT_HANDLED;
	seen.frame = (uintptr_t)trap->regs;
	trap->regs->pc += INSN;
	return UK_EVENT_HANDLED;
}
UK_EVENT_HANDLER_PRIO(ukarch_trap_debug, on_debug, UK_EVENT_PRIO_FIRST);

static int64_t call(void (*conduit)(uint64_t *x), uint32_t fn, uint64_t a1,
		    uint64_t a2, uint64_t a3)
{
	uint64_t x[18] = { fn, a1, a2, a3 };

	conduit(x);
	return (int32_t)x[0];
}

static int64_t psci(uint32_t fn, uint64_t a1, uint64_t a2, uint64_t a3)
{
	return call(by_smc ? ukarch_smccc_smc : ukarch_smccc_hvc, fn, a1, a2,
		    a3);
}

static void find_conduit(void)
{
	missing = false;
	looking = true;
	(void)call(ukarch_smccc_hvc, PSCI_VERSION, 0, 0, 0);
	looking = false;
	by_smc = missing;
}

static void read_sysregs(struct sysregs *r)
{
	__asm__("mrs %0, sctlr_el1" : "=r"(r->sctlr));
	__asm__("mrs %0, tcr_el1" : "=r"(r->tcr));
	__asm__("mrs %0, mair_el1" : "=r"(r->mair));
	__asm__("mrs %0, ttbr0_el1" : "=r"(r->ttbr0));
	__asm__("mrs %0, ttbr1_el1" : "=r"(r->ttbr1));
	__asm__("mrs %0, vbar_el1" : "=r"(r->vbar));
	__asm__("mrs %0, cpacr_el1" : "=r"(r->cpacr));
	__asm__("mrs %0, tpidr_el0" : "=r"(r->tpidr));
	__asm__("mrs %0, SPSel" : "=r"(r->spsel));
	__asm__("mrs %0, mdscr_el1" : "=r"(r->mdscr));
	__asm__("mrs %0, fpcr" : "=r"(r->fpcr));
}

UK_NORETURN static void on_cpu_1(void *arg)
{
	const uintptr_t *const frame = __builtin_frame_address(0);

	seen.arg = arg;
	seen.fp = frame[0];
	seen.link = frame[1];
	seen.sp = (uintptr_t)frame;
	__asm__ volatile("mrs %0, daif" : "=r"(seen.daif));
	seen.cpu = uk_this_cpu(uk_cpu);
	seen.cur = *ukarch_current();
	seen.cur_at = (uintptr_t)ukarch_current();
	seen.mark = uk_this_cpu(marked);
	uk_this_cpu(marked) = 2;
	read_sysregs(&seen.regs);
	__asm__ volatile("brk #0" : : : "memory");
	__atomic_store_n(&seen.done, 1, __ATOMIC_RELEASE);
	for (;;)
		(void)psci(PSCI_CPU_OFF, 0, 0, 0);
}

static bool late(uint64_t since, unsigned int ms)
{
	return ukarch_ticks() - since > ukarch_ticks_hz() / 1000 * ms;
}

/* What PSCI says to the start of CPU @hwid at @entry. */
static int64_t start_cpu(uint64_t hwid, uint64_t entry)
{
	const uint64_t since = ukarch_ticks();
	int64_t rc;

	seen.done = 0;
	find_conduit();
	/* It may still be on its way off from the case before. */
	do {
		rc = psci(PSCI_CPU_ON, hwid, entry, 0);
	} while (rc == PSCI_ALREADY_ON && !late(since, IMPATIENCE_MS));
	return rc;
}

/* Does the CPU that has been started reach its function? */
static bool runs_in(unsigned int ms)
{
	const uint64_t since = ukarch_ticks();

	while (!late(since, ms))
		if (__atomic_load_n(&seen.done, __ATOMIC_ACQUIRE))
			return true;
	return false;
}

static struct ukarch_lcpu_start start_of(uint64_t hwid, void *arg)
{
	return (struct ukarch_lcpu_start){
		.percpu = (uintptr_t)percpu_block - (uintptr_t)uk_percpu_start,
		.stack_top = (uintptr_t)stack + sizeof(stack),
		.trap_stack_top = TRAP_TOP,
		.hwid = hwid,
		.idx = IDX,
		.fn = on_cpu_1,
		.arg = arg,
	};
}

/* Have CPU 1 run on_cpu_1(@arg). */
static int64_t run_cpu_1(void *arg)
{
	const struct ukarch_lcpu_start start = start_of(HWID, arg);
	const uint64_t entry = ukarch_lcpu_start_prepare(&start, 0);
	const int64_t rc = start_cpu(HWID, entry);

	if (rc == PSCI_SUCCESS)
		UK_EXPECT(runs_in(PATIENCE_MS));
	(void)ukarch_lcpu_start_prepare(NULL, 0);
	return rc;
}

#define NEEDS_CPU_1(arg)						\
	do {								\
		const int64_t rc_ = run_cpu_1(arg);			\
									\
		if (rc_ == PSCI_INVALID_PARAMETERS)			\
			UK_TEST_SKIP("the machine has one CPU");	\
		if (rc_ == PSCI_ALREADY_ON)				\
			UK_TEST_SKIP("CPU 1 is in use");		\
		if (!UK_EXPECT_EQ(rc_, PSCI_SUCCESS))			\
			return;						\
	} while (0)

UK_TEST(lcpu, the_boot_cpu_knows_its_hardware_id)
{
	UK_EXPECT_EQ(uk_this_cpu(uk_cpu).idx, 0);
	UK_EXPECT_EQ(uk_this_cpu(uk_cpu).hwid, ukarch_hwid());
	/* No more than PSCI takes. */
	UK_EXPECT_EQ(ukarch_hwid() & ~UINT64_C(0xff00ffffff), 0);
	UK_EXPECT_EQ(ukarch_lcpu_low_size(), 0);
}

UK_TEST(lcpu, a_cpu_that_starts_runs_its_function_on_its_stack)
{
	int arg;

	NEEDS_CPU_1(&arg);
	UK_EXPECT_EQ(seen.arg, &arg);
	UK_EXPECT(seen.sp > (uintptr_t)stack);
	UK_EXPECT(seen.sp < (uintptr_t)stack + sizeof(stack));
	UK_EXPECT_EQ(seen.fp, 0);
	UK_EXPECT_EQ(seen.link, 0);
	/* Interrupts and debug exceptions are masked, SError is not. */
	UK_EXPECT_EQ(seen.daif & 0x3c0, 0x2c0);
}

UK_TEST(lcpu, a_cpu_that_starts_has_a_block_and_a_boot_context_of_its_own)
{
	const uintptr_t first = (uintptr_t)percpu_block;
	const size_t len = (size_t)(uk_percpu_end - uk_percpu_start);

	if (!UK_EXPECT_LE(len, sizeof(percpu_block)))
		return;
	uk_this_cpu(marked) = 1;
	for (size_t i = 0; i < len; i++)
		percpu_block[i] = 0;
	NEEDS_CPU_1(NULL);
	UK_EXPECT_EQ(seen.cpu.idx, IDX);
	UK_EXPECT_EQ(seen.cpu.hwid, HWID);
	UK_EXPECT_EQ(seen.mark, 0);
	UK_EXPECT_EQ(uk_this_cpu(marked), 1);
	UK_EXPECT(seen.cur_at >= first && seen.cur_at < first + len);
	UK_EXPECT_EQ(seen.cur.trap_stack_top, TRAP_TOP);
	UK_EXPECT_STR_EQ(seen.cur.name, "boot");
	UK_EXPECT_EQ(seen.cur.preempt_off, 0);
	UK_EXPECT_EQ(seen.cur.irq_depth, 0);
}

UK_TEST(lcpu, a_cpu_that_starts_takes_traps_and_has_the_boot_cpus_registers)
{
	struct sysregs here;

	read_sysregs(&here);
	NEEDS_CPU_1(NULL);
	UK_EXPECT_EQ(seen.frame, TRAP_TOP - UKARCH_REGS_SIZE);
	UK_EXPECT_EQ(seen.regs.sctlr, here.sctlr);
	UK_EXPECT_EQ(seen.regs.tcr, here.tcr);
	UK_EXPECT_EQ(seen.regs.mair, here.mair);
	UK_EXPECT_EQ(seen.regs.ttbr0, here.ttbr0);
	UK_EXPECT_EQ(seen.regs.ttbr1, here.ttbr1);
	UK_EXPECT_EQ(seen.regs.vbar, here.vbar);
	UK_EXPECT_EQ(seen.regs.cpacr, here.cpacr);
	UK_EXPECT_EQ(seen.regs.tpidr, 0);
	UK_EXPECT_EQ(seen.regs.spsel, 0);
	UK_EXPECT_EQ(seen.regs.mdscr, here.mdscr);
	UK_EXPECT_EQ(seen.regs.fpcr, 0);
}

/* They are not to be had back: so this one only runs when asked for. */
UK_TEST(on_demand, a_cpu_that_is_not_meant_or_comes_late_halts)
{
	const struct ukarch_lcpu_start start = start_of(HWID + 7, NULL);
	uint64_t entry = ukarch_lcpu_start_prepare(&start, 0);

	UK_EXPECT_EQ(start_cpu(HWID + 1, entry), PSCI_SUCCESS);
	UK_EXPECT(!runs_in(IMPATIENCE_MS));
	UK_EXPECT_EQ(start_cpu(HWID + 1, entry), PSCI_ALREADY_ON);

	entry = ukarch_lcpu_start_prepare(NULL, 0);
	UK_EXPECT_EQ(start_cpu(HWID + 2, entry), PSCI_SUCCESS);
	UK_EXPECT(!runs_in(IMPATIENCE_MS));
	UK_EXPECT_EQ(start_cpu(HWID + 2, entry), PSCI_ALREADY_ON);
}
