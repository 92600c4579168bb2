/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A PC's memory below 1 MiB. Where the extended BIOS data area and the end of
 * base memory are is in the BIOS data area at 0x400: a segment and a number of
 * KiB. What they say is believed only if it lies in base memory.
 */
#include <uk/fwmem.h>

#include <uk/assert.h>

#define BDA_EBDA	0x40e
#define BDA_BASE_KIB	0x413
#define BDA_END		0x500

#define BASE_KIB_MAX	640u
#define KIB		1024u

#define STEP		16

struct area {
	uint64_t base;
	uint64_t len;		/* 0: not there */
};

/* A word of the BIOS data area; 0 if it cannot be read. */
static uint16_t bda_u16(const struct uk_fwmem *mem, uint64_t paddr)
{
	const void *p = uk_fwmem_at(mem, paddr, 2);

	return p ? uk_fwmem_u16(p, 0) : 0;
}

static struct area find_ebda(const struct uk_fwmem *mem)
{
	const uint64_t base = (uint64_t)bda_u16(mem, BDA_EBDA) << 4;

	if (base < BDA_END || base > (BASE_KIB_MAX - 1) * KIB)
		return (struct area){ 0 };
	return (struct area){ base, KIB };
}

/* Firmware of micro-VMs (qboot) leaves the number 0: then there are 640 KiB. */
static struct area find_base_end(const struct uk_fwmem *mem)
{
	uint64_t kib = bda_u16(mem, BDA_BASE_KIB);

	if (kib < 2 || kib > BASE_KIB_MAX)
		kib = BASE_KIB_MAX;
	return (struct area){ (kib - 1) * KIB, KIB };
}

static struct area find_area(const struct uk_fwmem *mem,
			     enum uk_fwmem_area area)
{
	switch (area) {
	case UK_FWMEM_EBDA:
		return find_ebda(mem);
	case UK_FWMEM_BASE_END:
		return find_base_end(mem);
	case UK_FWMEM_ROM_LOW:
		return (struct area){ 0xe0000, 64 * KIB };
	case UK_FWMEM_ROM:
		return (struct area){ 0xf0000, 64 * KIB };
	}
	UK_UNREACHABLE();
}

/*
 * The first multiple of STEP from @at up to @end at which @word is, or @end.
 * Most of what is looked at is not it: four steps are one turn of the loop.
 */
static const uint8_t *find_word(const uint8_t *at, const uint8_t *end,
				uint32_t word)
{
	for (; end - at >= 4 * STEP; at += 4 * STEP)
		if (uk_fwmem_u32(at, 0) == word ||
		    uk_fwmem_u32(at, STEP) == word ||
		    uk_fwmem_u32(at, 2 * STEP) == word ||
		    uk_fwmem_u32(at, 3 * STEP) == word)
			break;
	while (at < end && uk_fwmem_u32(at, 0) != word)
		at += STEP;
	return at;
}

bool uk_fwmem_pc_find(const struct uk_fwmem *mem, enum uk_fwmem_area area,
		      const char *sig,
		      bool (*match)(const struct uk_fwmem *mem,
				    uint64_t paddr),
		      uint64_t *paddr)
{
	const uint32_t word = uk_fwmem_u32(sig, 0);
	const uint8_t *p, *at, *end;
	struct area a;

	if (!mem->is_pc)
		return false;
	a = find_area(mem, area);
	p = a.len ? uk_fwmem_at(mem, a.base, a.len) : NULL;
	if (!p)
		return false;

	at = p;
	end = p + a.len;
	while ((at = find_word(at, end, word)) != end) {
		if (match(mem, a.base + (uint64_t)(at - p))) {
			*paddr = a.base + (uint64_t)(at - p);
			return true;
		}
		at += STEP;
	}
	return false;
}
