// Names a socket for people: "a TCP socket connected to 127.0.0.1:5432".
#pragma once

#include <cstddef>
#include <string_view>

namespace fw::capture {

class SocketName {
 public:
  void add(std::string_view part);
  void add_number(unsigned value);
  std::string_view view() const { return {text_, length_}; }

 private:
  char text_[256] = {};
  std::size_t length_ = 0;
};

void describe_socket(int fd, SocketName* name);

}  // namespace fw::capture
