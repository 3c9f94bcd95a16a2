#include "lsp/binder.h"

#include "base/text.h"

namespace culprit::lsp {

namespace {

Failure failure(FailureCode code, std::string message) { return {code, std::move(message)}; }

bool is_id(const Json& id) { return id.is_string() || id.is_number_integer(); }

}  // namespace

void Binder::receive(const Result<std::string>& message) {
  if (!message) {
    return answer(nullptr,
                  tl::unexpected(failure(FailureCode::kParseError, to_string(message.error()))));
  }
  if (nests_deeper_than(*message, kMostNesting)) {
    return answer(nullptr, tl::unexpected(failure(FailureCode::kParseError,
                                                  "the message nests deeper than " +
                                                      std::to_string(kMostNesting) + " levels")));
  }
  const Json json = Json::parse(*message, nullptr, false);
  if (json.is_discarded()) {
    return answer(nullptr,
                  tl::unexpected(failure(FailureCode::kParseError, "the message is not JSON")));
  }
  dispatch(json);
}

void Binder::dispatch(const Json& message) {
  const auto refuse = [&](const Json& id, const char* why) {
    answer(id, tl::unexpected(failure(FailureCode::kInvalidRequest, why)));
  };
  if (!message.is_object()) return refuse(nullptr, "a message is one JSON object");
  const bool has_id = message.contains("id");
  const Json id = has_id ? message["id"] : Json(nullptr);
  if (message.value("jsonrpc", Json()) != "2.0") {
    return refuse(is_id(id) ? id : Json(nullptr), "`jsonrpc` is not \"2.0\"");
  }
  if (!message.contains("method")) {
    if (has_id && (message.contains("result") || message.contains("error"))) {
      return handle_response(message);
    }
    return refuse(is_id(id) ? id : Json(nullptr), "the message has no `method`");
  }
  if (has_id && !is_id(id)) return refuse(nullptr, "`id` is neither a number nor a text");
  if (!message["method"].is_string()) return refuse(id, "`method` is no text");
  const std::string method = message["method"].get<std::string>();
  const Json params = message.value("params", Json(nullptr));
  if (!params.is_structured() && !params.is_null()) {
    if (!has_id) return log(printable(method) + ": `params` is neither an object nor a list");
    return refuse(id, "`params` is neither an object nor a list");
  }
  if (has_id) return handle_request(id, method, params);
  handle_notification(method, params);
}

void Binder::handle_request(const Json& id, const std::string& method, const Json& params) {
  const auto refuse = [&](FailureCode code, std::string why) {
    answer(id, tl::unexpected(failure(code, std::move(why))));
  };
  if (is_open(id))
    return refuse(FailureCode::kInvalidRequest, "this `id` still waits for an answer");
  if (const auto refused = may_ask(method)) return answer(id, tl::unexpected(*refused));
  const auto handler = requests_.find(method);
  if (handler == requests_.end()) {
    return refuse(FailureCode::kMethodNotFound, "there is no request `" + printable(method) + "`");
  }
  if (open_.size() >= kMostOpen) {
    return refuse(FailureCode::kRequestFailed,
                  std::to_string(kMostOpen) + " requests wait for an answer, which are the most");
  }
  open_.emplace(id.dump(), id);
  handler->second(params, [this, id](const Answer& given) {
    if (open_.erase(id.dump()) != 0) answer(id, given);
  });
}

void Binder::handle_notification(const std::string& method, const Json& params) {
  if (!may_notify(method)) return;
  const auto handler = notifications_.find(method);
  if (handler == notifications_.end()) return;  // unknown ones are to be ignored
  if (const auto wrong = handler->second(params)) log(method + ": " + wrong->message);
}

void Binder::handle_response(const Json& message) {
  if (!message["id"].is_number_unsigned()) return;
  const auto asked = asked_.find(message["id"].get<std::uint64_t>());
  if (asked == asked_.end()) return;
  const auto then = std::move(asked->second);
  asked_.erase(asked);
  if (then) then(message.value("result", Json(nullptr)));
}

void Binder::cancel(const Json& id) {
  if (open_.erase(id.dump()) == 0) return;
  answer(id, tl::unexpected(failure(FailureCode::kRequestCancelled, "cancelled")));
}

void Binder::answer(const Json& id, const Answer& answer) {
  Json message = {{"jsonrpc", "2.0"}, {"id", id}};
  if (answer) {
    message["result"] = *answer;
  } else {
    message["error"] = {{"code", static_cast<int>(answer.error().code)},
                        {"message", answer.error().message}};
  }
  send_(message);
}

void Binder::notify(const std::string& method, Json params) {
  send_({{"jsonrpc", "2.0"}, {"method", method}, {"params", std::move(params)}});
}

void Binder::ask(const std::string& method, Json params, std::function<void(const Json&)> then) {
  asked_[next_id_] = std::move(then);
  Json message = {{"jsonrpc", "2.0"}, {"id", next_id_++}, {"method", method}};
  if (!params.is_null()) message["params"] = std::move(params);
  send_(message);
}

void Binder::log(const std::string& text) {
  constexpr int kWarning = 2;
  notify("window/logMessage", {{"type", kWarning}, {"message", text}});
}

}  // namespace culprit::lsp
