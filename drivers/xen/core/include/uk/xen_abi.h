/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>
#include <stdint.h>

/*
 * What Xen and its guests agree on, as far as it is used here: numbers and
 * layouts, named by the public header of Xen (public/…) that defines them.
 * `make check` compares all of it with those headers.
 *
 * What is shared with others is written by them at any time: it is read once,
 * checked, and then believed. Only 64-bit guests: the layouts are those.
 *
 * Results of calls are 0 or more, or Xen's negative errno values, which are
 * those of <uk/errno.h> as far as they are listed there.
 */

/* public/xen.h: calls, and the domain that calls. */
#define UK_XEN_MEMORY_OP		12
#define UK_XEN_XEN_VERSION		17
#define UK_XEN_CONSOLE_IO		18
#define UK_XEN_GRANT_TABLE_OP		20
#define UK_XEN_VCPU_OP			24
#define UK_XEN_SCHED_OP			29
#define UK_XEN_EVENT_CHANNEL_OP		32
#define UK_XEN_HVM_OP			34

#define UK_XEN_DOMID_SELF		0x7ff0

/* public/version.h: orders of XEN_VERSION. */
#define UK_XEN_VERSION_VERSION		0	/* major << 16 | minor */
#define UK_XEN_VERSION_FEATURES		6

struct uk_xen_features {
	uint32_t index;		/* of the word, from 0 */
	uint32_t map;
};

/* public/features.h: bits of word 0. */
#define UK_XEN_FEATURE_DOM0		11

/* public/xen.h: orders of CONSOLE_IO, after which come length and buffer. */
#define UK_XEN_CONSOLE_IO_WRITE		0
#define UK_XEN_CONSOLE_IO_READ		1

/* public/sched.h: orders of SCHED_OP. */
#define UK_XEN_SCHED_YIELD		0
#define UK_XEN_SCHED_BLOCK		1
#define UK_XEN_SCHED_SHUTDOWN		2
#define UK_XEN_SCHED_POLL		3

#define UK_XEN_SHUTDOWN_POWEROFF	0
#define UK_XEN_SHUTDOWN_REBOOT		1
#define UK_XEN_SHUTDOWN_SUSPEND		2
#define UK_XEN_SHUTDOWN_CRASH		3

struct uk_xen_shutdown {
	uint32_t reason;	/* UK_XEN_SHUTDOWN_… */
};

/* Sleep until one of @ports is pending, or it is @timeout_ns, if not 0. */
struct uk_xen_poll {
	uint32_t *ports;
	uint32_t nports;
	uint64_t timeout_ns;
};

/* public/memory.h */
#define UK_XEN_MEMORY_ADD_TO_PHYSMAP	7
#define UK_XEN_MEMORY_MAP		9

#define UK_XEN_MAP_SHARED_INFO		0
#define UK_XEN_MAP_GRANT_TABLE		1

struct uk_xen_add_to_physmap {
	uint16_t domid;
	uint16_t size;
	uint32_t space;		/* UK_XEN_MAP_… */
	uint64_t index;
	uint64_t frame;		/* of the guest: where it appears */
};

/* An entry of a memory map, as ACPI 15, INT 15 E820 has it; no padding. */
struct uk_xen_memory_entry {
	uint64_t base;
	uint64_t len;
	uint32_t type;
} __attribute__((packed));

struct uk_xen_memory_map {
	uint32_t nentries;	/* in: that there is room for */
	struct uk_xen_memory_entry *entries;
};

/* public/hvm/hvm_op.h and public/hvm/params.h */
#define UK_XEN_HVM_SET_PARAM		0
#define UK_XEN_HVM_GET_PARAM		1

#define UK_XEN_PARAM_CALLBACK_IRQ	0
#define UK_XEN_PARAM_STORE_FRAME	1
#define UK_XEN_PARAM_STORE_PORT		2
#define UK_XEN_PARAM_CONSOLE_FRAME	17
#define UK_XEN_PARAM_CONSOLE_PORT	18

/* Of CALLBACK_IRQ: the kind is in the highest byte. */
#define UK_XEN_CALLBACK_SHIFT		56
#define UK_XEN_CALLBACK_VECTOR		2	/* x86 */

struct uk_xen_hvm_param {
	uint16_t domid;
	uint32_t index;		/* UK_XEN_PARAM_… */
	uint64_t value;
};

