# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash
#
# Sourced by run and snapshot: the outer machine. A state goes on only in the
# machine in which it was saved, so all that shapes it is here.

disk_mib=64
append="quiet loglevel=4 panic=-1 mitigations=off lsm=capability audit=0"
append+=" cryptomgr.notests=1"

# Run the machine of directory $1 with $2 CPUs and disk $3 for $4 seconds at
# most. Its own notes go to file $5, the guest's serial line to a character
# device "guest", which the further arguments define.
machine() {
	local dir=$1 cpus=$2 disk=${3//,/,,} seconds=$4 log=${5//,/,,}
	local append=$append arch
	shift 5
	arch=$(cat "$dir/arch") || return
	set -- -accel tcg -smp "$cpus" -m 384 \
		-nodefaults -no-user-config -display none -no-reboot \
		-drive "file=$disk,format=raw,if=none,id=job,cache=unsafe" \
		-kernel "$dir/kernel" -initrd "$dir/initramfs" "$@"
	# In the foreground is in this group of processes, and so ends with it.
	if [ "$arch" = x86_64 ]; then
		# QEMU emulates AMD's virtualisation, not Intel's. The clock
		# stays the TSC even if the machine is away for long, or KVM
		# would not tell its guests that clocks of CPUs agree; its
		# rate is told, see khz.c.
		append+=" tsc=reliable tsc_early_khz=$(cat "$dir/khz")"
		timeout --foreground "$seconds" qemu-system-x86_64 \
			-M pc,hpet=off -cpu qemu64,+svm,+npt \
			-serial chardev:guest -serial "file:$log" \
			-device virtio-blk-pci,drive=job \
			-append "console=ttyS1 $append" "$@"
	else
		timeout --foreground "$seconds" qemu-system-aarch64 \
			-M virt,virtualization=on,gic-version=3 \
			-cpu cortex-a72 -serial "file:$log" \
			-global virtio-mmio.force-legacy=false \
			-device virtio-blk-device,drive=job \
			-device virtio-serial-device \
			-device virtserialport,chardev=guest,name=guest \
			-append "console=ttyAMA0 $append" "$@"
	fi
}
