#pragma once

// glibc's knobs of malloc, which Swift's Glibc module leaves out.
#include <malloc.h>

/// Takes the pages that nobody can write, code and constants of the program and its libraries, out of the process. They
/// are unchanged parts of files: what is used again is mapped again, from the system's cache.
void unmap_code(void);
