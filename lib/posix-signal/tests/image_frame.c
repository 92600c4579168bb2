/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Frames that a handler has changed before it returns. What the program may
 * not set, or what cannot be, must not reach the core; where it cannot go on,
 * it ends.
 */
#include <uk/arch/ctx.h>
#include <uk/arch/percpu.h>
#include <uk/arch/regs.h>
#include <uk/config.h>
#include <uk/essentials.h>
#include <uk/test_random.h>

#include "async.h"
#include "signal_fixture.h"
#include "ucontext.h"

#define BAD	UINT64_C(0x7f0000000123)

static uint64_t state;		/* of draw() */
static void (*damage)(struct sig_ucontext *uc);

static uint64_t draw(void)
{
	return uk_test_draw(&state);
}

static void scribble(void *at, size_t len)
{
	uint64_t *const word = at;

	for (size_t i = 0; i < len / sizeof(*word); i++)
		word[i] = draw();
}

#if UK_IS_ENABLED(CONFIG_ARCH_X86_64)
/* Single steps and strings that go backwards are the program's own harm. */
#define TF_DF		UINT64_C(0x500)

static void set_pc(struct sig_ucontext *uc, uint64_t pc)
{
	uc->mc.rip = pc;
}

static void set_sp(struct sig_ucontext *uc, uint64_t sp)
{
	uc->mc.rsp = sp;
}

static void damage_state(struct sig_ucontext *uc)
{
	scribble(uc->mc.reserved, sizeof(uc->mc.reserved));
	uc->mc.cs = (uint16_t)draw();
	uc->mc.gs = (uint16_t)draw();
	uc->mc.fs = (uint16_t)draw();
	uc->mc.ss = (uint16_t)draw();
	uc->mc.eflags = draw() & ~TF_DF;
	uc->mc.err = draw();
	uc->mc.trapno = draw();
	uc->mc.oldmask = draw();
	uc->mc.cr2 = draw();
	/* All of what XRSTOR reads, with the header; or little of it. */
	if (draw() % 2)
		scribble((void *)uc->mc.fpstate, ukarch_ectx_size());
	else
		*((uint64_t *)uc->mc.fpstate +
		  draw() % (ukarch_ectx_size() / 8)) = draw();
}

static void fp_not_aligned(struct sig_ucontext *uc)
{
	uc->mc.fpstate += 8;
}

static void fp_nowhere(struct sig_ucontext *uc)
{
	uc->mc.fpstate = BAD & ~UINT64_C(63);
}
#else
static void set_pc(struct sig_ucontext *uc, uint64_t pc)
{
	uc->mc.pc = pc;
}

static void set_sp(struct sig_ucontext *uc, uint64_t sp)
{
	uc->mc.sp = sp;
}

static void damage_state(struct sig_ucontext *uc)
{
	const size_t nwords = sizeof(uc->mc.records) / sizeof(uint64_t);

	uc->mc.pstate = draw();
	uc->mc.fault_address = draw();
	/* Records of all kinds and lengths; or one word of them. */
	if (draw() % 2)
		scribble(uc->mc.records, sizeof(uc->mc.records));
	else
		uc->mc.records[draw() % 68] = draw() >> draw() % 64;
	for (size_t i = 0; draw() % 2 && i < nwords; i += 2)
		uc->mc.records[i] = UINT64_C(16) << 32 | draw() % 4;
}
#endif

static void damage_all(struct sig_ucontext *uc)
{
	uc->flags = draw();
	uc->link = draw();
	scribble(&uc->stack, sizeof(uc->stack));
	uc->sigmask = draw();
	damage_state(uc);
}

static unsigned int nseen;

static void on_fault(int sig UK_UNUSED, struct uk_abi_siginfo *info UK_UNUSED,
		     void *arg)
{
	set_pc(arg, (uintptr_t)fault_read_after);
	damage(arg);
	nseen++;
}

static void fault_and_damage(void (*fn)(struct sig_ucontext *uc))
{
	damage = fn;
	UK_EXPECT_EQ(act(UK_ABI_SIGSEGV, on_fault, 0, 0), 0);
	fault_read((void *)BAD);
	UK_EXPECT_EQ(act_plain(UK_ABI_SIGSEGV, UK_ABI_SIG_DFL), 0);
}

UK_TEST(signal_frame, what_a_program_may_not_set_stays_as_it_was)
{
	static char fp[16384] UK_ALIGNED(UKARCH_ECTX_ALIGN);
	const struct uk_abi_stack off = { .flags = UK_ABI_SS_DISABLE };
	const uint64_t unblockable = BIT(UK_ABI_SIGKILL) | BIT(UK_ABI_SIGSTOP);

	UK_EXPECT_LE(ukarch_ectx_size(), sizeof(fp));
	ukarch_ectx_copy(fp);
	nseen = 0;
	for (state = 1; nseen < 300; state++) {
		const unsigned int before = nseen;

		fault_and_damage(damage_all);
		UK_EXPECT_EQ(nseen, before + 1);
		UK_EXPECT_EQ(ukarch_current()->calls, 0);
		UK_EXPECT(ukarch_irq_enabled());
		UK_EXPECT_EQ(mask_now() & unblockable, 0);
		set_mask(0);
		UK_EXPECT_EQ(uk_syscall_r_sigaltstack((long)&off, 0), 0);
		if (nseen == before)
			break;
	}
	ukarch_ectx_restore(fp);
}

/* The program ends by the damage, and with it the image: see calls.py. */
static void bad_pc(struct sig_ucontext *uc)
{
	set_pc(uc, UINT64_C(1) << 62);
}

static void no_pc(struct sig_ucontext *uc)
{
	set_pc(uc, 8);
}

static void bad_sp(struct sig_ucontext *uc)
{
	set_sp(uc, UINT64_C(1) << 62);
}

UK_TEST(on_demand, a_frame_ends_the_program_by_its_pc)
{
	fault_and_damage(bad_pc);
}

UK_TEST(on_demand, a_frame_ends_the_program_by_its_low_pc)
{
	fault_and_damage(no_pc);
}

UK_TEST(on_demand, a_frame_ends_the_program_by_its_sp)
{
	fault_and_damage(bad_sp);
}

#if UK_IS_ENABLED(CONFIG_ARCH_X86_64)
UK_TEST(on_demand, a_frame_ends_the_program_by_fp_that_is_not_aligned)
{
	fault_and_damage(fp_not_aligned);
}

UK_TEST(on_demand, a_frame_ends_the_program_by_fp_that_is_nowhere)
{
	fault_and_damage(fp_nowhere);
}
#endif

static void raise_again(int sig, struct uk_abi_siginfo *info UK_UNUSED,
			void *uc UK_UNUSED)
{
	/* There are 32 KiB, and a frame has more than 1. */
	if (nseen++ < 64)
		(void)raise_one(sig);
}

UK_TEST(on_demand, a_frame_ends_the_program_where_its_stack_is_full)
{
	static char alt[32768] UK_ALIGNED(16);
	const struct uk_abi_stack on = {
		.sp = (uintptr_t)alt, .size = sizeof(alt),
	};

	nseen = 0;
	UK_EXPECT_EQ(act(USR1, raise_again,
			 UK_ABI_SA_ONSTACK | UK_ABI_SA_NODEFER, 0), 0);
	UK_EXPECT_EQ(uk_syscall_r_sigaltstack((long)&on, 0), 0);
	(void)raise_one(USR1);
	UK_EXPECT_EQ(nseen, 0);
}
