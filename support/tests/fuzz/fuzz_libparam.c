/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Parameters of every type, from any command line. Whatever it says, the
 * variables keep to their types' ranges and what lies beside them stays.
 */
#include <uk/argparse.h>
#include <uk/libparam.h>
#include <uk/libparam_parse.h>
#include <uk/string.h>

#include "fuzz.h"

#define GUARD	UINT64_C(0x5aa5c33c5aa5c33c)
#define NWORDS	64

static struct {
	uint64_t guard0;
	int8_t s8;
	uint8_t u8;
	uint16_t u16;
	uint64_t guard1;
	int32_t s32;
	bool flag;
	uint64_t guard2;
	uint64_t u64;
	int64_t s64;
	const char *str;
	uint32_t array[4];
	uint64_t guard3;
	uint32_t count;
} v;

UK_LIBPARAM(s8, s8, &v.s8, "a signed byte");
UK_LIBPARAM(u8, u8, &v.u8, "a byte");
UK_LIBPARAM(u16, u16, &v.u16, "two bytes");
UK_LIBPARAM(s32, s32, &v.s32, "four bytes");
UK_LIBPARAM(u64, u64, &v.u64, "eight bytes");
UK_LIBPARAM(s64, s64, &v.s64, "eight signed bytes");
UK_LIBPARAM(flag, bool, &v.flag, "yes or no");
UK_LIBPARAM(str, str, &v.str, "text");
UK_LIBPARAM_ARRAY(array, u32, v.array, &v.count, "numbers");
UK_LIBPARAM_ALIAS(number, u64, u64, &v.u64);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct uk_libparam_table table = uk_libparam_image_table();
	char *argv[NWORDS + 1];
	char line[4096];
	int argc, before;

	if (size >= sizeof(line))
		return 0;

	memset(&v, 0, sizeof(v));
	v.guard0 = v.guard1 = v.guard2 = v.guard3 = GUARD;
	memcpy(line, data, size);
	line[size] = '\0';
	argc = uk_argparse(line, argv, NWORDS);
	if (argc < 1)
		return 0;

	before = argc;
	if (uk_libparam_parse(&table, &argc, argv) == UK_LIBPARAM_OK) {
		FUZZ_EXPECT(argc >= 1 && argc <= before && !argv[argc]);
		for (int i = 0; i < argc; i++)
			FUZZ_EXPECT(argv[i] >= line &&
				    argv[i] <= line + size);
		FUZZ_EXPECT(!v.str ||
			    (v.str >= line && v.str <= line + size));
	}
	FUZZ_EXPECT(v.count <= 4);
	FUZZ_EXPECT(*(const uint8_t *)&v.flag <= 1);
	FUZZ_EXPECT(v.guard0 == GUARD && v.guard1 == GUARD &&
		    v.guard2 == GUARD && v.guard3 == GUARD);
	return 0;
}
