# SPDX-License-Identifier: BSD-3-Clause
#
# arm64: ARMv8-A. Calls of libgcc's outlined atomics would ask a libc which
# CPU this is.

flags_all += -march=armv8-a -mno-outline-atomics
flags_outer += -D__ARM_64__
ISR_ARCHFLAGS += -mgeneral-regs-only
image_ldflags := -m aarch64linux -z max-page-size=0x1000
lto_ldflags := -Wl,-z,max-page-size=0x1000
