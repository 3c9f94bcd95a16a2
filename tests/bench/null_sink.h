// A sink that takes everything and keeps nothing, to measure readers alone.
#pragma once

#include "readers/sink.h"

namespace culprit {

class NullSink final : public Sink {
 public:
  void run(std::string_view) override {}
  void service(std::string_view) override {}
  void outcome(Verdict, std::string_view) override {}
  void file(std::string_view) override { ++events; }
  void function(std::string_view, std::uint32_t, std::uint32_t) override { ++events; }
  void line(std::uint32_t, std::uint64_t, std::string_view) override { ++events; }
  void hit(std::uint32_t, bool, std::string_view) override { ++events; }
  void hits(const LineTable&, std::span<const std::uint64_t> executed) override {
    events += executed.size();
  }
  void branch(std::uint32_t, bool) override { ++events; }
  void branches(std::uint32_t, std::uint32_t) override { ++events; }
  void request(Request&&) override {}
  void span(Span&&) override {}
  void window(const Window&) override {}
  void warn(Error) override {}

  std::size_t events = 0;
};

}  // namespace culprit
