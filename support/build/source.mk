# SPDX-License-Identifier: BSD-3-Clause
#
# Sources that are not in a tree: fetched, cloned, unpacked, patched. What
# happened is in stamps of the library's build directory: .chksum .origin
# .patched. Nothing is fetched for a library that is off.
#
#   $(eval $(call fetch,<lib>,<url>))
#   $(eval $(call fetchas,<lib>,<url>,<file name>))
#   $(eval $(call clone,<lib>,<git url>,<branch>))
#   $(eval $(call patch,<lib>,<directory of patches>,<directory in origin/>))
#
# Set before: <LIB>_ORIGIN_SHA256 (or _SHA512 _SHA1 _MD5). In the tree it must
# be there, and two more help where upstream cannot be reached:
# <LIB>_ORIGIN_PACKAGE, the distribution's source package, and
# <LIB>_ORIGIN_FILES, words <file>:<sha256> of equally good archives.
# <LIB>_ORIGIN_SIZE (bytes) is for the message when nothing can be reached,
# <LIB>_ORIGIN_LICENSE (an SPDX expression) for `make sbom`.

UK_FETCH :=
origin_list :=
all_origins :=
# What fetch-all gets: the tree's own, on or off, and others that are on.
_is_ours = $(or $(filter tree,$(lib_home.$(1))),$(call lib_is_on,$(1)))
_sbom_licence = $(subst $(space),_,$(or $(strip $($(1)_ORIGIN_LICENSE)),-))
fetch_py := $(PYTHON) -B $(UK_BUILD)/fetch.py

_origin_dir = $(BUILD_DIR)/$(strip $(1))
_origin_var = $(or $(lib_var.$(strip $(1))),$(call uc,$(strip $(1))))
# $(call _when_on,<lib>,<target>): register with the goal fetch.
_when_on = $(if $(call lib_is_on,$(strip $(1))),$(eval UK_FETCH += $(2)))

# $(call _sums,<VAR>): checksum options of fetch.py.
_sums = $(foreach _h,SHA256 SHA512 SHA1 MD5,$(if $($(1)_ORIGIN_$(_h)),--sum \
	$(call lc,$(_h)):$(strip $($(1)_ORIGIN_$(_h)))))
_sources = $(call _sums,$(1)) $(addprefix --also ,$($(1)_ORIGIN_FILES)) \
	$(addprefix --package ,$($(1)_ORIGIN_PACKAGE)) \
	$(addprefix --size ,$($(1)_ORIGIN_SIZE))
_needs_sum = $(if $(and $(filter tree,$(lib_home.$(1))),$(if \
	$($(2)_ORIGIN_SHA256)$($(2)_ORIGIN_FILES),,y)),$(error $(1) fetches an \
	archive without a checksum: set $(2)_ORIGIN_SHA256 before fetch))

# $(call _fetch,<lib>,<VAR>,<dir>,<urls>,<file>)
define _fetch
$(call _needs_sum,$(1),$(2))
origin_list += $(1)
origin_text.$(1) := $(5) $(or $($(2)_ORIGIN_SHA256),-) $(4)
origin_sbom.$(1) := $(5) $(or $($(2)_ORIGIN_SHA256),-) $(call \
_sbom_licence,$(2)) $(4)
$(if $(call _is_ours,$(1)),$(eval all_origins += $(3)/.chksum))
$(3)/$(5):
	$$(call verbose_cmd,FETCH,$(1): $(5),mkdir -p $(3) && \
	$$(fetch_py) get $(1) $(3)/$(5) $(foreach _u,$(4),--url '$(_u)') $(call _sources,$(2)))
$(3)/.chksum: $(3)/$(5)
	$$(call verbose_cmd,CHKSUM,$(1): $(5),$$(fetch_py) check $(3)/$(5) \
	$(call _sources,$(2)) && touch $$@)
$(eval $(call _unarchive,$(1),$(2),$(3),$(3)/$(5),$(3)/.chksum))
endef

define _unarchive
$(2)_ORIGIN := $(3)/origin
_reopen.$(1) := $(fetch_py) unpack $(4) $(3)/origin
$(3)/.origin: $(4) $(5)
	$$(call verbose_cmd,UNPACK,$(1): $(notdir $(4)),$$(fetch_py) unpack $(4) \
	$(3)/origin && touch $$@)
$(3)/origin/%: $(3)/.origin ;
$(call _when_on,$(1),$(3)/.origin)
endef

