// The text of an answer's head. By appending to a string: streams cost microseconds.
#pragma once

#include <string>
#include <string_view>

#include "gateway/exchange.h"

namespace fw::gateway::http {

// The Date of answers, made once a second. One thread.
class DateText {
 public:
  std::string_view now();  // "Sun, 06 Nov 1994 08:49:37 GMT"

 private:
  std::int64_t second_ = -1;
  char text_[32] = "";
  std::size_t length_ = 0;
};

enum class Connection { kKeep, kKeepHttp10, kClose };

// Appends status line and fields, with the empty line. The fields that belong to the
// connection (Content-Length, Connection, Transfer-Encoding, Date ...) are the server's
// own: in `response` they are left out, and so is what cannot be a field's name; bytes
// that would end a line become blanks.
void append_head(std::string& out, const Response& response, Connection connection,
                 std::string_view date);

// Whether answers of this status have a body at all.
bool has_body(unsigned status);

}  // namespace fw::gateway::http
