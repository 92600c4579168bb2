# SPDX-License-Identifier: BSD-3-Clause
#
# Reads the Makefile.uk (and .rules, .build) files, each with IMPORT_BASE set
# to its directory.

include $(UK_BASE)/Makefile.uk

_existing = $(filter-out $(replaced_dirs) $(EXCLUDE_DIRS),$(patsubst %/$(2),%,\
	$(wildcard $(addprefix $(UK_BASE)/,$(addsuffix /$(2),$(1))))))
_outer = $(filter-out $(EXCLUDE_DIRS),$(patsubst %/$(2),%,\
	$(wildcard $(addsuffix /$(2),$(1)))))

define _import_file
IMPORT_BASE := $(1)
include $(1)/$(2)
endef
_import = $(foreach _d,$(1),$(eval $(call _import_file,$(_d),$(2))))
import_lib = $(call _import,$(call _outer,$(1),Makefile.uk),Makefile.uk)

app_dirs := $(if $(NO_APP),,$(APP_DIR))
elib_dirs := $(filter-out $(realpath $(app_dirs)),$(ELIB_DIR))

_everywhere = $(call _existing,$(uk_arch_dirs),$(1)) \
	$(call _existing,$(uk_plat_dirs),$(1)) \
	$(call _existing,$(uk_lib_dirs),$(1)) \
	$(call _outer,$(elib_dirs),$(1)) $(call _outer,$(app_dirs),$(1))

$(call _import,$(call _everywhere,Makefile.rules),Makefile.rules)
$(call _import,$(call _outer,$(app_dirs),Makefile.uk),Makefile.uk)
$(call _import,$(call _existing,$(uk_lib_dirs),Makefile.uk),Makefile.uk)
$(call _import,$(call _outer,$(elib_dirs),Makefile.uk),Makefile.uk)
$(call _import,$(call _existing,$(uk_arch_dirs),Makefile.uk),Makefile.uk)
$(call _import,$(call _existing,$(uk_driver_dirs),Makefile.uk),Makefile.uk)
$(call _import,$(call _existing,$(uk_plat_dirs),Makefile.uk),Makefile.uk)
$(call _import,$(call _outer,$(EPLAT_DIR),Makefile.uk),Makefile.uk)
$(call _import,$(call _everywhere,Makefile.build),Makefile.build)

# The application's libraries come last: it may use everything.
app_libs := $(foreach _l,$(on_libs),$(if $(filter $(APP_DIR),$(lib_dir.$(_l))),$(_l)))
on_libs := $(filter-out $(app_libs),$(on_libs)) $(app_libs)
