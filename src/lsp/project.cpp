#include "lsp/project.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <limits>

#include "base/sha256.h"
#include "base/text.h"
#include "config/policy.h"

namespace culprit::lsp {

namespace {

namespace fs = std::filesystem;

// Options of the client besides those of Query; see README.
constexpr auto kOptions = std::to_array<std::string_view>({"runs", "source", "manifest", "openapi",
                                                           "case", "build", "settings", "verdict",
                                                           "base", "diff", "inlayHints", "status"});

std::string below(const std::string& folder, const std::string& path) {
  return path.empty() || path.front() == '/' ? path : folder + "/" + path;
}

std::optional<Failure> unknown_option(const Json& options) {
  if (options.is_null()) return std::nullopt;
  if (!options.is_object()) {
    return Failure{FailureCode::kInvalidParams, "initializationOptions is no object"};
  }
  for (const auto& [name, value] : options.items()) {
    if (std::find(kOptions.begin(), kOptions.end(), name) != kOptions.end()) continue;
    const auto near = nearest(name, {kOptions.begin(), kOptions.end()});
    return Failure{FailureCode::kInvalidParams,
                   "initializationOptions: there is no option `" + printable(name) + "`" +
                       (near ? "; did you mean `" + std::string(*near) + "`?" : "")};
  }
  return std::nullopt;
}

// {"slo-ms": 200, "exclude": ["tests/*"]}: a text, number, truth value, or a list of them.
std::optional<Failure> add_settings(Query& query, const Json* values) {
  if (values == nullptr) return std::nullopt;
  if (!values->is_object()) {
    return Failure{FailureCode::kInvalidParams, "initializationOptions/settings is no object"};
  }
  Policy scratch;
  for (const auto& [name, value] : values->items()) {
    if (name == "level") {
      return Failure{FailureCode::kInvalidParams,
                     "initializationOptions/settings/level: editors are shown functions"};
    }
    for (const Json& item : value.is_array() ? value : Json::array({value})) {
      const std::string text = item.is_string()    ? item.get<std::string>()
                               : item.is_boolean() ? (item.get<bool>() ? "yes" : "no")
                                                   : item.dump();
      if (const auto done = apply_setting(scratch, name, text, "initializationOptions/settings");
          !done) {
        return Failure{FailureCode::kInvalidParams, to_string(done.error())};
      }
      query.settings.emplace_back(name, text);
    }
  }
  return std::nullopt;
}

// The number of functions that the settings ask for; the query then asks for all, at one level.
std::size_t take_top(Query& query) {
  std::size_t top = Policy().top;
  for (const auto& [name, value] : query.settings) {
    if (name == "top") top = parse_u64(value).value_or(top);
  }
  query.settings.emplace_back("top", "0");
  query.settings.emplace_back("level", "function");
  return top;
}

// Where a verdict is looked for that nobody named: beside the runs.
std::string usual_verdict(const std::string& runs) {
  const fs::path path = fs::path(runs) / "";  // with or without a slash at the end
  return (path.parent_path().parent_path() / ".culprit-verdict.json").string();
}

// The sources are where the query says, else in the folders.
Project project_of(Query query, std::vector<std::string> folders, const std::string& verdict) {
  Project project;
  project.verdict_named = !verdict.empty();
  project.verdict = verdict.empty() ? usual_verdict(query.runs) : verdict;
  project.query = std::move(query);
  if (project.query.source.empty() && !folders.empty()) {
    project.query.source = folders.front();
    project.further.assign(folders.begin() + 1, folders.end());
  }
  project.query.heat = true;
  project.top = take_top(project.query);
  project.query.facts = project.top == 0 ? std::numeric_limits<std::size_t>::max() : project.top;
  return project;
}

std::string stat_text(const std::string& path) {
  struct stat found {};
  if (stat(path.c_str(), &found) != 0) return "-";
  return fmt::format("{}.{} {} {}", found.st_mtim.tv_sec, found.st_mtim.tv_nsec, found.st_size,
                     found.st_ino);
}

}  // namespace

tl::expected<std::vector<Project>, Failure> projects_of(const Workspace& workspace,
                                                        const Json& options) {
  if (const auto wrong = unknown_option(options)) return tl::unexpected(*wrong);
  Params in(options);
  Query query = workspace.query;
  std::string verdict = workspace.verdict;
  const std::string here = workspace.folders.empty() ? "." : workspace.folders.front();
  const auto take = [&](const char* pointer, std::string& target, bool path) {
    const auto value = in.optional_text(pointer);
    if (value) target = path ? below(here, *value) : *value;
  };
  take("/runs", query.runs, true);
  take("/source", query.source, true);
  take("/manifest", query.manifest, true);
  take("/openapi", query.openapi, true);
  take("/case", query.case_name, false);
  take("/verdict", verdict, true);
  take("/base", query.base, false);
  take("/diff", query.diff, true);
  for (const std::string& folder : in.texts("/build")) query.build.push_back(below(here, folder));
  if (in.failure()) {
    return tl::unexpected(
        Failure{in.failure()->code, "initializationOptions: " + in.failure()->message});
  }
  if (const auto wrong = add_settings(query, in.find("/settings"))) return tl::unexpected(*wrong);

  std::vector<Project> projects;
  if (!query.runs.empty()) {
    projects.push_back(project_of(query, workspace.folders, verdict));
    return projects;
  }
  for (const std::string& folder : workspace.folders) {
    std::error_code error;
    const std::string runs = folder + "/.culprit";
    if (!fs::exists(runs, error)) continue;
    query.runs = runs;
    projects.push_back(project_of(query, {folder}, verdict));
  }
  return projects;
}

std::string stamp_of(const std::string& runs, const std::string& verdict) {
  std::string text = stat_text(runs) + "\n" + stat_text(verdict);
  std::vector<std::string> entries;
  std::error_code error;
  for (fs::directory_iterator entry(runs, error), end; !error && entry != end;
       entry.increment(error)) {
    entries.push_back(entry->path().string());
  }
  std::sort(entries.begin(), entries.end());
  for (const std::string& entry : entries) text += "\n" + entry + " " + stat_text(entry);
  return sha256_hex(text);
}

}  // namespace culprit::lsp
