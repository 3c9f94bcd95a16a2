// Random run sets with the same content twice: as a Spectrum, and as plain tables for naive sums.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "culprit/outcome.h"
#include "culprit/spectrum.h"

namespace culprit {

struct RandomMatrix {
  std::size_t runs = 0;
  std::size_t lines = 0;
  std::vector<std::vector<std::uint64_t>> counts;  // [line][run]; 0: not executed
  std::vector<std::vector<bool>> reported;         // [line][run]
  std::vector<Outcome> outcomes;
  Spectrum spectrum;
};

struct MatrixShape {
  std::size_t runs = 100;
  std::size_t lines = 40;
  std::size_t services = 3;
  double density = 0.4;
  double missing = 0.2;  // share of (run, service) pairs without a report
  double soft = 0.3;     // share of runs with a weight strictly between 0 and 1
  double unknown = 0.1;
  double failing = 0.3;
  bool counted = true;
};

inline RandomMatrix random_matrix(unsigned seed, const MatrixShape& shape) {
  std::mt19937_64 random(seed);
  const auto chance = [&](double p) { return std::uniform_real_distribution<>(0, 1)(random) < p; };
  RandomMatrix m;
  m.runs = shape.runs;
  m.lines = shape.lines;
  Spectrum::Builder builder;
  std::vector<RunId> run_ids;
  const auto name = [](const char* prefix, std::size_t i) {
    const std::string number = std::to_string(i);
    return prefix + std::string(4 - number.size(), '0') + number;
  };
  for (std::size_t r = 0; r < m.runs; ++r) run_ids.push_back(builder.run(name("r", r)));
  m.counts.assign(m.lines, std::vector<std::uint64_t>(m.runs));
  m.reported.assign(m.lines, std::vector<bool>(m.runs));
  for (std::size_t s = 0; s < shape.services; ++s) {
    const ServiceId service = builder.service(name("s", s));
    const FileId file = builder.file(service, "a.cc");
    std::vector<bool> present(m.runs);
    for (std::size_t r = 0; r < m.runs; ++r) {
      present[r] = !chance(shape.missing);
      if (present[r]) builder.report(run_ids[r], service);
    }
    // Lines of a service are neighbours, so that the Spectrum's order is ours.
    for (std::size_t l = s * m.lines / shape.services; l < (s + 1) * m.lines / shape.services;
         ++l) {
      const LineId line = builder.line(file, static_cast<std::uint32_t>(l + 1));
      builder.assign(line, builder.function(file, name("f", l / 4)));
      for (std::size_t r = 0; r < m.runs; ++r) {
        m.reported[l][r] = present[r];
        if (!present[r] || !chance(shape.density)) continue;
        const std::uint64_t count = shape.counted ? random() % 1000 + 1 : 1;
        m.counts[l][r] = count;
        if (shape.counted) {
          builder.hit(run_ids[r], line, count);
        } else {
          builder.hit(run_ids[r], std::vector{line});
        }
      }
    }
  }
  for (std::size_t r = 0; r < m.runs; ++r) {
    if (chance(shape.unknown)) {
      m.outcomes.push_back({});
    } else if (chance(shape.soft)) {
      const double weight = std::uniform_real_distribution<>(0.01, 0.99)(random);
      m.outcomes.push_back({weight >= 0.5 ? Verdict::kFailed : Verdict::kPassed, weight, ""});
    } else {
      m.outcomes.push_back(chance(shape.failing) ? Outcome::failed("") : Outcome::passed(""));
    }
  }
  m.spectrum = std::move(builder).build();
  return m;
}

// Shapes that cover weights, missing reports, sides without runs, and block borders.
inline std::vector<MatrixShape> shapes() {
  std::vector<MatrixShape> all(9);
  all[1] = {.runs = 64, .soft = 0, .unknown = 0};
  all[2] = {.runs = 65, .missing = 0, .soft = 1};
  all[3] = {.runs = 200, .failing = 0};
  all[4] = {.runs = 30, .soft = 0, .failing = 1};
  all[5] = {.runs = 1, .services = 1, .missing = 0, .unknown = 0};
  all[6] = {.runs = 130, .counted = false};
  all[7] = {.runs = 70, .unknown = 1};
  all[8] = {.runs = 90, .density = 0, .missing = 0.9};
  return all;
}

}  // namespace culprit
