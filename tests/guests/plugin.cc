#include "tests/guests/plugin.h"

#include <stdexcept>

namespace {
thread_local int number = 1000;
}

int* plugin_thread_local() { return &number; }
void plugin_throw() { throw std::runtime_error("from the plugin"); }
int plugin_add(int a, int b) { return a + b; }
