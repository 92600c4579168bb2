/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * QEMU TCG plugin: exact counts of guest instructions.
 *
 * Each instruction adds 1 to a counter by code that QEMU inlines, so the
 * counts are exact and cost little; where something is to be noticed (an
 * address, a marker, an access) a callback before that instruction logs the
 * counts so far. TCG runs each iteration of a repeated string instruction
 * as one instruction; those are counted apart, because a CPU does not.
 *
 * Inlined additions are not atomic: with several vCPUs run under -icount,
 * which runs them in turn, or with lockstep=.
 *
 * Options (-plugin count.so,a=b,...):
 *   log=FILE   where to report; default: standard error
 *   pc=HEX     log the counts at the first execution of this address
 *              (up to 64 times)
 *   map=FILE   the counters live in this file, see enum counter
 *   serial=FILE  log the counts at each line of the guest's -serial file:FILE
 *   hist=FILE  executions per address; with from=HEX counted from the first
 *              execution of that address, with to=HEX written at the first of
 *              that one, else at the end
 *   io=1       count what leaves a guest under KVM: COUNT_MMIO, _IN, _IDLE
 *   vcpu=1     count per vCPU, by whole translation blocks
 *   lockstep=N from the first marker on let vCPUs run as if at once, none of
 *              them further ahead than N instructions, and log markers with
 *              the time it is; without -icount, see lockstep.c
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "decode.h"
#include "hist.h"
#include "lockstep.h"
#include "qemu_plugin.h"

#define NPC		64
#define MAP_BYTES	4096

/* Indices of 64-bit counters; the order of the file of map=. */
enum counter {
	COUNT_INSN,		/* instructions without COUNT_REP */
	COUNT_UPPER,		/* with COUNT_REP, in the upper half */
	COUNT_MARKS,
	COUNT_OUT,		/* port writes; with serial= also MMIO stores */
	COUNT_REP,		/* iterations of repeated string instructions */
	COUNT_MMIO,
	COUNT_IN,		/* port reads */
	COUNT_IDLE,		/* hlt, wfi, wfe */
	COUNT_VCPU = 16,	/* and 63 more */
	COUNT_TOTAL = COUNT_VCPU + 64
};

_Static_assert(COUNT_TOTAL * 8 <= MAP_BYTES, "fits the file of map=");

int qemu_plugin_version = QEMU_PLUGIN_VERSION;

static struct {
	uint64_t own[COUNT_TOTAL];	/* without map= */
	uint64_t *counts;
	uint64_t last_mark;
	FILE *log;
	bool arm64;
	bool io;
	bool per_vcpu;
	bool lockstep;
	const char *serial_path;
	int serial_fd;
	bool output_pending;	/* x86: an out whose byte is not written yet */
	char line[256];
	size_t line_len;
	const char *hist_path;
	uint64_t from, to;
	bool hist_from_seen, hist_written;
	unsigned int npcs;
	struct {
		uint64_t addr;
		bool seen;
	} pcs[NPC];
} st = {
	.serial_fd = -1,
};

static void log_line(void)
{
	st.line[st.line_len] = '\0';
	fprintf(st.log, "line %" PRIu64 " rep %" PRIu64 " %s\n",
		st.counts[COUNT_INSN], st.counts[COUNT_REP], st.line);
	fflush(st.log);
	st.line_len = 0;
}

/* Log the lines that the serial file has got since the last call. */
static void read_serial(void)
{
	char buf[256];
	ssize_t len;

	if (st.serial_fd < 0)
		st.serial_fd = open(st.serial_path, O_RDONLY);
	if (st.serial_fd < 0)
		return;
	while ((len = read(st.serial_fd, buf, sizeof(buf))) > 0) {
		for (ssize_t i = 0; i < len; i++) {
			if (buf[i] == '\n' ||
			    st.line_len == sizeof(st.line) - 1)
				log_line();
			else if (buf[i] != '\r')
				st.line[st.line_len++] = buf[i];
		}
	}
}

