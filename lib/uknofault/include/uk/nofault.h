/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/compiler.h>

/*
 * Access to memory at an address that may be bad: one that a program handed
 * in, or that was found in damaged memory. A fault ends the access, and its
 * result tells how far it came; nobody else hears of it.
 *
 * Whoever puts memory there on demand, by a handler of ukarch_trap_page_fault
 * (<uk/arch/trap.h>) with a priority up to 6, is asked first, unless
 * UK_NOFAULT_NOPAGING forbids. The memory is ordinary memory: registers of
 * devices are accessed by <uk/arch/mmio.h>.
 *
 * That an access is possible does not mean it will be a moment later, when
 * another thread has unmapped the page.
 *
 * Context: threads, interrupt and trap handlers, with or without locks; but
 * for the NMI's, the double fault's and the machine check's. Where the caller
 * may not wait or take the locks of who maps pages: UK_NOFAULT_NOPAGING.
 */

/* What is not mapped at the time of the access is bad. */
#define UK_NOFAULT_NOPAGING	0x1u

/* Behind uk_nofault_memcpy(): how many bytes are left at the end. */
size_t uk_nofault_copy_(void *dst, const void *src, size_t len,
			unsigned int flags);

/*
 * Copy @len bytes from @src to @dst, which do not overlap; either may be bad.
 * @flags: UK_NOFAULT_…, or 0.
 *
 * Returns how many bytes were copied, from the first one on: exactly those in
 * front of the first bad one. What @dst holds behind them is not told.
 */
UK_MUST_USE static inline size_t uk_nofault_memcpy(void *dst, const void *src,
						   size_t len,
						   unsigned int flags)
{
	return len - uk_nofault_copy_(dst, src, len, flags);
}

/*
 * How many of the @len bytes from @vaddr on can be read (and, the other one,
 * written), from the first one on. Nothing is changed.
 */
UK_MUST_USE size_t uk_nofault_probe_r(uintptr_t vaddr, size_t len,
				      unsigned int flags);
UK_MUST_USE size_t uk_nofault_probe_rw(uintptr_t vaddr, size_t len,
				       unsigned int flags);

/* Behind the two that follow: 8 bytes, a register's. */
struct uk_nofault_word {
	uint64_t val;
	uint64_t bad;		/* it could not be read */
};

struct uk_nofault_word uk_nofault_load64_(const void *ptr);
/* Returns 0: it could not be written; else anything. */
uint64_t uk_nofault_store64_(void *ptr, uint64_t val);

#define UK_NOFAULT_IS_WORD_(len)					\
	(__builtin_constant_p(len) && (len) == sizeof(uint64_t))

/*
 * Copy @len bytes to @dst, which is the core's memory and good, and (the other
 * one) from @src, which is. All bytes, or false: not all are good, and what
 * @dst holds then is not told. Shorter than uk_nofault_memcpy() where the
 * compiler sees that it is 8 bytes.
 */
UK_MUST_USE static inline bool uk_nofault_get(void *dst, const void *src,
					      size_t len)
{
	struct uk_nofault_word word;

	if (!UK_NOFAULT_IS_WORD_(len))
		return !uk_nofault_copy_(dst, src, len, 0);
	word = uk_nofault_load64_(src);
	if (UK_UNLIKELY(word.bad))
		return false;
	__builtin_memcpy(dst, &word.val, sizeof(word.val));
	return true;
}

UK_MUST_USE static inline bool uk_nofault_put(void *dst, const void *src,
					      size_t len)
{
	uint64_t word;

	if (!UK_NOFAULT_IS_WORD_(len))
		return !uk_nofault_copy_(dst, src, len, 0);
	__builtin_memcpy(&word, src, sizeof(word));
	return uk_nofault_store64_(dst, word);
}

/*
 * Read *@ptr into @var, an object of the same type. False: it cannot be read,
 * and what @var is then is not told.
 */
#define uk_nofault_try_read(var, ptr)					\
	uk_nofault_get(&(var), (1 ? (ptr) : &(var)), sizeof(var))

/* Behind the next: what is there, or, if it cannot be accessed, BAD_WORD_. */
#define UK_NOFAULT_BAD_WORD_	UINT64_MAX
uint64_t uk_nofault_load32_(const uint32_t *ptr, unsigned int flags);

/*
 * Read the 32-bit word at @ptr, as a whole, into *@val: as a load with acquire
 * is. @ptr is a multiple of 4. False: it cannot be read, and *@val is as it
 * was.
 */
UK_MUST_USE static inline bool uk_nofault_load32(uint32_t *val,
						 const uint32_t *ptr,
						 unsigned int flags)
{
	const uint64_t got = uk_nofault_load32_(ptr, flags);

	if (UK_UNLIKELY(got == UK_NOFAULT_BAD_WORD_))
		return false;
	*val = (uint32_t)got;
	return true;
}

/*
 * If the word at @ptr, a multiple of 4, is *@was, make it @val, as one; *@was
 * becomes what was there. Sequentially consistent, and a full fence where it
 * writes. False: it cannot be accessed, and *@was is as it was.
 */
UK_MUST_USE bool uk_nofault_cas32(uint32_t *ptr, uint32_t *was, uint32_t val,
				  unsigned int flags);
