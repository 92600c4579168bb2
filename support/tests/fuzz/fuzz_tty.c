/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Any keys under any modes. A byte says what is done next: it is typed, modes
 * are changed, something is written, read or flushed.
 */
#include <uk/tty.h>

#include <uk/string.h>

#include "fuzz.h"

static struct uk_tty tty;
static size_t nout;

static void on_out(struct uk_tty *t, const char *buf, size_t len)
{
	FUZZ_EXPECT(t == &tty);
	for (size_t i = 0; i < len; i++)
		nout += (unsigned char)buf[i];
}

static void on_signal(struct uk_tty *t, int sig)
{
	FUZZ_EXPECT(t == &tty);
	FUZZ_EXPECT(sig == UK_ABI_TTY_SIGINT || sig == UK_ABI_TTY_SIGQUIT ||
		    sig == UK_ABI_TTY_SIGTSTP);
}

static bool by_lines(void)
{
	return tty.modes.c_lflag & UK_ABI_ICANON;
}

static void check(void)
{
	const size_t n = uk_tty_waiting(&tty);

	FUZZ_EXPECT(tty.head - tty.tail <= UK_TTY_LEN);
	FUZZ_EXPECT(tty.line - tty.tail <= tty.head - tty.tail);
	FUZZ_EXPECT(n <= UK_TTY_LEN);
	FUZZ_EXPECT(n == 0 || uk_tty_can_read(&tty, 1));
	FUZZ_EXPECT(by_lines() || uk_tty_can_read(&tty, n ? n : 1) == (n > 0));
}

/* Some keys, whether there is room for them or not. */
static void type(struct fuzz_input *in)
{
	char keys[64];
	size_t n = fuzz_take(in, 1) % (sizeof(keys) + 1);

	for (size_t i = 0; i < n; i++)
		keys[i] = (char)fuzz_take(in, 1);
	FUZZ_EXPECT(!(uk_tty_receive(&tty, keys, n) &
		      ~(UK_TTY_IN | UK_TTY_OUT)));
}

/* The same key very often, to fill it. */
static void lean_on(struct fuzz_input *in)
{
	const char key = (char)fuzz_take(in, 1);

	for (size_t n = fuzz_take(in, 2) % 8192; n > 0; n--)
		(void)uk_tty_receive(&tty, &key, 1);
}

static void read_some(struct fuzz_input *in)
{
	char buf[40];
	const size_t len = fuzz_take(in, 1) % 33;
	const size_t before = uk_tty_waiting(&tty);
	size_t n;
	bool end;

	memset(buf, 'x', sizeof(buf));
	n = uk_tty_read(&tty, buf, len, &end);
	FUZZ_EXPECT(n <= len && buf[len] == 'x');
	FUZZ_EXPECT(uk_tty_waiting(&tty) == before - n);
	FUZZ_EXPECT(by_lines() || n == (before < len ? before : len));
}

static void set_modes(struct fuzz_input *in)
{
	struct uk_abi_termios next;

	next.c_iflag = (uint32_t)fuzz_take(in, 2);
	next.c_oflag = (uint32_t)fuzz_take(in, 2);
	next.c_cflag = 0;
	next.c_lflag = (uint32_t)fuzz_take(in, 2);
	next.c_line = 0;
	for (unsigned int i = 0; i < UK_ABI_NCCS; i++)
		next.c_cc[i] = (uint8_t)fuzz_take(in, 1);
	FUZZ_EXPECT(uk_tty_set_modes(&tty, &next) & UK_TTY_IN);
}

/* One flag, so that the others stay as they usually are. */
static void flip(struct fuzz_input *in)
{
	struct uk_abi_termios next = tty.modes;
	const unsigned int which = (unsigned int)fuzz_take(in, 1);

	if (which < 32)
		next.c_iflag ^= UINT32_C(1) << which;
	else if (which < 64)
		next.c_oflag ^= UINT32_C(1) << (which - 32);
	else
		next.c_lflag ^= UINT32_C(1) << which % 32;
	(void)uk_tty_set_modes(&tty, &next);
}

static void write_some(struct fuzz_input *in)
{
	char buf[32];
	const size_t n = fuzz_take(in, 1) % (sizeof(buf) + 1);

	for (size_t i = 0; i < n; i++)
		buf[i] = (char)fuzz_take(in, 1);
	uk_tty_write(&tty, buf, n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct uk_tty_ops ops = { on_out, on_signal };
	struct fuzz_input in = { data, size };

	uk_tty_init(&tty, &ops);
	/* The counts are to wrap, too. */
	tty.head = tty.line = tty.tail = 0u - (uint32_t)fuzz_take(&in, 1);
	while (in.left > 0) {
		switch (fuzz_take(&in, 1) % 8) {
		case 0:
		case 1:
			type(&in);
			break;
		case 2:
			lean_on(&in);
			break;
		case 3:
			read_some(&in);
			break;
		case 4:
			set_modes(&in);
			break;
		case 5:
			flip(&in);
			break;
		case 6:
			write_some(&in);
			break;
		default:
			uk_tty_flush(&tty);
			break;
		}
		check();
	}
	return 0;
}
