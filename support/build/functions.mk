# SPDX-License-Identifier: BSD-3-Clause
#
# Functions without state that every make file here and every Makefile.uk may
# call. Names without an underscore in front are part of the interface.

comma := ,
empty :=
space := $(empty) $(empty)
plus  := +
squote := '
hash  := \#
define newline


endef

# $(call uc,<word>), $(call lc,<word>): letters only, nothing else changes.
uc = $(strip $(subst a,A,$(subst b,B,$(subst c,C,$(subst d,D,$(subst e,E,$(subst f,F,$(subst g,G,$(subst h,H,$(subst i,I,$(subst j,J,$(subst k,K,$(subst l,L,$(subst m,M,$(subst n,N,$(subst o,O,$(subst p,P,$(subst q,Q,$(subst r,R,$(subst s,S,$(subst t,T,$(subst u,U,$(subst v,V,$(subst w,W,$(subst x,X,$(subst y,Y,$(subst z,Z,$(1))))))))))))))))))))))))))))
lc = $(strip $(subst A,a,$(subst B,b,$(subst C,c,$(subst D,d,$(subst E,e,$(subst F,f,$(subst G,g,$(subst H,h,$(subst I,i,$(subst J,j,$(subst K,k,$(subst L,l,$(subst M,m,$(subst N,n,$(subst O,o,$(subst P,p,$(subst Q,q,$(subst R,r,$(subst S,s,$(subst T,t,$(subst U,u,$(subst V,v,$(subst W,w,$(subst X,x,$(subst Y,y,$(subst Z,z,$(1))))))))))))))))))))))))))))

# $(call qstrip,<string>): without the double quotes Kconfig puts around it.
qstrip = $(strip $(subst ",,$(1)))
#" (closes the quote for editors)

# $(call defined,<variable>): its value, if it has one.
defined = $(if $(filter undefined,$(origin $(1))),,$($(1)))

# $(call strneq,<a>,<b>): not empty if the two texts differ, in more than
# blanks. (GNU Make 4.3 leaves the newline at the end of some files it reads.)
_strneq = $(subst x$(1),,x$(2))$(subst x$(2),,x$(1))
strneq = $(call _strneq,$(strip $(1)),$(strip $(2)))

# $(call shquote,<text>): as one word of the shell.
shquote = '$(subst $(squote),'\'',$(1))'

# $(call uniq,<list>): the words of the list, first occurrences, in order.
uniq = $(if $(1),$(firstword $(1)) $(call uniq,$(filter-out $(firstword $(1)),$(1))))

# $(call reverse,<list>)
reverse = $(if $(1),$(call reverse,$(wordlist 2,$(words $(1)),$(1))) $(firstword $(1)))

# What a rule prints. The label may hold <library>':' <file>.
# $(call verbose_cmd,<LABEL>,<text>,<command>): one recipe line.
# $(call verbose_info,<text>): a remark with V=1.
# $(call build_cmd,<LABEL>,<lib>,<target>,<command>): a recipe line that also
#   keeps the command in <target>.cmd. build_clean names what it leaves behind.
_label_text = printf '  %-7s %s\n' $(call shquote,$(strip $(1))) "$(subst $(squote),,$(strip $(2)))"
ifeq ($(filter 1 2,$(V)),)
verbose_cmd = @$(call _label_text,$(1),$(2)); $(3)
verbose_info =
else
verbose_cmd = $(3)
verbose_info = $(info $(1))
endif
_cmd_save = printf '%s\n' $(call shquote,$(2)) >$(strip $(1)).cmd
build_cmd = $(call verbose_cmd,$(1),$(if $(2),$(strip $(2))': ')$(notdir $(3)),$(call _cmd_save,$(3),$(4)) && $(SHELL) $(strip $(3)).cmd)
build_clean = $(1) $(addsuffix .cmd,$(1))
