/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

/*
 * Where the image lies, by the linker script of the platform. Every boundary
 * is page-aligned: text is mapped RX, rodata R, data (to _end, with .bss and
 * the boot stacks) RW without execute.
 */
extern char _text[], _etext[];
extern char _rodata[], _erodata[];
extern char _data[], _edata[];
extern char __bss_start[], _end[];

/*
 * The initial thread-local block, .tdata and then .tbss, and the alignment it
 * needs (PT_TLS, p_align), at which _tls_start is.
 */
extern char _tls_start[], _etdata[], _tls_end[];
extern const uint64_t uk_tls_align;
