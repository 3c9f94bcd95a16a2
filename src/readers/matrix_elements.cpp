#include "readers/matrix_elements.h"

#include <algorithm>

namespace culprit {

namespace {

std::uint32_t intern(const std::string& name, std::vector<std::string>& names,
                     std::unordered_map<std::string, std::uint32_t>& ids) {
  const auto [known, added] = ids.try_emplace(name, static_cast<std::uint32_t>(names.size()));
  if (added) names.push_back(name);
  return known->second;
}

}  // namespace

void MatrixElements::add(const std::optional<GzoltarElement>& element) {
  if (element) {
    in_file_order_.push_back({columns_, intern(element->file, files_, file_ids_),
                              intern(element->function, functions_, function_ids_), element->line});
  }
  ++columns_;
}

void MatrixElements::sort() {
  std::stable_sort(in_file_order_.begin(), in_file_order_.end(),
                   [](const Element& a, const Element& b) { return a.file < b.file; });
}

void MatrixRow::count(const MatrixElements::Element& element, std::uint64_t count) {
  enter_file(element);
  sink_.line(element.line, count, elements_.function(element));
}

void MatrixRow::hit(const MatrixElements::Element& element, bool executed) {
  enter_file(element);
  sink_.hit(element.line, executed, elements_.function(element));
}

void MatrixRow::finish() {
  if (file_ || elements_.in_file_order().empty()) return;
  hit(elements_.in_file_order().front(), false);
}

void MatrixRow::enter_file(const MatrixElements::Element& element) {
  if (file_ == element.file) return;
  sink_.file(elements_.file(element));
  file_ = element.file;
}

std::string UniqueNames::operator()(const std::string& name) {
  std::string unique = name;
  for (std::uint64_t& n = times_[name]; !taken_.insert(unique).second;) {
    n = std::max<std::uint64_t>(n, 1) + 1;
    unique = name + '#' + std::to_string(n);
  }
  return unique;
}

}  // namespace culprit
