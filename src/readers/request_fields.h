// The fields of a request, or of a test case, by the names tools give them; the same for JSON and
// for CSV. A reader looks its keys up once, sets the values of a row, and has a Request made of
// them.
//
//     fields.clear();
//     fields.set(*RequestFields::find("status_code"), FieldValue::of(std::int64_t{200}));
//     if (const auto problem = fields.read(request)) skip(*problem);
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "culprit/request.h"
#include "readers/field_value.h"

namespace culprit {

// A body is kept up to this length.
inline constexpr std::size_t kMaxBodyBytes = std::size_t{16} << 10;

// Why a row is skipped: the field to point at (empty: the row) and what is wrong with it. `kind`
// and `field` are literals.
struct FieldProblem {
  std::string_view kind;
  std::string_view field;
  std::string what;
  std::string hint = {};
};

class RequestFields {
 public:
  static constexpr std::size_t kMaxNames = 128;
  using Name = std::uint8_t;

  // A name as tools spell it; a dot goes down into an object ("response.status").
  [[nodiscard]] static std::optional<Name> find(std::string_view name);
  [[nodiscard]] static std::optional<Name> find_ignoring_case(std::string_view name);
  // Whether the members of an object called `name` can be fields: "response" of "response.status".
  [[nodiscard]] static bool is_object(std::string_view name);
  // Whether rows with fields of these names are results, and say of what.
  [[nodiscard]] static bool tell_results(const std::function<bool(std::string_view)>& has);

  void clear() { set_ = {}; }
  void set(Name name, const FieldValue& value) {
    if (!has(met_, name)) meet(name);
    set_[name / 64] |= bit(name);
    values_[name] = value;
  }
  // Fills `request` from what was set. A row that says nothing of a result is a problem too.
  [[nodiscard]] std::optional<FieldProblem> read(Request& request) const;

 private:
  using Names = std::array<std::uint64_t, kMaxNames / 64>;
  // What a field can mean; a name may have several meanings.
  enum Meaning : std::uint8_t {
    kRun,
    kTest,
    kTime,
    kMethod,
    kUrl,
    kName,
    kTemplate,
    kStatus,
    kGrpcStatus,
    kVerdict,
    kError,
    kTrace,
    kBody,
    kLatency,
    kMeanings
  };
  struct Vocabulary;
  static const Vocabulary& vocabulary();

  static std::uint64_t bit(Name name) { return std::uint64_t{1} << name % 64; }
  static bool has(const Names& names, Name name) { return (names[name / 64] & bit(name)) != 0; }
  // The first value of a file under this name.
  void meet(Name name);

  struct Found {
    Name name = 0;
    const FieldValue* value = nullptr;
    explicit operator bool() const { return value != nullptr; }
  };
  [[nodiscard]] Found first(Meaning meaning) const;
  // Calls take(name, value) for what is set, most telling name first, until it returns true.
  template <class Take>
  bool any_of(Meaning meaning, Take&& take) const;
  void read_text(Meaning meaning, std::string& text) const;

  [[nodiscard]] std::string error_text() const;
  [[nodiscard]] std::optional<FieldProblem> read_run(Request& request) const;
  [[nodiscard]] std::optional<FieldProblem> read_status(Request& request) const;
  void read_grpc_status(Request& request) const;
  [[nodiscard]] std::optional<FieldProblem> read_verdict(Request& request) const;
  [[nodiscard]] std::optional<FieldProblem> read_time(Request& request) const;
  [[nodiscard]] std::optional<FieldProblem> read_latency(Request& request) const;
  void read_trace(Request& request) const;
  void read_endpoint(Request& request) const;

  Names set_ = {};
  Names met_ = {};
  // Of a file's few names, those with each meaning, most telling first.
  std::array<std::vector<Name>, kMeanings> met_as_;
  std::array<FieldValue, kMaxNames> values_;
};

}  // namespace culprit
