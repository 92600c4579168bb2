# SPDX-License-Identifier: BSD-3-Clause
#
# What `clean` takes away: objects, libraries and images; the configuration
# and fetched sources stay.

$(call _import,$(call _everywhere,Makefile.clean),Makefile.clean)

.PHONY: clean clean-libs $(addprefix clean-,$(known_libs))
_lib_leftovers = $(wildcard $(foreach _e,.o .d .o.cmd .su .dtb .dtb.cmd .dtb.d,$(1)/*$(_e) $(1)/*/*$(_e))) \
	$(wildcard $(addprefix $(1),.o .o.cmd .ld.o .ld.o.cmd .a .a.cmd .test.o \
	.test.o.cmd .test.ld.o .test.ld.o.cmd)) $(call lib_value,$(2),CLEAN)
define _clean_rule
clean-$(1):
	$$(call verbose_cmd,CLEAN,$(1),rm -f $$(call _lib_leftovers,$(BUILD_DIR)/$(1),$(1)))
endef
$(foreach _l,$(known_libs),$(eval $(call _clean_rule,$(_l))))
clean-libs: $(addprefix clean-,$(known_libs))
clean: clean-libs
	$(call verbose_cmd,CLEAN,images,rm -f $(wildcard $(image) $(image).* \
		$(BUILD_DIR)/linker.lds* $(BUILD_DIR)/symbols.ok*) $(manifest) \
		$(foreach _o,$(rule_objects),$(_o) $(_o).cmd $(_o:.o=.d)) \
		$(UK_CLEAN) $(UK_CLEAN-y))
