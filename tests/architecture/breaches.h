// What in a tree breaks the rules of the architecture. Each breach is one line
// of text: file, line where there is one, and what to do.
#pragma once

#include <string>
#include <vector>

#include "tests/architecture/rules.h"
#include "tests/architecture/source.h"

namespace fw::architecture {

using Breaches = std::vector<std::string>;
using Tree = std::vector<SourceFile>;

// A circle among the rows of the include table, named in order; at most one.
Breaches cycles(const Rules& rules);

// Includes that the table does not allow, engine headers outside their host, and
// includes that are not written from the top of the tree.
Breaches forbidden_includes(const Rules& rules, const Tree& tree);

Breaches raw_system_calls(const Rules& rules, const Tree& tree);
Breaches long_files(const Rules& rules, const Tree& tree);

// Markers of unfinished work and host names of package registries.
Breaches forbidden_words(const Tree& tree);

// All of the above.
Breaches all_breaches(const Rules& rules, const Tree& tree);

}  // namespace fw::architecture
