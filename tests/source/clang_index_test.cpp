#include "source/clang_index.h"

#include <gmock/gmock.h>

#include <cstdio>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/demangle.h"
#include "base/packer.h"
#include "base/text.h"
#include "source/compile_flags.h"
#include "source/outline_child.h"

namespace culprit {
namespace {

using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::Not;

const std::string kRoot = CULPRIT_SOURCE_DIR;

std::string content(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string output_of(const std::string& command) {
  std::string text;
  FILE* const pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return text;
  char buffer[65536];
  for (std::size_t n = 0; (n = fread(buffer, 1, sizeof buffer, pipe)) > 0;) text.append(buffer, n);
  pclose(pipe);
  return text;
}

class WithClang : public ::testing::Test {
 protected:
  void SetUp() override {
    Result<ClangIndex> opened = ClangIndex::open(ClangIndex::usual_libraries());
    if (!opened) GTEST_SKIP() << "no libclang: " << to_string(opened.error());
    clang_.emplace(std::move(*opened));
  }

  CodeOutline outline(const std::string& path, std::vector<std::string> flags = {}) {
    if (flags.empty()) flags = CompileFlags(kRoot).flags_for(path);
    const std::string text = content(path);
    auto answers = outline_in_children(with_clang(), {{path, text, std::move(flags)}}, 1, 60);
    EXPECT_TRUE(answers.front()) << to_string(answers.front().error());
    return answers.front() ? *answers.front() : CodeOutline{};
  }

  Outliner with_clang() const {
    return [this](const OutlineTask& task) {
      return clang_->outline(task.path, task.text, task.flags);
    };
  }

  std::optional<ClangIndex> clang_;
};

// The text behind `mark` in a comment, up to where the comment ends.
std::optional<std::string> marked(const std::string& line, const std::string& mark) {
  const std::size_t at = line.find("// " + mark);
  if (at == std::string::npos) return std::nullopt;
  return std::string(trim(line.substr(at + 3 + mark.size())));
}

TEST_F(WithClang, FindsWhatTheSampleSaysThoughItsHeadersAreAbsent) {
  const std::string path = kRoot + "/tests/source/outline/shapes.cpp";
  const CodeOutline found = outline(path);
  EXPECT_TRUE(found.approximate);
  std::istringstream lines(content(path));
  std::map<std::string, std::uint32_t> ends;
  std::size_t functions = 0;
  std::size_t kinds = 0;
  std::uint32_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (number < 6) continue;  // tells of the marks
    if (const auto name = marked(line, "FN ")) {
      ++functions;
      const std::string reported =
          name->ends_with("(lambda)") ? "f()::{lambda()#1}::operator()()" : *name;
      const OutlinedFunction* const function = find_function(found, reported, number);
      ASSERT_NE(function, nullptr) << path << ":" << number;
      EXPECT_EQ(function->name_line, number);
      EXPECT_EQ(function->name, *name) << path << ":" << number;
    }
    if (const auto name = marked(line, "END ")) ends[*name] = number;
    if (const auto kind = marked(line, "KIND"); kind && kind->find('?') == std::string::npos) {
      ++kinds;
      ASSERT_LE(number, found.statements.size());
      EXPECT_EQ(found.statements[number - 1], *kind) << path << ":" << number;
    }
  }
  EXPECT_EQ(functions, 13U);
  EXPECT_GT(kinds, 25U);
  for (const auto& end : ends) {
    const auto at = std::find_if(found.functions.begin(), found.functions.end(),
                                 [&](const OutlinedFunction& f) { return f.name == end.first; });
    ASSERT_NE(at, found.functions.end()) << end.first;
    EXPECT_EQ(at->last_line, end.second) << end.first;
  }
}

TEST_F(WithClang, WritesSignaturesAsTheSourceDoes) {
  const Folder folder;
  folder.write(
      "a.cpp",
      "namespace shop {\nstruct Money { long minor; };\ntemplate <class T>\nT twice(const T& "
      "x) { return x; }\nMoney tax(const Money& net, int rate) { return net; }\nstruct Cart "
      "{ bool empty() const; };\nbool Cart::empty() const { return true; }\n}\n");
  const CodeOutline found = outline(folder.path("a.cpp"));
  EXPECT_FALSE(found.approximate);
  const auto signature = [&](const char* name, std::uint32_t line) {
    const OutlinedFunction* const f = find_function(found, name, line);
    return f == nullptr ? "" : f->signature;
  };
  // The former is version 14's.
  EXPECT_THAT(signature("shop::tax(shop::Money const&, int)", 5),
              AnyOf("shop::Money tax(const shop::Money &net, int rate)",
                    "Money tax(const Money &net, int rate)"));
  EXPECT_EQ(signature("shop::Cart::empty() const", 7), "bool Cart::empty() const");
  EXPECT_EQ(signature("int shop::twice<int>(int const&)", 4),
            "template <class T> T twice(const T &x)");
  // `template <class T>` belongs to it.
  EXPECT_EQ(find_function(found, "int shop::twice<int>(int const&)", 4)->first_line, 3U);
}

// gcov's own words for functions of our own sources, each of which must be found.
TEST_F(WithClang, MatchesEveryFunctionThatGcovFindsInOurOwnSources) {
  if (std::system("g++ --version >/dev/null 2>&1 && gcov --version >/dev/null 2>&1") != 0) {
    GTEST_SKIP() << "no g++ or no gcov";
  }
  const std::string database = CULPRIT_BUILD_DIR "/compile_commands.json";
  const std::string commands = content(database);
  CompileFlags flags(kRoot);
  ASSERT_TRUE(flags.add({database, commands}));
  std::size_t matched = 0;
  std::map<std::string, CodeOutline> outlines;
  std::istringstream files(CULPRIT_OUTLINED);
  for (std::string name; files >> name;) {
    const std::string path = kRoot + "/" + name;
    const Folder folder;
    std::string command = "cd '" + folder.path() + "' && g++ --coverage -O0 -c -o a.o";
    for (const std::string& flag : flags.flags_for(path)) {
      if (flag != "-ferror-limit=0") command += " " + shell_quoted(flag);
    }
    command += " '" + path + "' 2>&1 && gcov --json-format --stdout a.gcno 2>/dev/null";
    const nlohmann::json report = nlohmann::json::parse(output_of(command), nullptr, false);
    ASSERT_TRUE(report.is_object()) << command;
    for (const auto& file : report["files"]) {
      const std::string source = file["file"];
      if (!source.starts_with(kRoot + "/")) continue;
      const auto [at, is_new] = outlines.try_emplace(source);
      if (is_new) at->second = outline(source, flags.flags_for(source));
      for (const auto& function : file["functions"]) {
        const std::string mangled = function["name"];
        // What initialises globals is code of no function.
        if (mangled.starts_with("_GLOBAL__") || mangled.starts_with("_Z41__static_init")) continue;
        const std::uint32_t line = function["start_line"];
        const OutlinedFunction* const found = find_function(at->second, demangle(mangled), line);
        EXPECT_NE(found, nullptr) << source << ":" << line << " " << demangle(mangled);
        if (found == nullptr) continue;
        ++matched;
        EXPECT_EQ(found->name_line, line) << demangle(mangled);
        EXPECT_LE(found->first_line, line);
        EXPECT_GE(found->last_line, function["end_line"].get<std::uint32_t>())
            << source << ":" << line << " " << demangle(mangled);
      }
    }
  }
  EXPECT_GT(matched, 100U);
  std::printf("%zu functions matched\n", matched);
}

TEST_F(WithClang, EndsWhatDoesNotEnd) {
  const Folder folder;
  const std::string path = folder.path("a.cpp");
  // Exponential in 60, with no error.
  const std::string slow =
      "template <int N, int M> struct F { static constexpr long v = F<N - 1, 2 * M>::v + F<N - 1, "
      "2 * "
      "M + 1>::v; };\ntemplate <int M> struct F<0, M> { static constexpr long v = 1; };\n"
      "long x = F<28, 0>::v;\n";
  const std::string good = "int f() { return 1; }\n";
  const auto answers = outline_in_children(
      with_clang(), {{path, slow, {"-x", "c++"}}, {path, good, {"-x", "c++"}}}, 2, 1);
  ASSERT_FALSE(answers[0]);
  EXPECT_THAT(to_string(answers[0].error()), HasSubstr("took over 1 s"));
  ASSERT_TRUE(answers[1]);
  EXPECT_EQ(answers[1]->functions.size(), 1U);
}

TEST_F(WithClang, SurvivesACrashAndADevice) {
  const Folder folder;
  const std::string path = folder.path("a.cpp");
  const std::string crash = "#pragma clang __debug crash\n";
  const std::string endless = "#include \"/dev/zero\"\nint f() { return 1; }\n";
  const auto answers = outline_in_children(
      with_clang(), {{path, crash, {"-x", "c++"}}, {path, endless, {"-x", "c++"}}}, 2, 2);
  EXPECT_FALSE(answers[0]);
  // Whatever it makes of the device, it does not take long or all memory.
  EXPECT_EQ(answers.size(), 2U);
}

TEST(ClangIndex, SaysWhatToInstallWhereNoLibraryIs) {
  const Result<ClangIndex> none = ClangIndex::open({"libclang-of-nobody.so"});
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().hint, HasSubstr("install"));
}

TEST(CodeOutline, ComesBackFromTextAsItWas) {
  CodeOutline outline;
  outline.functions = {{"a::f", "int f(\"x\")", "c:@F@f", "_Z1fv", 3, 2, 5, false, false},
                       {"(lambda)", "lambda", "", "", 4, 4, 4, true, false}};
  outline.statements = {"", "if", "return"};
  outline.approximate = true;
  EXPECT_EQ(outline_from_text(outline_as_text(outline)), outline);
  for (const char* bad :
       {"", "{", "[]", "{\"functions\":[[1]],\"statements\":[],\"approximate\":true}",
        "{\"functions\":[],\"statements\":[1],\"approximate\":true}"}) {
    EXPECT_EQ(outline_from_text(bad), std::nullopt) << bad;
  }
}

TEST(CompileFlags, TakesNothingThatExecutes) {
  EXPECT_THAT(safe_flags({"g++",        "-fplugin=evil.so",
                          "-Xclang",    "-load",
                          "-Xclang",    "evil.so",
                          "-Iinc",      "-I",
                          "/abs",       "-isystem",
                          "sys",        "-DX=1",
                          "-U",         "Y",
                          "-std=c++17", "-include",
                          "pre.h",      "-include-pch",
                          "x.pch",      "-B/evil",
                          "-o",         "a.o",
                          "-c",         "a.cc",
                          "-x",         "c++",
                          "-x",         "cuda",
                          "-wrapper",   "sh",
                          "@file"},
                         "/b"),
              ElementsAre("-I", "/b/inc", "-I", "/abs", "-isystem", "/b/sys", "-D", "X=1", "-U",
                          "Y", "-std=c++17", "-include", "/b/pre.h", "-x", "c++"));
}

TEST(CompileFlags, TakesAShellCommandApart) {
  EXPECT_THAT(shell_words(R"(g++ -DA="x y" '-DB=\"' -DC=\"q\"  -I a\ b "")"),
              ElementsAre("g++", "-DA=x y", "-DB=\\\"", "-DC=\"q\"", "-I", "a b", ""));
}

TEST(CompileFlags, KnowsFilesOfABuildElsewhereAndHeadersByTheirNeighbours) {
  CompileFlags flags("/home/me/shop");
  const std::string database =
      R"([{"directory":"/ci/shop/build","file":"../src/a.cc","command":"g++ -DA -std=c++17 -c ../src/a.cc"},
          {"directory":"/ci/shop/build","file":"../lib/b.c","arguments":["gcc","-DB","-c","../lib/b.c"]},
          {"directory":"/ci","file":7},3])";
  ASSERT_TRUE(flags.add({"compile_commands.json", database}));
  EXPECT_THAT(flags.flags_for("/home/me/shop/src/a.cc"), IsSupersetOf({"A", "-std=c++17"}));
  EXPECT_THAT(flags.flags_for("/home/me/shop/lib/b.c"), IsSupersetOf({"B", "-std=gnu11"}));
  const auto header = flags.flags_for("/ci/shop/src/a.h");
  EXPECT_THAT(header, IsSupersetOf({"A", "-x", "c++"}));
  EXPECT_THAT(header, Not(testing::Contains("B")));
  EXPECT_FALSE(flags.add({"x", "{}"}));
  EXPECT_FALSE(flags.add({"x", "[[[["}));
}

}  // namespace
}  // namespace culprit
