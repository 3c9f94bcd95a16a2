#include "readers/coverage_jacoco_exec.h"

#include <algorithm>
#include <bit>
#include <iterator>
#include <map>
#include <set>
#include <span>
#include <string>

#include "base/text.h"
#include "readers/big_endian.h"
#include "readers/build_files.h"
#include "readers/folded_warnings.h"
#include "readers/java_build.h"

namespace culprit {

namespace {

using namespace std::string_view_literals;

constexpr std::uint8_t kHeader = 0x01;
constexpr std::uint8_t kSession = 0x10;
constexpr std::uint8_t kExecuted = 0x11;
constexpr std::uint8_t kEndOfReply = 0x20;  // when taken from a socket
constexpr std::uint16_t kMagic = 0xc0c0;
constexpr std::uint16_t kVersion = 0x1007;
constexpr std::uint32_t kMaxProbes = 1U << 20;

// 7 bits a byte, the lowest first.
std::uint32_t read_length(BigEndian& in) {
  std::uint32_t value = 0;
  for (int shift = 0; shift < 32; shift += 7) {
    const std::uint32_t byte = in.u1();
    value |= (byte & 0x7f) << shift;
    if ((byte & 0x80) == 0) return value;
  }
  return kMaxProbes + 1;
}

class ExecReader {
 public:
  ExecReader(const Input& input, Sink& sink)
      : input_(input), sink_(sink), warnings_(input.path, sink), build_(input.build->java()) {}

  void read(std::span<const JacocoExec::Class> classes) {
    for (const JacocoExec::Class& each : classes) take(each);
    if (known_ == 0 && !classes.empty()) {
      sink_.warn(error_in(
          input_.path,
          "none of its " + std::to_string(classes.size()) + " classes is among those of the build",
          "such as " + printable(classes.front().name)));
    }
    add_modules();
    for (const auto& [module, bits] : executed_) tell(build_.modules()[module], bits);
    warnings_.finish(classes.size());
  }

  // All modules of which it may have told.
  void lose(const JacocoExec& exec) {
    for (const JacocoExec::Class& each : exec.classes) take(each);
    add_modules();
    for (const auto& [module, bits] : executed_) {
      for (const LineTable::File& file : build_.modules()[module].table.files) {
        sink_.lost(file.path);
      }
    }
  }

 private:
  void take(const JacocoExec::Class& record) {
    const std::vector<std::uint32_t> found = build_.with_id(record.id);
    for (const std::uint32_t index : found) {
      const JavaBuild::Class& owner = build_.classes()[index];
      if (owner.probes.size() != record.probes) {
        mismatch(record.name);
        continue;
      }
      ++known_;
      const std::size_t words = build_.modules()[owner.module].words();
      std::vector<std::uint64_t>& bits = executed_.try_emplace(owner.module, words).first->second;
      for (std::size_t byte = 0; byte < record.hits.size(); ++byte) {
        auto hits = static_cast<unsigned char>(record.hits[byte]);
        for (; hits != 0; hits = static_cast<unsigned char>(hits & (hits - 1))) {
          const std::size_t probe = byte * 8 + static_cast<std::size_t>(std::countr_zero(hits));
          if (probe >= owner.probes.size()) break;
          const AnalysedClass::Reach& reach = owner.probes[probe];
          for (std::uint32_t w = reach.begin; w < reach.end; ++w) {
            bits[reach.first + w - reach.begin] |= owner.words[w];
          }
        }
      }
    }
    if (found.empty() && !build_.with_name(record.name).empty()) mismatch(record.name);
  }

  void mismatch(std::string_view name) {
    ++known_;
    if (!other_build_.emplace(name).second) return;
    warnings_.repaired("class of another build", [&] {
      return error_in(input_.path,
                      "class " + printable(name) + ": the run executed another build of it",
                      "its lines are missing; hand over the classes that ran");
    });
  }

