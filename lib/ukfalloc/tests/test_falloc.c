/* SPDX-License-Identifier: BSD-3-Clause */
/* The checks before any allocator of frames is asked. */
#include <uk/falloc.h>

#include <uk/arch/paging.h>
#include <uk/compiler.h>
#include <uk/errno.h>
#include <uk/spinlock.h>
#include <uk/test.h>

/* What reached the allocator. */
static struct {
	unsigned int calls;
	unsigned long nframes, flags;
	uint64_t min, max;
} seen;

static int note(struct uk_falloc *fa UK_UNUSED, uint64_t *paddr,
		unsigned long nframes, unsigned long flags)
{
	seen.calls++;
	seen.nframes = nframes;
	seen.flags = flags;
	*paddr = 0x5000;
	return 0;
}

static int note_range(struct uk_falloc *fa, uint64_t *paddr,
		      unsigned long nframes, unsigned long flags,
		      uint64_t min, uint64_t max)
{
	seen.min = min;
	seen.max = max;
	return note(fa, paddr, nframes, flags);
}

static int note_free(struct uk_falloc *fa UK_UNUSED, uint64_t paddr,
		     unsigned long nframes)
{
	seen.calls++;
	seen.min = paddr;
	seen.nframes = nframes;
	return 0;
}

static struct uk_falloc fake = {
	.falloc = note,
	.falloc_from_range = note_range,
	.ffree = note_free,
	.addmem = note_free,
};

static void begin(void)
{
	seen = (__typeof__(seen)){ .calls = 0 };
}

UK_TEST(falloc, a_request_for_no_frames_or_with_unknown_flags_is_refused)
{
	uint64_t paddr = 1;

	begin();
	UK_EXPECT_EQ(uk_falloc(&fake, &paddr, 0, 0), -EINVAL);
	UK_EXPECT_EQ(uk_falloc(&fake, &paddr, 1, 0x8), -EINVAL);
	UK_EXPECT_EQ(uk_falloc(&fake, &paddr, 1, 1ul << 14), -EINVAL);
	UK_EXPECT_EQ(uk_falloc_from_range(&fake, &paddr, 0, 0, 0, 0x9000),
		     -EINVAL);
	UK_EXPECT_EQ(seen.calls, 0);
	UK_EXPECT_EQ(paddr, 1);
}

UK_TEST(falloc, without_an_allocator_there_is_no_memory)
{
	uint64_t paddr;

	UK_EXPECT_EQ(uk_falloc(NULL, &paddr, 1, 0), -ENOMEM);
	UK_EXPECT_EQ(uk_falloc_from_range(NULL, &paddr, 1, 0, 0, 0x9000),
		     -ENOMEM);
}

UK_TEST(falloc, a_range_is_cut_to_whole_frames)
{
	uint64_t paddr;

	begin();
	UK_EXPECT_EQ(uk_falloc_from_range(&fake, &paddr, 2, 0, 0x1001,
					  0x5fff), 0);
	UK_EXPECT_EQ(seen.min, 0x2000);
	UK_EXPECT_EQ(seen.max, 0x5000);
	UK_EXPECT_EQ(seen.nframes, 2);
}

UK_TEST(falloc, a_range_without_a_frame_or_that_wraps_is_refused)
{
	uint64_t paddr;

	begin();
	UK_EXPECT_EQ(uk_falloc_from_range(&fake, &paddr, 1, 0, 0x1001,
					  0x2fff), -EINVAL);
	UK_EXPECT_EQ(uk_falloc_from_range(&fake, &paddr, 1, 0, 0x3000,
					  0x2000), -EINVAL);
	UK_EXPECT_EQ(uk_falloc_from_range(&fake, &paddr, 1, 0, UINT64_MAX,
					  UINT64_MAX), -EINVAL);
	UK_EXPECT_EQ(seen.calls, 0);
}

static int add(uintptr_t at, unsigned long nframes)
{
	return uk_falloc_addmem(&fake, uk_virt_to_phys((void *)at), nframes);
}

