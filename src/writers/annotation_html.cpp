#include <fmt/format.h>

#include "base/text.h"
#include "writers/annotated_line.h"
#include "writers/phrases.h"
#include "writers/writers.h"

namespace culprit {

namespace {

constexpr std::size_t kWidest = 2000;  // of a line, in bytes

// Tints are of one hue, and never without digits: they tell more and less to every eye.
constexpr std::string_view kHead = R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>culprit: annotated source</title>
<style>
:root { color-scheme: light dark; --text: #1a1a1a; --page: #fff; --dim: #5c5c5c; --rule: #d0d0d0; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e8e8e8; --page: #16181c; --dim: #a5a5a5; --rule: #3c4048; }
}
body { font: 15px/1.5 system-ui, sans-serif; color: var(--text); background: var(--page);
       margin: 0 auto; max-width: 80rem; padding: 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; overflow-wrap: anywhere; }
a { color: inherit; }
.dim { color: var(--dim); }
.scroll { overflow-x: auto; border: 1px solid var(--rule); border-radius: 4px; }
table { border-collapse: collapse; font: 13px/1.5 ui-monospace, monospace; width: 100%; }
th { font-weight: normal; color: var(--dim); }
td, th { padding: 0 .6rem; text-align: right; white-space: nowrap; }
td.code, th.code, th.function { text-align: left; white-space: pre; tab-size: 4; width: 100%; }
tr.line { background: rgba(230, 85, 13, calc(var(--heat, 0) * .45)); }
tr.line:target { outline: 2px solid currentColor; }
th.function { padding: .4rem .6rem; border-top: 1px solid var(--rule); font-weight: bold;
              color: var(--text); }
tr.gap td { color: var(--dim); text-align: left; border-top: 1px dashed var(--rule); }
td.number { color: var(--dim); user-select: none; }
</style>
</head>
<body>
)";

std::string escaped(std::string_view text, std::size_t widest = kWidest) {
  std::string result;
  for (std::string_view rest = text.substr(0, widest); !rest.empty();) {
    const std::size_t tab = rest.find('\t');
    for (const char c : printable(rest.substr(0, tab), widest)) {
      result += c == '&'   ? "&amp;"
                : c == '<' ? "&lt;"
                : c == '>' ? "&gt;"
                : c == '"' ? "&quot;"
                           : std::string(1, c);
    }
    if (tab == std::string_view::npos) break;
    result += '\t';
    rest.remove_prefix(tab + 1);
  }
  return result;
}

// Unique within the page, whatever paths are called.
std::string anchor(std::size_t file, std::uint32_t line) {
  return fmt::format("f{}-{}", file, line);
}

void add_line(const AnnotatedFile& file, std::size_t number, std::uint32_t line,
              std::string& page) {
  const LineHeat* const heat = heat_of(file, line);
  if (file.text.empty() && heat == nullptr) return;
  const std::string text = line <= file.text.size() ? escaped(file.text[line - 1]) : "";
  const std::string tint = heat != nullptr && degrees(heat->heat) > 0
                               ? fmt::format(" style=\"--heat:{:.3f}\"", std::min(heat->heat, 1.0))
                               : "";
  page += fmt::format("<tr class=\"line\" id=\"{}\"{}><td class=\"number\">{}</td>",
                      anchor(number, line), tint, line);
  if (heat == nullptr) {
    page += "<td></td><td></td><td></td>";
  } else {
    page += fmt::format("<td>{}</td><td>{}</td><td>{}</td>",
                        share(heat->counts.ef, heat->counts.failing()),
                        share(heat->counts.ep, heat->counts.passing()),
                        degrees(heat->heat) > 0 ? std::to_string(degrees(heat->heat)) : "");
  }
  page += "<td class=\"code\">" + text + "</td></tr>\n";
}

void add_file(const AnnotatedFile& file, std::size_t number, std::string& page) {
  page += fmt::format(
      "<h2>{}</h2>\n<div class=\"scroll\" tabindex=\"0\"><table>\n"
      "<tr><th scope=\"col\">line</th><th scope=\"col\">failing</th>"
      "<th scope=\"col\">passing</th><th scope=\"col\">heat</th>"
      "<th scope=\"col\" class=\"code\">source</th></tr>\n",
      escaped(name_of(file.heat)));
  auto row = file.functions.begin();
  std::uint32_t before = 0;
  for (const LineRange& range : file.shown) {
    if (before != 0) page += "<tr class=\"gap\"><td colspan=\"5\">…</td></tr>\n";
    for (std::uint32_t line = range.first; line <= range.last; ++line) {
      for (; row != file.functions.end() && heading_line(file, *row) <= line; ++row) {
        page += fmt::format(
            "<tr><th class=\"function\" colspan=\"5\" scope=\"colgroup\">{} {}  <span "
            "class=\"dim\">{}</span></th></tr>\n",
            verdict_of(*row), escaped(title(row->code)), evidence(*row));
      }
      add_line(file, number, line, page);
    }
    before = range.last;
  }
  page += "</table></div>\n";
}

}  // namespace

std::string annotation_as_html(const Report& report, const Annotation& annotation,
                               const Style& style) {
  Style plain = style;
  plain.color = false;
  std::string page(kHead);
  page += "<h1>Annotated source</h1>\n<p>" + escaped(report.runs_path) + "</p>\n<p>" +
          escaped(trim(opening(report, plain))) + "</p>\n";
  if (!report.undecided.empty())
    page += "<p><strong>" + escaped(report.undecided) + "</strong></p>\n";

  std::vector<std::pair<const Ranked*, std::size_t>> rows;  // with the number of their file
  for (std::size_t i = 0; i < annotation.files.size(); ++i) {
    for (const Ranked& row : annotation.files[i].functions) rows.emplace_back(&row, i);
  }
  std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
    return a.first->best_rank < b.first->best_rank;
  });
  if (!rows.empty()) page += "<nav aria-label=\"Suspicious functions\"><ul>\n";
  for (const auto& [row, file] : rows) {
    page += fmt::format("<li>{} <a href=\"#{}\">{}</a> <span class=\"dim\">{}</span></li>\n",
                        verdict_of(*row), anchor(file, row->line.first_line),
                        escaped(title(row->code)), evidence(*row));
  }
  if (!rows.empty()) page += "</ul></nav>\n";
  for (const std::string& line : legend(report, annotation)) {
    page += "<p class=\"dim\">" + escaped(line) + "</p>\n";
  }
  for (std::size_t i = 0; i < annotation.files.size(); ++i) add_file(annotation.files[i], i, page);
  page += "<pre class=\"dim\">" + [&] {
    std::string text;
    const std::string all = closing(report, plain);
    for (std::size_t at = 0; at < all.size();) {
      const std::size_t end = std::min(all.find('\n', at), all.size());
      text += escaped(std::string_view(all).substr(at, end - at)) + "\n";
      at = end + 1;
    }
    return text;
  }() + "</pre>\n</body>\n</html>\n";
  return page;
}

}  // namespace culprit
