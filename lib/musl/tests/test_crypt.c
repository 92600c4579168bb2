/* SPDX-License-Identifier: BSD-3-Clause */
#include <unistd.h>

#include <uk/test.h>

UK_TEST(musl_crypt, crypt_gives_the_known_hash)
{
	/* What glibc and OpenSSL give. */
	UK_EXPECT_STR_EQ(crypt("Hello world!", "$5$saltstring"),
			 "$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZ"
			 "aBBGWEc5");
}
