# SPDX-License-Identifier: BSD-3-Clause
#
# x86_64: the image is linked in the last 2 GiB of the address space.

flags_all += -m64 -mcmodel=kernel -fcf-protection=none
flags_core += -mno-red-zone
flags_outer += -D__X86_64__ -mno-red-zone
ISR_ARCHFLAGS += -mgeneral-regs-only
image_ldflags := -m elf_x86_64 -z max-page-size=0x1000 --emit-relocs
lto_ldflags := -m64 -mcmodel=kernel -Wl,-z,max-page-size=0x1000 -Wl,--emit-relocs
