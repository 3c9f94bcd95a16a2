// Large files are read a part at a time: what is told of them must not depend on where parts end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "readers/parts.h"
#include "readers/recorder.h"
#include "readers/registry.h"
#include "readers/text_window.h"

namespace culprit {
namespace {

struct Told {
  std::vector<Span> spans;
  std::vector<std::string> warnings;
  std::string error;
};

Told told_of(const Reader& reader, const Input& input) {
  Recorder recorder;
  const Result<void> done = reader.read(input, recorder);
  Told told{recorder.spans, {}, done ? "" : to_string(done.error())};
  for (const Error& warning : recorder.warnings) told.warnings.push_back(to_string(warning));
  return told;
}

// In parts of several sizes; `places`: messages name the same lines and columns, too.
void expect_same_in_parts(const std::string& name, std::string_view text, bool places = true) {
  const Input whole{name, text};
  const auto reader = detect(whole);
  ASSERT_TRUE(reader) << name;
  ASSERT_TRUE((*reader)->streams) << name;
  const Told expected = told_of(**reader, whole);
  for (const std::size_t bytes : {7U, 64U, 1000U, 65536U}) {
    // A record is looked at anew when a part is added, so that small parts of long ones take long.
    if (text.size() / bytes > 20'000) continue;
    Parts parts(text, bytes);
    Input input{name, {}};
    input.rest = &parts;
    const Told told = told_of(**reader, input);
    EXPECT_EQ(told.spans.size(), expected.spans.size()) << name << " in parts of " << bytes;
    EXPECT_EQ(told.spans, expected.spans) << name << " in parts of " << bytes;
    EXPECT_EQ(told.error.empty(), expected.error.empty()) << name << " in parts of " << bytes;
    if (!places) continue;
    EXPECT_EQ(told.warnings, expected.warnings) << name << " in parts of " << bytes;
  }
}

TEST(Streaming, ReadsEveryTraceSampleAlikeInParts) {
  namespace fs = std::filesystem;
  const fs::path samples = fs::path(CULPRIT_SOURCE_DIR) / "../shared/data/samples";
  if (!fs::exists(samples)) GTEST_SKIP() << samples << " is not there";
  std::size_t compared = 0;
  for (const char* folder : {"jaeger", "otlp", "zipkin"}) {
    for (const auto& file : fs::recursive_directory_iterator(samples / folder)) {
      if (file.path().extension() != ".json") continue;
      std::ifstream stream(file.path(), std::ios::binary);
      const std::string text{std::istreambuf_iterator<char>(stream), {}};
      const auto reader = detect({file.path().string(), text});
      if (!reader || !(*reader)->streams) continue;
      expect_same_in_parts(file.path().string(), text);
      ++compared;
    }
  }
  EXPECT_GT(compared, 50U);
}

// Seeds of the fuzz targets with a few bytes changed: a file is good or bad however it is read, and
// a good one tells the same.
TEST(Streaming, AgreesOnDamagedFiles) {
  namespace fs = std::filesystem;
  std::mt19937 random(7);
  const auto below = [&](std::size_t bound) { return random() % std::max<std::size_t>(bound, 1); };
  constexpr std::string_view kBytes = "{}[],:\"\\\n 0a\xff";
  std::size_t good = 0;
  std::size_t bad = 0;
  for (const char* name : {"otlp", "jaeger", "zipkin", "skywalking"}) {
    const Reader& reader = *find_reader(name);
    ASSERT_TRUE(reader.streams);
    for (const auto& file :
         fs::directory_iterator(std::string(CULPRIT_SOURCE_DIR "/tests/fuzz/corpus/") + name)) {
      std::ifstream stream(file.path(), std::ios::binary);
      const std::string seed{std::istreambuf_iterator<char>(stream), {}};
      if (seed.empty() || seed.size() > 20'000) continue;
      for (int round = 0; round < 60; ++round) {
        std::string text = seed;
        for (std::size_t change = 0; change < below(4); ++change) {
          const std::size_t at = below(text.size());
          const std::size_t what = below(3);
          if (what == 0) text[at] = kBytes[below(kBytes.size())];
          if (what == 1) text.insert(at, 1, kBytes[below(kBytes.size())]);
          if (what == 2) text.erase(at, 1 + below(20));
          if (text.empty()) text = "{";
        }
        const Told whole = told_of(reader, {"x", text});
        Parts parts(text, 16 + below(200));
        Input input{"x", {}};
        input.rest = &parts;
        const Told told = told_of(reader, input);
        ASSERT_EQ(told.error.empty(), whole.error.empty()) << file.path() << "\n" << text;
        ++(whole.error.empty() ? good : bad);
        if (!whole.error.empty() || !whole.warnings.empty()) continue;
        ASSERT_EQ(told.spans, whole.spans) << file.path() << "\n" << text;
      }
    }
  }
  EXPECT_GT(good, 200U);
  EXPECT_GT(bad, 200U);
}

constexpr std::string_view kSpan =
    R"({"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":)"
    R"("a\"]}"}}]},"scopeSpans":[{"spans":[{"traceId":"0af7651916cd43dd8448eb211c80319c",)"
    R"("spanId":"%","name":"[{\\","startTimeUnixNano":"5","endTimeUnixNano":"9"}]}]}]})";

std::string span_line(int id) {
  std::string line(kSpan);
  std::string digits = std::to_string(id);
  digits.insert(0, 16 - digits.size(), '0');
  return line.replace(line.find('%'), 1, digits);
}

TEST(Streaming, GoesOnInTheLineAfterADamagedOneAndNamesItsPlace) {
  std::string text;
  for (int i = 1; i <= 40; ++i) {
    text += i == 20 ? R"({"resourceSpans":[{"resource":{]}]})" : span_line(i);
    text += '\n';
  }
  expect_same_in_parts("lines.json", text);
  Parts parts(text, 100);
  Input input{"lines.json", {}};
  input.rest = &parts;
  const Told told = told_of(*find_reader("otlp"), input);
  EXPECT_EQ(told.spans.size(), 39U);
  ASSERT_EQ(told.warnings.size(), 1U);
  EXPECT_THAT(told.warnings[0], testing::StartsWith("lines.json:20:"));
}

TEST(Streaming, RefusesADocumentThatIsCutOff) {
  std::string text = R"({"resourceSpans":[)";
  for (int i = 1; i <= 40; ++i) {
    const std::string line = span_line(i);
    const std::size_t head = std::string_view(R"({"resourceSpans":[)").size();
    text += (i == 1 ? "" : ",\n") + line.substr(head, line.size() - head - 2);
  }
  expect_same_in_parts("whole.json", text + "]}");
  expect_same_in_parts("cut.json", text);
  Parts parts(text, 100);
  Input input{"cut.json", {}};
  input.rest = &parts;
  EXPECT_THAT(told_of(*find_reader("otlp"), input).error,
              testing::AllOf(testing::StartsWith("cut.json:40:"),
                             testing::HasSubstr("the JSON document is cut off")));
}

TEST(Streaming, ReadsDocumentsOfSeveralLinesOneAfterTheOther) {
  std::string text = "\xef\xbb\xbf\n";
  for (int i = 1; i <= 20; ++i) {
    std::string document = span_line(i);
    for (std::size_t at = 0; (at = document.find(":[", at)) != std::string::npos; at += 3) {
      document.insert(at + 2, "\n");
    }
    text += document + "\n\n";
  }
  expect_same_in_parts("documents.json", text);
}

TEST(Streaming, PassesOnThatAFileCannotBeReadToItsEnd) {
  class Broken final : public TextStream {
    Result<bool> read_more(std::string& text, std::size_t) override {
      if (!text.empty()) return fail(error_in("x.json.gz", "cut short"));
      text = span_line(1) + '\n' + span_line(2);
      return true;
    }
  } broken;
  Input input{"x.json", {}};
  input.rest = &broken;
  EXPECT_EQ(told_of(*find_reader("otlp"), input).error, "x.json.gz: cut short");
}

TEST(TextWindow, CountsLinesAndColumnsOverWhatIsGone) {
  const std::string text = "one\ntwo three\nfour";
  Parts parts(text, 6);
  Input input{"f", {}};
  input.rest = &parts;
  TextWindow window(input);
  EXPECT_EQ(window.text(), "one\ntw");
  ASSERT_TRUE(window.read_more(5));
  EXPECT_EQ(window.text(), "wo thre");
  EXPECT_EQ(window.position_of(3), 8U);
  EXPECT_TRUE(window.on_one_line(8, 7));
  EXPECT_FALSE(window.on_one_line(1, 7));  // its beginning is gone
  const Error error = window.error_at(3, "here");
  EXPECT_EQ(error.place.line, 2U);
  EXPECT_EQ(error.place.column, 5U);
  ASSERT_TRUE(window.read_more(6));
  EXPECT_EQ(window.text(), "ee\nfour");
  EXPECT_EQ(window.error_at(0, "here").place.line, 2U);
  EXPECT_EQ(window.error_at(0, "here").place.column, 8U);
  EXPECT_EQ(window.error_at(5, "here").place.line, 3U);
  EXPECT_EQ(window.error_at(5, "here").place.column, 3U);
  // At the end nothing comes, and nothing goes.
  EXPECT_FALSE(window.read_more(3));
  EXPECT_EQ(window.text(), "ee\nfour");
}

}  // namespace
}  // namespace culprit
