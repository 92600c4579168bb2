/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <uk/sections.h>

/*
 * Thread-local storage of linked-in programs; the core uses none. Contract:
 * each architecture fills it.
 *
 * An area is one block of memory with the variables of one thread, copied
 * from the image's template, and a thread control block (TCB) of @tcb bytes
 * that belongs to the libc. The thread pointer, and where the parts are:
 *
 *   x86_64  variant II: [.tdata .tbss][TCB], the pointer is the TCB's
 *           address, and its first word holds the pointer itself
 *   arm64   variant I: [TCB][16 bytes][.tdata .tbss], the pointer is the
 *           address of the 16 bytes; the compiler's code skips them
 *
 * (ELF Handling For Thread-Local Storage, 3.4.; AAELF64, "Static TLS".)
 * The alignment of variables is kept, whatever it is, up to a page.
 */

/* Bytes and alignment of an area with a TCB of @tcb bytes. */
size_t ukarch_tls_size(size_t tcb);
size_t ukarch_tls_align(void);

/*
 * Fill the area at @area, which has that size and alignment: variables as
 * the program begins with them, TCB zero. Returns the thread pointer.
 */
uintptr_t ukarch_tls_init(void *area, size_t tcb);

/* The TCB that belongs to thread pointer @tp. */
void *ukarch_tls_tcb(uintptr_t tp, size_t tcb);

/* This CPU's thread pointer (FS base; TPIDR_EL0). Context: any. */
static inline uintptr_t ukarch_tp_get(void);
static inline void ukarch_tp_set(uintptr_t tp);

#include <uk/bits/arch/tls.h>
