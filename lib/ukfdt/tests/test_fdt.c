/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/fdt.h>

#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/test.h>

#include "build_fdt.h"

/* / { a = "x"; child { b = <1 2>; }; }; one reservation. */
static void small_tree(void)
{
	tree_begin();
	tree_rsv(0x1000, 0x2000);
	node("");
	prop_str("a", "x");
	node("child");
	CELLS("b", 1, 2);
	node_end();
	node_end();
	tree_end();
}

static int open_tree(void)
{
	struct uk_fdt fdt;

	return uk_fdt_open(&fdt, tree.blob, tree.len);
}

/* The first error of the stream, or UK_FDT_END. */
static int read_all(void)
{
	struct uk_fdt_cursor cur;
	struct uk_fdt fdt;
	int rc;

	rc = uk_fdt_open(&fdt, tree.blob, tree.len);
	if (rc < 0)
		return rc;
	uk_fdt_begin(&cur, &fdt);
	do {
		rc = uk_fdt_next(&cur);
	} while (rc > 0);
	return rc;
}

UK_TEST(fdt, a_tree_is_read_as_a_stream_of_tokens)
{
	struct uk_fdt_cursor cur;
	struct uk_fdt fdt;

	small_tree();
	if (!UK_EXPECT_EQ(uk_fdt_open(&fdt, tree.blob, tree.len), 0))
		return;
	uk_fdt_begin(&cur, &fdt);

	UK_EXPECT_EQ(uk_fdt_next(&cur), UK_FDT_NODE);
	UK_EXPECT_STR_EQ(cur.name, "");
	UK_EXPECT_EQ(cur.depth, 1);
	UK_EXPECT_EQ(uk_fdt_next(&cur), UK_FDT_PROP);
	UK_EXPECT_STR_EQ(cur.name, "a");
	UK_EXPECT_EQ(cur.len, 2);
	UK_EXPECT_MEM_EQ(cur.val, "x", 2);
	UK_EXPECT_EQ(uk_fdt_next(&cur), UK_FDT_NODE);
	UK_EXPECT_STR_EQ(cur.name, "child");
	UK_EXPECT_EQ(cur.depth, 2);
	UK_EXPECT_EQ(uk_fdt_next(&cur), UK_FDT_PROP);
	UK_EXPECT_STR_EQ(cur.name, "b");
	UK_EXPECT_EQ(uk_fdt_cells(cur.val, 1), 1);
	UK_EXPECT_EQ(uk_fdt_cells(cur.val, 2), 0x100000002);
	UK_EXPECT_EQ(uk_fdt_next(&cur), UK_FDT_NODE_END);
	UK_EXPECT_EQ(uk_fdt_next(&cur), UK_FDT_NODE_END);
	UK_EXPECT_EQ(cur.depth, 0);
	UK_EXPECT_EQ(uk_fdt_next(&cur), UK_FDT_END);
}

UK_TEST(fdt, reservations_are_counted_up_to_the_empty_one)
{
	struct uk_fdt fdt;
	uint64_t base, len;

	small_tree();
	if (!UK_EXPECT_EQ(uk_fdt_open(&fdt, tree.blob, tree.len), 0))
		return;
	UK_EXPECT_EQ(fdt.nrsv, 1);
	uk_fdt_rsv(&fdt, 0, &base, &len);
	UK_EXPECT_EQ(base, 0x1000);
	UK_EXPECT_EQ(len, 0x2000);
}

UK_TEST(fdt, only_the_used_part_of_a_tree_counts)
{
	struct uk_fdt fdt;
	uint32_t extent;

	small_tree();
	put32_at(H_TOTALSIZE, 0x100000);
	UK_EXPECT_EQ(uk_fdt_extent(tree.blob, UK_FDT_MAXLEN, &extent), 0);
	UK_EXPECT_EQ(extent, tree.len);
	UK_EXPECT_EQ(uk_fdt_open(&fdt, tree.blob, tree.len), 0);
	UK_EXPECT_EQ(fdt.used, tree.len);
}

UK_TEST(fdt, no_pointer_and_an_odd_one_are_refused)
{
	struct uk_fdt fdt;

	small_tree();
	UK_EXPECT_EQ(uk_fdt_open(&fdt, NULL, tree.len), -EFAULT);
	UK_EXPECT_EQ(uk_fdt_open(&fdt, tree.blob + 4, tree.len - 4), -EFAULT);
}

UK_TEST(fdt, a_wrong_magic_number_is_refused)
{
	small_tree();
	put32_at(H_MAGIC, 0xedfe0dd0);
	UK_EXPECT_EQ(open_tree(), -EINVAL);
}

UK_TEST(fdt, versions_that_are_too_old_or_too_new_are_refused)
{
	small_tree();
	put32_at(H_VERSION, 16);
	UK_EXPECT_EQ(open_tree(), -ENOTSUP);
	put32_at(H_VERSION, 18);
	UK_EXPECT_EQ(open_tree(), 0);
	put32_at(H_LAST_COMP, 18);
	UK_EXPECT_EQ(open_tree(), -ENOTSUP);
}

