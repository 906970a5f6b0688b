#pragma once

// The arguments of the process as the C runtime gives them. Swift reads /proc for them, and finds
// none in a bare chroot: every command would print its help and pass.
int process_argument_count(void);
const char *process_argument(int index);