static void on_out(unsigned int vcpu, void *arg)
{
	(void)vcpu;
	(void)arg;
	st.counts[COUNT_OUT]++;
	if (st.serial_path && st.output_pending)
		read_serial();
	st.output_pending = true;
}

static void on_after_out(unsigned int vcpu, void *arg)
{
	(void)vcpu;
	(void)arg;
	if (st.output_pending) {
		st.output_pending = false;
		read_serial();
	}
}

static bool is_io(qemu_plugin_meminfo_t info, uint64_t vaddr)
{
	const struct qemu_plugin_hwaddr *addr =
		qemu_plugin_get_hwaddr(info, vaddr);

	return addr && qemu_plugin_hwaddr_is_io(addr);
}

static void on_store(unsigned int vcpu, qemu_plugin_meminfo_t info,
		     uint64_t vaddr, void *arg)
{
	(void)vcpu;
	(void)arg;
	if (is_io(info, vaddr)) {
		st.counts[COUNT_OUT]++;
		read_serial();
	}
}

static void on_access(unsigned int vcpu, qemu_plugin_meminfo_t info,
		      uint64_t vaddr, void *arg)
{
	(void)vcpu;
	(void)arg;
	if (is_io(info, vaddr))
		st.counts[COUNT_MMIO]++;
}

/* Run by all vCPUs so far, string iterations included. */
static uint64_t ninsns(void)
{
	return st.counts[COUNT_INSN] + st.counts[COUNT_REP];
}

static void on_tb(unsigned int vcpu, void *arg)
{
	if (st.lockstep)
		lockstep_block(vcpu);
	st.counts[COUNT_VCPU + vcpu % 64] += (uintptr_t)arg;
}

static void on_idle(qemu_plugin_id_t id, unsigned int vcpu)
{
	(void)id;
	lockstep_idle(vcpu);
}

static void on_resume(qemu_plugin_id_t id, unsigned int vcpu)
{
	(void)id;
	lockstep_resume(vcpu);
}

/* A store; one to a device may be an interrupt for another vCPU. */
static void on_maybe_ipi(unsigned int vcpu, qemu_plugin_meminfo_t info,
			 uint64_t vaddr, void *arg)
{
	(void)vcpu;
	(void)arg;
	if (is_io(info, vaddr))
		lockstep_settle();
}

/* An interrupt for another vCPU comes next. */
static void on_ipi(unsigned int vcpu, void *arg)
{
	(void)arg;
	lockstep_will_settle(vcpu);
}

static void on_pc(unsigned int vcpu, void *arg)
{
	const unsigned int i = (unsigned int)(uintptr_t)arg;

	(void)vcpu;
	if (st.pcs[i].seen)
		return;
	st.pcs[i].seen = true;
	fprintf(st.log, "pc %" PRIx64 " %" PRIu64 " rep %" PRIu64 "\n",
		st.pcs[i].addr, st.counts[COUNT_INSN], st.counts[COUNT_REP]);
	fflush(st.log);
}

static void on_hist_from(unsigned int vcpu, void *arg)
{
	(void)vcpu;
	(void)arg;
	if (!st.hist_from_seen)
		hist_clear();
	st.hist_from_seen = true;
}

static void write_hist(void)
{
	if (st.hist_written)
		return;
	st.hist_written = true;
	if (!hist_write(st.hist_path))
		fprintf(st.log, "error cannot write %s\n", st.hist_path);
}

static void on_hist_to(unsigned int vcpu, void *arg)
{
	(void)vcpu;
	(void)arg;
	write_hist();
}

static void on_mark(unsigned int vcpu, void *arg)
{
	/* First: it waits until other vCPUs stand still. */
	const uint64_t time = st.lockstep ? lockstep_mark(vcpu) : 0;
	const uint64_t now = st.counts[COUNT_INSN];

	st.counts[COUNT_MARKS]++;
	fprintf(st.log, "mark %u %" PRIu64 " +%" PRIu64 " rep %" PRIu64
		" upper %" PRIu64 " vcpu %u", (unsigned int)(uintptr_t)arg,
		now, now - st.last_mark, st.counts[COUNT_REP],
		st.counts[COUNT_UPPER], vcpu);
	if (st.lockstep)
		fprintf(st.log, " time %" PRIu64, time);
	fputc('\n', st.log);
	fflush(st.log);
	st.last_mark = now;
}

