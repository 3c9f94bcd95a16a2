#include "readers/detect.h"

#include <gmock/gmock.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <set>

#include "readers/recorder.h"
#include "readers/registry.h"

namespace culprit {
namespace {

using namespace std::string_view_literals;
using testing::ContainsRegex;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Head head_of(std::string_view bytes) { return inspect({"dir/file", bytes}); }

// Rows of a small table of formats: what begins with `a`, with `a` or `b`, and a refused one.
bool begins_with_a(const Head& head) { return head.bytes.starts_with('a'); }
bool begins_with_a_or_b(const Head& head) {
  return head.bytes.starts_with('a') || head.bytes.starts_with('b');
}
bool begins_with_r(const Head& head) { return head.bytes.starts_with('r'); }
Result<void> read_nothing(const Input&, Sink&) { return {}; }
Result<void> refuse(const Input& input, Sink&) {
  return fail(error_in(input.path, "raw", "convert it"));
}
constexpr std::array kTable = {
    Reader{
        "alpha", InputKind::kCoverage, "", "*.alpha[.gz], x.ab", begins_with_a, read_nothing, {}},
    Reader{"beta", InputKind::kCoverage, "", "*.beta, x.ab", begins_with_a_or_b, read_nothing, {}},
    Reader{"raw", InputKind::kUnreadable, "", "*.raw", begins_with_r, refuse, {}},
};

std::string detected(std::string_view path, std::string_view bytes) {
  const auto reader = detect_among(kTable, {path, bytes});
  return reader ? std::string((*reader)->name) : to_string(reader.error());
}

std::string refusal(std::string_view bytes) {
  const Input input{"dir/file", bytes};
  const auto reader = detect(input);
  if (!reader) return to_string(reader.error());
  Recorder sink;
  const auto read = (*reader)->read(input, sink);
  return read ? "read by " + std::string((*reader)->name) : to_string(read.error());
}

TEST(Inspect, TellsEmptyTextAndBinaryApart) {
  EXPECT_EQ(head_of("").shape, Head::Shape::kEmpty);
  EXPECT_EQ(head_of("\xef\xbb\xbf \r\n\t").shape, Head::Shape::kEmpty);
  EXPECT_EQ(head_of("SF:a.cc\n").shape, Head::Shape::kText);
  EXPECT_EQ(head_of("Stra\xdf"
                    "e in Latin-1\n")
                .shape,
            Head::Shape::kText);
  EXPECT_EQ(head_of("a\0b"sv).shape, Head::Shape::kBinary);
  EXPECT_EQ(head_of("\x01\x02\x03\x04").shape, Head::Shape::kBinary);
}

TEST(Inspect, DropsTheByteOrderMarkAndCutsTheHead) {
  const std::string bytes = "\xef\xbb\xbf" + std::string(10'000, 'x');
  EXPECT_EQ(head_of(bytes).bytes, std::string(4096, 'x'));
}

TEST(Inspect, GivesTheFileName) {
  EXPECT_EQ(head_of("x").file_name(), "file");
  EXPECT_EQ(inspect({"file", "x"}).file_name(), "file");
}

TEST(InspectJson, ListsTheKeysOfTheOutermostObjectOnly) {
  const Head head =
      head_of(R"( {"a": {"inner": 1}, "b":[{"inner":2},"]}"], "c\"d" : "x\\", "e":1})");
  EXPECT_EQ(head.shape, Head::Shape::kJsonObject);
  EXPECT_THAT(head.keys, ElementsAre("a", "b", "c\\\"d", "e"));
  EXPECT_TRUE(head.has("e"));
  EXPECT_FALSE(head.has("inner"));
  EXPECT_FALSE(head.json_lines);
}

TEST(InspectJson, SeesThatAnotherValueFollows) {
  EXPECT_TRUE(head_of("{\"a\":1}\n{\"b\":2}\n").json_lines);
  EXPECT_TRUE(head_of("{}{}").json_lines);
  EXPECT_FALSE(head_of("{\"a\":\"}{\"}\n").json_lines);
  EXPECT_THAT(head_of("{\"a\":1}\r\n{\"b\":2}").keys, ElementsAre("a"));
}

TEST(InspectJson, EntersArrays) {
  const Head head = head_of(R"([[{"traceId":"1","x":[{}]},{"other":1}],[]])");
  EXPECT_EQ(head.shape, Head::Shape::kJsonArray);
  EXPECT_THAT(head.keys, ElementsAre("traceId", "x"));
  EXPECT_FALSE(head.json_lines);
  EXPECT_TRUE(head_of("[{\"a\":1}]\n[{\"a\":2}]").json_lines);
}

