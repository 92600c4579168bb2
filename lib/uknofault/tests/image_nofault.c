/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The edge in these cases is where the linear map ends behind the last byte of
 * RAM. Nothing is changed there: what is written is what is read.
 */
#include <uk/nofault.h>

#include <uk/arch/cpu.h>
#include <uk/arch/paging.h>
#include <uk/arch/trap.h>
#include <uk/bootinfo.h>
#include <uk/config.h>
#include <uk/essentials.h>
#include <uk/init.h>
#include <uk/sections.h>
#include <uk/string.h>
#include <uk/test.h>

#define PAGE	((size_t)UKARCH_PAGE_SIZE)

static const struct uk_bootinfo *bootinfo;

static int remember(const struct uk_boot_ctx *ctx)
{
	bootinfo = ctx->bi;
	return 0;
}

UK_INIT(LATE, remember, NULL);

/* How often somebody who might map a page was asked for one of ours. */
static unsigned int asked;

static char *edge(void)
{
	uint64_t end = 0;

	for (uint32_t i = 0; i < bootinfo->nregions; i++) {
		const struct uk_region *const r = &bootinfo->regions[i];

		if (r->flags & UK_REGIONF_RAM)
			end = UK_MAX(end, r->base + r->len);
	}
	return uk_phys_to_virt(end);
}

/* Firmware's tables may begin there, and drivers of ACPI read them. */
#define NEEDS_EDGE()							\
	do {								\
		if (UK_IS_ENABLED(CONFIG_LIBBUTTON_ACPI) &&		\
		    uk_nofault_probe_r((uintptr_t)edge(), 1,		\
				       UK_NOFAULT_NOPAGING))		\
			UK_TEST_SKIP("something is behind RAM");	\
	} while (0)

static enum uk_event_result ask(void *data)
{
	const struct uk_trap *const trap = data;

	if (bootinfo && trap->addr == (uintptr_t)edge())
		asked++;
	return UK_EVENT_NOT_HANDLED;
}

UK_EVENT_HANDLER(ukarch_trap_page_fault, ask);

/* x86_64: a general protection fault. arm64: a page fault as others are. */
static void *not_canonical(void)
{
	return (void *)UINT64_C(0x4000123456789abc);
}

/* Just past the low half that @levels of tables have. */
static void *beyond(unsigned int levels)
{
	return (void *)(ukarch_low_end(levels) + UKARCH_PAGE_SIZE);
}

UK_TEST(nofault, good_memory_is_copied_whole_in_every_length)
{
	char from[100], to[100];

	for (size_t i = 0; i < sizeof(from); i++)
		from[i] = (char)(i + 1);
	for (size_t len = 0; len < sizeof(to); len++) {
		memset(to, 0, sizeof(to));
		UK_EXPECT_EQ(uk_nofault_memcpy(to, from, len, 0), len);
		UK_EXPECT_MEM_EQ(to, from, len);
		UK_EXPECT_EQ(to[len], 0);
	}
}

UK_TEST(nofault, a_copy_ends_at_the_first_byte_that_cannot_be_read)
{
	char to[100];

	NEEDS_EDGE();
	for (size_t good = 0; good <= 70; good++) {
		memset(to, 0x55, sizeof(to));
		UK_EXPECT_EQ(uk_nofault_memcpy(to, edge() - good, sizeof(to),
					       0), good);
		UK_EXPECT_MEM_EQ(to, edge() - good, good);
		UK_EXPECT_EQ(to[good], 0x55);
	}
}

UK_TEST(nofault, a_copy_ends_at_the_first_byte_that_cannot_be_written)
{
	char from[100];

	NEEDS_EDGE();
	for (size_t good = 0; good <= 70; good++) {
		memcpy(from, edge() - good, good);
		UK_EXPECT_EQ(uk_nofault_memcpy(edge() - good, from,
					       sizeof(from), 0), good);
	}
}

