/* SPDX-License-Identifier: BSD-3-Clause */
/* Any bytes as Linux boot_params. */
#include "fuzz_loader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_loader(kvm_read_linux64, data, size);
	return 0;
}
