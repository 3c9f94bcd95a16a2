#include "readers/java_class.h"

#include <array>
#include <string>

#include "base/text.h"
#include "readers/big_endian.h"

namespace culprit {

namespace {

enum Tag : std::uint8_t {
  kUtf8 = 1,
  kInteger = 3,
  kFloat = 4,
  kLong = 5,
  kDouble = 6,
  kClass = 7,
  kString = 8,
  kField = 9,
  kMethod = 10,
  kInterfaceMethod = 11,
  kNameAndType = 12,
  kMethodHandle = 15,
  kMethodType = 16,
  kDynamic = 17,
  kInvokeDynamic = 18,
  kModule = 19,
  kPackage = 20,
};

// Annotations may hold annotations.
constexpr int kMaxAnnotationDepth = 32;

}  // namespace

class JavaClassParser {
 public:
  explicit JavaClassParser(const Input& input) : input_(input), in_(input.bytes) {
    class_.bytes_ = input.bytes;
  }

  Result<JavaClass> parse() {
    if (in_.u4() != 0xcafebabe || in_.u4() == 0) return error("not a Java class");
    if (!read_constants()) return error("damaged constant pool");
    class_.access = in_.u2();
    class_.name = class_.class_at(in_.u2());
    class_.super_name = class_.class_at(in_.u2());
    in_.take(2UL * in_.u2());  // interfaces
    for (std::uint16_t fields = in_.u2(); fields > 0 && !in_.failed(); --fields) {
      in_.take(6);
      for_each_attribute(in_, [](std::string_view, std::string_view) {});
    }
    for (std::uint16_t methods = in_.u2(); methods > 0 && !in_.failed(); --methods) read_method();
    for_each_attribute(in_, [&](std::string_view name, std::string_view content) {
      if (name == "SourceFile") {
        class_.source_file = class_.utf8_at(BigEndian(content).u2());
      } else if (is_annotations(name)) {
        read_annotations(content, class_.annotations);
      }
    });
    if (in_.failed()) return error("the class is cut short, or a length in it is wrong");
    if (class_.name.empty()) return error("the class has no name");
    if (damaged_ != nullptr) return error(damaged_);
    return std::move(class_);
  }

 private:
  [[nodiscard]] tl::unexpected<Error> error(std::string what) const {
    return fail(error_in(input_.path, std::move(what)));
  }

  bool read_constants() {
    const std::uint16_t count = in_.u2();
    class_.constants_.resize(count);
    for (std::uint32_t index = 1; index < count; ++index) {
      JavaClass::Constant& constant = class_.constants_[index];
      constant.tag = in_.u1();
      constant.offset = static_cast<std::uint32_t>(in_.offset());
      switch (constant.tag) {
        case kUtf8:
          in_.take(in_.u2());
          break;
        case kInteger:
        case kFloat:
        case kField:
        case kMethod:
        case kInterfaceMethod:
        case kNameAndType:
        case kDynamic:
        case kInvokeDynamic:
          in_.take(4);
          break;
        case kLong:
        case kDouble:
          in_.take(8);
          ++index;  // these take two indices
          break;
        case kClass:
        case kString:
        case kMethodType:
        case kModule:
        case kPackage:
          in_.take(2);
          break;
        case kMethodHandle:
          in_.take(3);
          break;
        default:
          return false;
      }
      if (in_.failed()) return false;
    }
    return true;
  }

  // `visit(name, content)` for each attribute at the cursor.
  template <class Visit>
  void for_each_attribute(BigEndian& in, Visit&& visit) {
    for (std::uint16_t count = in.u2(); count > 0 && !in.failed(); --count) {
      const std::string_view name = class_.utf8_at(in.u2());
      const std::string_view content = in.take(in.u4());
      if (!in.failed()) visit(name, content);
    }
  }

  static bool is_annotations(std::string_view name) {
    return name == "RuntimeVisibleAnnotations" || name == "RuntimeInvisibleAnnotations";
  }

  void read_method() {
    JavaMethod method;
    method.access = in_.u2();
    method.name = class_.utf8_at(in_.u2());
    method.descriptor = class_.utf8_at(in_.u2());
    for_each_attribute(in_, [&](std::string_view name, std::string_view content) {
      if (name == "Code") {
        read_code(content, method);
      } else if (is_annotations(name)) {
        read_annotations(content, method.annotations);
      }
    });
    if (method.name.empty()) damaged_ = "a method has no name";
    class_.methods.push_back(std::move(method));
  }

  void read_code(std::string_view content, JavaMethod& method) {
    BigEndian in(content);
    in.take(4);  // stack and variables
    const std::uint32_t size = in.u4();
    method.code = in.take(size);
    if (size == 0 || size > 0xffff) damaged_ = "a method's code is empty or beyond 65535 bytes";
    for (std::uint16_t count = in.u2(); count > 0 && !in.failed(); --count) {
      JavaHandler& handler = method.handlers.emplace_back();
      handler.start = in.u2();
      handler.end = in.u2();
      handler.handler = in.u2();
      handler.type = in.u2();
    }
    for_each_attribute(in, [&](std::string_view name, std::string_view table) {
      if (name != "LineNumberTable") return;
      BigEndian entries(table);
      for (std::uint16_t count = entries.u2(); count > 0 && !entries.failed(); --count) {
        const std::uint16_t offset = entries.u2();
        method.lines.push_back({offset, entries.u2()});
      }
      if (entries.failed()) damaged_ = "a line table is cut short";
    });
    if (in.failed()) damaged_ = "a method's code is cut short";
  }

