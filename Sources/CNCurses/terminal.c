#define _GNU_SOURCE
#include "CNCurses.h"
#include "output.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <unistd.h>

bool gantry_setupterm(const char *type) {
    int status = 0;
    return setupterm(type, STDOUT_FILENO, &status) == OK;
}

const char *gantry_capability(const char *name) {
    const char *value = tigetstr(name);
    return value == (const char *)-1 ? NULL : value;
}

SCREEN *gantry_newterm(const char *type) {
    // ncurses would handle these itself. The program does, in its own order of things.
    static const int signals[] = {SIGINT, SIGTERM, SIGTSTP, SIGWINCH};
    enum { count = sizeof signals / sizeof *signals };
    struct sigaction before[count];
    for (int i = 0; i < count; i++) sigaction(signals[i], NULL, &before[i]);

    // LINES and COLUMNS are often exported by accident, and are wrong after a resize: the kernel knows better.
    use_tioctl(TRUE);
    SCREEN *screen = newterm(type, gantry_open_output(), stdin);

    for (int i = 0; i < count; i++) sigaction(signals[i], &before[i], NULL);
    return screen;
}

bool gantry_terminal_size(int *width, int *height) {
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) return false;
    *width = size.ws_col;
    *height = size.ws_row;
    return true;
}

int gantry_pending_input(void) {
    int count = 0;
    return ioctl(STDIN_FILENO, FIONREAD, &count) == 0 ? count : -1;
}
