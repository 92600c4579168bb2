/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>
#include <stdint.h>

/*
 * A writer of small trees for tests: reservations, then nodes, then finish().
 * There is one tree at a time, of at most a few KiB; it is as the writer's
 * user says, well-formed or not.
 */
#define TREE_MAX	8192
#define TREE_RSV	40	/* the reservation block comes first */
#define TREE_NRSV	8

#define TOK_BEGIN	1u
#define TOK_END_NODE	2u
#define TOK_PROP	3u
#define TOK_NOP		4u
#define TOK_END		9u

struct tree {
	_Alignas(8) uint8_t blob[TREE_MAX];
	uint32_t len;		/* after finish(): of the whole tree */
	uint32_t structs;	/* offset of the structure block */
	uint32_t nrsv;
	char strings[512];
	uint32_t strings_len;
};

static struct tree tree;

static inline void put32_at(uint32_t off, uint32_t val)
{
	for (unsigned int i = 0; i < 4; i++)
		tree.blob[off + i] = (uint8_t)(val >> (24 - 8 * i));
}

static inline void put32(uint32_t val)
{
	put32_at(tree.len, val);
	tree.len += 4;
}

static inline void put_bytes(const void *data, uint32_t len)
{
	const uint8_t *p = data;

	for (uint32_t i = 0; i < len; i++)
		tree.blob[tree.len++] = p[i];
	while (tree.len % 4)
		tree.blob[tree.len++] = 0;
}

static inline uint32_t text_len(const char *str)
{
	uint32_t len = 0;

	while (str[len++])
		;
	return len;	/* with NUL */
}

static inline void tree_begin(void)
{
	tree.nrsv = 0;
	tree.strings_len = 0;
	for (uint32_t i = 0; i < TREE_MAX; i++)
		tree.blob[i] = 0;
	tree.structs = TREE_RSV + 16 * TREE_NRSV;
	tree.len = tree.structs;
}

static inline void tree_rsv(uint64_t base, uint64_t len)
{
	const uint32_t off = TREE_RSV + 16 * tree.nrsv++;

	put32_at(off, (uint32_t)(base >> 32));
	put32_at(off + 4, (uint32_t)base);
	put32_at(off + 8, (uint32_t)(len >> 32));
	put32_at(off + 12, (uint32_t)len);
}

static inline void node(const char *name)
{
	put32(TOK_BEGIN);
	put_bytes(name, text_len(name));
}

static inline void node_end(void)
{
	put32(TOK_END_NODE);
}

static inline void prop(const char *name, const void *val, uint32_t len)
{
	put32(TOK_PROP);
	put32(len);
	put32(tree.strings_len);
	put_bytes(val, len);
	for (uint32_t i = 0; i < text_len(name); i++)
		tree.strings[tree.strings_len + i] = name[i];
	tree.strings_len += text_len(name);
}

static inline void prop_str(const char *name, const char *str)
{
	prop(name, str, text_len(str));
}

static inline void prop_cells(const char *name, const uint32_t *cells,
			      uint32_t n)
{
	uint8_t be[128];

	for (uint32_t i = 0; i < n; i++)
		for (unsigned int b = 0; b < 4; b++)
			be[4 * i + b] = (uint8_t)(cells[i] >> (24 - 8 * b));
	prop(name, be, 4 * n);
}

/* Cells as further arguments. */
#define CELLS(name, ...)						\
	prop_cells(name, (const uint32_t[]){ __VA_ARGS__ },		\
		   sizeof((const uint32_t[]){ __VA_ARGS__ }) / 4)

/* Header fields by offset. */
#define H_MAGIC		0
#define H_TOTALSIZE	4
#define H_OFF_STRUCT	8
#define H_OFF_STRINGS	12
#define H_OFF_RSVMAP	16
#define H_VERSION	20
#define H_LAST_COMP	24
#define H_SIZE_STRINGS	32
#define H_SIZE_STRUCT	36

/* Write strings block and header; all header fields are right. */
static inline void tree_finish(void)
{
	const uint32_t strings = tree.len;

	put_bytes(tree.strings, tree.strings_len);
	put32_at(H_MAGIC, 0xd00dfeed);
	put32_at(H_TOTALSIZE, strings + tree.strings_len);
	put32_at(H_OFF_STRUCT, tree.structs);
	put32_at(H_OFF_STRINGS, strings);
	put32_at(H_OFF_RSVMAP, TREE_RSV);
	put32_at(H_VERSION, 17);
	put32_at(H_LAST_COMP, 16);
	put32_at(H_SIZE_STRINGS, tree.strings_len);
	put32_at(H_SIZE_STRUCT, strings - tree.structs);
	tree.len = strings + tree.strings_len;
}

/* The end of the stream, and of the tree. */
static inline void tree_end(void)
{
	put32(TOK_END);
	tree_finish();
}
