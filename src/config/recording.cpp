#include "config/recording.h"

#include <algorithm>
#include <filesystem>
#include <string_view>

#include "base/text.h"
#include "config/toml_document.h"

namespace culprit {

namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kMaxWaitMs = 3'600'000;
constexpr std::string_view kNameCharacters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";

class ConfigReader {
 public:
  explicit ConfigReader(const Input& file) : file_(file) {}

  Result<RecordingConfig> read() {
    const toml::parse_result parsed = toml::parse(file_.bytes);
    if (!parsed) {
      return fail(
          error_on(file_, parsed.error().source(), std::string(parsed.error().description())));
    }
    for (const auto& [key, value] : parsed.table()) {
      const std::string_view name = key.str();
      const Result<void> done =
          name == "base-url"     ? text(value, config_.base_url)
          : name == "timeout-ms" ? wait(value, config_.timeout_ms)
          : name == "quiet-ms"   ? wait(value, config_.quiet_ms)
          : name == "drain-ms"   ? wait(value, config_.drain_ms)
          : name == "traces"     ? paths(value, config_.traces)
          : name == "service"    ? services(value)
                                 : unknown(key,
                                           "base-url, timeout-ms, quiet-ms, drain-ms, traces and "
                                              "[[service]]");
      if (!done) return fail(done.error());
    }
    if (config_.services.empty()) {
      return fail(error_in(file_.path, "names no service",
                           "add [[service]] with a name and gcov = \"unix:PATH\" or jacoco = "
                           "\"HOST:PORT\""));
    }
    return std::move(config_);
  }

 private:
  Result<void> services(const toml::node& node) {
    const toml::array* const rows = node.as_array();
    if (rows == nullptr || !rows->is_homogeneous<toml::table>()) {
      return fail(error_on(file_, node.source(), "services are tables", "write [[service]]"));
    }
    for (const toml::node& row : *rows) {
      if (auto done = service(*row.as_table()); !done) return done;
    }
    return {};
  }

  Result<void> service(const toml::table& row) {
    ServiceConfig service;
    for (const auto& [key, value] : row) {
      const std::string_view name = key.str();
      Result<void> done;
      if (name == "name") {
        done = text(value, service.name);
      } else if (name == "build") {
        done = paths(value, service.build);
      } else if (name == "gcov" || name == "jacoco") {
        if (!service.address.empty()) {
          return fail(error_on(file_, value.source(), "a service has one of gcov and jacoco"));
        }
        service.tool = name == "gcov" ? CoverageTool::kGcov : CoverageTool::kJacoco;
        done = text(value, service.address);
        if (service.address.starts_with("unix:")) {
          service.address = "unix:" + below(service.address.substr(5));
        }
      } else {
        done = unknown(key, "name, gcov, jacoco and build");
      }
      if (!done) return done;
    }
    if (!consists_of(service.name, kNameCharacters) || service.name.starts_with('.')) {
      return fail(error_on(file_, row.source(), "a service's name is that of a folder",
                           "letters, digits, `-`, `_` and `.`, not first"));
    }
    if (service.address.empty()) {
      return fail(error_on(file_, row.source(), "how is the coverage of this service had?",
                           "gcov = \"unix:PATH\" or jacoco = \"HOST:PORT\""));
    }
    const auto same = [&](const ServiceConfig& other) { return other.name == service.name; };
    if (std::any_of(config_.services.begin(), config_.services.end(), same)) {
      return fail(error_on(file_, row.source(), "there is a service of this name already"));
    }
    config_.services.push_back(std::move(service));
    return {};
  }

  Result<void> text(const toml::node& node, std::string& target) {
    const auto value = node.value_exact<std::string>();
    if (!value || value->empty()) return fail(error_on(file_, node.source(), "this takes a text"));
    target = *value;
    return {};
  }

  Result<void> wait(const toml::node& node, std::uint32_t& target) {
    const auto value = node.value_exact<std::int64_t>();
    if (!value || *value < 1 || *value > kMaxWaitMs) {
      return fail(error_on(file_, node.source(),
                           "this takes milliseconds, 1 to " + std::to_string(kMaxWaitMs)));
    }
    target = static_cast<std::uint32_t>(*value);
    return {};
  }

  Result<void> paths(const toml::node& node, std::vector<std::string>& target) {
    const toml::array* const values = node.as_array();
    if (values == nullptr) {
      return fail(
          error_on(file_, node.source(), "this takes a list of paths", "write it as [\"path\"]"));
    }
    for (const toml::node& value : *values) {
      std::string path;
      if (auto done = text(value, path); !done) return done;
      target.push_back(below(path));
    }
    return {};
  }

  Result<void> unknown(const toml::key& key, std::string_view known) {
    return fail(error_on(file_, key.source(), "unknown key `" + std::string(key.str()) + "`",
                         "known here: " + std::string(known)));
  }

  [[nodiscard]] std::string below(const std::string& path) const {
    return (fs::path(file_.path).parent_path() / path).lexically_normal().string();
  }

  const Input& file_;
  RecordingConfig config_;
};

}  // namespace

Result<RecordingConfig> parse_recording_config(const Input& file) {
  return ConfigReader(file).read();
}

}  // namespace culprit
