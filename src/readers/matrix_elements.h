// What matrix formats share: the elements their columns stand for, the rows told of them, and names
// for tests.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "readers/gzoltar_names.h"
#include "readers/sink.h"

namespace culprit {

class MatrixElements {
 public:
  struct Element {
    std::size_t column = 0;
    std::uint32_t file = 0;
    std::uint32_t function = 0;
    std::uint32_t line = 0;
  };

  // The next column; nullopt: it stands for nothing readable.
  void add(const std::optional<GzoltarElement>& element);
  // After the last one.
  void sort();

  [[nodiscard]] std::size_t columns() const { return columns_; }
  // Readable elements; once sorted, those of one file side by side.
  [[nodiscard]] const std::vector<Element>& in_file_order() const { return in_file_order_; }
  [[nodiscard]] const std::string& file(const Element& element) const {
    return files_[element.file];
  }
  [[nodiscard]] const std::string& function(const Element& element) const {
    return functions_[element.function];
  }

 private:
  using Ids = std::unordered_map<std::string, std::uint32_t>;

  std::size_t columns_ = 0;
  std::vector<Element> in_file_order_;
  std::vector<std::string> files_;
  std::vector<std::string> functions_;
  Ids file_ids_;
  Ids function_ids_;
};

// Tells one run's elements, in file order.
class MatrixRow {
 public:
  MatrixRow(const MatrixElements& elements, Sink& sink) : elements_(elements), sink_(sink) {}

  void count(const MatrixElements::Element& element, std::uint64_t count);
  void hit(const MatrixElements::Element& element, bool executed);
  // A run that told nothing would count as one without a report: it tells its first element.
  void finish();

 private:
  void enter_file(const MatrixElements::Element& element);

  const MatrixElements& elements_;
  Sink& sink_;
  std::optional<std::uint32_t> file_;
};

// `name`, or `name#2`, `name#3` for later tests of that name.
class UniqueNames {
 public:
  std::string operator()(const std::string& name);

 private:
  std::unordered_map<std::string, std::uint64_t> times_;
  std::unordered_set<std::string> taken_;
};

}  // namespace culprit
