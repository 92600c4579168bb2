/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include <stdint.h>

size_t strspn(const char *str, const char *set)
{
	size_t n = 0;

	while (str[n] && strchr(set, str[n]))
		n++;
	return n;
}

size_t strcspn(const char *str, const char *set)
{
	size_t n = 0;

	while (str[n] && !strchr(set, str[n]))
		n++;
	return n;
}

char *strpbrk(const char *str, const char *set)
{
	str += strcspn(str, set);
	return *str ? (char *)(uintptr_t)str : NULL;
}

char *strtok_r(char *restrict str, const char *restrict set,
	       char **restrict state)
{
	char *word = str ? str : *state;

	if (!word)
		return NULL;
	word += strspn(word, set);
	*state = NULL;
	if (!*word)
		return NULL;

	str = word + strcspn(word, set);
	if (*str) {
		*str = '\0';
		*state = str + 1;
	}
	return word;
}

char *strtok(char *restrict str, const char *restrict set)
{
	static char *state;

	return strtok_r(str, set, &state);
}

char *strsep(char **restrict str, const char *restrict set)
{
	char *word = *str, *end;

	if (!word)
		return NULL;
	end = word + strcspn(word, set);
	*str = *end ? end + 1 : NULL;
	*end = '\0';
	return word;
}
