/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Descriptors 0 to 2 with a console that types what a case says. While a case
 * runs it is the only one; it interrupts by a timer, or not at all.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/abi/fcntl.h>
#include <uk/abi/ioctl.h>
#include <uk/abi/signal.h>
#include <uk/abi/termios.h>
#include <uk/alloc.h>
#include <uk/arch/percpu.h>
#include <uk/console.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/fdtab.h>
#include <uk/file.h>
#include <uk/sched.h>
#include <uk/spinlock.h>
#include <uk/string.h>
#include <uk/syscall.h>
#include <uk/test.h>
#include <uk/test_random.h>
#include <uk/thread.h>
#include <uk/time.h>
#include <uk/timer.h>

#define BAD	((long)16)
#define MS	UK_TIME_NS_PER_MS

static struct {
	struct uk_spinlock lock;
	const char *keys;	/* lock; what comes next */
	size_t nkeys;		/* lock */
	bool notifies;
	bool asked;		/* lock; to interrupt */
	char sent[1024];
	size_t nsent;
	int sig;		/* atomic; the last one */
	bool passes;		/* signals on to the program */
	unsigned int flags;	/* of the machine's own console */
	struct uk_abi_termios modes;
} fake;

static void fake_out(struct uk_console *con UK_UNUSED, const char *buf,
		     size_t len)
{
	len = UK_MIN(len, sizeof(fake.sent) - fake.nsent);
	memcpy(fake.sent + fake.nsent, buf, len);
	fake.nsent += len;
}

static size_t fake_in(struct uk_console *con UK_UNUSED, char *buf, size_t len)
{
	const unsigned long irq = uk_spin_lock_irqsave(&fake.lock);

	len = UK_MIN(len, fake.nkeys);
	memcpy(buf, fake.keys, len);
	fake.keys += len;
	fake.nkeys -= len;
	uk_spin_unlock_irqrestore(&fake.lock, irq);
	return len;
}

static bool fake_notify(struct uk_console *con UK_UNUSED)
{
	__atomic_store_n(&fake.asked, fake.notifies, __ATOMIC_RELAXED);
	return fake.notifies;
}

static const struct uk_console_ops fake_ops = {
	.out = fake_out, .in = fake_in, .notify = fake_notify,
};

static struct uk_console fake_con = {
	.name = "fake", .ops = &fake_ops, .flags = UK_CONSOLE_NOLOG,
};

/* Before others, whom the signals of the fake mostly do not reach. */
static enum uk_event_result on_signal(void *data)
{
	const struct uk_file_signal *const s = data;

	if (s->to_caller || fake.passes)
		return UK_EVENT_NOT_HANDLED;
	__atomic_store_n(&fake.sig, s->sig, __ATOMIC_RELAXED);
	return UK_EVENT_HANDLED;
}

UK_EVENT_HANDLER_PRIO(uk_file_signal, on_signal, UK_EVENT_PRIO_FIRST);

static void supply(const char *keys, size_t n)
{
	const unsigned long irq = uk_spin_lock_irqsave(&fake.lock);

	fake.keys = keys;
	fake.nkeys = n;
	uk_spin_unlock_irqrestore(&fake.lock, irq);
}

/* As the device would: only if it was asked for. */
static void interrupt(void)
{
	if (__atomic_exchange_n(&fake.asked, false, __ATOMIC_RELAXED))
		uk_console_arrived();
}

static void type(const char *keys)
{
	supply(keys, uk_strlen(keys));
	interrupt();
}

static long tty_ioctl(unsigned long cmd, const void *arg)
{
	return uk_syscall_r_ioctl(0, (long)cmd, (long)arg);
}

static void set_nonblock(int on)
{
	UK_EXPECT_EQ(tty_ioctl(UK_ABI_FIONBIO, &on), 0);
}

