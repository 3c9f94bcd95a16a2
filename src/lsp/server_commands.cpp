// workspace/executeCommand. Every command takes one object, or nothing, as its argument.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "lsp/server.h"
#include "lsp/uri.h"
#include "writers/writers.h"

namespace culprit::lsp {

namespace {

tl::unexpected<Failure> invalid(std::string what) {
  return tl::unexpected(Failure{FailureCode::kInvalidParams, std::move(what)});
}

// What `culprit explain` says of the function, or where several are called so, of its line.
Result<std::string> explained(const Query& query, const std::string& element,
                              const std::string& line) {
  Result<std::pair<Report, Explanation>> answer = explain(query, element);
  if (!answer && !line.empty()) answer = explain(query, line);
  if (!answer) return fail(answer.error());
  return (*find_writer("text"))->explanation(answer->first, answer->second, Style{});
}

}  // namespace

const std::map<std::string, Server::Command, std::less<>>& Server::command_table() {
  static const std::map<std::string, Command, std::less<>> table = {
      {"culprit.explain", &Server::explain_element},
      {"culprit.nextSuspicious", &Server::next_suspicious},
      {"culprit.previousSuspicious", &Server::previous_suspicious},
      {"culprit.toggle", &Server::toggle},
      {"culprit.showRun", &Server::show_run},
      {"culprit.ranking", &Server::list_ranking},
      {"culprit.reload", &Server::reload}};
  return table;
}

void Server::execute(const Json& params, const Binder::Reply& reply) {
  Params in(params);
  const std::string name = in.text("/command");
  if (in.failure()) return reply(tl::unexpected(*in.failure()));
  const auto command = command_table().find(name);
  if (command == command_table().end()) {
    std::vector<std::string_view> known;
    for (const auto& [each, function] : command_table()) known.push_back(each);
    const auto near = nearest(name, known);
    return reply(invalid("there is no command `" + printable(name) + "`" +
                         (near ? "; did you mean `" + std::string(*near) + "`?" : "")));
  }
  const Json* const arguments = in.find("/arguments");
  Json argument = Json::object();
  if (arguments != nullptr) {
    if (!arguments->is_array() || arguments->size() > 1 ||
        (arguments->size() == 1 && !arguments->front().is_object())) {
      return reply(invalid("params/arguments is no list of one object"));
    }
    if (!arguments->empty()) argument = arguments->front();
  }
  (this->*command->second)(argument, reply);
}

const Project* Server::project_of(const Json& argument) const {
  const Json* const uri = Params(argument).find("/uri");
  if (uri != nullptr && uri->is_string()) {
    const auto path = path_of_uri(uri->get<std::string>());
    if (const auto found = path ? placed(canonical(*path)) : std::nullopt) return found->project;
  }
  const auto read = std::find_if(projects_.begin(), projects_.end(),
                                 [](const Project& each) { return each.evidence != nullptr; });
  return read == projects_.end() ? nullptr : &*read;
}

void Server::answer_later(const Binder::Reply& reply, std::function<Result<std::string>()> work) {
  worker_.add([this, reply, work = std::move(work)] {
    queue_.post([reply, text = work()] {
      if (text) return reply(*text);
      reply(tl::unexpected(Failure{FailureCode::kRequestFailed, to_string(text.error())}));
    });
  });
}

// {uri, element} as in a lens or a diagnostic's data, or {uri, line}: the function there.
void Server::explain_element(const Json& argument, const Binder::Reply& reply) {
  const Project* const project = project_of(argument);
  if (project == nullptr) return reply(invalid("no runs were read"));
  Params in(argument);
  const std::optional<std::string> element = in.optional_text("/element");
  const bool here = in.find("/uri") != nullptr;
  const auto path = here || !element ? path_of_uri(in.text("/uri")) : std::nullopt;
  const std::uint32_t line = element ? 0 : in.number("/line");
  if (in.failure()) return reply(tl::unexpected(*in.failure()));
  const Ranked* row = nullptr;
  with_view(path ? canonical(*path) : "", [&](const View& view) {
    for (const std::size_t position : view.file.rows) {
      if (element && element_of(view.evidence.row(position)) == *element) {
        row = &view.evidence.row(position);
      }
    }
    const std::uint32_t recorded = element ? 0 : view.text.recorded(line);
    if (recorded != 0) row = view.evidence.function_at(view.file, recorded);
    return Json(nullptr);
  });
  if (row == nullptr && !element) {
    return reply(invalid("no function that the runs know is at that line"));
  }
  std::string place;
  if (row != nullptr) {
    place = (row->line.service.empty() ? "" : row->line.service + ":") + row->line.file + ":" +
            std::to_string(row->line.first_line);
  }
  answer_later(reply, [query = project->query, named = element ? *element : element_of(*row),
                       place] { return explained(query, named, place); });
}

Json Server::location_of(const CodeEvidence& evidence, const Ranked& row) const {
  const auto path = evidence.paths.find({row.code.service, row.code.file});
  if (path == evidence.paths.end()) return nullptr;
  return with_view(path->second, [&](const View& view) -> Json {
    const auto range = range_of(view.text, row.line.first_line);
    if (!range) return nullptr;
    const auto document = documents_.find(path->second);
    const std::string& uri = document == documents_.end() ? view.file.uri : document->second.uri;
    return {{"uri", uri}, {"range", to_json(*range)}};
  });
}

void Server::next_suspicious(const Json& argument, const Binder::Reply& reply) {
  jump(argument, reply, true);
}

void Server::previous_suspicious(const Json& argument, const Binder::Reply& reply) {
  jump(argument, reply, false);
}

// From the function at {uri, line}, else from where the last jump led, to the next one by rank.
void Server::jump(const Json& argument, const Binder::Reply& reply, bool forward) {
  Params in(argument);
  const auto uri = in.optional_text("/uri");
  const std::optional<std::uint32_t> line = uri ? std::optional(in.number("/line")) : std::nullopt;
  if (in.failure()) return reply(tl::unexpected(*in.failure()));
  struct Stop {
    const CodeEvidence* evidence;
    const Ranked* row;
  };
  std::vector<Stop> stops;
  std::vector<Json> locations;
  for (const Project& project : projects_) {
    if (project.evidence == nullptr || !project.evidence->report.undecided.empty()) continue;
    for (std::size_t i = 0; i < project.evidence->shown; ++i) {
      Json location = location_of(*project.evidence, project.evidence->row(i));
      if (location.is_null()) continue;
      stops.push_back({project.evidence.get(), &project.evidence->row(i)});
      locations.push_back(std::move(location));
    }
  }
  if (stops.empty()) return reply(nullptr);
  std::optional<std::size_t> at = last_jump_;
  if (uri) {
    at.reset();
    const auto path = path_of_uri(*uri);
    with_view(path ? canonical(*path) : "", [&](const View& view) {
      const std::uint32_t recorded = view.text.recorded(*line);
      const Ranked* const row =
          recorded == 0 ? nullptr : view.evidence.function_at(view.file, recorded);
      for (std::size_t i = 0; i < stops.size(); ++i) {
        if (stops[i].row == row) at = i;
      }
      return Json(nullptr);
    });
  }
  const std::size_t count = stops.size();
  if (at && *at >= count) at.reset();
  const std::size_t next =
      !at ? (forward ? 0 : count - 1) : (forward ? *at + 1 : *at + count - 1) % count;
  last_jump_ = next;
  const Json& location = locations[next];
  if (can_show_documents_) {
    binder_.ask("window/showDocument",
                {{"uri", location["uri"]}, {"takeFocus", true}, {"selection", location["range"]}});
  }
  reply(location);
}

void Server::toggle(const Json&, const Binder::Reply& reply) {
  shown_ = !shown_;
  publish_all();
  refresh();
  tell_status();
  reply(shown_);
}

// {run}: the ranking for that run, a trace, or a cluster; without one the list of failing runs.
void Server::show_run(const Json& argument, const Binder::Reply& reply) {
  const Project* const project = project_of(argument);
  if (project == nullptr) return reply(invalid("no runs were read"));
  Params in(argument);
  const auto run = in.optional_text("/run");
  if (in.failure()) return reply(tl::unexpected(*in.failure()));
  if (!run) return reply(failing_runs(project->evidence->report));
  answer_later(
      reply,
      [query = project->query, top = project->top, run = *run]() mutable -> Result<std::string> {
        query.case_name = run;
        query.heat = false;
        query.settings.emplace_back("top", std::to_string(top));
        const Result<Report> report = localize(query);
        if (!report) return fail(report.error());
        return (*find_writer("text"))->ranking(*report, Style{});
      });
}

void Server::list_ranking(const Json&, const Binder::Reply& reply) {
  Json list = Json::array();
  for (const Project& project : projects_) {
    if (project.evidence == nullptr || !project.evidence->report.undecided.empty()) continue;
    for (std::size_t i = 0; i < project.evidence->shown; ++i) {
      list.push_back(listed_row(*project.evidence, i,
                                location_of(*project.evidence, project.evidence->row(i))));
    }
  }
  reply(list);
}

void Server::reload(const Json&, const Binder::Reply& reply) {
  for (Project& project : projects_) {
    if (!project.loading) load(project);
  }
  reply(nullptr);
}

}  // namespace culprit::lsp