/* public/xen.h: the clock of a virtual CPU; odd @version: being written. */
struct uk_xen_time {
	uint32_t version;
	uint32_t pad0;
	uint64_t tsc;
	uint64_t system_ns;
	uint32_t mul;
	int8_t shift;
	uint8_t flags;
	uint8_t pad1[2];
};

/* public/xen.h: what each virtual CPU shares with Xen. */
struct uk_xen_vcpu {
	uint8_t upcall_pending;
	uint8_t upcall_mask;
	uint64_t pending_sel;	/* bit: a word of uk_xen_shared.pending */
#ifdef __x86_64__
	uint64_t arch[2];
#endif
	struct uk_xen_time time;
};

#ifdef __x86_64__
#define UK_XEN_NVCPUS_SHARED		32
#else
#define UK_XEN_NVCPUS_SHARED		1
#endif

#define UK_XEN_PORT_WORDS		64
#define UK_XEN_NPORTS			(UK_XEN_PORT_WORDS * 64)

/* public/xen.h: what a domain shares with Xen, one page. */
struct uk_xen_shared {
	struct uk_xen_vcpu vcpu[UK_XEN_NVCPUS_SHARED];
	uint64_t pending[UK_XEN_PORT_WORDS];
	uint64_t mask[UK_XEN_PORT_WORDS];

	/* UTC when system time was 0. */
	uint32_t wall_version;
	uint32_t wall_sec;
	uint32_t wall_nsec;
	uint32_t wall_sec_high;
};

/* public/vcpu.h: orders of VCPU_OP, after which comes the CPU's number. */
#define UK_XEN_VCPU_REGISTER_RUNSTATE	5
#define UK_XEN_VCPU_STOP_PERIODIC	7
#define UK_XEN_VCPU_SET_SINGLESHOT	8
#define UK_XEN_VCPU_STOP_SINGLESHOT	9
#define UK_XEN_VCPU_REGISTER_INFO	10

struct uk_xen_singleshot {
	uint64_t deadline_ns;	/* system time */
	uint32_t flags;
};

/* Where a struct uk_xen_vcpu is, inside one page. */
struct uk_xen_register_vcpu {
	uint64_t frame;
	uint32_t offset;
	uint32_t reserved;
};

#define UK_XEN_RUNSTATE_RUNNING		0
#define UK_XEN_RUNSTATE_RUNNABLE	1	/* others had the CPU */
#define UK_XEN_RUNSTATE_BLOCKED		2	/* it had nothing to do */
#define UK_XEN_RUNSTATE_OFFLINE		3	/* paused by the host */

/* How long a virtual CPU was in each state. */
struct uk_xen_runstate {
	int32_t state;
	uint64_t since_ns;	/* of @state: system time */
	uint64_t ns[4];		/* by UK_XEN_RUNSTATE_… */
};

/* Where Xen is to write it, by its address in the guest. */
struct uk_xen_register_runstate {
	uint64_t vaddr;
};

/* public/event_channel.h: orders of EVENT_CHANNEL_OP. */
#define UK_XEN_EVENT_BIND_INTERDOMAIN	0
#define UK_XEN_EVENT_BIND_VIRQ		1
#define UK_XEN_EVENT_CLOSE		3
#define UK_XEN_EVENT_SEND		4
#define UK_XEN_EVENT_ALLOC_UNBOUND	6
#define UK_XEN_EVENT_BIND_IPI		7
#define UK_XEN_EVENT_BIND_VCPU		8
#define UK_XEN_EVENT_UNMASK		9

/* public/xen.h: virtual interrupts. */
#define UK_XEN_VIRQ_TIMER		0

struct uk_xen_bind_interdomain {
	uint16_t remote_domid;
	uint32_t remote_port;
	uint32_t port;		/* out */
};

struct uk_xen_bind_virq {
	uint32_t virq;
	uint32_t vcpu;
	uint32_t port;		/* out */
};

struct uk_xen_alloc_unbound {
	uint16_t domid;
	uint16_t remote_domid;
	uint32_t port;		/* out */
};

struct uk_xen_bind_vcpu {
	uint32_t port;
	uint32_t vcpu;
};

/* SEND, CLOSE and UNMASK. */
struct uk_xen_port {
	uint32_t port;
};

