/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/*
 * Small macros every level uses. Those that evaluate an argument twice say
 * so; all others evaluate each argument once.
 */

#define UK_STRINGIFY_(x)	#x
#define UK_STRINGIFY(x)		UK_STRINGIFY_(x)
#define UK_CONCAT_(a, b)	a##b
#define UK_CONCAT(a, b)		UK_CONCAT_(a, b)

/* @align is a power of two; both arguments have the type of the result. */
#define UK_ALIGN_UP(val, align)						\
	(((val) + ((__typeof__(val))(align) - 1)) &			\
	 ~((__typeof__(val))(align) - 1))
#define UK_ALIGN_DOWN(val, align)  ((val) & ~((__typeof__(val))(align) - 1))
#define UK_IS_ALIGNED(val, align)					\
	(((val) & ((__typeof__(val))(align) - 1)) == 0)

/* Evaluates @x twice. */
#define UK_IS_POW2(x)		((x) != 0 && ((x) & ((x) - 1)) == 0)

/* Rounds up; @num + @den - 1 must not overflow. */
#define UK_DIV_ROUND_UP(num, den)  (((num) + (den) - 1) / (den))

#define UK_MIN(a, b)							\
	__extension__ ({						\
		const __typeof__(a) uk_a_ = (a);			\
		const __typeof__(b) uk_b_ = (b);			\
		uk_a_ < uk_b_ ? uk_a_ : uk_b_;				\
	})
#define UK_MAX(a, b)							\
	__extension__ ({						\
		const __typeof__(a) uk_a_ = (a);			\
		const __typeof__(b) uk_b_ = (b);			\
		uk_a_ > uk_b_ ? uk_a_ : uk_b_;				\
	})

/*
 * Bytes that two CPUs should not write at once: a cache line of every x86_64
 * and of nearly every arm64 CPU. It is for speed; nothing may be wrong where a
 * line is longer.
 */
#define UK_CACHELINE		64

#define UK_ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

/* The structure of type @type whose member @member is at @ptr. */
#define UK_CONTAINER_OF(ptr, type, member)				\
	((type *)(void *)((char *)(ptr) - __builtin_offsetof(type, member)))
