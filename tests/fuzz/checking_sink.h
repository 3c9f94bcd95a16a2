// A sink for fuzz targets: reads every byte it is given, so that a view of freed memory is seen,
// and holds readers to what sink.h promises.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <utility>
#include <vector>

#include "readers/sink.h"

namespace culprit {

inline void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "broken promise: %s\n", what);
  std::abort();
}

class CheckingSink final : public Sink {
 public:
  void run(std::string_view name) override { touch(name); }
  void service(std::string_view name) override { touch(name); }
  void outcome(Verdict, std::string_view reason) override { touch(reason); }
  void file(std::string_view path) override { touch(path); }
  void function(std::string_view name, std::uint32_t first, std::uint32_t last) override {
    touch(name);
    require(first <= kMaxLine && last <= kMaxLine, "function lines are at most kMaxLine");
  }
  void line(std::uint32_t number, std::uint64_t, std::string_view function) override {
    touch(function);
    require(number <= kMaxLine, "line numbers are at most kMaxLine");
  }
  void hit(std::uint32_t number, bool, std::string_view function) override {
    line(number, 0, function);
  }
  void lost(std::string_view) override {}
  void branch(std::uint32_t number, bool) override {
    require(number < kMaxBranches, "a line has at most kMaxBranches branches");
  }
  void branches(std::uint32_t taken, std::uint32_t of) override {
    require(taken <= of && of <= kMaxBranches,
            "no more branches are taken than there are, at most kMaxBranches");
  }
  void request(Request&& request) override {
    touch(request.url);
    touch(request.endpoint);
  }
  void span(Span&& span) override { spans_.push_back(std::move(span)); }
  void window(const Window&) override {}
  [[nodiscard]] const std::vector<Span>& spans() const { return spans_; }
  [[nodiscard]] int warnings() const { return warnings_; }
  void warn(Error error) override {
    touch(to_string(error));
    require(++warnings_ <= 1000, "warnings are folded");
  }

 private:
  void touch(std::string_view text) {
    for (const char c : text) sum_ = sum_ + static_cast<unsigned char>(c);
  }
  volatile unsigned sum_ = 0;
  std::vector<Span> spans_;
  int warnings_ = 0;
};

}  // namespace culprit
