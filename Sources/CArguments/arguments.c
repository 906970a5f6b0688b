#include "CArguments.h"

static int count;
static char **arguments;

// glibc hands main's arguments to constructors too.
__attribute__((constructor)) static void keep(int argc, char **argv) {
  count = argc;
  arguments = argv;
}

int process_argument_count(void) { return count; }

const char *process_argument(int index) {
  return index >= 0 && index < count ? arguments[index] : 0;
}
