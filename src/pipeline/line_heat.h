// How suspicious each executable line is, for views of the source.
#pragma once

#include <vector>

#include "culprit/report.h"
#include "score/rank.h"

namespace culprit {

// Every line, by service and file. The heat is the line's probability against the highest one, or
// under a formula its score between the lowest and the highest.
[[nodiscard]] std::vector<FileHeat> line_heat(const Evidence& evidence, const Method& method);

// The heat for one cluster after the other, bounded for all of them together.
class ClusterHeats {
 public:
  static constexpr std::size_t kMostLines = 400'000;

  // `of_all`: the line_heat() of all failing runs.
  explicit ClusterHeats(std::vector<FileHeat> of_all) : of_all_(std::move(of_all)) {}

  // `heat`: the line_heat() of the same spectrum for the cluster.
  void add(std::size_t cluster, std::vector<FileHeat> heat);
  [[nodiscard]] std::size_t left_out() const { return left_out_; }
  [[nodiscard]] std::vector<ClusterHeat> take() { return std::move(clusters_); }

 private:
  std::vector<FileHeat> of_all_;
  std::vector<ClusterHeat> clusters_;
  std::size_t lines_ = 0;
  std::size_t left_out_ = 0;
};

}  // namespace culprit
