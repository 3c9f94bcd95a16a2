// The routes of an API, as traces tell them: which of them a request was sent to.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace culprit {

class Routes {
 public:
  // A route with holes, "/orders/{id}", ":id", "<id>" or "*"; what a hole is called is forgotten.
  // Paths without a hole are ignored: nothing tells them from a path as it was sent.
  void add(std::string_view method, std::string_view route);

  [[nodiscard]] bool empty() const { return shapes_.empty(); }

  // The request's method and endpoint, "POST /orders/{}/cancel": by the route that its path fits,
  // the one with most words in common; else by its path with ids as {}. `method` may be empty.
  [[nodiscard]] std::string endpoint(std::string_view method, std::string_view url) const;

  // The request's URL up to the last id of its path, "http://h/orders/17" of
  // "http://h/orders/17/tickets?all=1"; empty where the path has none.
  [[nodiscard]] std::string resource(std::string_view method, std::string_view url) const;

 private:
  // The request's path with {} in place of ids.
  [[nodiscard]] std::string shape(std::string_view method, std::string_view url) const;

  // Method -> number of segments -> shapes.
  std::map<std::string, std::map<std::size_t, std::set<std::string>>, std::less<>> shapes_;
};

}  // namespace culprit