static void begin(bool notifies)
{
	static bool registered;

	if (!registered)
		uk_console_register(&fake_con);
	registered = true;
	fake.notifies = notifies;
	fake.nsent = 0;
	fake.sig = 0;
	supply("", 0);
	fake.flags = uk_console_default()->flags;
	uk_console_default()->flags &= ~(UK_CONSOLE_STDIN | UK_CONSOLE_STDOUT);
	fake_con.flags |= UK_CONSOLE_STDIN | UK_CONSOLE_STDOUT;
	UK_EXPECT_EQ(tty_ioctl(UK_ABI_TCGETS, &fake.modes), 0);
	/* It looks at the console, and asks. */
	UK_EXPECT_EQ(tty_ioctl(UK_ABI_TCFLSH, NULL), 0);
}

static void end(void)
{
	UK_EXPECT_EQ(tty_ioctl(UK_ABI_TCSETSF, &fake.modes), 0);
	set_nonblock(0);
	fake_con.flags &= ~(UK_CONSOLE_STDIN | UK_CONSOLE_STDOUT);
	uk_console_default()->flags = fake.flags;
	UK_EXPECT_EQ(tty_ioctl(UK_ABI_TCFLSH, NULL), 0);
}

static void set_local(uint32_t on, uint32_t off)
{
	struct uk_abi_termios next;

	UK_EXPECT_EQ(tty_ioctl(UK_ABI_TCGETS, &next), 0);
	next.c_lflag = (next.c_lflag | on) & ~off;
	UK_EXPECT_EQ(tty_ioctl(UK_ABI_TCSETS, &next), 0);
}

/* Bytes, with the two numbers that say when a read returns. */
static void set_raw(uint8_t min, uint8_t time)
{
	struct uk_abi_termios next = fake.modes;

	next.c_lflag = 0;
	next.c_cc[UK_ABI_VMIN] = min;
	next.c_cc[UK_ABI_VTIME] = time;
	UK_EXPECT_EQ(tty_ioctl(UK_ABI_TCSETSW, &next), 0);
}

static long get(char *buf, size_t len)
{
	return uk_syscall_r_read(0, (long)buf, (long)len);
}

static long put(const char *text)
{
	return uk_syscall_r_write(1, (long)text, (long)uk_strlen(text));
}

static uint32_t events(void)
{
	struct uk_file *const file = uk_fd_borrow(0);
	uint32_t ev;

	UK_EXPECT_NOT_NULL(file);
	ev = uk_file_events(file);
	uk_fd_return(0, file);
	return ev;
}

#define EXPECT_SENT(want)						\
	do {								\
		UK_EXPECT_EQ(fake.nsent, sizeof(want) - 1);		\
		UK_EXPECT_MEM_EQ(fake.sent, want, sizeof(want) - 1);	\
		fake.nsent = 0;						\
	} while (0)

UK_TEST(posix_tty, three_descriptors_are_one_terminal_for_both_ways)
{
	struct uk_abi_termios modes;

	for (int fd = 0; fd < 3; fd++) {
		UK_EXPECT_EQ(uk_syscall_r_fcntl(fd, UK_ABI_F_GETFL, 0),
			     UK_ABI_O_RDWR);
		UK_EXPECT_EQ(uk_syscall_r_ioctl(fd, UK_ABI_TCGETS,
						(long)&modes), 0);
		UK_EXPECT_EQ(modes.c_lflag & UK_ABI_ICANON, UK_ABI_ICANON);
		UK_EXPECT_EQ(uk_syscall_r_lseek(fd, 0, 0), -ESPIPE);
	}
}

UK_TEST(posix_tty, a_line_that_was_typed_is_echoed_and_read)
{
	char buf[16];

	begin(true);
	type("abc\x7f" "d\r");
	EXPECT_SENT("abc\b \bd\r\n");
	UK_EXPECT_EQ(get(buf, 2), 2);
	UK_EXPECT_EQ(get(buf + 2, 14), 2);
	UK_EXPECT_MEM_EQ(buf, "abd\n", 4);
	type("e\x04");
	UK_EXPECT_EQ(get(buf, 16), 1);
	type("\x04");
	UK_EXPECT_EQ(get(buf, 16), 0);
	end();
}

