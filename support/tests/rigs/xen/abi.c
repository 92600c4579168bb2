/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Is <uk/xen_abi.h> what Xen says? Compiled, for each architecture, with the
 * public headers of libxen-dev by `make check`; that it compiles is the test.
 */
#include <stddef.h>
#include <stdint.h>

/* The headers' own, whichever they are. */
#define __XEN_INTERFACE_VERSION__ __XEN_LATEST_INTERFACE_VERSION__

#include <xen/xen.h>

#include <xen/event_channel.h>
#include <xen/features.h>
#include <xen/grant_table.h>
#include <xen/hvm/hvm_op.h>
#include <xen/hvm/params.h>
#include <xen/io/console.h>
#include <xen/io/ring.h>
#include <xen/io/xenbus.h>
#include <xen/io/xs_wire.h>
#include <xen/memory.h>
#include <xen/sched.h>
#include <xen/vcpu.h>
#include <xen/version.h>

#include <uk/xen_abi.h>

#define SAME(ours, theirs)						\
	_Static_assert((long long)(ours) == (long long)(theirs), #ours)
#define SIZE(ours, theirs)						\
	_Static_assert(sizeof(ours) == sizeof(theirs), #ours)
#define AT(ours, a, theirs, b)						\
	_Static_assert(offsetof(ours, a) == offsetof(theirs, b) &&	\
		       sizeof(((ours *)0)->a) ==			\
		       sizeof(((theirs *)0)->b), #ours "." #a)

SAME(UK_XEN_MEMORY_OP, __HYPERVISOR_memory_op);
SAME(UK_XEN_XEN_VERSION, __HYPERVISOR_xen_version);
SAME(UK_XEN_CONSOLE_IO, __HYPERVISOR_console_io);
SAME(UK_XEN_GRANT_TABLE_OP, __HYPERVISOR_grant_table_op);
SAME(UK_XEN_VCPU_OP, __HYPERVISOR_vcpu_op);
SAME(UK_XEN_SCHED_OP, __HYPERVISOR_sched_op);
SAME(UK_XEN_EVENT_CHANNEL_OP, __HYPERVISOR_event_channel_op);
SAME(UK_XEN_HVM_OP, __HYPERVISOR_hvm_op);
SAME(UK_XEN_DOMID_SELF, DOMID_SELF);

SAME(UK_XEN_VERSION_VERSION, XENVER_version);
SAME(UK_XEN_VERSION_FEATURES, XENVER_get_features);
SIZE(struct uk_xen_features, struct xen_feature_info);
AT(struct uk_xen_features, index, struct xen_feature_info, submap_idx);
AT(struct uk_xen_features, map, struct xen_feature_info, submap);
SAME(UK_XEN_FEATURE_DOM0, XENFEAT_dom0);

SAME(UK_XEN_CONSOLE_IO_WRITE, CONSOLEIO_write);
SAME(UK_XEN_CONSOLE_IO_READ, CONSOLEIO_read);

SAME(UK_XEN_SCHED_YIELD, SCHEDOP_yield);
SAME(UK_XEN_SCHED_BLOCK, SCHEDOP_block);
SAME(UK_XEN_SCHED_SHUTDOWN, SCHEDOP_shutdown);
SAME(UK_XEN_SCHED_POLL, SCHEDOP_poll);
SAME(UK_XEN_SHUTDOWN_POWEROFF, SHUTDOWN_poweroff);
SAME(UK_XEN_SHUTDOWN_REBOOT, SHUTDOWN_reboot);
SAME(UK_XEN_SHUTDOWN_SUSPEND, SHUTDOWN_suspend);
SAME(UK_XEN_SHUTDOWN_CRASH, SHUTDOWN_crash);
SIZE(struct uk_xen_shutdown, struct sched_shutdown);
AT(struct uk_xen_shutdown, reason, struct sched_shutdown, reason);
SIZE(struct uk_xen_poll, struct sched_poll);
AT(struct uk_xen_poll, ports, struct sched_poll, ports);
AT(struct uk_xen_poll, nports, struct sched_poll, nr_ports);
AT(struct uk_xen_poll, timeout_ns, struct sched_poll, timeout);

SAME(UK_XEN_MEMORY_ADD_TO_PHYSMAP, XENMEM_add_to_physmap);
SAME(UK_XEN_MEMORY_MAP, XENMEM_memory_map);
SIZE(struct uk_xen_memory_map, struct xen_memory_map);
AT(struct uk_xen_memory_map, nentries, struct xen_memory_map, nr_entries);
AT(struct uk_xen_memory_map, entries, struct xen_memory_map, buffer);
SAME(UK_XEN_MAP_SHARED_INFO, XENMAPSPACE_shared_info);
SAME(UK_XEN_MAP_GRANT_TABLE, XENMAPSPACE_grant_table);
SIZE(struct uk_xen_add_to_physmap, struct xen_add_to_physmap);
AT(struct uk_xen_add_to_physmap, domid, struct xen_add_to_physmap, domid);
AT(struct uk_xen_add_to_physmap, size, struct xen_add_to_physmap, size);
AT(struct uk_xen_add_to_physmap, space, struct xen_add_to_physmap, space);
AT(struct uk_xen_add_to_physmap, index, struct xen_add_to_physmap, idx);
AT(struct uk_xen_add_to_physmap, frame, struct xen_add_to_physmap, gpfn);

SAME(UK_XEN_HVM_SET_PARAM, HVMOP_set_param);
SAME(UK_XEN_HVM_GET_PARAM, HVMOP_get_param);
SAME(UK_XEN_PARAM_CALLBACK_IRQ, HVM_PARAM_CALLBACK_IRQ);
SAME(UK_XEN_PARAM_STORE_FRAME, HVM_PARAM_STORE_PFN);
SAME(UK_XEN_PARAM_STORE_PORT, HVM_PARAM_STORE_EVTCHN);
SAME(UK_XEN_PARAM_CONSOLE_FRAME, HVM_PARAM_CONSOLE_PFN);
SAME(UK_XEN_PARAM_CONSOLE_PORT, HVM_PARAM_CONSOLE_EVTCHN);
#ifdef __x86_64__
SAME(UK_XEN_CALLBACK_VECTOR, HVM_PARAM_CALLBACK_TYPE_VECTOR);
SAME(UINT64_C(0xff) << UK_XEN_CALLBACK_SHIFT,
	HVM_PARAM_CALLBACK_IRQ_TYPE_MASK);
#endif
SIZE(struct uk_xen_hvm_param, struct xen_hvm_param);
AT(struct uk_xen_hvm_param, domid, struct xen_hvm_param, domid);
AT(struct uk_xen_hvm_param, index, struct xen_hvm_param, index);
AT(struct uk_xen_hvm_param, value, struct xen_hvm_param, value);

SIZE(struct uk_xen_time, struct vcpu_time_info);
AT(struct uk_xen_time, version, struct vcpu_time_info, version);
AT(struct uk_xen_time, tsc, struct vcpu_time_info, tsc_timestamp);
AT(struct uk_xen_time, system_ns, struct vcpu_time_info, system_time);
AT(struct uk_xen_time, mul, struct vcpu_time_info, tsc_to_system_mul);
AT(struct uk_xen_time, shift, struct vcpu_time_info, tsc_shift);
AT(struct uk_xen_time, flags, struct vcpu_time_info, flags);
SIZE(struct uk_xen_vcpu, struct vcpu_info);
AT(struct uk_xen_vcpu, upcall_pending, struct vcpu_info,
	evtchn_upcall_pending);
AT(struct uk_xen_vcpu, pending_sel, struct vcpu_info, evtchn_pending_sel);
AT(struct uk_xen_vcpu, time, struct vcpu_info, time);
#ifdef __x86_64__
AT(struct uk_xen_vcpu, upcall_mask, struct vcpu_info, evtchn_upcall_mask);
#endif
SAME(UK_XEN_NVCPUS_SHARED, XEN_LEGACY_MAX_VCPUS);
SAME(UK_XEN_NPORTS, EVTCHN_2L_NR_CHANNELS);
AT(struct uk_xen_shared, vcpu, struct shared_info, vcpu_info);
AT(struct uk_xen_shared, pending, struct shared_info, evtchn_pending);
AT(struct uk_xen_shared, mask, struct shared_info, evtchn_mask);
AT(struct uk_xen_shared, wall_version, struct shared_info, wc_version);
AT(struct uk_xen_shared, wall_sec, struct shared_info, wc_sec);
AT(struct uk_xen_shared, wall_nsec, struct shared_info, wc_nsec);
AT(struct uk_xen_shared, wall_sec_high, struct shared_info, wc_sec_hi);

SAME(UK_XEN_VCPU_STOP_PERIODIC, VCPUOP_stop_periodic_timer);
SAME(UK_XEN_VCPU_SET_SINGLESHOT, VCPUOP_set_singleshot_timer);
SAME(UK_XEN_VCPU_STOP_SINGLESHOT, VCPUOP_stop_singleshot_timer);
SAME(UK_XEN_VCPU_REGISTER_INFO, VCPUOP_register_vcpu_info);
SAME(UK_XEN_VCPU_REGISTER_RUNSTATE, VCPUOP_register_runstate_memory_area);
SAME(UK_XEN_RUNSTATE_RUNNING, RUNSTATE_running);
SAME(UK_XEN_RUNSTATE_RUNNABLE, RUNSTATE_runnable);
SAME(UK_XEN_RUNSTATE_BLOCKED, RUNSTATE_blocked);
SAME(UK_XEN_RUNSTATE_OFFLINE, RUNSTATE_offline);
SIZE(struct uk_xen_runstate, struct vcpu_runstate_info);
AT(struct uk_xen_runstate, state, struct vcpu_runstate_info, state);
AT(struct uk_xen_runstate, since_ns, struct vcpu_runstate_info,
	state_entry_time);
AT(struct uk_xen_runstate, ns, struct vcpu_runstate_info, time);
SIZE(struct uk_xen_register_runstate,
	struct vcpu_register_runstate_memory_area);
AT(struct uk_xen_register_runstate, vaddr,
	struct vcpu_register_runstate_memory_area, addr.v);
SIZE(struct uk_xen_singleshot, struct vcpu_set_singleshot_timer);
AT(struct uk_xen_singleshot, deadline_ns, struct vcpu_set_singleshot_timer,
	timeout_abs_ns);
AT(struct uk_xen_singleshot, flags, struct vcpu_set_singleshot_timer, flags);
SIZE(struct uk_xen_register_vcpu, struct vcpu_register_vcpu_info);
AT(struct uk_xen_register_vcpu, frame, struct vcpu_register_vcpu_info, mfn);
AT(struct uk_xen_register_vcpu, offset, struct vcpu_register_vcpu_info,
	offset);

SAME(UK_XEN_EVENT_BIND_INTERDOMAIN, EVTCHNOP_bind_interdomain);
SAME(UK_XEN_EVENT_BIND_VIRQ, EVTCHNOP_bind_virq);
SAME(UK_XEN_EVENT_CLOSE, EVTCHNOP_close);
SAME(UK_XEN_EVENT_SEND, EVTCHNOP_send);
SAME(UK_XEN_EVENT_ALLOC_UNBOUND, EVTCHNOP_alloc_unbound);
SAME(UK_XEN_EVENT_BIND_IPI, EVTCHNOP_bind_ipi);
SAME(UK_XEN_EVENT_BIND_VCPU, EVTCHNOP_bind_vcpu);
SAME(UK_XEN_EVENT_UNMASK, EVTCHNOP_unmask);
SAME(UK_XEN_VIRQ_TIMER, VIRQ_TIMER);
SIZE(struct uk_xen_bind_interdomain, struct evtchn_bind_interdomain);
AT(struct uk_xen_bind_interdomain, remote_domid,
	struct evtchn_bind_interdomain, remote_dom);
AT(struct uk_xen_bind_interdomain, remote_port,
	struct evtchn_bind_interdomain, remote_port);
AT(struct uk_xen_bind_interdomain, port, struct evtchn_bind_interdomain,
	local_port);
SIZE(struct uk_xen_bind_virq, struct evtchn_bind_virq);
AT(struct uk_xen_bind_virq, virq, struct evtchn_bind_virq, virq);
AT(struct uk_xen_bind_virq, vcpu, struct evtchn_bind_virq, vcpu);
AT(struct uk_xen_bind_virq, port, struct evtchn_bind_virq, port);
SIZE(struct uk_xen_alloc_unbound, struct evtchn_alloc_unbound);
AT(struct uk_xen_alloc_unbound, domid, struct evtchn_alloc_unbound, dom);
AT(struct uk_xen_alloc_unbound, remote_domid, struct evtchn_alloc_unbound,
	remote_dom);
AT(struct uk_xen_alloc_unbound, port, struct evtchn_alloc_unbound, port);
SIZE(struct uk_xen_bind_vcpu, struct evtchn_bind_vcpu);
AT(struct uk_xen_bind_vcpu, port, struct evtchn_bind_vcpu, port);
AT(struct uk_xen_bind_vcpu, vcpu, struct evtchn_bind_vcpu, vcpu);
SIZE(struct uk_xen_port, struct evtchn_send);
SIZE(struct uk_xen_port, struct evtchn_close);
SIZE(struct uk_xen_port, struct evtchn_unmask);

SAME(UK_XEN_GRANT_QUERY_SIZE, GNTTABOP_query_size);
SAME(UK_XEN_GRANT_PERMIT_ACCESS, GTF_permit_access);
SAME(UK_XEN_GRANT_READONLY, GTF_readonly);
SAME(UK_XEN_GRANT_READING, GTF_reading);
SAME(UK_XEN_GRANT_WRITING, GTF_writing);
SAME(UK_XEN_GRANT_NRESERVED, GNTTAB_NR_RESERVED_ENTRIES);
SIZE(struct uk_xen_grant, struct grant_entry_v1);
AT(struct uk_xen_grant, flags, struct grant_entry_v1, flags);
AT(struct uk_xen_grant, domid, struct grant_entry_v1, domid);
AT(struct uk_xen_grant, frame, struct grant_entry_v1, frame);
SIZE(struct uk_xen_grant_size, struct gnttab_query_size);
AT(struct uk_xen_grant_size, domid, struct gnttab_query_size, dom);
AT(struct uk_xen_grant_size, nframes, struct gnttab_query_size, nr_frames);
AT(struct uk_xen_grant_size, max_nframes, struct gnttab_query_size,
	max_nr_frames);
AT(struct uk_xen_grant_size, status, struct gnttab_query_size, status);

SAME(UK_XEN_GRANT_COPY, GNTTABOP_copy);
SAME(UK_XEN_GRANT_COPY_FROM_REF, GNTCOPY_source_gref);
SAME(UK_XEN_GRANT_COPY_TO_REF, GNTCOPY_dest_gref);
SIZE(struct uk_xen_grant_copy, struct gnttab_copy);
AT(struct uk_xen_grant_copy, from.ref, struct gnttab_copy, source.u.ref);
AT(struct uk_xen_grant_copy, from.frame, struct gnttab_copy, source.u.gmfn);
AT(struct uk_xen_grant_copy, from.domid, struct gnttab_copy, source.domid);
AT(struct uk_xen_grant_copy, from.offset, struct gnttab_copy, source.offset);
AT(struct uk_xen_grant_copy, to.ref, struct gnttab_copy, dest.u.ref);
AT(struct uk_xen_grant_copy, len, struct gnttab_copy, len);
AT(struct uk_xen_grant_copy, flags, struct gnttab_copy, flags);
AT(struct uk_xen_grant_copy, status, struct gnttab_copy, status);

AT(struct uk_xen_console_ring, in, struct xencons_interface, in);
AT(struct uk_xen_console_ring, out, struct xencons_interface, out);
AT(struct uk_xen_console_ring, in_cons, struct xencons_interface, in_cons);
AT(struct uk_xen_console_ring, in_prod, struct xencons_interface, in_prod);
AT(struct uk_xen_console_ring, out_cons, struct xencons_interface, out_cons);
AT(struct uk_xen_console_ring, out_prod, struct xencons_interface, out_prod);

AT(struct uk_xen_store_ring, req, struct xenstore_domain_interface, req);
AT(struct uk_xen_store_ring, rsp, struct xenstore_domain_interface, rsp);
AT(struct uk_xen_store_ring, req_cons, struct xenstore_domain_interface,
	req_cons);
AT(struct uk_xen_store_ring, req_prod, struct xenstore_domain_interface,
	req_prod);
AT(struct uk_xen_store_ring, rsp_cons, struct xenstore_domain_interface,
	rsp_cons);
AT(struct uk_xen_store_ring, rsp_prod, struct xenstore_domain_interface,
	rsp_prod);
SIZE(struct uk_xen_store_msg, struct xsd_sockmsg);
AT(struct uk_xen_store_msg, type, struct xsd_sockmsg, type);
AT(struct uk_xen_store_msg, req_id, struct xsd_sockmsg, req_id);
AT(struct uk_xen_store_msg, tx_id, struct xsd_sockmsg, tx_id);
AT(struct uk_xen_store_msg, len, struct xsd_sockmsg, len);
SAME(UK_XEN_STORE_DIRECTORY, XS_DIRECTORY);
SAME(UK_XEN_STORE_READ, XS_READ);
SAME(UK_XEN_STORE_WATCH, XS_WATCH);
SAME(UK_XEN_STORE_UNWATCH, XS_UNWATCH);
SAME(UK_XEN_STORE_BEGIN, XS_TRANSACTION_START);
SAME(UK_XEN_STORE_END, XS_TRANSACTION_END);
SAME(UK_XEN_STORE_WRITE, XS_WRITE);
SAME(UK_XEN_STORE_MKDIR, XS_MKDIR);
SAME(UK_XEN_STORE_RM, XS_RM);
SAME(UK_XEN_STORE_EVENT, XS_WATCH_EVENT);
SAME(UK_XEN_STORE_ERROR, XS_ERROR);
SAME(UK_XEN_STORE_PAYLOAD_MAX, XENSTORE_PAYLOAD_MAX);
SAME(UK_XEN_STORE_PATH_MAX, XENSTORE_ABS_PATH_MAX);

SAME(UK_XEN_BUS_UNKNOWN, XenbusStateUnknown);
SAME(UK_XEN_BUS_INITIALISING, XenbusStateInitialising);
SAME(UK_XEN_BUS_INIT_WAIT, XenbusStateInitWait);
SAME(UK_XEN_BUS_INITIALISED, XenbusStateInitialised);
SAME(UK_XEN_BUS_CONNECTED, XenbusStateConnected);
SAME(UK_XEN_BUS_CLOSING, XenbusStateClosing);
SAME(UK_XEN_BUS_CLOSED, XenbusStateClosed);
SAME(UK_XEN_BUS_RECONFIGURING, XenbusStateReconfiguring);
SAME(UK_XEN_BUS_RECONFIGURED, XenbusStateReconfigured);
SAME(UK_XEN_DOMID_NONE, DOMID_FIRST_RESERVED);

/* Any struct will do: what is before it is the same for all. */
struct any {
	uint64_t id;
};
DEFINE_RING_TYPES(any, struct any, struct any);
AT(struct uk_xen_ring_page, req_prod, struct any_sring, req_prod);
AT(struct uk_xen_ring_page, req_event, struct any_sring, req_event);
AT(struct uk_xen_ring_page, rsp_prod, struct any_sring, rsp_prod);
AT(struct uk_xen_ring_page, rsp_event, struct any_sring, rsp_event);
_Static_assert(offsetof(struct uk_xen_ring_page, entries) ==
	       offsetof(struct any_sring, ring), "entries");
