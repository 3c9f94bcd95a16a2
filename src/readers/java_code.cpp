#include "readers/java_code.h"

#include <array>
#include <utility>

#include "readers/big_endian.h"

namespace culprit {

namespace {

constexpr std::uint8_t kLdcW = 0x13;
constexpr std::uint8_t kIinc = 0x84;
constexpr std::uint8_t kWide = 0xc4;
constexpr std::uint8_t kGotoW = 0xc8;
constexpr std::uint8_t kJsrW = 0xc9;
constexpr std::uint32_t kNowhere = 0xffffffff;

// How many bytes of operands an opcode has; -1: it is none, or its length varies.
constexpr std::array<std::int8_t, 256> kOperandBytes = [] {
  std::array<std::int8_t, 256> bytes{};
  const auto set = [&](int from, int to, std::int8_t value) {
    for (int opcode = from; opcode <= to; ++opcode) bytes[static_cast<std::size_t>(opcode)] = value;
  };
  set(0x10, 0x10, 1);  // bipush
  set(0x11, 0x11, 2);  // sipush
  set(0x12, 0x12, 1);  // ldc
  set(0x13, 0x14, 2);  // ldc_w, ldc2_w
  set(0x15, 0x19, 1);  // loads
  set(0x36, 0x3a, 1);  // stores
  set(kIinc, kIinc, 2);
  set(0x99, 0xa8, 2);  // jumps
  set(java::kRet, java::kRet, 1);
  set(java::kTableswitch, java::kLookupswitch, -1);
  set(0xb2, 0xb8, 2);  // fields and calls
  set(0xb9, 0xba, 4);  // invokeinterface, invokedynamic
  set(0xbb, 0xbb, 2);  // new
  set(0xbc, 0xbc, 1);  // newarray
  set(0xbd, 0xbd, 2);  // anewarray
  set(0xc0, 0xc1, 2);  // checkcast, instanceof
  set(kWide, kWide, -1);
  set(0xc5, 0xc5, 3);  // multianewarray
  set(0xc6, 0xc7, 2);  // ifnull, ifnonnull
  set(kGotoW, kJsrW, 4);
  set(0xca, 0xff, -1);
  return bytes;
}();

class Decoder {
 public:
  explicit Decoder(const JavaMethod& method)
      : method_(method), in_(method.code), index_at_(method.code.size() + 1, kNowhere) {}

  tl::expected<JavaCode, std::string> decode() {
    // An instruction of code that compilers write has two or three bytes.
    code_.instructions.reserve(method_.code.size() / 2);
    while (in_.left() > 0) {
      offset_ = in_.offset();
      index_at_[offset_] = static_cast<std::uint32_t>(code_.instructions.size());
      if (const char* error = read_instruction()) return tl::unexpected<std::string>(error);
    }
    if (in_.failed()) return tl::unexpected<std::string>("an instruction is cut short");
    const auto count = static_cast<std::uint32_t>(code_.instructions.size());
    index_at_.back() = count;

    bool valid = true;
    const auto place = [&](std::uint32_t offset, bool may_be_end) {
      const std::uint32_t index = offset < index_at_.size() ? index_at_[offset] : kNowhere;
      valid = valid && (index < count || (may_be_end && index == count));
      return index;
    };
    for (JavaInstruction& each : code_.instructions) {
      if (each.is_jump()) each.operand = place(each.operand, false);
    }
    for (JavaCode::Switch& each : code_.switches) {
      each.by_default = place(each.by_default, false);
      for (std::uint32_t& target : each.cases) target = place(target, false);
    }
    for (const JavaHandler& each : method_.handlers) {
      code_.handlers.push_back(
          {place(each.start, false), place(each.end, true), place(each.handler, false), each.type});
    }
    if (!valid) return tl::unexpected<std::string>("a jump or handler into an instruction");
    set_lines();
    return std::move(code_);
  }

 private:
  void add(std::uint8_t opcode, std::uint32_t operand) {
    code_.instructions.push_back({opcode, operand});
  }

