// Finds the functions of the user's code as objects, wherever they are kept.
#pragma once

#include <v8.h>

#include <string>
#include <string_view>
#include <vector>

#include "v8host/embedder/math_random.h"

namespace fw::v8host {

// Where a function was written. Lines and columns count from 1.
struct FunctionPlace {
  std::string name;
  std::string file;  // a path, or what else the script is called
  int line = 0;
  int column = 0;
};

// Whether a script of this name is a file of the user's, or of a dependency. Those have
// absolute paths or URLs; scripts of node and ours have names such as "node:fs" and
// "fwrun:serve.js".
bool is_users_script(std::string_view name);

FunctionPlace place_of(v8::Isolate* isolate, v8::Local<v8::Function> function);

// Every function of the heap that a file of the user's defines, oldest script
// first and in the order of the source. Collects garbage, and makes V8 forget all
// type feedback: train after it, not before. Contexts met on the way are added to
// `random`.
std::vector<v8::Local<v8::Function>> live_functions(v8::Isolate* isolate, MathRandom& random);

}  // namespace fw::v8host
