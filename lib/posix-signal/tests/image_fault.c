/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Faults of a program that handles them.
 */
#include <uk/abi/mman.h>
#include <uk/arch/regs.h>
#include <uk/config.h>
#include <uk/string.h>
#include <uk/test_jump.h>

#include "async.h"
#include "signal_fixture.h"
#include "ucontext.h"

static struct {
	int sig, code;
	uint64_t addr, ip, trapno, err;
	uintptr_t go_on;
	unsigned int n;
} saw;

#if UK_IS_ENABLED(CONFIG_ARCH_X86_64)
#define UC_IP	rip
#define BAD	UINT64_C(0x7f0000000123)
#else
#define UC_IP	pc
#define BAD	UINT64_C(0x7f0000000123)
#endif

/* Goes on behind the instruction. */
static void skip(int sig, struct uk_abi_siginfo *info, void *arg)
{
	struct sig_ucontext *const uc = arg;

	saw.sig = sig;
	saw.code = info->code;
	saw.addr = info->addr;
	saw.ip = uc->mc.UC_IP;
	saw.n++;
	uc->mc.UC_IP = saw.go_on;
}

static void begin_fault(int sig)
{
	UK_EXPECT_EQ(act(sig, skip, 0, 0), 0);
	saw.n = 0;
}

static void end_fault(int sig, int code)
{
	UK_EXPECT_EQ(saw.n, 1);
	UK_EXPECT_EQ(saw.sig, sig);
	UK_EXPECT_EQ(saw.code, code);
	UK_EXPECT_EQ(ukarch_current()->calls, 0);
	UK_EXPECT_EQ(mask_now(), 0);
	UK_EXPECT_EQ(act_plain(sig, UK_ABI_SIG_DFL), 0);
}

UK_TEST(signal_fault, a_bad_address_is_a_sigsegv_that_names_it)
{
	begin_fault(UK_ABI_SIGSEGV);
	saw.go_on = (uintptr_t)fault_read_after;
	fault_read((void *)BAD);
	UK_EXPECT_EQ(saw.addr, BAD);
	UK_EXPECT_EQ(saw.ip, (uintptr_t)fault_read_insn);
	end_fault(UK_ABI_SIGSEGV, UK_ABI_SEGV_MAPERR);
}

UK_TEST(signal_fault, a_forbidden_write_is_one_about_rights)
{
	static const char constant = 'c';

	begin_fault(UK_ABI_SIGSEGV);
	saw.go_on = (uintptr_t)fault_write_after;
	fault_write(&constant);
	UK_EXPECT_EQ(saw.addr, (uintptr_t)&constant);
	UK_EXPECT_EQ(saw.ip, (uintptr_t)fault_write_insn);
	end_fault(UK_ABI_SIGSEGV, UK_ABI_SEGV_ACCERR);
}

UK_TEST(signal_fault, an_invalid_instruction_is_a_sigill)
{
	begin_fault(UK_ABI_SIGILL);
	saw.go_on = (uintptr_t)fault_invalid_after;
	fault_invalid(NULL);
	UK_EXPECT_EQ(saw.addr, (uintptr_t)fault_invalid_insn);
	UK_EXPECT_EQ(saw.ip, (uintptr_t)fault_invalid_insn);
	end_fault(UK_ABI_SIGILL, UK_ABI_ILL_ILLOPN);
}

UK_TEST(signal_fault, a_breakpoint_is_a_sigtrap)
{
	begin_fault(UK_ABI_SIGTRAP);
	saw.go_on = (uintptr_t)fault_break_after;
	fault_break(NULL);
	UK_EXPECT_EQ(saw.ip, (uintptr_t)fault_break_insn);
	end_fault(UK_ABI_SIGTRAP, UK_ABI_TRAP_BRKPT);
}

#if UK_IS_ENABLED(CONFIG_ARCH_X86_64)
UK_TEST(signal_fault, a_division_by_zero_is_a_sigfpe)
{
	begin_fault(UK_ABI_SIGFPE);
	saw.go_on = (uintptr_t)fault_divide_after;
	fault_divide(NULL);
	UK_EXPECT_EQ(saw.addr, (uintptr_t)fault_divide_insn);
	end_fault(UK_ABI_SIGFPE, UK_ABI_FPE_INTDIV);
}

UK_TEST(signal_fault, an_address_that_is_not_canonical_names_none)
{
	begin_fault(UK_ABI_SIGSEGV);
	saw.go_on = (uintptr_t)fault_read_after;
	fault_read((void *)(UINT64_C(1) << 62));
	UK_EXPECT_EQ(saw.addr, 0);
	end_fault(UK_ABI_SIGSEGV, UK_ABI_SI_KERNEL);
}
#endif

UK_TEST(signal_fault, a_call_s_bad_pointer_stays_an_error)
{
	begin_fault(UK_ABI_SIGSEGV);
	UK_EXPECT_EQ(uk_syscall_r_rt_sigpending((long)BAD, 8), -EFAULT);
	UK_EXPECT_EQ(saw.n, 0);
	UK_EXPECT_EQ(act_plain(UK_ABI_SIGSEGV, UK_ABI_SIG_DFL), 0);
}

static struct ukarch_regs here;
static uintptr_t handler_sp;

static void jump(int sig UK_UNUSED, struct uk_abi_siginfo *info,
		 void *uc UK_UNUSED)
{
	handler_sp = (uintptr_t)__builtin_frame_address(0);
	saw.addr = info->addr;
	saw.n++;
	uk_test_jump(&here);
}

