/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <uk/essentials.h>

/*
 * A doubly linked ring of nodes that are members of the listed structures.
 *
 * The head is a node too, so no operation has a special case for the ends; an
 * empty list is a head that points to itself. The owner serialises.
 */
struct uk_list {
	struct uk_list *next;
	struct uk_list *prev;
};

#define UK_LIST_INIT(name)	{ &(name), &(name) }

static inline void uk_list_init(struct uk_list *head)
{
	head->next = head;
	head->prev = head;
}

static inline bool uk_list_empty(const struct uk_list *head)
{
	return head->next == head;
}

/* Put @node, which is in no list, directly after @pos (a head or a node). */
static inline void uk_list_add_after(struct uk_list *pos, struct uk_list *node)
{
	struct uk_list *const next = pos->next;

	node->prev = pos;
	node->next = next;
	next->prev = node;
	pos->next = node;
}

static inline void uk_list_push_front(struct uk_list *head,
				      struct uk_list *node)
{
	uk_list_add_after(head, node);
}

static inline void uk_list_push_back(struct uk_list *head,
				     struct uk_list *node)
{
	struct uk_list *const prev = head->prev;

	node->prev = prev;
	node->next = head;
	prev->next = node;
	head->prev = node;
}

/* Take @node out, whose owner knows by other means that it is in no list. */
static inline void uk_list_unlink(struct uk_list *node)
{
	struct uk_list *const next = node->next, *const prev = node->prev;

	prev->next = next;
	next->prev = prev;
}

/* Take @node out; it may be removed again or added anywhere afterwards. */
static inline void uk_list_remove(struct uk_list *node)
{
	uk_list_unlink(node);
	uk_list_init(node);
}

#define uk_list_entry(node, type, member)				\
	UK_CONTAINER_OF(node, type, member)

/* @pos runs over the structures; the current one must not be removed. */
#define uk_list_for_each(pos, head, member)				\
	for (pos = uk_list_entry((head)->next, __typeof__(*pos), member); \
	     &pos->member != (head);					\
	     pos = uk_list_entry(pos->member.next, __typeof__(*pos), member))

/* The same, and the current structure may be removed; @tmp is scratch. */
#define uk_list_for_each_safe(pos, tmp, head, member)			\
	for (pos = uk_list_entry((head)->next, __typeof__(*pos), member), \
	     tmp = uk_list_entry(pos->member.next, __typeof__(*pos), member); \
	     &pos->member != (head);					\
	     pos = tmp,							\
	     tmp = uk_list_entry(pos->member.next, __typeof__(*pos), member))
