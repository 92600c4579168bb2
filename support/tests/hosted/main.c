/* SPDX-License-Identifier: BSD-3-Clause */
/* The way from the host's main() to the tests; a fuzzer has its own. */
int hosted_main(int argc, char **argv);

int main(int argc, char **argv)
{
	/* A sanitizer's report is the case's failure; it ends the program. */
	return hosted_main(argc, argv);
}
