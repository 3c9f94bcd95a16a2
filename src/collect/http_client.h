// Sends the requests of a recording, one after the other.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "collect/planned_request.h"
#include "culprit/error.h"

namespace culprit {

struct Reply {
  int status = 0;     // 0: no response came
  std::string error;  // "timeout", "connect" or other words, with status 0
  std::string body;
  double latency_ms = 0;
};

class HttpClient {
 public:
  // `base_url`: http://HOST[:PORT], or https where the library was built for it.
  [[nodiscard]] static Result<HttpClient> open(const std::string& base_url,
                                               std::chrono::milliseconds timeout);
  HttpClient(HttpClient&&) noexcept;
  HttpClient& operator=(HttpClient&&) noexcept;
  ~HttpClient();

  [[nodiscard]] Reply send(const PlannedRequest& request, const std::string& traceparent);

 private:
  struct State;
  explicit HttpClient(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace culprit
