// Walks one JSON document without parsing it, and hands out the values that a reader parses one
// at a time: what lies in the lists that it names ("resourceSpans"), or the document itself where
// it has none of them. However large the document, no more of it than one such value is looked at.
//
// Brackets and quotes are followed; that a value handed out is JSON is for its parser to say.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace culprit {

class JsonWalk {
 public:
  struct Row {
    std::string_view json;
    std::string_view list;   // the list it lies in, as it was named; empty: none
    std::size_t levels = 0;  // it lies in so many objects and arrays
    // From where on it nests deeper than kMaxJsonDepth, its levels counted; null: it does not.
    std::string_view deep;
  };
  struct Problem {
    std::size_t offset = 0;
    std::string what;
  };

  // The document at the start of `text`, blanks before it aside. A list is entered whether an array
  // or an object is its value; arrays directly inside of arrays are.
  JsonWalk(std::string_view text, std::span<const std::string_view> lists)
      : text_(text), lists_(lists) {}

  // nullopt: the document's end, or a problem.
  [[nodiscard]] std::optional<Row> next();
  [[nodiscard]] const std::optional<Problem>& problem() const { return problem_; }
  // What has been walked over.
  [[nodiscard]] std::size_t position() const { return position_; }

  // Whether next() came to the end of the text, where more of the document may follow: then the
  // walk goes on before the value it came to, in the text from resume_at() on and what follows it.
  [[nodiscard]] bool ran_out() const { return ran_out_; }
  [[nodiscard]] std::size_t resume_at() const { return saved_position_; }
  void resume(std::string_view text);

 private:
  struct Frame {
    bool is_object;
    bool is_empty = true;
    std::string_view name;  // of the list it is, or is part of
  };
  // What a value skipped was like.
  struct Skipped {
    bool complete = false;
    std::optional<std::size_t> deep_at;
  };

  [[nodiscard]] char peek();
  // The list of that name; empty: none.
  [[nodiscard]] std::string_view list_named(std::string_view key) const;
  // Past the string, or the value, at the position.
  [[nodiscard]] bool skip_string();
  [[nodiscard]] Skipped skip_value(std::size_t levels);
  // Past a key and its colon.
  [[nodiscard]] std::optional<std::string_view> key();
  // Steps over the comma before the next member or element; false: the container ends, or damage.
  [[nodiscard]] bool step(Frame& frame);
  [[nodiscard]] bool holds_list(std::size_t levels, Skipped& skipped);
  [[nodiscard]] std::optional<Row> enter(std::string_view name);
  void save();
  void fail_at(std::size_t offset, std::string what);
  void fail_cut_off();

  std::string_view text_;
  std::span<const std::string_view> lists_;
  std::size_t position_ = 0;
  std::vector<Frame> frames_;
  std::optional<Problem> problem_;
  bool started_ = false;
  bool ran_out_ = false;
  // As it was before the value that next() is at.
  std::size_t saved_position_ = 0;
  std::vector<Frame> saved_frames_;
  bool saved_started_ = false;
};

// `json` with null for every `span` inside of `references`, however deep they nest: Jaeger's user
// interface repeats a span's parents there, one inside the other.
[[nodiscard]] std::string without_reference_spans(std::string_view json);

}  // namespace culprit
