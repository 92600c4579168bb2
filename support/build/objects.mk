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
	lib_value,$(_l),SRCS) $(EACHOLIB_SRCS-y)),$(BUILD_DIR)/$(_l)))
$(foreach _l,$(test_libs),$(call add_objects,$(_l).test,$(strip $(call \
	lib_value,$(_l),TESTS)),$(BUILD_DIR)/$(_l)/tests))

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
objs: $(all_objects) ; @:
