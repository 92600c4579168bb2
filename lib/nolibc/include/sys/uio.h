/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>
#include <sys/cdefs.h>
#include <sys/types.h>

__BEGIN_DECLS

struct iovec {
	void *iov_base;
	size_t iov_len;
};

/* Writes the pieces in order. Returns the bytes written, or -1 and errno. */
ssize_t writev(int fd, const struct iovec *iov, int niov);

__END_DECLS
