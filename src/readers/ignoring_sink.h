// A sink that takes everything and keeps nothing: a base for those who want a part of what readers
// tell.
#pragma once

#include "readers/sink.h"

namespace culprit {

class IgnoringSink : public Sink {
 public:
  void run(std::string_view) override {}
  void service(std::string_view) override {}
  void outcome(Verdict, std::string_view) override {}
  void file(std::string_view) override {}
  void function(std::string_view, std::uint32_t, std::uint32_t) override {}
  void line(std::uint32_t, std::uint64_t, std::string_view) override {}
  void hit(std::uint32_t, bool, std::string_view) override {}
  void hits(const LineTable&, std::span<const std::uint64_t>) override {}
  void counts(const LineTable&, std::span<const LineCount>) override {}
  void lost(std::string_view) override {}
  void branch(std::uint32_t, bool) override {}
  void branches(std::uint32_t, std::uint32_t) override {}
  void request(Request&&) override {}
  void span(Span&&) override {}
  void window(const Window&) override {}
  void warn(Error) override {}
};

}  // namespace culprit
