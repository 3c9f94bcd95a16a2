#include "readers/java_probes.h"

#include <span>

namespace culprit {

namespace {

// What is known of the place before an instruction, and of the code's end.
struct Label {
  bool is_label = false;   // something refers to it
  bool target = false;     // of one jump, switch or handler
  bool multi = false;      // reached from several places
  bool successor = false;  // of the instruction before it
  bool invokes = false;    // a line that calls something begins here

  void mark() { target || successor ? multi = true : target = true; }
};

class Placement {
 public:
  explicit Placement(const JavaCode& code)
      : code_(code), labels_(code.instructions.size() + 1), seen_(labels_.size(), 0) {}

  JavaProbes probes() {
    find_labels();
    find_flow();
    place();
    return std::move(probes_);
  }

 private:
  // The targets of a switch, each once, the default first.
  template <class Visit>
  void for_each_target(const JavaCode::Switch& targets, Visit&& visit) {
    ++round_;
    const auto once = [&](std::uint32_t target) {
      if (seen_[target] == round_) return;
      seen_[target] = round_;
      visit(target);
    };
    once(targets.by_default);
    for (const std::uint32_t target : targets.cases) once(target);
  }

  [[nodiscard]] const JavaCode::Switch& switch_of(const JavaInstruction& instruction) const {
    return code_.switches[instruction.operand];
  }

  void find_labels() {
    for (std::size_t i = 0; i < code_.line_starts.size(); ++i) {
      labels_[i].is_label = code_.line_starts[i];
    }
    for (const JavaInstruction& each : code_.instructions) {
      if (each.is_jump()) labels_[each.operand].is_label = true;
    }
    for (const JavaCode::Switch& each : code_.switches) {
      labels_[each.by_default].is_label = true;
      for (const std::uint32_t target : each.cases) labels_[target].is_label = true;
    }
    for (const JavaCode::Handler& each : code_.handlers) {
      for (const std::uint32_t at : {each.start, each.end, each.handler}) {
        labels_[at].is_label = true;
      }
    }
    labels_.back().is_label = true;
  }

  void find_flow() {
    for (const JavaCode::Handler& each : code_.handlers) {
      labels_[each.start].mark();
      labels_[each.handler].mark();
    }
    bool falls = false;
    Label* line = nullptr;
    for (std::size_t i = 0; i < labels_.size(); ++i) {
      if (Label& label = labels_[i]; label.is_label) {
        if (i == 0) label.mark();
        if (falls) {
          label.successor = true;
          label.multi = label.multi || label.target;
        }
      }
      if (i == code_.instructions.size()) break;
      if (code_.line_starts[i]) line = &labels_[i];
      const JavaInstruction& instruction = code_.instructions[i];
      if (instruction.is_switch()) {
        for_each_target(switch_of(instruction), [&](std::uint32_t to) { labels_[to].mark(); });
      } else if (instruction.is_jump()) {
        labels_[instruction.operand].mark();
      } else if (instruction.is_invoke() && line != nullptr) {
        line->invokes = true;
      }
      falls = instruction.falls_through();
    }
  }

  void place() {
    const auto count = static_cast<std::uint32_t>(code_.instructions.size());
    probes_.predecessors.assign(count, kNoInstruction);
    for (std::uint32_t i = 0; i < count; ++i) {
      const Label& label = labels_[i];
      if (i > 0 && code_.instructions[i - 1].falls_through()) {
        if (label.is_label && label.successor && (label.multi || label.invokes)) {
          probes_.owners.push_back(i - 1);
        } else {
          probes_.predecessors[i] = i - 1;
        }
      }
      const JavaInstruction& instruction = code_.instructions[i];
      if (instruction.is_switch()) {
        for_each_target(switch_of(instruction), [&](std::uint32_t to) {
          if (labels_[to].multi) probes_.owners.push_back(i);
        });
      } else if ((instruction.is_jump() && labels_[instruction.operand].multi) ||
                 instruction.leaves()) {
        probes_.owners.push_back(i);
      }
    }
    // Jumps come last: a target that one place alone reaches follows the jump.
    for (std::uint32_t i = 0; i < count; ++i) {
      const JavaInstruction& instruction = code_.instructions[i];
      const auto follow = [&](std::uint32_t to) {
        if (!labels_[to].multi) probes_.predecessors[to] = i;
      };
      if (instruction.is_switch()) {
        for_each_target(switch_of(instruction), follow);
      } else if (instruction.is_jump()) {
        follow(instruction.operand);
      }
    }
  }

  const JavaCode& code_;
  std::vector<Label> labels_;  // before each instruction, and at the code's end
  std::vector<std::uint32_t> seen_;
  std::uint32_t round_ = 0;
  JavaProbes probes_;
};

}  // namespace

JavaProbes probes_of(const JavaCode& code) { return Placement(code).probes(); }

}  // namespace culprit
