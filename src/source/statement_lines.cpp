#include "source/statement_lines.h"

#include <algorithm>

#include "base/text.h"

namespace culprit {

std::vector<std::string> statement_lines(std::string_view text,
                                         std::vector<StatementExtent> statements) {
  std::stable_sort(statements.begin(), statements.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first < b.first : a.last > b.last;
  });
  std::vector<std::string> kinds;
  std::vector<StatementExtent> open;
  auto next = statements.begin();
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = trim(text.substr(at, end - at));
    const std::size_t token = at + text.substr(at, end - at).find_first_not_of(" \t\r:,");
    std::string kind;
    if (!line.empty() && !line.starts_with("//") && !line.starts_with("/*") &&
        !line.starts_with('*')) {
      for (; next != statements.end() && next->first <= token; ++next) open.push_back(*next);
      std::erase_if(open, [&](const StatementExtent& s) { return s.last <= token; });
      if (consists_of(trim(line.substr(0, line.find("//"))), "{}();,")) {
        kind = "brace";
      } else if (line.starts_with("} catch")) {
        kind = "catch";
      } else if (line.starts_with("} finally")) {
        kind = "finally";
      } else if (line.starts_with("} else") || line.starts_with("else")) {
        kind = "else";
      } else if (!open.empty()) {
        kind = open.back().kind;
      }
    }
    kinds.push_back(std::move(kind));
    at = end + 1;
  }
  return kinds;
}

}  // namespace culprit
