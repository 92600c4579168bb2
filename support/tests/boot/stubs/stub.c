/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Loads the image as its protocol says and hands over boot data, as it should
 * be or with one fault. Its command line is
 *
 *	PATH MODE the image's command line
 *
 * and MODE is the name of a row of the table at the end. Nothing here checks
 * anything: it comes from our own tests.
 */
#include <stddef.h>
#include <stdint.h>

void stub_main(uint32_t info);
void enter32(uint32_t entry, uint32_t eax, uint32_t ebx);
void enter64(uint32_t entry, uint32_t rsi_low, uint32_t rsi_high,
	     uint32_t cr3, uint32_t cr4);

/* Multiboot 0.6.96, 3.3. */
struct mb_info {
	uint32_t flags, mem_lower, mem_upper, boot_device, cmdline;
	uint32_t mods_count, mods_addr, syms[4], mmap_len, mmap_addr;
	uint32_t drives[2], config_table, loader_name;
};

struct mb_mod {
	uint32_t start, end, string, reserved;
};

struct mb_entry {
	uint32_t size;
	uint64_t base, len;
	uint32_t type;
} __attribute__((packed));

struct pvh_info {
	uint32_t magic, version, flags, nmods;
	uint64_t modlist, cmdline, rsdp, memmap;
	uint32_t nmemmap, reserved;
};

struct pvh_mod {
	uint64_t paddr, size, cmdline, reserved;
};

struct pvh_entry {
	uint64_t base, len;
	uint32_t type, reserved;
};

struct elf_header {
	uint8_t ident[16];
	uint16_t type, machine;
	uint32_t version;
	uint64_t entry, phoff, shoff;
	uint32_t flags;
	uint16_t ehsize, phentsize, phnum;
};

struct elf_segment {
	uint32_t type, flags;
	uint64_t offset, vaddr, paddr, filesz, memsz, align;
};

#define MB_LOADER_MAGIC	0x2badb002
#define MB_HEADER_MAGIC	0x1badb002
#define PVH_MAGIC	0x336ec578
#define MAX_ENTRIES	600

/*
 * What is handed over, in low memory where a loader would have it: it is not
 * the stub's, which the image takes for free memory.
 */
static struct {
	char cmdline[65536];
	struct mb_info mb;
	struct mb_mod mod;
	struct mb_entry map[MAX_ENTRIES];
	struct pvh_info pvh;
	struct pvh_mod pvh_mod;
	struct pvh_entry pvh_map[MAX_ENTRIES];
	char odd[sizeof(struct mb_info) + 1];
	uint8_t params[4096];
	char loader[16];
} *const out = (void *)0x20000;

/* 5 levels, 4 GiB by 2 MiB. */
static uint64_t pml5[512] __attribute__((aligned(4096)));
static uint64_t pml4[512] __attribute__((aligned(4096)));
static uint64_t pdpt[512] __attribute__((aligned(4096)));
static uint64_t pd[4][512] __attribute__((aligned(4096)));

static const uint8_t *image;
static struct mb_mod initrd;
static unsigned int nentries;

void *memcpy(void *dst, const void *src, size_t len);
void *memset(void *dst, int val, size_t len);

void *memcpy(void *dst, const void *src, size_t len)
{
	char *d = dst;
	const char *s = src;

	while (len--)
		*d++ = *s++;
	return dst;
}

void *memset(void *dst, int val, size_t len)
{
	char *d = dst;

	while (len--)
		*d++ = (char)val;
	return dst;
}

static const struct elf_header *elf(void)
{
	return (const void *)image;
}

static void load_image(void)
{
	const struct elf_segment *seg = (const void *)(image + elf()->phoff);

	for (unsigned int i = 0; i < elf()->phnum; i++, seg++) {
		uint8_t *to = (uint8_t *)(uint32_t)seg->paddr;

		if (seg->type != 1)
			continue;
		memcpy(to, image + seg->offset, seg->filesz);
		memset(to + seg->filesz, 0, seg->memsz - seg->filesz);
	}
}

/* Entry of the multiboot header: its eighth word. */
static uint32_t multiboot_entry(void)
{
	const uint32_t *word = (const void *)image;

	while (*word != MB_HEADER_MAGIC)
		word++;
	return word[7];
}

/* Value of the ELF note "Xen", 18. */
static uint32_t pvh_entry(void)
{
	const struct elf_segment *seg = (const void *)(image + elf()->phoff);
	const uint32_t *note;

	while (seg->type != 4)
		seg++;
	note = (const void *)(image + seg->offset);
	return note[4];
}

static void prepare_multiboot(void)
{
	out->mb.flags = 1 << 0 | 1 << 2 | 1 << 6 | 1 << 9;
	out->mb.cmdline = (uint32_t)out->cmdline;
	out->mb.mmap_addr = (uint32_t)out->map;
	out->mb.mmap_len = nentries * sizeof(out->map[0]);
	out->mb.loader_name = (uint32_t)out->loader;
	if (initrd.end) {
		out->mb.flags |= 1 << 3;
		out->mod = initrd;
		out->mb.mods_count = 1;
		out->mb.mods_addr = (uint32_t)&out->mod;
	}
}