static void call(struct qemu_plugin_insn *insn, qemu_plugin_exec_cb_t cb,
		 uintptr_t arg)
{
	qemu_plugin_register_vcpu_insn_exec_cb(insn, cb,
					       QEMU_PLUGIN_CB_NO_REGS,
					       (void *)arg);
}

static void add(struct qemu_plugin_insn *insn, uint64_t *counter)
{
	qemu_plugin_register_vcpu_insn_exec_inline(insn,
						   QEMU_PLUGIN_INLINE_ADD_U64,
						   counter, 1);
}

/* Callbacks for addresses the options named. */
static void watch_address(struct qemu_plugin_insn *insn, uint64_t vaddr)
{
	for (unsigned int i = 0; i < st.npcs; i++) {
		if (st.pcs[i].addr == vaddr)
			call(insn, on_pc, i);
	}
	if (!st.hist_path)
		return;
	if (st.from && st.from == vaddr)
		call(insn, on_hist_from, 0);
	if (st.to && st.to == vaddr)
		call(insn, on_hist_to, 0);
}

static void watch_io(struct qemu_plugin_insn *insn,
		     const struct insn_kind *kind)
{
	if (kind->port_out)
		call(insn, on_out, 0);
	if (st.serial_path && st.arm64)
		qemu_plugin_register_vcpu_mem_cb(insn, on_store,
						 QEMU_PLUGIN_CB_NO_REGS,
						 QEMU_PLUGIN_MEM_W, NULL);
	if (!st.io)
		return;
	qemu_plugin_register_vcpu_mem_cb(insn, on_access,
					 QEMU_PLUGIN_CB_NO_REGS,
					 QEMU_PLUGIN_MEM_RW, NULL);
	if (kind->idle)
		add(insn, &st.counts[COUNT_IDLE]);
	if (kind->port_in)
		add(insn, &st.counts[COUNT_IN]);
}

/* What may wake another vCPU. */
static void watch_ipi(struct qemu_plugin_insn *insn,
		      const struct insn_kind *kind)
{
	if (kind->ipi)
		call(insn, on_ipi, 0);
	qemu_plugin_register_vcpu_mem_cb(insn, on_maybe_ipi,
					 QEMU_PLUGIN_CB_NO_REGS,
					 QEMU_PLUGIN_MEM_W, NULL);
}

static struct insn_kind decode(const struct qemu_plugin_insn *insn)
{
	const uint8_t *code = qemu_plugin_insn_data(insn);
	const size_t len = qemu_plugin_insn_size(insn);

	return st.arm64 ? decode_arm64(code, len) : decode_x86(code, len);
}

static void on_translate(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	const size_t ninsns = qemu_plugin_tb_n_insns(tb);
	bool look = true;	/* an earlier block may have ended in an out */

	(void)id;
	if (st.per_vcpu || st.lockstep)
		qemu_plugin_register_vcpu_tb_exec_cb(tb, on_tb,
						     QEMU_PLUGIN_CB_NO_REGS,
						     (void *)ninsns);
	for (size_t i = 0; i < ninsns; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		const uint64_t vaddr = qemu_plugin_insn_vaddr(insn);
		const struct insn_kind kind = decode(insn);

		if (st.serial_path && look)
			call(insn, on_after_out, 0);
		look = kind.port_out;
		watch_address(insn, vaddr);
		if (kind.marker)
			call(insn, on_mark, kind.mark);
		watch_io(insn, &kind);
		if (st.lockstep)
			watch_ipi(insn, &kind);
		add(insn, &st.counts[kind.rep ? COUNT_REP : COUNT_INSN]);
		if (vaddr >> 63)
			add(insn, &st.counts[COUNT_UPPER]);
		if (st.hist_path)
			add(insn, hist_slot(vaddr));
	}
}

