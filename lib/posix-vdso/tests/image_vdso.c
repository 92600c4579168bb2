/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The file is read as C libraries do: by its segments, its dynamic section,
 * and by name and version; musl looks at all symbols, glibc goes by the hash.
 */
#include <uk/vdso.h>

#include <stdbool.h>
#include <stddef.h>

#include <uk/abi/time.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/syscall.h>
#include <uk/test.h>
#include <uk/time.h>

#define BAD	((void *)16)

struct ehdr {
	uint8_t ident[16];
	uint16_t type, machine;
	uint32_t version;
	uint64_t entry, phoff, shoff;
	uint32_t flags;
	uint16_t ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
};

struct phdr {
	uint32_t type, flags;
	uint64_t offset, vaddr, paddr, filesz, memsz, align;
};

struct sym {
	uint32_t name;
	uint8_t info, other;
	uint16_t shndx;
	uint64_t value, size;
};

struct verdef {
	uint16_t version, flags, ndx, cnt;
	uint32_t hash, aux, next;
};

_Static_assert(sizeof(struct ehdr) == 64 && sizeof(struct phdr) == 56 &&
	       sizeof(struct sym) == 24 && sizeof(struct verdef) == 20, "ELF");

#if UK_IS_ENABLED(CONFIG_ARCH_X86_64)
#define MACHINE		62
#define NAME(x)		"__vdso_" #x
#define VERSION		"LINUX_2.6"
#define OTHER		"LINUX_2.6.39"
#define NFUNCTIONS	5u
#else
#define MACHINE		183
#define NAME(x)		"__kernel_" #x
#define VERSION		"LINUX_2.6.39"
#define OTHER		"LINUX_2.6"
#define NFUNCTIONS	4u
#endif

static struct {
	const uint8_t *base;
	const char *strings;
	const struct sym *syms;
	const uint32_t *hash;
	const uint16_t *versym;
	const uint8_t *verdef;
	uint64_t strsz, size, soname;
} f;