_fetchas = $(call _fetch,$(strip $(1)),$(_origin_var),$(_origin_dir),$(2),$(strip $(3)))
fetchas  = $(call _fetchas,$(1),$(strip $(2)),$(3))
fetchas2 = $(call _fetchas,$(1),$(strip $(2)) $(strip $(3)),$(4))
fetch    = $(call _fetchas,$(1),$(strip $(2)),$(notdir $(strip $(2))))
fetch2   = $(call _fetchas,$(1),$(strip $(2)) $(strip $(3)),$(notdir $(strip $(2))))
unarchive = $(call _unarchive,$(strip $(1)),$(_origin_var),$(_origin_dir),$(strip $(2)),$(3))

define _clone
$(2)_ORIGIN := $(3)/origin
_reopen.$(1) := $(GIT) -C $(3)/origin checkout -qf HEAD && $(GIT) -C $(3)/origin clean -qfdx
$(3)/.origin:
	$$(call verbose_cmd,CLONE,$(1): $(4),$(if $(filter 1,$(OFFLINE)),echo \
	"error: OFFLINE=1 forbids to clone $(4) for $(1)" >&2; exit 1;) \
	rm -rf $(3)/origin && mkdir -p $(3) && $(GIT) clone -q --depth 1 \
	$(if $(5),--branch '$(5)') '$(4)' $(3)/origin && touch $$@)
$(3)/origin/%: $(3)/.origin ;
origin_list += $(1)
origin_text.$(1) := - - $(4)
origin_sbom.$(1) := $(notdir $(4)) - $(call \
_sbom_licence,$(2)) git+$(4)$(if $(5),@$(5))
$(if $(call _is_ours,$(1)),$(eval all_origins += $(3)/.origin))
$(call _when_on,$(1),$(3)/.origin)
endef
clone = $(call _clone,$(strip $(1)),$(_origin_var),$(_origin_dir),$(strip $(2)),$(strip $(3)))

# A changed patch starts from the unpacked sources again.
define _patch
$(3)/.patched: $(3)/.origin $(4)
	$$(call verbose_cmd,PATCH,$(1),if [ -e $(3)/.patching ]; then $$(_reopen.$(1)); fi && \
	touch $(3)/.patching && for p in $(4); do \
	$(PATCH) -sd $(3)/origin/$(5) -p1 <"$$$$p" || exit 1; done && touch $$@)
$(call _when_on,$(1),$(3)/.patched)
endef
patch = $(call _patch,$(strip $(1)),$(_origin_var),$(_origin_dir),$(sort \
	$(wildcard $(strip $(2))/*)),$(strip $(3)))

# Sources made from others: x.m4>.c and x.awk>.h. $(call source_path,<key>,
# <word>,<directory>) is the file that gets compiled.
_made_path = $(3)/$(call _subdir,$(call _prefixes,$(call \
	key_lib,$(1)),$(2)))$(basename $(notdir $(2)))$(4)
source_path = $(if $(findstring >,$(2)),$(call _make_source,$(1),$(firstword \
	$(call _split,$(2))),$(call _made_path,$(1),$(firstword $(call \
	_split,$(2))),$(3),$(lastword $(subst >, ,$(2))))),$(firstword $(call _split,$(2))))
_make_source = $(if $(filter .m4 .awk,$(suffix $(2))),$(eval $(call \
	_make_rule$(suffix $(2)),$(1),$(2),$(3),$(call _prefixes,$(call \
	key_lib,$(1)),$(2))))$(3),$(error $(call key_lib,$(1)): no rule makes \
	$(3) from $(2)))
define _make_rule.m4
$(3): $(2) | prepare tool-M4
	$$(call build_cmd,M4,$(call key_lib,$(1)),$(3),$(M4) $(M4FLAGS) $(call \
	lib_value,$(call key_lib,$(1)),M4FLAGS) $(call _file,$(4),M4FLAGS) $(2) >$(3))
endef
define _make_rule.awk
$(3): $(2) $(call _file,$(4),AWKINCLUDES) | prepare tool-AWK
	$$(call build_cmd,AWK,$(call key_lib,$(1)),$(3),$(AWK) $(call \
	_file,$(4),AWKFLAGS) -f $(2) $(call _file,$(4),AWKINCLUDES) >$(3))
endef

.PHONY: fetch-list fetch-all
fetch-all: $$(all_origins) ; @:
fetch-list:
	$(foreach _l,$(origin_list),$(info $(_l) $(origin_text.$(_l))))@:
