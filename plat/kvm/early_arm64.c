/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The PL011 for a crash before the console's driver runs: where the device
 * tree says it is, if that has been read, else where QEMU's virt machine has
 * it. It is mapped only when something is to be written, so a boot that goes
 * well pays nothing; as little is changed of it as can be: no settings, a full
 * FIFO is given up after some time.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/arch/mmio.h>
#include <uk/bootinfo.h>
#include <uk/config.h>
#include <uk/paging.h>
#include <uk/sink.h>

#include "kvm_arm64.h"

/* Arm DDI 0183, 3.3: data and flag register, by index; FIFO full. */
#define DATA		0
#define FLAGS		(0x18 / 4)
#define FLAGS_FULL	0x20u
#define REGS_LEN	0x1000

#define PATIENCE	0x100000

static struct {
	const struct uk_bootinfo *bi;
	volatile uint32_t *regs;
	bool tried;		/* to map them */
} early;

static bool is_told(const struct uk_console_hint *hint)
{
	return hint->kind == UK_CONSOLE_PL011 || hint->kind == UK_CONSOLE_SBSA;
}

static void map_regs(void)
{
	const struct uk_console_hint *const hint = &early.bi->console;
	void *regs;

	early.tried = true;
	/* Xen's first domain: an access where nothing is ends the machine. */
	if (!is_told(hint) && early.bi->hypervisor)
		return;
	if (uk_paging_map_device(is_told(hint) ? hint->base :
				 CONFIG_KVM_PL011_BASE, REGS_LEN, &regs) == 0)
		early.regs = regs;
}

static void put(char c)
{
	for (unsigned int left = PATIENCE; left > 0; left--)
		if (!(ukarch_mmio_read32(&early.regs[FLAGS]) & FLAGS_FULL))
			break;
	ukarch_mmio_write32(&early.regs[DATA], (unsigned char)c);
}

static void early_write(struct uk_sink *sink UK_UNUSED, const char *buf,
			size_t len)
{
	if (!early.tried)
		map_regs();
	if (!early.regs)
		return;
	for (size_t i = 0; i < len; i++) {
		if (buf[i] == '\n')
			put('\r');
		put(buf[i]);
	}
}

void kvm_early_init(const struct uk_bootinfo *bi)
{
	static struct uk_sink sink = {
		.write = early_write,
		.level = UK_SINK_CONSOLE,
	};

	early.bi = bi;
	uk_sink_emergency(&sink);
}
