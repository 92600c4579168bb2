/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/compiler.h>
#include <uk/event.h>
#include <uk/list.h>
#include <uk/spinlock.h>

/*
 * Open files: what a descriptor stands for, be it a file, a pipe, a socket, a
 * timer or the console. POSIX calls it an open file description.
 *
 * A kind of file is a struct uk_file inside the structure of its own and a
 * table of functions. Whoever keeps a pointer to one has a reference to it
 * (uk_file_get()); with the last reference (uk_file_put()) the kind's release()
 * comes.
 *
 * Waiting is the same for all kinds. A kind computes what could be done now
 * (events()), and says when that may have become more (uk_file_wake()); on
 * that stand a call that blocks (uk_file_wait()), poll and epoll, which hang a
 * struct uk_file_watch on the file.
 *
 * Context: thread; what may be called from interrupts says so.
 */

struct uk_file;
struct uk_io;

/* What can be done with a file: the bits of poll(2) and epoll(7). */
#define UK_FILE_IN	0x001u	/* a read would not block */
#define UK_FILE_PRI	0x002u	/* something urgent */
#define UK_FILE_OUT	0x004u	/* a write would not block */
#define UK_FILE_ERR	0x008u	/* an error waits; always told */
#define UK_FILE_HUP	0x010u	/* the other end is gone; always told */
#define UK_FILE_RDHUP	0x2000u	/* the other end writes no more */

/* How a file was opened: the flags of open(2) that fcntl(2) may change. */
#define UK_FILE_APPEND		0x0400u
#define UK_FILE_NONBLOCK	0x0800u

/* The caller's position: the file has none, or use and move its own. */
#define UK_FILE_POS	INT64_C(-1)

/*
 * A kind's functions. One that is NULL is refused with the error given there.
 * They are called with a reference held, by several threads at a time, and do
 * not block if the file is UK_FILE_NONBLOCK, but return -EAGAIN.
 */
struct uk_file_ops {
	/* For who asks what it is: "pipe", "eventfd". */
	const char *kind;

	/*
	 * Read to @io, or write from it, at @pos (UK_FILE_POS: where it is).
	 * Returns the number of bytes, 0 at the end, or a negative errno if
	 * that is 0. NULL: -EINVAL.
	 */
	ptrdiff_t (*read)(struct uk_file *file, struct uk_io *io,
			  int64_t pos);
	ptrdiff_t (*write)(struct uk_file *file, struct uk_io *io,
			   int64_t pos);

	/*
	 * Move the position; @whence as lseek(2) has it. Returns the new one.
	 * NULL: -ESPIPE, and read and write are given UK_FILE_POS only.
	 */
	int64_t (*seek)(struct uk_file *file, int64_t off, int whence);

	/* ioctl(2); @arg may be a bad pointer. NULL: -ENOTTY. */
	long (*ioctl)(struct uk_file *file, unsigned long cmd, long arg);

	/* What is the kind's of fcntl(2); likewise. NULL: -EINVAL. */
	long (*fcntl)(struct uk_file *file, int cmd, unsigned long arg);

	/*
	 * What can be done now, UK_FILE_…; any context, quick, and without a
	 * lock that is held around uk_file_wake(). NULL: IN and OUT, always.
	 */
	uint32_t (*events)(struct uk_file *file);

	/* The last reference is gone; frees it. */
	void (*release)(struct uk_file *file);
};

struct uk_file {
	const struct uk_file_ops *ops;
	uint32_t refs;		/* atomic: uk_file_get() */
	uint32_t flags;		/* UK_FILE_APPEND, …; atomic, relaxed */
	bool readable;		/* it was opened for; constant */
	bool writable;
	bool reads;		/* and its kind can; constant */
	bool writes;

	/* Private: who wants to know, see watch.c. */
	struct uk_spinlock lock;
	struct uk_list watches;		/* lock */
	bool outlived;	/* a watch has a gone(); lock, and at the end */
	uintptr_t who;	/* 0: nobody; atomic */
};

/*
 * Make @file an open file of a kind, with one reference, the caller's; the
 * rest of the structure around it is the kind's.
 */
void uk_file_init(struct uk_file *file, const struct uk_file_ops *ops,
		  bool readable, bool writable);

/* @n references more; the caller has one, or knows somebody who has. */
static inline void uk_file_get_many(struct uk_file *file, uint32_t n)
{
	/* Relaxed: it adds to one that is there. */
	__atomic_fetch_add(&file->refs, n, __ATOMIC_RELAXED);
}

static inline void uk_file_get(struct uk_file *file)
{
	uk_file_get_many(file, 1);
}

/* @n less; with the last one the file is released. */
void uk_file_put_many(struct uk_file *file, uint32_t n);

static inline void uk_file_put(struct uk_file *file)
{
	uk_file_put_many(file, 1);
}

/*
 * The functions of the kind, with what all kinds have in common checked first.
 * Positions: UK_FILE_POS, or 0 and above. Returns as they do, or
 *   -EBADF   it is not open for that
 *   -EINVAL  the kind cannot do that
 *   -ESPIPE  it has no positions
 *   -ENOTTY  it knows no ioctl
 */
ptrdiff_t uk_file_read(struct uk_file *file, struct uk_io *io, int64_t pos);
ptrdiff_t uk_file_write(struct uk_file *file, struct uk_io *io, int64_t pos);
int64_t uk_file_seek(struct uk_file *file, int64_t off, int whence);
long uk_file_ioctl(struct uk_file *file, unsigned long cmd, long arg);
long uk_file_fcntl(struct uk_file *file, int cmd, unsigned long arg);

