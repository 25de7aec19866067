#pragma once

// ncurses for Swift: what its headers say with macros and globals, said with functions.

#define _XOPEN_SOURCE_EXTENDED 1
#define NCURSES_WIDECHAR 1
#include <ncurses.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// The columns a character takes by libc's tables; negative for what is not printable.
int gantry_wcwidth(uint32_t scalar);

/// Remembers the terminal's settings and makes sure that a crash gives it back.
///
/// To be called when `setupterm` has succeeded and before ncurses changes anything.
/// `extras` is written too, as a part of giving back: what the caller itself has switched on, switched off.
void gantry_guard_terminal(const char *_Nullable extras);

/// Says whether the terminal is somebody else's for a while: after a crash its screen is not ours to leave.
void gantry_guard_lent_terminal(bool lent);

/// Ends what `gantry_guard_terminal` began.
void gantry_unguard_terminal(void);

/// Finds the terminal's description; says nothing and does not end the process when there is none.
bool gantry_setupterm(const char *_Nullable type);

/// A capability of the terminal that is a string; NULL when it has none of that name.
const char *_Nullable gantry_capability(const char *_Nonnull name);

/// Opens the terminal on standard output and input, leaving all signals to the caller.
SCREEN *_Nullable gantry_newterm(const char *_Nonnull type);

/// `doupdate`, whose output is kept back: what it wants to write to the terminal, good until the next call.
///
/// NULL when it had to be written at once, and when there is nothing to write. Not for the first update after `endwin`:
/// that one makes the terminal's settings anew.
const uint8_t *_Nullable gantry_update(size_t *_Nonnull length);

/// To be called after `delscreen`.
void gantry_close_output(void);

static inline WINDOW *_Nonnull gantry_stdscr(void) { return stdscr; }
static inline WINDOW *_Nonnull gantry_curscr(void) { return curscr; }
static inline int gantry_colors(void) { return COLORS; }
static inline int gantry_color_pairs(void) { return COLOR_PAIRS; }

static inline attr_t gantry_bold(void) { return A_BOLD; }
static inline attr_t gantry_dim(void) { return A_DIM; }
static inline attr_t gantry_italic(void) { return A_ITALIC; }
static inline attr_t gantry_underline(void) { return A_UNDERLINE; }
static inline attr_t gantry_reverse(void) { return A_REVERSE; }

/// Makes a cell of a base and up to four combining marks.
static inline void gantry_set_cell(
    cchar_t *_Nonnull cell, uint32_t base, const uint32_t *_Nullable marks, int count, attr_t attributes, int pair) {
    wchar_t text[6] = {(wchar_t)base};
    for (int i = 0; i < count && i < 4; i++) text[i + 1] = (wchar_t)marks[i];
    setcchar(cell, text, attributes, 0, &pair);
}

/// The terminal's size as the kernel knows it; false when it does not.
bool gantry_terminal_size(int *_Nonnull width, int *_Nonnull height);

/// How many bytes wait on standard input; negative when that cannot be told.
int gantry_pending_input(void);
