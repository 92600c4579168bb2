# SPDX-License-Identifier: BSD-3-Clause
#
# Compiler flags, by who gets them:
#   flags_all    every object
#   flags_core   levels 0 to 3: freestanding, no FP or SIMD registers
#   flags_tree   all of the tree: our warnings
#   flags_outer  external trees: what they expect to be defined
# and the global lists that external trees extend: COMPFLAGS CFLAGS ... -y.

# Where the tree, the application and the build lie must not be seen in an
# object: the last map that fits counts.
path_maps := -ffile-prefix-map=$(UK_BASE)/= -ffile-prefix-map=$(UK_BASE)=. \
	$(if $(NO_APP),,-ffile-prefix-map=$(APP_DIR)=app) \
	$(foreach _d,$(ELIB_DIR),-ffile-prefix-map=$(_d)=$(notdir $(_d))) \
	-ffile-prefix-map=$(BUILD_DIR)=build

optimise-$(CONFIG_OPTIMIZE_NONE) := -O0
optimise-$(CONFIG_OPTIMIZE_PERF) := -O2
optimise-$(CONFIG_OPTIMIZE_SIZE) := -Os

debug-$(CONFIG_DEBUG_SYMBOLS_LVL0) := -g0
debug-$(CONFIG_DEBUG_SYMBOLS_LVL1) := -g1
debug-$(CONFIG_DEBUG_SYMBOLS_LVL2) := -g2
debug-$(CONFIG_DEBUG_SYMBOLS_LVL3) := -g3
DBGFLAGS := $(debug-y) $(if $(CONFIG_DEBUG_SYMBOLS_LVL0),,-gdwarf-4)

# The canary is one global word, seeded at boot: the default place is wrong
# with -mcmodel=kernel.
protector-y := -fno-stack-protector
protector-$(CONFIG_LIBUKSP) := -fstack-protector-strong \
	-mstack-protector-guard=global

flags_all := $(CC_TARGET) -pipe -fno-common -fno-pic -fno-pie $(optimise-y) \
	$(protector-y) $(path_maps) -fno-split-stack
ifeq ($(CONFIG_OPTIMIZE_DEADELIM),y)
flags_all += -ffunction-sections -fdata-sections
endif
# A fault in a leaf function keeps its caller in the trace (on x86_64 gcc
# still makes no frame where nothing is on the stack).
flags_all += $(if $(CONFIG_OPTIMIZE_NOOMITFP),-fno-omit-frame-pointer \
	-mno-omit-leaf-frame-pointer -fno-optimize-sibling-calls,\
	-fomit-frame-pointer)
flags_all += $(if $(filter y,$(CONFIG_KVM_EH_FRAME)),\
	-fasynchronous-unwind-tables,\
	-fno-asynchronous-unwind-tables -fno-unwind-tables)
ifeq ($(have_gcc),y)
flags_all += -fno-tree-loop-distribute-patterns
# No .cold halves of functions: a stack trace names whole functions.
flags_all += -fno-reorder-blocks-and-partition
else
flags_all += -Wno-unused-command-line-argument
endif

flags_core := -std=gnu11 -ffreestanding -nostdinc -mgeneral-regs-only \
	-fno-strict-aliasing
# gcc's limits.h would go on to a libc's.
flags_core += $(if $(filter y,$(have_gcc)),-D_LIBC_LIMITS_H_)

warnings := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wundef -Wvla -Wwrite-strings
flags_tree := $(warnings) $(if $(filter y,$(CONFIG_WERROR)),-Werror)
flags_tree_cxx := -Wall -Wextra $(if $(filter y,$(CONFIG_WERROR)),-Werror)

flags_outer := -nostdlib -nostdinc -U __linux__ -U __FreeBSD__ -U __sun__ \
	-D __Unikraft__ -DUK_CODENAME="$(UK_CODENAME)" \
	-DUK_VERSION=$(UK_VERSION) -DUK_FULLVERSION=$(UK_FULLVERSION) \
	-DCC_VERSION=$(CC_VERSION) -Wall -Wextra \
	$(if $(filter y,$(have_gcc)),-fno-tree-sra)

# clang's integrated assembler and gcc's both take these for .S files.
flags_asm := -D__ASSEMBLY__

# Link-time optimisation is for the tree's own C; see image.mk.
ifeq ($(CONFIG_OPTIMIZE_LTO),y)
ifneq ($(have_gcc),y)
$(error CONFIG_OPTIMIZE_LTO works with gcc only. Switch it off, or build with \
COMPILER=gcc)
endif
flags_lto := -flto -fno-fat-lto-objects
else
flags_lto :=
endif

# What external trees add to. Recipes of theirs take from COMPFLAGS what each
# object must have.
COMPFLAGS = $(flags_all) $(flags_outer)
COMPFLAGS-y =
ARCHFLAGS =
ARCHFLAGS-y =
ISR_ARCHFLAGS =
CFLAGS_EXTRA =
CXXFLAGS_EXTRA =
ASFLAGS_EXTRA =
GOCFLAGS_EXTRA =
RUSTCFLAGS_EXTRA =
LIBLDFLAGS = -z noexecstack
LIBLDFLAGS-y =
EACHOLIB_SRCS-y =
EACHOLIB_OBJS-y =
EACHOLIB_ALIBS-y =
EACHOLIB_LOCALS-y =
