/* SPDX-License-Identifier: BSD-3-Clause */
/* What a C++ compiler calls, called as it does. */
#include <stdint.h>
#include <stdlib.h>

#include <uk/test.h>

int __cxa_guard_acquire(uint64_t *guard);
void __cxa_guard_release(uint64_t *guard);
void __cxa_guard_abort(uint64_t *guard);
int __cxa_thread_atexit(void (*dtor)(void *), void *object, void *dso);
int __cxa_atexit(void (*dtor)(void *), void *object, void *dso);
extern void *__dso_handle;

void *op_new(size_t size) __asm__("_Znwm");
void *op_new_array(size_t size) __asm__("_Znam");
void *op_new_aligned(size_t size, size_t align)
	__asm__("_ZnwmSt11align_val_t");
void *op_try_new(size_t size, const void *tag) __asm__("_ZnwmRKSt9nothrow_t");
void op_delete(void *ptr) __asm__("_ZdlPv");
void op_delete_array(void *ptr) __asm__("_ZdaPv");
void op_delete_sized(void *ptr, size_t size) __asm__("_ZdlPvm");
void op_delete_aligned(void *ptr, size_t align)
	__asm__("_ZdlPvSt11align_val_t");

static volatile size_t huge = SIZE_MAX / 2 + 1;

UK_TEST(libc_cxx, new_gives_what_delete_takes)
{
	void *const a = op_new(0), *const b = op_new(0);

	UK_EXPECT_NE(a, b);
	op_delete(a);
	op_delete_sized(b, 0);
	op_delete_array(op_new_array(1000));
	UK_EXPECT_EQ((uintptr_t)op_new_aligned(8, 256) % 256, 0);
	op_delete_aligned(op_new_aligned(8, 256), 256);
	op_delete(NULL);
}

UK_TEST(libc_cxx, new_that_may_fail_says_so)
{
	UK_EXPECT_NULL(op_try_new(huge, NULL));
}

UK_TEST(libc_cxx, a_guard_lets_one_initialise)
{
	uint64_t guard = 0;

	UK_EXPECT_EQ(__cxa_guard_acquire(&guard), 1);
	__cxa_guard_abort(&guard);
	UK_EXPECT_EQ(*(unsigned char *)&guard, 0);
	UK_EXPECT_EQ(__cxa_guard_acquire(&guard), 1);
	__cxa_guard_release(&guard);
	UK_EXPECT_EQ(*(unsigned char *)&guard, 1);
	UK_EXPECT_EQ(__cxa_guard_acquire(&guard), 0);
}

static void nothing(void *object)
{
	(void)object;
}

UK_TEST(libc_cxx, destructors_are_taken)
{
	UK_EXPECT_EQ(__cxa_atexit(nothing, NULL, &__dso_handle), 0);
	UK_EXPECT_EQ(__cxa_thread_atexit(nothing, NULL, &__dso_handle), 0);
	UK_EXPECT_EQ(__cxa_thread_atexit(nothing, NULL, &__dso_handle), 0);
}
