#include "config/recording.h"

#include <gmock/gmock.h>

namespace culprit {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::string kService = "[[service]]\nname = \"a\"\ngcov = \"unix:run/a.sock\"\n";

std::string error_of(const std::string& text) {
  const auto config = parse_recording_config({"lab/shop.toml", text});
  return config ? "" : to_string(config.error());
}

TEST(RecordingConfig, NamesServicesAndWhereTheyAre) {
  const auto config = parse_recording_config(
      {"lab/shop.toml",
       "base-url = \"http://127.0.0.1:8080\"\ntimeout-ms = 700\ndrain-ms = 9\nquiet-ms = 3\n"
       "traces = [\"spans/*.jsonl\", \"/var/spans.json\"]\n" +
           kService +
           "build = [\"b/a\"]\n[[service]]\nname = \"p\"\njacoco = \"127.0.0.1:6300\"\n"});
  ASSERT_TRUE(config) << to_string(config.error());
  EXPECT_EQ(config->base_url, "http://127.0.0.1:8080");
  EXPECT_EQ(config->timeout_ms, 700U);
  EXPECT_EQ(config->drain_ms, 9U);
  EXPECT_EQ(config->quiet_ms, 3U);
  EXPECT_THAT(config->traces, ElementsAre("lab/spans/*.jsonl", "/var/spans.json"));
  ASSERT_EQ(config->services.size(), 2U);
  EXPECT_EQ(config->services[0].address, "unix:lab/run/a.sock");
  EXPECT_THAT(config->services[0].build, ElementsAre("lab/b/a"));
  EXPECT_EQ(config->services[1].tool, CoverageTool::kJacoco);
  EXPECT_EQ(config->services[1].address, "127.0.0.1:6300");
}

TEST(RecordingConfig, SaysWhereItIsWrong) {
  EXPECT_THAT(error_of("base-url = 1\n" + kService),
              HasSubstr("lab/shop.toml:1:12: this takes a text"));
  EXPECT_THAT(error_of("drain-ms = 0\n" + kService), HasSubstr("takes milliseconds"));
  EXPECT_THAT(error_of("base = \"x\"\n" + kService), HasSubstr("unknown key `base`"));
  EXPECT_THAT(error_of(kService + kService), HasSubstr("of this name already"));
  EXPECT_THAT(error_of(kService + "jacoco = \"a:1\"\n"), HasSubstr("one of gcov and jacoco"));
  EXPECT_THAT(error_of("[[service]]\nname = \"a/b\"\ngcov = \"x\"\n"),
              HasSubstr("that of a folder"));
  EXPECT_THAT(error_of("[[service]]\nname = \"a\"\n"), HasSubstr("how is the coverage"));
  EXPECT_THAT(error_of("service = 1\n"), HasSubstr("write [[service]]"));
  EXPECT_THAT(error_of(""), HasSubstr("names no service"));
  EXPECT_THAT(error_of("[[service"), HasSubstr("lab/shop.toml:1:"));
}

}  // namespace
}  // namespace culprit
