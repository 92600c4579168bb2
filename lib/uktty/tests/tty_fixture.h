/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <uk/essentials.h>
#include <uk/string.h>
#include <uk/test.h>
#include <uk/tty.h>

/* A terminal whose device keeps what it is sent. */
struct fake {
	struct uk_tty tty;
	char out[8 * UK_TTY_LEN];
	size_t nout;
	int sig;		/* the last one; 0: none */
	uint32_t change;	/* of what was typed last */
};

static struct fake fake;

static void fake_out(struct uk_tty *tty, const char *buf, size_t len)
{
	struct fake *const f = UK_CONTAINER_OF(tty, struct fake, tty);

	len = UK_MIN(len, sizeof(f->out) - f->nout);
	memcpy(f->out + f->nout, buf, len);
	f->nout += len;
}

static void fake_signal(struct uk_tty *tty, int sig)
{
	UK_CONTAINER_OF(tty, struct fake, tty)->sig = sig;
}

static inline void begin(void)
{
	static const struct uk_tty_ops ops = { fake_out, fake_signal };

	fake.nout = 0;
	fake.sig = 0;
	uk_tty_init(&fake.tty, &ops);
}

static inline void type(const char *keys)
{
	fake.change = uk_tty_receive(&fake.tty, keys, uk_strlen(keys));
}

/* Switch modes on and off; the rest stays. */
static inline void set(uint32_t *modes, uint32_t on, uint32_t off)
{
	struct uk_abi_termios next = fake.tty.modes;
	uint32_t *const word = (uint32_t *)((char *)&next +
		((char *)modes - (char *)&fake.tty.modes));

	*word = (*word | on) & ~off;
	(void)uk_tty_set_modes(&fake.tty, &next);
}

#define LOCAL	(&fake.tty.modes.c_lflag)
#define IN	(&fake.tty.modes.c_iflag)
#define OUT	(&fake.tty.modes.c_oflag)

/* The device was sent just @want since the last time. */
#define EXPECT_SENT(want)						\
	do {								\
		UK_EXPECT_EQ(fake.nout, sizeof(want) - 1);		\
		UK_EXPECT_MEM_EQ(fake.out, want, sizeof(want) - 1);	\
		fake.nout = 0;						\
	} while (0)

/* A read of @len gets just @want, and is @end. */
#define EXPECT_READ(len, want, end)					\
	do {								\
		char got_[64];						\
		bool end_;						\
									\
		UK_EXPECT_EQ(uk_tty_read(&fake.tty, got_, len, &end_),	\
			     sizeof(want) - 1);				\
		UK_EXPECT_MEM_EQ(got_, want, sizeof(want) - 1);		\
		UK_EXPECT_EQ(end_, end);				\
	} while (0)
