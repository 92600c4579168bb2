/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

#include <uk/compiler.h>

struct uk_bootinfo;

/*
 * CPUs that wait in a spin table (Devicetree Specification v0.4, 3.8.1, and
 * the arm64 boot protocol): firmware has them look at a word of memory, the
 * release address, and go where it points as soon as it is not 0.
 *
 * Context: boot or thread, one CPU at a time; the linear map is there (stage
 * MEM).
 */

/*
 * Let the CPU whose release address (cpu-release-addr of its node in the
 * device tree) is @release go to the physical address @entry: MMU off,
 * interrupts masked. There is no way back, and no way to see from here that
 * it went. @bi: what memory is whose; firmware's memory is reserved.
 *
 * Returns 0, or
 *   -EINVAL  @release is not a multiple of 8, or @entry not of 4, or 0
 *   -EBUSY   the memory at @release is ours: firmware has not reserved it
 *   -ERANGE, -EEXIST, -ENOMEM  it cannot be mapped, see <uk/paging.h>
 *   -EALREADY  the CPU has been released: the word there is not 0
 */
UK_MUST_USE
int uk_spintable_release(const struct uk_bootinfo *bi, uint64_t release,
			 uint64_t entry);
