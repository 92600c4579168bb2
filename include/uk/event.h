/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <uk/compiler.h>

/*
 * Events: something happened, and whoever wants to know is called.
 *
 * Handlers are found by the linker: a library that has one says so in its
 * source, and is called if it is in the image. Nobody registers, so events
 * work before there is memory, and who raises one depends on no handler.
 *
 *	UK_EVENT_DECLARE(cpu_started);			in a header
 *	UK_EVENT(cpu_started);				in the raiser's .c
 *	uk_event_raise(cpu_started, &info);
 *
 *	static enum uk_event_result on_start(void *data)
 *	{
 *		...
 *		return UK_EVENT_HANDLED_CONT;
 *	}
 *	UK_EVENT_HANDLER(cpu_started, on_start);
 *
 * Handlers run in the order of their priority, 0 first to 9 last; among
 * equals a library comes after what it depends on. A handler for an event
 * that is not declared, or of another type, does not compile.
 *
 * Context: the raiser's, which its header names.
 */

/* One byte, so that no other integer type passes for it. */
enum UK_PACKED uk_event_result {
	UK_EVENT_NOT_HANDLED,	/* not mine: ask the next one */
	UK_EVENT_HANDLED,	/* done: nobody else is asked */
	UK_EVENT_HANDLED_CONT,	/* done, and the others are told too */
};

/* @data is what the event's header says. */
typedef enum uk_event_result (*uk_event_fn)(void *data);

#define UK_EVENT_PRIO_FIRST	0
#define UK_EVENT_PRIO_DEFAULT	5
#define UK_EVENT_PRIO_LAST	9

/* The handlers of event @name: up to a NULL. */
#define UK_EVENT_DECLARE(name)	extern const uk_event_fn uk_event_##name[]

/* Define event @name; once, by who raises it. */
#define UK_EVENT(name)							\
	const uk_event_fn uk_event_##name[0]				\
	UK_USED UK_SECTION(".uk_event." #name ".a") = {};		\
	static const uk_event_fn uk_event_end_##name			\
	UK_USED UK_SECTION(".uk_event." #name ".z") = (uk_event_fn)0

#define UK_EVENT_HANDLER(name, fn)					\
	UK_EVENT_HANDLER_PRIO(name, fn, UK_EVENT_PRIO_DEFAULT)

/* @prio is 0 to 9, a digit or a macro for one: it is part of a name. */
#define UK_EVENT_HANDLER_PRIO(name, fn, prio)				\
	UK_EVENT_HANDLER_PRIO_(name, fn, prio)
#define UK_EVENT_HANDLER_PRIO_(name, fn, prio)				\
	_Static_assert((prio) >= 0 && (prio) <= 9,			\
		       "event " #name ": the priority is 0 to 9");	\
	_Static_assert(__builtin_types_compatible_p(			\
			       __typeof__(&uk_event_##name[0]),		\
			       const uk_event_fn *),			\
		       "event " #name " is not declared");		\
	_Static_assert(__builtin_types_compatible_p(			\
			       __typeof__(&(fn)), uk_event_fn),		\
		       #fn " is no event handler");			\
	static const uk_event_fn uk_event_##name##_##fn			\
	UK_USED UK_IN_ORDER						\
	UK_SECTION(".uk_event." #name ".p" #prio) = fn

#define uk_event_raise(name, data)  uk_event_raise_(uk_event_##name, data)

/*
 * Call the handlers from @fn on. Returns UK_EVENT_HANDLED as soon as one
 * does, else UK_EVENT_HANDLED_CONT if one did, else UK_EVENT_NOT_HANDLED.
 */
static inline enum uk_event_result uk_event_raise_(const uk_event_fn *fn,
						   void *data)
{
	enum uk_event_result all = UK_EVENT_NOT_HANDLED;

	/* What lies behind an array of nothing is the linker's doing. */
	__asm__("" : "+r"(fn));
	for (; *fn; fn++) {
		const enum uk_event_result one = (*fn)(data);

		if (one == UK_EVENT_HANDLED)
			return one;
		if (one == UK_EVENT_HANDLED_CONT)
			all = one;
	}
	return all;
}
