# SPDX-License-Identifier: BSD-3-Clause
#
# All objects of all libraries that are on, and of their tests.

# In-image tests: CONFIG_LIBUKTEST, and either all of them or those named in
# CONFIG_LIBUKTEST_LIBS (with or without "lib" in front).
test_libs := $(if $(filter y,$(CONFIG_LIBUKTEST)),$(if $(filter \
	n,$(or $(CONFIG_LIBUKTEST_ALL),$(if $(CONFIG_LIBUKTEST_LIBS),n,y))),$(filter \
	$(call qstrip,$(CONFIG_LIBUKTEST_LIBS)) $(addprefix lib,$(call \
	qstrip,$(CONFIG_LIBUKTEST_LIBS))),$(lib_order)),$(lib_order)))
test_libs := $(foreach _l,$(test_libs),$(if $(strip $(call lib_value,$(_l),TESTS)),$(_l)))
test_keys := $(addsuffix .test,$(test_libs))

$(foreach _k,$(lib_order) $(test_keys),$(eval $(call _key_flags,$(_k))))
$(foreach _l,$(lib_order),$(call add_objects,$(_l),$(strip $(call \
	lib_value,$(_l),SRCS) $(EACHOLIB_SRCS) $(EACHOLIB_SRCS-y)),$(BUILD_DIR)/$(_l)))
$(foreach _l,$(test_libs),$(call add_objects,$(_l).test,$(strip $(call \
	lib_value,$(_l),TESTS)),$(BUILD_DIR)/$(_l)/tests))

# What buildrule asked for. Names that nobody registered are libraries outside
# the image: their objects get flags, but are linked where the caller says.
_rule_lib = $(firstword $(subst |, ,$(1)))
rule_libs := $(filter-out $(known_libs),$(call uniq,$(foreach \
	_r,$(outer_rules),$(call _rule_lib,$(_r)))))
define _rule_key
lib_var.$(1) := $(call uc,$(1))
lib_home.$(1) := outer
endef
$(foreach _l,$(rule_libs),$(eval $(call _rule_key,$(_l)))$(eval $(call \
	_key_flags,$(_l))))
_add_rule = $(call _add_result,$(1),$(2),$(3:-=),$(4),$(call _suffix,$(2)))
_add_result = $(if $(lang$(5)),$(eval $(call _add_object,$(1),$(2),$(3),$(lang$(5)),$(4),$(call \
	_prefixes,$(1),$(2),$(3)))),$(call _add_other,$(1),$(2),$(5),$(BUILD_DIR)/$(1),$(4)))
_rule_args = $(call _add_rule,$(word 1,$(1)),$(word 2,$(1)),$(word 3,$(1)),$(word 4,$(1)))
$(foreach _r,$(outer_rules),$(if $(filter $(lib_order) $(rule_libs),$(call \
	_rule_lib,$(_r))),$(call _rule_args,$(subst |, ,$(_r)))))

rule_objects := $(foreach _l,$(rule_libs),$(objects.$(_l)))

# Directories of objects, made in one go.
object_dirs := $(sort $(patsubst %/,%,$(dir $(all_objects) \
	$(all_device_trees))) \
	$(addprefix $(BUILD_DIR)/,$(lib_order)))
missing_dirs := $(foreach _d,$(object_dirs),$(if $(wildcard $(_d)/.),,$(_d)))
ifneq ($(strip $(missing_dirs)),)
$(shell mkdir -p $(missing_dirs))
endif

# What a library that is off wants fetched or prepared is left alone.
off_libs := $(filter-out $(on_libs),$(known_libs))
_wanted = $(filter-out $(foreach _l,$(off_libs),$(BUILD_DIR)/$(_l)/%),$($(1)) $($(1)-y))
fetch_targets := $(call _wanted,UK_FETCH)
prepare_targets := $(call _wanted,UK_PREPARE)
preprocess_targets := $(call _wanted,UK_PREPROCESS)

# fetch -> prepare -> preprocess -> objects.
fetch: $(fetch_targets) ; @:
prepare: $(AUTOHEADER) fetch $(prepare_targets) ; @:
preprocess: prepare $(preprocess_targets) ; @:
$(prepare_targets): | fetch
$(preprocess_targets): | prepare
objs: $(all_objects) $(UK_OBJS) $(UK_OBJS-y) ; @:
