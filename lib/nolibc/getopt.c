/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * getopt() and getopt_long().
 *
 * One operation moves through the words: take() gets the next word, past the
 * ones that are no options and wait behind the options done so far, and puts
 * it in its place before them. So a word's argument is just the next word,
 * and at the end everything that is no option stands behind optind.
 */
#include <getopt.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

char *optarg;
int optind = 1;
int opterr = 1;
int optopt;

/* Between calls. */
static struct {
	char *next;	/* letters left of the last word taken, or NULL */
	int waiting;	/* words from optind on that are no options */
	int optind;	/* as we left it: another value begins anew */
} state;

/* What a caller asked for, beside the global variables. */
struct request {
	int argc;
	char **argv;
	const char *letters;
	const struct option *longs;	/* NULL for getopt() */
	int *index;
	bool only;		/* "-name" may be a long one */
	bool in_order;		/* stop at the first that is no option */
	bool quiet;		/* ':': and tell what is missing by ':' */
};

static int complain(const struct request *req, const char *what,
		    const char *name, size_t len)
{
	if (opterr && !req->quiet) {
		fputs(req->argv[0] ? req->argv[0] : "", stderr);
		fputs(what, stderr);
		fwrite(name, 1, len, stderr);
		fputs("\n", stderr);
	}
	return '?';
}

/* The next word that does not wait, or NULL. */
static char *take(const struct request *req)
{
	const int from = optind + state.waiting;
	char *word;

	if (from >= req->argc)
		return NULL;
	word = req->argv[from];
	for (int i = from; i > optind; i--)
		req->argv[i] = req->argv[i - 1];
	req->argv[optind++] = word;
	return word;
}

/* The argument of an option, else what to return for its absence. */
static int take_arg(const struct request *req, const char *name, size_t len)
{
	optarg = take(req);
	if (optarg)
		return 0;
	complain(req, ": option requires an argument: ", name, len);
	return req->quiet ? ':' : '?';
}

/* The letter at state.next, which is not NUL. */
static int short_option(const struct request *req)
{
	char *at = state.next++;
	const char *known = *at == ':' ? NULL : strchr(req->letters, *at);
	int rc = 0;

	optopt = (unsigned char)*at;
	if (known && known[1] == ':') {
		/* The rest of the word, or else the next word. */
		if (*state.next)
			optarg = state.next;
		else if (known[2] != ':')
			rc = take_arg(req, at, 1);
		state.next = NULL;
	}
	if (state.next && !*state.next)
		state.next = NULL;
	if (!known)
		return complain(req, ": unknown option: ", at, 1);
	return rc ? rc : optopt;
}

#define NONE		(-1)
#define SEVERAL		(-2)

/*
 * The long option that the @len bytes at @name mean, in full or as the
 * beginning of one name only.
 */
static int find_long(const struct option *opt, const char *name, size_t len)
{
	int found = NONE;

	for (int i = 0; opt[i].name; i++) {
		if (strncmp(opt[i].name, name, len) != 0)
			continue;
		if (opt[i].name[len] == '\0')
			return i;
		if (found == NONE)
			found = i;
		else if (found >= 0 && (opt[found].flag != opt[i].flag ||
					opt[found].val != opt[i].val ||
					opt[found].has_arg != opt[i].has_arg))
			found = SEVERAL;
	}
	return found;
}

/* Option @opt, given as the @len bytes at @name, which may go on with '='. */
static int long_option(const struct request *req, const struct option *opt,
		       char *name, size_t len)
{
	optopt = opt->val;
	if (name[len] == '=' && opt->has_arg == no_argument)
		return complain(req, ": option takes no argument: ", name,
				len);
	if (name[len] == '=') {
		optarg = name + len + 1;
	} else if (opt->has_arg == required_argument) {
		const int rc = take_arg(req, name, len);

		if (rc)
			return rc;
	}

	if (req->index)
		*req->index = (int)(opt - req->longs);
	if (!opt->flag)
		return opt->val;
	*opt->flag = opt->val;
	return 0;
}

/* The option that @word is or begins. */
static int option(const struct request *req, char *word)
{
	const bool two = word[1] == '-';
	char *name = word + 1 + two;
	size_t len;
	int found;

	state.next = word + 1;
	if (!req->longs || (!two && !req->only))
		return short_option(req);

	len = strcspn(name, "=");
	found = find_long(req->longs, name, len);
	/* A single '-': a short option wins over one that is no full name. */
	if (!two && strchr(req->letters, *name) &&
	    (found < 0 || req->longs[found].name[len]))
		return short_option(req);

	state.next = NULL;
	if (found >= 0)
		return long_option(req, &req->longs[found], name, len);
	optopt = 0;
	return complain(req, found == SEVERAL ? ": option is ambiguous: "
			: ": unknown option: ", name, len);
}

static bool is_option(const char *word)
{
	return word[0] == '-' && word[1];
}

/* The next option, or -1. */
static int next_option(const struct request *req)
{
	char *word;

	if (state.next)
		return short_option(req);

	state.waiting = 0;
	while (!req->in_order && optind + state.waiting < req->argc &&
	       !is_option(req->argv[optind + state.waiting]))
		state.waiting++;
	if (optind + state.waiting >= req->argc ||
	    !is_option(req->argv[optind + state.waiting]))
		return -1;
	word = take(req);
	return strcmp(word, "--") == 0 ? -1 : option(req, word);
}

static int run(struct request *req)
{
	int found;

	if (optind == 0)
		optind = 1;
	if (optind != state.optind)
		state.next = NULL;
	if (*req->letters == '+') {
		req->in_order = true;
		req->letters++;
	}
	req->quiet = *req->letters == ':';
	optarg = NULL;
	found = next_option(req);
	state.optind = optind;
	return found;
}

int getopt(int argc, char *const argv[], const char *optstring)
{
	struct request req = {
		.argc = argc, .argv = (char **)(uintptr_t)argv,
		.letters = optstring, .in_order = true,
	};

	return run(&req);
}

int getopt_long(int argc, char *const argv[], const char *optstring,
		const struct option *longopts, int *longindex)
{
	struct request req = {
		.argc = argc, .argv = (char **)(uintptr_t)argv,
		.letters = optstring, .longs = longopts, .index = longindex,
	};

	return run(&req);
}

int getopt_long_only(int argc, char *const argv[], const char *optstring,
		     const struct option *longopts, int *longindex)
{
	struct request req = {
		.argc = argc, .argv = (char **)(uintptr_t)argv,
		.letters = optstring, .longs = longopts, .index = longindex,
		.only = true,
	};

	return run(&req);
}
