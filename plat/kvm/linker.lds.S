/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The layout of an image, for both architectures.
 *
 * Linked at UKARCH_IMAGE_BASE, loaded at its offset from there: x86_64 at
 * physical 1 MiB, as multiboot loaders and firmware leave room for; arm64
 * anywhere. Text, rodata and data begin on page boundaries, so that each has
 * its own access rights (see <uk/sections.h>). Libraries add to the tables
 * below from their objects; no section is left to the linker's taste
 * (--orphan-handling=error).
 *
 * The parts that only start code knows:
 *   .uk_boot.head	what a loader looks for near the start of the file
 *   .uk_boot.text	code that also runs at its physical address
 *   .uk_boot.bss	boot stacks and page tables, with the guard pages
 */
#include <uk/arch/cpu.h>
#include <uk/arch/paging.h>
#include <uk/config.h>

#define PAGE_ALIGN	. = ALIGN(UKARCH_PAGE_SIZE)
#define LOADED(section)	AT(ADDR(section) - UKARCH_IMAGE_BASE)
#define TABLE(section)	. = ALIGN(8); section : LOADED(section)

#if CONFIG_ARCH_X86_64
#define LOAD_OFFSET	0x100000
/*
 * Bytes of tables, one page per 1 << @shift bytes of the image with what all
 * the tables take: at most 64 KiB and two pages per 2 MiB.
 */
#define BOOT_END	(ABSOLUTE(_boot_tables) - UKARCH_IMAGE_BASE)
#define BOOT_PAGES(shift)						\
	(UKARCH_PAGE_SIZE *						\
	 (((BOOT_END + 0xffff + ((BOOT_END >> 21) << 13)) >> shift) + 1))
OUTPUT_FORMAT(elf64-x86-64)
OUTPUT_ARCH(i386:x86-64)
#else
#define LOAD_OFFSET	0
OUTPUT_FORMAT(elf64-littleaarch64)
OUTPUT_ARCH(aarch64)
#endif

ENTRY(_start_paddr)

/* Types: 1 PT_LOAD, 4 PT_NOTE, 7 PT_TLS. Flags: 4 read, 2 write, 1 execute. */
PHDRS
{
#if CONFIG_ARCH_X86_64
	/* With the ELF header: the file is smaller by a page. */
	text PT_LOAD FILEHDR PHDRS FLAGS(5);
#else
	text PT_LOAD FLAGS(5);
#endif
	rodata PT_LOAD FLAGS(4);
	data PT_LOAD FLAGS(6);
	tls PT_TLS FLAGS(4);
#if CONFIG_ARCH_X86_64
	note PT_NOTE FLAGS(4);
#endif
	stack PT_GNU_STACK FLAGS(6);
}

