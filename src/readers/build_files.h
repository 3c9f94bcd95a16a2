// What the build of a covered program left behind, for the readers of raw data, which says nothing
// without it: gcov's notes by stamp and name, Java's classes. Filled once, by several threads,
// before runs are read; read by all afterwards.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

#include "readers/gcov_object.h"
#include "readers/java_build.h"

namespace culprit {

class BuildFiles {
 public:
  // What Java compilers add to the source that is left out, as JaCoCo's report does.
  JavaFilterSet jacoco_filters = JavaFilterSet::all();
  bool jacoco_sessions_apart = false;  // each session of a .exec is a run of its own
  GcovMode gcov;

  // Safe to call from several threads at once.
  void add(std::unique_ptr<const GcovObject> object);
  void add(std::string_view path, AnalysedClass analysed);
  // Puts everything in an order that does not depend on threads. Once, after the last add() and
  // before the first question.
  void finish();

  // The object whose counters lie at `data_path`: of those whose notes are called so and have the
  // stamp, the one with which it has the most folders in common, at the end of both paths or else
  // anywhere. Null: none. Where `/` became `#`, paths agree all the same.
  struct GcovMatch {
    const GcovObject* object = nullptr;
    const GcovObject* rival = nullptr;  // that fits as well, and says something else
  };
  [[nodiscard]] GcovMatch gcov_object(std::string_view data_path, std::uint32_t stamp) const;
  // The same whatever the stamp, to name what was built at another time.
  [[nodiscard]] const GcovObject* gcov_object(std::string_view data_path) const;
  [[nodiscard]] const JavaBuild& java() const { return java_; }

 private:
  template <class Fits>
  GcovMatch nearest_object(std::string_view data_path, Fits fits) const;
  template <class Fits>
  GcovMatch nearest_named(std::string_view data, Fits fits) const;

  std::mutex mutex_;
  struct NamedObject {
    std::string_view name;  // of its file, without the extension
    std::unique_ptr<const GcovObject> object;
  };
  std::vector<NamedObject> objects_;  // by name, then path
  JavaBuild java_;
};

}  // namespace culprit