TEST(InspectJson, KeepsWhatItSawOfAFileCutShort) {
  EXPECT_THAT(head_of(R"({"a":1,"b":[{"c)").keys, ElementsAre("a", "b"));
  EXPECT_THAT(head_of(R"({"a":1,"b)").keys, ElementsAre("a"));
  EXPECT_EQ(head_of("{").shape, Head::Shape::kJsonObject);
  EXPECT_EQ(head_of("[").shape, Head::Shape::kJsonArray);
}

TEST(InspectJson, FindsKeysBehindALargeValueUpToOneMebibyte) {
  const auto document = [](std::size_t size) {
    return "{\"files\":[\"" + std::string(size, 'x') + "\"],\"last\":1}";
  };
  EXPECT_THAT(head_of(document(1'000'000)).keys, ElementsAre("files", "last"));
  EXPECT_THAT(head_of(document(1'100'000)).keys, ElementsAre("files"));
}

TEST(InspectJson, IsNotFooledByTextInBrackets) {
  EXPECT_EQ(head_of("[INFO] started\n").shape, Head::Shape::kText);
  EXPECT_EQ(head_of("[2024-01-01 10:00:00] started\n").shape, Head::Shape::kText);
  EXPECT_EQ(head_of("[thread-1] started\n").shape, Head::Shape::kText);
  EXPECT_EQ(head_of("{ int x; }\n").shape, Head::Shape::kText);
  EXPECT_EQ(head_of("[1, 2]").shape, Head::Shape::kJsonArray);
  EXPECT_EQ(head_of("[true]").shape, Head::Shape::kJsonArray);
  EXPECT_EQ(head_of("[]").shape, Head::Shape::kJsonArray);
}

TEST(InspectJson, SurvivesDeepNesting) {
  const std::string deep(900'000, '[');
  EXPECT_THAT(head_of("{\"a\":" + deep).keys, ElementsAre("a"));
  EXPECT_THAT(head_of(deep).keys, IsEmpty());
}

TEST(InspectXml, FindsTheRootAndTwoLevelsBelowIt) {
  const Head head = head_of(
      "<?xml version=\"1.0\"?>\n<!DOCTYPE report PUBLIC \"-//X//DTD a>b\" \"r.dtd\" [\n"
      "<!ELEMENT fake (x)> <!-- don't --> ]>\n<!-- <not/> -->\n"
      "<report name='a>b'><sessioninfo/><package name=\"p\"><class><method/></class>"
      "<sourcefile/></package><package/><![CDATA[<no/>]]></report><after/>");
  EXPECT_EQ(head.shape, Head::Shape::kXml);
  EXPECT_EQ(head.xml_root, "report");
  EXPECT_THAT(head.xml_children, ElementsAre("sessioninfo", "package", "class", "sourcefile"));
}

TEST(InspectXml, KeepsWhatItSawOfAFileCutShort) {
  EXPECT_EQ(head_of("<cover").xml_root, "cover");
  EXPECT_THAT(head_of("<coverage><packages><pack").xml_children, ElementsAre("packages", "pack"));
  EXPECT_EQ(head_of("<!-- never closed").xml_root, "");
  EXPECT_EQ(head_of("<?xml version=\"1.0\"?>").shape, Head::Shape::kXml);
}

TEST(InspectXml, TakesOtherAngleBracketsForText) {
  EXPECT_EQ(head_of("<3 lcov").shape, Head::Shape::kText);
  EXPECT_EQ(head_of("<").shape, Head::Shape::kText);
}

TEST(InspectXml, SurvivesDeepNesting) {
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "<a>";
  EXPECT_EQ(head_of(deep).xml_root, "a");
}

TEST(FitsName, MatchesPatterns) {
  EXPECT_TRUE(fits_name(kTable[0], "x.alpha"));
  EXPECT_TRUE(fits_name(kTable[0], "x.y.alpha.gz"));
  EXPECT_TRUE(fits_name(kTable[0], "x.ab"));
  EXPECT_FALSE(fits_name(kTable[0], "x.alphabet"));
  EXPECT_FALSE(fits_name(kTable[1], "x.beta.gz"));
}

TEST(Detect, TakesTheOneReaderThatAccepts) { EXPECT_EQ(detected("x.alpha", "b"), "beta"); }

TEST(Detect, LetsTheNameBreakATie) {
  EXPECT_EQ(detected("dir.beta/x.alpha", "a"), "alpha");
  EXPECT_EQ(detected("x.beta", "a"), "beta");
}

TEST(Detect, NamesBothReadersOfATieThatTheNameDoesNotBreak) {
  for (const std::string_view path : {"x.ab", "other"}) {
    EXPECT_EQ(detected(path, "a"), std::string(path) +
                                       ": could be alpha or beta\n"
                                       "  rename it: the names in `culprit list formats` decide "
                                       "between formats");
  }
}

TEST(Detect, ShowsTheFirstBytesOfAnUnknownFormatAndWhatItsNamePromised) {
  EXPECT_EQ(detected("x.alpha", "cde\n"),
            "x.alpha: not a known format\n"
            "  text, starting with the bytes 63 64 65 0a; by its name it could be alpha, but its "
            "content is not");
  EXPECT_EQ(detected("x", "0123456789abcdefXYZ"),
            "x: not a known format\n"
            "  text, starting with the bytes 30 31 32 33 34 35 36 37 38 39 61 62 63 64 65 66; "
            "`culprit list formats` shows what is read");
}

TEST(Detect, NamesFormatsOfTheNameAndNoLongListOfThoseOfTheExtension) {
  const auto said_of = [](std::string_view path) {
    return to_string(detect({path, "{\"hello\":1}"}).error());
  };
  EXPECT_THAT(said_of("my-jaeger.json"), HasSubstr("; by its name it could be jaeger, but its"));
  EXPECT_THAT(said_of("odd.json"), ContainsRegex("; by its name it could be one of [0-9]+ formats "
                                                 "\\(`culprit list formats`\\), but its"));
}

TEST(Detect, SaysWhatItSawOfAnUnknownFormat) {
  EXPECT_THAT(detected("x", "<html><body>"), HasSubstr("XML with the root element `html`"));
  EXPECT_THAT(detected("x", "{\"p\":1,\"q\":2}"), HasSubstr("JSON with the keys `p` and `q`,"));
  EXPECT_THAT(detected("x", "{\"1\":0,\"2\":0,\"3\":0,\"4\":0,\"5\":0,\"6\":0}"),
              HasSubstr("JSON with the keys `1`, `2`, `3`, `4` and `5` and more,"));
  EXPECT_THAT(detected("x", "\0\1"sv), HasSubstr("binary, starting with the bytes 00 01"));
}

TEST(Detect, RecognisesFormatsThatAreNotRead) { EXPECT_EQ(detected("x", "r"), "raw"); }

TEST(Detect, TellsAGitLfsPointerFromAnEmptyReport) {
  EXPECT_EQ(refusal("version https://git-lfs.github.com/spec/v1\n"
                    "oid sha256:518b5f65e299e7f1d805838fc3633637b87d2750614296e9a82d0289cab77f68\n"
                    "size 1600\n"),
            "dir/file: a Git LFS pointer: 1600 bytes not fetched\n"
            "  run `git lfs pull` where it was checked out");
  EXPECT_THAT(refusal("version https://git-lfs.github.com/spec/v1\nsize many\n"),
              HasSubstr("some bytes not fetched"));
}

TEST(Detect, NamesWhatCannotBeReadAtAll) {
  EXPECT_EQ(refusal(""), "dir/file: the file is empty");
  EXPECT_EQ(refusal(" \n"), "dir/file: the file holds nothing but blanks");
}

TEST(Detect, SaysWhatRawDataNeeds) {
  EXPECT_THAT(refusal("adcg*22B\0\0\0\0"sv), HasSubstr("name their folder with --build"));
  EXPECT_THAT(refusal("gcdaB22*\0\0\0\0"sv), HasSubstr("without the notes (.gcno)"));
  EXPECT_THAT(refusal("oncg*22B\0\0\0\0"sv), HasSubstr(".gcno"));
  EXPECT_THAT(refusal("gcnoB22*\0\0\0\0"sv), HasSubstr(".gcno"));
  EXPECT_THAT(refusal("\x01\xc0\xc0\x10\x07\x10\0"sv), HasSubstr("name their folder with --build"));
  EXPECT_THAT(refusal("\x01\xc0\xc0\x00\x01\x10\0"sv), HasSubstr("GZoltar"));
  EXPECT_THAT(refusal("\xca\xfe\xba\xbe\0\0\0\x34\0"sv), HasSubstr("Java class"));
}

TEST(Readers, HaveNamesOfTheirOwnAndAreFoundByThem) {
  std::set<std::string_view> names;
  for (const Reader& reader : readers()) {
    EXPECT_TRUE(names.insert(reader.name).second) << reader.name;
    EXPECT_EQ(find_reader(reader.name), &reader);
    EXPECT_FALSE(reader.title.empty());
    EXPECT_FALSE(reader.files.empty());
    EXPECT_NE(reader.accepts, nullptr);
    EXPECT_NE(reader.read, nullptr);
  }
  EXPECT_EQ(find_reader("gcov"), nullptr);
}

TEST(Readers, AllHaveAFuzzTargetWithSeeds) {
  const std::string folder = CULPRIT_SOURCE_DIR "/tests/fuzz/";
  std::ifstream in(folder + "CMakeLists.txt");
  const std::string list{std::istreambuf_iterator<char>(in), {}};
  for (const Reader& reader : readers()) {
    if (reader.kind == InputKind::kUnreadable || reader.kind == InputKind::kBuildFile) continue;
    const std::string name(reader.name);
    EXPECT_THAT(list, ::testing::ContainsRegex("[ (]" + name + "[ )\n]")) << name;
    EXPECT_FALSE(std::filesystem::is_empty(folder + "corpus/" + name)) << name;
  }
}

TEST(Readers, PreferTheRicherOfSeveralCoverageFormats) {
  const auto preference = [](std::string_view name) { return find_reader(name)->preference; };
  EXPECT_GT(preference("gcov-json"), preference("gcov-text"));
  EXPECT_GT(preference("gcov-text"), preference("lcov"));
  EXPECT_GT(preference("lcov"), preference("cobertura"));
}

}  // namespace
}  // namespace culprit
