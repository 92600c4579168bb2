/* SPDX-License-Identifier: BSD-3-Clause */
/* A body between its prefix and the padding that the width asks for. */
#include <uk/fmt.h>

#include <limits.h>
#include <stdbool.h>

#include <uk/errno.h>

#include "fmt_priv.h"

int uk_fmt_fill(struct uk_fmt_out *out, char c, size_t len)
{
	char run[32];

	for (size_t i = 0; i < sizeof(run) && i < len; i++)
		run[i] = c;

	while (len) {
		const size_t n = len < sizeof(run) ? len : sizeof(run);
		const int rc = out->put(out, run, n);

		if (rc < 0)
			return rc;
		len -= n;
	}
	return 0;
}

/* Bytes the width adds to @nbytes, or -EOVERFLOW: see struct uk_fmt_spec. */
static int padding(const struct uk_fmt_spec *spec, size_t nbytes)
{
	const size_t width = (size_t)spec->width;
	const size_t all = nbytes < width ? width : nbytes;

	if (all > (size_t)(INT_MAX - spec->total))
		return -EOVERFLOW;
	return (int)(all - nbytes);
}

int uk_fmt_before(struct uk_fmt_out *out, const struct uk_fmt_spec *spec,
		  const char *prefix, size_t nprefix, size_t nbody)
{
	const bool zeros = spec->flags & UK_FMT_ZERO;
	const int pad = nbody > INT_MAX ? -EOVERFLOW :
			padding(spec, nprefix + nbody);
	int put = 0;
	int rc = 0;

	if (pad < 0)
		return pad;
	if (!zeros && !(spec->flags & UK_FMT_MINUS)) {
		rc = uk_fmt_fill(out, ' ', (size_t)pad);
		put += pad;
	}
	if (rc == 0 && nprefix) {
		rc = out->put(out, prefix, nprefix);
		put += (int)nprefix;
	}
	if (rc == 0 && zeros) {
		rc = uk_fmt_fill(out, '0', (size_t)pad);
		put += pad;
	}
	return rc < 0 ? rc : put;
}

int uk_fmt_after(struct uk_fmt_out *out, const struct uk_fmt_spec *spec,
		 size_t nprefix, size_t nbody)
{
	const int pad = padding(spec, nprefix + nbody);
	int rc;

	if (pad < 0 || !(spec->flags & UK_FMT_MINUS))
		return pad < 0 ? pad : 0;
	rc = uk_fmt_fill(out, ' ', (size_t)pad);
	return rc < 0 ? rc : pad;
}

int fmt_put_field(struct uk_fmt_out *out, const struct uk_fmt_spec *spec,
		  const char *prefix, size_t nprefix, size_t nzeros,
		  const char *body, size_t nbody)
{
	int before, rc;

	/* Mostly there is nothing but a body, which fills any width. */
	if (!(nprefix | nzeros) && nbody >= (size_t)spec->width &&
	    nbody <= (size_t)(INT_MAX - spec->total)) {
		rc = nbody ? out->put(out, body, nbody) : 0;
		return rc < 0 ? rc : (int)nbody;
	}

	before = uk_fmt_before(out, spec, prefix, nprefix, nzeros + nbody);
	rc = before;
	if (rc >= 0)
		rc = uk_fmt_fill(out, '0', nzeros);
	if (rc >= 0 && nbody)
		rc = out->put(out, body, nbody);
	if (rc >= 0)
		rc = uk_fmt_after(out, spec, nprefix, nzeros + nbody);
	if (rc < 0)
		return rc;
	return before + (int)(nzeros + nbody) + rc;
}
