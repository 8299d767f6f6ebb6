// What the shared library of the guests that load one exports.
#pragma once

extern "C" {
// A thread local variable's address: each thread has one, 1000 at first.
int* plugin_thread_local();
// Throws std::runtime_error("from the plugin").
void plugin_throw();
int plugin_add(int a, int b);
}
