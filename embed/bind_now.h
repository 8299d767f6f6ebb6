// Symbols of shared libraries, looked up before the snapshot instead of after it.
#pragma once

namespace fw::embed {

// The dynamic linker resolves a function when it is first called. What a restored
// process calls first would be looked up in each of them anew: some 25 pages of
// symbol tables. So the program starts itself once more with LD_BIND_NOW, of which
// the function's environment shows nothing. Returns in the second start only, or
// when that is not possible.
void bind_all_symbols_now(char** argv);

}  // namespace fw::embed
