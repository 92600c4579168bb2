# SPDX-License-Identifier: BSD-3-Clause
#
# Targets that make or change the configuration, and the rule that turns it
# into what make and the compiler read. kconf.py does the work.

kconf = $(kconf_env) $(PYTHON) $(UK_BUILD)/kconf.py
kconf_env = KCONFIG_CONFIG=$(UK_CONFIG) KCONFIG_AUTOCONFIG=$(AUTOCONF) \
	KCONFIG_AUTOHEADER=$(AUTOHEADER) KCONFIG_TRISTATE=$(KCONFIG_DIR)/tristate.conf \
	CONFIG_=CONFIG_ HOST_ARCH=$(HOST_ARCH) UK_ARCH=$(HOST_ARCH) \
	BUILD_DIR=$(BUILD_DIR) UK_BASE=$(UK_BASE) UK_APP=$(APP_DIR) \
	UK_CONFIG=$(UK_CONFIG) UK_FULLVERSION=$(UK_FULLVERSION) \
	UK_CODENAME=$(UK_CODENAME) UK_NAME=$(UK_DEFNAME) \
	KCONFIG_DIR=$(KCONFIG_DIR) KCONFIG_LIB_BASE=$(UK_BASE)/lib \
	KCONFIG_ELIB_DIRS=$(subst $(space),:,$(strip $(ELIB_DIR))) \
	KCONFIG_PLAT_BASE=$(UK_BASE)/plat \
	KCONFIG_EPLAT_DIRS=$(subst $(space),:,$(strip $(EPLAT_DIR))) \
	KCONFIG_DRIV_BASE=$(UK_BASE)/drivers \
	KCONFIG_EAPP_DIR=$(if $(NO_APP),,$(APP_DIR)) \
	KCONFIG_EXCLUDEDIRS=$(subst $(space),:,$(strip $(EXCLUDE_DIRS))) \
	UK_T_DEFCONFIG=$(UK_T_DEFCONFIG)

.PHONY: $(config_goals) FORCE
FORCE:

# The C front end's other faces all lead to the one menu in the terminal.
menuconfig nconfig kmenuconfig ukconfig config:
	@$(kconf) menuconfig
guiconfig xconfig gconfig:
	@$(kconf) guiconfig

olddefconfig oldconfig randconfig allyesconfig allnoconfig listnewconfig:
	@$(kconf) $@
syncconfig silentoldconfig: $(UK_CONFIG)
	@$(kconf) sync

# UK_DEFCONFIG (argument or environment), else defconfigs/$(T), else the
# application's file `defconfig`, else every option's default.
UK_DEFCONFIG ?= $(or $(UK_T_DEFCONFIG),$(wildcard $(APP_DIR)/defconfig))
defconfig:
	@$(kconf) defconfig $(UK_DEFCONFIG)
savedefconfig:
	@$(kconf) savedefconfig $(or $(UK_DEFCONFIG),$(APP_DIR)/defconfig)
scriptconfig:
	@$(if $(SCRIPT),,echo "error: name the script: make scriptconfig SCRIPT=<file>" >&2; exit 2;) \
	$(kconf) script $(SCRIPT) $(if $(SCRIPT_ARG),$(call shquote,$(SCRIPT_ARG)))
iscriptconfig:
	@$(kconf) interact
dumpvarsconfig:
	@$(kconf) variables
scriptsyncconfig:
	@echo "error: there is no $@: use \`make scriptconfig SCRIPT=<file>\` and" \
	"then \`make syncconfig\`, which writes what the build reads" >&2; exit 2

# The configuration a build starts from: T= makes its own, a terminal gets
# the menu, everything else an error that says what to do.
$(UK_CONFIG):
	@$(if $(UK_T_DEFCONFIG),$(kconf) defconfig $(UK_T_DEFCONFIG),\
	if [ -t 0 ] && [ -t 1 ]; then $(kconf) menuconfig; fi)
	@[ -e $@ ] || { $(no_config_help); exit 2; }

define no_config_help
printf '%s\n' "There is no configuration $(UK_CONFIG). Make one with one of"; \
printf '  make %-28s %s\n' menuconfig 'choose in a menu' \
	defconfig "every option's default" \
	'UK_DEFCONFIG=FILE defconfig' 'start from FILE'$(foreach \
	_t,$(notdir $(wildcard $(APP_DIR)/defconfigs/*)), \
	T=$(_t) 'use defconfigs/$(_t)'); \
echo "and then run make again (with the same A=, L= and O=)."
endef
no_config_help += >&2

# auto.conf is older than the configuration, than a Config.uk, or was made
# with other trees or another environment: run Kconfig.
-include $(KCONFIG_DIR)/inputs.mk
kconf_stamp := $(KCONFIG_DIR)/env
kconf_trees := $(wildcard $(UK_BASE)/lib/*/Config.uk \
	$(UK_BASE)/drivers/*/*/Config.uk $(UK_BASE)/plat/*/Config.uk)
kconf_state = $(kconf_env) $(kconf_trees)
ifneq ($(call strneq,$(file <$(kconf_stamp)),$(kconf_state)),)
kconf_force := FORCE
endif

$(AUTOCONF): $(UK_CONFIG) $(UK_BUILD)/kconf.py $(kconf_inputs) $(kconf_force)
	@$(kconf) sync
	@printf '%s\n' $(call shquote,$(kconf_state)) >$(kconf_stamp)
