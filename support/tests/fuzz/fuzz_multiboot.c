/* SPDX-License-Identifier: BSD-3-Clause */
/* Any bytes as a multiboot information structure. */
#include "fuzz_loader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_loader(kvm_read_multiboot, data, size);
	return 0;
}
