/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * COM1 and the port of hypervisors' logs for a crash before the console's
 * driver runs: no probing, no settings, nothing kept. An absent port reads as
 * ready.
 */
#include <stddef.h>
#include <stdint.h>

#include <uk/bits/arch/ioport.h>
#include <uk/compiler.h>
#include <uk/sink.h>

#include "kvm_x86.h"
#include "setup_x86.h"

#define LINE_STATUS	(KVM_COM1 + 5)
#define LINE_READY	0x20

#define PATIENCE	0x100000

static void put(char c)
{
	for (unsigned int left = PATIENCE; left > 0; left--)
		if (ukarch_in8(LINE_STATUS) & LINE_READY)
			break;
	ukarch_out8(KVM_COM1, (uint8_t)c);
	ukarch_out8(KVM_DEBUG_PORT, (uint8_t)c);
}

static void early_write(struct uk_sink *sink UK_UNUSED, const char *buf,
			size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (buf[i] == '\n')
			put('\r');
		put(buf[i]);
	}
}

void kvm_early_init(void)
{
	static struct uk_sink sink = {
		.write = early_write,
		.level = UK_SINK_CONSOLE,
	};

	uk_sink_emergency(&sink);
}
