#include "collect/connection.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

#include "base/disk.h"
#include "base/text.h"

namespace culprit {

namespace {

constexpr std::size_t kChunk = 64 << 10;

// In the words of those who will read it in a report: which service, and what is the matter.
Error io_error(const std::string& name) {
  if (errno == EPIPE || errno == ECONNRESET) return error_in(name, "the connection was closed");
  const bool late = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINPROGRESS;
  return late ? error_in(name, "no answer in time") : system_error(name, "cannot be reached");
}

void limit_waiting(int descriptor, std::chrono::milliseconds timeout) {
  timeval limit{};
  limit.tv_sec = timeout.count() / 1000;
  limit.tv_usec = static_cast<suseconds_t>(timeout.count() % 1000 * 1000);
  ::setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

// A connected socket, or -1 and errno.
int connected(int family, const sockaddr* address, socklen_t size,
              std::chrono::milliseconds timeout) {
  const int descriptor = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return -1;
  limit_waiting(descriptor, timeout);
  if (::connect(descriptor, address, size) == 0) return descriptor;
  const int error = errno;
  ::close(descriptor);
  errno = error;
  return -1;
}

Result<int> connect_unix(const Address& address, std::chrono::milliseconds timeout) {
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  if (address.unix_path.size() >= sizeof name.sun_path) {
    return fail(error_in(address.text, "a Unix socket's path has at most " +
                                           std::to_string(sizeof name.sun_path - 1) + " bytes"));
  }
  std::memcpy(name.sun_path, address.unix_path.data(), address.unix_path.size());
  const int descriptor =
      connected(AF_UNIX, reinterpret_cast<const sockaddr*>(&name), sizeof name, timeout);
  if (descriptor < 0) return fail(io_error(address.text));
  return descriptor;
}

Result<int> connect_tcp(const Address& address, std::chrono::milliseconds timeout) {
  addrinfo wanted{};
  wanted.ai_family = AF_UNSPEC;
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int failed =
      ::getaddrinfo(address.host.c_str(), std::to_string(address.port).c_str(), &wanted, &found);
  if (failed != 0) {
    return fail(error_in(address.text, std::string("cannot be reached: ") + gai_strerror(failed)));
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> list(found, freeaddrinfo);
  for (const addrinfo* at = found; at != nullptr; at = at->ai_next) {
    const int descriptor = connected(at->ai_family, at->ai_addr, at->ai_addrlen, timeout);
    if (descriptor < 0) continue;
    const int on = 1;
    ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return descriptor;
  }
  return fail(io_error(address.text));
}

}  // namespace

Result<Address> parse_address(std::string_view text) {
  Address address;
  address.text = text;
  if (text.starts_with("unix:")) {
    address.unix_path = text.substr(5);
    if (!address.unix_path.empty()) return address;
  } else {
    if (text.starts_with("tcp:")) text.remove_prefix(4);
    const std::size_t colon = text.rfind(':');
    const auto port =
        colon == std::string_view::npos ? std::nullopt : parse_u64(text.substr(colon + 1));
    if (colon != 0 && port && *port >= 1 && *port <= 65535) {
      address.host = text.substr(0, colon);
      address.port = static_cast<std::uint16_t>(*port);
      return address;
    }
  }
  return fail(error_in(printable(address.text), "is no address",
                       "write unix:PATH, tcp:HOST:PORT or HOST:PORT"));
}

Result<Connection> Connection::open(const Address& address, std::chrono::milliseconds timeout) {
  const Result<int> descriptor =
      address.unix_path.empty() ? connect_tcp(address, timeout) : connect_unix(address, timeout);
  if (!descriptor) return fail(descriptor.error());
  return Connection(address.text, *descriptor, address.unix_path.empty());
}

Connection::Connection(Connection&& other) noexcept
    : name_(std::move(other.name_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      tcp_(other.tcp_),
      buffer_(std::move(other.buffer_)),
      taken_(other.taken_) {}

Connection& Connection::operator=(Connection&& other) noexcept {
  std::swap(name_, other.name_);
  std::swap(descriptor_, other.descriptor_);
  std::swap(tcp_, other.tcp_);
  std::swap(buffer_, other.buffer_);
  std::swap(taken_, other.taken_);
  return *this;
}

Connection::~Connection() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<void> Connection::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return fail(io_error(name_));
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return {};
}

Result<void> Connection::fill() {
  if (taken_ == buffer_.size()) {
    buffer_.clear();
    taken_ = 0;
  }
  // A delayed acknowledgement costs 40 ms a dump on a connection that is used again; the kernel
  // forgets the wish at every receive.
  const int on = 1;
  if (tcp_) ::setsockopt(descriptor_, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
  const std::size_t filled = buffer_.size();
  buffer_.resize(filled + kChunk);
  ssize_t count = 0;
  do {
    count = ::recv(descriptor_, buffer_.data() + filled, kChunk, 0);
  } while (count < 0 && errno == EINTR);
  buffer_.resize(filled + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  if (count < 0) return fail(io_error(name_));
  if (count == 0) return fail(error_in(name_, "the connection was closed"));
  return {};
}

Result<std::string> Connection::read(std::size_t size) {
  std::string bytes;
  while (bytes.size() < size) {
    if (taken_ == buffer_.size()) {
      if (auto filled = fill(); !filled) return fail(filled.error());
    }
    const std::size_t count = std::min(size - bytes.size(), buffer_.size() - taken_);
    bytes.append(buffer_, taken_, count);
    taken_ += count;
  }
  return bytes;
}

Result<std::string> Connection::read_line(std::size_t max_bytes) {
  for (;;) {
    const std::size_t end = buffer_.find('\n', taken_);
    if (end != std::string::npos) {
      std::string line = buffer_.substr(taken_, end - taken_);
      taken_ = end + 1;
      return line;
    }
    if (buffer_.size() - taken_ > max_bytes) {
      return fail(error_in(name_, "a line of more than " + std::to_string(max_bytes) + " bytes"));
    }
    if (auto filled = fill(); !filled) return fail(filled.error());
  }
}

}  // namespace culprit