SECTIONS
{
	. = UKARCH_IMAGE_BASE + LOAD_OFFSET;
	_text = .;
#if CONFIG_ARCH_X86_64
	. += SIZEOF_HEADERS;
#endif
	.text : LOADED(.text)
	{
		KEEP(*(.uk_boot.head))
		KEEP(*(.uk_boot.text))
		*(.text.hot .text.hot.*)
		*(.text .text.*)
		*(.text.unlikely .text.unlikely.*)
		KEEP(*(.init))
		KEEP(*(.fini))
	} :text
	/* Whole pages apart, lest all of .text begins on one. */
	.text_pages ALIGN(UKARCH_PAGE_SIZE) : LOADED(.text_pages)
	{
		*(.uk_text.pages)
	} :text
	PAGE_ALIGN;
	_etext = .;

	_rodata = .;
#if CONFIG_ARCH_X86_64
	.note.Xen : LOADED(.note.Xen)
	{
		KEEP(*(.note.Xen))
	} :rodata :note
#endif
	.rodata : LOADED(.rodata)
	{
		*(.rodata .rodata.*)
		*(.rodata1)
		*(.srodata .srodata.*)
	} :rodata

	TABLE(.uk_init)
	{
		uk_init_start = .;
		KEEP(*(.uk_init.1))
		KEEP(*(.uk_init.2))
		KEEP(*(.uk_init.3))
		KEEP(*(.uk_init.4))
		KEEP(*(.uk_init.5))
		KEEP(*(.uk_init.6))
		KEEP(*(.uk_init.7))
		uk_init_end = .;
	}
	/* Sorted by event, then begin, priorities and end (<uk/event.h>). */
	TABLE(.uk_event)
	{
		KEEP(*(SORT_BY_NAME(.uk_event.*)))
	}
	/* By priority (<uk/thread.h>). */
	TABLE(.uk_thread_init)
	{
		uk_thread_init_start = .;
		KEEP(*(SORT_BY_NAME(.uk_thread_init.*)))
		uk_thread_init_end = .;
	}
	TABLE(.uk_libparam)
	{
		uk_libparam_start = .;
		KEEP(*(.uk_libparam))
		uk_libparam_end = .;
	}
	/* Sequences of instructions (<uk/restart.h>). */
	TABLE(.uk_restart)
	{
		uk_restart_start = .;
		KEEP(*(.uk_restart))
		uk_restart_end = .;
	}
	TABLE(.uk_test)
	{
		uk_test_start = .;
		KEEP(*(.uk_test))
		uk_test_end = .;
	}
	TABLE(.preinit_array)
	{
		__preinit_array_start = .;
		KEEP(*(.preinit_array))
		__preinit_array_end = .;
	}
	TABLE(.init_array)
	{
		__init_array_start = .;
		KEEP(*(SORT_BY_INIT_PRIORITY(.init_array.*)
		       SORT_BY_INIT_PRIORITY(.ctors.*)))
		KEEP(*(.init_array .ctors))
		__init_array_end = .;
	}
	TABLE(.fini_array)
	{
		__fini_array_start = .;
		KEEP(*(SORT_BY_INIT_PRIORITY(.fini_array.*)
		       SORT_BY_INIT_PRIORITY(.dtors.*)))
		KEEP(*(.fini_array .dtors))
		__fini_array_end = .;
	}
#if CONFIG_KVM_EH_FRAME
	TABLE(.eh_frame)
	{
		__eh_frame_start = .;
		KEEP(*(.eh_frame .eh_frame.*))
		/* Unwinders look for a length of zero at the end. */
		LONG(0)
		__eh_frame_end = .;
	}
	.gcc_except_table : LOADED(.gcc_except_table)
	{
		*(.gcc_except_table .gcc_except_table.*)
	}
#endif

	/*
	 * The initial thread-local block is a template that each thread
	 * copies, so it is constant.
	 */
	. = ALIGN(8);
	.uk_tls_align : LOADED(.uk_tls_align)
	{
		uk_tls_align = .;
		QUAD(MAX(ALIGNOF(.tdata), ALIGNOF(.tbss)))
	}
	. = ALIGN(MAX(16, MAX(ALIGNOF(.tdata), ALIGNOF(.tbss))));
	_tls_start = .;
	.tdata : LOADED(.tdata)
	{
		*(.tdata .tdata.* .gnu.linkonce.td.*)
	} :rodata :tls
	_etdata = .;
	.tbss : LOADED(.tbss)
	{
		*(.tbss .tbss.* .gnu.linkonce.tb.*)
		*(.tcommon)
	} :rodata :tls
	_tls_end = ADDR(.tbss) + SIZEOF(.tbss);
	PAGE_ALIGN;
	_erodata = .;

	_data = .;
	.data : LOADED(.data)
	{
		*(.data .data.*)
		*(.sdata .sdata.*)
		. = ALIGN(8);
	} :data
	_edata = .;

	__bss_start = .;
	.bss : LOADED(.bss)
	{
		/* The boot CPU's block, and the layout of the others'. */
		. = ALIGN(64);
		uk_percpu_start = .;
		*(.bss..percpu)
		. = ALIGN(64);
		uk_percpu_end = .;
		*(.sbss .sbss.* .scommon)
		*(.bss .bss.[!.]*)
		*(COMMON)
	} :data

	/*
	 * Whole pages (names that the compiler takes for .bss) apart, lest all
	 * of .bss begins on one. Who uses .bss..raw clears it: what is behind
	 * _boot_bss is not cleared where a loader does not do it (arm64).
	 */
	.bss_pages ALIGN(UKARCH_PAGE_SIZE) : LOADED(.bss_pages)
	{
		*(.bss..pages)
		_boot_bss = .;
		*(.bss..raw)
		KEEP(*(.uk_boot.bss))
		PAGE_ALIGN;
#if CONFIG_ARCH_X86_64
		/*
		 * Tables that map the image at 4 KiB: a directory per GiB
		 * and a table per 2 MiB of its end, and the same again for
		 * its linear map, which has these tables too (arch start.S).
		 */
		_boot_tables = .;
		_boot_pds = .;
		. += BOOT_PAGES(30);
		_boot_pts = .;
		. += BOOT_PAGES(21);
		_boot_linear_pds = .;
		. += BOOT_PAGES(30);
		_boot_linear_pts = .;
		. += BOOT_PAGES(21);
#else
		/*
		 * All boot tables: 4 for the start code at its physical
		 * address, the root, and for an image that fits in 2 MiB 3
		 * each for it and its linear map. A longer one has at most 2
		 * directories and 5 tables, and 2, 3 and 3 linearly (it may
		 * cross 512 GiB or 1 GiB twice); see arch start.S.
		 */
		_boot_tables = .;
		. += UKARCH_PAGE_SIZE *
		     (ABSOLUTE(_boot_tables) - UKARCH_IMAGE_BASE <= 0x1e0000 ?
		      11 : 21);
#endif
	} :data
	_end = .;

#if CONFIG_ARCH_X86_64
	/* The entry of loaders that use e_entry: a physical address. */
	_start_paddr = kvm_linux64_start - UKARCH_IMAGE_BASE;
	ASSERT(_boot_ident_end <= _text + UKARCH_PAGE_SIZE,
	       "start code is not in the first page")
#if CONFIG_HAVE_SMP
	ASSERT(_boot_lcpu_ident_end <= _text + UKARCH_PAGE_SIZE,
	       "the start code of other CPUs is not in the first page")
#endif
#else
	_start_paddr = _text;
	/* For the Image header. */
	_image_size = _end - _text;
#endif

	/* Error pointers and what the linear map needs stay out of reach. */
	ASSERT(_end - UKARCH_IMAGE_BASE <= 0x60000000,
	       "the image with .bss is larger than 1.5 GiB")

	/*
	 * What only dynamic or indirect linking makes is placed, and is empty.
	 * Relocations that --emit-relocs keeps are not loaded.
	 */
	.got 0 : { *(.got .got.plt .igot .igot.plt) }
	.plt 0 : { *(.plt .plt.* .iplt) }
	/* ld may make one for each section that names a symbol from here. */
	.rela.dyn 0 : { *(.rela.*) }
	.dynamic 0 : {
		*(.dynamic .dynsym .dynstr .interp .hash .gnu.hash)
		*(.gnu.version .gnu.version_d .gnu.version_r)
	}
	ASSERT(SIZEOF(.got) == 0 && SIZEOF(.plt) == 0 &&
	       SIZEOF(.rela.dyn) == 0 && SIZEOF(.dynamic) == 0,
	       "the image has a GOT, PLT or dynamic relocations")

	/* Debug information; the runnable image is stripped of it. */
	.symtab 0 : { *(.symtab) }
	.strtab 0 : { *(.strtab) }
	.shstrtab 0 : { *(.shstrtab) }
	.debug_abbrev 0 : { *(.debug_abbrev) }
	.debug_addr 0 : { *(.debug_addr) }
	.debug_aranges 0 : { *(.debug_aranges) }
	.debug_frame 0 : { *(.debug_frame) }
	.debug_gdb_scripts 0 : { *(.debug_gdb_scripts) }
	.debug_info 0 : { *(.debug_info .gnu.linkonce.wi.*) }
	.debug_line 0 : { *(.debug_line .debug_line.*) }
	.debug_line_str 0 : { *(.debug_line_str) }
	.debug_loc 0 : { *(.debug_loc) }
	.debug_loclists 0 : { *(.debug_loclists) }
	.debug_macinfo 0 : { *(.debug_macinfo) }
	.debug_macro 0 : { *(.debug_macro) }
	.debug_names 0 : { *(.debug_names) }
	.debug_pubnames 0 : { *(.debug_pubnames .debug_gnu_pubnames) }
	.debug_pubtypes 0 : { *(.debug_pubtypes .debug_gnu_pubtypes) }
	.debug_ranges 0 : { *(.debug_ranges) }
	.debug_rnglists 0 : { *(.debug_rnglists) }
	.debug_str 0 : { *(.debug_str) }
	.debug_str_offsets 0 : { *(.debug_str_offsets) }
	.debug_types 0 : { *(.debug_types) }

	/DISCARD/ : {
		*(.comment)
		*(.note.GNU-stack .note.gnu.* .note.ABI-tag .note.stapsdt)
		*(.gnu.warning.* .gnu_debuglink .llvm_addrsig)
		*(.gnu.lto_* .gnu.build.attributes*)
		*(.tm_clone_table)
#if !CONFIG_KVM_EH_FRAME
		*(.eh_frame .eh_frame.* .gcc_except_table .gcc_except_table.*)
#endif
		*(.eh_frame_hdr)
	}
}