UK_TEST(fdt, a_tree_longer_than_what_may_be_read_is_refused)
{
	struct uk_fdt fdt;
	uint32_t extent;

	small_tree();
	UK_EXPECT_EQ(uk_fdt_open(&fdt, tree.blob, tree.len - 1), -E2BIG);
	UK_EXPECT_EQ(uk_fdt_open(&fdt, tree.blob, UK_FDT_HEADER_LEN - 1),
		     -E2BIG);
	UK_EXPECT_EQ(uk_fdt_extent(tree.blob, tree.len - 1, &extent), -E2BIG);
}

UK_TEST(fdt, a_tree_may_claim_more_than_may_be_read_but_not_use_it)
{
	struct uk_fdt fdt;
	uint32_t extent;

	small_tree();
	put32_at(H_TOTALSIZE, UK_FDT_MAXLEN + 1);
	UK_EXPECT_EQ(uk_fdt_extent(tree.blob, UK_FDT_MAXLEN, &extent), 0);
	UK_EXPECT_EQ(extent, tree.len);
	UK_EXPECT_EQ(uk_fdt_open(&fdt, tree.blob, tree.len), 0);
	UK_EXPECT_EQ(fdt.used, tree.len);
	put32_at(H_TOTALSIZE, UINT32_MAX);
	UK_EXPECT_EQ(open_tree(), 0);

	/* A block that is inside the claim, and beyond what may be read. */
	put32_at(H_SIZE_STRUCT, UK_FDT_MAXLEN);
	UK_EXPECT_EQ(open_tree(), -E2BIG);
	small_tree();
	put32_at(H_TOTALSIZE, UK_FDT_MAXLEN + 16);
	put32_at(H_OFF_RSVMAP, UK_FDT_MAXLEN);
	UK_EXPECT_EQ(open_tree(), -E2BIG);
}

UK_TEST(fdt, a_reservation_block_that_is_last_ends_where_reading_must)
{
	uint32_t extent;

	small_tree();
	put32_at(H_OFF_RSVMAP, UK_ALIGN_UP(tree.len, 8));
	put32_at(H_TOTALSIZE, UK_FDT_MAXLEN / 2);
	UK_EXPECT_EQ(uk_fdt_extent(tree.blob, UK_FDT_MAXLEN, &extent), 0);
	UK_EXPECT_EQ(extent, UK_FDT_MAXLEN / 2);
	put32_at(H_TOTALSIZE, UK_FDT_MAXLEN + 1);
	UK_EXPECT_EQ(uk_fdt_extent(tree.blob, UK_FDT_MAXLEN, &extent), 0);
	UK_EXPECT_EQ(extent, UK_FDT_MAXLEN);
}

UK_TEST(fdt, blocks_outside_of_the_tree_are_refused)
{
	static const uint32_t fields[] = {
		H_OFF_STRUCT, H_OFF_STRINGS, H_OFF_RSVMAP, H_SIZE_STRINGS,
		H_SIZE_STRUCT,
	};
	/* Past the end, sums that wrap, and inside the header. */
	static const uint32_t bad[] = { 0xfffffff8, 0x80000000, 0x100000 };

	for (unsigned int f = 0; f < 5; f++) {
		for (unsigned int b = 0; b < 3; b++) {
			small_tree();
			put32_at(fields[f], bad[b]);
			UK_EXPECT_EQ(open_tree(), -ERANGE);
		}
	}
	for (unsigned int f = 0; f < 3; f++) {
		small_tree();
		put32_at(fields[f], 32);
		UK_EXPECT_EQ(open_tree(), -ERANGE);
	}
}

UK_TEST(fdt, misaligned_blocks_are_refused)
{
	small_tree();
	put32_at(H_OFF_STRUCT, tree.structs + 2);
	put32_at(H_SIZE_STRUCT, 4);
	UK_EXPECT_EQ(open_tree(), -ERANGE);

	small_tree();
	put32_at(H_OFF_RSVMAP, TREE_RSV + 4);
	UK_EXPECT_EQ(open_tree(), -ERANGE);
}

UK_TEST(fdt, a_reservation_block_without_end_is_refused)
{
	tree_begin();
	node("");
	node_end();
	tree_end();
	/* Behind all else, and no entry of zeros up to the end of the tree. */
	for (uint32_t i = tree.len & ~7u; i < 1024; i++)
		tree.blob[i] = 0xff;
	put32_at(H_OFF_RSVMAP, (tree.len + 7) & ~7u);
	put32_at(H_TOTALSIZE, 1024);
	put32_at(H_OFF_STRINGS, 40);
	put32_at(H_SIZE_STRINGS, 0);
	tree.len = 1024;
	UK_EXPECT_EQ(open_tree(), -ERANGE);

	/* With one it is fine, and part of the tree. */
	for (uint32_t i = 1024 - 32; i < 1024; i++)
		tree.blob[i] = 0;
	UK_EXPECT_EQ(open_tree(), 0);
}

UK_TEST(fdt, a_string_block_without_nul_at_its_end_is_refused)
{
	small_tree();
	put32_at(H_SIZE_STRINGS, 1);
	UK_EXPECT_EQ(open_tree(), -EBADMSG);
}

