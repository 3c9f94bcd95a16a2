// A stream to a service that hands out its coverage: a Unix socket, or TCP.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "culprit/error.h"

namespace culprit {

struct Address {
  std::string text;       // as the user wrote it, for messages
  std::string unix_path;  // empty: TCP
  std::string host;       // a name or a numeric address
  std::uint16_t port = 0;

  bool operator==(const Address&) const = default;
};

// "unix:PATH", "tcp:HOST:PORT" or "HOST:PORT".
[[nodiscard]] Result<Address> parse_address(std::string_view text);

// Closes itself. Every call ends within the timeout given to open(); after an error the connection
// is of no more use.
class Connection {
 public:
  [[nodiscard]] static Result<Connection> open(const Address& address,
                                               std::chrono::milliseconds timeout);
  Connection(Connection&& other) noexcept;
  Connection& operator=(Connection&& other) noexcept;
  ~Connection();

  [[nodiscard]] Result<void> send(std::string_view bytes);
  // Exactly `size` bytes.
  [[nodiscard]] Result<std::string> read(std::size_t size);
  // Up to the next line end, without it; an error past `max_bytes`.
  [[nodiscard]] Result<std::string> read_line(std::size_t max_bytes);

 private:
  Connection(std::string name, int descriptor, bool tcp)
      : name_(std::move(name)), descriptor_(descriptor), tcp_(tcp) {}
  Result<void> fill();  // at least one more byte into buffer_

  std::string name_;
  int descriptor_ = -1;
  bool tcp_ = false;
  std::string buffer_;
  std::size_t taken_ = 0;  // of buffer_
};

}  // namespace culprit
