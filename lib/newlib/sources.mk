# SPDX-License-Identifier: BSD-3-Clause
#
# What of newlib is built, as <directory>/<name> below its newlib/; % stands
# for any text.

newlib_dirs-y := libc/argz libc/ctype libc/errno libc/locale libc/misc \
	libc/posix libc/reent libc/search libc/signal libc/stdio libc/stdlib libc/string \
	libc/syscalls libc/time libc/unix
newlib_dirs-$(CONFIG_LIBNEWLIB_MATH)    += libm/common libm/math libm/fenv
newlib_dirs-$(CONFIG_LIBNEWLIB_COMPLEX) += libm/complex

# Written here (Makefile.uk), or other owners in every image: lib/ukstring,
# lib/uksp.
newlib_omit := libc/string/memcpy libc/string/memmove libc/string/memset \
	libc/string/memcmp libc/misc/lock libc/misc/init libc/misc/fini \
	libc/reent/%r libc/reent/getreent libc/reent/impure \
	libc/posix/_isatty libc/posix/isatty libc/stdlib/abort \
	libc/syscalls/sysfcntl libc/time/clock

# What there can be no calls for: other programs; users; names of terminals.
newlib_omit += libc/stdlib/system libc/syscalls/sysexecve \
	libc/syscalls/sysfork libc/syscalls/syswait libc/unix/getlogin \
	libc/unix/getpass libc/unix/getpwent libc/unix/getut libc/unix/sigset \
	libc/unix/ttyname libc/unix/ttyname_r libc/posix/exec% \
	libc/posix/popen libc/posix/posix_spawn libc/posix/word%
# Directories, and files as data bases.
newlib_omit += libc/unix/getcwd libc/posix/closedir libc/posix/dirfd \
	libc/posix/opendir libc/posix/readdir% libc/posix/rewinddir \
	libc/posix/scandir libc/posix/seekdir libc/posix/telldir \
	libc/posix/glob libc/search/hash libc/search/hash_b% \
	libc/search/hash_log2 libc/search/hash_page libc/search/ndbm
# What is made of functions for long double that newlib has where that is double.
newlib_omit += $(foreach _f,argl atanl atanhl acosl acoshl asinl asinhl cosl \
	coshl ephes_subrl expl logl powl projl sinl sinhl sqrtl tanl tanhl,\
	libm/complex/c$(_f))
# Parts that others are made from, or the small forms of them.
newlib_omit += libc/stdio/nano-% libc/stdlib/nano-% libc/stdlib/mallocr \
	libc/posix/engine

newlib_omit-$(CONFIG_ARCH_ARM_64) += libc/stdlib/strtorx
# In a form that clang's assembler does not know; the general ones are built.
ifneq ($(have_gcc),y)
newlib_omit += $(addprefix libc/machine/aarch64/,memchr% strchr% strrchr%)
endif
newlib_omit-$(CONFIG_LIBNEWLIB_UKALLOC) += libc/stdlib/aligned_alloc \
	libc/stdlib/calloc libc/stdlib/malign libc/stdlib/malloc \
	libc/stdlib/mlock libc/stdlib/msize libc/stdlib/mstats \
	libc/stdlib/mtrim libc/stdlib/realloc libc/stdlib/valloc
ifneq ($(CONFIG_LIBNEWLIB_REGEX),y)
newlib_omit += libc/posix/coll% libc/posix/fnmatch libc/posix/reg%
endif
newlib_omit += $(newlib_omit-y)

# Made from a source under another name, or by a definition of its own:
# <name>:<source>:<definitions, ~ between them>
_newlib_int  = libc/stdio/$(1):libc/stdio/$(2):-DINTEGER_ONLY
_newlib_text = libc/stdio/$(1):libc/stdio/$(2):-DSTRING_ONLY
newlib_again := libc/stdlib/__atexit:libc/stdlib/__atexit:-DMALLOC_PROVIDED \
	libc/stdlib/__call_atexit:libc/stdlib/__call_atexit:-DMALLOC_PROVIDED \
	$(if $(CONFIG_LIBNEWLIB_REGEX),libc/posix/fnmatch:libc/posix/fnmatch:-D_GNU_SOURCE) \
	$(call _newlib_int,vfiprintf,vfprintf) \
	$(call _newlib_int,vfiscanf,vfscanf) \
	$(call _newlib_int,vfiwprintf,vfwprintf) \
	$(call _newlib_int,vfiwscanf,vfwscanf) \
	$(foreach _f,printf scanf wprintf wscanf,\
	$(call _newlib_text,svf$(_f),vf$(_f)) \
	libc/stdio/svfi$(_f):libc/stdio/vf$(_f):-DINTEGER_ONLY~-DSTRING_ONLY)
ifneq ($(CONFIG_LIBNEWLIB_UKALLOC),y)
_newlib_heap = libc/stdlib/$(1):libc/stdlib/mallocr:-DINTERNAL_NEWLIB~-DDEFINE_$(2)
newlib_again += $(call _newlib_heap,mallocr,MALLOC) \
	$(call _newlib_heap,freer,FREE) $(call _newlib_heap,reallocr,REALLOC) \
	$(call _newlib_heap,callocr,CALLOC) $(call _newlib_heap,cfreer,CFREE) \
	$(call _newlib_heap,malignr,MEMALIGN) \
	$(call _newlib_heap,vallocr,VALLOC) \
	$(call _newlib_heap,pvallocr,PVALLOC) \
	$(call _newlib_heap,mallinfor,MALLINFO) \
	$(call _newlib_heap,mallstatsr,MALLOC_STATS) \
	$(call _newlib_heap,msizer,MALLOC_USABLE_SIZE) \
	$(call _newlib_heap,malloptr,MALLOPT)
endif