UK_TEST(falloc, what_is_added_has_a_place_in_the_linear_map)
{
	const uintptr_t end = UKARCH_KMAP_BASE;

	begin();
	UK_EXPECT_EQ(add(end - 0x1000, 2), -EINVAL);
	UK_EXPECT_EQ(add(end, 1), -EINVAL);
	/* As if an address of the image were one of the linear map. */
	UK_EXPECT_EQ(add(UINTPTR_MAX - 0xffffff, 1), -EINVAL);
	UK_EXPECT_EQ(seen.calls, 0);
	UK_EXPECT_EQ(add(end - 0x2000, 2), 0);
	UK_EXPECT_EQ(seen.calls, 1);
}

UK_TEST(falloc, only_whole_frames_come_back_or_are_added)
{
	begin();
	UK_EXPECT_EQ(uk_ffree(&fake, 0x1001, 1), -EINVAL);
	UK_EXPECT_EQ(uk_ffree(&fake, 0x1000, 0), -EINVAL);
	UK_EXPECT_EQ(uk_falloc_addmem(&fake, 0x1800, 1), -EINVAL);
	UK_EXPECT_EQ(uk_falloc_addmem(&fake, 0x1000, 0), -EINVAL);
	UK_EXPECT_EQ(uk_falloc_addmem(&fake, UINT64_MAX - 0x1fff, 2),
		     -EINVAL);
	UK_EXPECT_EQ(seen.calls, 0);
	UK_EXPECT_EQ(uk_ffree(&fake, 0x1000, 3), 0);
	UK_EXPECT_EQ(seen.nframes, 3);
	UK_EXPECT_EQ(seen.min, 0x1000);
}

UK_TEST(falloc, flags_name_an_alignment)
{
	uint64_t paddr;

	begin();
	UK_EXPECT_EQ(uk_falloc(&fake, &paddr, 1, UK_FALLOC_BELOW_4G |
			       UK_FALLOC_ALIGN(21)), 0);
	UK_EXPECT_EQ(UK_FALLOC_ALIGN_SHIFT(seen.flags), 21);
	UK_EXPECT(seen.flags & UK_FALLOC_BELOW_4G);
	UK_EXPECT(!(seen.flags & UK_FALLOC_BELOW_16M));
}

UK_TEST(falloc, the_first_one_registered_is_the_default)
{
	struct uk_falloc *const saved = _uk_falloc_head;
	struct uk_falloc one = fake, two = fake;

	_uk_falloc_head = NULL;
	uk_falloc_register(&one);
	uk_falloc_register(&two);
	UK_EXPECT_EQ((uintptr_t)uk_falloc_get_default(), (uintptr_t)&one);
	UK_EXPECT_EQ((uintptr_t)one.next, (uintptr_t)&two);
	UK_EXPECT_NULL(two.next);
	_uk_falloc_head = saved;
}

/* Who keeps frames of the fake one. */
static struct {
	unsigned int calls;
	const void *asker;
} asked;

static enum uk_event_result on_short(void *data)
{
	const struct uk_falloc_short *const s = data;

	if (s->fa != &fake)
		return UK_EVENT_NOT_HANDLED;
	asked.calls++;
	asked.asker = s->asker;
	return UK_EVENT_HANDLED_CONT;
}

UK_EVENT_HANDLER(uk_falloc_short, on_short);

UK_TEST(falloc, who_keeps_frames_is_asked_where_that_can_be_done)
{
	struct uk_spinlock lock = UK_SPINLOCK_INIT;
	unsigned long irq;

	if (!ukarch_irq_enabled())
		UK_TEST_SKIP("here interrupts are never on");
	asked.calls = 0;
	UK_EXPECT(uk_falloc_reclaim(&fake, &lock));
	UK_EXPECT_EQ(asked.calls, 1);
	UK_EXPECT_EQ(asked.asker, &lock);

	irq = uk_spin_lock_irqsave(&lock);
	UK_EXPECT(!uk_falloc_reclaim(&fake, NULL));
	uk_spin_unlock_irqrestore(&lock, irq);
	if (UK_IS_ENABLED(CONFIG_HAVE_PREEMPT)) {
		uk_spin_lock(&lock);
		UK_EXPECT(!uk_falloc_reclaim(&fake, NULL));
		uk_spin_unlock(&lock);
	}
	UK_EXPECT_EQ(asked.calls, 1);
}
