/* SPDX-License-Identifier: BSD-3-Clause */
#include "file.h"

#include <errno.h>
#include <unistd.h>

static char buf[BUFSIZ];

struct nolibc_file nolibc_stdin = {
	.fd = 0, .mode = _IOFBF, .buf = buf, .size = sizeof(buf),
	.next = NOLIBC_UNGET, .used = NOLIBC_UNGET,
};

FILE *const stdin = &nolibc_stdin;

/* Wait for bytes. Returns false at the end and on errors. */
static bool fill(FILE *file)
{
	const size_t room = file->mode == _IONBF ? 1 : file->size -
						       NOLIBC_UNGET;
	ssize_t n;

	/* Whoever is asked should see the question (C11 7.21.3). */
	nolibc_flush(&nolibc_stdout);

	do
		n = read(file->fd, file->buf + NOLIBC_UNGET, room);
	while (n < 0 && errno == EINTR);
	file->next = NOLIBC_UNGET;
	file->used = NOLIBC_UNGET + (n > 0 ? (size_t)n : 0);
	file->eof |= n == 0;
	file->error |= n < 0;
	return n > 0;
}

int nolibc_get(FILE *file)
{
	if (file->output) {
		file->error = true;
		errno = EBADF;
		return EOF;
	}
	if (file->next == file->used && (file->eof || !fill(file)))
		return EOF;
	return (unsigned char)file->buf[file->next++];
}

int ungetc(int c, FILE *file)
{
	if (c == EOF || file->output || file->next == 0)
		return EOF;
	file->buf[--file->next] = (char)c;
	file->eof = false;
	return (unsigned char)c;
}