static bool same(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

static uint32_t hash_of(const char *name)
{
	uint32_t h = 0;

	for (; *name; name++) {
		h = (h << 4) + (uint8_t)*name;
		h = (h ^ (h >> 28 << 4)) & 0x0fffffff;
	}
	return h;
}

static void read_dynamic(const uint64_t *d)
{
	for (; d[0]; d += 2) {
		const uint8_t *const at = f.base + d[1];

		switch (d[0]) {
		case 4:
			f.hash = (const void *)at;
			break;
		case 5:
			f.strings = (const void *)at;
			break;
		case 6:
			f.syms = (const void *)at;
			break;
		case 10:
			f.strsz = d[1];
			break;
		case 14:
			f.soname = d[1];
			break;
		case 0x6ffffff0:
			f.versym = (const void *)at;
			break;
		case 0x6ffffffc:
			f.verdef = at;
			break;
		}
	}
}

static bool read_file(void)
{
	const struct ehdr *const eh = (const void *)uk_vdso;
	const struct phdr *ph = (const void *)(uk_vdso + eh->phoff);
	const uint64_t *dynamic = NULL;

	f = (__typeof__(f)){ 0 };
	for (unsigned int i = 0; i < eh->phnum; i++, ph++) {
		if (ph->type == 1) {
			f.base = uk_vdso + ph->offset - ph->vaddr;
			f.size = ph->memsz;
		} else if (ph->type == 2) {
			dynamic = (const void *)(uk_vdso + ph->offset);
		}
	}
	if (!UK_EXPECT_NOT_NULL(f.base) || !UK_EXPECT_NOT_NULL(dynamic))
		return false;
	read_dynamic(dynamic);
	return UK_EXPECT(f.strings && f.syms && f.hash && f.versym &&
			 f.verdef);
}

/* The name of version @ndx; NULL: it is the file's own, or none. */
static const char *version_of(unsigned int ndx, uint32_t *hash)
{
	const uint8_t *at = f.verdef;

	for (;;) {
		const struct verdef *const def = (const void *)at;

		if (!(def->flags & 1) && def->ndx == ndx) {
			*hash = def->hash;
			return f.strings +
			       *(const uint32_t *)(const void *)(at +
								 def->aux);
		}
		if (!def->next)
			return NULL;
		at += def->next;
	}
}

static const struct sym *find(const char *name, const char *version)
{
	const uint32_t nbuckets = f.hash[0];
	const uint32_t *const chain = f.hash + 2 + nbuckets;
	uint32_t i = f.hash[2 + hash_of(name) % nbuckets];

	for (; i; i = chain[i]) {
		const struct sym *const s = &f.syms[i];
		uint32_t hash = 0;
		const char *const has = version_of(f.versym[i], &hash);

		if (same(f.strings + s->name, name) && has &&
		    same(has, version) && hash == hash_of(version))
			return s;
	}
	return NULL;
}

static void *function(const char *name)
{
	const struct sym *const s = find(name, VERSION);

	if (!UK_EXPECT_NOT_NULL(s))
		return NULL;
	return (void *)(uintptr_t)(f.base + s->value);
}

UK_TEST(vdso, it_is_a_shared_object_of_this_machine)
{
	const struct ehdr *const eh = (const void *)uk_vdso;

	UK_EXPECT_MEM_EQ(eh->ident, "\177ELF\2\1\1", 8);
	UK_EXPECT_EQ(eh->type, 3);
	UK_EXPECT_EQ(eh->machine, MACHINE);
	UK_EXPECT_EQ(eh->version, 1);
	UK_EXPECT_EQ(eh->ehsize, sizeof(*eh));
	UK_EXPECT_EQ(eh->phentsize, sizeof(struct phdr));
	UK_EXPECT_EQ((uintptr_t)uk_vdso % 64, 0);
	if (!read_file())
		return;
	UK_EXPECT_EQ((uintptr_t)f.base, (uintptr_t)uk_vdso);
	UK_EXPECT(same(f.strings + f.soname, "linux-vdso.so.1"));
}

UK_TEST(vdso, each_function_is_found_by_its_name_and_version)
{
	if (!read_file())
		return;
	UK_EXPECT_EQ(f.hash[1], NFUNCTIONS + 1);
	for (uint32_t i = 1; i < f.hash[1]; i++) {
		const struct sym *const s = &f.syms[i];
		const char *const name = f.strings + s->name;

		UK_EXPECT_LT(s->name, f.strsz);
		UK_EXPECT_EQ(s->info, 0x12);
		UK_EXPECT_NE(s->shndx, 0);
		UK_EXPECT(s->size > 0 && s->value + s->size <= f.size);
		UK_EXPECT_EQ((uintptr_t)find(name, VERSION), (uintptr_t)s);
		UK_EXPECT_NULL(find(name, OTHER));
	}
	UK_EXPECT_NULL(find("__vdso_nothing", VERSION));
}

UK_TEST(vdso, its_clocks_are_those_of_the_calls)
{
	long (*get)(long, struct uk_abi_timespec *);
	long (*res)(long, struct uk_abi_timespec *);
	struct uk_abi_timespec ts;
	uint64_t before;

	if (!read_file())
		return;
	*(void **)&get = function(NAME(clock_gettime));
	*(void **)&res = function(NAME(clock_getres));
	if (!get || !res)
		return;
	before = uk_time_now();
	UK_EXPECT_EQ(get(UK_ABI_CLOCK_MONOTONIC, &ts), 0);
	UK_EXPECT((uint64_t)ts.tv_sec * UK_TIME_NS_PER_SEC +
		  (uint64_t)ts.tv_nsec >= before);
	UK_EXPECT((uint64_t)ts.tv_sec * UK_TIME_NS_PER_SEC +
		  (uint64_t)ts.tv_nsec <= uk_time_now());
	before = uk_time_wall();
	UK_EXPECT_EQ(get(UK_ABI_CLOCK_REALTIME, &ts), 0);
	UK_EXPECT((uint64_t)ts.tv_sec * UK_TIME_NS_PER_SEC +
		  (uint64_t)ts.tv_nsec >= before);
	UK_EXPECT_EQ(get(99, &ts), -EINVAL);
	UK_EXPECT_EQ(get(UK_ABI_CLOCK_MONOTONIC, BAD), -EFAULT);
	UK_EXPECT_EQ(res(UK_ABI_CLOCK_MONOTONIC, &ts), 0);
	UK_EXPECT_EQ(ts.tv_sec, 0);
	UK_EXPECT_EQ(ts.tv_nsec, uk_time_resolution());
}

UK_TEST(vdso, so_is_the_time_of_day)
{
	const long sec = (long)(uk_time_wall() / UK_TIME_NS_PER_SEC);
	long (*day)(long tv[2], void *zone);
	long tv[2] = { 0, -1 };

	if (!read_file())
		return;
	*(void **)&day = function(NAME(gettimeofday));
	if (!day)
		return;
	UK_EXPECT_EQ(day(tv, NULL), 0);
	UK_EXPECT(tv[0] >= sec && tv[0] <= sec + 60);
	UK_EXPECT(tv[1] >= 0 && tv[1] < 1000000);
}

#if UK_IS_ENABLED(CONFIG_ARCH_X86_64)
UK_TEST(vdso, so_are_time_and_the_number_of_the_cpu)
{
	const long sec = (long)(uk_time_wall() / UK_TIME_NS_PER_SEC);
	long (*since)(long *now);
	long (*cpu)(unsigned int *cpu, unsigned int *node, void *unused);
	unsigned int here = 99, node = 99;
	long now = 0;

	if (!read_file())
		return;
	*(void **)&since = function(NAME(time));
	*(void **)&cpu = function(NAME(getcpu));
	if (!since || !cpu)
		return;
	UK_EXPECT(since(NULL) >= sec);
	UK_EXPECT(since(&now) <= sec + 60);
	UK_EXPECT(now >= sec);
	/* Cases run on the boot CPU. */
	UK_EXPECT_EQ(cpu(&here, &node, NULL), 0);
	UK_EXPECT_EQ(here, 0);
	UK_EXPECT_EQ(node, 0);
}
#else
UK_TEST(vdso, a_handler_returns_to_the_call_that_debuggers_know)
{
	/* mov x8, #139; svc #0 */
	static const uint32_t code[] = { 0xd2801168, 0xd4000001 };

	if (!read_file())
		return;
	UK_EXPECT_MEM_EQ(function(NAME(rt_sigreturn)), code, sizeof(code));
}
#endif
