/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The end of an image that cannot go on. Nothing here allocates, takes a lock
 * or waits for anybody: the text goes through a line buffer straight to every
 * sink, after what the log still held. The buffer is static, as only the
 * first crash gets to use it at length: a second one, from inside the screen
 * or from another CPU, writes its one line and ends the image; a third one,
 * from inside that, just ends it.
 */
#include <uk/crash.h>

#include <stdarg.h>

#include <uk/arch/cpu.h>
#include <uk/arch/regs.h>
#include <uk/assert.h>
#include <uk/crash_hook.h>
#include <uk/fmt.h>
#include <uk/plat/terminate.h>

#include "ukdebug_priv.h"

/* Longest cause in words. */
#define CAUSE	160

static struct {
	unsigned int depth;	/* crashes so far; relaxed */
	uk_crash_hook_fn hook;	/* taken by exchange */
	void *hook_arg;

	char line[128];
	size_t len;		/* used of line */
} crash_state;

static void flush(void)
{
	if (crash_state.len)
		ukdebug_sinks_write(crash_state.line, crash_state.len);
	crash_state.len = 0;
}

static int put(struct uk_fmt_out *out, const char *buf, size_t len)
{
	(void)out;
	for (size_t i = 0; i < len; i++) {
		if (crash_state.len == sizeof(crash_state.line))
			flush();
		crash_state.line[crash_state.len++] = buf[i];
		if (buf[i] == '\n')
			flush();
	}
	return 0;
}

void ukdebug_crash_print(const char *fmt, ...)
{
	struct uk_fmt_out out = { .put = put };
	va_list ap;

	va_start(ap, fmt);
	if (uk_vfmt(&out, fmt, &ap, NULL) < 0)
		flush();
	va_end(ap);
}

UK_NORETURN static void end(void)
{
	ukdebug_crash_print("kiln: crash, exit %d\n", UK_STATUS_CRASH);
	ukplat_terminate(UK_END_CRASH, UK_STATUS_CRASH);
}

static void call_hook(const struct crash *c)
{
	const struct uk_crash_info info = {
		.cause = c->cause,
		.regs = c->regs,
		.addr = c->addr,
		.has_addr = c->has_addr,
	};
	void *const arg = crash_state.hook_arg;
	uk_crash_hook_fn hook = __atomic_exchange_n(&crash_state.hook, NULL,
						    __ATOMIC_ACQUIRE);

	if (hook)
		hook(&info, arg);
}

UK_NORETURN static void crash(const struct crash *c)
{
	unsigned int depth;

	call_hook(c);

	ukarch_irq_disable();
	depth = __atomic_fetch_add(&crash_state.depth, 1, __ATOMIC_RELAXED);
	if (depth > 1)
		ukplat_terminate(UK_END_CRASH, UK_STATUS_CRASH);

	crash_state.len = 0;
	if (depth == 1) {
		ukdebug_crash_print("\nkiln: crash inside a crash: %s\n",
				    c->cause);
		end();
	}

	ukdebug_ring_crash();
	ukdebug_drain_crash();
	ukdebug_crash_print("\nkiln: crash: %s\n", c->cause);
	if (c->has_addr)
		ukdebug_crash_print("  address   0x%016lx\n", c->addr);
	ukdebug_crash_body(c);
	end();
}

void uk_crash(const char *fmt, ...)
{
	struct ukarch_regs regs;
	char cause[CAUSE];
	const struct crash c = { .cause = cause, .regs = &regs };
	va_list ap;

	ukarch_regs_capture(&regs);
	va_start(ap, fmt);
	(void)uk_vsnprintf(cause, sizeof(cause), fmt, ap);
	va_end(ap);
	crash(&c);
}

void uk_crash_trap(const char *cause, const struct ukarch_regs *regs,
		   int has_addr, uintptr_t addr)
{
	const struct crash c = {
		.cause = cause,
		.regs = regs,
		.addr = addr,
		.has_addr = has_addr,
	};

	crash(&c);
}

void uk_assert_fail(const char *cond, const char *file, unsigned int line)
{
	uk_crash("assertion failed: %s at %s:%u", cond, file, line);
}

void uk_crash_hook_set(uk_crash_hook_fn hook, void *arg)
{
	crash_state.hook_arg = arg;
	__atomic_store_n(&crash_state.hook, hook, __ATOMIC_RELEASE);
}
