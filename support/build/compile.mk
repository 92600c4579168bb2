# SPDX-License-Identifier: BSD-3-Clause
#
# How one source becomes one object. The order of the parts of a command is
# part of the interface for external trees: COMPFLAGS (in which they find what
# every object of theirs gets), the library's, then includes from near to far,
# then flags from far to near.
#
# A "key" is a library, or <library>.test for its in-image tests.

key_lib = $(patsubst %.test,%,$(1))
key_is_test = $(filter %.test,$(1))
# Core: levels 0 to 3.
key_is_core = $(filter-out 4,$(call lib_level,$(call key_lib,$(1))))
key_is_outer = $(filter outer,$(lib_home.$(call key_lib,$(1))))
key_not_free = $(or $(call key_is_tree,$(1)),$(call key_is_core,$(1)))
# Objects that depend on each option by itself, and get our warnings.
key_is_tree = $(filter tree,$(lib_home.$(call key_lib,$(1))))

# What a test may use beyond its library's DEPS: the test library, although
# its level may be higher, and <LIB>_TEST_DEPS.
test_deps = $(call uniq,$(foreach _d,$(filter $(on_libs),libuktest \
	$(call lib_value,$(1),TEST_DEPS)),$(lib_closure.$(_d)) $(_d)))
test_includes = $(foreach _d,$(filter-out $(1) $(lib_closure.$(1)),$(call \
	test_deps,$(1))),$(lib_public.$(_d)))

# Includes of a key: its own directory, its public headers, those of its DEPS
# (and, for tests, of the test library), the ground, the compiler.
key_includes = $(if $(call key_is_tree,$(1)),-iquote $(lib_dir.$(call key_lib,$(1)))) \
	$(lib_public.$(call key_lib,$(1))) \
	$(call dep_includes,$(call key_lib,$(1))) \
	$(if $(call key_is_test,$(1)),$(call test_includes,$(call key_lib,$(1)))) \
	$(ground_includes) -isystem $(CC_INCLUDE)

global = $(if $(and $(call key_is_outer,$(1)),$(filter 4,$(call lib_level,$(call \
	key_lib,$(1))))),$($(2)) $($(2)-y))

key_base = $(if $(call key_is_core,$(1)),$(flags_all) $(flags_core),\
	$(if $(call key_is_outer,$(1)),,$(flags_all) -std=gnu11 -nostdinc)) \
	$(if $(call key_is_lto,$(1)),$(flags_lto))

# Optimised at link time: the tree's own, but for libcs (archives) and what
# says <LIB>_LTO := n because the compiler itself calls it.
key_is_lto = $(and $(flags_lto),$(call key_is_tree,$(1)),$(if $(filter \
	y,$($(lib_var.$(call key_lib,$(1)))_ARCHIVE)),,y),$(if $(filter \
	n,$($(lib_var.$(call key_lib,$(1)))_LTO)),,y))

# The command of a key but for the file's own parts, in three: head, then the
# file's INCLUDES, then inc, the file's ARCHFLAGS, opt, the file's FLAGS.
# $(call _key_part,<key>,<C|CXX|AS|GOC|RUSTC>,<INCLUDES|FLAGS>)
_key_part = $(call global,$(1),$(2)$(3)) $($(2)$(3)_EXTRA) \
	$(call lib_value,$(call key_lib,$(1)),$(2)$(3))
_near_includes = $(call lib_value,$(call key_lib,$(1)),$(2)INCLUDES) \
	$(call global,$(1),$(2)INCLUDES)

define _key_flags
key_head.$(1) := $(strip $(call global,$(1),COMPFLAGS) $(call \
	lib_value,$(call key_lib,$(1)),COMPFLAGS))
key_base.$(1) := $(strip $(call key_includes,$(1)) $(call key_base,$(1)))
key_c_inc.$(1) = $(call _near_includes,$(1),C) $$(key_base.$(1)) \
	$(if $(call key_is_tree,$(1)),$(flags_tree))
key_c_opt.$(1) := $(strip $(call _key_part,$(1),C,FLAGS))
key_cxx_inc.$(1) = $(call _near_includes,$(1),CXX) $$(filter-out \
	-std=gnu11,$$(key_base.$(1))) $(if $(call key_is_tree,$(1)),$(flags_tree_cxx))
key_cxx_opt.$(1) := $(strip $(call _key_part,$(1),CXX,FLAGS))
key_as_inc.$(1) = $(call global,$(1),ASINCLUDES) $(call \
	lib_value,$(call key_lib,$(1)),ASINCLUDES) $$(filter-out \
	$(flags_lto),$$(key_base.$(1))) $(flags_asm)
key_as_opt.$(1) := $(strip $(call _key_part,$(1),AS,FLAGS))
key_s_inc.$(1) = $$(key_as_inc.$(1))
key_s_opt.$(1) = $$(key_as_opt.$(1))
key_go_inc.$(1) := $(strip $(call _near_includes,$(1),GOC))
key_go_opt.$(1) := $(strip $(call _key_part,$(1),GOC,FLAGS))
key_rs_opt.$(1) := $(strip $(call _key_part,$(1),RUSTC,FLAGS))
endef

# A recipe that runs cmd.$@ if a prerequisite is newer or the command is not
# the one that made the target. post.$@ is run after it, quietly.
_is_stale = $(filter-out FORCE,$?)$(call strneq,$(file <$@.cmd),$(cmd.$@))
_after = $(if $(post.$@),$(post.$@) && )$(call _cmd_save,$@,$(cmd.$@))
ifeq ($(filter 1 2,$(V)),)
_run = @$(call _label_text,$(1),$(2)); $(cmd.$@) && $(_after)
else
define _run
$(cmd.$@)
@$(_after)
endef
endif
run_if_stale = $(if $(_is_stale),$(call _run,$(1),$(2)))

