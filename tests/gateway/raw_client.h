// A client that sends exactly what it is told, byte by byte if need be.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "base/unique_fd.h"

namespace fw::testing {

struct RawAnswer {
  unsigned status = 0;                         // 0: the connection ended without one
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
};

class RawClient {
 public:
  // `address` as of Server::addresses(). Throws what goes wrong, also when nothing comes
  // for 20 seconds.
  explicit RawClient(const std::string& address);
  static RawClient to_unix(const std::filesystem::path& path);

  void send(std::string_view text);
  // False when the server has closed the connection.
  bool try_send(std::string_view text);
  // No more will be sent.
  void half_close();
  // Closes so that the server gets a reset.
  void reset();

  RawAnswer answer(bool to_head = false);
  // The answer to a request of `method` for `path`.
  RawAnswer ask(std::string_view method, std::string_view path, std::string_view body = {},
                std::string_view headers = {});
  // Waits for the server to close; what came until then.
  std::string read_to_end();
  // Waits for so many bytes more.
  std::string read(std::size_t bytes);

  int fd() const { return socket_.get(); }

 private:
  explicit RawClient(UniqueFd socket);
  bool receive();  // false at the end

  UniqueFd socket_;
  std::string received_;
};

}  // namespace fw::testing
