// JsonFields: reads the fields of one JSON object into variables, with errors
// that name the document and the field. Unknown fields are ignored, so that a
// newer writer can talk to an older reader.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/result.h"

namespace fw::embed {

class JsonFields {
 public:
  enum Need { kRequired, kOptional };

  // `what` names the document in errors: "the job".
  static Result<JsonFields> parse(std::string what, std::string_view text);
  JsonFields(std::string what, nlohmann::json object)
      : what_(std::move(what)), object_(std::move(object)) {}

  const nlohmann::json& object() const { return object_; }

  // Leaves `into` as it is when an optional field is absent.
  Status read(const char* name, Need need, std::string& into) const;
  Status read(const char* name, Need need, std::uint64_t& into) const;
  Status read(const char* name, Need need, bool& into) const;
  Status read(const char* name, Need need, double& into) const;

 private:
  // The field, or null when it is absent and may be.
  Result<const nlohmann::json*> find(const char* name, Need need) const;
  Error wrong_type(const char* name, const char* wanted) const;

  std::string what_;
  nlohmann::json object_;
};

}  // namespace fw::embed
