// What an API promises: the statuses that each of its operations may answer with, as an OpenAPI
// file declares them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace culprit {

class ApiContract {
 public:
  // `path` with parameters in braces ("/orders/{id}"); of statuses "404", "4XX" and "default".
  void declare(std::string_view method, std::string_view path, std::vector<std::string> statuses);
  // What stands before every path: "/api/v1".
  void add_base_path(std::string_view path);

  // Whether the operation that serves `path`, a path of a request in which `{}` may stand for ids,
  // may answer with the status; nullopt: there is no such operation.
  [[nodiscard]] std::optional<bool> declares(std::string_view method, std::string_view path,
                                             int status) const;
  [[nodiscard]] std::size_t operations() const { return operations_.size(); }

 private:
  struct Operation {
    std::string method;
    std::vector<std::string> segments;
    std::vector<std::string> statuses;
  };
  [[nodiscard]] const Operation* find(std::string_view method,
                                      const std::vector<std::string_view>& path) const;

  std::vector<Operation> operations_;
  std::vector<std::vector<std::string>> base_paths_;
};

}  // namespace culprit
