#include "score/fuse.h"

#include <Eigen/Core>
#include <algorithm>
#include <map>

#include "base/text.h"

namespace culprit {

std::string service_key(std::string_view name) {
  std::string key = lower(name);
  std::replace(key.begin(), key.end(), '_', '-');
  return key;
}

std::vector<double> service_shifts(const Spectrum& spectrum,
                                   std::span<const ServiceSuspicion> suspicions,
                                   const TracePolicy& policy) {
  std::vector<double> result(spectrum.services().size(), 0.0);
  if (suspicions.empty()) return result;
  std::map<std::string, double> suspicion_of;
  for (const std::string& service : spectrum.services()) suspicion_of[service_key(service)] = 0;
  for (const ServiceSuspicion& row : suspicions) {
    double& known = suspicion_of[service_key(row.service)];
    known = known == 0 ? row.suspicion : std::max(known, row.suspicion);
  }
  const auto services = static_cast<double>(suspicion_of.size());
  Eigen::ArrayXd suspicion(static_cast<Eigen::Index>(suspicion_of.size()));
  std::map<std::string, Eigen::Index> index_of;
  for (const auto& [service, value] : suspicion_of) {
    const auto index = static_cast<Eigen::Index>(index_of.size());
    index_of[service] = index;
    suspicion(index) = value;
  }
  const Eigen::ArrayXd odds = (suspicion - suspicion.maxCoeff()).exp();
  const Eigen::ArrayXd probability =
      (1 - policy.floor) * odds / odds.sum() + policy.floor / services;
  const Eigen::ArrayXd shift = policy.weight * (services * probability).log();
  for (std::size_t i = 0; i < result.size(); ++i) {
    result[i] = shift(index_of.at(service_key(spectrum.services()[i])));
  }
  return result;
}

}  // namespace culprit