  // Null, or what is wrong.
  const char* read_instruction() {
    const std::uint8_t opcode = in_.u1();
    // load_<n> and store_<n> name the variable in the opcode.
    if (opcode >= 0x1a && opcode <= 0x2d) {
      add(static_cast<std::uint8_t>(java::kIload + (opcode - 0x1a) / 4), (opcode - 0x1aU) % 4);
      return nullptr;
    }
    if (opcode >= 0x3b && opcode <= 0x4e) {
      add(static_cast<std::uint8_t>(java::kIstore + (opcode - 0x3b) / 4), (opcode - 0x3bU) % 4);
      return nullptr;
    }
    if (opcode == java::kJsr || opcode == java::kRet || opcode == kJsrW) {
      return "jsr and ret, of compilers before Java 6, are not supported";
    }
    if (opcode == kWide) return read_wide();
    if (opcode == java::kTableswitch || opcode == java::kLookupswitch) return read_switch(opcode);
    const std::int8_t bytes = kOperandBytes[opcode];
    if (bytes < 0) return "an unknown instruction";
    if (opcode == kGotoW) {
      add(java::kGoto, target(in_.i4()));
    } else if ((opcode >= java::kIfeq && opcode <= java::kGoto) || opcode == java::kIfnull ||
               opcode == java::kIfnonnull) {
      add(opcode, target(static_cast<std::int16_t>(in_.u2())));
    } else if (bytes == 1) {
      add(opcode, in_.u1());
    } else if (bytes == 2 && opcode != kIinc) {
      add(opcode == kLdcW ? java::kLdc : opcode, in_.u2());
    } else if (bytes == 4) {  // invokeinterface, invokedynamic
      const std::uint16_t operand = in_.u2();
      in_.take(2);
      add(opcode, operand);
    } else {
      in_.take(static_cast<std::size_t>(bytes));
      add(opcode, 0);
    }
    return nullptr;
  }

  const char* read_wide() {
    const std::uint8_t opcode = in_.u1();
    const std::uint16_t variable = in_.u2();
    if (opcode == java::kRet) return "jsr and ret, of compilers before Java 6, are not supported";
    if (opcode == kIinc) {
      in_.take(2);
    } else if (!JavaInstruction{opcode}.is_load() && !JavaInstruction{opcode}.is_store()) {
      return "an unknown instruction";
    }
    add(opcode, variable);
    return nullptr;
  }

  const char* read_switch(std::uint8_t opcode) {
    in_.take((4 - in_.offset() % 4) % 4);
    JavaCode::Switch targets;
    targets.by_default = target(in_.i4());
    std::int64_t cases = in_.i4();
    if (opcode == java::kTableswitch) cases = std::int64_t{in_.i4()} - cases + 1;
    const std::size_t bytes = opcode == java::kTableswitch ? 4 : 8;
    if (cases < 0 || static_cast<std::uint64_t>(cases) > in_.left() / bytes) {
      return "a switch with more cases than there is code";
    }
    targets.cases.reserve(static_cast<std::size_t>(cases));
    for (; cases > 0; --cases) {
      if (opcode == java::kLookupswitch) in_.take(4);
      targets.cases.push_back(target(in_.i4()));
    }
    add(opcode, static_cast<std::uint32_t>(code_.switches.size()));
    code_.switches.push_back(std::move(targets));
    return nullptr;
  }

  // The offset that a jump names; beyond the code for one that leads out of it.
  [[nodiscard]] std::uint32_t target(std::int64_t distance) const {
    const std::int64_t to = static_cast<std::int64_t>(offset_) + distance;
    return to < 0 ? kNowhere : static_cast<std::uint32_t>(to);
  }

  // Entries that lead nowhere are passed over, as the virtual machine does.
  void set_lines() {
    const auto count = static_cast<std::uint32_t>(code_.instructions.size());
    code_.line_starts.resize(count);
    for (const JavaLineEntry& entry : method_.lines) {
      const std::uint32_t index = entry.offset < index_at_.size() ? index_at_[entry.offset] : count;
      if (index >= count || entry.line == 0) continue;
      code_.line_starts[index] = true;
      code_.instructions[index].line = entry.line;
    }
    std::uint32_t line = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (code_.line_starts[i]) line = code_.instructions[i].line;
      code_.instructions[i].line = line;
    }
  }

  const JavaMethod& method_;
  BigEndian in_;
  JavaCode code_;
  std::vector<std::uint32_t> index_at_;  // of the instruction at an offset
  std::size_t offset_ = 0;               // of the current instruction
};

}  // namespace

tl::expected<JavaCode, std::string> JavaCode::decode(const JavaMethod& method) {
  return Decoder(method).decode();
}

}  // namespace culprit
