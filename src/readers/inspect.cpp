#include <algorithm>
#include <array>
#include <cstddef>

#include "base/text.h"
#include "readers/registry.h"

namespace culprit {

namespace {

constexpr std::size_t kHeadBytes = 4096;
constexpr std::size_t kScanBytes = 1 << 20;
constexpr std::size_t kMaxKeys = 256;
constexpr std::size_t kMaxKeyBytes = 256;
constexpr std::size_t kMaxElements = 64;
constexpr std::size_t kMaxArrays = 64;  // arrays entered one directly inside the other
constexpr std::string_view kBlank = " \t\r\n";

// What both scanners need: a position that never passes the end.
class Scan {
 public:
  explicit Scan(std::string_view text) : text_(text) {}

  [[nodiscard]] bool at_end() const { return position_ >= text_.size(); }
  [[nodiscard]] char peek() const { return at_end() ? '\0' : text_[position_]; }
  [[nodiscard]] std::string_view rest() const { return text_.substr(position_); }
  void advance(std::size_t count = 1) { position_ = std::min(position_ + count, text_.size()); }
  bool take(char c) {
    if (peek() != c || at_end()) return false;
    advance();
    return true;
  }
  void skip_blank() { skip_to(text_.find_first_not_of(kBlank, position_)); }
  // To the next `c`, or to the end.
  void find(char c) { skip_to(text_.find(c, position_)); }
  // Behind the next `mark`, or to the end.
  void skip_past(std::string_view mark) {
    skip_to(text_.find(mark, position_));
    advance(mark.size());
  }

 private:
  void skip_to(std::size_t position) { position_ = std::min(position, text_.size()); }

  std::string_view text_;
  std::size_t position_ = 0;
};

// Follows JSON closely enough to find the first object's keys; what is no JSON ends the scan.
class JsonScan {
 public:
  explicit JsonScan(std::string_view text) : scan_(text) {}

  // False: the text only begins like JSON, such as "[INFO] started".
  bool run(Head& head) {
    scan_.skip_blank();
    head.shape = scan_.peek() == '{' ? Head::Shape::kJsonObject : Head::Shape::kJsonArray;
    std::size_t arrays = 0;
    while (arrays < kMaxArrays && scan_.take('[')) {
      ++arrays;
      scan_.skip_blank();
    }
    bool complete = true;
    if (scan_.take('{')) {
      scan_.skip_blank();
      if (!scan_.at_end() && scan_.peek() != '"' && scan_.peek() != '}') return false;
      complete = keys(head);
    } else if (!scan_.at_end() && !starts_element()) {
      return false;
    }
    if (complete && close(arrays)) {
      scan_.skip_blank();
      head.json_lines = scan_.peek() == '{' || scan_.peek() == '[';
    }
    return true;
  }

 private:
  // An array's first element, or its end, as against words in brackets.
  [[nodiscard]] bool starts_element() const {
    const std::string_view rest = scan_.rest();
    if (rest.front() == '"' || rest.front() == ']' || rest.front() == '[') return true;
    const std::size_t end = std::min(rest.find_first_of(" \t\r\n,]"), rest.size());
    const std::string_view word = rest.substr(0, end);
    if (word != "true" && word != "false" && word != "null" && !parse_double(word)) return false;
    const std::size_t next = rest.find_first_not_of(kBlank, end);
    return next == std::string_view::npos || rest[next] == ',' || rest[next] == ']';
  }

  // The keys of the object just entered; true when it was seen to its end.
  bool keys(Head& head) {
    for (;;) {
      scan_.skip_blank();
      if (scan_.take('}')) return true;
      if (scan_.peek() != '"') return false;
      const std::string_view key = string();
      scan_.skip_blank();
      if (!scan_.take(':')) return false;
      if (key.size() <= kMaxKeyBytes && head.keys.size() < kMaxKeys) head.keys.emplace_back(key);
      scan_.skip_blank();
      value();
      scan_.skip_blank();
      if (!scan_.take(',') && scan_.peek() != '}') return false;
    }
  }

  // The text between the quotes, escapes as they stand.
  std::string_view string() {
    scan_.advance();
    const std::string_view text = scan_.rest();
    std::size_t end = text.find('"');
    while (end != std::string_view::npos && escaped(text, end)) end = text.find('"', end + 1);
    scan_.advance(std::min(end, text.size()));
    scan_.advance();
    return text.substr(0, end);
  }

  static bool escaped(std::string_view text, std::size_t quote) {
    std::size_t slashes = 0;
    while (slashes < quote && text[quote - slashes - 1] == '\\') ++slashes;
    return slashes % 2 == 1;
  }

  void value() {
    if (scan_.peek() == '"') {
      string();
    } else if (scan_.peek() == '{' || scan_.peek() == '[') {
      scan_.advance();
      close(1);
    } else {
      const std::string_view rest = scan_.rest();
      scan_.advance(std::min(rest.find_first_of(" \t\r\n,}]"), rest.size()));
    }
  }

