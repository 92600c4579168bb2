/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/*
 * What C11 has no word for, spelled once for gcc and clang.
 *
 * Usable from C and, where a macro makes sense there, from assembler.
 */

#ifndef __ASSEMBLER__

/* The caller must look at the result. */
#define UK_MUST_USE		__attribute__((warn_unused_result))

/* The function does not return. */
#define UK_NORETURN		__attribute__((noreturn))

/* Argument @fmt is a printf format for the arguments from @first on. */
#define UK_PRINTF(fmt, first)	__attribute__((format(printf, fmt, first)))

/* Keep an object that only the linker script or assembler knows. */
#define UK_USED			__attribute__((used))

/* Keep such objects in the order of the link, whatever optimises the image. */
#if __has_attribute(no_reorder)
#define UK_IN_ORDER		__attribute__((no_reorder))
#else
#define UK_IN_ORDER
#endif

/* No warning when a parameter, variable or static function is not used. */
#define UK_UNUSED		__attribute__((unused))

#define UK_PACKED		__attribute__((packed))
#define UK_ALIGNED(bytes)	__attribute__((aligned(bytes)))
#define UK_SECTION(name)	__attribute__((section(name)))
#define UK_NOINLINE		__attribute__((noinline))
#define UK_ALWAYS_INLINE	inline __attribute__((always_inline))
#define UK_COLD			__attribute__((cold))

#define UK_LIKELY(cond)		__builtin_expect(!!(cond), 1)
#define UK_UNLIKELY(cond)	__builtin_expect(!!(cond), 0)

/* Memory is as the program text says here; no instruction is emitted. */
#define uk_compiler_barrier()	__asm__ volatile("" ::: "memory")

/* One access of the object's own width: not torn, repeated or left out. */
#define UK_READ_ONCE(obj)	(*(const volatile __typeof__(obj) *)&(obj))
#define UK_WRITE_ONCE(obj, val)	(*(volatile __typeof__(obj) *)&(obj) = (val))

#endif /* !__ASSEMBLER__ */
