# SPDX-License-Identifier: BSD-3-Clause
#
# The image: symbols are checked, the objects are linked in the order of their
# dependencies by the platform's linker script, and the result is written with
# symbols (.dbg) and as what a loader starts.

UK_NAME := $(call qstrip,$(or $(N),$(CONFIG_UK_NAME),$(UK_DEFNAME)))

plat_libs := $(foreach _l,$(lib_order),$(if $(filter plat,$(lib_class.$(_l))),$(_l)))
plat_name := $(patsubst $(UK_BASE)/plat/%,%,$(firstword $(foreach \
	_l,$(plat_libs),$(filter $(UK_BASE)/plat/%,$(lib_dir.$(_l)))) $(on_plats)))
image_plat := $(if $(filter kvm,$(plat_name)),$(if $(filter \
	y,$(CONFIG_PLAT_KVM)),$(if $(filter \
	y,$(CONFIG_KVM_VMM_FIRECRACKER)),fc,qemu),xen),$(plat_name))
image := $(BUILD_DIR)/$(or $(UK_IMAGE_NAME_OVERWRITE),$(UK_NAME)_$(image_plat)-$(ARCH))

# The platform's linker script, preprocessed.
plat_script_source := $(firstword $(foreach _d,$(foreach \
	_l,$(plat_libs),$(lib_dir.$(_l))) $(foreach _p,$(on_plats),$(plat_dir.$(_p))),$(wildcard \
	$(_d)/linker.lds.S)))
plat_script := $(if $(plat_script_source),$(BUILD_DIR)/linker.lds)
ifneq ($(plat_script),)
$(eval $(call _script_rule,$(plat_script),$(plat_script_source)))
endif

# What the checking programs know about the libraries: one line each,
# <key> <level or -> <home> <option> <directory> DEPS... : files...
manifest := $(BUILD_DIR)/libs.txt
_manifest_line = $(1) $(or $(lib_level.$(call key_lib,$(1))),-) $(lib_home.$(call \
	key_lib,$(1))) $(lib_var.$(call key_lib,$(1))) $(lib_dir.$(call \
	key_lib,$(1))) : $(if $(call key_is_test,$(1)),$(call key_lib,$(1)) $(call \
	test_deps,$(call key_lib,$(1))),$(lib_deps.$(1))) : $(lib_file.$(1)) : $(or $(if $(filter \
	$(BUILD_DIR)/%.ld.o,$(lib_file.$(1):.o=.ld.o)),$(lib_file.$(1):.o=.ld.o)),-)
manifest_text = $(foreach _k,$(lib_order) $(test_keys),$(call _manifest_line,$(_k))$(newline))
ifneq ($(call strneq,$(file <$(manifest)),$(manifest_text)),)
$(file >$(manifest),$(manifest_text))
endif

# What external trees link into the image beside libraries: UK_OLIBS whole, of
# the archives UK_ALIBS what is used. UK_OBJS lists objects that are in one of
# those already.
outer_objects = $(UK_OLIBS) $(UK_OLIBS-y)
outer_archives = $(UK_ALIBS) $(UK_ALIBS-y)
_link_inputs = $(image_objects) $(outer_objects)
# The crash screen's table of functions lies in the image whose functions it
# names: link with an empty table, make the table, link again. It is read-only
# data behind all code, so no function moves (checked).
ifeq ($(CONFIG_LIBUKDEBUG_SYMBOLS),y)
mksymtab := $(UK_BASE)/support/scripts/mksymtab
symtab := $(BUILD_DIR)/symtab
symtab_cc = $(CC) $(CC_TARGET) $(filter-out $(flags_lto),$(flags_all)) \
	$(ground_includes) -c
cmd.$(symtab)_empty.o = $(mksymtab) >$(symtab)_empty.S && \
	$(symtab_cc) $(symtab)_empty.S -o $@
cmd.$(symtab).o = $(mksymtab) --nm $(NM) --map $(image).first.map \
	$(image).first.dbg >$(symtab).S && $(symtab_cc) $(symtab).S -o $@
$(symtab)_empty.o: $(mksymtab) FORCE
	$(call run_if_stale,AS,$(notdir $@))
$(symtab).o: $(image).first.dbg $(mksymtab) FORCE
	$(call run_if_stale,AS,$(notdir $@))
endif
symtab_empty := $(if $(symtab),$(symtab)_empty.o)
symtab_full := $(if $(symtab),$(symtab).o)

