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

enum class MessageType : int { kError = 1, kWarning = 2, kInfo = 3 };

// A folder's path without the slash at its end.
std::optional<std::string> folder_of_uri(const std::string& uri) {
  auto path = path_of_uri(uri);
  while (path && path->size() > 1 && path->ends_with('/')) path->pop_back();
  return path;
}

// What the file holds on disk, which is what the runs were recorded of.
std::string on_disk(const std::string& path, std::string otherwise) {
  const Result<std::string> bytes = read_file(path, {.file_bytes = FrameReader::kMostBytes});
  return bytes ? *bytes : std::move(otherwise);
}

std::string token_of(std::uint64_t project) { return fmt::format("culprit/{}", project); }

}  // namespace

void serve_standard_streams(const Query& query, std::string_view version) {
  std::signal(SIGPIPE, SIG_IGN);
  EventQueue queue;
  int code = 1;
  Server* server = nullptr;
  Worker worker([&] { queue.post([&] { server->look_for_changes(); }); }, std::chrono::seconds(1));
  Server here(query, version, queue, worker, [&](const Json& message) {
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

Server::Server(Query query, std::string_view version, EventQueue& queue, Worker& worker,
               Binder::Send send)
    : version_(version), queue_(queue), worker_(worker), binder_(std::move(send)) {
  workspace_.query = std::move(query);
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

void Server::restart_projects() {
  auto projects = projects_of(workspace_, options_);
  if (!projects) return binder_.log(projects.error().message);
  for (const Project& project : projects_) end_progress(project.id);
  projects_ = std::move(*projects);
  for (Project& project : projects_) project.id = next_project_++;
  for (Project& project : projects_) load(project);
  if (projects_.empty()) {
    binder_.log(
        "no runs: name them with `culprit lsp RUNS` or initializationOptions {\"runs\": ...}, or "
        "record them into the workspace folder's .culprit");
  }
  publish_all();
  if (!loading()) loaded(0, Outcome(nullptr));
}

Project* Server::project_with(std::uint64_t id) {
  const auto found = std::find_if(projects_.begin(), projects_.end(),
                                  [&](const Project& project) { return project.id == id; });
  return found == projects_.end() ? nullptr : &*found;
}

void Server::load(Project& project) {
  project.loading = true;
  begin_progress(project);
  tell_status();
  worker_.add([this, id = project.id, query = project.query, further = project.further,
               top = project.top]() mutable {
    auto last = std::chrono::steady_clock::now();
    query.progress = [&](std::size_t done, std::size_t of) {
      const auto now = std::chrono::steady_clock::now();
      if (now - last < std::chrono::milliseconds(100)) return;
      last = now;
      queue_.post([this, id, done, of] { report_progress(id, done, of); });
    };
    const std::string stamp = stamp_of(query.runs);
    Result<Report> report = localize(query);
    Outcome outcome = fail(report ? Error{} : report.error());
    if (report) {
      outcome =
          std::make_shared<const CodeEvidence>(code_evidence(std::move(*report), further, top));
    }
    queue_.post([this, id, stamp, outcome] {
      if (Project* const read = project_with(id)) read->stamp = stamp;
      loaded(id, outcome);
    });
  });
}

void Server::loaded(std::uint64_t id, const Outcome& outcome) {
  if (Project* const project = project_with(id)) {
    project->loading = false;
    end_progress(id);
    if (outcome) {
      project->evidence = *outcome;
      tell_of(*project);
    } else {
      binder_.notify("window/showMessage", {{"type", MessageType::kError},
                                            {"message", "culprit: " + to_string(outcome.error())}});
    }
    // What is recorded is what is on disk now.
    for (auto& [path, document] : documents_) {
      if (placed(path)) document.text.rebase(on_disk(path, {}));
    }
    last_jump_.reset();
  }
  if (loading()) return;
  tell_status();
  publish_all();
  refresh();
  for (const auto& step : std::exchange(waiting_, {})) step();
}

void Server::tell_of(const Project& project) {
  const CodeEvidence& evidence = *project.evidence;
  const auto tell = [&](MessageType type, const std::string& text) {
    binder_.notify("window/showMessage", {{"type", type}, {"message", "culprit: " + text}});
  };
  if (!evidence.report.undecided.empty()) tell(MessageType::kInfo, evidence.report.undecided);
  if (evidence.paths.empty() && evidence.reported_files != 0) {
    tell(MessageType::kWarning,
         fmt::format("0 of {} found under {}, such as {}; `source` names another folder, "
                     "`path-map` (FROM=TO) tells where build paths lie in it",
                     plural(evidence.reported_files, "reported file"),
                     printable(project.query.source, 400),
                     printable(evidence.report.heat.front().file, 400)));
  }
  for (const std::string& note : evidence.report.notes) binder_.log(note);
}

void Server::tell_status() {
  if (!status_) return;
  std::size_t suspicious = 0;
  std::size_t failed = 0;
  for (const Project& project : projects_) {
    if (project.evidence == nullptr) continue;
    suspicious += project.evidence->report.undecided.empty() ? project.evidence->shown : 0;
    failed += project.evidence->report.failed;
  }
  binder_.notify("culprit/status", {{"loading", loading()},
                                    {"shown", shown_},
                                    {"suspicious", suspicious},
                                    {"failed", failed},
                                    {"projects", projects_.size()}});
}

void Server::begin_progress(const Project& project) {
  if (!can_progress_) return;
  const std::uint64_t id = project.id;
  progress_[id] = false;
  binder_.ask("window/workDoneProgress/create", {{"token", token_of(id)}},
              [this, id, runs = project.query.runs](const Json&) {
                if (!progress_.contains(id)) return;  // read meanwhile
                progress_[id] = true;
                binder_.notify("$/progress", {{"token", token_of(id)},
                                              {"value",
                                               {{"kind", "begin"},
                                                {"title", "culprit"},
                                                {"message", "reading " + printable(runs, 200)},
                                                {"percentage", 0}}}});
              });
}

void Server::report_progress(std::uint64_t id, std::size_t done, std::size_t of) {
  const auto shown = progress_.find(id);
  if (shown == progress_.end() || !shown->second || of == 0) return;
  binder_.notify("$/progress",
                 {{"token", token_of(id)},
                  {"value", {{"kind", "report"}, {"percentage", std::min(done, of) * 100 / of}}}});
}

void Server::end_progress(std::uint64_t id) {
  const auto shown = progress_.find(id);
  if (shown == progress_.end()) return;
  if (shown->second) {
    binder_.notify("$/progress", {{"token", token_of(id)}, {"value", {{"kind", "end"}}}});
  }
  progress_.erase(shown);
}

void Server::look_for_changes() {
  for (const Project& project : projects_) {
    if (project.loading) continue;
    worker_.add([this, id = project.id, runs = project.query.runs] {
      queue_.post([this, id, stamp = stamp_of(runs)] {
        Project* const now = project_with(id);
        if (now == nullptr || now->loading || now->stamp == stamp) return;
        // A recording adds runs one by one: it is read when a second passed without a new one.
        if (std::exchange(now->changed, stamp) == stamp) load(*now);
      });
    });
  }
}

void Server::when_loaded(std::function<void()> step) {
  const bool first = std::any_of(projects_.begin(), projects_.end(), [](const Project& project) {
    return project.loading && project.evidence == nullptr;
  });
  if (first) {
    waiting_.push_back(std::move(step));
  } else {
    step();
  }
}

bool Server::loading() const {
  return std::any_of(projects_.begin(), projects_.end(),
                     [](const Project& project) { return project.loading; });
}

}  // namespace culprit::lsp
