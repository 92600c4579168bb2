/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the system is called. Programs ask to find out which calls they may
 * make, so the answer is the system whose calls these are, Linux; and a release
 * of it whose C libraries and programs read: three numbers and a word. That it
 * is Kiln is in the version, which nobody parses.
 */
#include <stddef.h>

#include <uk/abi/utsname.h>
#include <uk/config.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/init.h>
#include <uk/libparam.h>
#include <uk/nofault.h>
#include <uk/print.h>
#include <uk/spinlock.h>
#include <uk/string.h>
#include <uk/syscall.h>

/* The calls are those of about that release. */
#define RELEASE		"5.15.0-kiln"
#define VERSION		"#1 SMP Kiln " UK_STRINGIFY(KILN_VERSION)

#define LEN		((size_t)UK_ABI_UTS_LEN - 1)

static struct {
	struct uk_spinlock lock;
	struct uk_abi_utsname name;	/* lock: the names that are set */
} st = {
	.lock = UK_SPINLOCK_INIT,
	.name = {
		.sysname = "Linux",
		.nodename = CONFIG_LIBPOSIX_SYSINFO_HOSTNAME,
		.release = RELEASE,
		.version = VERSION,
		.machine = UK_STRINGIFY(MACHINE),
		.domainname = "(none)",
	},
};

static const char *hostname;
UK_LIBPARAM(hostname, str, &hostname,
	    "Name of this machine in its network, up to 64 characters");

/* Have @name be the @len bytes at @from. */
static void set_name(char *name, const char *from, size_t len)
{
	const unsigned long irq = uk_spin_lock_irqsave(&st.lock);

	memset(name, 0, UK_ABI_UTS_LEN);
	memcpy(name, from, len);
	uk_spin_unlock_irqrestore(&st.lock, irq);
}

static int uname_init(const struct uk_boot_ctx *ctx UK_UNUSED)
{
	const size_t len = hostname ? uk_strlen(hostname) : 0;

	if (len > LEN)
		uk_pr_warn("hostname has %lu characters, %lu at most: it is "
			   "%s", len, LEN, st.name.nodename);
	else if (len)
		set_name(st.name.nodename, hostname, len);
	return 0;
}

UK_INIT(SERVICE, uname_init, NULL);

UK_SYSCALL_R_DEFINE(int, uname, struct uk_abi_utsname *, to)
{
	struct uk_abi_utsname name;
	const unsigned long irq = uk_spin_lock_irqsave(&st.lock);

	memcpy(&name, &st.name, sizeof(name));
	uk_spin_unlock_irqrestore(&st.lock, irq);
	return uk_nofault_memcpy(to, &name, sizeof(name), 0) == sizeof(name) ?
	       0 : -EFAULT;
}

/* sethostname(2) and setdomainname(2): @len is checked before the pointer. */
static int set_from(char *name, const char *from, int len)
{
	char buf[UK_ABI_UTS_LEN];

	if (len < 0 || (size_t)len > LEN)
		return -EINVAL;
	if (uk_nofault_memcpy(buf, from, (size_t)len, 0) != (size_t)len)
		return -EFAULT;
	set_name(name, buf, (size_t)len);
	return 0;
}

UK_SYSCALL_R_DEFINE(int, sethostname, const char *, from, int, len)
{
	return set_from(st.name.nodename, from, len);
}

UK_SYSCALL_R_DEFINE(int, setdomainname, const char *, from, int, len)
{
	return set_from(st.name.domainname, from, len);
}
