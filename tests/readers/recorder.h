// A sink that writes down every event in words, for tests of readers.
#pragma once

#include <string>
#include <vector>

#include "base/input.h"
#include "readers/sink.h"

namespace culprit {

// events: "run t1", "service s", "outcome failed (why)", "file a.cc", "function f 3-9",
// "line 3 x2", "line 3 x2 in f", "hit 4", "miss 5", "hit 4 in f", "lost a.cc".
class Recorder : public Sink {
 public:
  std::vector<std::string> events;
  std::vector<std::string> branches_told;  // "8.0 taken", "8.1 not", "9: 1/2"
  std::vector<Request> requests;
  std::vector<Span> spans;
  std::vector<Window> windows;
  std::vector<Error> warnings;

  void run(std::string_view name) override { add("run", name); }
  void service(std::string_view name) override { add("service", name); }
  void outcome(Verdict verdict, std::string_view reason) override {
    const char* word = verdict == Verdict::kFailed   ? "failed"
                       : verdict == Verdict::kPassed ? "passed"
                                                     : "unknown";
    events.push_back(std::string("outcome ") + word + " (" + std::string(reason) + ")");
  }
  void file(std::string_view path) override { add("file", path); }
  void function(std::string_view name, std::uint32_t first_line, std::uint32_t last_line) override {
    add("function",
        std::string(name) + " " + std::to_string(first_line) + "-" + std::to_string(last_line));
  }
  void line(std::uint32_t number, std::uint64_t count, std::string_view function) override {
    line_ = number;
    add("line", std::to_string(number) + " x" + std::to_string(count) + owner(function));
  }
  void hit(std::uint32_t number, bool executed, std::string_view function) override {
    line_ = number;
    add(executed ? "hit" : "miss", std::to_string(number) + owner(function));
  }
  void lost(std::string_view path) override { add("lost", path); }
  void branch(std::uint32_t number, bool taken) override {
    branches_told.push_back(std::to_string(line_) + "." + std::to_string(number) +
                            (taken ? " taken" : " not"));
  }
  void branches(std::uint32_t taken, std::uint32_t of) override {
    branches_told.push_back(std::to_string(line_) + ": " + std::to_string(taken) + "/" +
                            std::to_string(of));
  }
  void request(Request&& request) override { requests.push_back(std::move(request)); }
  void span(Span&& span) override { spans.push_back(std::move(span)); }
  void window(const Window& window) override { windows.push_back(window); }
  void warn(Error error) override { warnings.push_back(std::move(error)); }

 private:
  void add(const char* kind, std::string_view what) {
    events.push_back(std::string(kind) + " " + std::string(what));
  }
  static std::string owner(std::string_view function) {
    return function.empty() ? std::string() : " in " + std::string(function);
  }
  std::uint32_t line_ = 0;
};

// What a reader told of some bytes, and whether it took them.
struct Reading {
  Recorder recorder;
  Result<void> result;
};

inline Reading reading_of(Result<void> (*read)(const Input&, Sink&), const Input& input) {
  Reading reading;
  reading.result = read(input, reading.recorder);
  return reading;
}

}  // namespace culprit
