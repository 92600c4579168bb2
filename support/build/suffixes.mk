# SPDX-License-Identifier: BSD-3-Clause
#
# What the suffix of a source means: the language it is compiled from, or what
# else is done with it. Go and Rust come from outside only; one source is one
# package or crate, as it is one object.

lang.c := c
lang.cc := cxx
lang.cpp := cxx
lang.CPP := cxx
lang.cxx := cxx
lang.c++ := cxx
lang.C := cxx
lang.cp := cxx
lang.S := as
lang.sx := as
lang.s := s
lang.go := go
lang.rs := rs

label.c := CC
label.cxx := CXX
label.as := AS
label.s := AS
label.go := GOC
label.rs := RUSTC
compiler.c = $(CC)
compiler.cxx = $(CXX)
compiler.as = $(CC)
compiler.s = $(CC)
compiler.go = $(GOC)
compiler.rs = $(RUSTC)
user_flags.c = $(UK_CFLAGS)
user_flags.cxx = $(UK_CXXFLAGS)
user_flags.as = $(UK_ASFLAGS)
user_flags.s = $(UK_ASFLAGS)
user_flags.go = $(UK_GOCFLAGS)
lang_x.as := -x assembler-with-cpp

# Programs that not every build needs are looked for where one does:
# tool-<VARIABLE> is an order-only prerequisite.
lang_tool.cxx := tool-CXX
lang_tool.go := tool-GOC
lang_tool.rs := tool-RUSTC
_tool_package.CXX = $(if $(filter clang,$(CC_NAME)),clang,g++$(package_suffix))
_tool_package.GOC = gccgo$(package_suffix)
_tool_package.RUSTC := rustc
_tool_package.DTC := device-tree-compiler
_tool_package.M4 := m4
_tool_package.AWK := mawk
_tool_what.CXX := C++
_tool_what.GOC := Go
_tool_what.RUSTC := Rust
_tool_what.DTC := device trees (.dts)
_tool_what.M4 := .m4 files
_tool_what.AWK := .awk programs
define _tool_rule
.PHONY: tool-$(1)
tool-$(1):
	@command -v $$(firstword $$($(1))) >/dev/null || { echo 'error: the program' \
	'"$$(firstword $$($(1)))" for $$(_tool_what.$(1)) is missing. Install the' \
	'package $$(_tool_package.$(1)), or name another with $(1)=' >&2; exit 2; }
endef
$(foreach _t,CXX GOC RUSTC DTC M4 AWK,$(eval $(call _tool_rule,$(_t))))

# rustc has options of its own for what flags.mk says to the others. Its
# default target is the one that distributions have a core crate for.
RUST_TARGET ?= $(if $(filter x86_64,$(ARCH)),x86_64,aarch64)-unknown-linux-gnu
rust_opt-$(CONFIG_OPTIMIZE_NONE) := 0
rust_opt-$(CONFIG_OPTIMIZE_PERF) := 2
rust_opt-$(CONFIG_OPTIMIZE_SIZE) := s
rust_debug-$(CONFIG_DEBUG_SYMBOLS_LVL0) := 0
rust_debug-$(CONFIG_DEBUG_SYMBOLS_LVL1) := 1
rust_debug-$(CONFIG_DEBUG_SYMBOLS_LVL2) := 2
rust_debug-$(CONFIG_DEBUG_SYMBOLS_LVL3) := 2
rust_flags := --crate-type=lib -C opt-level=$(rust_opt-y) \
	-C debuginfo=$(rust_debug-y) -C panic=abort -C relocation-model=static \
	$(if $(filter x86_64,$(ARCH)),-C code-model=kernel -C no-redzone=y) \
	$(if $(CONFIG_OPTIMIZE_NOOMITFP),-C force-frame-pointers=y) \
	$(subst -ffile-prefix-map=,--remap-path-prefix=,$(path_maps))
# rustc takes these once: what a library says of them stands.
_rust_once = $(if $(findstring --edition,$(1)),,--edition=2018) \
	$(if $(findstring --target,$(1)),,--target=$(RUST_TARGET)) $(1)

# Sources that are not compiled.
other.ld := script
other.lds := script
other.lds.S := lds
other.dts := dtb
other.o := object
$(foreach _s,h hh hp hpp HPP H in,$(eval other.$(_s) := header))
# $(call _add_other,<key>,<source>,<suffix>,<directory>[,<result>])
_add_other = $(if $(other$(3)),$(call _other_$(other$(3)),$(1),$(2),$(5),$(4)/$(basename \
	$(notdir $(2)))),$(error $(call key_lib,$(1)): no rule for the source \
	$(2): its suffix $(3) is unknown))
_other_object = $(eval objects.$(1) += $(2))
# Headers, and files that a library makes others of: there before any object.
_other_header = $(eval UK_PREPROCESS-y += $(2))
# Linker scripts extend the platform's.
_other_script = $(eval EXTRA_LD_SCRIPT-y += $(2))
_other_lds = $(call _add_script,$(2),$(or $(3),$(4)))
_add_script = $(eval $(call _script_rule,$(2),$(1)))$(eval EXTRA_LD_SCRIPT-y += $(2))
# Device trees are built with their library, and linked into nothing.
all_device_trees :=
_other_dtb = $(call _add_dtb,$(1),$(2),$(or $(3),$(4).dtb))
_add_dtb = $(eval $(call _dtb_rule,$(1),$(2),$(3)))
define _dtb_rule
all_device_trees += $(3)
device_trees.$(1) += $(3)
cmd.$(3) = $$(DTC) -I dts -O dtb -d $(3).d -o $(3) $(2)
$(3): $(2) FORCE | preprocess tool-DTC
	$$(call run_if_stale,DTC,$(call key_lib,$(1)): $(notdir $(2)))
-include $(wildcard $(3).d)
endef

# $(call _script_rule,<script>,<source>): a preprocessed linker script.
define _script_rule
cmd.$(1) = $$(CC) $(CC_TARGET) -E -P -x assembler-with-cpp -nostdinc -undef \
-D__LINKER__ $(ground_includes) -MD -MF $(1).d -MT $(1) $(2) -o $(1)
$(1): $(2) FORCE | prepare
	$$(call run_if_stale,LDS,$(notdir $(2)))
-include $(wildcard $(1).d)
endef
