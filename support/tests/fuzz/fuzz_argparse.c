/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Any command line splits into words that lie in it, or is refused.
 * The first byte of the input says how many words there is room for.
 */
#include <uk/argparse.h>
#include <uk/errno.h>
#include <uk/string.h>

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *argv[17];
	char line[4096];
	unsigned int max;
	int n;

	if (size < 1 || size > sizeof(line))
		return 0;

	max = data[0] % 17;
	memcpy(line, data + 1, size - 1);
	line[size - 1] = '\0';

	n = uk_argparse(line, argv, max);
	FUZZ_EXPECT(n >= 0 || n == -EINVAL || n == -E2BIG);
	FUZZ_EXPECT(n <= (int)max);
	if (n < 0) {
		FUZZ_EXPECT(argv[0] >= line && argv[0] < line + size);
		return 0;
	}
	FUZZ_EXPECT(!argv[n]);
	for (int i = 0; i < n; i++) {
		FUZZ_EXPECT(argv[i] >= line && argv[i] < line + size);
		FUZZ_EXPECT(uk_strlen(argv[i]) < size);
	}
	return 0;
}
