// What a server grants its clients, honest or not. Times in milliseconds; they are
// looked at every `sweep_ms`, so one may last that much longer.
#pragma once

#include <cstddef>
#include <cstdint>

namespace fw::gateway::http {

struct Limits {
  std::uint32_t connections = 10'000;  // of a server; more are answered 503 and closed

  std::size_t header_bytes = std::size_t{16} << 10;  // request line, and fields: each
  std::uint32_t header_fields = 100;
  std::size_t body_bytes = std::size_t{6} << 20;
  std::size_t trusted_body_bytes = std::size_t{64} << 20;  // by the Unix socket
  // Large bodies and answers that clients are slow to read, of all connections together.
  std::size_t buffered_bytes = std::size_t{512} << 20;

  std::uint32_t header_ms = 10'000;  // from a request's first byte (or the connection) on
  std::uint32_t body_ms = 30'000;    // from then on, in all ...
  std::uint32_t body_grace_ms = 5'000;
  std::uint32_t body_rate = 1'000;     // ... and after the grace at least so many bytes a second
  std::uint32_t idle_ms = 60'000;      // between two requests
  std::uint32_t write_ms = 30'000;     // for an answer, and a second more for each ...
  std::uint32_t write_rate = 100'000;  // ... of so many bytes
  std::uint32_t linger_ms = 2'000;     // for the client to close a connection that is over
  std::uint32_t sweep_ms = 1'000;
};

}  // namespace fw::gateway::http
