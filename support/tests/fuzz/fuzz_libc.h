/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>

/* A copy of its own, at the end of which AddressSanitizer watches. */
void *hosted_copy(const void *data, size_t size);
/* The same of a text, with a NUL behind it. */
char *hosted_text(const void *data, size_t size);
void hosted_free(void *copy);
