// What the training events leave out: compiled code is made for the types of values
// that training showed it, and throws itself away when it meets another.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fw::embed {

// Warnings about fields that are numbers in every event that has them, or booleans,
// while a caller may send them as text, as every query string does. Looked at are the
// fields of the events, and of their `queryStringParameters` and `pathParameters`. One
// sentence, naming a few of the fields; nothing for what is no array of objects.
std::vector<std::string> one_type_warnings(std::string_view events_json_array);

}  // namespace fw::embed
