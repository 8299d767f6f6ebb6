// What the command prints: one result on standard output, all else on standard
// error. Writes by descriptor, not by iostreams: a command is over in a
// millisecond.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "base/result.h"
#include "fwrun/exit_code.h"

namespace fw::cli {

// Writes `text` to standard output, for the whole of it. kInternal, with a word
// about it on standard error, when that fails (a full disk); else `code`.
int print_result(std::string_view text, int code);

// Best effort: nobody could be told that it failed.
void print_note(std::string_view text);

// One line; bytes that are not UTF-8 are replaced.
std::string to_line(const nlohmann::json& json);

// Text of a stranger's as part of a line for people: control characters, which could
// end the line or command a terminal, become '?'; at most 500 bytes of it.
std::string printable(std::string_view text);

// The code for an error of a command other than --install.
ExitCode exit_code_of(const Error& error);
// Its name in JSON: "bad_usage", "not_found" ...
std::string_view name_of(ExitCode code);

// "fwrun: MESSAGE" on standard error, or {"error":{"code","message"}} on
// standard output. Returns `code`.
int report_error(bool json, const Error& error, ExitCode code);
int report_error(bool json, const Error& error);

}  // namespace fw::cli
