# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash
#
# Sourced after a compilation: . fixdep.sh DEPFILE OPTION_DIR
#
# Rewrites what the compiler's -MD left: config.h, which changes with every
# option, gives way to the files of those options that the sources and headers
# mention. Each header also becomes a target without a rule, so that one that
# is gone leads to a compilation and not to an error. One fork: grep.
fixdep() {
	local depfile=$1 options=$2 text target dep name
	local -a deps=() out=()
	local -A seen=()

	text=$(<"$depfile")
	target=${text%%:*}
	text=${text#*:}
	read -r -d '' -a deps <<<"${text//\\$'\n'/ }"
	for dep in "${deps[@]}"; do
		case $dep in
		*/include/uk/bits/config.h) ;;
		*) out+=("$dep") ;;
		esac
	done
	while read -r name; do
		name=${name#CONFIG_}
		[ -z "$name" ] || seen[$name]=1
	done < <(grep -ohE 'CONFIG_[A-Za-z0-9_]*' -- "${out[@]}")
	for name in "${!seen[@]}"; do
		# Not set and never was: older than every object.
		[ -e "$options/$name" ] || touch -d @0 "$options/$name"
		out+=("$options/$name")
	done
	{
		printf '%s:' "$target"
		printf ' \\\n %s' "${out[@]}"
		printf '\n'
		printf '%s:\n' "${out[@]}"
	} >"$depfile"
}
fixdep "$1" "$2"
