/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The crash screen: the image, a hint, the registers, the stack trace, code
 * and stack around the place. Each line is at most 80 columns. `kiln
 * symbolize` finds the lines "kiln: stack trace" and "  #N 0xADDRESS".
 *
 * Memory is read only where the page tables say that it is there.
 */
#include <uk/arch/regs.h>
#include <uk/config.h>
#include <uk/essentials.h>
#include <uk/string.h>
#include <uk/symbol.h>

#include "ukdebug_priv.h"

#define TRACE_MAX	32	/* frames that are shown */

static void show_place(uintptr_t ip)
{
	struct uk_symbol sym;

	ukdebug_crash_print("  image     %s, %s, Kiln %s\n", CONFIG_UK_NAME,
			    CONFIG_UK_ARCH, UK_STRINGIFY(KILN_VERSION));
	if (!uk_symbol_find(ip, &sym))
		return;
	ukdebug_crash_print("  function  %s+%#lx\n", sym.name, sym.offset);
	if (sym.lib[0])
		ukdebug_crash_print("  library   %s\n", sym.lib);
}

static uint64_t reg_value(const struct ukarch_regs *regs, size_t i)
{
	uint64_t val;

	memcpy(&val, (const char *)regs + ukarch_reg_names[i].offset,
	       sizeof(val));
	return val;
}

static void show_regs(const struct ukarch_regs *regs)
{
	ukdebug_crash_print("registers\n");
	for (size_t i = 0; i < ukarch_nreg_names; i++)
		ukdebug_crash_print("  %-6.8s %016lx%s",
				    ukarch_reg_names[i].name,
				    reg_value(regs, i),
				    i % 3 == 2 || i + 1 == ukarch_nreg_names ?
				    "\n" : "");
}

/* What a call leaves: the return address, in a register or on the stack. */
static uintptr_t link_address(const struct ukarch_regs *regs)
{
	const uintptr_t sp = ukarch_regs_sp(regs);
	uintptr_t word = 0;

	for (size_t i = 0; i < ukarch_nreg_names; i++) {
		if (uk_strncmp(ukarch_reg_names[i].name, "x30", 8) == 0)
			return reg_value(regs, i);
	}
	if (UK_IS_ALIGNED(sp, sizeof(word)) &&
	    ukdebug_readable(sp, sizeof(word)))
		memcpy(&word, (const void *)sp, sizeof(word));
	return word;
}

/* A return address is looked up inside its call, which may end a function. */
static void show_frame(size_t n, uintptr_t addr)
{
	const uintptr_t inside = n ? addr - 1 : addr;
	struct uk_symbol sym;

	ukdebug_crash_print("  #%zu 0x%016lx", n, addr);
	if (uk_symbol_find(inside, &sym))
		ukdebug_crash_print(" %s+%#lx", sym.name,
				    sym.offset + (addr - inside));
	ukdebug_crash_print("\n");
}

void ukdebug_crash_trace(const struct ukarch_regs *regs)
{
	uintptr_t addrs[TRACE_MAX];
	const size_t n = ukdebug_trace(regs, link_address(regs), addrs,
				       TRACE_MAX);

	ukdebug_crash_print("kiln: stack trace\n");
	for (size_t i = 0; i < n; i++)
		show_frame(i, addrs[i]);
}

static void show_code(uintptr_t ip)
{
	const uintptr_t from = ip - 8;

	if (!ukdebug_readable(from, 24))
		return;
	ukdebug_crash_print("code\n ");
	for (uintptr_t at = from; at < from + 24; at++)
		ukdebug_crash_print(at == ip ? " <%02x>" : " %02x",
				    *(const unsigned char *)at);
	ukdebug_crash_print("\n");
}

static void show_stack(uintptr_t sp)
{
	uint64_t w[4];

	ukdebug_crash_print("stack at 0x%016lx\n", sp);
	for (uintptr_t at = sp; at < sp + 256; at += sizeof(w)) {
		if (!ukdebug_readable(at, sizeof(w)))
			return;
		memcpy(w, (const void *)at, sizeof(w));
		ukdebug_crash_print("  +%02lx %016lx %016lx %016lx %016lx\n",
				    at - sp, w[0], w[1], w[2], w[3]);
	}
}

void ukdebug_crash_body(const struct crash *c)
{
	const uintptr_t ip = ukarch_regs_ip(c->regs);
	const uintptr_t sp = ukarch_regs_sp(c->regs);
	char hint[128];

	if (ukdebug_hint(c, ip, sp, hint, sizeof(hint)))
		ukdebug_crash_print("  hint      %s\n", hint);
	show_place(ip);
	show_regs(c->regs);
	ukdebug_crash_trace(c->regs);
	show_code(ip);
	show_stack(sp);
}
