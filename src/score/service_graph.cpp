#include "score/service_graph.h"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/depth_first_search.hpp>
#include <boost/graph/topological_sort.hpp>
#include <map>
#include <set>
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
  const auto vertex_of = [&](const SpanFacts& span) {
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
      const SpanFacts& callee = tree.facts(i);
      const SpanFacts& caller = tree.facts(tree.parents[i]);
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

// Calls beyond so many crossed layers run straight: no graph that anyone could read has them.
constexpr std::size_t kBentLayers = 20'000;

using PlainGraph = boost::adjacency_list<boost::setS, boost::vecS, boost::directedS>;
using Edge = std::pair<std::size_t, std::size_t>;

// Finds the edges that close circles.
struct CircleFinder : boost::default_dfs_visitor {
  explicit CircleFinder(std::set<Edge>& found) : closing(found) {}
  void back_edge(const boost::graph_traits<PlainGraph>::edge_descriptor& edge,
                 const PlainGraph& graph) {
    closing.emplace(boost::source(edge, graph), boost::target(edge, graph));
  }
  std::set<Edge>& closing;
};

// The longest way from a service that nobody calls, by vertex of a graph without circles.
std::vector<std::size_t> layers_of(const PlainGraph& graph) {
  std::vector<std::size_t> callees_first;
  boost::topological_sort(graph, std::back_inserter(callees_first));
  std::vector<std::size_t> layers(boost::num_vertices(graph), 0);
  for (auto vertex = callees_first.rbegin(); vertex != callees_first.rend(); ++vertex) {
    for (auto [edge, end] = boost::out_edges(*vertex, graph); edge != end; ++edge) {
      std::size_t& layer = layers[boost::target(*edge, graph)];
      layer = std::max(layer, layers[*vertex] + 1);
    }
  }
  return layers;
}

// Services, and the bends of calls that cross layers, in rows. A node is moved to the mean row of
// its neighbours in the layer before, then in the layer after, a few times over.
class Rows {
 public:
  explicit Rows(const std::vector<std::size_t>& layers) {
    for (const std::size_t layer : layers) add(layer);
  }
  std::size_t add(std::size_t layer) {
    if (layers_.size() <= layer) layers_.resize(layer + 1);
    layers_[layer].push_back(layer_of_.size());
    layer_of_.push_back(layer);
    before_.emplace_back();
    after_.emplace_back();
    return layer_of_.size() - 1;
  }
  void connect(std::size_t from, std::size_t to) {
    after_[from].push_back(to);
    before_[to].push_back(from);
  }
  // Rows by node, each layer centred on the tallest one.
  std::vector<double> settled() {
    constexpr int kSweeps = 8;
    number_rows();
    for (int sweep = 0; sweep < kSweeps; ++sweep) {
      const std::vector<std::vector<std::size_t>>& neighbours = sweep % 2 == 0 ? before_ : after_;
      for (std::vector<std::size_t>& layer : layers_) {
        std::vector<std::pair<double, std::size_t>> wanted;
        for (const std::size_t node : layer) {
          double sum = 0;
          for (const std::size_t other : neighbours[node]) sum += row_[other];
          const auto count = static_cast<double>(neighbours[node].size());
          wanted.emplace_back(count == 0 ? row_[node] : sum / count, node);
        }
        std::stable_sort(wanted.begin(), wanted.end(),
                         [](const auto& a, const auto& b) { return a.first < b.first; });
        for (std::size_t i = 0; i < wanted.size(); ++i) layer[i] = wanted[i].second;
        number_rows();
      }
    }
    return row_;
  }
  [[nodiscard]] double height() const {
    std::size_t height = 0;
    for (const auto& layer : layers_) height = std::max(height, layer.size());
    return static_cast<double>(height);
  }
  [[nodiscard]] double width() const { return static_cast<double>(layers_.size()); }

 private:
  void number_rows() {
    row_.resize(layer_of_.size());
    for (const auto& layer : layers_) {
      const double top = (height() - static_cast<double>(layer.size())) / 2;
      for (std::size_t i = 0; i < layer.size(); ++i) row_[layer[i]] = top + static_cast<double>(i);
    }
  }

  std::vector<std::vector<std::size_t>> layers_;  // nodes, top first
  std::vector<std::size_t> layer_of_;
  std::vector<std::vector<std::size_t>> before_, after_;  // by node
  std::vector<double> row_;
};

}  // namespace

std::vector<ServiceCall> service_calls(std::span<const TraceTree> trees) {
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

ServiceLayout layered_layout(std::span<const std::string> services,
                             std::span<const CallRecord> calls) {
  std::map<std::string, std::size_t> place_of;
  for (const std::string& service : services) place_of[service];
  for (const CallRecord& call : calls) {
    place_of[call.caller];
    place_of[call.callee];
  }
  ServiceLayout layout;
  for (auto& [service, place] : place_of) {
    place = layout.places.size();
    layout.places.push_back({service});
  }
  PlainGraph graph(layout.places.size());
  for (const CallRecord& call : calls) {
    layout.routes.push_back({place_of[call.caller], place_of[call.callee], {}});
    if (call.caller != call.callee) {
      boost::add_edge(layout.routes.back().caller, layout.routes.back().callee, graph);
    }
  }
  std::set<Edge> backwards;
  boost::depth_first_search(graph, boost::visitor(CircleFinder(backwards)));
  for (const auto& [caller, callee] : backwards) {
    boost::remove_edge(caller, callee, graph);
    boost::add_edge(callee, caller, graph);
  }
  const std::vector<std::size_t> layers = layers_of(graph);

  Rows rows(layers);
  std::size_t bent_layers = 0;
  std::vector<std::vector<std::size_t>> bends(layout.routes.size());
  for (std::size_t i = 0; i < layout.routes.size(); ++i) {
    const auto [early, late] =
        std::minmax(layout.routes[i].caller, layout.routes[i].callee,
                    [&](std::size_t a, std::size_t b) { return layers[a] < layers[b]; });
    if (layers[early] == layers[late]) continue;
    std::size_t last = early;
    const bool bent = (bent_layers += layers[late] - layers[early]) <= kBentLayers;
    for (std::size_t layer = layers[early] + 1; bent && layer < layers[late]; ++layer) {
      bends[i].push_back(rows.add(layer));
      rows.connect(last, bends[i].back());
      last = bends[i].back();
    }
    rows.connect(last, late);
  }
  const std::vector<double> row = rows.settled();
  for (std::size_t i = 0; i < layout.places.size(); ++i) {
    layout.places[i].layer = static_cast<double>(layers[i]);
    layout.places[i].row = row[i];
  }
  for (std::size_t i = 0; i < layout.routes.size(); ++i) {
    ServiceLayout::Route& route = layout.routes[i];
    auto layer = static_cast<double>(std::min(layers[route.caller], layers[route.callee]));
    for (const std::size_t bend : bends[i]) route.through.emplace_back(++layer, row[bend]);
    if (layers[route.callee] < layers[route.caller]) {
      std::reverse(route.through.begin(), route.through.end());
    }
  }
  layout.layers = rows.width();
  layout.rows = rows.height();
  return layout;
}

}  // namespace culprit
