// wcwidth is an extension that glibc's headers show to those who ask for it.
#define _GNU_SOURCE
#include <stdint.h>
#include <wchar.h>

int gantry_wcwidth(uint32_t scalar) { return wcwidth((wchar_t)scalar); }