  // The run's other modules, in which nothing ran: those that share a folder's name with the data,
  // such as the service's, or the only one.
  void add_modules() {
    std::set<std::string_view> folders;
    std::string_view rest = input_.path.substr(0, input_.path.rfind('/') + 1);
    for (std::size_t at = rest.find('/'); at != rest.npos; at = rest.find('/')) {
      folders.insert(rest.substr(0, at));
      rest.remove_prefix(at + 1);
    }
    std::vector<std::uint32_t> named;
    std::vector<std::uint32_t> all;
    for (std::uint32_t i = 0; i < build_.modules().size(); ++i) {
      if (build_.modules()[i].versioned) continue;
      all.push_back(i);
      std::string_view root = build_.modules()[i].root;
      for (std::size_t at = root.find('/'); at != root.npos; at = root.find('/')) {
        if (folders.contains(root.substr(0, at))) {
          named.push_back(i);
          break;
        }
        root.remove_prefix(at + 1);
      }
    }
    if (named.empty() && all.size() == 1) named = all;
    for (const std::uint32_t i : named) executed_.try_emplace(i, build_.modules()[i].words());
  }

  void tell(const JavaBuild::Module& module, const std::vector<std::uint64_t>& bits) {
    const auto is_missing = [&](std::uint32_t index) {
      return other_build_.contains(build_.classes()[index].name);
    };
    if (other_build_.empty() ||
        std::none_of(module.classes.begin(), module.classes.end(), is_missing)) {
      return sink_.hits(module.table, bits);
    }
    std::vector<std::uint64_t> told(module.words());
    std::set<std::string, std::less<>> missing;  // "shop.Price#"
    for (const std::uint32_t index : module.classes) {
      const JavaBuild::Class& owner = build_.classes()[index];
      if (is_missing(index)) {
        std::string name = owner.name + '#';
        std::replace(name.begin(), name.end(), '/', '.');
        missing.insert(std::move(name));
        continue;
      }
      const AnalysedClass::Reach& lines = owner.all_lines;
      for (std::uint32_t w = lines.begin; w < lines.end; ++w) {
        told[lines.first + w - lines.begin] |= owner.words[w];
      }
    }
    tell_rest(module.table, bits, told, missing);
  }

  // The table without the lines and methods of classes that were of another build.
  void tell_rest(const LineTable& table, const std::vector<std::uint64_t>& bits,
                 const std::vector<std::uint64_t>& told,
                 const std::set<std::string, std::less<>>& missing) {
    const auto is_missing = [&](const LineTable::Function& function) {
      return missing.contains(
          std::string_view(function.name).substr(0, function.name.find('#') + 1));
    };
    const auto is_set = [](const std::vector<std::uint64_t>& words, std::uint32_t line) {
      return (words[line / 64] >> line % 64 & 1) != 0;
    };
    std::uint32_t function = 0;
    std::uint32_t line = 0;
    for (const LineTable::File& file : table.files) {
      const auto functions =
          std::span(table.functions).subspan(function, file.functions_end - function);
      if (std::any_of(functions.begin(), functions.end(), is_missing)) sink_.lost(file.path);
      const bool gone = std::all_of(functions.begin(), functions.end(), is_missing);
      if (!gone) sink_.file(file.path);
      for (const LineTable::Function& each : functions) {
        if (!is_missing(each)) sink_.function(each.name, each.first_line, each.last_line);
      }
      for (; line < file.lines_end; ++line) {
        if (gone || !is_set(told, line)) continue;
        const LineTable::Line& each = table.lines[line];
        const bool owned =
            each.owner != LineTable::kNoOwner && !is_missing(table.functions[each.owner]);
        sink_.hit(each.number, is_set(bits, line),
                  owned ? std::string_view(table.functions[each.owner].name) : std::string_view());
      }
      function = file.functions_end;
    }
  }

