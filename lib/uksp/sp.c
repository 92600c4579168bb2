/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The canary. It changes once, while functions of the boot chain are running;
 * a protected one among them would find the new canary where it left the old
 * one. So the chain from uk_boot() down to here is built without protection,
 * and everything it called before has returned.
 *
 * The first byte in memory is zero: an overflow by a string function cannot
 * write it and go on. It costs 8 of 64 bits.
 */
#include <uk/sp.h>

#include <uk/crash.h>
#include <uk/init.h>
#include <uk/seed.h>

/* Until stage EARLY; nothing from outside has been read by then. */
uintptr_t __stack_chk_guard = UINT64_C(0x5bd1e995c3a1ff00);

void __stack_chk_fail(void)
{
	uk_crash("stack smashed: a function wrote past an array of its own");
}

static int sp_init(const struct uk_boot_ctx *ctx)
{
	(void)ctx;
	__stack_chk_guard = uk_seed_u64(UK_SEED_PURPOSE("canary")) &
			    ~UINT64_C(0xff);
	return 0;
}

UK_INIT(EARLY, sp_init, NULL);