UK_TEST(fdt, a_name_outside_of_the_string_block_is_refused)
{
	small_tree();
	/* Token, "" of the root, token, length, name. */
	put32_at(tree.structs + 16, tree.strings_len);
	UK_EXPECT_EQ(read_all(), -EBADMSG);
	put32_at(tree.structs + 16, tree.strings_len - 1);
	UK_EXPECT_EQ(read_all(), UK_FDT_END);
	put32_at(tree.structs + 16, 0xffffffff);
	UK_EXPECT_EQ(read_all(), -EBADMSG);
}

UK_TEST(fdt, a_value_longer_than_the_block_is_refused)
{
	static const uint32_t bad[] = {
		0x1000, 0x7fffffff, 0xfffffffc, 0xffffffff,
	};

	for (unsigned int b = 0; b < 4; b++) {
		small_tree();
		put32_at(tree.structs + 12, bad[b]);
		UK_EXPECT_EQ(read_all(), -EBADMSG);
	}
}

UK_TEST(fdt, a_block_cut_off_anywhere_is_refused)
{
	small_tree();
	const uint32_t len = uk_fdt_u32(tree.blob + H_SIZE_STRUCT);

	for (uint32_t cut = 0; cut < len; cut++) {
		put32_at(H_SIZE_STRUCT, cut);
		UK_EXPECT_EQ(read_all(), -EBADMSG);
	}
	put32_at(H_SIZE_STRUCT, len);
	UK_EXPECT_EQ(read_all(), UK_FDT_END);
}

UK_TEST(fdt, unknown_tokens_are_refused)
{
	small_tree();
	put32_at(tree.structs, 5);
	UK_EXPECT_EQ(read_all(), -EBADMSG);
	put32_at(tree.structs, 0);
	UK_EXPECT_EQ(read_all(), -EBADMSG);
}

UK_TEST(fdt, nop_tokens_are_skipped)
{
	tree_begin();
	put32(TOK_NOP);
	node("");
	put32(TOK_NOP);
	put32(TOK_NOP);
	prop_str("a", "x");
	node_end();
	put32(TOK_NOP);
	tree_end();
	UK_EXPECT_EQ(read_all(), UK_FDT_END);
}

UK_TEST(fdt, a_property_outside_of_a_node_is_refused)
{
	tree_begin();
	prop_str("a", "x");
	node("");
	node_end();
	tree_end();
	UK_EXPECT_EQ(read_all(), -EBADMSG);
}

UK_TEST(fdt, a_property_behind_a_subnode_is_refused)
{
	tree_begin();
	node("");
	node("child");
	node_end();
	prop_str("a", "x");
	node_end();
	tree_end();
	UK_EXPECT_EQ(read_all(), -EBADMSG);
}

UK_TEST(fdt, no_root_and_two_roots_are_refused)
{
	tree_begin();
	tree_end();
	UK_EXPECT_EQ(read_all(), -EBADMSG);

	tree_begin();
	node("");
	node_end();
	node("");
	node_end();
	tree_end();
	UK_EXPECT_EQ(read_all(), -EBADMSG);
}

UK_TEST(fdt, nodes_that_do_not_match_are_refused)
{
	tree_begin();
	node("");
	node("child");
	node_end();
	tree_end();
	UK_EXPECT_EQ(read_all(), -EBADMSG);

	tree_begin();
	node("");
	node_end();
	node_end();
	tree_end();
	UK_EXPECT_EQ(read_all(), -EBADMSG);
}

UK_TEST(fdt, nodes_nested_too_deep_are_refused)
{
	tree_begin();
	for (unsigned int i = 0; i < UK_FDT_DEPTH; i++)
		node("n");
	for (unsigned int i = 0; i < UK_FDT_DEPTH; i++)
		node_end();
	tree_end();
	UK_EXPECT_EQ(read_all(), UK_FDT_END);

	tree_begin();
	for (unsigned int i = 0; i <= UK_FDT_DEPTH; i++)
		node("n");
	for (unsigned int i = 0; i <= UK_FDT_DEPTH; i++)
		node_end();
	tree_end();
	UK_EXPECT_EQ(read_all(), -ELOOP);
}

UK_TEST(fdt, a_node_name_without_nul_is_refused)
{
	tree_begin();
	node("");
	node("abc");
	for (uint32_t off = tree.len - 4; off < TREE_MAX; off++)
		tree.blob[off] = 'a';
	put32_at(H_SIZE_STRINGS, 0);
	tree_finish();
	UK_EXPECT_EQ(read_all(), -EBADMSG);
}

UK_TEST(fdt, each_error_is_said_in_words)
{
	static const int errors[] = {
		EFAULT, EINVAL, ENOTSUP, E2BIG, ERANGE, ELOOP, EBADMSG,
	};

	for (unsigned int i = 0; i < 7; i++) {
		const char *text = uk_fdt_strerror(-errors[i]);

		UK_EXPECT(text[0] != 'u' || text[2] != 'k');
		for (unsigned int j = 0; j < i; j++)
			UK_EXPECT(text != uk_fdt_strerror(-errors[j]));
	}
}
