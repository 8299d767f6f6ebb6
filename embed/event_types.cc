#include "embed/event_types.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

namespace fw::embed {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostNamed = 5;
constexpr const char* kParameterObjects[] = {"queryStringParameters", "pathParameters"};

enum class Kind { kNumber, kBoolean, kOther };

// One field over all events. `object`: the field of the event it lies in; empty: the event.
struct Field {
  std::string object;
  std::string name;
  Kind kind;
  Json example;  // the first value seen
};

Kind kind_of(const Json& value) {
  if (value.is_number()) return Kind::kNumber;
  return value.is_boolean() ? Kind::kBoolean : Kind::kOther;
}

void add_fields(const Json& object, const std::string& where, std::vector<Field>& fields) {
  for (const auto& item : object.items()) {
    const std::string& name = item.key();
    const Json& value = item.value();
    const Kind kind = kind_of(value);
    const auto known = std::find_if(fields.begin(), fields.end(), [&](const Field& one) {
      return one.object == where && one.name == name;
    });
    if (known == fields.end()) {
      fields.push_back({where, name, kind, value});
    } else if (known->kind != kind) {
      known->kind = Kind::kOther;
    }
  }
}

bool is_identifier(std::string_view name) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '$';
  };
  return !name.empty() && !(name[0] >= '0' && name[0] <= '9') &&
         std::all_of(name.begin(), name.end(), fits);
}

std::string quoted(const std::string& text) {
  return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string path_of(const Field& field) {
  const std::string object = "event" + (field.object.empty() ? "" : "." + field.object);
  return is_identifier(field.name) ? object + "." + field.name
                                   : object + "[" + quoted(field.name) + "]";
}

// "event.a, event.b and event.c" of the fields of a kind; at most `room`, which shrinks.
std::string names_of(const std::vector<const Field*>& fields, Kind kind, std::size_t& room) {
  std::vector<std::string> names;
  std::size_t more = 0;
  for (const Field* field : fields) {
    if (field->kind != kind) continue;
    if (room == 0) {
      ++more;
    } else {
      --room;
      names.push_back(path_of(*field));
    }
  }
  if (more > 0 && !names.empty()) names.push_back(std::to_string(more) + " more");
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " and " : ", ";
    text += names[i];
  }
  return text;
}

std::string example_of(const Field& field) {
  const std::string own = "{" + quoted(field.name) + ": " + quoted(field.example.dump()) + "}";
  return field.object.empty() ? own : "{" + quoted(field.object) + ": " + own + "}";
}

}  // namespace

std::vector<std::string> one_type_warnings(std::string_view events_json_array) {
  const Json events = Json::parse(events_json_array, nullptr, false);
  if (!events.is_array()) return {};
  std::vector<Field> fields;
  for (const Json& event : events) {
    if (!event.is_object()) continue;
    add_fields(event, "", fields);
    for (const char* object : kParameterObjects) {
      const auto found = event.find(object);
      if (found != event.end() && found->is_object()) add_fields(*found, object, fields);
    }
  }
  std::vector<const Field*> wanted;
  for (const Field& field : fields) {
    if (field.kind != Kind::kOther) wanted.push_back(&field);
  }
  if (wanted.empty()) return {};

  std::size_t room = kMostNamed;
  const std::string numbers = names_of(wanted, Kind::kNumber, room);
  const std::string booleans = names_of(wanted, Kind::kBoolean, room);
  std::string text = "training covers ";
  if (!numbers.empty()) text += "only numbers for " + numbers;
  if (!numbers.empty() && !booleans.empty()) text += " and ";
  if (!booleans.empty()) text += "only booleans for " + booleans;
  text += "; a caller who sends ";
  text += wanted.size() == 1 ? "it" : "them";
  text +=
      " in a query string sends text, and a call with text throws compiled code away: add an "
      "event such as " +
      example_of(*wanted.front()) + " if callers may do so";
  return {text};
}

}  // namespace fw::embed
