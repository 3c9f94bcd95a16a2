#include "readers/jacoco_scan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "readers/coverage_jacoco_xml.h"
#include "recorder.h"

namespace culprit {
namespace {

using testing::ElementsAre;

// A report as JaCoCo spells it.
std::string as_written(const std::string& inside) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><!DOCTYPE report PUBLIC "
         "\"-//JACOCO//DTD Report 1.1//EN\" \"report.dtd\"><report name=\"r\"><sessioninfo "
         "id=\"s\" "
         "start=\"1\" dump=\"2\"/>" +
         inside + "</report>";
}

const std::string kWritten = as_written(
    "<package name=\"p\"><class name=\"p/A\" sourcefilename=\"A.java\">"
    "<method name=\"&lt;init&gt;\" desc=\"()V\" line=\"3\"><counter type=\"INSTRUCTION\" "
    "missed=\"0\" "
    "covered=\"3\"/><counter type=\"LINE\" missed=\"0\" covered=\"1\"/></method>"
    "<method name=\"a&amp;b\" desc=\"()V\"/><counter type=\"CLASS\" missed=\"0\" "
    "covered=\"1\"/></class>"
    "<class name=\"p/I\" sourcefilename=\"I.java\"/>"
    "<sourcefile name=\"A.java\"><line nr=\"3\" mi=\"0\" ci=\"3\" mb=\"0\" cb=\"0\"/>"
    "<line nr=\"5\" mi=\"2\" ci=\"0\" mb=\"1\" cb=\"0\"/><counter type=\"LINE\" missed=\"1\" "
    "covered=\"1\"/></sourcefile><sourcefile name=\"I.java\"/></package>");

std::vector<std::string> strict_events(const std::string& bytes) {
  return reading_of(read_jacoco_xml_strictly, {"jacoco.xml", bytes}).recorder.events;
}

TEST(JacocoScan, TellsWhatTheStrictReaderDoes) {
  const auto report = scan_jacoco_report(kWritten);
  ASSERT_TRUE(report);
  Recorder recorder;
  tell(*report, recorder);
  EXPECT_THAT(recorder.events,
              ElementsAre("file p/A.java", "function p.A#<init>() 3-0", "function p.A#a&b() 0-0",
                          "hit 3 in p.A#<init>()", "miss 5", "file p/I.java"));
  EXPECT_EQ(recorder.events, strict_events(kWritten));
}

TEST(JacocoScan, LeavesWhatIsSpelledOtherwiseToTheStrictReader) {
  std::size_t scanned = 0;
  for (std::size_t i = 0; i < kWritten.size(); ++i) {
    for (const char c : {' ', '<', '9', '"'}) {
      std::string changed = kWritten;
      changed[i] = c;
      const auto report = scan_jacoco_report(changed);
      if (!report) continue;
      ++scanned;
      Recorder recorder;
      tell(*report, recorder);
      EXPECT_EQ(recorder.events, strict_events(changed)) << changed;
    }
  }
  EXPECT_GT(scanned, 100U);  // a digit or a name that is another
  for (const std::string& other :
       {kWritten + "\n", kWritten.substr(1), kWritten.substr(0, kWritten.size() - 1),
        as_written("<group name=\"g\"></group>"), as_written("<!-- a comment -->")}) {
    EXPECT_FALSE(scan_jacoco_report(other)) << other;
  }
}

}  // namespace
}  // namespace culprit