UK_TEST(nofault, null_and_wild_addresses_copy_nothing)
{
	char byte = 1;

	UK_EXPECT_EQ(uk_nofault_memcpy(&byte, NULL, 1, 0), 0);
	UK_EXPECT_EQ(uk_nofault_memcpy(NULL, &byte, 1, 0), 0);
	UK_EXPECT_EQ(uk_nofault_memcpy(&byte, not_canonical(), 1, 0), 0);
	UK_EXPECT_EQ(uk_nofault_memcpy(not_canonical(), &byte, 1, 0), 0);
	/* Canonical or not, by the levels in force. */
	UK_EXPECT_EQ(uk_nofault_memcpy(&byte, beyond(UKARCH_PT_LEVELS), 1, 0),
		     0);
	UK_EXPECT_EQ(uk_nofault_memcpy(beyond(ukarch_pt_levels()), &byte, 1,
				       0), 0);
	UK_EXPECT_EQ(byte, 1);
}

UK_TEST(nofault, constants_and_code_are_read_and_not_written)
{
	static const uint64_t constant = 7;
	uint64_t value = 0;

	UK_EXPECT(uk_nofault_try_read(value, &constant));
	UK_EXPECT_EQ(value, 7);
	value = 8;
	UK_EXPECT_EQ(uk_nofault_memcpy((void *)(uintptr_t)&constant, &value,
				       sizeof(value), 0), 0);
	UK_EXPECT_EQ(uk_nofault_memcpy(_text, &value, sizeof(value), 0), 0);
	UK_EXPECT_EQ(uk_nofault_probe_r((uintptr_t)_text, 1, 0), 1);
	UK_EXPECT_EQ(uk_nofault_probe_rw((uintptr_t)_text, 1, 0), 0);
}

UK_TEST(nofault, a_read_that_fails_says_so)
{
	uint32_t value = 0;

	NEEDS_EDGE();
	UK_EXPECT(!uk_nofault_try_read(value, (uint32_t *)NULL));
	UK_EXPECT(!uk_nofault_try_read(value, (uint32_t *)(edge() - 2)));
	UK_EXPECT(uk_nofault_try_read(value, (uint32_t *)(edge() - 4)));
}

UK_TEST(nofault, a_word_is_read_and_changed_as_one)
{
	uint32_t word = 7, was = 8;

	UK_EXPECT(uk_nofault_load32(&was, &word, 0));
	UK_EXPECT_EQ(was, 7);
	was = 8;
	UK_EXPECT(uk_nofault_cas32(&word, &was, 9, 0));
	UK_EXPECT_EQ(was, 7);
	UK_EXPECT_EQ(word, 7);
	UK_EXPECT(uk_nofault_cas32(&word, &was, UINT32_MAX, 0));
	UK_EXPECT_EQ(was, 7);
	UK_EXPECT_EQ(word, UINT32_MAX);
	UK_EXPECT(uk_nofault_load32(&was, &word, 0));
	UK_EXPECT_EQ(was, UINT32_MAX);
}

UK_TEST(nofault, a_word_that_is_not_there_is_told)
{
	static const uint32_t constant = 7;
	uint32_t *const bad[] = {
		NULL, (uint32_t *)(uintptr_t)edge(), not_canonical(),
	};
	uint32_t was;

	NEEDS_EDGE();
	for (size_t i = 0; i < UK_ARRAY_SIZE(bad); i++) {
		was = 7;
		UK_EXPECT(!uk_nofault_load32(&was, bad[i], 0));
		UK_EXPECT_EQ(was, 7);
		UK_EXPECT(!uk_nofault_cas32(bad[i], &was, 1, 0));
		UK_EXPECT_EQ(was, 7);
	}
	UK_EXPECT(!uk_nofault_cas32((uint32_t *)(uintptr_t)&constant, &was, 8,
				    0));
	asked = 0;
	UK_EXPECT(!uk_nofault_load32(&was, bad[1], UK_NOFAULT_NOPAGING));
	UK_EXPECT(!uk_nofault_cas32(bad[1], &was, 1, UK_NOFAULT_NOPAGING));
	UK_EXPECT_EQ(asked, 0);
	UK_EXPECT(!uk_nofault_load32(&was, bad[1], 0));
	UK_EXPECT(!uk_nofault_cas32(bad[1], &was, 1, 0));
	UK_EXPECT_EQ(asked, 2);
}

