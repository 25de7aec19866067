#pragma once

#include "CNCurses.h"

#include <stdio.h>

/// Where ncurses is to write.
FILE *gantry_open_output(void);
