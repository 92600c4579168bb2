/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A line in the log for each call, when it ends: the thread, the call with its
 * arguments, its result. What arguments point to is read then, by nofault: a
 * bad pointer is shown as a number.
 *
 * A line is made on the caller's stack, and cut where the log would cut it.
 * The log is not written by a system call, so none is made in here.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/abi/fcntl.h>
#include <uk/arch/percpu.h>
#include <uk/essentials.h>
#include <uk/fmt.h>
#include <uk/nofault.h>
#include <uk/print.h>
#include <uk/syscall.h>

#include "syscall_shim_priv.h"

#define MOST_SHOWN	32u	/* bytes of a string or buffer */

struct line {
	size_t len;
	char text[200];		/* ends with a NUL at @len */
};

/* Nobody pays for the rest of the text. */
static void begin(struct line *l)
{
	l->len = 0;
	l->text[0] = '\0';
}

UK_PRINTF(2, 3)
static void put(struct line *l, const char *fmt, ...)
{
	const size_t room = sizeof(l->text) - l->len;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = uk_vsnprintf(l->text + l->len, room, fmt, ap);
	va_end(ap);
	if (n > 0)
		l->len += UK_MIN((size_t)n, room - 1);
}

static void put_byte(struct line *l, unsigned char c)
{
	switch (c) {
	case '\n':
		put(l, "\\n");
		break;
	case '\t':
		put(l, "\\t");
		break;
	case '"':
	case '\\':
		put(l, "\\%c", c);
		break;
	default:
		put(l, c >= ' ' && c < 127 ? "%c" : "\\x%02x", c);
	}
}

/* At most @len bytes at @addr, or up to a NUL if it @is_string. */
static void put_bytes(struct line *l, long addr, size_t len, bool is_string)
{
	const size_t most = UK_MIN(len, MOST_SHOWN + 1);
	unsigned char buf[MOST_SHOWN + 1];
	const size_t got = uk_nofault_memcpy(buf, (const void *)addr, most, 0);
	size_t i;

	if (got == 0 && len) {
		put(l, addr ? "0x%lx" : "NULL", (unsigned long)addr);
		return;
	}
	put(l, "\"");
	for (i = 0; i < UK_MIN(got, MOST_SHOWN); i++) {
		if (is_string && !buf[i])
			break;
		put_byte(l, buf[i]);
	}
	/* The byte behind them says whether a string ends there, if it is. */
	put(l, "\"%s", i == MOST_SHOWN && len > i &&
			(!is_string || got == i || buf[i]) ? "..." : "");
}

static void put_words(struct line *l, const struct syscall_shim_word *set,
		      unsigned long val)
{
	const char *between = "";
	unsigned long left = val;

	for (const struct syscall_shim_word *w = set; w->word; w++) {
		if ((val & w->mask) != w->value ||
		    (left & w->value) != w->value)
			continue;
		put(l, "%s%s", between, w->word);
		between = "|";
		left &= ~w->value;
		if (w->mask == ~0ul)
			return;
	}
	if (left || !*between)
		put(l, left ? "%s0x%lx" : "%s%lu", between, left);
}

static void put_pair(struct line *l, long addr, long ret)
{
	int fd[2];

	if (ret < 0 || uk_nofault_memcpy(fd, (const void *)addr, sizeof(fd),
					 0) != sizeof(fd))
		put(l, addr ? "0x%lx" : "NULL", (unsigned long)addr);
	else
		put(l, "[%d, %d]", fd[0], fd[1]);
}

