/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/compiler.h>

struct uk_task;

/* The caller exits; @status counts if it is the last thread or the first. */
UK_NORETURN void process_thread_exit(int status);

/* @task, which does not run yet, counts as a thread of the program. */
void task_join_program(struct uk_task *task);

/* @task does no more. Returns whether that was the last one. */
UK_MUST_USE bool task_leave_program(struct uk_task *task);

/*
 * Bytes of the stack on which a thread of the program begins and ends, as its
 * own may not be there yet or any more: what code of the core may use. Its
 * lower end is uk_thread's priv.
 */
#define TASK_STACK	8192u

/* @task is new: it is scheduled as the caller is (sched.c). */
void task_sched_inherit(struct uk_task *task);
