/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Waiting for children, of which there are none: what can be wrong with the
 * arguments is told first, as where there are some.
 */
#include <limits.h>

#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/syscall.h>

/* wait(2). */
#define WNOHANG		0x00000001u
#define WUNTRACED	0x00000002u
#define WSTOPPED	WUNTRACED
#define WEXITED		0x00000004u
#define WCONTINUED	0x00000008u
#define WNOWAIT		0x01000000u
#define WNOTHREAD	0x20000000u
#define WALL		0x40000000u
#define WCLONE		0x80000000u
#define WFOR		(WNOTHREAD | WALL | WCLONE)

#define P_ALL		0
#define P_PID		1
#define P_PGID		2
#define P_PIDFD		3

UK_SYSCALL_R_DEFINE(long, wait4, int, pid, int *, status,
		    unsigned int, options, void *, usage)
{
	(void)status;
	(void)usage;
	if (options & ~(WNOHANG | WUNTRACED | WCONTINUED | WFOR))
		return -EINVAL;
	/* Its absolute value is no number. */
	if (pid == INT_MIN)
		return -ESRCH;
	return -ECHILD;
}

static long check_id(int type, int id)
{
	switch (type) {
	case P_ALL:
		return 0;
	case P_PID:
		return id <= 0 ? -EINVAL : 0;
	case P_PGID:
		return id < 0 ? -EINVAL : 0;
	case P_PIDFD:
		return id < 0 ? -EINVAL : -EBADF;
	default:
		return -EINVAL;
	}
}

UK_SYSCALL_R_DEFINE(long, waitid, int, type, int, id, void *, info,
		    unsigned int, options, void *, usage)
{
	long rc;

	(void)info;
	(void)usage;
	if (options & ~(WNOHANG | WNOWAIT | WEXITED | WSTOPPED | WCONTINUED |
			WFOR))
		return -EINVAL;
	if (!(options & (WEXITED | WSTOPPED | WCONTINUED)))
		return -EINVAL;
	rc = check_id(type, id);
	return rc < 0 ? rc : -ECHILD;
}
