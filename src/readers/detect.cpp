#include "readers/detect.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/text.h"

namespace culprit {

namespace {

constexpr std::size_t kShownBytes = 16;
constexpr std::size_t kShownKeys = 5;
constexpr std::size_t kShownFormats = 3;

std::vector<std::string_view> patterns(const Reader& reader) {
  std::vector<std::string_view> list;
  std::string_view rest = reader.files;
  while (!rest.empty()) {
    const std::string_view pattern = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(pattern.size() + 1, rest.size()));
    list.push_back(trim(pattern));
  }
  return list;
}

std::string_view without_gz(std::string_view name) {
  for (const std::string_view suffix : {"[.gz]", ".gz"}) {
    if (name.ends_with(suffix)) return name.substr(0, name.size() - suffix.size());
  }
  return name;
}

std::string_view extension(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos ? std::string_view{} : name.substr(dot);
}

// "a", "a or b", "a, b or c".
std::string listed(const std::vector<std::string>& words, std::string_view last) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? std::string(last) : ", ";
    text += words[i];
  }
  return text;
}

std::string hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (!text.empty()) text += ' ';
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

std::string described(const Head& head) {
  switch (head.shape) {
    case Head::Shape::kXml:
      return "XML with the root element `" + printable(head.xml_root, 40) + "`";
    case Head::Shape::kJsonObject:
    case Head::Shape::kJsonArray: {
      if (head.keys.empty()) return "JSON without keys";
      std::vector<std::string> keys;
      for (const std::string& key : head.keys) {
        if (keys.size() < kShownKeys) keys.push_back('`' + printable(key, 40) + '`');
      }
      return "JSON with the keys " + listed(keys, " and ") +
             (head.keys.size() > kShownKeys ? " and more" : "");
    }
    case Head::Shape::kBinary:
      return "binary";
    default:
      return "text";
  }
}

bool fits_pattern(std::string_view pattern, std::string_view file_name) {
  if (pattern.ends_with("[.gz]")) return matches_glob(without_gz(file_name), without_gz(pattern));
  return matches_glob(file_name, pattern);
}

// What a file of this name could be: the formats whose names it has, else those whose extension it
// has. `*.json` names an extension.
std::string formats_by_name(std::span<const Reader> candidates, std::string_view file_name) {
  std::vector<std::string> fitting;
  std::vector<std::string> alike;
  const std::string_view ending = extension(without_gz(file_name));
  for (const Reader& reader : candidates) {
    if (reader.kind == InputKind::kUnreadable || reader.kind == InputKind::kBuildFile) continue;
    bool fits = false;
    bool ends_alike = false;
    for (const std::string_view pattern : patterns(reader)) {
      const std::string_view name = without_gz(pattern);
      const bool only_ending = name.size() == extension(name).size() + 1;
      fits = fits || (!only_ending && fits_pattern(pattern, file_name));
      ends_alike = ends_alike || (!ending.empty() && extension(name) == ending);
    }
    if (fits) fitting.emplace_back(reader.name);
    if (ends_alike) alike.emplace_back(reader.name);
  }
  const std::vector<std::string>& near = fitting.empty() ? alike : fitting;
  if (near.empty()) return "`culprit list formats` shows what is read";
  return "by its name it could be " +
         (near.size() > kShownFormats
              ? "one of " + plural(near.size(), "format") + " (`culprit list formats`)"
              : listed(near, " or ")) +
         ", but its content is not";
}

Error unknown_format(std::span<const Reader> candidates, const Input& input, const Head& head) {
  return error_in(input.path, "not a known format",
                  described(head) + ", starting with the bytes " +
                      hex(input.bytes.substr(0, kShownBytes)) + "; " +
                      formats_by_name(candidates, head.file_name()));
}

// The stand-in that git checks out where a large file was not fetched.
std::optional<Error> lfs_pointer(const Input& input) {
  if (!input.bytes.starts_with("version https://git-lfs.github.com/spec/v1")) return std::nullopt;
  LineReader lines(input);
  std::string size = "some";
  while (const auto line = lines.next()) {
    if (line->starts_with("size ") && parse_u64(line->substr(5))) size = line->substr(5);
  }
  return error_in(input.path, "a Git LFS pointer: " + size + " bytes not fetched",
                  "run `git lfs pull` where it was checked out");
}

}  // namespace

bool fits_name(const Reader& reader, std::string_view file_name) {
  const auto names = patterns(reader);
  return std::any_of(names.begin(), names.end(),
                     [&](std::string_view pattern) { return fits_pattern(pattern, file_name); });
}

Result<const Reader*> detect_among(std::span<const Reader> candidates, const Input& input) {
  if (input.bytes.empty()) return fail(error_in(input.path, "the file is empty"));
  if (auto pointer = lfs_pointer(input)) return fail(std::move(*pointer));
  const Head head = inspect(input);
  if (head.shape == Head::Shape::kEmpty) {
    return fail(error_in(input.path, "the file holds nothing but blanks"));
  }

  std::vector<const Reader*> accepting;
  for (const Reader& reader : candidates) {
    if (reader.accepts(head)) accepting.push_back(&reader);
  }
  if (accepting.empty()) return fail(unknown_format(candidates, input, head));
  if (accepting.size() > 1) {
    std::vector<const Reader*> fitting;
    std::copy_if(accepting.begin(), accepting.end(), std::back_inserter(fitting),
                 [&](const Reader* reader) { return fits_name(*reader, head.file_name()); });
    if (fitting.size() == 1) accepting = fitting;
  }
  if (accepting.size() > 1) {
    std::vector<std::string> names;
    for (const Reader* reader : accepting) names.emplace_back(reader->name);
    return fail(error_in(input.path, "could be " + listed(names, " or "),
                         "rename it: the names in `culprit list formats` decide between formats"));
  }
  return accepting.front();
}

}  // namespace culprit
