# SPDX-License-Identifier: BSD-3-Clause
#
# What external libraries ask of the core while their Makefile.uk are read.

UK_PLAT_COMMON_BASE := $(UK_BASE)/plat/common
CINCLUDES-y =
CXXINCLUDES-y =
ASINCLUDES-y =
CFLAGS-y =
CXXFLAGS-y =
ASFLAGS-y =
LDFLAGS-y =
GOCINCLUDES-y =
GOCFLAGS-y =
RUSTCFLAGS-y =

# Directories for what a library makes by rules of its own, made at once:
# $(call mk_sub_build_dir,<dir>), $(call mk_sub_libbuild_dir,<lib>,<dir>).
_make_sub_dir = $(if $(wildcard $(1)/.),,$(if $(shell mkdir -p $(1) && \
	echo made),,$(error $(IMPORT_BASE) wants the directory $(1), which \
	cannot be made)))
mk_sub_build_dir = $(call _make_sub_dir,$(BUILD_DIR)/$(strip $(1)))
mk_sub_libbuild_dir = $(call _make_sub_dir,$(BUILD_DIR)/$(strip $(1))/$(strip $(2)))

# $(eval $(call buildrule,<lib>,<source>,<variant>,<object>[,<flags>])): the
# rule that a source of <lib> would have, for an object of any name. <lib> need
# not be registered: then the object is for recipes of the caller's own. Rules
# are made when all Makefiles have been read; see objects.mk.
outer_rules :=
buildrule = $(call _note_rule,$(strip $(1)),$(strip $(2)),$(or $(strip \
	$(3)),-),$(strip $(4)),$(strip $(5)))
_note_rule = $(eval outer_rules += $(1)|$(2)|$(3)|$(4))$(if $(5),$(eval \
	extra.$(4) := $(5)))

# $(call ukarch_tls_tcb_reserve,<bytes>): room for a thread control block of
# the libc's. One owner: a second call is an error.
ukarch_tls_tcb_reserve = $(if $(_tcb_bytes),$(error A thread control block of \
	$(_tcb_bytes) bytes is reserved already; $(IMPORT_BASE) asks for another \
	one. Two libraries that both want it cannot be in one image))$(eval \
	$(call _tcb_reserve,$(strip $(1))))
define _tcb_reserve
_tcb_bytes := $(1)
LIBARCH_CFLAGS-y += -DTCB_SIZE=$(1) -DCONFIG_UKARCH_TLS_HAVE_TCB=1
CFLAGS-y += -DCONFIG_UKARCH_TLS_HAVE_TCB=1
CXXFLAGS-y += -DCONFIG_UKARCH_TLS_HAVE_TCB=1
endef

aarch64_no_reserved_tcb_overlap = $(eval LIBARCH_CFLAGS-y += \
	-DCONFIG_AARCH64_NO_TCB_OVERLAP=1)

# $(call uknetdev_scratch_mem,<bytes>): the largest of all calls counts.
_scratch_bytes :=
_scratch_flag = $(if $(_scratch_bytes),-DCONFIG_UK_NETDEV_SCRATCH_SIZE=$(_scratch_bytes))
uknetdev_scratch_mem = $(eval _scratch_bytes := $(shell printf '%s\n' \
	$(strip $(1)) $(_scratch_bytes) | sort -n | tail -n 1))
CFLAGS-y += $(_scratch_flag)
LIBUKNETDEV_CFLAGS-y += $(_scratch_flag)
