/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The program's memory, and <uk/nofault.h> on it. Bytes are moved one by one
 * by code that AddressSanitizer does not see; all other code of the core that
 * touches this memory is an error. The core's own side of a copy is checked as
 * any access is.
 */
#include "calls.h"

#include <uk/nofault.h>

#include "../fuzz.h"

void calls_host_map(uintptr_t at, size_t len);
void __asan_poison_memory_region(const volatile void *addr, size_t len);

extern char __executable_start[], _end[];

#define UNSEEN	__attribute__((no_sanitize("address", "undefined")))

/* Of ASan's heap and of the host's stack and libraries. */
#define HOST_LOW	UINT64_C(0x500000000000)
#define HOST_HIGH	UINT64_C(0x1000000000000)

void (*mem_written)(uint64_t addr, size_t len);

void mem_init(void)
{
	/* A page more at both ends, which are never there. */
	calls_host_map(MEM_BASE - MEM_PAGE, MEM_LEN + 2 * MEM_PAGE);
	__asan_poison_memory_region((void *)(MEM_BASE - MEM_PAGE),
				    MEM_LEN + 2 * MEM_PAGE);
}

bool mem_is_core(uint64_t addr)
{
	return (addr >= (uintptr_t)__executable_start - (16u << 20) &&
		addr < (uintptr_t)_end + (1u << 30)) ||
	       (addr >= HOST_LOW && addr < HOST_HIGH);
}

UNSEEN void mem_clear(void)
{
	for (size_t i = 0; i < MEM_LEN; i += 8)
		*(volatile uint64_t *)(MEM_BASE + i) = 0;
}

UNSEEN void mem_put(size_t off, const void *data, size_t len)
{
	for (size_t i = 0; i < len; i++)
		((volatile uint8_t *)MEM_BASE)[off + i] =
			((const uint8_t *)data)[i];
}

UNSEEN void mem_get(void *data, size_t off, size_t len)
{
	for (size_t i = 0; i < len; i++)
		((uint8_t *)data)[i] = ((volatile uint8_t *)MEM_BASE)[off + i];
}

/* Bytes of @len at @addr that can be accessed, from the first on. */
static size_t good(uint64_t addr, size_t len, bool write)
{
	size_t n = 0;

	while (n < len) {
		const uint64_t page = (addr + n - MEM_BASE) / MEM_PAGE;
		const bool there = addr + n >= MEM_BASE &&
				   page < MEM_NPAGES && page != MEM_HOLE &&
				   page != MEM_HOLE2;
		const bool ro = page >= MEM_RO && page < MEM_HOLE2;

		if (!there || (write && ro))
			break;
		n += MEM_PAGE - (addr + n) % MEM_PAGE;
	}
	return n < len ? n : len;
}

static size_t allowed(const void *ptr, size_t len, bool write)
{
	return mem_is_core((uintptr_t)ptr) ? len :
	       good((uintptr_t)ptr, len, write);
}

size_t uk_nofault_copy_(void *dst, const void *src, size_t len,
			unsigned int flags UK_UNUSED)
{
	const size_t from = allowed(src, len, false);
	const size_t to = allowed(dst, len, true);
	const size_t n = from < to ? from : to;
	const bool in = mem_is_core((uintptr_t)dst);
	const bool out = mem_is_core((uintptr_t)src);

	/* One side is the program's, and of the core there is none for it. */
	if (in && out)
		return len;
	if (in) {
		for (size_t i = 0; i < n; i++) {
			uint8_t byte;

			mem_get(&byte, (uintptr_t)src - MEM_BASE + i, 1);
			((uint8_t *)dst)[i] = byte;
		}
	} else {
		if (n > 0)
			mem_written((uintptr_t)dst, n);
		for (size_t i = 0; i < n; i++) {
			uint8_t byte;

			if (out)
				byte = ((const uint8_t *)src)[i];
			else
				mem_get(&byte, (uintptr_t)src - MEM_BASE + i,
					1);
			mem_put((uintptr_t)dst - MEM_BASE + i, &byte, 1);
		}
	}
	return len - n;
}

size_t uk_nofault_probe_r(uintptr_t vaddr, size_t len,
			  unsigned int flags UK_UNUSED)
{
	return good(vaddr, len, false);
}

size_t uk_nofault_probe_rw(uintptr_t vaddr, size_t len,
			   unsigned int flags UK_UNUSED)
{
	return good(vaddr, len, true);
}

struct uk_nofault_word uk_nofault_load64_(const void *ptr)
{
	struct uk_nofault_word word = { .val = 0 };

	word.bad = uk_nofault_copy_(&word.val, ptr, sizeof(word.val), 0);
	return word;
}

uint64_t uk_nofault_store64_(void *ptr, uint64_t val)
{
	return !uk_nofault_copy_(ptr, &val, sizeof(val), 0);
}

uint64_t uk_nofault_load32_(const uint32_t *ptr, unsigned int flags UK_UNUSED)
{
	uint32_t val;

	FUZZ_EXPECT((uintptr_t)ptr % 4 == 0);
	if (good((uintptr_t)ptr, 4, false) < 4)
		return UK_NOFAULT_BAD_WORD_;
	mem_get(&val, (uintptr_t)ptr - MEM_BASE, 4);
	return val;
}

bool uk_nofault_cas32(uint32_t *ptr, uint32_t *was, uint32_t val,
		      unsigned int flags UK_UNUSED)
{
	uint32_t now;

	FUZZ_EXPECT((uintptr_t)ptr % 4 == 0);
	if (good((uintptr_t)ptr, 4, true) < 4)
		return false;
	mem_get(&now, (uintptr_t)ptr - MEM_BASE, 4);
	if (now == *was) {
		mem_written((uintptr_t)ptr, 4);
		mem_put((uintptr_t)ptr - MEM_BASE, &val, 4);
	}
	*was = now;
	return true;
}