static void put_argument(struct line *l, char letter, const long *arg,
			 long ret)
{
	const struct syscall_shim_word *const set = syscall_shim_set(letter);

	if (set) {
		put_words(l, set, (unsigned long)*arg & UINT32_MAX);
		return;
	}
	switch (letter) {
	case 'd':
		put(l, "%ld", *arg);
		break;
	case 'u':
		put(l, "%lu", *arg);
		break;
	case 'o':
		put(l, "%#lo", *arg & UINT32_MAX);
		break;
	case 'f':
		put(l, (int)*arg == UK_ABI_AT_FDCWD ? "AT_FDCWD" : "%d",
		    (int)*arg);
		break;
	case 'p':
		put(l, *arg ? "0x%lx" : "NULL", (unsigned long)*arg);
		break;
	case 's':
		put_bytes(l, *arg, SIZE_MAX, true);
		break;
	case 'w':
		put_bytes(l, *arg, (size_t)arg[1], false);
		break;
	case 'r':
		if (ret >= 0)
			put_bytes(l, *arg, (size_t)ret, false);
		else
			put(l, "0x%lx", (unsigned long)*arg);
		break;
	case 'P':
		put_pair(l, *arg, ret);
		break;
	default:
		put(l, "0x%lx", (unsigned long)*arg);
	}
}

#define NARGS(name, nargs)	[UK_SYSCALL_ID_##name] = nargs,

/* The beginning of a line, up to the result. */
static void put_call(struct line *l, unsigned int id, const long *args,
		     long ret)
{
	static const uint8_t nargs[UK_SYSCALL_NIDS] = { UK_SYSCALL_IDS(NARGS) };
	const char *letters = syscall_shim_arguments(syscall_shim_names[id]);

	if (letters && *letters == '!')
		letters++;
	put(l, "[%s] %s(", ukarch_current()->name, syscall_shim_names[id]);
	for (unsigned int i = 0; i < nargs[id]; i++) {
		const char letter = letters && *letters ? *letters++ : 'x';

		if (i)
			put(l, ", ");
		put_argument(l, letter, &args[i], ret);
	}
	put(l, ")");
}

static void put_result(struct line *l, long ret)
{
	const char *const error = uk_syscall_is_err(ret) ?
				  syscall_shim_error(-ret) : NULL;

	/* Who has made it sees to what becomes of it. */
	if (ret == -UK_CALL_RESTART)
		put(l, " = ? (interrupted)");
	else if (error)
		put(l, " = -1 %s", error);
	else
		put(l, ret > INT32_MAX || ret < INT32_MIN ? " = 0x%lx" :
		    " = %ld", ret);
}

/* What is known of a call; without KNOWN nothing yet. */
enum { KNOWN = 1, LOGGED = 2, RETURNS = 4 };

static unsigned int find_out(unsigned int id)
{
	const char *const name = syscall_shim_names[id];
	const char *const letters = syscall_shim_arguments(name);

	return KNOWN | (syscall_shim_picks(name) ? LOGGED : 0) |
	       (letters && *letters == '!' ? 0 : RETURNS);
}

/*
 * Names are looked at when a call is first made: whoever does that comes to the
 * same.
 */
static unsigned int about(unsigned int id)
{
	static uint8_t kept[UK_SYSCALL_NIDS];	/* atomic, relaxed */
	unsigned int bits;

	if (id >= UK_SYSCALL_NIDS)
		return 0;
	bits = __atomic_load_n(&kept[id], __ATOMIC_RELAXED);
	if (bits & KNOWN)
		return bits;
	bits = find_out(id);
	__atomic_store_n(&kept[id], (uint8_t)bits, __ATOMIC_RELAXED);
	return bits;
}

void syscall_shim_trace_begin(unsigned int id, const long *args)
{
	struct line l;

	if ((about(id) & (LOGGED | RETURNS)) != LOGGED)
		return;
	begin(&l);
	put_call(&l, id, args, 0);
	put(&l, " = ?");
	uk_pr_info("%s", l.text);
}

void syscall_shim_trace_end(unsigned int id, const long *args, long ret)
{
	struct line l;

	if (!(about(id) & LOGGED))
		return;
	begin(&l);
	put_call(&l, id, args, ret);
	put_result(&l, ret);
	uk_pr_info("%s", l.text);
}

void syscall_shim_trace_nosys(long nr)
{
	const char *const name = uk_syscall_name(nr);
	struct line l;

	if (!syscall_shim_picks(name ? name : ""))
		return;
	begin(&l);
	put(&l, "[%s] ", ukarch_current()->name);
	if (name)
		put(&l, "%s(...)", name);
	else
		put(&l, "syscall(%ld, ...)", nr);
	put_result(&l, -ENOSYS);
	uk_pr_info("%s", l.text);
}