UK_TEST(posix_tty, what_is_written_has_its_line_ends_as_the_modes_say)
{
	struct uk_abi_termios next;

	begin(true);
	UK_EXPECT_EQ(put("a\nb"), 3);
	EXPECT_SENT("a\r\nb");
	next = fake.modes;
	next.c_oflag = 0;
	UK_EXPECT_EQ(tty_ioctl(UK_ABI_TCSETS, &next), 0);
	UK_EXPECT_EQ(put("a\nb\r"), 4);
	EXPECT_SENT("a\nb\r");
	UK_EXPECT_EQ(uk_syscall_r_write(2, BAD, 4), -EFAULT);
	EXPECT_SENT("");
	end();
}

UK_TEST(posix_tty, who_does_not_wait_is_told_that_nothing_is_there)
{
	char buf[4];

	begin(true);
	set_nonblock(1);
	UK_EXPECT_EQ(get(buf, 4), -EAGAIN);
	UK_EXPECT_EQ(events(), UK_FILE_OUT);
	type("a");
	UK_EXPECT_EQ(get(buf, 4), -EAGAIN);
	UK_EXPECT_EQ(events(), UK_FILE_OUT);
	type("\n");
	UK_EXPECT_EQ(events(), UK_FILE_IN | UK_FILE_OUT);
	UK_EXPECT_EQ(get((char *)BAD, 4), -EFAULT);
	/* It has been taken, as on Linux. */
	UK_EXPECT_EQ(get(buf, 4), -EAGAIN);
	UK_EXPECT_EQ(get(buf, 0), 0);
	end();
}

UK_TEST(posix_tty, bytes_are_told_of_when_there_are_enough)
{
	char buf[8];
	int n = 0;

	begin(true);
	set_raw(3, 0);
	set_nonblock(1);
	type("ab");
	UK_EXPECT_EQ(events(), UK_FILE_OUT);
	UK_EXPECT_EQ(tty_ioctl(UK_ABI_FIONREAD, &n), 0);
	UK_EXPECT_EQ(n, 2);
	type("c");
	UK_EXPECT_EQ(events(), UK_FILE_IN | UK_FILE_OUT);
	/* A read that does not wait takes what there is. */
	UK_EXPECT_EQ(get(buf, 2), 2);
	UK_EXPECT_EQ(get(buf, 8), 1);
	UK_EXPECT_EQ(get(buf, 8), -EAGAIN);
	set_raw(0, 0);
	UK_EXPECT_EQ(get(buf, 8), 0);
	set_raw(0, 1);
	UK_EXPECT_EQ(get(buf, 8), -EAGAIN);
	/* With a time one is enough. */
	set_raw(3, 1);
	type("d");
	UK_EXPECT_EQ(events(), UK_FILE_IN | UK_FILE_OUT);
	end();
}

UK_TEST(posix_tty, a_read_of_bytes_ends_in_time)
{
	char buf[8];
	uint64_t start;

	begin(true);
	set_raw(0, 1);
	start = uk_time_now();
	UK_EXPECT_EQ(get(buf, 8), 0);
	UK_EXPECT_GE(uk_time_now() - start, 100 * MS);
	/* The time is that since the last byte. */
	set_raw(3, 1);
	type("ab");
	start = uk_time_now();
	UK_EXPECT_EQ(get(buf, 8), 2);
	UK_EXPECT_GE(uk_time_now() - start, 100 * MS);
	type("abcd");
	UK_EXPECT_EQ(get(buf, 8), 4);
	/* And what is asked for is enough. */
	type("abcd");
	UK_EXPECT_EQ(get(buf, 2), 2);
	end();
}

