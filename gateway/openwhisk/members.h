// The members of a JSON object as they are written: a number of an action's arguments is
// not to be read and written again on its way.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace fw::gateway::openwhisk {

struct Member {
  std::string name;
  std::string_view text;  // of the value, a part of the object's text
};

// kBadInput when `text`, called `what`, is no JSON or no object.
Result<std::vector<Member>> members_of(std::string_view text, std::string_view what);

// The value's text that a member of this name has, the last one's if there are several;
// empty when there is none.
std::string_view find_member(const std::vector<Member>& members, std::string_view name);

// A string's text without quotes and escapes; other values as they are written.
std::string plain_text(std::string_view value);

inline bool is_string(std::string_view value) { return value.starts_with('"'); }
inline bool is_object(std::string_view value) { return value.starts_with('{'); }
inline bool is_array(std::string_view value) { return value.starts_with('['); }

}  // namespace fw::gateway::openwhisk
