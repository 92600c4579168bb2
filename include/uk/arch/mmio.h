/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

/*
 * Registers of devices that are in the address space. Contract: each
 * architecture fills it.
 *
 * Where a hypervisor is the device it has to know what an instruction did that
 * came upon a register. So each access is one plain load or store, of the size
 * that the name says, with nothing else in it. A volatile pointer does not
 * promise that: compilers may let the same instruction step the pointer on, and
 * of such arm64 tells the hypervisor nothing (Arm ARM, ESR_ELx, ISS of a data
 * abort: ISV), so that KVM answers with an external abort.
 *
 * @reg is aligned and mapped as a device's (uk_paging_map_device()). The
 * accesses stay in the order of the program; between them and memory that the
 * device reads or writes the caller puts what barriers it takes.
 *
 * Context: any.
 */
static inline uint8_t ukarch_mmio_read8(const volatile void *reg);
static inline uint32_t ukarch_mmio_read32(const volatile void *reg);
static inline uint64_t ukarch_mmio_read64(const volatile void *reg);

static inline void ukarch_mmio_write8(volatile void *reg, uint8_t val);
static inline void ukarch_mmio_write32(volatile void *reg, uint32_t val);
static inline void ukarch_mmio_write64(volatile void *reg, uint64_t val);

#include <uk/bits/arch/mmio.h>