/* public/grant_table.h: orders of GRANT_TABLE_OP, entries of version 1. */
#define UK_XEN_GRANT_COPY		5
#define UK_XEN_GRANT_QUERY_SIZE		6

#define UK_XEN_GRANT_PERMIT_ACCESS	1
#define UK_XEN_GRANT_READONLY		(1u << 2)
#define UK_XEN_GRANT_READING		(1u << 3)
#define UK_XEN_GRANT_WRITING		(1u << 4)

/* The first entries are the tools', for console and store. */
#define UK_XEN_GRANT_NRESERVED		8

struct uk_xen_grant {
	uint16_t flags;		/* UK_XEN_GRANT_… */
	uint16_t domid;
	uint32_t frame;
};

struct uk_xen_grant_size {
	uint16_t domid;
	uint32_t nframes;	/* out */
	uint32_t max_nframes;	/* out */
	int16_t status;		/* out: 0, or negative */
};

/* One end of a copy: a page by its grant or, of this domain, by its frame. */
struct uk_xen_grant_place {
	union {
		uint32_t ref;
		uint64_t frame;
	};
	uint16_t domid;
	uint16_t offset;
};

#define UK_XEN_GRANT_COPY_FROM_REF	1
#define UK_XEN_GRANT_COPY_TO_REF	2

struct uk_xen_grant_copy {
	struct uk_xen_grant_place from;
	struct uk_xen_grant_place to;
	uint16_t len;
	uint16_t flags;		/* UK_XEN_GRANT_COPY_… */
	int16_t status;		/* out: 0, or negative */
};

/* public/io/console.h: one page; @in is the guest's to read. */
struct uk_xen_console_ring {
	char in[1024];
	char out[2048];
	uint32_t in_cons;
	uint32_t in_prod;
	uint32_t out_cons;
	uint32_t out_prod;
};

/* public/io/xs_wire.h: the page shared with the store, and its messages. */
struct uk_xen_store_ring {
	char req[1024];		/* the guest's to write */
	char rsp[1024];
	uint32_t req_cons;
	uint32_t req_prod;
	uint32_t rsp_cons;
	uint32_t rsp_prod;
};

enum uk_xen_store_type {
	UK_XEN_STORE_DIRECTORY = 1,
	UK_XEN_STORE_READ = 2,
	UK_XEN_STORE_WATCH = 4,
	UK_XEN_STORE_UNWATCH = 5,
	UK_XEN_STORE_BEGIN = 6,
	UK_XEN_STORE_END = 7,
	UK_XEN_STORE_WRITE = 11,
	UK_XEN_STORE_MKDIR = 12,
	UK_XEN_STORE_RM = 13,
	UK_XEN_STORE_EVENT = 15,
	UK_XEN_STORE_ERROR = 16,
};

struct uk_xen_store_msg {
	uint32_t type;		/* enum uk_xen_store_type */
	uint32_t req_id;	/* of the answer: that of the request */
	uint32_t tx_id;		/* 0: no transaction */
	uint32_t len;		/* bytes that follow */
};

#define UK_XEN_STORE_PAYLOAD_MAX	4096
#define UK_XEN_STORE_PATH_MAX		3072	/* absolute */

/* public/io/xenbus.h: the state of one end of a split device. */
enum uk_xen_bus_state {
	UK_XEN_BUS_UNKNOWN = 0,		/* there is no such node */
	UK_XEN_BUS_INITIALISING = 1,
	UK_XEN_BUS_INIT_WAIT = 2,	/* a back-end: for the front-end */
	UK_XEN_BUS_INITIALISED = 3,
	UK_XEN_BUS_CONNECTED = 4,
	UK_XEN_BUS_CLOSING = 5,
	UK_XEN_BUS_CLOSED = 6,
	UK_XEN_BUS_RECONFIGURING = 7,
	UK_XEN_BUS_RECONFIGURED = 8,
};

/* public/xen.h: domains from here on are none. */
#define UK_XEN_DOMID_NONE	0x7ff0

/*
 * public/io/ring.h: requests of a front-end and responses of a back-end, in the
 * same entries. Indices run on; an event index is the one at which its owner
 * wants to be told.
 */
struct uk_xen_ring_page {
	uint32_t req_prod;	/* the front-end's to write */
	uint32_t req_event;
	uint32_t rsp_prod;
	uint32_t rsp_event;	/* the front-end's to write */
	uint8_t pad[48];
	uint8_t entries[];
};
