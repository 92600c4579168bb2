/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The end of an image that cannot go on. Nothing here allocates or takes a
 * lock: the text goes through a line buffer straight to every sink, after what
 * the log still held. The buffer is static, as the first CPU that crashes has
 * the screen: it stops the others, of which those that crash as well are shown
 * by it. A second crash on that CPU, from inside the screen, writes its one
 * line, but not to a sink that it came out of, and ends the image; a third one,
 * from inside that, just ends it.
 */
#include <uk/crash.h>

#include <stdarg.h>
#include <stddef.h>

#include <uk/arch/cpu.h>
#include <uk/arch/percpu.h>
#include <uk/arch/regs.h>
#include <uk/assert.h>
#include <uk/config.h>
#include <uk/crash_hook.h>
#include <uk/fmt.h>
#include <uk/percpu.h>
#include <uk/plat/terminate.h>

#include "ukdebug_priv.h"

UK_EVENT(uk_crash_hint);
UK_EVENT(uk_crash_shown);

/* Longest cause in words. */
#define CAUSE	160

static struct {
	uint32_t owner;		/* index of its CPU + 1; by exchange */
	unsigned int depth;	/* crashes so far; the owner's */
	const char *untold;	/* the cause, until it is shown */
	const struct uk_crash_cpus *cpus;	/* NULL: there is one CPU */
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

static void call_hook(const struct uk_crash_info *info)
{
	void *const arg = crash_state.hook_arg;
	uk_crash_hook_fn hook = __atomic_exchange_n(&crash_state.hook, NULL,
						    __ATOMIC_ACQUIRE);

	if (hook)
		hook(info, arg);
}

/* The first CPU has the screen, also if it comes again; others end here. */
static void own_screen(const struct uk_crash_info *info)
{
	const uint32_t self = uk_this_cpu(uk_cpu).idx + 1;
	uint32_t owner = 0;

	if (!UK_IS_ENABLED(CONFIG_HAVE_SMP))
		return;
	if (__atomic_compare_exchange_n(&crash_state.owner, &owner, self,
					false, __ATOMIC_RELAXED,
					__ATOMIC_RELAXED) || owner == self)
		return;
	if (crash_state.cpus)
		crash_state.cpus->park(info);
	ukarch_halt_forever();
}

/* The CPU that crashes, where there are several. */
static void show_self(void)
{
	const struct uk_cpu *const cpu = uk_this_cpu_ptr(uk_cpu);

	ukdebug_crash_print("  cpu       %u, hardware id %#lx, in \"%s\"\n",
			    cpu->idx, cpu->hwid, ukarch_current()->name);
}

static void show_others(const struct uk_crash_cpus *cpus)
{
	struct uk_crash_cpu cpu;

	for (unsigned int i = 0; cpus->get(i, &cpu); i++) {
		ukdebug_crash_print("kiln: cpu %u, hardware id %#lx, ",
				    cpu.idx, cpu.hwid);
		if (!cpu.regs) {
			ukdebug_crash_print("does not answer\n");
			continue;
		}
		ukdebug_crash_print("in \"%s\"%s%s\n", cpu.name,
				    cpu.cause ? ", crashed too: " : "",
				    cpu.cause ? cpu.cause : "");
		ukdebug_crash_trace(cpu.regs);
	}
}

static void tell_cause(void)
{
	const char *const cause = crash_state.untold;

	if (!cause)
		return;
	ukdebug_crash_print("\nkiln: crash: %s\n", cause);
	crash_state.untold = NULL;
}

static void show(const struct crash *c)
{
	const struct uk_crash_cpus *const cpus =
		UK_IS_ENABLED(CONFIG_HAVE_SMP) ? crash_state.cpus : NULL;

	if (cpus)
		cpus->stop();
	ukdebug_ring_crash();
	ukdebug_drain_crash();
	tell_cause();
	if (c->has_addr)
		ukdebug_crash_print("  address   0x%016lx\n", c->addr);
	if (cpus)
		show_self();
	ukdebug_crash_body(c);
	if (cpus)
		show_others(cpus);
}

UK_NORETURN static void crash(const struct crash *c)
{
	struct uk_crash_info info = {
		.cause = c->cause,
		.regs = c->regs,
		.addr = c->addr,
		.has_addr = c->has_addr,
	};
	unsigned int depth;

	call_hook(&info);

	ukarch_irq_disable();
	own_screen(&info);
	depth = crash_state.depth++;
	if (depth > 1)
		ukplat_terminate(UK_END_CRASH, UK_STATUS_CRASH);

	crash_state.len = 0;
	if (depth == 1) {
		ukdebug_sinks_failed();
		tell_cause();
		ukdebug_crash_print("\nkiln: crash inside a crash: %s\n",
				    c->cause);
	} else {
		crash_state.untold = c->cause;
		(void)uk_event_raise(uk_crash_shown, &info);
		show(c);
	}
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

void uk_crash_cpus_set(const struct uk_crash_cpus *cpus)
{
	crash_state.cpus = cpus;
}
