#include "base/demangle.h"

#include <cxxabi.h>

#include <cstddef>
#include <cstdlib>
#include <memory>

namespace culprit {

namespace {

constexpr std::size_t kMaxMangledBytes = 1024;

// A substitution (S_, S0_, T1_) repeats an earlier part of the name, so r of them can multiply its
// length by about 3^(r/3); a pack expansion multiplies by the length of the pack. The names of a
// large Thrift service hold at most 21.
constexpr std::size_t kMaxRepetition = 32;
constexpr std::size_t kPackExpansion = 8;

std::size_t repetition(std::string_view name) {
  std::size_t sum = 0;
  for (std::size_t i = 0; i + 1 < name.size(); ++i) {
    if ((name[i] == 'D' || name[i] == 's') && name[i + 1] == 'p') sum += kPackExpansion;
    if (name[i] != 'S' && name[i] != 'T') continue;
    std::size_t end = i + 1;
    while (end < name.size() &&
           ((name[end] >= '0' && name[end] <= '9') || (name[end] >= 'A' && name[end] <= 'Z'))) {
      ++end;
    }
    if (end < name.size() && name[end] == '_') ++sum;
  }
  return sum;
}

struct Free {
  void operator()(char* text) const { std::free(text); }
};

}  // namespace

std::string demangle(std::string_view name) {
  if (!name.starts_with("_Z") || name.size() > kMaxMangledBytes ||
      name.find('\0') != std::string_view::npos || repetition(name) > kMaxRepetition) {
    return std::string(name);
  }
  int status = 0;
  const std::unique_ptr<char, Free> text(
      abi::__cxa_demangle(std::string(name).c_str(), nullptr, nullptr, &status));
  return status == 0 && text != nullptr ? std::string(text.get()) : std::string(name);
}

std::string_view base_name(std::string_view name) {
  constexpr std::string_view kAnonymous = "(anonymous namespace)";
  std::size_t first = 0;  // of the last part so far
  std::size_t end = 0;
  std::size_t open = 0;  // template brackets
  for (std::size_t at = 0; at < name.size(); ++at) {
    const char c = name[at];
    if (name.substr(at).starts_with(kAnonymous)) {
      at += kAnonymous.size() - 1;
    } else if (c == '<') {
      ++open;
    } else if (c == '>') {
      open -= open == 0 ? 0 : 1;
    } else if (open != 0) {
      continue;
    } else if (c == '(' || c == '[' || c == '{') {
      break;
    } else if (c == ':' || c == '.' || c == '#' || c == ' ') {
      first = end = at + 1;
    } else {
      end = at + 1;
    }
  }
  return name.substr(first, end - first);
}

}  // namespace culprit
