/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The token stream of a flattened device tree.
 *
 * All checks of offsets are made once, in open(): from then on each block is
 * a pointer and a length that lie inside the tree. A string block that ends
 * with NUL makes each offset into it a terminated string, with no search.
 */
#include <uk/fdt.h>

#include <uk/assert.h>
#include <uk/errno.h>
#include <uk/essentials.h>

#include "stream_priv.h"

#define MAGIC		0xd00dfeedu
#define VERSION		17u

/* Offsets in the header (5.2). */
#define H_MAGIC		0
#define H_TOTALSIZE	4
#define H_OFF_STRUCT	8
#define H_OFF_STRINGS	12
#define H_OFF_RSVMAP	16
#define H_VERSION	20
#define H_LAST_COMP	24
#define H_SIZE_STRINGS	32
#define H_SIZE_STRUCT	36

#define RSV_LEN		16u	/* one entry of the reservation block (5.3) */

/* Is [off, off + len) a block in the tree of @total bytes? */
static bool block_ok(uint32_t off, uint32_t len, uint32_t align, uint32_t total)
{
	return off >= UK_FDT_HEADER_LEN && UK_IS_ALIGNED(off, align) &&
	       off <= total && len <= total - off;
}

int uk_fdt_extent(const void *blob, size_t maxlen, uint32_t *extent)
{
	const uint8_t *h = blob;
	uint32_t total, structs, strings, rsv, used;

	UK_ASSERT(maxlen >= UK_FDT_HEADER_LEN);

	if (!h || !UK_IS_ALIGNED((uintptr_t)h, 8))
		return -EFAULT;
	if (uk_fdt_u32(h + H_MAGIC) != MAGIC)
		return -EINVAL;
	if (uk_fdt_u32(h + H_VERSION) < VERSION ||
	    uk_fdt_u32(h + H_LAST_COMP) > VERSION)
		return -ENOTSUP;

	total = uk_fdt_u32(h + H_TOTALSIZE);
	structs = uk_fdt_u32(h + H_OFF_STRUCT);
	strings = uk_fdt_u32(h + H_OFF_STRINGS);
	rsv = uk_fdt_u32(h + H_OFF_RSVMAP);
	if (!block_ok(structs, uk_fdt_u32(h + H_SIZE_STRUCT), 4, total) ||
	    !block_ok(strings, uk_fdt_u32(h + H_SIZE_STRINGS), 1, total) ||
	    !block_ok(rsv, RSV_LEN, 8, total))
		return -ERANGE;

	structs += uk_fdt_u32(h + H_SIZE_STRUCT);
	strings += uk_fdt_u32(h + H_SIZE_STRINGS);
	used = UK_MAX(structs, strings);
	if (used > maxlen || rsv > maxlen - RSV_LEN)
		return -E2BIG;
	*extent = rsv < used ? used : (uint32_t)UK_MIN((size_t)total, maxlen);
	return 0;
}

/* Count the reservations, up to the entry that is all zero. */
static int rsvmap_open(struct uk_fdt *fdt, uint32_t extent)
{
	uint32_t off = fdt->rsvmap;
	uint64_t base, len;

	for (fdt->nrsv = 0; extent - off >= RSV_LEN; fdt->nrsv++) {
		uk_fdt_rsv(fdt, fdt->nrsv, &base, &len);
		off += RSV_LEN;
		if (base == 0 && len == 0) {
			fdt->used = UK_MAX(fdt->used, off);
			return 0;
		}
	}
	return -ERANGE;
}

int uk_fdt_open(struct uk_fdt *fdt, const void *blob, size_t len)
{
	const uint8_t *h = blob;
	uint32_t extent;
	struct uk_fdt f;
	int rc;

	if (h && len < UK_FDT_HEADER_LEN)
		return -E2BIG;
	rc = uk_fdt_extent(blob, UK_FDT_MAXLEN, &extent);
	if (rc < 0)
		return rc;
	if (extent > len)
		return -E2BIG;

	f = (struct uk_fdt){
		.blob = h,
		.structs = h + uk_fdt_u32(h + H_OFF_STRUCT),
		.structs_len = uk_fdt_u32(h + H_SIZE_STRUCT),
		.strings = (const char *)h + uk_fdt_u32(h + H_OFF_STRINGS),
		.strings_len = uk_fdt_u32(h + H_SIZE_STRINGS),
		.rsvmap = uk_fdt_u32(h + H_OFF_RSVMAP),
	};
	f.used = UK_MAX(uk_fdt_u32(h + H_OFF_STRUCT) + f.structs_len,
			uk_fdt_u32(h + H_OFF_STRINGS) + f.strings_len);
	if (f.strings_len && f.strings[f.strings_len - 1])
		return -EBADMSG;

	rc = rsvmap_open(&f, extent);
	if (rc < 0)
		return rc;
	*fdt = f;
	return 0;
}

void uk_fdt_rsv(const struct uk_fdt *fdt, uint32_t idx, uint64_t *base,
		uint64_t *len)
{
	const uint8_t *entry = fdt->blob + fdt->rsvmap + idx * RSV_LEN;

	*base = uk_fdt_cells(entry, 2);
	*len = uk_fdt_cells(entry + 8, 2);
}

void uk_fdt_begin(struct uk_fdt_cursor *cur, const struct uk_fdt *fdt)
{
	*cur = (struct uk_fdt_cursor){
		.fdt = fdt,
		.pos = fdt->structs,
		/* Bytes behind the last whole word hold no token. */
		.end = fdt->structs + UK_ALIGN_DOWN(fdt->structs_len, 4),
	};
}

int uk_fdt_next(struct uk_fdt_cursor *cur)
{
	UK_ASSERT(cur->pos <= cur->end);

	return fdt_step(cur, cur->fdt);
}

const char *uk_fdt_strerror(int err)
{
	switch (err) {
	case -EFAULT:
		return "no device tree, or its address is not 8-byte aligned";
	case -EINVAL:
		return "no device tree there (wrong magic number)";
	case -ENOTSUP:
		return "device tree version is not 17 or compatible";
	case -E2BIG:
		return "device tree is longer than what may be read";
	case -ERANGE:
		return "a block is not inside the device tree or not aligned";
	case -ELOOP:
		return "nodes are nested too deep";
	case -EBADMSG:
		return "malformed token stream";
	default:
		return "unknown error";
	}
}