  // Past the end of `depth` open objects and arrays; false when the text ends first.
  bool close(std::size_t depth) {
    static constexpr auto kStops = [] {
      std::array<bool, 256> stops{};
      for (const char c : {'"', '{', '}', '[', ']'}) stops[static_cast<unsigned char>(c)] = true;
      return stops;
    }();
    while (depth > 0) {
      const std::string_view rest = scan_.rest();
      std::size_t skipped = 0;
      while (skipped < rest.size() && !kStops[static_cast<unsigned char>(rest[skipped])]) ++skipped;
      scan_.advance(skipped);
      if (scan_.at_end()) return false;
      const char c = scan_.peek();
      if (c == '"') {
        string();
        continue;
      }
      depth = c == '{' || c == '[' ? depth + 1 : depth - 1;
      scan_.advance();
    }
    return true;
  }

  Scan scan_;
};

// Finds element names; entities, namespaces and well-formedness are the readers' business.
class XmlScan {
 public:
  explicit XmlScan(std::string_view text) : scan_(text) {}

  void run(Head& head) {
    std::size_t depth = 0;
    while (head.xml_children.size() < kMaxElements) {
      scan_.find('<');
      if (scan_.at_end()) return;
      if (scan_.rest().starts_with("<!--")) {
        scan_.skip_past("-->");
      } else if (scan_.rest().starts_with("<![CDATA[")) {
        scan_.skip_past("]]>");
      } else if (scan_.rest().starts_with("<?")) {
        scan_.skip_past("?>");
      } else if (scan_.rest().starts_with("<!")) {
        declaration();
      } else if (scan_.rest().starts_with("</")) {
        scan_.skip_past(">");
        if (depth <= 1) return;
        --depth;
      } else {
        const std::string_view name = start_tag();
        if (depth == 0) {
          head.xml_root = name;
        } else if (depth <= 2 && !head.has_element(name)) {
          head.xml_children.emplace_back(name);
        }
        if (!closed_) ++depth;
        if (depth == 0) return;
      }
    }
  }

 private:
  // A DOCTYPE, with its internal subset if it has one.
  void declaration() {
    int brackets = 0;
    while (!scan_.at_end()) {
      const char c = scan_.peek();
      if (scan_.rest().starts_with("<!--")) {
        scan_.skip_past("-->");
        continue;
      }
      scan_.advance();
      if (c == '"' || c == '\'') scan_.skip_past({&c, 1});
      if (c == '[') ++brackets;
      if (c == ']') --brackets;
      if (c == '>' && brackets <= 0) return;
    }
  }

  // Past the tag; its name. Sets closed_.
  std::string_view start_tag() {
    scan_.advance();
    const std::string_view rest = scan_.rest();
    const std::size_t end = std::min(rest.find_first_of(" \t\r\n/>"), rest.size());
    scan_.advance(end);
    char last = '\0';
    while (!scan_.at_end() && scan_.peek() != '>') {
      last = scan_.peek();
      scan_.advance();
      if (last == '"' || last == '\'') scan_.skip_past({&last, 1});
    }
    scan_.advance();
    closed_ = last == '/';
    return rest.substr(0, std::min(end, kMaxKeyBytes));
  }

  Scan scan_;
  bool closed_ = false;
};

// Text may be in any ASCII-like encoding: sources in gcov's output are not always UTF-8.
bool looks_binary(std::string_view head) {
  std::size_t controls = 0;
  for (const char c : head) {
    if (c == '\0') return true;
    const auto byte = static_cast<unsigned char>(c);
    controls += (byte < 0x20 && !(byte >= '\t' && byte <= '\r') && byte != 0x1b) ? 1 : 0;
  }
  return controls > head.size() / 20;
}

bool begins_xml(std::string_view text) {
  if (text.size() < 2 || text[0] != '<') return false;
  const char c = text[1];
  return c == '?' || c == '!' || c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

}  // namespace

Head inspect(const Input& input) {
  Head head;
  head.path = input.path;
  std::string_view bytes = input.bytes;
  if (bytes.starts_with("\xef\xbb\xbf")) bytes.remove_prefix(3);
  head.bytes = bytes.substr(0, kHeadBytes);

  const std::size_t first = bytes.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return head;
  if (looks_binary(head.bytes)) {
    head.shape = Head::Shape::kBinary;
    return head;
  }
  const std::string_view text = bytes.substr(first).substr(0, kScanBytes);
  if (begins_xml(text)) {
    head.shape = Head::Shape::kXml;
    XmlScan(text).run(head);
  } else if ((text.front() != '{' && text.front() != '[') || !JsonScan(text).run(head)) {
    head.shape = Head::Shape::kText;
  }
  return head;
}

bool Head::is_json() const { return shape == Shape::kJsonObject || shape == Shape::kJsonArray; }

bool Head::has(std::string_view key) const {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

bool Head::has_element(std::string_view name) const {
  return std::find(xml_children.begin(), xml_children.end(), name) != xml_children.end();
}

std::string_view Head::file_name() const { return path.substr(path.rfind('/') + 1); }

}  // namespace culprit
