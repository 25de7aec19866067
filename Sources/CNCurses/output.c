// What ncurses writes in one update, in one piece: it writes out at every movement of the cursor, dozens of times a frame,
// and each of them wakes up the terminal, which shows half a frame and takes the processor from us.
#define _GNU_SOURCE
#include "output.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

// The terminal by a descriptor of ncurses' own: while it updates, this one leads elsewhere, and nobody else minds.
static FILE *output;
static int memory = -1;
static uint8_t *bytes;
static size_t capacity;

FILE *gantry_open_output(void) {
    int own = dup(STDOUT_FILENO);
    if (own < 0) return stdout;
    FILE *file = fdopen(own, "w");
    if (file == NULL) {
        close(own);
        return stdout;
    }
    fcntl(own, F_SETFD, FD_CLOEXEC);
    output = file;
    memory = memfd_create("frame", MFD_CLOEXEC);
    return file;
}

const uint8_t *gantry_update(size_t *length) {
    *length = 0;
    if (memory < 0 || lseek(memory, 0, SEEK_SET) != 0 || dup3(memory, fileno(output), O_CLOEXEC) < 0) {
        doupdate();
        return NULL;
    }
    doupdate();
    dup3(STDOUT_FILENO, fileno(output), O_CLOEXEC);
    off_t end = lseek(memory, 0, SEEK_CUR);
    if (end <= 0) return NULL;
    if ((size_t)end > capacity) {
        uint8_t *larger = realloc(bytes, (size_t)end * 2);
        if (larger == NULL) return NULL;
        bytes = larger;
        capacity = (size_t)end * 2;
    }
    ssize_t count = pread(memory, bytes, (size_t)end, 0);
    if (count <= 0) return NULL;
    *length = (size_t)count;
    return bytes;
}

void gantry_close_output(void) {
    if (output != NULL) fclose(output);
    if (memory >= 0) close(memory);
    free(bytes);
    output = NULL;
    memory = -1;
    bytes = NULL;
    capacity = 0;
}
