// Gives the terminal back when the process crashes: nobody should have to type "reset" blindly.
#define _GNU_SOURCE
#include "CNCurses.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static const int crashes[] = {SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT};
enum { crash_count = sizeof crashes / sizeof *crashes };

// Prepared beforehand: a signal handler may neither allocate nor ask terminfo.
static char restore_text[512];
static size_t restore_length;
// How much of it is for a terminal that was lent: one whose screen is not ours to leave.
static size_t lent_length;
static volatile sig_atomic_t is_lent;
static struct termios saved_termios;
static bool has_termios;
static struct sigaction previous[crash_count];
static volatile sig_atomic_t is_guarding;
// A stack overflow leaves no room for a handler on the stack that overflowed.
static char alternate_stack[16384];

static void write_all(int fd, const char *text, size_t length) {
    while (length > 0) {
        ssize_t written = write(fd, text, length);
        if (written <= 0) return;
        text += written;
        length -= (size_t)written;
    }
}

static void append(const char *text) {
    if (text == NULL) return;
    // A padding like "$<5>" is for hardware that is gone; left in, it would be shown.
    while (*text != '\0' && restore_length < sizeof restore_text) {
        if (text[0] == '$' && text[1] == '<') {
            const char *close = strchr(text, '>');
            if (close != NULL) {
                text = close + 1;
                continue;
            }
        }
        restore_text[restore_length++] = *text++;
    }
}

static void handle_crash(int number) {
    if (is_guarding) {
        is_guarding = 0;
        write_all(STDOUT_FILENO, restore_text, is_lent ? lent_length : restore_length);
        if (has_termios) tcsetattr(STDIN_FILENO, TCSANOW, &saved_termios);

        char digits[] = {(char)('0' + number / 10), (char)('0' + number % 10)};
        const char before[] = "\r\ngantry crashed (signal ";
        const char after[] = "). The terminal is as it was.\n";
        write_all(STDERR_FILENO, before, sizeof before - 1);
        write_all(STDERR_FILENO, number < 10 ? digits + 1 : digits, number < 10 ? 1 : 2);
        write_all(STDERR_FILENO, after, sizeof after - 1);
    }
    // The system's own action ends the process, and the exit status tells the truth. Not whoever handled it before:
    // Swift's backtracer waits for a key on the terminal, and where nobody presses one it spins for ever.
    signal(number, SIG_DFL);
    raise(number);
}

void gantry_guard_terminal(const char *extras) {
    restore_length = 0;
    append(extras);
    append(gantry_capability("rmkx"));
    append(gantry_capability("sgr0"));
    append(gantry_capability("cnorm"));
    lent_length = restore_length;
    append(gantry_capability("rmcup"));
    has_termios = tcgetattr(STDIN_FILENO, &saved_termios) == 0;
    if (is_guarding) return;

    stack_t stack = {.ss_sp = alternate_stack, .ss_size = sizeof alternate_stack};
    sigaltstack(&stack, NULL);
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = handle_crash;
    action.sa_flags = SA_ONSTACK | SA_RESETHAND;
    sigemptyset(&action.sa_mask);
    for (int i = 0; i < crash_count; i++) sigaction(crashes[i], &action, &previous[i]);
    is_guarding = 1;
}

void gantry_guard_lent_terminal(bool lent) { is_lent = lent; }

void gantry_unguard_terminal(void) {
    if (!is_guarding) return;
    is_guarding = 0;
    for (int i = 0; i < crash_count; i++) sigaction(crashes[i], &previous[i], NULL);
}
