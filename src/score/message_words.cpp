#include "score/message_words.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

#include "base/demangle.h"

namespace culprit {

namespace {

constexpr std::size_t kMostMessages = 2000;
constexpr std::size_t kLongestMessage = 2000;

// Of messages, whatever the fault.
constexpr auto kStopWords = std::to_array<std::string_view>(
    {"actual", "and",  "assert", "but",  "code", "equal",  "error", "exception", "expect", "fail",
     "failed", "fals", "for",    "from", "get",  "got",    "http",  "not",       "null",   "post",
     "put",    "stat", "statu",  "std",  "that", "the",    "test",  "tru",       "valu",   "was",
     "with",   "void", "const",  "char", "int",  "string", "bool",  "doubl",     "long"});

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

// Endings that a word of a message and one of a name differ in: released, release; cents, cent.
std::string stem(std::string word) {
  const auto drop = [&](std::string_view ending, std::size_t least) {
    if (word.size() < least + ending.size() || !word.ends_with(ending)) return false;
    word.resize(word.size() - ending.size());
    return true;
  };
  if (!word.ends_with("ss")) drop("s", 3);
  if (!drop("ing", 3)) drop("ed", 3);
  drop("e", 3);
  return word;
}

}  // namespace

std::vector<std::string> words_of(std::string_view text) {
  std::set<std::string> words;
  std::string word;
  const auto end = [&] {
    if (word.size() >= 3) {
      std::string stemmed = stem(std::move(word));
      if (std::find(kStopWords.begin(), kStopWords.end(), stemmed) == kStopWords.end()) {
        words.insert(std::move(stemmed));
      }
    }
    word.clear();
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (!is_lower(c) && !is_upper(c)) {
      end();
      continue;
    }
    const bool after_lower = i > 0 && is_lower(text[i - 1]);
    const bool ends_capitals =
        i > 0 && is_upper(text[i - 1]) && i + 1 < text.size() && is_lower(text[i + 1]);
    if (is_upper(c) && (after_lower || ends_capitals)) end();
    word += is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
  }
  end();
  return {words.begin(), words.end()};
}

std::vector<double> message_shifts(const Spectrum& spectrum, std::span<const std::string> messages,
                                   double share) {
  if (messages.empty() || share == 0) return {};
  messages = messages.first(std::min(messages.size(), kMostMessages));
  std::map<std::string, double> said;  // share of the messages with the word
  for (const std::string& message : messages) {
    for (const std::string& word : words_of(std::string_view(message).substr(0, kLongestMessage))) {
      said[word] += 1 / static_cast<double>(messages.size());
    }
  }
  // Words of each function: of its name, the classes around it and its file's name.
  std::vector<std::vector<std::string>> names;
  std::map<std::string, double> functions_with;
  for (std::uint32_t i = 0; i < spectrum.functions().size(); ++i) {
    const CodeElement code = spectrum.element(Level::kFunction, i);
    const std::string_view name(code.name);
    // Without parameters.
    const std::string_view base = base_name(name);
    const auto end = static_cast<std::size_t>(base.data() - name.data()) + base.size();
    const std::size_t folder = code.file.rfind('/');
    const std::size_t file = folder == std::string::npos ? 0 : folder + 1;
    names.push_back(words_of(std::string(name.substr(0, end)) + " " +
                             code.file.substr(file, code.file.rfind('.') - file)));
    for (const std::string& word : names.back()) ++functions_with[word];
  }
  const auto functions = static_cast<double>(names.size());
  const auto rarity = [&](const std::string& word) {
    return std::log(1 + functions / functions_with.at(word));
  };
  std::vector<double> fits;
  double all = 0;
  for (const std::vector<std::string>& name : names) {
    double fit = 0;
    double length = 0;
    for (const std::string& word : name) {
      const double weight = rarity(word);
      length += weight * weight;
      const auto at = said.find(word);
      if (at != said.end()) fit += at->second * weight * weight;
    }
    fits.push_back(length == 0 ? 0 : fit / std::sqrt(length));
    all += fits.back();
  }
  if (all == 0) return {};
  std::vector<double> shifts;
  for (std::uint32_t i = 0; i < spectrum.lines().size(); ++i) {
    const double fit = fits[spectrum.owner({i}, Level::kFunction)] / all;
    shifts.push_back(std::log((1 - share) + share * functions * fit));
  }
  return shifts;
}

}  // namespace culprit