UK_TEST(nofault, eight_bytes_are_got_and_put_whole_or_not_at_all)
{
	const uint64_t num = UINT64_C(0x0123456789abcdef);
	char mem[sizeof(num) + 1];
	uint64_t got = 0;

	/* Not aligned, once. */
	for (char *at = mem; at < mem + 2; at++) {
		UK_EXPECT(uk_nofault_put(at, &num, sizeof(num)));
		UK_EXPECT_MEM_EQ(at, &num, sizeof(num));
		UK_EXPECT(uk_nofault_get(&got, at, sizeof(got)));
		UK_EXPECT_EQ(got, num);
	}
	UK_EXPECT(!uk_nofault_get(&got, NULL, sizeof(got)));
	UK_EXPECT(!uk_nofault_put(NULL, &num, sizeof(num)));
	UK_EXPECT(!uk_nofault_get(&got, not_canonical(), sizeof(got)));
	UK_EXPECT(!uk_nofault_put(not_canonical(), &num, sizeof(num)));
	UK_EXPECT(!uk_nofault_put(_text, &num, sizeof(num)));
	NEEDS_EDGE();
	for (size_t good = 0; good < sizeof(num); good++) {
		UK_EXPECT(!uk_nofault_get(&got, edge() - good, sizeof(got)));
		UK_EXPECT_EQ(got, num);
	}
	asked = 0;
	UK_EXPECT(!uk_nofault_get(&got, edge(), sizeof(got)));
	UK_EXPECT(!uk_nofault_put(edge(), &num, sizeof(num)));
	UK_EXPECT_EQ(asked, 2);
	UK_EXPECT(uk_nofault_get(&got, edge() - 8, sizeof(got)));
	UK_EXPECT(uk_nofault_put(edge() - 8, &got, sizeof(got)));
}

UK_TEST(nofault, a_probe_tells_where_memory_ends)
{
	const uintptr_t end = (uintptr_t)edge();

	NEEDS_EDGE();
	UK_EXPECT_EQ(uk_nofault_probe_r(end - 1, 1, 0), 1);
	UK_EXPECT_EQ(uk_nofault_probe_r(end - 1, 2, 0), 1);
	UK_EXPECT_EQ(uk_nofault_probe_r(end, 1, 0), 0);
	UK_EXPECT_EQ(uk_nofault_probe_rw(end - PAGE - 3, 10 * PAGE, 0),
		     PAGE + 3);
	UK_EXPECT_EQ(uk_nofault_probe_r(end - PAGE, 0, 0), 0);
	/* It does not go round the end of the address space. */
	UK_EXPECT_EQ(uk_nofault_probe_r(UINTPTR_MAX - 1, SIZE_MAX, 0), 0);
}

UK_TEST(nofault, a_probe_changes_nothing)
{
	char byte = 0x5a;

	UK_EXPECT_EQ(uk_nofault_probe_rw((uintptr_t)&byte, 1, 0), 1);
	UK_EXPECT_EQ(byte, 0x5a);
}

UK_TEST(nofault, who_maps_pages_is_asked_unless_it_must_not_be)
{
	char byte;

	NEEDS_EDGE();
	asked = 0;
	UK_EXPECT_EQ(uk_nofault_memcpy(&byte, edge(), 1, UK_NOFAULT_NOPAGING),
		     0);
	UK_EXPECT_EQ(uk_nofault_memcpy(edge(), &byte, 1, UK_NOFAULT_NOPAGING),
		     0);
	UK_EXPECT_EQ(uk_nofault_probe_rw((uintptr_t)edge(), 1,
					 UK_NOFAULT_NOPAGING), 0);
	UK_EXPECT_EQ(asked, 0);
	UK_EXPECT_EQ(uk_nofault_memcpy(&byte, edge(), 1, 0), 0);
	UK_EXPECT_EQ(asked, 1);
	UK_EXPECT_EQ(uk_nofault_probe_rw((uintptr_t)edge(), 1, 0), 0);
	UK_EXPECT_EQ(asked, 2);
}

static void plain_read(void *arg)
{
	(void)*(volatile char *)arg;
}

UK_TEST(nofault, other_faults_crash_as_before)
{
	NEEDS_EDGE();
	UK_EXPECT_CRASH(plain_read, edge());
	UK_EXPECT_STR_EQ(uk_test_crash_cause(),
			 "page fault: read of unmapped memory");
}