fixdep = . $(UK_BUILD)/fixdep.sh $(1:.o=.d) $(OPTION_DIR)

all_objects :=

# $(call _object_rule,<key>,<source>,<variant>,<object>,<lang>,<prefixes>)
define _object_rule
all_objects += $(4)
source.$(4) := $(2)
cmd.$(4) = $(if $(filter rs,$(5)),$(_rust_command),$(_gnu_command))
$(if $(call key_is_tree,$(1)),$(if $(filter s,$(5)),,post.$(4) = $$(call fixdep,$(4))))
$(4): $(2) $(call _file,$(6),CDEPS) $(if $(call \
key_is_tree,$(1)),,$(AUTOHEADER)) FORCE | preprocess $(lang_tool.$(5))
	$$(call run_if_stale,$(label.$(5)),$(call key_lib,$(1)): $(notdir $(2))$(if $(3), ($(3))))
-include $(wildcard $(4:.o=.d))
endef
_own_flags = $(call _file,$(6),FLAGS) $(call defined,extra.$(4))
_gnu_command = $$(compiler.$(5)) $$(key_head.$(1)) $(if $(filter \
	c cxx go,$(5)),$(call _file,$(6),INCLUDES)) $$(key_$(5)_inc.$(1)) \
	$(if $(filter isr,$(3)),$(ISR_ARCHFLAGS),$(call global,$(1),ARCHFLAGS)) \
	$$(key_$(5)_opt.$(1)) $(if $(filter as s,$(5)),$(call _file,$(6),INCLUDES)) \
	$(_own_flags) $$(user_flags.$(5)) $(DBGFLAGS) \
	-D__LIBNAME__=$(call key_lib,$(1)) -D__BASENAME__=$(notdir $(2)) \
	$(if $(3),-D__VARIANT__=$(3)) \
	$(if $(filter s go,$(5)),,-MD -MF $(4:.o=.d) -MT $(4)) \
	$(if $(filter c,$(5)),$(stack_usage)) $(lang_x.$(5)) -c $(2) -o $(4)
_rust_command = $$(compiler.rs) $(rust_flags) $$(call \
	_rust_once,$$(key_rs_opt.$(1)) $(_own_flags)) \
	-C metadata=$(call key_lib,$(1))$(addprefix .,$(3)) -C codegen-units=1 \
	--emit=obj=$(4),dep-info=$(4:.o=.d) $(2)
_file = $(foreach _p,$(1),$(call defined,$(_p)_$(2)) $(call defined,$(_p)_$(2)-y))

# Call graphs with stack sizes, for print-stack. gcc only.
STACK_USAGE ?=
stack_usage = $(if $(filter 1,$(STACK_USAGE)),-fstack-usage -fcallgraph-info=su)

# The variables of one file: with and without its variant.
_prefixes = $(lib_var.$(1))_$(call uc,$(basename $(notdir $(2)))) $(if \
	$(3),$(lib_var.$(1))_$(call uc,$(basename $(notdir $(2))))_$(call uc,$(3)))
_subdir = $(addsuffix /,$(patsubst /%,%,$(strip $(firstword $(foreach _p,$(1),$($(_p)_SUBBUILD))))))

# $(call add_objects,<key>,<source words>,<directory>): defines the rules and
# leaves the objects in objects.<key>.
_split = $(subst |, ,$(firstword $(subst >, ,$(1))))
_suffix = $(if $(filter %.lds.S,$(firstword $(call \
	_split,$(1)))),.lds.S,$(suffix $(or $(word 2,$(subst >, \
	,$(1))),$(firstword $(call _split,$(1))))))
define _add_object
$(if $(and $(filter go rs,$(4)),$(call key_not_free,$(1))),$(error $(call \
key_lib,$(1)): $(2) is $(_tool_what.$(label.$(4))), which only external \
libraries of level 4 are written in))
objects.$(1) += $(5)
$(if $(filter $(5),$(all_objects)),$(error $(call key_lib,$(1)): two sources \
become $(notdir $(5)): give one of them a variant, $(notdir $(2))|<variant>))
$(call _object_rule,$(1),$(2),$(3),$(5),$(4),$(6))
endef
_one_object = $(eval $(call _add_object,$(1),$(2),$(3),$(4),$(5)/$(call \
	_subdir,$(6))$(basename $(notdir $(2)))$(if $(3),.$(3)).o,$(6)))
_source_check = $(if $(and $(call key_is_tree,$(1)),$(filter-out \
	$(BUILD_DIR)/%,$(2))),$(if $(wildcard $(2)),,$(error $(call \
	key_lib,$(1)) lists the source $(2), which does not exist \
	$(call _where,$(call key_lib,$(1))))))
# $(call _add_word,<key>,<word>,<dir>,<path>,<variants>,<suffix>)
_add_word = $(call _source_check,$(1),$(4))$(if $(lang$(6)),$(foreach \
	_v,$(or $(5),-),$(call _one_object,$(1),$(4),$(_v:-=),$(lang$(6)),$(3),$(call \
	_prefixes,$(call key_lib,$(1)),$(4),$(_v:-=)))),$(call \
	_add_other,$(1),$(4),$(6),$(3)))
add_objects = $(foreach _w,$(2),$(call _add_word,$(1),$(_w),$(3),$(call \
	source_path,$(1),$(_w),$(3)),$(wordlist 2,99,$(call _split,$(_w))),$(call _suffix,$(_w))))
