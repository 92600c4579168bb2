/* SPDX-License-Identifier: BSD-3-Clause */
#include "objects.h"

#include <stdio.h>

namespace {

class Shape {
public:
	explicit Shape(const char *what) : name(what)
	{
		printf("made %s\n", name);
	}
	virtual ~Shape()
	{
		printf("gone %s\n", name);
	}
	virtual int corners() const = 0;

protected:
	const char *name;
};

class Square : public Shape {
public:
	using Shape::Shape;
	int corners() const override
	{
		return 4;
	}
};

struct alignas(128) Wide {
	char bytes[128];
};

Square global("global");
thread_local Square in_thread("in thread");

Square &once()
{
	static Square s("static");

	return s;
}

}

int objects(void)
{
	Shape *const heap = new Square("heap");
	Square *const many = new Square[2]{ Square("one"), Square("two") };
	Wide *const wide = new Wide;
	int n = heap->corners() + once().corners() + once().corners() +
		in_thread.corners() + global.corners();

	n += reinterpret_cast<unsigned long>(wide) % 128 != 0;
	delete wide;
	delete[] many;
	delete heap;
	return n;
}
