// file: URIs and the paths they stand for.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace culprit::lsp {

// nullopt for anything but an absolute path on this machine.
[[nodiscard]] std::optional<std::string> path_of_uri(std::string_view uri);
[[nodiscard]] std::string uri_of_path(std::string_view path);

}  // namespace culprit::lsp