static void prepare_pvh(void)
{
	out->pvh.magic = PVH_MAGIC;
	out->pvh.version = 1;
	out->pvh.cmdline = (uint32_t)out->cmdline;
	out->pvh.memmap = (uint32_t)out->pvh_map;
	out->pvh.nmemmap = nentries;
	for (unsigned int i = 0; i < nentries; i++) {
		out->pvh_map[i].base = out->map[i].base;
		out->pvh_map[i].len = out->map[i].len;
		out->pvh_map[i].type = out->map[i].type;
	}
	if (initrd.end) {
		out->pvh_mod.paddr = initrd.start;
		out->pvh_mod.size = initrd.end - initrd.start;
		out->pvh.nmods = 1;
		out->pvh.modlist = (uint32_t)&out->pvh_mod;
	}
}

static void put32(unsigned int offset, uint32_t val)
{
	memcpy(out->params + offset, &val, sizeof(val));
}

static void prepare_linux64(void)
{
	put32(0x202, 0x53726448);
	out->params[0x210] = 0xff;
	put32(0x218, initrd.start);
	put32(0x21c, initrd.end - initrd.start);
	put32(0x228, (uint32_t)out->cmdline);
	out->params[0x1e8] = (uint8_t)nentries;
	for (unsigned int i = 0; i < nentries && i < 128; i++)
		memcpy(out->params + 0x2d0 + 20 * i, &out->map[i].base, 20);
}

static void start_multiboot(void)
{
	enter32(multiboot_entry(), MB_LOADER_MAGIC, (uint32_t)&out->mb);
}

static void start_pvh(void)
{
	enter32(pvh_entry(), 0, (uint32_t)&out->pvh);
}

static void start_params(uint32_t low, uint32_t high, int la57)
{
	for (unsigned int i = 0; i < 4 * 512; i++)
		pd[i / 512][i % 512] = (uint64_t)i << 21 | 0x83;
	for (unsigned int i = 0; i < 4; i++)
		pdpt[i] = (uint32_t)pd[i] | 3;
	pml4[0] = (uint32_t)pdpt | 3;
	pml5[0] = (uint32_t)pml4 | 3;
	enter64((uint32_t)elf()->entry, low, high,
		(uint32_t)(la57 ? pml5 : pml4), la57 ? 0x1020 : 0x20);
}

static void start_linux64(void)
{
	start_params((uint32_t)out->params, 0, 0);
}

/* The faults, each on data that is right so far. */

static void mb_magic(void)
{
	enter32(multiboot_entry(), MB_LOADER_MAGIC + 1, (uint32_t)&out->mb);
}

static void mb_null(void)
{
	enter32(multiboot_entry(), MB_LOADER_MAGIC, 0);
}

static void mb_rom(void)
{
	enter32(multiboot_entry(), MB_LOADER_MAGIC, 0xfffffff0);
}

static void mb_in_image(void)
{
	enter32(multiboot_entry(), MB_LOADER_MAGIC, 0x100000);
}

static void mb_odd(void)
{
	memcpy(out->odd + 1, &out->mb, sizeof(out->mb));
	enter32(multiboot_entry(), MB_LOADER_MAGIC, (uint32_t)(out->odd + 1));
}

static void mb_sizes(void)
{
	out->mb.flags &= ~(1u << 6);
	out->mb.mem_lower = 639;
	out->mb.mem_upper = 32 * 1024;
}

static void mb_nothing(void)
{
	out->mb.flags = 0;
}

static void mb_empty_map(void)
{
	out->mb.mmap_len = 0;
}

static void mb_entry_size_0(void)
{
	out->map[1].size = 0;
}

static void mb_entry_too_big(void)
{
	out->map[nentries - 1].size = 24;
}

static void add(uint64_t base, uint64_t len, uint32_t type)
{
	out->map[nentries++] = (struct mb_entry){ 20, base, len, type };
	out->mb.mmap_len = nentries * sizeof(out->map[0]);
}

/* Overlapping, unsorted, empty, odd, wrapping: all of it can be repaired. */
static void mb_messy_map(void)
{
	add(0x1000000, 0x1000001, 1);
	add(0x800000, 0x900000, 1);
	add(0x1100800, 0x10, 2);
	add(0x1000, 0, 1);
	add(0xfffffffffffff000, 0x2000, 1);
	add(0x100000, 0x1000, 2);
}

static void mb_no_ram(void)
{
	for (unsigned int i = 0; i < nentries; i++)
		out->map[i].type = 2;
}

static void mb_many_regions(void)
{
	for (unsigned int i = 0; i < 500; i++)
		add(0x1000000 + i * 0x2000, 0x1000, 2);
}

static void mb_long_cmdline(void)
{
	memset(out->cmdline, 'x', sizeof(out->cmdline) - 1);
	out->cmdline[sizeof(out->cmdline) - 1] = '\0';
}

