// What the editor shows of a document: kept up to date as it is edited.
#include <algorithm>
#include <utility>

#include "base/file_tree.h"
#include "lsp/server.h"
#include "lsp/uri.h"

namespace culprit::lsp {

namespace {

// The key of a document; nullopt for what is no file.
std::optional<std::string> path_of(const std::string& uri) {
  const auto path = path_of_uri(uri);
  return path ? std::optional(canonical(*path)) : std::nullopt;
}

}  // namespace

void Server::bind_documents() {
  binder_.on_notification("textDocument/didOpen",
                          [this](const Json& params) { return opened(params); });
  binder_.on_notification("textDocument/didChange",
                          [this](const Json& params) { return changed(params); });
  binder_.on_notification("textDocument/didClose",
                          [this](const Json& params) { return closed(params); });
}

void Server::bind_queries() {
  using Show = std::function<Json(const View&)>;
  const auto answer = [this](const std::string& uri, const Json& otherwise,
                             const Binder::Reply& reply, Show show) {
    const auto path = path_of(uri);
    if (!path) return reply(otherwise);
    when_loaded([this, path = *path, otherwise, reply, show = std::move(show)] {
      Json shown = shown_ ? with_view(path, show) : Json(nullptr);
      reply(shown.is_null() ? otherwise : std::move(shown));
    });
  };
  binder_.on_request(
      "textDocument/hover", [this, answer](const Json& params, const Binder::Reply& reply) {
        Params in(params);
        const std::string uri = in.text("/textDocument/uri");
        const Position at = in.position("/position");
        if (in.failure()) return reply(tl::unexpected(*in.failure()));
        answer(uri, nullptr, reply,
               [this, at](const View& view) { return hover_of(view, at.line, markdown_); });
      });
  binder_.on_request("textDocument/codeLens",
                     [answer](const Json& params, const Binder::Reply& reply) {
                       Params in(params);
                       const std::string uri = in.text("/textDocument/uri");
                       if (in.failure()) return reply(tl::unexpected(*in.failure()));
                       answer(uri, Json::array(), reply, lenses_of);
                     });
  binder_.on_request("textDocument/inlayHint",
                     [this, answer](const Json& params, const Binder::Reply& reply) {
                       Params in(params);
                       const std::string uri = in.text("/textDocument/uri");
                       const Range range = in.range("/range");
                       if (in.failure()) return reply(tl::unexpected(*in.failure()));
                       answer(uri, Json::array(), reply, [this, range](const View& view) {
                         return hints_ ? hints_of(view, range) : Json::array();
                       });
                     });
  binder_.on_request("workspace/executeCommand",
                     [this](const Json& params, const Binder::Reply& reply) {
                       when_loaded([this, params, reply] { execute(params, reply); });
                     });
}

std::optional<Failure> Server::opened(const Json& params) {
  Params in(params);
  const std::string uri = in.text("/textDocument/uri");
  const std::string text = in.text("/textDocument/text");
  const std::uint32_t version = in.number("/textDocument/version");
  if (in.failure()) return in.failure();
  const auto path = path_of(uri);
  if (!path) return std::nullopt;
  const auto known = documents_.find(*path);
  if (known != documents_.end()) {
    // Edits made before it was closed still count.
    known->second.text.replace_all(text);
    known->second.uri = uri;
    known->second.version = version;
    known->second.open = true;
  } else {
    documents_.emplace(*path,
                       Document{EditedText(recorded(*path).value_or(text), text), uri, version});
  }
  sent_heat_.erase(*path);
  publish(*path);
  return std::nullopt;
}

std::optional<Failure> Server::changed(const Json& params) {
  Params in(params);
  const auto path = path_of(in.text("/textDocument/uri"));
  const std::uint32_t version = in.number("/textDocument/version");
  const Json& changes = in.list("/contentChanges");
  if (in.failure()) return in.failure();
  const auto document = path ? documents_.find(*path) : documents_.end();
  if (document == documents_.end() || !document->second.open) {
    return Failure{FailureCode::kInvalidParams, "the document is not open"};
  }
  EditedText& shown = document->second.text;
  for (const Json& change : changes) {
    Params edit(change);
    const std::string text = edit.text("/text");
    const bool part = edit.find("/range") != nullptr;
    const Range range = part ? edit.range("/range") : Range{};
    if (edit.failure()) return edit.failure();
    if (part) {
      shown.replace(range, text);
    } else {
      shown.replace_all(text);
    }
  }
  document->second.version = version;
  publish(*path);
  return std::nullopt;
}

std::optional<Failure> Server::closed(const Json& params) {
  Params in(params);
  const std::string uri = in.text("/textDocument/uri");
  if (in.failure()) return in.failure();
  const auto path = path_of(uri);
  const auto document = path ? documents_.find(*path) : documents_.end();
  if (document == documents_.end()) return std::nullopt;
  document->second.open = false;
  sent_heat_.erase(*path);
  // Only where it was edited is there something to remember.
  if (!document->second.text.edited() || !placed(*path)) documents_.erase(document);
  return std::nullopt;
}

std::optional<Server::Placed> Server::placed(const std::string& path) const {
  for (const Project& project : projects_) {
    if (project.evidence == nullptr) continue;
    const auto file = project.evidence->files.find(path);
    if (file != project.evidence->files.end()) return Placed{&project, &file->second};
  }
  return std::nullopt;
}

std::optional<std::string> Server::recorded(const std::string& path) const {
  const auto found = placed(path);
  if (found && found->file->recorded) return found->file->recorded;
  Result<std::string> disk = read_file(path, {.file_bytes = FrameReader::kMostBytes});
  return disk ? std::optional(std::move(*disk)) : std::nullopt;
}

Json Server::with_view(const std::string& path,
                       const std::function<Json(const View&)>& show) const {
  const auto found = placed(path);
  if (!found) return nullptr;
  const CodeEvidence& evidence = *found->project->evidence;
  const auto document = documents_.find(path);
  if (document != documents_.end()) return show({evidence, *found->file, document->second.text});
  const Result<std::string> disk = read_file(path, {.file_bytes = FrameReader::kMostBytes});
  if (!disk) return nullptr;
  return show({evidence, *found->file, EditedText(found->file->recorded.value_or(*disk), *disk)});
}

void Server::publish(const std::string& path) {
  const auto document = documents_.find(path);
  const bool open = document != documents_.end() && document->second.open;
  const auto found = placed(path);
  Json list = shown_ ? with_view(path, diagnostics_of) : Json(nullptr);
  if (list.is_null()) list = Json::array();
  Json& sent = sent_diagnostics_.try_emplace(path, Json::array()).first->second;
  const std::string uri = open    ? document->second.uri
                          : found ? found->file->uri
                                  : uri_of_path(path);
  if (sent != list) {
    sent = list;
    Json params = {{"uri", uri}, {"diagnostics", list}};
    if (open) params["version"] = document->second.version;
    binder_.notify("textDocument/publishDiagnostics", std::move(params));
  }
  if (list.empty()) sent_diagnostics_.erase(path);
  if (!open) return;
  Json heat = shown_ ? with_view(path, heat_of) : Json(nullptr);
  if (heat.is_null()) heat = Json::array();
  const auto before = sent_heat_.find(path);
  if (before == sent_heat_.end() ? heat.empty() : before->second == heat) return;
  sent_heat_[path] = heat;
  binder_.notify("culprit/heat",
                 {{"uri", uri}, {"version", document->second.version}, {"lines", std::move(heat)}});
}

void Server::publish_all() {
  std::vector<std::string> paths;
  for (const auto& [path, sent] : sent_diagnostics_) paths.push_back(path);
  for (const auto& [path, document] : documents_) paths.push_back(path);
  for (const Project& project : projects_) {
    if (project.evidence == nullptr) continue;
    for (std::size_t i = 0; i < project.evidence->shown; ++i) {
      const Ranked& row = project.evidence->row(i);
      const auto path = project.evidence->paths.find({row.code.service, row.code.file});
      if (path != project.evidence->paths.end()) paths.push_back(path->second);
    }
  }
  std::sort(paths.begin(), paths.end());
  paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
  for (const std::string& path : paths) publish(path);
}

void Server::refresh() {
  if (can_refresh_lenses_) binder_.ask("workspace/codeLens/refresh", nullptr);
  if (can_refresh_hints_) binder_.ask("workspace/inlayHint/refresh", nullptr);
}

}  // namespace culprit::lsp
