/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * From start.S to uk_boot(): one entry per protocol.
 *
 * Loader data is read through the linear map, to which the pages are added as
 * they are asked for, so it may lie anywhere; all that is used of it later is
 * copied, so its memory is free afterwards.
 */
#include "setup_x86.h"

#include <uk/arch/cpu.h>
#include <uk/arch/paging.h>
#include <uk/bits/arch/ioport.h>
#include <uk/bootinfo.h>
#include <uk/bootinfo_build.h>
#include <uk/compiler.h>
#include <uk/config.h>
#include <uk/essentials.h>
#include <uk/paging.h>
#include <uk/sections.h>

#include "kvm_x86.h"

/* Called by start.S. */
UK_NORETURN void kvm_setup_multiboot(uint64_t info);
UK_NORETURN void kvm_setup_pvh(uint64_t info);
UK_NORETURN void kvm_setup_linux64(uint64_t params);

static struct uk_bootinfo bootinfo;

static uint64_t image_paddr(const char *sym)
{
	return (uint64_t)(uintptr_t)sym - UKARCH_IMAGE_BASE;
}

/*
 * Firmware leaves a PC's interrupt controllers at vectors that are the CPU's
 * exceptions, and the timer on. They are silent until a driver takes them, so
 * that interrupts may be enabled before; where there are none, nobody listens.
 */
static void mask_pics(void)
{
	ukarch_out8(KVM_PIC_MASK, 0xff);
	ukarch_out8(KVM_PIC2_MASK, 0xff);
}

UK_NORETURN static void setup(const char *protocol, kvm_read_fn read,
			      uint64_t data)
{
	struct uk_bootinfo *bi = &bootinfo;
	struct uk_fwmem mem;
	const struct uk_bootinfo_image image = {
		.text = image_paddr(_text),
		.etext = image_paddr(_etext),
		.rodata = image_paddr(_rodata),
		.erodata = image_paddr(_erodata),
		.data = image_paddr(_data),
		.end = image_paddr(_end),
	};

	mask_pics();
	kvm_early_init();
	uk_bootinfo_init(bi, protocol, ukarch_paddr_bits(), &image);
	bi->console.kind = UK_CONSOLE_NS16550_PORT;
	bi->console.base = KVM_COM1;
	bi->console.reg_width = 1;
	uk_paging_init(bi);
	uk_fwmem_init(&mem, bi);
	read(bi, &mem, data);
	if (UK_IS_ENABLED(CONFIG_HAVE_SMP))
		kvm_take_start_page(bi);
	uk_bootinfo_finish(bi);
	uk_boot(bi);
}

void kvm_setup_multiboot(uint64_t info)
{
	setup("multiboot", kvm_read_multiboot, info);
}

void kvm_setup_pvh(uint64_t info)
{
	setup("pvh", kvm_read_pvh, info);
}

void kvm_setup_linux64(uint64_t params)
{
	setup("linux64", kvm_read_linux64, params);
}
