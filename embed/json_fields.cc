#include "embed/json_fields.h"

namespace fw::embed {

Result<JsonFields> JsonFields::parse(std::string what, std::string_view text) {
  nlohmann::json object = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (object.is_discarded()) return fail(Errc::kBadInput, what + " is not JSON");
  if (!object.is_object()) return fail(Errc::kBadInput, what + " is not a JSON object");
  return JsonFields(std::move(what), std::move(object));
}

Result<const nlohmann::json*> JsonFields::find(const char* name, Need need) const {
  const auto field = object_.find(name);
  if (field != object_.end()) return &*field;
  if (need == kRequired) return fail(Errc::kBadInput, what_ + " has no \"" + name + "\"");
  return nullptr;
}

Error JsonFields::wrong_type(const char* name, const char* wanted) const {
  return Error(Errc::kBadInput, "\"" + std::string(name) + "\" of " + what_ + " must be " + wanted);
}

Status JsonFields::read(const char* name, Need need, std::string& into) const {
  FW_TRY_ASSIGN(const nlohmann::json* field, find(name, need));
  if (field == nullptr) return {};
  if (!field->is_string()) return fail(wrong_type(name, "a string"));
  into = field->get<std::string>();
  return {};
}

Status JsonFields::read(const char* name, Need need, std::uint64_t& into) const {
  FW_TRY_ASSIGN(const nlohmann::json* field, find(name, need));
  if (field == nullptr) return {};
  if (!field->is_number_unsigned()) return fail(wrong_type(name, "a whole number, not negative"));
  into = field->get<std::uint64_t>();
  return {};
}

Status JsonFields::read(const char* name, Need need, bool& into) const {
  FW_TRY_ASSIGN(const nlohmann::json* field, find(name, need));
  if (field == nullptr) return {};
  if (!field->is_boolean()) return fail(wrong_type(name, "true or false"));
  into = field->get<bool>();
  return {};
}

Status JsonFields::read(const char* name, Need need, double& into) const {
  FW_TRY_ASSIGN(const nlohmann::json* field, find(name, need));
  if (field == nullptr) return {};
  if (!field->is_number()) return fail(wrong_type(name, "a number"));
  into = field->get<double>();
  return {};
}

}  // namespace fw::embed