/* More than there is; each level is a page at most. */
UK_NOINLINE
static unsigned int too_deep(volatile char *above)
{
	volatile char mine[1024];

	if (!above[0])
		return 0;
	mine[0] = above[0];
	return too_deep(mine) + (unsigned int)mine[0];
}

/* Nothing else is here that comes back. */
static void overrun_often(void)
{
	static volatile char first = 1;
	static unsigned int n;

	n = 0;
	uk_test_mark(&here);
	if (n++ < 3)
		(void)too_deep(&first);
}

UK_TEST(signal_fault, a_stack_that_ends_is_told_on_the_alternate_one)
{
	static char alt[32768] UK_ALIGNED(16);
	const struct uk_abi_stack on = {
		.sp = (uintptr_t)alt, .size = sizeof(alt),
	}, off = { .flags = UK_ABI_SS_DISABLE };

	UK_EXPECT_EQ(act(UK_ABI_SIGSEGV, jump,
			 UK_ABI_SA_ONSTACK | UK_ABI_SA_NODEFER, 0), 0);
	UK_EXPECT_EQ(uk_syscall_r_sigaltstack((long)&on, 0), 0);
	saw.n = 0;
	overrun_often();
	UK_EXPECT_EQ(saw.n, 3);
	UK_EXPECT_LT(handler_sp - (uintptr_t)alt, sizeof(alt));
	UK_EXPECT_EQ(uk_syscall_r_sigaltstack((long)&off, 0), 0);
	UK_EXPECT_EQ(act_plain(UK_ABI_SIGSEGV, UK_ABI_SIG_DFL), 0);
}

static void read_bad(void *unused UK_UNUSED)
{
	fault_read((void *)BAD);
}

static void fault_again(int sig UK_UNUSED,
			struct uk_abi_siginfo *info UK_UNUSED,
			void *uc UK_UNUSED)
{
	saw.n++;
	fault_read((void *)BAD);
}

/* The crash left the handler, and the call count of its frame. */
static void end_crash(void)
{
	const struct uk_abi_stack off = { .flags = UK_ABI_SS_DISABLE };

	set_mask(0);
	UK_EXPECT_EQ(ukarch_current()->calls, 0);
	UK_EXPECT_EQ(uk_syscall_r_sigaltstack((long)&off, 0), 0);
	UK_EXPECT_EQ(act_plain(UK_ABI_SIGSEGV, UK_ABI_SIG_DFL), 0);
}

UK_TEST(signal_fault, one_in_its_own_handler_is_a_crash)
{
	saw.n = 0;
	UK_EXPECT_EQ(act(UK_ABI_SIGSEGV, fault_again, 0, 0), 0);
	UK_EXPECT_CRASH(read_bad, NULL);
	UK_EXPECT_EQ(saw.n, 1);
	end_crash();
}

/*
 * Each fault is one in the handler of the one before, on the same stack: what
 * is below it is not the handlers'. They themselves use some bytes.
 */
UK_TEST(signal_fault, handlers_that_fill_an_alternate_stack_end_with_it)
{
	static uint8_t area[65536] UK_ALIGNED(16);
	const size_t below = sizeof(area) / 2, own = 1024;
	const struct uk_abi_stack on = {
		.sp = (uintptr_t)area + below, .size = sizeof(area) - below,
	};
	size_t nchanged = 0;

	memset(area, 0xa5, sizeof(area));
	saw.n = 0;
	UK_EXPECT_EQ(act(UK_ABI_SIGSEGV, fault_again,
			 UK_ABI_SA_ONSTACK | UK_ABI_SA_NODEFER, 0), 0);
	UK_EXPECT_EQ(uk_syscall_r_sigaltstack((long)&on, 0), 0);
	UK_EXPECT_CRASH(read_bad, NULL);
	/* A frame has 4.5 KiB on arm64, and on x86_64 what XSAVE needs. */
	UK_EXPECT_GE(saw.n, 3);
	UK_EXPECT_LE(saw.n, on.size / 1024);
	end_crash();
	for (size_t i = 0; i < below - own; i++)
		nchanged += area[i] != 0xa5;
	UK_EXPECT_EQ(nchanged, 0);
}

static void go_deep(int sig UK_UNUSED, struct uk_abi_siginfo *info UK_UNUSED,
		    void *uc UK_UNUSED)
{
	volatile char first = 1;

	saw.n++;
	(void)too_deep(&first);
}

/* Nobody may touch what is below the stack: so its end is found. */
UK_TEST(signal_fault, an_alternate_stack_that_ends_is_a_crash)
{
	const long len = 65536, guard = 16384;
	const long at = uk_syscall6_r(SYS_mmap, 0, len,
				      UK_ABI_PROT_READ | UK_ABI_PROT_WRITE,
				      UK_ABI_MAP_PRIVATE |
				      UK_ABI_MAP_ANONYMOUS, -1, 0);
	const struct uk_abi_stack on = {
		.sp = (uintptr_t)(at + guard), .size = (size_t)(len - guard),
	};

	if (at == -ENOSYS)
		UK_TEST_SKIP("this image has no mappings");
	UK_EXPECT_EQ(uk_syscall6_r(SYS_mprotect, at, guard, 0, 0, 0, 0), 0);
	saw.n = 0;
	UK_EXPECT_EQ(act(UK_ABI_SIGSEGV, go_deep, UK_ABI_SA_ONSTACK, 0), 0);
	UK_EXPECT_EQ(uk_syscall_r_sigaltstack((long)&on, 0), 0);
	UK_EXPECT_CRASH(read_bad, NULL);
	UK_EXPECT_EQ(saw.n, 1);
	end_crash();
	UK_EXPECT_EQ(uk_syscall6_r(SYS_munmap, at, len, 0, 0, 0, 0), 0);
}
