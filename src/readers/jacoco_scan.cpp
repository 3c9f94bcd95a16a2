#include "readers/jacoco_scan.h"

#include <cstring>

namespace culprit {

namespace {

class Scan {
 public:
  explicit Scan(std::string_view bytes) : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  std::optional<JacocoReport> report() {
    if (!literal("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>"
                 "<!DOCTYPE report PUBLIC \"-//JACOCO//DTD Report 1.1//EN\" \"report.dtd\">")) {
      return std::nullopt;
    }
    if (!literal("<report name=\"") || !skip_text() || !literal(">")) return std::nullopt;
    std::uint64_t number = 0;
    while (literal("<sessioninfo id=\"")) {
      if (!skip_text() || !attribute(" start=\"", number) || !attribute(" dump=\"", number) ||
          !literal("/>")) {
        return std::nullopt;
      }
    }
    while (literal("<package name=\"")) {
      if (!package(report_.packages.emplace_back())) return std::nullopt;
    }
    if (!counters() || !literal("</report>") || at_ != end_) return std::nullopt;
    return std::move(report_);
  }

 private:
  template <std::size_t kSize>
  bool literal(const char (&text)[kSize]) {
    constexpr std::size_t kLength = kSize - 1;
    if (static_cast<std::size_t>(end_ - at_) < kLength || std::memcmp(at_, text, kLength) != 0) {
      return false;
    }
    at_ += kLength;
    return true;
  }

  // Up to 16 digits and the quote after them.
  bool number(std::uint64_t& value) {
    const char* const begin = at_;
    value = 0;
    for (; at_ != end_; ++at_) {
      const auto digit = static_cast<unsigned char>(*at_ - '0');
      if (digit > 9) break;
      value = value * 10 + digit;
    }
    if (at_ == begin || at_ - begin > 16 || at_ == end_ || *at_ != '"') return false;
    ++at_;
    return true;
  }

  template <std::size_t kSize>
  bool attribute(const char (&name)[kSize], std::uint64_t& value) {
    return literal(name) && number(value);
  }

  // An attribute's value and the quote after it.
  bool text(std::string_view& value) {
    const char* const begin = at_;
    bool entities = false;
    for (; at_ != end_ && *at_ != '"'; ++at_) {
      const auto c = static_cast<unsigned char>(*at_);
      if (c < ' ' || c == '<') return false;
      entities = entities || c == '&';
    }
    if (at_ == end_) return false;
    value = {begin, static_cast<std::size_t>(at_ - begin)};
    ++at_;
    return !entities || decode(value);
  }
  bool skip_text() {
    std::string_view ignored;
    return text(ignored);
  }

  bool decode(std::string_view& value) {
    // Two names are nearly all there are.
    if (value == "&lt;init&gt;") {
      value = "<init>";
      return true;
    }
    if (value == "&lt;clinit&gt;") {
      value = "<clinit>";
      return true;
    }
    std::string& text = report_.decoded.emplace_back();
    while (!value.empty()) {
      if (value.front() != '&') {
        text += value.front();
        value.remove_prefix(1);
        continue;
      }
      bool known = false;
      for (const auto& [entity, character] : {std::pair<std::string_view, char>{"&lt;", '<'},
                                              {"&gt;", '>'},
                                              {"&amp;", '&'},
                                              {"&quot;", '"'}}) {
        if (!value.starts_with(entity)) continue;
        text += character;
        value.remove_prefix(entity.size());
        known = true;
        break;
      }
      if (!known) return false;
    }
    value = text;
    return true;
  }

  bool package(JacocoReport::Package& package) {
    if (!text(package.name)) return false;
    if (literal("/>")) return true;
    if (!literal(">")) return false;
    while (literal("<class name=\"")) {
      if (!owner(package.classes.emplace_back())) return false;
    }
    while (literal("<sourcefile name=\"")) {
      if (!source_file(package.files.emplace_back())) return false;
    }
    return counters() && literal("</package>");
  }

  bool owner(JacocoReport::Class& owner) {
    if (!text(owner.name) || owner.name.empty()) return false;
    if (literal(" sourcefilename=\"") && !text(owner.source.emplace())) return false;
    if (literal("/>")) return true;
    if (!literal(">")) return false;
    while (literal("<method name=\"")) {
      if (!method(owner.methods.emplace_back())) return false;
    }
    return counters() && literal("</class>");
  }

  bool method(JacocoReport::Method& method) {
    if (!text(method.name) || method.name.empty() || !literal(" desc=\"") ||
        !text(method.descriptor)) {
      return false;
    }
    if (literal(" line=\"") && !line_number(method.first_line)) return false;
    if (literal("/>")) return true;
    return literal(">") && counters(&method) && literal("</method>");
  }

  bool line_number(std::uint32_t& line) {
    std::uint64_t value = 0;
    if (!number(value) || value == 0 || value > kMaxLine) return false;
    line = static_cast<std::uint32_t>(value);
    return true;
  }

  // Each type once, in JaCoCo's order.
  bool counters(JacocoReport::Method* method = nullptr) {
    std::uint64_t sum = 0;
    if (literal("<counter type=\"INSTRUCTION\"")) {
      if (!counter(sum)) return false;
      if (method != nullptr) method->instructions = sum;
    }
    if (literal("<counter type=\"BRANCH\"") && !counter(sum)) return false;
    if (literal("<counter type=\"LINE\"")) {
      if (!counter(sum)) return false;
      if (method != nullptr) method->lines = sum;
    }
    if (literal("<counter type=\"COMPLEXITY\"") && !counter(sum)) return false;
    if (literal("<counter type=\"METHOD\"") && !counter(sum)) return false;
    return !literal("<counter type=\"CLASS\"") || counter(sum);
  }

  bool counter(std::uint64_t& sum) {
    constexpr std::uint64_t kMost = 1ULL << 32;
    std::uint64_t missed = 0;
    std::uint64_t covered = 0;
    if (!attribute(" missed=\"", missed) || !attribute(" covered=\"", covered) || missed >= kMost ||
        covered >= kMost) {
      return false;
    }
    sum = missed + covered;
    return literal("/>");
  }

  bool source_file(JacocoReport::SourceFile& file) {
    if (!text(file.name) || file.name.empty()) return false;
    if (literal("/>")) return true;
    if (!literal(">")) return false;
    while (literal("<line nr=\"")) {
      JacocoReport::Line& line = file.lines.emplace_back();
      if (!line_number(line.number) || !attribute(" mi=\"", line.missed) ||
          !attribute(" ci=\"", line.covered) || !attribute(" mb=\"", line.missed_branches) ||
          !attribute(" cb=\"", line.covered_branches) || !literal("/>")) {
        return false;
      }
    }
    return counters() && literal("</sourcefile>");
  }

  const char* at_;
  const char* end_;
  JacocoReport report_;
};

}  // namespace

std::optional<JacocoReport> scan_jacoco_report(std::string_view bytes) {
  return Scan(bytes).report();
}

}  // namespace culprit
