/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <uk/arch/paging.h>
#include <uk/compiler.h>

struct uk_bootinfo;
struct uk_region;

/*
 * The linear map: physical address p is at uk_phys_to_virt(p).
 *
 * The boot page tables map the image, here too, text and constants readable
 * only. At the beginning of stage MEM this library extends them, in place, by
 * all other RAM that struct uk_bootinfo names, readable and writable. Nothing
 * here is executable. Devices are added page by page on request, from stage
 * EARLY on.
 *
 * A library whose init entry uses a function here, or RAM beyond the image,
 * has libukpaging in its DEPS; so it comes after this library's entries.
 *
 * Mappings are added only. Each call checks everything before it changes a
 * table, so a call that fails changes nothing.
 *
 * Context: boot, one CPU; later the caller serialises.
 */

/*
 * Get ready for the functions below. @bi has been through uk_bootinfo_init()
 * at least, lives forever, and tells what is RAM. For a platform that reads
 * boot data through the linear map, before uk_boot(); else the EARLY entry of
 * this library does it.
 */
void uk_paging_init(const struct uk_bootinfo *bi);

/*
 * Map the @len bytes of physical memory at @paddr into the linear map with
 * @prot (UK_PAGE_…), with the largest pages that fit. What is mapped there
 * already in the same way is left as it is. @paddr and @len are multiples of
 * the page size.
 *
 * Returns 0, or
 *   -EINVAL  not aligned, or empty
 *   -ERANGE  beyond the linear map
 *   -EEXIST  a part is mapped with other rights or of another kind
 *   -ENOMEM  no memory for the tables
 */
UK_MUST_USE
int uk_paging_map_linear(uint64_t paddr, uint64_t len, unsigned int prot);

/*
 * Make the @len bytes of device registers at @paddr accessible at *@vaddr,
 * uncached and in order. Whole pages are mapped, again at their place in the
 * linear map; asking twice for one device is fine, nothing is unmapped.
 *
 * Returns 0, or
 *   -EINVAL  @len is 0, or the range contains RAM
 *   -ERANGE  beyond the linear map
 *   -EEXIST  a part is mapped already, and not as a device
 *   -ENOMEM  no memory for the tables
 */
UK_MUST_USE
int uk_paging_map_device(uint64_t paddr, uint64_t len, void **vaddr);

/*
 * Bytes of @region that are for the taking, from its base on: 0 if it is not
 * FREE, else all but what page tables took at its end, with a reserve for
 * devices. Fixed from the end of this library's MEM entry on.
 */
uint64_t uk_paging_usable(const struct uk_region *region);
