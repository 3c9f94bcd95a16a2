#include "collect/http_client.h"

#include <httplib.h>

#include <utility>

#include "base/text.h"

namespace culprit {

namespace {

// A reply that comes in pieces could take any time in all; httplib limits each read.
std::string words(httplib::Error error, double took_ms, double limit_ms) {
  switch (error) {
    case httplib::Error::Connection:
    case httplib::Error::ConnectionTimeout:
      return "connect";
    case httplib::Error::Read:
      return took_ms >= limit_ms ? "timeout" : "the connection was closed without a response";
    default:
      return httplib::to_string(error);
  }
}

}  // namespace

struct HttpClient::State {
  State(const std::string& base_url, std::chrono::milliseconds limit)
      : client(base_url), timeout(limit) {
    client.set_connection_timeout(limit);
    client.set_read_timeout(limit);
    client.set_write_timeout(limit);
    client.set_keep_alive(true);
    client.set_tcp_nodelay(true);
  }

  httplib::Client client;
  std::chrono::milliseconds timeout;
};

HttpClient::HttpClient(std::unique_ptr<State> state) : state_(std::move(state)) {}
HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient& HttpClient::operator=(HttpClient&&) noexcept = default;
HttpClient::~HttpClient() = default;

Result<HttpClient> HttpClient::open(const std::string& base_url,
                                    std::chrono::milliseconds timeout) {
  const bool http = base_url.starts_with("http://") || base_url.starts_with("https://");
  const std::size_t host = base_url.find("://") + 3;
  if (!http || base_url.size() == host || base_url.find('/', host) != std::string::npos) {
    return fail(error_in("base-url", "`" + printable(base_url) + "` is no base URL",
                         "write http://HOST:PORT, without a path"));
  }
  auto state = std::make_unique<State>(base_url, timeout);
  if (!state->client.is_valid()) {
    return fail(
        error_in("base-url", "`" + printable(base_url) + "` is no URL that can be reached"));
  }
  return HttpClient(std::move(state));
}

Reply HttpClient::send(const PlannedRequest& request, const std::string& traceparent) {
  httplib::Request sent;
  sent.method = request.method;
  sent.path = request.path;
  for (const auto& [name, value] : request.headers) sent.set_header(name, value);
  sent.set_header("traceparent", traceparent);
  sent.body = request.body;

  using Clock = std::chrono::steady_clock;
  const Clock::time_point start = Clock::now();
  const httplib::Result result = state_->client.send(sent);
  Reply reply;
  reply.latency_ms = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
  if (result) {
    reply.status = result->status;
    reply.body = result->body;
  } else {
    reply.error =
        words(result.error(), reply.latency_ms, static_cast<double>(state_->timeout.count()));
  }
  return reply;
}

}  // namespace culprit
