#include "readers/jacoco_owners.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace culprit {

namespace {

bool is_initialiser(const JacocoMethod& method) {
  return method.name == "<init>" || method.name == "<clinit>";
}

bool is_inside(std::string_view class_name, std::string_view outer) {
  return class_name.starts_with(outer) &&
         (class_name.size() == outer.size() || class_name[outer.size()] == '$');
}

// How many parts of the nested name begin with a digit: classes that stand inside a method do.
std::size_t local_classes(std::string_view nested) {
  std::size_t count = 0;
  for (std::size_t at = nested.find('$'); at != std::string_view::npos;
       at = nested.find('$', at + 1)) {
    if (at + 1 < nested.size() && nested[at + 1] >= '0' && nested[at + 1] <= '9') ++count;
  }
  return count;
}

bool is_lambda(const JacocoMethod& method) {
  return method.name.find('$') != std::string_view::npos;
}

// How many methods this one is written inside of.
std::size_t depth(const JacocoMethod& method) {
  return local_classes(method.class_name) + (is_lambda(method) ? 1 : 0);
}

// Whether `inner`, which begins later, can stand between the lines of `outer`. Initialisers lie
// scattered over their whole class, other methods are interrupted only by what is written in them.
bool may_contain(const JacocoMethod& outer, const JacocoMethod& inner) {
  if (!is_inside(inner.class_name, outer.class_name)) return false;
  if (is_initialiser(outer)) return true;
  const std::string_view nested = inner.class_name.substr(outer.class_name.size());
  return nested.empty() ? is_lambda(inner) : local_classes(nested) > 0;
}

class Walk {
 public:
  explicit Walk(std::span<const JacocoMethod> methods) : methods_(methods), order_(methods.size()) {
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    // Of methods that begin on one line the longest is outermost; of equals the first is innermost.
    // Of those that have no other line the outer one is put innermost: it is to own the line.
    std::sort(order_.begin(), order_.end(), [&](std::size_t a, std::size_t b) {
      const JacocoMethod& x = methods_[a];
      const JacocoMethod& y = methods_[b];
      if (x.first_line != y.first_line) return x.first_line < y.first_line;
      if (x.lines != y.lines) return lines_of(x) > lines_of(y);
      if (x.lines == 1 && depth(x) != depth(y)) return depth(x) > depth(y);
      // Reports list classes in any order.
      if (x.class_name != y.class_name) return x.class_name > y.class_name;
      return a > b;
    });
  }

  std::size_t owner(const JacocoLine& line) {
    const std::size_t begun = begin_methods(line.number);
    if (begun == 0) {
      drop_complete();
      if (open_.empty()) return owner_of_rest();
      const std::size_t method = open_.back().method;
      own(line.instructions);
      return method;
    }
    const std::size_t method = open_.back().method;
    share_first_line(begun, line.instructions);
    return method;
  }

 private:
  struct Open {
    std::size_t method = 0;
    std::uint64_t lacking = 0;       // lines
    std::uint64_t instructions = 0;  // of the lines it owns so far
  };

  static std::uint64_t lines_of(const JacocoMethod& method) {
    return method.lines == 0 ? std::numeric_limits<std::uint64_t>::max() : method.lines;
  }

  // Opens the methods up to this line; returns how many begin exactly on it.
  std::size_t begin_methods(std::uint32_t line) {
    std::size_t begun = 0;
    for (; next_ < order_.size() && methods_[order_[next_]].first_line <= line; ++next_) {
      const JacocoMethod& method = methods_[order_[next_]];
      if (method.first_line == 0) continue;
      while (!open_.empty() && methods_[open_.back().method].first_line != method.first_line &&
             !may_contain(methods_[open_.back().method], method)) {
        closed_.push_back(open_.back());
        open_.pop_back();
      }
      open_.push_back({order_[next_], lines_of(method), 0});
      if (method.first_line == line) ++begun;
    }
    return begun;
  }

  void drop_complete() {
    while (!open_.empty() && open_.back().lacking == 0) open_.pop_back();
  }

  // The innermost method takes the line.
  void own(std::uint64_t instructions) {
    Open& top = open_.back();
    --top.lacking;
    top.instructions += instructions;
    if (top.lacking > 0) return;
    const std::uint64_t expected = methods_[top.method].instructions;
    const std::uint64_t shared =
        expected > 0 && top.instructions > expected ? top.instructions - expected : 0;
    const std::uint32_t first_line = methods_[top.method].first_line;
    open_.pop_back();
    drop_complete();
    // Methods that begin together have had their first line counted already.
    const bool together = !open_.empty() && methods_[open_.back().method].first_line == first_line;
    if (!together) give_outer(shared);
  }

  // A complete method's lines had these instructions more than it has itself: they are those of the
  // method around it, which has one of the lines too. That it could be several lines is not told.
  void give_outer(std::uint64_t instructions) {
    drop_complete();
    if (instructions == 0 || open_.empty()) return;
    --open_.back().lacking;
    open_.back().instructions += instructions;
  }

  // The last `begun` methods all have this line; those of one line are complete.
  void share_first_line(std::size_t begun, std::uint64_t instructions) {
    std::size_t longer = 0;
    std::uint64_t theirs = 0;
    for (auto open = open_.end() - static_cast<std::ptrdiff_t>(begun); open != open_.end();
         ++open) {
      const JacocoMethod& method = methods_[open->method];
      --open->lacking;
      if (open->lacking > 0) {
        ++longer;
      } else {
        theirs += method.instructions == 0 ? instructions : method.instructions;
      }
    }
    const std::uint64_t rest = instructions > theirs ? instructions - theirs : 0;
    drop_complete();
    if (longer > 0) {
      open_.back().instructions += rest;
    } else {
      give_outer(rest);
    }
  }

  // No open method lacks a line: the count of a shared line was guessed wrong.
  std::size_t owner_of_rest() {
    while (!closed_.empty() && closed_.back().lacking == 0) closed_.pop_back();
    if (closed_.empty()) return kNoMethod;
    --closed_.back().lacking;
    return closed_.back().method;
  }

  std::span<const JacocoMethod> methods_;
  std::vector<std::size_t> order_;
  std::size_t next_ = 0;
  std::vector<Open> open_;
  std::vector<Open> closed_;
};

}  // namespace

std::vector<std::size_t> owners_of(std::span<const JacocoLine> lines,
                                   std::span<const JacocoMethod> methods) {
  Walk walk(methods);
  std::vector<std::size_t> owners;
  owners.reserve(lines.size());
  for (const JacocoLine& line : lines) owners.push_back(walk.owner(line));
  return owners;
}

}  // namespace culprit
