# SPDX-License-Identifier: BSD-3-Clause
#
# Build goals: bring the configuration up to date, then hand over to main.mk
# inside the build directory. Only what is named here goes along: a variable
# of the caller's cannot change the engine's own.

ifneq ($(build_goals),)
build_first := $(firstword $(build_goals))
build_rest := $(filter-out $(build_first),$(build_goals))
# Libraries, files, targets from outside, and misspelt ones.
stray_goals := $(filter-out $(subst $(comma),,$(help_text)),$(build_goals))

.PHONY: $(build_goals)
$(build_first): $(AUTOCONF)
	+@umask 0022 && mkdir -p $(BUILD_DIR) && $(MAKE) -C $(BUILD_DIR) \
		-f $(UK_BUILD)/main.mk A=$(APP_DIR) O=$(BUILD_DIR) \
		C=$(UK_CONFIG) $(if $(filter 2,$(V)),--warn-undefined-variables) \
		L=$(subst $(space),:,$(strip $(ELIB_DIR))) \
		P=$(subst $(space),:,$(strip $(EPLAT_DIR))) \
		E=$(subst $(space),:,$(strip $(EXCLUDE_DIRS))) \
		STRAY="$(stray_goals)" $(build_goals)
$(build_rest): $(build_first) ; @:
endif

.PHONY: properclean distclean
properclean:
	$(call verbose_cmd,RM,$(BUILD_DIR),rm -rf $(BUILD_DIR))
distclean:
	$(call verbose_cmd,RM,$(BUILD_DIR),rm -rf $(BUILD_DIR))
	$(call verbose_cmd,RM,$(UK_CONFIG),rm -f $(UK_CONFIG) \
		$(UK_CONFIG).old $(dir $(UK_CONFIG)).$(UK_DEFNAME).tmp \
		$(dir $(UK_CONFIG)).auto.deps)
