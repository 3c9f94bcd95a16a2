// A server on a Unix socket that says what it is told to, for tests of clients.
#pragma once

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <string>
#include <thread>
#include <vector>

namespace culprit {

// Greets every client with the first of a connection's replies, then answers each request, of
// `request_size` bytes, with the next. `hello_size`: what the client says before its first request.
class ScriptedServer {
 public:
  ScriptedServer(const std::string& path, std::size_t request_size,
                 std::vector<std::vector<std::string>> connections, std::size_t hello_size = 0)
      : listener_(::socket(AF_UNIX, SOCK_STREAM, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    ::unlink(path.c_str());
    ::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    ::listen(listener_, 4);
    thread_ = std::thread([=, this, connections = std::move(connections)] {
      for (const auto& replies : connections) serve(request_size, hello_size, replies);
    });
  }
  ~ScriptedServer() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }

 private:
  void serve(std::size_t request_size, std::size_t hello_size,
             const std::vector<std::string>& replies) {
    const int client = ::accept(listener_, nullptr, nullptr);
    if (client < 0) return;
    for (std::size_t i = 0; i < replies.size(); ++i) {
      if (i > 0) {
        std::string request(request_size + (i == 1 ? hello_size : 0), '\0');
        if (::recv(client, request.data(), request.size(), MSG_WAITALL) <= 0) break;
      }
      ::send(client, replies[i].data(), replies[i].size(), MSG_NOSIGNAL);
    }
    ::close(client);
  }

  int listener_;
  std::thread thread_;
};

}  // namespace culprit
