#include "lsp/server.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <set>
#include <thread>

#include "base/file_tree.h"
#include "base/text.h"
#include "lsp/uri.h"

namespace culprit::lsp {

namespace {

// A folder's path without the slash at its end.
std::optional<std::string> folder_of_uri(const std::string& uri) {
  auto path = path_of_uri(uri);
  while (path && path->size() > 1 && path->ends_with('/')) path->pop_back();
  return path;
}

}  // namespace

void serve_standard_streams(const Query& query, const std::string& verdict,
                            std::string_view version) {
  std::signal(SIGPIPE, SIG_IGN);
  EventQueue queue;
  int code = 1;
  Server* server = nullptr;
  Worker worker([&] { queue.post([&] { server->look_for_changes(); }); }, std::chrono::seconds(1));
  Server here(query, verdict, version, queue, worker, [&](const Json& message) {
    const std::string bytes = framed(message.dump(-1, ' ', false, Json::error_handler_t::replace));
    if (std::fwrite(bytes.data(), 1, bytes.size(), stdout) != bytes.size() ||
        std::fflush(stdout) != 0) {
      queue.stop();
    }
  });
  server = &here;
  std::thread([&] {
    FrameReader reader([](char* into, std::size_t most) {
      const ssize_t got = read(STDIN_FILENO, into, most);
      return got > 0 ? static_cast<std::size_t>(got) : std::size_t{0};
    });
    while (auto message = reader.next()) {
      queue.post([&, message = std::move(*message)] { server->receive(message); });
    }
    queue.post([&] { queue.stop(); });
  }).detach();
  queue.run();
  code = here.exit_code();
  // The threads may wait for input or read runs for minutes; nothing they hold needs an end.
  std::_Exit(code);
}

Server::Server(Query query, std::string verdict, std::string_view version, EventQueue& queue,
               Worker& worker, Binder::Send send)
    : version_(version), queue_(queue), worker_(worker), binder_(std::move(send)) {
  workspace_.query = std::move(query);
  workspace_.verdict = std::move(verdict);
  bind_session();
  bind_documents();
  bind_queries();
}

void Server::bind_session() {
  binder_.may_ask = [this](const std::string& method) -> std::optional<Failure> {
    if (shut_down_) return Failure{FailureCode::kInvalidRequest, "after `shutdown`"};
    if (!initialized_ && method != "initialize") {
      return Failure{FailureCode::kNotInitialized, "before `initialize`"};
    }
    return std::nullopt;
  };
  binder_.may_notify = [this](const std::string& method) {
    return method == "exit" || (initialized_ && !shut_down_);
  };
  binder_.on_request("initialize", [this](const Json& params, const Binder::Reply& reply) {
    initialize(params, reply);
  });
  binder_.on_request("shutdown", [this](const Json&, const Binder::Reply& reply) {
    shut_down_ = true;
    reply(nullptr);
  });
  binder_.on_notification("exit", [this](const Json&) {
    queue_.stop();
    return std::nullopt;
  });
  binder_.on_notification("initialized", [this](const Json&) {
    restart_projects();
    return std::nullopt;
  });
  binder_.on_notification("$/cancelRequest", [this](const Json& params) -> std::optional<Failure> {
    const Json* const id = Params(params).find("/id");
    if (id == nullptr) return Failure{FailureCode::kInvalidParams, "params/id is missing"};
    binder_.cancel(*id);
    return std::nullopt;
  });
  binder_.on_notification("workspace/didChangeConfiguration",
                          [this](const Json& params) -> std::optional<Failure> {
                            Params in(params);
                            const bool hints = in.flag("/settings/culprit/inlayHints", hints_);
                            if (in.failure()) return in.failure();
                            hints_ = hints;
                            refresh();
                            return std::nullopt;
                          });
  binder_.on_notification("workspace/didChangeWatchedFiles", [this](const Json&) {
    look_for_changes();
    return std::nullopt;
  });
  binder_.on_notification("workspace/didChangeWorkspaceFolders",
                          [this](const Json& params) -> std::optional<Failure> {
                            Params in(params);
                            Json folders = Json::array();
                            std::set<std::string> removed;
                            for (const Json& folder : in.list("/event/removed")) {
                              if (const auto path = folder_of_uri(Params(folder).text("/uri")))
                                removed.insert(*path);
                            }
                            for (const std::string& folder : workspace_.folders) {
                              if (!removed.contains(folder))
                                folders.push_back({{"uri", uri_of_path(folder)}});
                            }
                            for (const Json& folder : in.list("/event/added"))
                              folders.push_back(folder);
                            if (in.failure()) return in.failure();
                            if (const auto wrong = set_folders(folders)) return wrong;
                            restart_projects();
                            return std::nullopt;
                          });
}

void Server::initialize(const Json& params, const Binder::Reply& reply) {
  if (initialized_) {
    return reply(tl::unexpected(Failure{FailureCode::kInvalidRequest, "a second `initialize`"}));
  }
  Params in(params);
  const auto capability = [&](const char* pointer) {
    const Json* const value = in.find(pointer);
    return value != nullptr && *value == true;
  };
  can_progress_ = capability("/capabilities/window/workDoneProgress");
  can_refresh_lenses_ = capability("/capabilities/workspace/codeLens/refreshSupport");
  can_refresh_hints_ = capability("/capabilities/workspace/inlayHint/refreshSupport");
  can_show_documents_ = capability("/capabilities/window/showDocument/support");
  const Json* const formats = in.find("/capabilities/textDocument/hover/contentFormat");
  markdown_ = formats == nullptr || !formats->is_array() ||
              std::find(formats->begin(), formats->end(), "markdown") != formats->end();

  const Json* const folders = in.find("/workspaceFolders");
  const auto root = in.optional_text("/rootUri");
  const Json* const options = in.find("/initializationOptions");
  options_ = options == nullptr ? Json(nullptr) : *options;
  Params choices(options_);
  hints_ = choices.flag("/inlayHints", false);
  status_ = choices.flag("/status", false);
  std::optional<Failure> wrong = in.failure() ? in.failure() : choices.failure();
  if (!wrong) {
    wrong = set_folders(folders != nullptr && !folders->empty() ? *folders
                        : root                                  ? Json::array({{{"uri", *root}}})
                                                                : Json::array());
  }
  if (!wrong) {
    const auto projects = projects_of(workspace_, options_);
    if (!projects) wrong = projects.error();
  }
  if (wrong) return reply(tl::unexpected(*wrong));
  initialized_ = true;
  reply(capabilities());
}

Json Server::capabilities() const {
  constexpr int kIncremental = 2;
  Json commands = Json::array();
  for (const auto& [name, command] : command_table()) commands.push_back(name);
  return {{"serverInfo", {{"name", "culprit"}, {"version", version_}}},
          {"capabilities",
           {{"positionEncoding", "utf-16"},
            {"textDocumentSync", {{"openClose", true}, {"change", kIncremental}}},
            {"hoverProvider", true},
            {"codeLensProvider", {{"resolveProvider", false}}},
            {"inlayHintProvider", true},
            {"executeCommandProvider", {{"commands", commands}}},
            {"workspace",
             {{"workspaceFolders", {{"supported", true}, {"changeNotifications", true}}}}}}}};
}

std::optional<Failure> Server::set_folders(const Json& folders) {
  const Failure wrong{FailureCode::kInvalidParams, "workspaceFolders: each has a file: uri"};
  if (!folders.is_array()) return wrong;
  std::vector<std::string> paths;
  for (const Json& folder : folders) {
    const auto path = folder_of_uri(Params(folder).text("/uri"));
    if (!path) return wrong;
    if (std::find(paths.begin(), paths.end(), *path) == paths.end()) paths.push_back(*path);
  }
  workspace_.folders = std::move(paths);
  return std::nullopt;
}

}  // namespace culprit::lsp
