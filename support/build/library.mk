# SPDX-License-Identifier: BSD-3-Clause
#
# A library is one relocatable object, <lib>.ld.o, of which only what
# exportsyms.uk lists stays global: <lib>.o. A library with <LIB>_ARCHIVE := y
# (a libc) is an archive, of which the image takes the members it needs.

lib_is_archive = $(filter y,$($(lib_var.$(1))_ARCHIVE))

# Objects of a library beyond its sources: given ones, archives, and what
# every library gets.
lib_objects = $(objects.$(1)) $(call lib_value,$(1),OBJS) $(EACHOLIB_OBJS) \
	$(EACHOLIB_OBJS-y)
lib_archives = $(call lib_value,$(1),ALIBS) $(EACHOLIB_ALIBS) \
	$(EACHOLIB_ALIBS-y)
lib_exports = $(strip $(call lib_value,$(1),EXPORTS))

_keep = $(if $(strip $(1)),$(foreach _f,$(1),--keep-global-symbols=$(_f)))
_local = $(foreach _f,$(1),--localize-symbols=$(_f))

define _relocatable_rule
cmd.$(BUILD_DIR)/$(1).ld.o = $$(LD) -r $(LIBLDFLAGS) $(LIBLDFLAGS-y) \
$(call lib_value,$(1),LDFLAGS) $(2) $(if $(3),--start-group $(3) --end-group) \
-o $(BUILD_DIR)/$(1).ld.o
$(BUILD_DIR)/$(1).ld.o: $(2) $(3) $(call lib_value,$(1),LDEPS) FORCE
	$$(call run_if_stale,LD,$(1).ld.o)
cmd.$(BUILD_DIR)/$(1).o = $$(OBJCOPY) $(call lib_value,$(1),OBJCFLAGS) \
$(call _keep,$(4)) $(call _local,$(5)) $(BUILD_DIR)/$(1).ld.o $(BUILD_DIR)/$(1).o
$(BUILD_DIR)/$(1).o: $(BUILD_DIR)/$(1).ld.o $(4) $(5) FORCE
	$$(call run_if_stale,OBJCOPY,$(1).o)
endef

define _archive_rule
cmd.$(BUILD_DIR)/$(1).a = rm -f $(BUILD_DIR)/$(1).a && $$(AR) rcsD $(BUILD_DIR)/$(1).a $(2)
$(BUILD_DIR)/$(1).a: $(2) FORCE
	$$(call run_if_stale,AR,$(1).a)
endef

# With link-time optimisation a library stays its single objects.
define _library
$(if $(strip $(call lib_objects,$(1))$(call lib_archives,$(1))),$(if $(call \
lib_is_archive,$(1)),$(eval $(call \
_archive_rule,$(1),$(call lib_objects,$(1))))$(eval lib_file.$(1) := \
$(BUILD_DIR)/$(1).a)$(eval image_archives += $(BUILD_DIR)/$(1).a),$(if $(call \
key_is_lto,$(1)),$(eval lib_file.$(1) := $(call lib_objects,$(1))),$(eval $(call \
_relocatable_rule,$(1),$(strip $(call lib_objects,$(1))),$(strip $(call lib_archives,$(1))),$(call \
lib_exports,$(1)) $(call test_needs,$(1)),$(strip $(call lib_value,$(1),LOCALS) \
$(EACHOLIB_LOCALS) $(EACHOLIB_LOCALS-y))))$(eval lib_file.$(1) := $(BUILD_DIR)/$(1).o))$(eval \
image_objects += $(lib_file.$(1)))))
.PHONY: $(1)
$(1): $$(lib_file.$(1)) $(device_trees.$(1)) ; @:
endef

# The tests of a library are an object beside it that exports nothing. They
# may use what the library keeps to itself: in an image with its tests, such
# symbols stay global.
test_needs = $(and $(filter $(1),$(test_libs)),$(call lib_exports,$(1)),$(if \
	$(call key_is_lto,$(1)),,$(BUILD_DIR)/$(1).test.syms))
define _test_syms_rule
$(BUILD_DIR)/$(1).test.syms: $(BUILD_DIR)/$(1).test.ld.o
	@$$(NM) -u $$< | $$(SED) 's/.* //' >$$@.new
	@cmp -s $$@.new $$@ && rm $$@.new || mv $$@.new $$@
endef
define _test_library
$(if $(call test_needs,$(1)),$(eval $(call _test_syms_rule,$(1))))$(if $(call key_is_lto,$(1).test),$(eval lib_file.$(1).test := \
$(objects.$(1).test)),$(eval $(call \
_relocatable_rule,$(1).test,$(objects.$(1).test),,$(UK_BUILD)/none.syms,))$(eval \
lib_file.$(1).test := $(BUILD_DIR)/$(1).test.o))$(eval \
image_objects += $(lib_file.$(1).test))
endef

image_objects :=
image_archives :=
$(foreach _l,$(lib_order),$(eval $(call _library,$(_l))))
$(foreach _l,$(test_libs),$(eval $(call _test_library,$(_l))))

libs: $(image_objects) $(image_archives) $(all_device_trees) $(UK_OLIBS) \
	$(UK_OLIBS-y) $(UK_ALIBS) $(UK_ALIBS-y) ; @:
