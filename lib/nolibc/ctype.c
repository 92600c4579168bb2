/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The classes of ASCII are ranges, and a range is one subtraction and one
 * comparison: less than a table would cost, in bytes and in cache.
 */
#include <ctype.h>

static int in(int c, int first, int last)
{
	return (unsigned int)c - (unsigned int)first <=
	       (unsigned int)last - (unsigned int)first;
}

int isdigit(int c)
{
	return in(c, '0', '9');
}

int islower(int c)
{
	return in(c, 'a', 'z');
}

int isupper(int c)
{
	return in(c, 'A', 'Z');
}

int isalpha(int c)
{
	return in(c | 0x20, 'a', 'z');
}

int isalnum(int c)
{
	return isalpha(c) || isdigit(c);
}

int isxdigit(int c)
{
	return isdigit(c) || in(c | 0x20, 'a', 'f');
}

int isblank(int c)
{
	return c == ' ' || c == '\t';
}

int isspace(int c)
{
	return c == ' ' || in(c, '\t', '\r');
}

int isgraph(int c)
{
	return in(c, '!', '~');
}

int isprint(int c)
{
	return in(c, ' ', '~');
}

int ispunct(int c)
{
	return isgraph(c) && !isalnum(c);
}

int iscntrl(int c)
{
	return in(c, 0, 31) || c == 127;
}

int isascii(int c)
{
	return in(c, 0, 127);
}

int toascii(int c)
{
	return c & 127;
}

int tolower(int c)
{
	return isupper(c) ? c + ('a' - 'A') : c;
}

int toupper(int c)
{
	return islower(c) ? c - ('a' - 'A') : c;
}
