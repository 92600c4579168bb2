# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash
#
# Sourced by what fetches and builds the rigs: packages of Debian.
#
# Nothing is installed: the packages come from this system's own apt sources
# through a state of their own, and are unpacked below $x; what is made of them
# grows below $root. So those of another architecture need neither a permission
# of dpkg nor a cross compiler. Where one cannot be had, or a program to unpack
# it, the last line says "package NAME is not available" and the status is 77.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
x=$work/unpacked
root=$work/root

fail() {
	echo "${0##*/}: $1" >&2
	exit 1
}

missing() {
	[ ! -s "$work/errors" ] || tail -n 3 "$work/errors" >&2
	echo "package $1 is not available" >&2
	exit 77
}

# Program $1 of package $2.
need() {
	command -v "$1" > /dev/null || missing "$2"
}

# Read the lists for Debian's architecture $1, to get package $2.
begin_packages() {
	mkdir -p "$work"/{apt/lists,cache/archives}/partial "$x"
	: > "$work/apt/status"
	cat > "$work/apt.conf" <<END
APT::Architecture "$1";
APT::Architectures { "$1"; };
APT::Sandbox::User "$(id -un)";
Acquire::Languages "none";
Acquire::Retries "1";
Acquire::http::Timeout "10";
Dir::State "$work/apt";
Dir::State::status "$work/apt/status";
Dir::Cache "$work/cache";
END
	export APT_CONFIG=$work/apt.conf
	need apt-get "$2"
	need dpkg-deb "$2"
	# It may succeed without a single list.
	apt-get -qq update 2> "$work/errors" || missing "$2"
}

# Print the names of those that packages $2... depend on; only what begins as
# the expression $1 says.
depends() {
	local begin=$1
	shift
	apt-cache depends --important "$@" 2> /dev/null |
		sed -n "s/^ *Depends: \(\($begin\)[^ ]*\)\$/\1/p" | sort -u
}

# Print the one that metapackage $1, which wants more, has for this release: its
# name begins with $2.
newest() {
	local name
	name=$(depends "$2" "$1" | head -n 1)
	[ -n "$name" ] || missing "$1"
	echo "$name"
}

# Unpack packages.
unpack() {
	local name
	for name in "$@"; do
		(cd "$work/cache/archives" &&
			apt-get -qq download "$name" > /dev/null \
				2> "$work/errors") || missing "$name"
		dpkg-deb -x "$work/cache/archives/$name"_*.deb "$x"
	done
}

# A number in file $1 at byte $2.
u8() { od -An -tu1 -j"$2" -N1 "$1" | tr -d ' '; }
u32() { od -An -tu4 -j"$2" -N4 "$1" | tr -d ' '; }

# Linux for x86_64 without its wrapper, as its PVH entry or Xen starts it, so
# that it does not unpack itself in emulation. Where it is says the header
# (Linux/x86 boot protocol: setup_sects at 0x1f1, payload_offset at 0x248,
# payload_length at 0x24c); its last 4 bytes are the length when unpacked.
unwrap() {
	local -a unpack
	tail -c +$((($(u8 "$1" 497) + 1) * 512 + $(u32 "$1" 584) + 1)) "$1" |
		head -c $(($(u32 "$1" 588) - 4)) > "$work/payload"
	case $(od -An -tx1 -N4 "$work/payload" | tr -d ' ') in
	02214c18) unpack=(lz4 -qdc) ;;
	28b52ffd) unpack=(zstd -qdc) ;;
	fd377a58) unpack=(xz -qdc --single-stream) ;;
	1f8b*) unpack=(gzip -qdc) ;;
	*) fail "the kernel is packed in an unknown way" ;;
	esac
	"${unpack[@]}" < "$work/payload"
}

# Copy module files $2... of the tree $1, those that are there, to
# $root/lib/modules, in the order in which they are loaded.
modules() {
	local from=$1 name
	shift
	mkdir -p "$root/lib/modules"
	for name in "$@"; do
		[ -f "$from/$name.ko" ] || continue
		cp "$from/$name.ko" "$root/lib/modules/"
		echo "${name##*/}"
	done > "$root/lib/modules/order"
}

needed_by() {
	readelf -d "$@" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | sort -u
}

# Copy the libraries of programs, which may be another architecture's, and their
# loader to $root, by their sonames.
libraries() {
	local libdir so found loader
	local -a todo=("$@") next
	libdir=$(cd "$x" && echo lib/*-linux-gnu)
	mkdir -p "$root/$libdir" "$root/lib64"
	while [ ${#todo[@]} -gt 0 ]; do
		next=()
		for so in $(needed_by "${todo[@]}"); do
			[ ! -e "$root/$libdir/$so" ] || continue
			found=$(find "$x/lib" "$x/usr/lib" -name "$so" |
				head -n 1)
			[ -n "$found" ] || fail "no package brings $so"
			cp -L "$found" "$root/$libdir/$so"
			next+=("$found")
		done
		todo=("${next[@]}")
	done
	loader=$(readelf -l "$1" |
		sed -n 's/.*interpreter: \(.*\)\]/\1/p')
	cp -L "$root/$libdir/${loader##*/}" "$root$loader"
}

# Pack directory $1 as an initramfs.
pack() {
	(cd "$1" && find . | LC_ALL=C sort |
		cpio -o -H newc -R 0:0 --quiet)
}
