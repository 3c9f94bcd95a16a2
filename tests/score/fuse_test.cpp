#include "score/fuse.h"

#include <gtest/gtest.h>

#include <cmath>

namespace culprit {
namespace {

Spectrum services(const std::vector<std::string>& names) {
  Spectrum::Builder builder;
  for (const std::string& name : names) {
    builder.hit(builder.run("r"), builder.line(builder.file(builder.service(name), "a"), 1), 1);
  }
  return std::move(builder).build();
}

TEST(Fusion, IsNothingWithoutTraces) {
  EXPECT_EQ(service_shifts(services({"a", "b"}), {}, {}), (std::vector<double>{0, 0}));
}

TEST(Fusion, FollowsItsFormula) {
  // Three services: a (S = 2), b (S = 0, not traced), c (traced only, S = 1).
  const std::vector<ServiceSuspicion> suspicions = {{"a", 2, {}}, {"c", 1, {}}};
  const std::vector<double> shifts = service_shifts(services({"a", "b"}), suspicions, {0.3, 0.1});
  const double sum = std::exp(2.0) + std::exp(0.0) + std::exp(1.0);
  EXPECT_NEAR(shifts[0], 0.3 * std::log(3 * (0.9 * std::exp(2.0) / sum + 0.1 / 3)), 1e-12);
  EXPECT_NEAR(shifts[1], 0.3 * std::log(3 * (0.9 * std::exp(0.0) / sum + 0.1 / 3)), 1e-12);
}

TEST(Fusion, CannotBuryAServiceBelowItsFloor) {
  const std::vector<ServiceSuspicion> suspicions = {{"a", 1e6, {}}};
  const std::vector<double> shifts = service_shifts(services({"a", "b"}), suspicions, {1, 0.1});
  EXPECT_NEAR(shifts[1], std::log(2 * 0.1 / 2), 1e-12);
  EXPECT_NEAR(shifts[0], std::log(2 * (0.9 + 0.1 / 2)), 1e-12);
}

TEST(Fusion, FindsServicesWhateverTheirSpelling) {
  const std::vector<ServiceSuspicion> suspicions = {{"Order_Service", 3, {}}};
  const std::vector<double> shifts =
      service_shifts(services({"order-service", "other"}), suspicions, {});
  EXPECT_GT(shifts[0], shifts[1]);
}

}  // namespace
}  // namespace culprit
