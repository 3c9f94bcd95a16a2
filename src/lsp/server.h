// `culprit lsp`: the Language Server Protocol 3.17 over a stream of bytes.
//
// One thread reads messages, one has runs read and explains, those that read runs go on to parse
// source, and the caller's decides and writes. Only the last touches a Server's members; the others
// post steps to it.
#pragma once

#include <functional>
#include <future>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "culprit/localize.h"
#include "lsp/binder.h"
#include "lsp/edited_text.h"
#include "lsp/event_queue.h"
#include "lsp/framing.h"
#include "lsp/project.h"
#include "lsp/views.h"

namespace culprit::lsp {

// Serves one editor on standard input and output. `query` and `verdict` are what the command line
// said; without runs in it they come from the client or the workspace's folders. Ends the process:
// with 0 after `shutdown` and `exit`, else with 1.
[[noreturn]] void serve_standard_streams(const Query& query, const std::string& verdict,
                                         std::string_view version);

class Server {
 public:
  Server(Query query, std::string verdict, std::string_view version, EventQueue& queue,
         Worker& worker, Binder::Send send);

  void receive(const Result<std::string>& message) { binder_.receive(message); }
  // Whether the client has asked for the end, and the exit code.
  [[nodiscard]] int exit_code() const { return shut_down_ ? 0 : 1; }
  // Looks whether run sets changed; called now and then.
  void look_for_changes();

 private:
  struct Document {
    EditedText text;
    std::string uri;
    std::int64_t version = 0;
    bool open = true;
  };
  struct Placed {  // a file of some project
    const Project* project;
    const FileEvidence* file;
  };
  using Outcome = Result<std::shared_ptr<const CodeEvidence>>;

  void bind_session();
  void bind_documents();
  void bind_queries();

  void initialize(const Json& params, const Binder::Reply& reply);
  [[nodiscard]] Json capabilities() const;
  [[nodiscard]] std::optional<Failure> set_folders(const Json& folders);
  void restart_projects();
  [[nodiscard]] Project* project_with(std::uint64_t id);
  void load(Project& project);
  // In a thread of its own; `ranked` is kept when the runs are read.
  void read_runs(const Project& project, std::promise<void>& ranked);
  // Source was parsed for evidence that was told of before.
  void parsed(std::uint64_t id, const std::shared_ptr<const CodeEvidence>& before,
              std::shared_ptr<const CodeEvidence> whole);
  void loaded(std::uint64_t id, const Outcome& outcome);
  void tell_of(const Project& project);
  void tell_status();
  void warn(const std::string& text);
  void begin_progress(const std::string& token, const std::string& message);
  void report_progress(std::uint64_t id, std::size_t done, std::size_t of);
  void end_progress(const std::string& token);

  std::optional<Failure> opened(const Json& params);
  std::optional<Failure> changed(const Json& params);
  std::optional<Failure> closed(const Json& params);

  // Runs `step` now, or once the first runs are read.
  void when_loaded(std::function<void()> step);
  [[nodiscard]] bool loading() const;
  [[nodiscard]] std::optional<Placed> placed(const std::string& path) const;
  // Its text as the runs number its lines: that of their commit where it is known, else what is on
  // disk.
  [[nodiscard]] std::optional<std::string> recorded(const std::string& path) const;
  // Calls `show` with the file's view and gives its result; null where there is nothing to show.
  Json with_view(const std::string& path, const std::function<Json(const View&)>& show) const;
  // Sends the file's diagnostics and heat, where they are not as they were sent last.
  void publish(const std::string& path);
  void publish_all();
  void refresh();

  // Commands, in server_commands.cpp.
  using Command = void (Server::*)(const Json& argument, const Binder::Reply& reply);
  static const std::map<std::string, Command, std::less<>>& command_table();
  void execute(const Json& params, const Binder::Reply& reply);
  void explain_element(const Json& argument, const Binder::Reply& reply);
  void next_suspicious(const Json& argument, const Binder::Reply& reply);
  void previous_suspicious(const Json& argument, const Binder::Reply& reply);
  void toggle(const Json& argument, const Binder::Reply& reply);
  void show_run(const Json& argument, const Binder::Reply& reply);
  void list_ranking(const Json& argument, const Binder::Reply& reply);
  void reload(const Json& argument, const Binder::Reply& reply);
  void jump(const Json& argument, const Binder::Reply& reply, bool forward);
  [[nodiscard]] const Project* project_of(const Json& argument) const;
  // Where a function's most suspicious line is; null: not to be shown.
  [[nodiscard]] Json location_of(const CodeEvidence& evidence, const Ranked& row) const;
  // Answers with `work`'s text, made by the worker.
  void answer_later(const Binder::Reply& reply, std::function<Result<std::string>()> work);

  std::string version_;
  EventQueue& queue_;
  Worker& worker_;
  Binder binder_;

  Workspace workspace_;
  Json options_;
  bool initialized_ = false, shut_down_ = false;
  bool can_progress_ = false, can_refresh_lenses_ = false, can_refresh_hints_ = false;
  bool can_show_documents_ = false, markdown_ = true;

  std::vector<Project> projects_;
  std::uint64_t next_project_ = 1;
  std::vector<std::function<void()>> waiting_;                // for the first runs
  std::map<std::string, bool> progress_;                      // by token: whether it is shown
  std::map<std::string, Document> documents_;                 // by canonical path
  std::map<std::string, Json> sent_diagnostics_, sent_heat_;  // by canonical path
  bool shown_ = true;                                         // culprit.toggle
  bool hints_ = false;                                        // inlayHints
  bool status_ = false;
  std::optional<std::size_t> last_jump_;  // position in the list of suspicious places
};

}  // namespace culprit::lsp
