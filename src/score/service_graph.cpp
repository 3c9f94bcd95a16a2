#include "score/service_graph.h"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <tuple>
#include <unordered_map>

#include "score/trace_tree.h"

namespace culprit {

namespace {

struct Service {
  std::string_view name;
};

struct Calls {
  std::uint64_t calls = 0;
  std::uint64_t errors = 0;
};

using ServiceGraph =
    boost::adjacency_list<boost::setS, boost::vecS, boost::directedS, Service, Calls>;
using Vertex = boost::graph_traits<ServiceGraph>::vertex_descriptor;

ServiceGraph service_graph(std::span<const TraceTree> trees) {
  ServiceGraph graph;
  std::unordered_map<std::string_view, Vertex> vertices;
  const auto vertex_of = [&](const Span& span) {
    const auto [found, is_new] = vertices.emplace(span.service, 0);
    if (is_new) {
      found->second = boost::add_vertex(graph);
      graph[found->second].name = span.service;
    }
    return found->second;
  };
  for (const TraceTree& tree : trees) {
    for (std::size_t i = 0; i < tree.spans.size(); ++i) {
      if (tree.parents[i] == TraceTree::kNone) continue;
      const Span& callee = *tree.spans[i];
      const Span& caller = *tree.spans[tree.parents[i]];
      if (caller.service == callee.service) continue;
      // add_edge returns the edge that is there already: setS keeps no parallel ones.
      Calls& call =
          graph[boost::add_edge(vertex_of(caller), vertex_of(callee), Calls{}, graph).first];
      ++call.calls;
      if (callee.error) ++call.errors;
    }
  }
  return graph;
}

}  // namespace

std::vector<ServiceCall> service_calls(std::span<const Span> spans) {
  const std::vector<TraceTree> trees = trace_trees(spans);
  const ServiceGraph graph = service_graph(trees);
  std::vector<ServiceCall> result;
  for (auto [edge, end] = boost::edges(graph); edge != end; ++edge) {
    result.push_back({std::string(graph[boost::source(*edge, graph)].name),
                      std::string(graph[boost::target(*edge, graph)].name), graph[*edge].calls,
                      graph[*edge].errors});
  }
  std::sort(result.begin(), result.end(), [](const ServiceCall& a, const ServiceCall& b) {
    return std::tie(a.caller, a.callee) < std::tie(b.caller, b.callee);
  });
  return result;
}

}  // namespace culprit