UK_TEST(posix_tty, what_does_not_fit_stays_in_the_device)
{
	static char keys[20 * 1000];
	static char got[1000];
	unsigned int nlines = 0;

	begin(true);
	set_local(0, UK_ABI_ECHO);
	for (unsigned int i = 0; i < sizeof(keys); i++)
		keys[i] = i % 1000 == 999 ? '\n' : (char)('a' + i / 1000);
	supply(keys, sizeof(keys));
	for (unsigned int i = 0; i < 100; i++)
		interrupt();
	UK_EXPECT_GT(fake.nkeys, sizeof(keys) - 2 * 4096);
	for (unsigned int i = 0; i < 20; i++) {
		UK_EXPECT_EQ(get(got, sizeof(got)), 1000);
		nlines += got[0] == (char)('a' + i) && got[999] == '\n' &&
			  got[998] == got[0];
		interrupt();
	}
	UK_EXPECT_EQ(nlines, 20);
	UK_EXPECT_EQ(fake.nkeys, 0);
	end();
}

UK_TEST(posix_tty, keys_and_a_new_size_are_signals)
{
	struct uk_abi_winsize size = { 24, 80, 0, 0 }, old, got;

	begin(true);
	type("ab\x03");
	UK_EXPECT_EQ(fake.sig, UK_ABI_TTY_SIGINT);
	EXPECT_SENT("ab^C");
	UK_EXPECT_EQ(tty_ioctl(UK_ABI_TIOCGWINSZ, &old), 0);
	UK_EXPECT_EQ(tty_ioctl(UK_ABI_TIOCSWINSZ, &size), 0);
	UK_EXPECT_EQ(fake.sig, UK_ABI_TTY_SIGWINCH);
	UK_EXPECT_EQ(tty_ioctl(UK_ABI_TIOCGWINSZ, &got), 0);
	UK_EXPECT_MEM_EQ(&got, &size, sizeof(size));
	fake.sig = 0;
	UK_EXPECT_EQ(tty_ioctl(UK_ABI_TIOCSWINSZ, &size), 0);
	UK_EXPECT_EQ(fake.sig, 0);
	UK_EXPECT_EQ(tty_ioctl(UK_ABI_TIOCSWINSZ, &old), 0);
	end();
}

UK_TEST(posix_tty, output_that_is_stopped_is_not_written)
{
	begin(true);
	set_nonblock(1);
	type("\x13");
	UK_EXPECT_EQ(events(), 0);
	UK_EXPECT_EQ(put("a"), -EAGAIN);
	type("\x11");
	UK_EXPECT_EQ(put("a"), 1);
	UK_EXPECT_EQ(uk_syscall_r_ioctl(0, UK_ABI_TCXONC, UK_ABI_TCOOFF), 0);
	UK_EXPECT_EQ(put("b"), -EAGAIN);
	/* A key does not undo that. */
	type("\x11");
	UK_EXPECT_EQ(put("b"), -EAGAIN);
	UK_EXPECT_EQ(uk_syscall_r_ioctl(0, UK_ABI_TCXONC, UK_ABI_TCOON), 0);
	UK_EXPECT_EQ(put("b"), 1);
	EXPECT_SENT("ab");
	UK_EXPECT_EQ(uk_syscall_r_ioctl(0, UK_ABI_TCXONC, UK_ABI_TCIOFF), 0);
	UK_EXPECT_EQ(uk_syscall_r_ioctl(0, UK_ABI_TCXONC, UK_ABI_TCION), 0);
	EXPECT_SENT("\x13\x11");
	UK_EXPECT_EQ(uk_syscall_r_ioctl(0, UK_ABI_TCXONC, 4), -EINVAL);
	end();
}

