// A compiled Java class (.class), as far as coverage needs it: names, annotations, code with its
// exception and line tables. Every index and length is checked; what code.h makes of the
// instructions is checked there. Layout: The Java Virtual Machine Specification, chapter 4.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/input.h"
#include "culprit/error.h"

namespace culprit {

// Flags of classes and methods.
inline constexpr std::uint16_t kJavaPrivate = 0x0002;
inline constexpr std::uint16_t kJavaStatic = 0x0008;
inline constexpr std::uint16_t kJavaBridge = 0x0040;  // of methods
inline constexpr std::uint16_t kJavaSynthetic = 0x1000;
inline constexpr std::uint16_t kJavaModule = 0x8000;  // of classes: module-info

struct JavaHandler {
  std::uint16_t start = 0;
  std::uint16_t end = 0;
  std::uint16_t handler = 0;
  std::uint16_t type = 0;  // of the constant pool; 0: any
};

struct JavaLineEntry {
  std::uint16_t offset = 0;
  std::uint16_t line = 0;
};

struct JavaMethod {
  std::uint16_t access = 0;
  std::string_view name;
  std::string_view descriptor;
  std::vector<std::string_view> annotations;  // descriptors, `Llombok/Generated;`
  std::string_view code;                      // empty: abstract or native
  std::vector<JavaHandler> handlers;
  std::vector<JavaLineEntry> lines;
};

// A field or method that an instruction names.
struct JavaMember {
  std::string_view owner;
  std::string_view name;
  std::string_view descriptor;
  bool operator==(const JavaMember&) const = default;
};

// Names are those of the file: `order/service/Impl$1`, in modified UTF-8, and point into the bytes.
class JavaClass {
 public:
  // Errors: not a class, cut short, an index out of range. The bytes must outlive the class.
  [[nodiscard]] static Result<JavaClass> parse(const Input& input);

  std::uint16_t access = 0;
  std::string_view name;
  std::string_view super_name;   // empty: java.lang.Object itself
  std::string_view source_file;  // empty: not told
  std::vector<std::string_view> annotations;
  std::vector<JavaMethod> methods;

  // Of the constant pool. Empty where the index leads to something else.
  [[nodiscard]] std::string_view class_at(std::uint32_t index) const;
  [[nodiscard]] JavaMember member_at(std::uint32_t index) const;

 private:
  friend class JavaClassParser;
  [[nodiscard]] std::string_view utf8_at(std::uint32_t index) const;
  // The tag and the content of an entry; tag 0: none.
  struct Constant {
    std::uint8_t tag = 0;
    std::uint32_t offset = 0;  // past the tag
  };
  [[nodiscard]] Constant constant_at(std::uint32_t index, std::uint8_t tag) const;
  [[nodiscard]] std::uint16_t u2_at(std::size_t offset) const;

  std::string_view bytes_;
  std::vector<Constant> constants_;
};

// By which JaCoCo knows a class: a CRC-64 of its file.
[[nodiscard]] std::uint64_t java_class_id(std::string_view bytes);

// Names in class files spell NUL and what lies beyond the basic plane differently from UTF-8.
[[nodiscard]] std::string to_utf8(std::string_view modified);

}  // namespace culprit
