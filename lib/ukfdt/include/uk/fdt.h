/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/compiler.h>

/*
 * A reader of flattened device trees (Devicetree Specification v0.4, ch. 5).
 *
 * A tree comes from outside, so nothing in it is believed: no byte outside
 * of it is read, whatever its offsets and lengths say. A tree is read as a
 * stream of tokens, forward only, each token once; so reading ends, and costs
 * no more than the tree is long. Nothing is allocated or copied: names and
 * values are pointers into the tree, which must stay in place.
 *
 * Context: any. Errors of every function here:
 *   -EFAULT    no tree: the pointer is NULL or not 8-byte aligned
 *   -EINVAL    no device tree is there: wrong magic number
 *   -ENOTSUP   a version that this reader does not understand
 *   -E2BIG     a block of the tree lies beyond what may be read
 *   -ERANGE    a block of the tree is not inside it or not aligned
 *   -ELOOP     nodes are nested deeper than UK_FDT_DEPTH
 *   -EBADMSG   the stream is malformed: an unknown or misplaced token, a
 *              value, a name or the end outside of its block
 */

#define UK_FDT_DEPTH		64
#define UK_FDT_HEADER_LEN	40
/* No boot protocol hands over more (Linux arm64 boot protocol, "2. Setup"). */
#define UK_FDT_MAXLEN		0x200000

struct uk_fdt {
	const uint8_t *blob;
	const uint8_t *structs;
	const char *strings;
	uint32_t structs_len;
	uint32_t strings_len;	/* the last byte of the block is NUL */
	uint32_t rsvmap;	/* offset in @blob, 8-byte aligned */
	uint32_t nrsv;		/* entries before the terminator */
	uint32_t used;		/* bytes from @blob that hold the tree */
};

/*
 * How many bytes at @blob must be readable for uk_fdt_open(), by its header
 * alone, of which UK_FDT_HEADER_LEN bytes are readable; at most @maxlen, which
 * is no less than that. This is the used part: a tree may claim much more, and
 * more than @maxlen (QEMU doubles the claim of a tree it is given). The end of
 * a reservation block that is last is not in the header: then it is all that
 * is claimed, up to @maxlen.
 */
UK_MUST_USE
int uk_fdt_extent(const void *blob, size_t maxlen, uint32_t *extent);

/*
 * Check the header and the blocks of the tree at @blob, of which @len bytes
 * are readable.
 */
UK_MUST_USE
int uk_fdt_open(struct uk_fdt *fdt, const void *blob, size_t len);

/* Entry @idx, below fdt->nrsv, of the memory reservation block. */
void uk_fdt_rsv(const struct uk_fdt *fdt, uint32_t idx, uint64_t *base,
		uint64_t *len);

enum uk_fdt_token {
	UK_FDT_END,		/* the stream is complete */
	UK_FDT_NODE,		/* a node begins; the root's name is "" */
	UK_FDT_PROP,		/* a property of the innermost open node */
	UK_FDT_NODE_END,
};

struct uk_fdt_cursor {
	const struct uk_fdt *fdt;

	/* Of the last token. */
	const char *name;	/* node or property, NUL-terminated */
	const uint8_t *val;	/* property: 4-byte aligned */
	uint32_t len;		/* property: bytes of @val */
	uint32_t nameoff;	/* property: of @name in the strings block */

	/* Open nodes after the last token: 1 inside the root. */
	unsigned int depth;

	/* The reader's own. */
	const uint8_t *pos, *end;	/* in the stream, 4-byte aligned */
	bool rooted;		/* the root has begun */
	bool in_props;		/* the innermost node may have one more */
};

/* Set @cur before the first token of @fdt, which must outlive it. */
void uk_fdt_begin(struct uk_fdt_cursor *cur, const struct uk_fdt *fdt);

/*
 * Go on to the next token. Returns it (enum uk_fdt_token), or an error; after
 * UK_FDT_END or an error the cursor is finished. A node's properties all come
 * before its first subnode; there is one root.
 */
UK_MUST_USE
int uk_fdt_next(struct uk_fdt_cursor *cur);

/* The big-endian 32-bit number at @val. */
static inline uint32_t uk_fdt_u32(const uint8_t *val)
{
	uint32_t be;

	__builtin_memcpy(&be, val, sizeof(be));
	return __builtin_bswap32(be);
}

/* The number of @ncells cells, 1 or 2, at @val. */
static inline uint64_t uk_fdt_cells(const uint8_t *val, unsigned int ncells)
{
	if (ncells == 1)
		return uk_fdt_u32(val);
	return (uint64_t)uk_fdt_u32(val) << 32 | uk_fdt_u32(val + 4);
}

/* One of the errors above in words, for a message. */
const char *uk_fdt_strerror(int err);
