# SPDX-License-Identifier: BSD-3-Clause
#
# What of musl is not built, as <directory>/<name> below its src/ (% stands
# for any text), and what of that is built all the same: musl_keep.

# Written here (Makefile.uk), or other owners in every image: lib/ukstring,
# lib/uksp. vfork has a general form.
musl_omit := thread/clone thread/syscall_cp thread/__unmapself \
	thread/__set_thread_area signal/restore \
	string/memcpy string/memmove string/memset string/memcmp \
	env/__stack_chk_fail
musl_general := process/x86_64/vfork.s

musl_omit-$(CONFIG_LIBMUSL_UKALLOC) += mallocng/% malloc/calloc malloc/free \
	malloc/libc_calloc malloc/lite_malloc malloc/realloc malloc/replaced
_musl_off = $(if $(filter y,$(CONFIG_LIBMUSL_$(1))),,y)
musl_omit-$(call _musl_off,COMPLEX) += complex/%
musl_omit-$(call _musl_off,CRYPT)   += crypt/%
musl_omit-$(call _musl_off,ICONV)   += locale/iconv locale/iconv_close
musl_omit-$(call _musl_off,MATH)    += math/%
musl_omit-$(call _musl_off,NETWORK) += network/%
musl_omit-$(call _musl_off,REGEX)   += regex/%
musl_omit += $(musl_omit-y)

# printf(), scanf(), strtod() and classification; and what syslog(), mq_notify()
# and the byte order need.
musl_keep := math/copysignl math/fabsl math/fmodl math/frexpl math/scalbn \
	math/scalbnl math/__fpclassify% math/__signbit% \
	network/connect network/recv network/recvfrom network/send \
	network/sendmsg network/sendto network/socket \
	network/htonl network/htons network/ntohl network/ntohs
