# SPDX-License-Identifier: BSD-3-Clause
#
# Registration of libraries and platforms by the Makefile.uk files.
#
#   $(eval $(call addlib_s,<lib>,<switch>))   if <switch> is y
#   $(eval $(call addlib,<lib>))
#
# Both set, even when the switch is off, <LIB>_BASE (the directory of the
# Makefile.uk), <LIB>_BUILD, <LIB>_EXPORTS and <LIB>_LOCALS. <LIB> is the name
# in upper case; in the tree `-` becomes `_` as well.
#
# What the engine knows of a library <l>:
#   lib_var.<l>   the prefix of its variables
#   lib_dir.<l>   its directory
#   lib_home.<l>  "tree" or "outer"; lib_class.<l>: plat for plat/*
# and in lists: known_libs (all), on_libs (those that are switched on).

known_libs :=
on_libs :=
on_plats :=

# $(call in_tree,<directory>): not empty for a directory of Kiln's own.
in_tree = $(filter $(UK_BASE)/lib/% $(UK_BASE)/arch/% $(UK_BASE)/plat/% \
	$(UK_BASE)/drivers/%,$(1))

_lib_var = $(if $(call in_tree,$(IMPORT_BASE)),$(subst -,_,$(call uc,$(1))),$(call uc,$(1)))

define _declare_lib
$(if $(filter $(1),$(known_libs)),$(if $(strip $(call strneq,$(lib_dir.$(1)),$(IMPORT_BASE))),\
$(error $(1) is registered twice: by $(lib_dir.$(1)) and by $(IMPORT_BASE). \
Rename one of them)))
known_libs := $(call uniq,$(known_libs) $(1))
lib_var.$(1) := $(2)
lib_dir.$(1) := $(IMPORT_BASE)
lib_home.$(1) := $(if $(call in_tree,$(IMPORT_BASE)),tree,outer)
lib_class.$(1) := $(if $(filter $(UK_BASE)/plat/%,$(IMPORT_BASE)),plat)
$(2)_BASE := $(IMPORT_BASE)
$(2)_BUILD := $(BUILD_DIR)/$(1)
$(2)_EXPORTS += $(wildcard $(IMPORT_BASE)/exportsyms.uk)
$(2)_LOCALS += $(wildcard $(IMPORT_BASE)/localsyms.uk)
endef
# An external Makefile.uk may use its build directory while it is read.
_make_dir = $(if $(call in_tree,$(IMPORT_BASE)),,$(if $(wildcard \
	$(BUILD_DIR)/$(1)/.),,$(shell mkdir -p $(BUILD_DIR)/$(1))))

_addlib = $(eval $(call _declare_lib,$(1),$(call _lib_var,$(1))))$(call \
	_make_dir,$(1))$(if $(2),$(eval on_libs := $(call uniq,$(on_libs) $(1))))
addlib = $(call _addlib,$(strip $(1)),y)
addlib_s = $(call _addlib,$(strip $(1)),$(filter y,$(2)))

# Object names are flat; those of the tree forms are too.
addlib_tree = $(call addlib,$(1))
addlib_tree_s = $(call addlib_s,$(1),$(2))

# Parameters of the library go by another name on the command line.
uk_libparam_libprefix_set = $(eval $(call uc,$(strip $(1)))_CFLAGS-y += \
	-DUK_LIBPARAM_PREFIX=$(strip $(2)))
addlib_paramprefix = $(call uk_libparam_libprefix_set,$(1),$(2))

# External platforms: $(call addplat_s,<plat>,<switch>) reads Linker.uk of the
# platform's directory; addplatlib makes a library part of the platform.
_addplat = $(if $(2),$(eval on_plats += $(1))$(eval plat_dir.$(1) := \
	$(IMPORT_BASE))$(eval -include $(IMPORT_BASE)/Linker.uk))
addplat = $(call _addplat,$(strip $(1)),y)
addplat_s = $(call _addplat,$(strip $(1)),$(filter y,$(2)))
_addplatlib = $(call _addlib,$(2),$(3))$(eval lib_class.$(2) := plat)
addplatlib = $(call _addplatlib,$(strip $(1)),$(strip $(2)),y)
addplatlib_s = $(call _addplatlib,$(strip $(1)),$(strip $(2)),$(filter y,$(3)))

# $(call lib_value,<lib>,<NAME>): both spellings of a library's list.
lib_value = $(call defined,$(lib_var.$(1))_$(2)) $(call defined,$(lib_var.$(1))_$(2)-y)

# Is the library on? $(call lib_is_on,<lib>)
lib_is_on = $(filter $(1),$(on_libs))

vprefix_lib = $(call uc,$(strip $(1)))
vprefix_src = $(call vprefix_lib,$(1))_$(call uc,$(basename $(notdir $(strip $(2)))))$(if $(3),_$(call uc,$(3)))
