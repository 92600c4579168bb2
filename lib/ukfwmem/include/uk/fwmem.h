/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/compiler.h>

struct uk_bootinfo;

/*
 * The physical memory in which a reader looks for what firmware or a loader
 * left there.
 *
 * Firmware's tables point at each other, and nothing of that is believed: each
 * address and length goes through uk_fwmem_at(), which gives the bytes or
 * nothing, and nothing is assumed to be aligned. On the host the same readers
 * run over a buffer.
 *
 * Context: as the memory in question says; that of uk_fwmem_init() maps pages
 * into the linear map (see <uk/paging.h>): after uk_paging_init(), one CPU;
 * later the caller serialises.
 */
struct uk_fwmem {
	/*
	 * The @len bytes at @paddr, which stay there, or NULL if not all of
	 * them can be read.
	 */
	const void *(*at)(const struct uk_fwmem *mem, uint64_t paddr,
			  uint64_t len);

	/* Of a PC: uk_fwmem_pc_find() may look at what is below 1 MiB. */
	bool is_pc;
};

/* More than any table; no reader asks for more at once. */
#define UK_FWMEM_MAXLEN		0x1000000u

/*
 * Make @mem this machine's memory. What is asked for is mapped on demand,
 * readable and writable as RAM is, also where the memory map of @bi has no
 * RAM; what is mapped as a device, or not writable, cannot be read. Only a PC
 * that was not started by EFI is_pc.
 */
void uk_fwmem_init(struct uk_fwmem *mem, const struct uk_bootinfo *bi);

static inline const void *uk_fwmem_at(const struct uk_fwmem *mem,
				      uint64_t paddr, uint64_t len)
{
	return mem->at(mem, paddr, len);
}

/*
 * The text at @paddr, of which up to a NUL, or up to @max bytes, can be read.
 * *@len is how many these are, the NUL included. NULL: not even one.
 */
const char *uk_fwmem_text(const struct uk_fwmem *mem, uint64_t paddr,
			  size_t max, size_t *len);

/* Little-endian numbers, @off bytes from @ptr on. */
static inline uint16_t uk_fwmem_u16(const void *ptr, size_t off)
{
	uint16_t val;

	__builtin_memcpy(&val, (const uint8_t *)ptr + off, sizeof(val));
	return val;
}

static inline uint32_t uk_fwmem_u32(const void *ptr, size_t off)
{
	uint32_t val;

	__builtin_memcpy(&val, (const uint8_t *)ptr + off, sizeof(val));
	return val;
}

static inline uint64_t uk_fwmem_u64(const void *ptr, size_t off)
{
	uint64_t val;

	__builtin_memcpy(&val, (const uint8_t *)ptr + off, sizeof(val));
	return val;
}

/* The sum of @len bytes modulo 256, which is 0 where a checksum is right. */
uint8_t uk_fwmem_sum(const void *ptr, size_t len);

/*
 * Where a PC's firmware leaves the structures that nothing points to (ACPI
 * 6.5, 5.2.5.1; MultiProcessor Specification 1.4, chapter 4).
 */
enum uk_fwmem_area {
	UK_FWMEM_EBDA,		/* the first KiB of the extended BIOS data */
	UK_FWMEM_BASE_END,	/* the last KiB of base memory */
	UK_FWMEM_ROM_LOW,	/* 0xe0000 to 0xeffff */
	UK_FWMEM_ROM,		/* 0xf0000 to 0xfffff */
};

/*
 * Look in @area of @mem for @match, which begins at a multiple of 16: it gets
 * the memory and a physical address with 16 readable bytes that begin with the
 * four at @sig, and says whether they are it.
 *
 * Returns true, and in *@paddr the first that is; false if there is none, if
 * @mem is no PC's, or if the area is not there.
 */
UK_MUST_USE
bool uk_fwmem_pc_find(const struct uk_fwmem *mem, enum uk_fwmem_area area,
		      const char *sig,
		      bool (*match)(const struct uk_fwmem *mem,
				    uint64_t paddr),
		      uint64_t *paddr);
