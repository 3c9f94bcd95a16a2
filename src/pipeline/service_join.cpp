#include "pipeline/service_join.h"

#include <set>
#include <string_view>

#include "base/text.h"
#include "readers/service_names.h"
#include "score/fuse.h"

namespace culprit {

namespace {

std::string near_name(std::string_view name, const std::set<std::string>& known) {
  const auto near = nearest(name, {known.begin(), known.end()});
  return near ? "did you mean " + std::string(*near) + "?" : std::string();
}

}  // namespace

ServiceJoin join_services(const Spectrum& spectrum,
                          const std::map<std::string, std::string>& service_map, SpanStore& spans) {
  ServiceJoin join;
  std::map<std::string, std::string> covered;  // by key
  std::set<std::string> covered_names;
  for (const std::string& service : spectrum.services()) {
    if (service.empty()) continue;
    covered.emplace(service_key(service), service);
    covered_names.insert(service);
  }
  std::map<std::string, std::string> new_names;
  std::set<std::string> traced;
  spans.for_each_facts([&](const SpanFacts& facts) { traced.insert(facts.service); });
  for (const std::string& name : traced) {
    if (name.empty() || covered.contains(service_key(name))) continue;
    const auto of_pod = covered.find(service_key(service_of_pod(name)));
    const auto told = service_map.find(name);
    if (of_pod != covered.end()) {
      new_names[name] = of_pod->second;
    } else if (told != service_map.end()) {
      new_names[name] = told->second;
    } else if (!covered.empty()) {
      join.unmapped.push_back(name);
    }
  }
  for (const auto& [name, target] : service_map) {
    if (!traced.empty() && !traced.contains(name)) {
      join.problems.push_back(error_in("[service_map]", "no trace has a service " + printable(name),
                                       near_name(name, traced)));
    } else if (!covered.contains(service_key(target))) {
      join.problems.push_back(error_in("[service_map]",
                                       "no run has coverage of a service " + printable(target),
                                       near_name(target, covered_names)));
    }
  }
  if (new_names.empty()) return join;
  spans.rename_services([&](const std::string& service) {
    const auto found = new_names.find(service);
    return found == new_names.end() ? service : found->second;
  });
  return join;
}

}  // namespace culprit
