/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/io.h>

#include <stdint.h>

#include <uk/abi/uio.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/string.h>
#include <uk/test.h>

/* Never mapped: the first page. */
#define BAD	((void *)16)

UK_TEST(ukfile, io_of_one_piece_ends_with_it)
{
	char mem[8] = "........";
	struct uk_io io;

	uk_io_buf(&io, mem, 6);
	UK_EXPECT_EQ(io.left, 6);
	UK_EXPECT_EQ(uk_io_put(&io, "abcd", 4), 4);
	UK_EXPECT_EQ(uk_io_put(&io, "efgh", 4), 2);
	UK_EXPECT_EQ(io.left, 0);
	UK_EXPECT_EQ(uk_io_put(&io, "ijkl", 4), 0);
	UK_EXPECT_MEM_EQ(mem, "abcdef..", sizeof(mem));
}

UK_TEST(ukfile, io_goes_through_pieces_and_past_empty_ones)
{
	char a[3] = "aaa", b[1] = "b", c[4] = "cccc", got[8];
	const struct uk_abi_iovec iov[] = {
		{ NULL, 0 }, { a, 3 }, { BAD, 0 }, { b, 1 }, { c, 4 },
		{ NULL, 0 },
	};
	struct uk_io io;

	UK_EXPECT_EQ(uk_io_vec(&io, iov, UK_ARRAY_SIZE(iov)), 0);
	UK_EXPECT_EQ(io.left, 8);
	UK_EXPECT_EQ(uk_io_take(&io, got, 2), 2);
	UK_EXPECT_EQ(uk_io_take(&io, got + 2, 100), 6);
	UK_EXPECT_MEM_EQ(got, "aaabcccc", sizeof(got));
	UK_EXPECT_EQ(uk_io_vec(&io, iov, UK_ARRAY_SIZE(iov)), 0);
	UK_EXPECT_EQ(uk_io_put(&io, "12345678", 8), 8);
	UK_EXPECT_MEM_EQ(a, "123", 3);
	UK_EXPECT_MEM_EQ(b, "4", 1);
	UK_EXPECT_MEM_EQ(c, "5678", 4);
}

UK_TEST(ukfile, io_with_more_than_the_most_pieces_is_refused)
{
	static struct uk_abi_iovec iov[UK_ABI_IOV_MAX + 1];
	struct uk_io io;

	UK_EXPECT_EQ(uk_io_vec(&io, iov, UK_ABI_IOV_MAX), 0);
	UK_EXPECT_EQ(io.left, 0);
	UK_EXPECT_EQ(uk_io_vec(&io, iov, UK_ABI_IOV_MAX + 1), -EINVAL);
}

UK_TEST(ukfile, io_that_no_signed_size_holds_is_refused)
{
	char mem[1];
	struct uk_abi_iovec iov[] = {
		{ mem, (size_t)PTRDIFF_MAX }, { mem, 1 },
	};
	struct uk_io io;

	UK_EXPECT_EQ(uk_io_vec(&io, iov, 2), -EINVAL);
	UK_EXPECT_EQ(uk_io_vec(&io, iov, 1), 0);
	UK_EXPECT_EQ(io.left, UK_ABI_RW_MAX);
	iov[0].iov_len = ~0ul;
	UK_EXPECT_EQ(uk_io_vec(&io, iov, 1), -EINVAL);
	uk_io_buf(&io, mem, ~(size_t)0);
	UK_EXPECT_EQ(io.left, UK_ABI_RW_MAX);
}

UK_TEST(ukfile, a_list_of_pieces_that_cannot_be_read_is_a_fault)
{
	struct uk_io io;

	UK_EXPECT_EQ(uk_io_vec(&io, BAD, 1), -EFAULT);
	UK_EXPECT_EQ(uk_io_vec(&io, BAD, 0), 0);
}

UK_TEST(ukfile, bad_memory_is_a_fault_only_if_nothing_was_moved)
{
	char mem[4], got[8] = "........";
	const struct uk_abi_iovec iov[] = { { mem, 4 }, { BAD, 4 } };
	struct uk_io io;

	UK_EXPECT_EQ(uk_io_vec(&io, iov, 2), 0);
	UK_EXPECT_EQ(uk_io_put(&io, "12345678", 8), 4);
	UK_EXPECT_EQ(io.left, 4);
	UK_EXPECT_EQ(uk_io_put(&io, "5678", 4), -EFAULT);
	UK_EXPECT_MEM_EQ(mem, "1234", 4);
	uk_io_buf(&io, BAD, 8);
	UK_EXPECT_EQ(uk_io_take(&io, got, 8), -EFAULT);
	UK_EXPECT_EQ(uk_io_take(&io, got, 0), 0);
	UK_EXPECT_EQ(io.left, 8);
	UK_EXPECT_MEM_EQ(got, "........", sizeof(got));
}

UK_TEST(ukfile, a_number_is_moved_whole_from_any_pieces)
{
	const uint64_t num = UINT64_C(0x0123456789abcdef);
	uint64_t mem[2] = { 0 }, got = 0;
	struct uk_abi_iovec iov[] = {
		{ mem, 3 }, { (char *)mem + 3, 13 },
	};
	struct uk_io io;

	uk_io_buf(&io, mem, 16);
	UK_EXPECT(uk_io_put_u64(&io, num));
	UK_EXPECT_EQ(mem[0], num);
	UK_EXPECT(uk_io_take_u64(&io, &got));
	UK_EXPECT_EQ(got, num);

	mem[0] = got = 0;
	UK_EXPECT_EQ(uk_io_vec(&io, iov, 2), 0);
	UK_EXPECT(uk_io_put_u64(&io, num));
	UK_EXPECT_EQ(mem[0], num);
	UK_EXPECT_EQ(mem[1], 0);
	UK_EXPECT_EQ(uk_io_vec(&io, iov, 2), 0);
	UK_EXPECT(uk_io_take_u64(&io, &got));
	UK_EXPECT_EQ(got, num);

	iov[1].iov_base = BAD;
	UK_EXPECT_EQ(uk_io_vec(&io, iov, 2), 0);
	UK_EXPECT(!uk_io_put_u64(&io, num));
	UK_EXPECT_EQ(uk_io_vec(&io, iov, 2), 0);
	UK_EXPECT(!uk_io_take_u64(&io, &got));
	uk_io_buf(&io, BAD, 8);
	UK_EXPECT(!uk_io_put_u64(&io, num));
	UK_EXPECT(!uk_io_take_u64(&io, &got));
	UK_EXPECT_EQ(got, num);
}

UK_TEST(ukfile, a_list_that_changes_moves_no_more_than_it_said_first)
{
	char mem[16] = "................";
	struct uk_abi_iovec iov[] = { { mem, 4 }, { mem + 4, 4 } };
	struct uk_io io;

	UK_EXPECT_EQ(uk_io_vec(&io, iov, 2), 0);
	iov[0].iov_len = 16;
	UK_EXPECT_EQ(uk_io_put(&io, "0123456789abcdef", 16), 8);
	UK_EXPECT_MEM_EQ(mem, "01234567........", sizeof(mem));

	iov[0].iov_len = 4;
	UK_EXPECT_EQ(uk_io_vec(&io, iov, 2), 0);
	iov[1].iov_len = 1;
	UK_EXPECT_EQ(uk_io_put(&io, "ABCDEFGH", 8), 5);
	UK_EXPECT_EQ(uk_io_put(&io, "FGH", 3), -EFAULT);
	UK_EXPECT_MEM_EQ(mem, "ABCDE567........", sizeof(mem));
}
