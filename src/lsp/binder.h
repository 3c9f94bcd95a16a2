// From messages to handlers: JSON-RPC 2.0 with one table of methods.
//
// Every request is answered exactly once: by its handler, at once or later, by cancel(), or with
// the protocol's error for what is wrong with it. Used by one thread.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>

#include "culprit/error.h"
#include "lsp/params.h"

namespace culprit::lsp {

class Binder {
 public:
  // Answers a request; later calls, and calls for a request that was cancelled, have no effect.
  using Reply = std::function<void(Answer)>;
  using Request = std::function<void(const Json& params, const Reply& reply)>;
  // What is wrong with a notification can be told nobody: it goes to `log`.
  using Notification = std::function<std::optional<Failure>(const Json& params)>;
  using Send = std::function<void(const Json& message)>;

  // Requests that may wait for their answers at a time.
  static constexpr std::size_t kMostOpen = 1000;
  // Levels of lists and objects in a message.
  static constexpr std::size_t kMostNesting = 100;

  explicit Binder(Send send) : send_(std::move(send)) {}

  void on_request(const std::string& method, Request handler) { requests_[method] = handler; }
  void on_notification(const std::string& method, Notification handler) {
    notifications_[method] = handler;
  }
  // Asked before each request; a failure is its answer.
  std::function<std::optional<Failure>(const std::string& method)> may_ask;
  std::function<bool(const std::string& method)> may_notify;

  // One message as it came.
  void receive(const Result<std::string>& message);
  // Answers the request as cancelled, if it is still open.
  void cancel(const Json& id);
  [[nodiscard]] bool is_open(const Json& id) const { return open_.contains(id.dump()); }

  void notify(const std::string& method, Json params);
  // A request to the client; `then` gets its result, null where the client failed.
  void ask(const std::string& method, Json params, std::function<void(const Json&)> then = {});
  void log(const std::string& text);

 private:
  void dispatch(const Json& message);
  void handle_request(const Json& id, const std::string& method, const Json& params);
  void handle_notification(const std::string& method, const Json& params);
  void handle_response(const Json& message);
  void answer(const Json& id, const Answer& answer);

  Send send_;
  std::map<std::string, Request> requests_;
  std::map<std::string, Notification> notifications_;
  std::map<std::string, Json> open_;  // ids of requests without an answer, by their text
  std::map<std::uint64_t, std::function<void(const Json&)>> asked_;
  std::uint64_t next_id_ = 1;
};

}  // namespace culprit::lsp