  const Input& input_;
  Sink& sink_;
  FoldedWarnings warnings_;
  const JavaBuild& build_;
  std::map<std::uint32_t, std::vector<std::uint64_t>> executed_;  // by module
  std::set<std::string, std::less<>> other_build_;                // names
  std::size_t known_ = 0;
};

Result<void> read_apart(const Input& input, Sink& sink, const JacocoExec& exec) {
  const std::vector<JacocoExec::Session>& sessions = exec.sessions;
  if (sessions.size() > 1 && sessions.back().first_class == 0 && !exec.classes.empty()) {
    return fail(error_in(input.path,
                         "its sessions were merged already: which of them executed what is lost",
                         "hand over the files before they were merged"));
  }
  for (std::size_t i = 0; i < sessions.size(); ++i) {
    const std::size_t first = sessions[i].first_class;
    const std::size_t end =
        i + 1 < sessions.size() ? sessions[i + 1].first_class : exec.classes.size();
    sink.run(sessions[i].id);
    ExecReader(input, sink).read(std::span(exec.classes).subspan(first, end - first));
  }
  return {};
}

}  // namespace

Result<JacocoExec> parse_jacoco_exec(const Input& input) {
  JacocoExec exec;
  BigEndian in(input.bytes);
  const auto damage = [&](std::size_t at, const std::string& what) {
    return fail(error_in(input.path, "byte " + std::to_string(at) + ": " + what));
  };
  bool begun = false;
  while (in.left() > 0) {
    const std::size_t at = in.offset();
    const std::uint8_t type = in.u1();
    if (type == kHeader) {
      const std::uint16_t magic = in.u2();
      const std::uint16_t version = in.u2();
      if (!in.failed() && magic != kMagic) return damage(at, "not JaCoCo data");
      if (!in.failed() && version != kVersion) {
        return damage(at, "JaCoCo data of another version of its format");
      }
      begun = true;
    } else if (!begun) {
      return damage(at, "not JaCoCo data");
    } else if (type == kSession) {
      const std::string_view id = in.take(in.u2());
      in.take(16);  // start and dump
      if (!in.failed() && id.empty()) return damage(at, "a session without a name");
      if (!in.failed()) exec.sessions.push_back({id, exec.classes.size()});
    } else if (type == kExecuted) {
      JacocoExec::Class record;
      record.id = in.u8();
      record.name = in.take(in.u2());
      record.probes = read_length(in);
      if (record.probes > kMaxProbes) {
        return damage(at, "a class with more than " + std::to_string(kMaxProbes) + " probes");
      }
      record.hits = in.take((record.probes + 7) / 8);
      if (!in.failed()) exec.classes.push_back(record);
    } else if (type != kEndOfReply) {
      return damage(at, "a record of unknown type " + std::to_string(type));
    }
  }
  exec.truncated = in.failed();
  return exec;
}

bool accepts_jacoco_exec(const Head& head) {
  return head.bytes.starts_with("\x01\xc0\xc0\x10\x07"sv);
}

Result<void> read_jacoco_exec(const Input& input, Sink& sink) {
  const Result<JacocoExec> exec = parse_jacoco_exec(input);
  if (!exec) return fail(exec.error());
  if (input.build == nullptr || input.build->java().classes().empty()) {
    return fail(error_in(input.path, "JaCoCo data without the classes that ran",
                         "put them (.class or .jar) below build/ of the run set, or name their "
                         "folder with --build"));
  }
  if (exec->truncated) {
    ExecReader(input, sink).lose(*exec);
    return fail(error_in(input.path, "cut short; what the run did in its classes is not known",
                         "the file is still being written, or its disk was full"));
  }
  std::set<std::string_view> ids;
  for (const JacocoExec::Session& session : exec->sessions) ids.insert(session.id);
  if (input.build->jacoco_sessions_apart && !exec->sessions.empty()) {
    return read_apart(input, sink, *exec);
  }
  if (ids.size() > 1) {
    sink.warn(error_in(input.path,
                       std::to_string(ids.size()) +
                           " sessions taken as one run: " + printable(*ids.begin()) + ", " +
                           printable(*std::next(ids.begin())) + (ids.size() > 2 ? ", ..." : ""),
                       "--jacoco-sessions apart makes each a run"));
  }
  ExecReader(input, sink).read(exec->classes);
  return {};
}

bool accepts_java_class(const Head& head) {
  // Mach-O universal binaries share the magic, but hold few parts where a class has its version.
  return head.bytes.starts_with("\xca\xfe\xba\xbe"sv) && head.bytes.size() > 7 &&
         static_cast<unsigned char>(head.bytes[7]) >= 45;
}

Result<void> load_java_class(const Input& input, BuildFiles& build) {
  Result<AnalysedClass> analysed = analyse_class(input, build.jacoco_filters);
  if (!analysed) return fail(std::move(analysed.error()));
  build.add(input.path, std::move(*analysed));
  return {};
}

}  // namespace culprit
