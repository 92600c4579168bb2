/* SPDX-License-Identifier: BSD-3-Clause */
/* The lines of `help`. */
#include <uk/libparam_parse.h>

#include <uk/essentials.h>
#include <uk/fmt.h>

#include "libparam_priv.h"

/* Where the next bytes go in a buffer that @at may be beyond. */
static char *tail(char *buf, size_t size, int at)
{
	return (size_t)at < size ? buf + at : NULL;
}

static size_t room(size_t size, int at)
{
	return (size_t)at < size ? size - (size_t)at : 0;
}

static int show_default(const struct uk_libparam *p, char *buf, size_t size)
{
	int at;

	if (!p->count)
		return libparam_show(p, 0, buf, size);

	at = uk_snprintf(buf, size, "[ ");
	for (uint32_t i = 0; i < UK_MIN(*p->count, p->max); i++) {
		at += libparam_show(p, i, tail(buf, size, at), room(size, at));
		at += uk_snprintf(tail(buf, size, at), room(size, at), " ");
	}
	at += uk_snprintf(tail(buf, size, at), room(size, at), "]");
	return at;
}

int uk_libparam_describe(const struct uk_libparam *param, char *buf,
			 size_t size)
{
	const char *const prefix = libparam_prefix(param);
	int at;

	if (param->alias)
		return uk_snprintf(buf, size, "%s.%s: same as %s.%s", prefix,
				   param->name, prefix, param->help);

	at = uk_snprintf(buf, size, "%s.%s: %s", prefix, param->name,
			 libparam_type_name(param->type));
	if (param->count)
		at += uk_snprintf(tail(buf, size, at), room(size, at), "[%u]",
				  param->max);
	at += uk_snprintf(tail(buf, size, at), room(size, at), ", default ");
	at += show_default(param, tail(buf, size, at), room(size, at));
	at += uk_snprintf(tail(buf, size, at), room(size, at), ": %s",
			  param->help);
	return at;
}