UK_TEST(posix_tty, ioctl_tells_what_there_is_and_refuses_the_rest)
{
	static const unsigned int takes_pointer[] = {
		UK_ABI_TCGETS, UK_ABI_TCSETS, UK_ABI_TCSETSW, UK_ABI_TCSETSF,
		UK_ABI_TIOCGWINSZ, UK_ABI_TIOCSWINSZ, UK_ABI_TIOCINQ,
		UK_ABI_TIOCOUTQ, UK_ABI_TIOCGPGRP, UK_ABI_TIOCSPGRP,
		UK_ABI_TIOCGSID,
	};
	int n = 7, one = 1, none = 12345, negative = -1;

	begin(true);
	for (unsigned int i = 0; i < UK_ARRAY_SIZE(takes_pointer); i++)
		UK_EXPECT_EQ(tty_ioctl(takes_pointer[i], (void *)BAD),
			     -EFAULT);
	UK_EXPECT_EQ(tty_ioctl(UK_ABI_TIOCOUTQ, &n), 0);
	UK_EXPECT_EQ(n, 0);
	UK_EXPECT_EQ(tty_ioctl(UK_ABI_TIOCGPGRP, &n), 0);
	UK_EXPECT_EQ(n, 1);
	UK_EXPECT_EQ(tty_ioctl(UK_ABI_TIOCGSID, &n), 0);
	UK_EXPECT_EQ(n, 1);
	UK_EXPECT_EQ(tty_ioctl(UK_ABI_TIOCSPGRP, &one), 0);
	UK_EXPECT_EQ(tty_ioctl(UK_ABI_TIOCSPGRP, &none), -ESRCH);
	UK_EXPECT_EQ(tty_ioctl(UK_ABI_TIOCSPGRP, &negative), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_ioctl(0, UK_ABI_TCSBRK, 1), 0);
	UK_EXPECT_EQ(uk_syscall_r_ioctl(0, UK_ABI_TCFLSH, 3), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_ioctl(0, 0x5480, 0), -ENOTTY);
	end();
}

UK_TEST(posix_tty, a_flush_forgets_what_was_typed)
{
	char buf[4];

	begin(true);
	set_nonblock(1);
	type("a\n");
	UK_EXPECT_EQ(uk_syscall_r_ioctl(0, UK_ABI_TCFLSH, UK_ABI_TCOFLUSH), 0);
	UK_EXPECT_EQ(get(buf, 4), 2);
	type("a\n");
	UK_EXPECT_EQ(uk_syscall_r_ioctl(0, UK_ABI_TCFLSH, UK_ABI_TCIOFLUSH),
		     0);
	UK_EXPECT_EQ(get(buf, 4), -EAGAIN);
	type("a\n");
	UK_EXPECT_EQ(tty_ioctl(UK_ABI_TCSETSF, &fake.modes), 0);
	UK_EXPECT_EQ(get(buf, 4), -EAGAIN);
	end();
}

UK_TEST(posix_tty, without_a_console_a_read_is_at_the_end)
{
	char buf[4];

	begin(true);
	fake_con.flags &= ~UK_CONSOLE_STDIN;
	UK_EXPECT_EQ(get(buf, 4), 0);
	UK_EXPECT_EQ(events(), UK_FILE_IN | UK_FILE_OUT);
	set_raw(1, 0);
	UK_EXPECT_EQ(get(buf, 4), 0);
	UK_EXPECT_EQ(put("a\n"), 2);
	end();
}

static long result;
static char line[16];

static void read_line(void *arg UK_UNUSED)
{
	result = get(line, sizeof(line));
}

static void write_text(void *arg UK_UNUSED)
{
	result = put("text");
}

static struct uk_thread *spawn(uk_thread_fn1_t fn, void *arg)
{
	struct uk_alloc *const a = uk_alloc_get_default();
	struct uk_thread *const t = uk_thread_create_fn1(
		a, fn, arg, a, 0, NULL, 0, NULL, false, "tty", NULL, NULL);

