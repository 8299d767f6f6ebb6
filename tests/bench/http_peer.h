// A server to load: answers a body with itself. /status/N answers with that status, /hangup
// closes the connection without an answer, /lazy/MS waits before it answers.
#pragma once

#include <string>

#include "bench/serving/http/service.h"

namespace fw::test {

inline bench::Program peer_program(std::uint16_t port) {
  return {"/usr/bin/python3.11",
          {"-I", "-c", R"(
import http.server, sys, time
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    def do_POST(self):
        body = self.rfile.read(int(self.headers['Content-Length']))
        _, what, *rest = self.path.split('/')
        if what == 'hangup':
            self.close_connection = True
            return
        if what == 'lazy':
            time.sleep(int(rest[0]) / 1000)
        self.send_response(int(rest[0]) if what == 'status' else 200)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *ignored):
        pass
class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = True
Server(('127.0.0.1', int(sys.argv[1])), Handler).serve_forever()
)",
           std::to_string(port)}};
}

inline bench::Service start_peer() {
  const std::uint16_t port = bench::free_port().value();
  return bench::Service::start("the peer", peer_program(port), port).value();
}

}  // namespace fw::test
