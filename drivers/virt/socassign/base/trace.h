/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Trace points: /sys/kernel/tracing/events/socassign
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM socassign

#if !defined(_SOCASSIGN_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _SOCASSIGN_TRACE_H

#include <linux/tracepoint.h>

struct soca_claim;

/* A claim became an fd. */
TRACE_EVENT(socassign_claim,
	TP_PROTO(const struct soca_claim *claim, const char *path),
	TP_ARGS(claim, path),
	TP_STRUCT__entry(
		__field(const void *, claim)
		__array(char, path, 64)
	),
	TP_fast_assign(
		__entry->claim = claim;
		strscpy(__entry->path, path, sizeof(__entry->path));
	),
	TP_printk("claim=%p path=%s", __entry->claim, __entry->path)
);

/* A claim goes down: at the last close, or revoked. */
TRACE_EVENT(socassign_down,
	TP_PROTO(const struct soca_claim *claim, bool revoked),
	TP_ARGS(claim, revoked),
	TP_STRUCT__entry(
		__field(const void *, claim)
		__field(bool, revoked)
	),
	TP_fast_assign(
		__entry->claim = claim;
		__entry->revoked = revoked;
	),
	TP_printk("claim=%p %s", __entry->claim,
		  __entry->revoked ? "revoked" : "closed")
);

/* An entry of the PAMU's tables changed: @sub is the subwindow. */
TRACE_EVENT(socassign_paace,
	TP_PROTO(u32 liodn, unsigned int sub),
	TP_ARGS(liodn, sub),
	TP_STRUCT__entry(
		__field(u32, liodn)
		__field(unsigned int, sub)
	),
	TP_fast_assign(
		__entry->liodn = liodn;
		__entry->sub = sub;
	),
	TP_printk("liodn=%u sub=%u", __entry->liodn, __entry->sub)
);

/* The PAMU blocked an access: enum socassign_fault, and AVS1. */
TRACE_EVENT(socassign_dma_fault,
	TP_PROTO(u32 liodn, u64 address, u32 kind, u32 status),
	TP_ARGS(liodn, address, kind, status),
	TP_STRUCT__entry(
		__field(u32, liodn)
		__field(u64, address)
		__field(u32, kind)
		__field(u32, status)
	),
	TP_fast_assign(
		__entry->liodn = liodn;
		__entry->address = address;
		__entry->kind = kind;
		__entry->status = status;
	),
	TP_printk("liodn=%u address=0x%llx kind=%u avs1=%08x", __entry->liodn,
		  __entry->address, __entry->kind, __entry->status)
);

/* An event was queued for the owner: enum socassign_event_type. */
TRACE_EVENT(socassign_event,
	TP_PROTO(const struct soca_claim *claim, u32 type, u32 index),
	TP_ARGS(claim, type, index),
	TP_STRUCT__entry(
		__field(const void *, claim)
		__field(u32, type)
		__field(u32, index)
	),
	TP_fast_assign(
		__entry->claim = claim;
		__entry->type = type;
		__entry->index = index;
	),
	TP_printk("claim=%p type=%u index=%u", __entry->claim, __entry->type,
		  __entry->index)
);

/* The hardware raised an interrupt. */
TRACE_EVENT(socassign_irq,
	TP_PROTO(unsigned int virq, u64 count),
	TP_ARGS(virq, count),
	TP_STRUCT__entry(
		__field(unsigned int, virq)
		__field(u64, count)
	),
	TP_fast_assign(
		__entry->virq = virq;
		__entry->count = count;
	),
	TP_printk("virq=%u count=%llu", __entry->virq, __entry->count)
);

/* The automatic mask of a level interrupt ended. */
TRACE_EVENT(socassign_eoi,
	TP_PROTO(unsigned int virq),
	TP_ARGS(virq),
	TP_STRUCT__entry(
		__field(unsigned int, virq)
	),
	TP_fast_assign(
		__entry->virq = virq;
	),
	TP_printk("virq=%u", __entry->virq)
);

/* A page of registers was entered into a page table. */
TRACE_EVENT(socassign_fault,
	TP_PROTO(unsigned long address, unsigned long pfn, unsigned long pages),
	TP_ARGS(address, pfn, pages),
	TP_STRUCT__entry(
		__field(unsigned long, address)
		__field(unsigned long, pfn)
		__field(unsigned long, pages)
	),
	TP_fast_assign(
		__entry->address = address;
		__entry->pfn = pfn;
		__entry->pages = pages;
	),
	TP_printk("address=%lx pfn=%lx pages=%lu", __entry->address,
		  __entry->pfn, __entry->pages)
);

#endif /* _SOCASSIGN_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH base
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
