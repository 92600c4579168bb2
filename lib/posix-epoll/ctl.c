/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Items come and go. The mutex is held around all of it; who waits does not
 * take it. An item whose file is gone waits in a list for the next one who
 * holds the mutex: until then it takes memory and no more.
 */
#include "epoll_priv.h"

#include <uk/alloc.h>
#include <uk/errno.h>

/* Nothing refers to @it but the table, which it is out of. */
static void free_item(struct item *it)
{
	if (it->nested)
		nest_remove(UK_CONTAINER_OF(it, struct nested, item));
	uk_free(uk_alloc_get_default(), it);
}

static void free_gone(struct epoll *e)
{
	struct item *it;

	while ((it = epoll_next_gone(e))) {
		items_remove(&e->items, it);
		free_item(it);
	}
}

/* An item, linked to the epoll that it is for if there is one. */
static int make_item(struct epoll *e, struct uk_file *file, int fd,
		     struct item **out)
{
	const bool nested = epoll_is(file);
	struct nested *const n = uk_zalloc(uk_alloc_get_default(),
					   nested ? sizeof(*n)
						  : sizeof(n->item));
	int rc;

	if (!n)
		return -ENOMEM;
	n->item.e = e;
	n->item.file = file;
	n->item.fd = fd;
	n->item.nested = nested;
	uk_list_init(&n->item.ready);
	if (nested) {
		n->below = epoll_of(file);
		rc = nest_add(n);
		if (rc < 0) {
			uk_free(uk_alloc_get_default(), n);
			return rc;
		}
	}
	*out = &n->item;
	return 0;
}

static int add(struct epoll *e, struct uk_file *file, int fd,
	       const struct uk_abi_epoll_event *ev)
{
	struct item *it;
	int rc;

	if (items_find(&e->items, file, fd))
		return -EEXIST;
	rc = make_item(e, file, fd, &it);
	if (rc < 0)
		return rc;
	items_insert(&e->items, it);
	epoll_start(it, ev);
	return 0;
}

static int modify(struct epoll *e, struct uk_file *file, int fd,
		  const struct uk_abi_epoll_event *ev)
{
	struct item *const it = items_find(&e->items, file, fd);

	if (!it)
		return -ENOENT;
	if (it->watch.exclusive)
		return -EINVAL;
	epoll_change(it, ev);
	return 0;
}

static int delete(struct epoll *e, struct uk_file *file, int fd)
{
	struct item *const it = items_find(&e->items, file, fd);

	if (!it)
		return -ENOENT;
	epoll_stop(it);
	items_remove(&e->items, it);
	free_item(it);
	return 0;
}

int epoll_control(struct epoll *e, int op, struct uk_file *file, int fd,
		  const struct uk_abi_epoll_event *ev)
{
	int rc;

	uk_mutex_lock(&e->mutex);
	free_gone(e);
	if (op == UK_ABI_EPOLL_CTL_ADD)
		rc = add(e, file, fd, ev);
	else if (op == UK_ABI_EPOLL_CTL_MOD)
		rc = modify(e, file, fd, ev);
	else
		rc = delete(e, file, fd);
	uk_mutex_unlock(&e->mutex);
	return rc;
}

void epoll_release(struct uk_file *file)
{
	struct epoll *const e = epoll_of(file);
	uint32_t at = 0;
	struct item *it;

	nest_end(e);
	while ((it = items_pop(&e->items, &at))) {
		epoll_stop(it);
		free_item(it);
	}
	items_end(&e->items);
	uk_free(uk_alloc_get_default(), e);
}
