/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <uk/bootinfo.h>
#include <uk/compiler.h>
#include <uk/print.h>

/*
 * How a boot protocol's reader (plat/kvm/setup_<protocol>.c) builds struct
 * uk_bootinfo:
 *
 *	uk_bootinfo_init(bi, "pvh", ukarch_paddr_bits(), &image);
 *	for each entry of the loader's memory map
 *		uk_bootinfo_add(bi, base, len, UK_REGION_FREE, UK_REGIONF_RAM);
 *	uk_bootinfo_set_cmdline(bi, str, bytes_that_may_be_read);
 *	uk_bootinfo_set_initrd(bi, base, len);
 *	uk_bootinfo_finish(bi);
 *	uk_boot(bi);
 *
 * Regions come as the loader has them: in any order, overlapping, twice,
 * empty or absurd. The result does not depend on their order. The regions are
 * sorted and do not overlap at any time, not just after finish().
 *
 * Nothing here fails towards its caller: what cannot be repaired is refused,
 * which means that the reason is logged and its error is in bi->refused (the
 * first one stays). A refused bi goes to uk_boot() too; that shows the log
 * and ends the image.
 *
 * Repaired:
 *   length 0                            ignored
 *   base + length above 2^64            cut off at 2^64
 *   beyond the CPU's physical addresses cut off there, or left out whole
 *   not on page boundaries              FREE shrinks to whole pages, all
 *                                       others grow to whole pages
 *   regions overlap                     each page gets the type that comes
 *                                       first in: image (text, rodata, data),
 *                                       dtb, initrd, cmdline, acpi, reserved,
 *                                       mmio, free
 *   unknown type                        reserved
 *   page 0 is FREE                      left out
 *   the image is not in the map         it is RAM, for it runs there
 *
 * Refused, with the error in bi->refused:
 *   -ENOSPC  more regions than fit (both numbers are in the log)
 *   -ENOMEM  no FREE region is left
 *   -EEXIST  initrd or dtb overlaps the image, or one the other
 *   -EFAULT  the initrd, or a part of it, is not in RAM
 *   -ERANGE  initrd or dtb beyond the end of physical addresses
 *   -EINVAL  the command line has no NUL where it should end
 *   -E2BIG   the command line is longer than CONFIG_LIBUKBOOTINFO_CMDLINE_MAX
 *
 * RAM: a page of the image, the initrd, the command line, the dtb or ACPI
 * tables is RAM if any region added there says UK_REGIONF_RAM; a RESERVED or
 * MMIO page only if a region of that very type says so. So firmware's own
 * pages inside usable memory stay out of the linear map.
 *
 * Context: early, one CPU; no heap, no linear map needed.
 */

/* Physical addresses above this many bits do not fit in the linear map. */
#define UK_BOOTINFO_PADDR_BITS_MAX	46u

/*
 * Where the image lies in physical memory; page-aligned, in this order, see
 * <uk/sections.h>. The ranges touch or leave gaps, which are not used.
 */
struct uk_bootinfo_image {
	uint64_t text, etext;
	uint64_t rodata, erodata;
	uint64_t data, end;	/* with .bss and the boot stacks */
};

/*
 * Make @bi empty but for @image, for a loader that speaks @protocol (lives
 * forever) on a CPU with @paddr_bits bits of physical address.
 */
void uk_bootinfo_init(struct uk_bootinfo *bi, const char *protocol,
		      unsigned int paddr_bits,
		      const struct uk_bootinfo_image *image);

/*
 * Add @len bytes at @base as @type (enum uk_region_type) with @flags
 * (UK_REGIONF_…). RAM that may be used is UK_REGION_FREE, UK_REGIONF_RAM.
 */
void uk_bootinfo_add(struct uk_bootinfo *bi, uint64_t base, uint64_t len,
		     uint32_t type, uint32_t flags);

/*
 * Copy the command line @str, of which at most @max bytes may be read, into a
 * buffer of the image; bi->cmdline points there. There is one such buffer.
 * @str may be NULL or @max 0: no command line.
 */
void uk_bootinfo_set_cmdline(struct uk_bootinfo *bi, const char *str,
			     size_t max);

/*
 * The initrd or the used part of the device tree; adds its region too. At
 * most once each. @len 0: there is none.
 */
void uk_bootinfo_set_initrd(struct uk_bootinfo *bi, uint64_t base,
			    uint64_t len);
void uk_bootinfo_set_dtb(struct uk_bootinfo *bi, uint64_t base, uint64_t len);

/*
 * Refuse to boot: log an error with the format and arguments that follow @err
 * (a negative errno) and, if it is the first one, keep @err in bi->refused.
 * Where errors are not in the image (CONFIG_LIBUKDEBUG_LOG_NONE) the text is
 * not either.
 */
#define uk_bootinfo_refuse(bi, err, ...)				\
	do {								\
		uk_pr_err(__VA_ARGS__);					\
		uk_bootinfo_set_refused(bi, err);			\
	} while (0)

UK_COLD
void uk_bootinfo_set_refused(struct uk_bootinfo *bi, int err);

/*
 * Bring @bi into the form that <uk/bootinfo.h> promises, and check it. No
 * region may be added afterwards.
 */
void uk_bootinfo_finish(struct uk_bootinfo *bi);

/*
 * Show @bi on the console, in a form that golden tests keep: one line
 * "bootinfo: BASE-END TYPE [ram]" per region, then one per further fact that
 * is known ("bootinfo: initrd BASE-END"). Addresses are hexadecimal with all
 * 16 digits; END is the first byte after the range. Context: thread.
 */
void uk_bootinfo_print(const struct uk_bootinfo *bi);

/* "free", "text", …; "?" for what is no type. */
const char *uk_region_type_name(uint32_t type);
