/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <getopt.h>
#include <stddef.h>
#include <sys/cdefs.h>
#include <sys/types.h>

/* POSIX <unistd.h>, as far as the image's system calls go without files. */

#define STDIN_FILENO	0
#define STDOUT_FILENO	1
#define STDERR_FILENO	2

__BEGIN_DECLS

extern char **environ;

/* Return the bytes transferred, or -1 and errno. */
ssize_t read(int fd, void *buf, size_t len);
ssize_t write(int fd, const void *buf, size_t len);

/* End the program: no handlers of atexit(), nothing flushed. */
__attribute__((noreturn))
void _exit(int status);

__END_DECLS