  void read_annotations(std::string_view content, std::vector<std::string_view>& annotations) {
    BigEndian in(content);
    for (std::uint16_t count = in.u2(); count > 0 && !in.failed(); --count) {
      annotations.push_back(class_.utf8_at(in.u2()));
      skip_pairs(in, 0);
    }
    if (in.failed()) damaged_ = "an annotation is cut short or nested too deep";
  }

  void skip_pairs(BigEndian& in, int depth) {
    for (std::uint16_t pairs = in.u2(); pairs > 0 && !in.failed(); --pairs) {
      in.take(2);
      skip_value(in, depth);
    }
  }

  void skip_value(BigEndian& in, int depth) {
    if (depth > kMaxAnnotationDepth) return in.fail();
    switch (in.u1()) {
      case 'e':
        in.take(4);
        break;
      case '@':
        in.take(2);
        skip_pairs(in, depth + 1);
        break;
      case '[':
        for (std::uint16_t values = in.u2(); values > 0 && !in.failed(); --values) {
          skip_value(in, depth + 1);
        }
        break;
      default:
        in.take(2);
    }
  }

  const Input& input_;
  BigEndian in_;
  JavaClass class_;
  const char* damaged_ = nullptr;
};

Result<JavaClass> JavaClass::parse(const Input& input) { return JavaClassParser(input).parse(); }

std::uint16_t JavaClass::u2_at(std::size_t offset) const {
  return BigEndian(bytes_.substr(offset)).u2();
}

JavaClass::Constant JavaClass::constant_at(std::uint32_t index, std::uint8_t tag) const {
  if (index >= constants_.size() || constants_[index].tag != tag) return {};
  return constants_[index];
}

std::string_view JavaClass::utf8_at(std::uint32_t index) const {
  const Constant constant = constant_at(index, kUtf8);
  if (constant.tag == 0) return {};
  return bytes_.substr(constant.offset + 2, u2_at(constant.offset));
}

std::string_view JavaClass::class_at(std::uint32_t index) const {
  const Constant constant = constant_at(index, kClass);
  return constant.tag == 0 ? std::string_view() : utf8_at(u2_at(constant.offset));
}

JavaMember JavaClass::member_at(std::uint32_t index) const {
  for (const std::uint8_t tag : {kField, kMethod, kInterfaceMethod}) {
    const Constant member = constant_at(index, tag);
    if (member.tag == 0) continue;
    const Constant named = constant_at(u2_at(member.offset + 2), kNameAndType);
    if (named.tag == 0) return {};
    return {class_at(u2_at(member.offset)), utf8_at(u2_at(named.offset)),
            utf8_at(u2_at(named.offset + 2))};
  }
  return {};
}

std::uint64_t java_class_id(std::string_view bytes) {
  static constexpr auto kTable = [] {
    std::array<std::uint64_t, 256> table{};
    for (std::uint64_t byte = 0; byte < table.size(); ++byte) {
      std::uint64_t value = byte;
      for (int bit = 0; bit < 8; ++bit) {
        value = (value & 1) != 0 ? value >> 1 ^ 0xd800000000000000 : value >> 1;
      }
      table[byte] = value;
    }
    return table;
  }();
  // The agent sees classes of version 53 as those of 52.
  const bool version_53 = bytes.size() > 7 && bytes[6] == 0 && bytes[7] == 0x35;
  std::uint64_t id = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(version_53 && i == 7 ? 0x34 : bytes[i]);
    id = id >> 8 ^ kTable[(id ^ byte) & 0xff];
  }
  return id;
}

std::string to_utf8(std::string_view modified) {
  const auto at = [&](std::size_t i) {
    return i < modified.size() ? static_cast<unsigned char>(modified[i]) : 0U;
  };
  std::string text;
  for (std::size_t i = 0; i < modified.size();) {
    if (at(i) == 0xc0 && at(i + 1) == 0x80) {
      text += '\0';
      i += 2;
    } else if (at(i) == 0xed && (at(i + 1) & 0xf0) == 0xa0 && at(i + 3) == 0xed &&
               (at(i + 4) & 0xf0) == 0xb0) {
      const unsigned point = 0x10000 + ((at(i + 1) & 0xf) << 16 | (at(i + 2) & 0x3f) << 10 |
                                        (at(i + 4) & 0xf) << 6 | (at(i + 5) & 0x3f));
      for (const unsigned byte : {0xf0 | point >> 18, 0x80 | (point >> 12 & 0x3f),
                                  0x80 | (point >> 6 & 0x3f), 0x80 | (point & 0x3f)}) {
        text += static_cast<char>(byte);
      }
      i += 6;
    } else {
      text += modified[i++];
    }
  }
  return text;
}

}  // namespace culprit