static void mb_initrd_in_image(void)
{
	out->mod = (struct mb_mod){ 0x101000, 0x102000, 0, 0 };
	out->mb.flags |= 1 << 3;
	out->mb.mods_count = 1;
	out->mb.mods_addr = (uint32_t)&out->mod;
}

static void mb_initrd_backwards(void)
{
	mb_initrd_in_image();
	out->mod.start = 0x103000;
}

static void pvh_magic(void)
{
	out->pvh.magic++;
}

static void pvh_version_0(void)
{
	out->pvh.version = 0;
}

static void pvh_huge_map(void)
{
	out->pvh.nmemmap = 0xffffffff;
}

static void pvh_map_beyond(void)
{
	out->pvh.memmap = UINT64_C(0xfffffffffffff000);
}

/* All of it above 1 GiB, which the image has not mapped yet. */
static void pvh_high(void)
{
	char *const high = (void *)0x50000000;
	struct pvh_info *const pvh = (void *)high;

	memcpy(high + 0x1000, out->cmdline, 0x1000);
	memcpy(high + 0x2000, out->pvh_map, sizeof(out->pvh_map));
	out->pvh.cmdline = (uint32_t)high + 0x1000;
	out->pvh.memmap = (uint32_t)high + 0x2000;
	*pvh = out->pvh;
	enter32(pvh_entry(), 0, (uint32_t)pvh);
}

static void linux64_magic(void)
{
	put32(0x202, 0);
}

static void linux64_no_map(void)
{
	out->params[0x1e8] = 0;
}

static void linux64_null(void)
{
	start_params(0, 0, 0);
}

static void linux64_above_4g(void)
{
	start_params(0, 1, 0);
}

static void linux64_la57(void)
{
	start_params((uint32_t)out->params, 0, 1);
}

static void none(void)
{
}

/* @fault may start the image itself; if it returns, @start does. */
static const struct {
	const char *name;
	void (*prepare)(void);
	void (*fault)(void);
	void (*start)(void);
} modes[] = {
#define MB(name, fault)	{ "multiboot" name, prepare_multiboot, fault, \
			  start_multiboot }
#define PVH(name, fault)	{ "pvh" name, prepare_pvh, fault, start_pvh }
#define L64(name, fault)	{ "linux64" name, prepare_linux64, fault, \
				  start_linux64 }
	MB("", none),
	MB("-magic", mb_magic),
	MB("-null", mb_null),
	MB("-rom", mb_rom),
	MB("-in-image", mb_in_image),
	MB("-odd", mb_odd),
	MB("-sizes", mb_sizes),
	MB("-nothing", mb_nothing),
	MB("-empty-map", mb_empty_map),
	MB("-entry-size-0", mb_entry_size_0),
	MB("-entry-too-big", mb_entry_too_big),
	MB("-messy-map", mb_messy_map),
	MB("-no-ram", mb_no_ram),
	MB("-many-regions", mb_many_regions),
	MB("-long-cmdline", mb_long_cmdline),
	MB("-initrd-in-image", mb_initrd_in_image),
	MB("-initrd-backwards", mb_initrd_backwards),
	PVH("", none),
	PVH("-magic", pvh_magic),
	PVH("-version-0", pvh_version_0),
	PVH("-huge-map", pvh_huge_map),
	PVH("-map-beyond", pvh_map_beyond),
	PVH("-high", pvh_high),
	L64("", none),
	L64("-magic", linux64_magic),
	L64("-no-map", linux64_no_map),
	L64("-null", linux64_null),
	L64("-above-4g", linux64_above_4g),
	L64("-la57", linux64_la57),
};

/* Does @text begin with the word @word? */
static int begins(const char *text, const char *word)
{
	while (*word && *text == *word) {
		text++;
		word++;
	}
	return *word == '\0' && (*text == ' ' || *text == '\0');
}

static const char *next_word(const char *text)
{
	while (*text && *text != ' ')
		text++;
	return *text ? text + 1 : text;
}

/* Copy QEMU's map; its entries are 20 bytes. */
static void copy_map(const struct mb_info *info)
{
	const struct mb_entry *from = (const void *)info->mmap_addr;

	nentries = info->mmap_len / sizeof(*from);
	memcpy(out->map, from, nentries * sizeof(*from));
}

void stub_main(uint32_t info_addr)
{
	const struct mb_info *info = (const void *)info_addr;
	const struct mb_mod *mods = (const void *)info->mods_addr;
	const char *mode = next_word((const char *)info->cmdline);
	const char *cmdline = next_word(mode);
	size_t len = 0;

	memset(out, 0, sizeof(*out));
	while (cmdline[len])
		len++;
	memcpy(out->cmdline, cmdline, len);
	memcpy(out->loader, "stub", 4);
	image = (const void *)mods[0].start;
	if (info->mods_count > 1)
		initrd = mods[1];
	copy_map(info);
	load_image();

	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (begins(mode, modes[i].name)) {
			modes[i].prepare();
			modes[i].fault();
			modes[i].start();
		}
}
