// Counts what is told of coverage and lets it go, to measure readers alone.
#pragma once

#include "readers/ignoring_sink.h"

namespace culprit {

class NullSink final : public IgnoringSink {
 public:
  void file(std::string_view) override { ++events; }
  void function(std::string_view, std::uint32_t, std::uint32_t) override { ++events; }
  void line(std::uint32_t, std::uint64_t, std::string_view) override { ++events; }
  void hit(std::uint32_t, bool, std::string_view) override { ++events; }
  void hits(const LineTable&, std::span<const std::uint64_t> executed) override {
    events += executed.size();
  }
  void counts(const LineTable&, std::span<const LineCount> executed) override {
    events += executed.size();
  }
  void branch(std::uint32_t, bool) override { ++events; }
  void branches(std::uint32_t, std::uint32_t) override { ++events; }

  std::size_t events = 0;
};

}  // namespace culprit
