# SPDX-License-Identifier: BSD-3-Clause
#
# Targets that print what was read or built, and those that run the image.

.PHONY: print-vars print-libs print-srcs print-objs print-lds print-loc \
	print-init print-deps print-stack size run debug sbom \
	compile_commands.json

print-libs:
	@printf '%s\n' $(lib_order)
print-objs:
	@printf '%s\n' $(call uniq,$(all_objects) $(UK_OBJS) $(UK_OBJS-y))
print-lds:
	@printf '%s\n' $(link_script)
# Sources of libraries that external trees build by themselves: UK_SRCS.
more_sources = $(filter-out $(foreach _o,$(all_objects),$(source.$(_o))),$(call \
	uniq,$(UK_SRCS) $(UK_SRCS-y)))
print-srcs:
	$(foreach _k,$(lib_order) $(test_keys) $(rule_libs),$(foreach \
	_o,$(objects.$(_k)),$(info $(_k): $(source.$(_o)))))$(foreach \
	_s,$(more_sources),$(info $(_s)))@:
print-loc:
	@cat $(foreach _o,$(all_objects),$(source.$(_o))) $(more_sources) | wc -l

# All variables, or those of VARS="A B".
print-vars:
	$(foreach _v,$(or $(VARS),$(sort $(filter-out cmd.% post.% key_% \
	objects.% source.%,$(.VARIABLES)))),$(if $(filter-out default \
	undefined environment automatic,$(origin $(_v))),$(info $(_v)=$($(_v)))))@:

# The boot order, as the image has it; --dot writes the graph for graphviz.
print-init: $(image).dbg
	@$(PYTHON) -B $(UK_BUILD)/print_init.py $(image).dbg
print-deps:
	@$(PYTHON) -B $(UK_BUILD)/print_deps.py $(manifest) $(BUILD_DIR)/deps.dot

# How deep the core's stack can get: with STACK_USAGE=1 and gcc.
core_stack_limit := 8192
print-stack: objs
	@$(PYTHON) -B $(UK_BUILD)/stack.py $(core_stack_limit) $(foreach \
		_l,$(public_libs) $(plat_libs),$(BUILD_DIR)/$(_l))

# $(ARGS) go to kiln: make run ARGS="--mem 16M -- hello".
kiln := $(UK_BASE)/support/kiln
size: $(image).dbg
	@$(kiln) size $(image).dbg $(ARGS)
run: all
	@$(kiln) run $(image) --status $(ARGS)
debug: all
	@$(kiln) run $(image) --gdb $(ARGS)

# What the image is made of, for those who must say so: SPDX 2.3.
sbom: fetch
	$(file >$(BUILD_DIR)/origins.txt,$(foreach _l,$(filter $(lib_order),$(call \
		uniq,$(origin_list))),$(_l) $(origin_sbom.$(_l))$(newline)))@:
	@$(PYTHON) -B $(UK_BUILD)/sbom.py --libs $(manifest) --origins \
		$(BUILD_DIR)/origins.txt --build $(BUILD_DIR) --version $(KILN_VERSION) \
		--name $(notdir $(image)) --arch $(ARCH) >$(image).spdx.json
	@echo $(image).spdx.json

# For editors and analysers; nothing needs to be built for it.
compile_commands.json:
	@$(file >$(BUILD_DIR)/$@.in,$(foreach _o,$(all_objects),$(source.$(_o))|$(cmd.$(_o))$(newline)))
	@$(PYTHON) -B $(UK_BUILD)/compile_commands.py $(BUILD_DIR) \
		<$(BUILD_DIR)/$@.in >$(BUILD_DIR)/$@ && rm $(BUILD_DIR)/$@.in
	@echo "$(BUILD_DIR)/$@"