	UK_EXPECT_NOT_NULL(t);
	UK_EXPECT_EQ(uk_sched_thread_add(uk_sched_current(), t), 0);
	return t;
}

static struct uk_thread *start(uk_thread_fn1_t fn)
{
	struct uk_thread *t;

	result = 1;
	t = spawn(fn, NULL);
	uk_sched_thread_sleep(MS);
	UK_EXPECT_EQ(result, 1);
	return t;
}

static void on_timer(struct uk_timer *timer UK_UNUSED)
{
	interrupt();
}

/* As type(), by an interrupt. */
static void type_later(const char *keys)
{
	static struct uk_timer timer;

	supply(keys, uk_strlen(keys));
	uk_timer_init(&timer, on_timer);
	uk_timer_start(&timer, uk_time_now() + MS);
	uk_sched_thread_sleep(3 * MS);
	(void)uk_timer_stop_wait(&timer);
}

UK_TEST(posix_tty_threads, who_reads_a_line_sleeps_until_it_is_complete)
{
	struct uk_thread *t;

	begin(true);
	t = start(read_line);
	type_later("hel");
	UK_EXPECT_EQ(result, 1);
	type_later("lo\n");
	uk_thread_join(t);
	UK_EXPECT_EQ(result, 6);
	UK_EXPECT_MEM_EQ(line, "hello\n", 6);
	end();
}

UK_TEST(posix_tty_threads, who_reads_goes_on_when_the_modes_let_it)
{
	struct uk_thread *t;

	begin(true);
	t = start(read_line);
	type_later("hel");
	UK_EXPECT_EQ(result, 1);
	set_local(0, UK_ABI_ICANON);
	uk_thread_join(t);
	UK_EXPECT_EQ(result, 3);
	end();
}

UK_TEST(posix_tty_threads, who_writes_sleeps_while_output_is_stopped)
{
	struct uk_thread *t;

	begin(true);
	type("\x13");
	t = start(write_text);
	EXPECT_SENT("");
	type_later("\x11");
	uk_thread_join(t);
	UK_EXPECT_EQ(result, 4);
	EXPECT_SENT("text");
	end();
}

UK_TEST(posix_tty_threads, a_console_that_cannot_interrupt_is_looked_at)
{
	struct uk_thread *t;

	begin(false);
	t = start(read_line);
	supply("abc\n", 4);
	uk_thread_join(t);
	UK_EXPECT_EQ(result, 4);
	end();
}

static unsigned int nhandled;

static void on_interrupt(int sig UK_UNUSED)
{
	nhandled++;
}

static long act_on_interrupt(uint64_t handler)
{
	const struct uk_abi_sigaction a = { .handler = handler };

	return uk_syscall6_r(SYS_rt_sigaction, UK_ABI_TTY_SIGINT, (long)&a, 0,
			     8, 0, 0);
}

/* A key that comes before would be handled before, and end nothing. */
static void type_when_it_waits(void *reader)
{
	while (uk_thread_is_runnable(reader))
		uk_sched_yield();
	type("ab\x03");
}

UK_TEST(posix_tty_threads, a_key_has_its_handler_run_and_ends_a_read)
{
	struct uk_thread *t;

	if (act_on_interrupt((uint64_t)on_interrupt) == -ENOSYS)
		UK_TEST_SKIP("this image has no signals");
	begin(true);
	fake.passes = true;
	nhandled = 0;
	t = spawn(type_when_it_waits, uk_thread_current());
	UK_EXPECT_EQ(get(line, sizeof(line)), -EINTR);
	UK_EXPECT_EQ(nhandled, 1);
	/* The key has thrown away the line before it. */
	type("c\n");
	UK_EXPECT_EQ(get(line, sizeof(line)), 2);
	UK_EXPECT_MEM_EQ(line, "c\n", 2);
	uk_thread_join(t);
	fake.passes = false;
	UK_EXPECT_EQ(act_on_interrupt(UK_ABI_SIG_DFL), 0);
	end();
}

static uint64_t random_state = 1;

static uint64_t draw(void)
{
	return uk_test_draw(&random_state);
}

/* Memory that is there, with anything in it; or what nobody can have. */
static long any_pointer(void)
{
	static uint64_t mem[64];
	const long bad[] = {
		0, BAD, -1, -8, INT64_MAX, INT64_MIN, INT64_C(0x7f0000000123),
	};

	for (size_t i = 0; i < UK_ARRAY_SIZE(mem); i++)
		mem[i] = draw();
	return draw() % 2 ? (long)mem :
			    bad[draw() % UK_ARRAY_SIZE(bad)];
}

static long any_request(void)
{
	static const long cmds[] = {
		UK_ABI_TCGETS, UK_ABI_TCSETS, UK_ABI_TCSETSW, UK_ABI_TCSETSF,
		UK_ABI_TCSBRK, UK_ABI_TCXONC, UK_ABI_TCFLSH, UK_ABI_TIOCSCTTY,
		UK_ABI_TIOCGPGRP, UK_ABI_TIOCSPGRP, UK_ABI_TIOCOUTQ,
		UK_ABI_TIOCGWINSZ, UK_ABI_TIOCSWINSZ, UK_ABI_TIOCINQ,
		UK_ABI_TCSBRKP, UK_ABI_TIOCGSID, UK_ABI_FIONBIO,
	};
	const long cmd = draw() % 8 ? cmds[draw() % UK_ARRAY_SIZE(cmds)] :
				      (long)draw();

	return uk_syscall_r_ioctl((long)(draw() % 3), cmd,
				  draw() % 4 ? any_pointer() :
					       (long)(draw() % 5) - 1);
}

static long any_call(void)
{
	static const uint64_t lens[] = {
		0, 1, 7, 500, 512, 4096, INT32_MAX, INT64_MAX, UINT64_MAX,
	};
	const uint64_t r = draw(), len = lens[draw() % UK_ARRAY_SIZE(lens)];

	if (r % 4 == 0)
		return uk_syscall_r_read((long)(draw() % 3), any_pointer(),
					 (long)(len % 513));
	if (r % 4 == 1)
		return uk_syscall_r_write((long)(draw() % 3), any_pointer(),
					  (long)(len % 513));
	/* Lengths that no memory has, where none is. */
	if (r % 16 == 2)
		return uk_syscall_r_read((long)(draw() % 3), BAD, (long)len);
	if (r % 16 == 6)
		return uk_syscall_r_write((long)(draw() % 3), BAD, (long)len);
	return any_request();
}

UK_TEST(posix_tty, random_requests_and_keys_harm_nobody)
{
	static char keys[64];
	struct uk_abi_winsize size;
	long rc;

	begin(true);
	UK_EXPECT_EQ(tty_ioctl(UK_ABI_TIOCGWINSZ, &size), 0);
	for (unsigned int i = 0; i < 5000; i++) {
		/* Nobody would go on with what waits. */
		(void)tty_ioctl(UK_ABI_TCXONC, (void *)UK_ABI_TCOON);
		set_nonblock(1);
		for (size_t n = 0; n < sizeof(keys); n++)
			keys[n] = (char)draw();
		supply(keys, draw() % sizeof(keys));
		interrupt();
		fake.nsent = 0;
		rc = any_call();
		UK_EXPECT(rc >= -133);
		UK_EXPECT_EQ(ukarch_current()->calls, 0);
	}
	(void)tty_ioctl(UK_ABI_TCXONC, (void *)UK_ABI_TCOON);
	UK_EXPECT_EQ(tty_ioctl(UK_ABI_TIOCSWINSZ, &size), 0);
	end();
	begin(true);
	type("ok\r");
	EXPECT_SENT("ok\r\n");
	UK_EXPECT_EQ(get(keys, 4), 3);
	end();
}