link_archives = $(strip $(image_archives) $(outer_archives))
# The platform's comes last: INSERT moves what was read before it.
link_script = $(EXTRA_LD_SCRIPT) $(EXTRA_LD_SCRIPT-y) $(plat_script)
# Symbols: owners, levels, exports; says who should depend on whom.
symbols_ok := $(BUILD_DIR)/symbols.ok
cmd.$(symbols_ok) = $(PYTHON) -B $(UK_BUILD)/symbols.py --libs $(manifest) \
	--contract $(UK_BASE)/include/uk/contract.syms --base $(UK_BASE) \
	$(addprefix --script ,$(link_script)) --libgcc $(LIBGCC) \
	$(addprefix --extra ,$(symtab_empty) $(outer_objects) $(outer_archives)) \
	$(if $(flags_lto),--nm $(lto_nm)) && touch $@
$(symbols_ok): $(manifest) $(symtab_empty) $(image_objects) $(image_archives) \
		$(outer_objects) $(outer_archives) $(link_script) $(UK_BASE)/include/uk/contract.syms $(UK_BUILD)/symbols.py FORCE
	$(call run_if_stale,SYMS,$(UK_NAME))

lto_nm = $(CROSS_COMPILE)gcc-nm
gc_sections := $(if $(filter y,$(CONFIG_OPTIMIZE_DEADELIM)),--gc-sections)

# With an external library an unknown section is a warning, else an error.
outer_orphans := $(filter-out $(UK_BASE)/%,$(foreach _l,$(lib_order),$(lib_dir.$(_l))))
link_wrapper = $(PYTHON) -B $(UK_BUILD)/link.py --libs $(manifest) \
	$(if $(outer_orphans),--orphans-from-outside) --

common_ldflags = -static -nostdlib -z noexecstack --build-id=none \
	--orphan-handling=$(if $(outer_orphans),warn,error) \
	--no-warn-rwx-segments $(gc_sections) $(LDFLAGS) $(LDFLAGS-y) $(UK_LDFLAGS)
# $(call _link,<output without .dbg>,<further objects>)
_plain_link = $(LD) $(image_ldflags) $(common_ldflags) -Map=$(1).map \
	$(addprefix -T ,$(link_script)) $(_link_inputs) $(2) \
	--start-group $(link_archives) $(LIBGCC) --end-group -o $(1).dbg
_lto_link = $(CC) $(CC_TARGET) $(lto_ldflags) $(flags_all) $(flags_lto) \
	-nostdlib -static $(addprefix -Wl$(comma),$(common_ldflags)) \
	-Wl,-Map=$(1).map $(addprefix -Wl$(comma)-T$(comma),$(link_script)) \
	$(_link_inputs) $(2) -Wl,--start-group $(link_archives) $(LIBGCC) \
	-Wl,--end-group -o $(1).dbg
_link = $(link_wrapper) $(if $(flags_lto),$(_lto_link),$(_plain_link))

link_deps = $(symbols_ok) $(image_objects) $(image_archives) $(link_script) \
	$(outer_objects) $(outer_archives) $(UK_LDEPS)
cmd.$(image).first.dbg = $(call _link,$(image).first,$(symtab_empty))
$(image).first.dbg: $(link_deps) $(symtab_empty) FORCE
	$(call run_if_stale,LD,$(notdir $@))
cmd.$(image).dbg = $(call _link,$(image),$(symtab_full)) $(if $(symtab),&& \
	$(mksymtab) --nm $(NM) --same $(image).first.dbg $(image).dbg)
$(image).dbg: $(link_deps) $(symtab_full) FORCE
	$(call run_if_stale,LD,$(notdir $@))

ifeq ($(ARCH),arm64)
cmd.$(image) = $(OBJCOPY) -O binary $(image).dbg $(image)
else
cmd.$(image) = $(STRIP) -s $(image).dbg -o $(image)
endif
$(image): $(image).dbg FORCE
	$(call run_if_stale,IMAGE,$(notdir $@))

cmd.$(image).sym = $(NM) -n $(image).dbg >$(image).sym
$(image).sym: $(image).dbg FORCE
	$(call run_if_stale,SYM,$(notdir $@))
cmd.$(image).gz = $(GZIP) -9n <$(image) >$(image).gz
$(image).gz: $(image) FORCE
	$(call run_if_stale,GZ,$(notdir $@))

image_files := $(image) $(if $(filter y,$(CONFIG_OPTIMIZE_SYMFILE)),$(image).sym) \
	$(if $(filter y,$(CONFIG_OPTIMIZE_COMPRESS)),$(image).gz)

.PHONY: no-platform gdb_helpers
no-platform:
	@echo "error: no platform is switched on, so there is nothing to link an \
	image for. Set CONFIG_PLAT_KVM=y (make menuconfig, Platform Configuration)." >&2; exit 2

images: $(if $(plat_name),$(image_files),no-platform) $(all_device_trees) \
	$(UK_IMAGES) $(UK_IMAGES-y) $(UK_DEBUG_IMAGES) $(UK_DEBUG_IMAGES-y)
gdb_helpers:
all: images gdb_helpers ; @:
