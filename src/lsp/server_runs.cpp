// The runs of a server: which there are, reading them, and telling of it.
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <thread>
#include <utility>

#include "base/file_tree.h"
#include "base/text.h"
#include "lsp/server.h"

namespace culprit::lsp {

namespace {

enum class MessageType : int { kError = 1, kWarning = 2, kInfo = 3 };

constexpr std::size_t kVerdictBytes = 64U << 20;
constexpr int kBackgroundNiceness = 10;

std::string token_of(std::uint64_t project) { return fmt::format("culprit/{}", project); }
std::string parse_token_of(std::uint64_t project) { return token_of(project) + "/source"; }

// `complaint`: what the user should know, where a verdict that is there cannot be used.
Confirmations confirmations_of(const Project& project, std::string& complaint) {
  std::error_code error;
  if (!project.verdict_named && !std::filesystem::exists(project.verdict, error)) return {};
  const Result<std::string> bytes = read_file(project.verdict, {.file_bytes = kVerdictBytes});
  Result<Confirmations> found = bytes ? read_confirmations({project.verdict, *bytes})
                                      : Result<Confirmations>(fail(bytes.error()));
  if (found) return std::move(*found);
  complaint = to_string(found.error());
  return {};
}

}  // namespace

void Server::restart_projects() {
  auto projects = projects_of(workspace_, options_);
  if (!projects) return binder_.log(projects.error().message);
  for (const Project& project : projects_) {
    end_progress(token_of(project.id));
    end_progress(parse_token_of(project.id));
  }
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

// The worker goes on to the next piece when the ranking is known: source is parsed beside it, and
// what it says is added when it is there.
void Server::load(Project& project) {
  project.loading = true;
  begin_progress(token_of(project.id), "reading " + printable(project.query.runs, 200));
  tell_status();
  worker_.add([this, project = project] {
    auto ranked = std::make_shared<std::promise<void>>();
    std::thread([this, project, ranked] { read_runs(project, *ranked); }).detach();
    ranked->get_future().wait();
  });
}

void Server::read_runs(const Project& project, std::promise<void>& ranked) {
  const std::uint64_t id = project.id;
  Query query = project.query;
  auto last = std::chrono::steady_clock::now();
  query.progress = [&](std::size_t done, std::size_t of) {
    const auto now = std::chrono::steady_clock::now();
    if (now - last < std::chrono::milliseconds(100)) return;
    last = now;
    queue_.post([this, id, done, of] { report_progress(id, done, of); });
  };
  const std::string stamp = stamp_of(query.runs, project.verdict);
  std::string complaint;
  const Confirmations confirmations = confirmations_of(project, complaint);
  std::shared_ptr<const CodeEvidence> early;
  const auto evidence_of = [&](Report report) {
    return std::make_shared<const CodeEvidence>(
        code_evidence(std::move(report), project.further, project.top, confirmations));
  };
  const auto tell = [&](const Outcome& outcome) {
    queue_.post([this, id, stamp, outcome, complaint] {
      if (Project* const read = project_with(id)) read->stamp = stamp;
      if (!complaint.empty()) warn(complaint);
      loaded(id, outcome);
    });
    ranked.set_value();
  };
  query.ranked = [&](const Report& report) {
    early = evidence_of(report);
    queue_.post([this, id] { begin_progress(parse_token_of(id), "parsing suspicious source"); });
    tell(early);
    // Of this thread alone, and of the processes that parse for it: answers come first.
    setpriority(PRIO_PROCESS, 0, kBackgroundNiceness);
  };
  Result<Report> report = localize(query);
  if (early == nullptr) {
    tell(report ? Outcome(evidence_of(std::move(*report))) : Outcome(fail(report.error())));
    return;
  }
  // Nothing that comes after the ranking fails.
  auto whole = report ? evidence_of(std::move(*report)) : early;
  queue_.post([this, id, early, whole] { parsed(id, early, whole); });
}

void Server::parsed(std::uint64_t id, const std::shared_ptr<const CodeEvidence>& before,
                    std::shared_ptr<const CodeEvidence> whole) {
  end_progress(parse_token_of(id));
  Project* const project = project_with(id);
  if (project == nullptr || project->evidence != before) return;  // read anew meanwhile
  project->evidence = std::move(whole);
  const std::vector<std::string>& notes = project->evidence->report.notes;
  for (std::size_t i = before->report.notes.size(); i < notes.size(); ++i) binder_.log(notes[i]);
  publish_all();
  refresh();
}

void Server::loaded(std::uint64_t id, const Outcome& outcome) {
  if (Project* const project = project_with(id)) {
    project->loading = false;
    end_progress(token_of(id));
    if (outcome) {
      project->evidence = *outcome;
      tell_of(*project);
    } else {
      binder_.notify("window/showMessage", {{"type", MessageType::kError},
                                            {"message", "culprit: " + to_string(outcome.error())}});
    }
    for (auto& [path, document] : documents_) {
      if (placed(path)) document.text.rebase(recorded(path).value_or(""));
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
  if (!evidence.report.undecided.empty()) {
    binder_.notify("window/showMessage", {{"type", MessageType::kInfo},
                                          {"message", "culprit: " + evidence.report.undecided}});
  }
  if (evidence.paths.empty() && evidence.reported_files != 0) {
    warn(fmt::format(
        "0 of {} found under {}, such as {}; `source` names another folder, "
        "`path-map` (FROM=TO) tells where build paths lie in it",
        plural(evidence.reported_files, "reported file"), printable(project.query.source, 400),
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

void Server::warn(const std::string& text) {
  binder_.notify("window/showMessage",
                 {{"type", MessageType::kWarning}, {"message", "culprit: " + text}});
}

void Server::begin_progress(const std::string& token, const std::string& message) {
  if (!can_progress_) return;
  progress_[token] = false;
  binder_.ask(
      "window/workDoneProgress/create", {{"token", token}}, [this, token, message](const Json&) {
        if (!progress_.contains(token)) return;  // done meanwhile
        progress_[token] = true;
        binder_.notify(
            "$/progress",
            {{"token", token},
             {"value",
              {{"kind", "begin"}, {"title", "culprit"}, {"message", message}, {"percentage", 0}}}});
      });
}

void Server::report_progress(std::uint64_t id, std::size_t done, std::size_t of) {
  const auto shown = progress_.find(token_of(id));
  if (shown == progress_.end() || !shown->second || of == 0) return;
  binder_.notify("$/progress",
                 {{"token", shown->first},
                  {"value", {{"kind", "report"}, {"percentage", std::min(done, of) * 100 / of}}}});
}

void Server::end_progress(const std::string& token) {
  const auto shown = progress_.find(token);
  if (shown == progress_.end()) return;
  if (shown->second) {
    binder_.notify("$/progress", {{"token", token}, {"value", {{"kind", "end"}}}});
  }
  progress_.erase(shown);
}

void Server::look_for_changes() {
  for (const Project& project : projects_) {
    if (project.loading) continue;
    worker_.add([this, id = project.id, runs = project.query.runs, verdict = project.verdict] {
      queue_.post([this, id, stamp = stamp_of(runs, verdict)] {
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
