#include "readers/coverage_gcov_json.h"

#include <simdjson.h>

#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "base/text.h"
#include "readers/dom_document.h"
#include "readers/dom_fields.h"
#include "readers/folded_warnings.h"

namespace culprit {

namespace {

namespace dom = simdjson::dom;

// A pointer for locate(), of which only the last parts change.
std::string pointer_to(std::size_t file, std::string_view list, std::size_t index,
                       std::string_view field = {}) {
  std::string pointer =
      "/files/" + std::to_string(file) + '/' + std::string(list) + '/' + std::to_string(index);
  if (!field.empty()) pointer += '/' + std::string(field);
  return pointer;
}

class GcovJson {
 public:
  GcovJson(const Input& input, Sink& sink)
      : input_(input), sink_(sink), document_(input, sink), warnings_(input.path, sink) {}

  Result<void> read() {
    const auto root = document_.parse();
    if (!root) return fail(root.error());
    dom::array files;
    if ((*root)["files"].get_array().get(files)) {
      return fail(error_in(input_.path, "gcov JSON without a list `files`",
                           "write it again with `gcov --json-format`"));
    }
    std::size_t index = 0;
    for (const dom::element file : files) read_file(file, index++);
    warnings_.finish(records_);
    return {};
  }

 private:
  void read_file(dom::element file, std::size_t index) {
    std::string_view name;
    if (file["file"].get_string().get(name)) {
      ++records_;
      warnings_.skipped("file without a name", [&] {
        return document_.error_at("/files/" + std::to_string(index),
                                  "entry of `files` has no `file`; skipped");
      });
      return;
    }
    file_ = index;
    owners_.clear();
    last_mangled_ = {};
    last_owner_ = {};
    sink_.file(clean_path(name));

    std::size_t position = 0;
    dom::array functions;
    if (!file["functions"].get_array().get(functions)) {
      for (const dom::element function : functions) read_function(function, position++);
    }
    position = 0;
    dom::array lines;
    if (!file["lines"].get_array().get(lines)) {
      for (const dom::element line : lines) read_line(line, position++);
    }
  }

  void read_function(dom::element element, std::size_t index) {
    ++records_;
    std::string_view mangled;
    std::string_view name;
    if (element["name"].get_string().get(mangled)) mangled = {};
    if (element["demangled_name"].get_string().get(name) || name.empty()) name = mangled;
    if (name.empty()) {
      warnings_.skipped("function without a name", [&] {
        return document_.error_at(pointer_to(file_, "functions", index),
                                  "entry of `functions` has no `name`; skipped");
      });
      return;
    }
    std::uint32_t bounds[2] = {};
    const char* const keys[2] = {"start_line", "end_line"};
    for (std::size_t i = 0; i < 2; ++i) {
      dom::element value;
      if (element[keys[i]].get(value)) continue;
      if (std::uint64_t zero = 1; !value.get_uint64().get(zero) && zero == 0) continue;
      const auto number = line_number_of(value);
      if (!number) return bad_line_number("functions", index, keys[i]);
      bounds[i] = *number;
    }
    owners_[mangled] = name;
    sink_.function(name, bounds[0], bounds[1]);
  }

  void read_line(dom::element element, std::size_t index) {
    ++records_;
    dom::object line;
    dom::element number;
    dom::element count;
    std::optional<dom::element> branches;
    std::string_view mangled;
    // One pass over the keys; asking for each by name would be three.
    int found = 0;
    if (!element.get_object().get(line)) {
      for (const auto [key, value] : line) {
        if (key == "line_number") {
          number = value;
          found |= 1;
        } else if (key == "count") {
          count = value;
          found |= 2;
        } else if (key == "branches") {
          branches = value;
        } else if (key == "function_name" && value.get_string().get(mangled)) {
          mangled = {};
        }
      }
    }
    if (found != 3) {
      warnings_.skipped("line without number or count", [&] {
        return document_.error_at(pointer_to(file_, "lines", index),
                                  "line has no `line_number` or no `count`; skipped");
      });
      return;
    }
    const auto checked = line_number_of(number);
    if (!checked) return bad_line_number("lines", index, "line_number");
    const auto executed = line_count(count, index);
    if (!executed) return;
    sink_.line(*checked, *executed, owner_of(mangled));
    if (branches) read_branches(*branches);
  }

  void read_branches(dom::element branches) {
    dom::array ways;
    if (branches.get_array().get(ways)) return;
    std::uint32_t branch = 0;
    for (const dom::element way : ways) {
      if (branch == kMaxBranches) break;
      dom::element taken;
      const auto often = way["count"].get(taken) ? std::nullopt : count_of(taken);
      sink_.branch(branch++, often && often->value > 0);
    }
  }

  // Lines of one function follow each other, so most lookups are one comparison.
  std::string_view owner_of(std::string_view mangled) {
    if (mangled != last_mangled_) {
      const auto found = owners_.find(mangled);
      last_mangled_ = mangled;
      last_owner_ = found == owners_.end() ? mangled : found->second;
    }
    return last_owner_;
  }

  void bad_line_number(std::string_view list, std::size_t index, std::string_view field) {
    warnings_.skipped("line number out of range", [&] {
      return document_.error_at(
          pointer_to(file_, list, index, field),
          std::string(field) + " is not a number in 1.." + std::to_string(kMaxLine) + "; skipped");
    });
  }

  // nullopt: the record is bad, which has been said.
  std::optional<std::uint64_t> line_count(dom::element value, std::size_t index) {
    const auto count = count_of(value);
    if (count && count->negative) {
      warnings_.repaired("negative count, taken as 0", [&] {
        return document_.error_at(pointer_to(file_, "lines", index, "count"),
                                  "count is negative; taken as 0");
      });
    }
    if (count) return count->value;
    warnings_.skipped("count is not a number", [&] {
      return document_.error_at(pointer_to(file_, "lines", index, "count"),
                                "count is not a whole number; line skipped");
    });
    return std::nullopt;
  }

  const Input& input_;
  Sink& sink_;
  DomDocument document_;
  FoldedWarnings warnings_;
  std::size_t records_ = 0;

  // Of the current file: its index, and mangled names to the names shown.
  std::size_t file_ = 0;
  std::unordered_map<std::string_view, std::string_view> owners_;
  std::string_view last_mangled_;
  std::string_view last_owner_;
};

}  // namespace

bool accepts_gcov_json(const Head& head) {
  return head.shape == Head::Shape::kJsonObject && head.has("files") &&
         (head.has("gcc_version") || head.has("data_file") || head.has("format_version") ||
          head.file_name().find(".gcov.json") != std::string_view::npos);
}

Result<void> read_gcov_json(const Input& input, Sink& sink) { return GcovJson(input, sink).read(); }

}  // namespace culprit
