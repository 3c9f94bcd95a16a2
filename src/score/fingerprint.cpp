#include "score/fingerprint.h"

#include "base/sha256.h"
#include "base/text.h"

namespace culprit {

namespace {

constexpr std::size_t kFingerprintDigits = 32;

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '$' || (static_cast<unsigned char>(c) & 0x80) != 0;
}

// The signature without what tools print differently: a blank stays only between two words.
std::string plain(std::string_view name) {
  std::string text;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] != ' ') {
      text += name[i];
      continue;
    }
    while (i + 1 < name.size() && name[i + 1] == ' ') ++i;
    if (!text.empty() && is_word(text.back()) && i + 1 < name.size() && is_word(name[i + 1])) {
      text += ' ';
    }
  }
  constexpr std::string_view kInline = "::__cxx11::";
  for (std::size_t at = text.find(kInline); at != std::string::npos; at = text.find(kInline, at)) {
    text.replace(at, kInline.size(), "::");
  }
  return text;
}

}  // namespace

std::string element_fingerprint(const CodeElement& element) {
  const std::string path =
      element.level == Level::kService ? element.service : clean_path(element.file);
  const std::string digest = sha256_hex(path + '\x1f' + plain(element.name));
  return std::string(kElementVersion) + digest.substr(0, kFingerprintDigits);
}

std::string ranked_fingerprint(const Ranked& row) {
  CodeElement element = row.code;
  if (row.source_place) element.file = row.source_place->path;
  return element_fingerprint(element);
}

}  // namespace culprit
