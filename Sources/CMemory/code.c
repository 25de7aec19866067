#define _GNU_SOURCE
#include "CMemory.h"

#include <link.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

static int unmap_code_of(struct dl_phdr_info *object, size_t size, void *is_first) {
    (void)size;
    // The program comes first, without a name; the kernel's own object has a name that is no path.
    bool is_file = *(bool *)is_first || (object->dlpi_name && object->dlpi_name[0] == '/');
    *(bool *)is_first = false;
    if (!is_file) return 0;
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    for (int index = 0; index < object->dlpi_phnum; index++) {
        const ElfW(Phdr) *part = &object->dlpi_phdr[index];
        if (part->p_type != PT_LOAD || part->p_flags & PF_W) continue;
        uintptr_t start = (object->dlpi_addr + part->p_vaddr + page - 1) & ~(page - 1);
        uintptr_t end = (object->dlpi_addr + part->p_vaddr + part->p_memsz) & ~(page - 1);
        if (end > start) madvise((void *)start, end - start, MADV_DONTNEED);
    }
    return 0;
}

void unmap_code(void) {
    bool is_first = true;
    dl_iterate_phdr(unmap_code_of, &is_first);
}
