// The warnings of one file, with repeats folded: the first three of a kind, then their number.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "culprit/error.h"
#include "readers/sink.h"

namespace culprit {

class FoldedWarnings {
 public:
  FoldedWarnings(std::string_view path, Sink& sink) : path_(path), sink_(sink) {}

  // A record that is skipped, or (`repaired`) one that is taken with a changed value. `kind`
  // outlives this object. `make` returns the Error and runs only for those that are shown: finding
  // a place costs a pass over the file.
  template <class MakeError>
  void skipped(std::string_view kind, MakeError&& make) {
    ++skipped_;
    if (count(kind)) sink_.warn(make());
  }
  template <class MakeError>
  void repaired(std::string_view kind, MakeError&& make) {
    if (count(kind)) sink_.warn(make());
  }

  // Once, at the end of the file: the numbers of what was folded, and a doubt when more than 5 % of
  // `records` (all there were) had to be skipped.
  void finish(std::size_t records);

 private:
  // Whether this one is to be shown.
  bool count(std::string_view kind);

  struct Kind {
    std::string_view name;
    std::size_t seen = 0;
  };
  std::string path_;
  Sink& sink_;
  std::vector<Kind> kinds_;
  std::size_t skipped_ = 0;
};

}  // namespace culprit
