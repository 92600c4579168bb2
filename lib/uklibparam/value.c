/* SPDX-License-Identifier: BSD-3-Clause */
/* Values of parameters: from text, and back for `help`. */
#include "libparam_priv.h"

#include <stdbool.h>

#include <uk/assert.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/fmt.h>
#include <uk/libparam_parse.h>
#include <uk/string.h>

/* By enum uk_libparam_type. */
static const struct type {
	const char name[5];
	uint8_t bytes;
	bool is_signed;
	const char *allowed;
} types[UK_LIBPARAM_NTYPES] = {
	[UK_LIBPARAM_s8] = { "s8", 1, true, "-128 to 127" },
	[UK_LIBPARAM_u8] = { "u8", 1, false, "0 to 255" },
	[UK_LIBPARAM_s16] = { "s16", 2, true, "-32768 to 32767" },
	[UK_LIBPARAM_u16] = { "u16", 2, false, "0 to 65535" },
	[UK_LIBPARAM_s32] = { "s32", 4, true, "-2147483648 to 2147483647" },
	[UK_LIBPARAM_u32] = { "u32", 4, false, "0 to 4294967295" },
	[UK_LIBPARAM_s64] = { "s64", 8, true,
			      "-9223372036854775808 to 9223372036854775807" },
	[UK_LIBPARAM_u64] = { "u64", 8, false, "0 to 18446744073709551615" },
	[UK_LIBPARAM_bool] = { "bool", sizeof(bool), false,
			       "on yes true y 1, off no false n 0" },
	[UK_LIBPARAM_str] = { "str", sizeof(char *), false, "any text" },
};

static const struct {
	char word[6];
	bool val;
} bools[] = {
	{ "on", true }, { "yes", true }, { "true", true }, { "y", true },
	{ "1", true },
	{ "off", false }, { "no", false }, { "false", false }, { "n", false },
	{ "0", false },
};

const char *uk_libparam_allowed(enum uk_libparam_type type)
{
	UK_ASSERT(type < UK_LIBPARAM_NTYPES);
	return types[type].allowed;
}

const char *libparam_type_name(unsigned int type)
{
	UK_ASSERT(type < UK_LIBPARAM_NTYPES);
	return types[type].name;
}

static int set_bool(bool *var, const char *text)
{
	for (size_t i = 0; i < UK_ARRAY_SIZE(bools); i++) {
		if (uk_streq(text, bools[i].word)) {
			*var = bools[i].val;
			return 0;
		}
	}
	return -EINVAL;
}

static int set_int(void *var, const struct type *t, const char *text)
{
	const bool neg = *text == '-';
	uint64_t max = UINT64_MAX >> (64 - 8 * t->bytes);
	uint64_t num;
	int rc;

	if (*text == '-' || *text == '+')
		text++;
	rc = uk_strtou64(text, uk_strlen(text), 0, &num);
	if (rc < 0)
		return -EINVAL;

	if (t->is_signed)
		max = (max >> 1) + neg;
	else if (neg)
		max = 0;
	if (num > max)
		return -EINVAL;

	/* Little endian: the low bytes are the narrower number. */
	if (neg)
		num = 0 - num;
	memcpy(var, &num, t->bytes);
	return 0;
}

int libparam_set(const struct uk_libparam *p, uint32_t index, const char *text)
{
	const struct type *const t = &types[p->type];
	char *const var = (char *)p->var + (size_t)index * t->bytes;

	switch (p->type) {
	case UK_LIBPARAM_bool:
		return set_bool((bool *)(void *)var, text);
	case UK_LIBPARAM_str:
		*(const char **)(void *)var = text;
		return 0;
	default:
		return set_int(var, t, text);
	}
}

int libparam_show(const struct uk_libparam *p, uint32_t index, char *buf,
		  size_t size)
{
	const struct type *const t = &types[p->type];
	const char *const var = (const char *)p->var + (size_t)index * t->bytes;
	uint64_t num = 0;

	if (p->type == UK_LIBPARAM_str) {
		const char *str = *(const char *const *)(const void *)var;

		return uk_snprintf(buf, size, "\"%s\"", str ? str : "");
	}

	memcpy(&num, var, t->bytes);
	if (p->type == UK_LIBPARAM_bool)
		return uk_snprintf(buf, size, "%s", num ? "on" : "off");
	if (!t->is_signed)
		return uk_snprintf(buf, size, "%llu", (unsigned long long)num);

	/* Sign-extend. */
	num <<= 64 - 8 * t->bytes;
	return uk_snprintf(buf, size, "%lld",
			   (long long)((int64_t)num >> (64 - 8 * t->bytes)));
}