/* What can be done now. Context: any. */
static inline uint32_t uk_file_events(struct uk_file *file)
{
	return file->ops->events ? file->ops->events(file)
				 : UK_FILE_IN | UK_FILE_OUT;
}

/*
 * Events as poll(2) tells them: reading and writing have a second name there,
 * RDNORM and WRNORM.
 */
static inline uint32_t uk_file_poll_bits(uint32_t events)
{
	_Static_assert(UK_FILE_IN << 6 == 0x040 && UK_FILE_OUT << 6 == 0x100,
		       "RDNORM and WRNORM");
	return events | (events & (UK_FILE_IN | UK_FILE_OUT)) << 6;
}

static inline bool uk_file_is_nonblock(const struct uk_file *file)
{
	return UK_READ_ONCE(file->flags) & UK_FILE_NONBLOCK;
}

/*
 * Who wants to know
 */

struct uk_file_watch {
	/* Set before it is hung on a file. */
	uint32_t mask;		/* what it is called for; ERR, HUP always */
	bool exclusive;		/* see uk_file_wake() */
	/*
	 * Something of the mask has come, or may have: @events is what was
	 * woken for. It must not block nor change watches, and calls nothing
	 * of the file. Returns whether somebody will see to it. Context: that
	 * of uk_file_wake(), a spinlock held.
	 */
	bool (*fn)(struct uk_file_watch *watch, uint32_t events);
	/*
	 * The file's last reference is gone, and the watch is off it; what is
	 * at the file's address is not to be used from now on. Likewise.
	 * NULL: whoever hangs it has a reference.
	 */
	void (*gone)(struct uk_file_watch *watch);

	/* Private. */
	struct uk_file *file;	/* NULL: gone() was called */
	struct uk_list node;	/* the file's lock */
	bool once;		/* see watch.c */
	bool listed;
};

/*
 * Hang @watch on @file, and take it off again, after which its functions do
 * not run any more. It holds no reference: whoever hangs it has one, and keeps
 * it unless there is a gone(). To miss nothing: hang it, then ask
 * uk_file_events(). Context: thread.
 */
void uk_file_watch(struct uk_file *file, struct uk_file_watch *watch);
void uk_file_unwatch(struct uk_file_watch *watch);

/* Does somebody want to know? What was true a moment ago. Context: any. */
static inline bool uk_file_is_watched(const struct uk_file *file)
{
	return UK_READ_ONCE(file->who);
}

/* Behind the next: where somebody does, who it is. */
void uk_file_wake_(struct uk_file *file, uint32_t events, uintptr_t who);

/*
 * Take off a watch with a gone(), by a caller that has no reference and does
 * not know whether the file is still there. Context: thread, with no lock that
 * gone() takes.
 */
void uk_file_unwatch_weak(struct uk_file_watch *watch);

/*
 * For a kind: @events may be possible now that were not before, or are again
 * more so (new bytes, for those who want an edge). Of exclusive watches one is
 * called whose function says that somebody will see to it, another one each
 * time; but all of them for ERR and HUP. Context: any but NMI, after the
 * change, which those who are woken see.
 */
static inline void uk_file_wake(struct uk_file *file, uint32_t events)
{
	uintptr_t who;

	/*
	 * The change is out before it is looked who is there; pairs with the
	 * fence of uk_file_watch(), after which its caller asks.
	 */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	who = UK_READ_ONCE(file->who);
	if (who)
		uk_file_wake_(file, events, who);
}

/*
 * Raised with a struct uk_file_signal: a kind of file has a signal for the
 * program. Context: any but NMI, without locks of the kind; interrupts may be
 * off.
 */
UK_EVENT_DECLARE(uk_file_signal);

struct uk_file_signal {
	int sig;		/* its number in Linux's ABI */
	bool to_caller;		/* to this thread, not to the process */
};

/*
 * Wait until one of @mask, ERR or HUP is possible, or uk_time_now() is
 * @deadline_ns (UK_TIME_NEVER: for ever).
 *
 * Returns 0, or
 *   -ETIMEDOUT  it is that late
 *   -EINTR      the thread is to do something else first (a signal, its end)
 */
UK_MUST_USE int uk_file_wait(struct uk_file *file, uint32_t mask,
			     uint64_t deadline_ns);

/*
 * One turn of a kind's read or write that tries until it has succeeded: -EAGAIN
 * at once if the file is UK_FILE_NONBLOCK, no deadline, and -UK_CALL_RESTART
 * (<uk/call.h>) in the place of -EINTR. @mask is of IN, PRI and OUT. Returns 0
 * when something of @mask, ERR or HUP has come, which somebody else may have
 * taken since: the kind tries again, and waits again if that is so. There is
 * one that is shorter: <uk/file_wait.h>.
 */
UK_MUST_USE int uk_file_wait_turn(struct uk_file *file, uint32_t mask);

/*
 * The same for what events do not tell, and until it is done: @try(@file, @arg)
 * has returned true. It is called first, and again after each uk_file_wake()
 * for @mask; meanwhile the caller counts as blocked, so it must not block, nor
 * touch a program's memory.
 */
UK_MUST_USE int uk_file_try(struct uk_file *file, uint32_t mask,
			    bool (*try)(struct uk_file *file, void *arg),
			    void *arg);

/*
 * The same for who has hung watches of its own, on any number of files, whose
 * functions wake the calling thread: until @try(@file, @arg) is true. @file may
 * be NULL. Returns 0, -ETIMEDOUT or -EINTR as uk_file_wait().
 */
UK_MUST_USE int uk_file_block(struct uk_file *file,
			      bool (*try)(struct uk_file *file, void *arg),
			      void *arg, uint64_t deadline_ns);