static void on_end(qemu_plugin_id_t id, void *arg)
{
	const uint64_t *c = st.counts;

	(void)id;
	(void)arg;
	if (st.serial_path) {
		read_serial();
		if (st.line_len)
			log_line();
	}
	if (st.hist_path)
		write_hist();
	if (st.io)
		fprintf(st.log, "exits mmio %" PRIu64 " in %" PRIu64
			" out %" PRIu64 " idle %" PRIu64 "\n", c[COUNT_MMIO],
			c[COUNT_IN], c[COUNT_OUT], c[COUNT_IDLE]);
	for (unsigned int i = 0; st.per_vcpu && i < 64; i++) {
		if (c[COUNT_VCPU + i])
			fprintf(st.log, "vcpu %u %" PRIu64 "\n", i,
				c[COUNT_VCPU + i]);
	}
	if (st.lockstep)
		fprintf(st.log, "slips %" PRIu64 "\n", lockstep_nslips());
	fprintf(st.log, "total %" PRIu64 " rep %" PRIu64 " upper %" PRIu64
		"\n", c[COUNT_INSN], c[COUNT_REP], c[COUNT_UPPER]);
	fflush(st.log);
}

/* The counters in @path, at 0. */
static bool map_counters(const char *path)
{
	const int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0666);
	void *map;

	if (fd < 0)
		return false;
	if (ftruncate(fd, MAP_BYTES) < 0) {
		close(fd);
		return false;
	}
	map = mmap(NULL, MAP_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (map == MAP_FAILED)
		return false;
	st.counts = map;
	return true;
}

static bool set_lockstep(const char *ahead)
{
	char *end;
	const unsigned long long n = strtoull(ahead, &end, 10);

	if (end == ahead || *end)
		return false;
	st.lockstep = true;
	lockstep_init(n, ninsns);
	return true;
}

static bool add_pc(const char *hex)
{
	if (st.npcs == NPC)
		return false;
	st.pcs[st.npcs++].addr = strtoull(hex, NULL, 16);
	return true;
}

/* One option; false if it is none or cannot be done. */
static bool set_option(const char *name, size_t len, const char *val)
{
	char *key = strndup(name, len);
	bool ok = true;

	if (!key)
		return false;
	if (!strcmp(key, "log"))
		ok = (st.log = fopen(val, "w")) != NULL;
	else if (!strcmp(key, "map"))
		ok = map_counters(val);
	else if (!strcmp(key, "pc"))
		ok = add_pc(val);
	else if (!strcmp(key, "serial"))
		ok = (st.serial_path = strdup(val)) != NULL;
	else if (!strcmp(key, "hist"))
		ok = hist_init() && (st.hist_path = strdup(val));
	else if (!strcmp(key, "from"))
		st.from = strtoull(val, NULL, 16);
	else if (!strcmp(key, "to"))
		st.to = strtoull(val, NULL, 16);
	else if (!strcmp(key, "io"))
		st.io = *val == '1';
	else if (!strcmp(key, "vcpu"))
		st.per_vcpu = *val == '1';
	else if (!strcmp(key, "lockstep"))
		ok = set_lockstep(val);
	else
		ok = false;
	free(key);
	return ok;
}

int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info *info,
			int argc, char **argv)
{
	st.counts = st.own;
	st.log = stderr;
	st.arm64 = !strcmp(info->target_name, "aarch64");
	for (int i = 0; i < argc; i++) {
		const char *eq = strchr(argv[i], '=');

		if (!eq || !set_option(argv[i], (size_t)(eq - argv[i]),
				       eq + 1)) {
			fprintf(stderr, "count: option %s is wrong or cannot "
				"be done\n", argv[i]);
			return -1;
		}
	}
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translate);
	if (st.lockstep) {
		qemu_plugin_register_vcpu_idle_cb(id, on_idle);
		qemu_plugin_register_vcpu_resume_cb(id, on_resume);
	}
	qemu_plugin_register_atexit_cb(id, on_end, NULL);
	return 0;
}
