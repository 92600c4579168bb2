/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/compiler.h>
#include <uk/config.h>
#include <uk/essentials.h>
#include <uk/init.h>

/*
 * Parameters of libraries on the command line.
 *
 *	static uint32_t timeout_ms = 500;
 *	UK_LIBPARAM(timeout_ms, u32, &timeout_ms, "Time to wait for an answer");
 *
 * in libnetdev makes "netdev.timeout_ms=250" set the variable before the first
 * init entry runs. The variable's first value is the default that the
 * parameter `help` shows. Types:
 *
 *   s8 u8 s16 u16 s32 u32 s64 u64   decimal, 0x hexadecimal, 0 octal, 0b binary
 *   bool                            on yes true y 1, off no false n 0
 *   str                             const char *, lives forever
 *
 * Like <uk/init.h> this is a table in the image, so a declaration costs no
 * dependency; without lib/uklibparam (CONFIG_LIBUKLIBPARAM) it costs nothing
 * at all, and the variables keep their values.
 *
 * The prefix is the name of the library without "lib"; the library's
 * Makefile.uk may set another: CFLAGS -DUK_LIBPARAM_PREFIX=vfs.
 */

enum uk_libparam_type {
	UK_LIBPARAM_s8,
	UK_LIBPARAM_u8,
	UK_LIBPARAM_s16,
	UK_LIBPARAM_u16,
	UK_LIBPARAM_s32,
	UK_LIBPARAM_u32,
	UK_LIBPARAM_s64,
	UK_LIBPARAM_u64,
	UK_LIBPARAM_bool,
	UK_LIBPARAM_str,
	UK_LIBPARAM_NTYPES
};

/* One entry of the table. Declare it with the macros below only. */
struct uk_libparam {
	const char *prefix;	/* may begin with "lib", which is left out */
	const char *name;
	const char *help;	/* an alias: the name it stands for */
	void *var;		/* the variable, or the first array element */
	uint32_t *count;	/* array: elements in use; else NULL */
	uint16_t max;		/* array: elements there are */
	uint8_t type;		/* enum uk_libparam_type */
	uint8_t alias;		/* 1: another name of a parameter */
	uint32_t reserved;
};

_Static_assert(sizeof(struct uk_libparam) == 48, "array in the image");

/* @var points to a variable of the type @type. */
#define UK_LIBPARAM(name_, type_, var_, help_)				\
	_Static_assert(__builtin_types_compatible_p(			\
			       __typeof__(*(var_)), UK_LIBPARAM_C_##type_), \
		       "parameter " #name_ ": the variable is no " #type_); \
	UK_LIBPARAM_ENTRY_(uk_libparam_##name_, #name_, var_, 0, 0,	\
			   UK_LIBPARAM_##type_, 0, help_)

/* Another name @alias for the parameter @name of @var. */
#define UK_LIBPARAM_ALIAS(alias_, name_, type_, var_)			\
	_Static_assert(__builtin_types_compatible_p(			\
			       __typeof__(*(var_)), UK_LIBPARAM_C_##type_), \
		       "parameter " #alias_ ": the variable is no " #type_); \
	UK_LIBPARAM_ENTRY_(uk_libparam_##alias_, #alias_, var_, 0, 0,	\
			   UK_LIBPARAM_##type_, 1, #name_)

/*
 * An array @array of @type with a fixed size, filled by name=[ a b ] or by
 * name=a name=b; *@count (uint32_t) is how many there are. The first value
 * given replaces what was in it before.
 */
#define UK_LIBPARAM_ARRAY(name_, type_, array_, count_, help_)		\
	_Static_assert(__builtin_types_compatible_p(			\
			       __typeof__(*(array_)), UK_LIBPARAM_C_##type_), \
		       "parameter " #name_ ": the elements are no " #type_); \
	UK_LIBPARAM_ENTRY_(uk_libparam_##name_, #name_, array_, count_,	\
			   UK_ARRAY_SIZE(array_), UK_LIBPARAM_##type_, 0, help_)

#define UK_LIBPARAM_C_s8	int8_t
#define UK_LIBPARAM_C_u8	uint8_t
#define UK_LIBPARAM_C_s16	int16_t
#define UK_LIBPARAM_C_u16	uint16_t
#define UK_LIBPARAM_C_s32	int32_t
#define UK_LIBPARAM_C_u32	uint32_t
#define UK_LIBPARAM_C_s64	int64_t
#define UK_LIBPARAM_C_u64	uint64_t
#define UK_LIBPARAM_C_bool	bool
#define UK_LIBPARAM_C_str	const char *

#ifdef UK_LIBPARAM_PREFIX
#define UK_LIBPARAM_PREFIX_STR	UK_STRINGIFY(UK_LIBPARAM_PREFIX)
#else
#define UK_LIBPARAM_PREFIX_STR	UK_LIBNAME_STR
#endif

#if UK_IS_ENABLED(CONFIG_LIBUKLIBPARAM)
#define UK_LIBPARAM_ENTRY_(ident_, name_, var_, count_, max_, type_,	\
			   alias_, help_)				\
	static const struct uk_libparam ident_				\
	UK_USED UK_ALIGNED(8) UK_SECTION(".uk_libparam") = {		\
		.prefix = UK_LIBPARAM_PREFIX_STR,			\
		.name = name_,						\
		.help = help_,						\
		.var = (void *)(var_),					\
		.count = count_,					\
		.max = max_,						\
		.type = type_,						\
		.alias = alias_,					\
	}
#else
#define UK_LIBPARAM_ENTRY_(ident_, name_, var_, count_, max_, type_,	\
			   alias_, help_)				\
	_Static_assert((type_) < UK_LIBPARAM_NTYPES, name_)
#endif

/* The table, by the platform's linker script; lib/uklibparam reads it. */
extern const struct uk_libparam uk_libparam_start[], uk_libparam_end[];
