#include "readers/csv_records.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "recorder.h"

namespace culprit {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

struct Table {
  CsvHeader header{{}, ','};
  std::vector<std::vector<std::string>> rows;
  std::vector<Error> warnings;
};

Table read(std::string_view bytes) {
  Recorder sink;
  const Input input{"a.csv", bytes};
  CsvRecords records(input, sink);
  Table table{records.header(), {}, {}};
  while (records.next()) {
    table.rows.emplace_back();
    for (std::size_t i = 0; i < records.header().names().size(); ++i) {
      table.rows.back().emplace_back(records.field(i));
    }
  }
  records.finish();
  table.warnings = sink.warnings;
  return table;
}

TEST(CsvRecords, FieldsAreWhatStandsBetweenTheSeparatorOfTheHeader) {
  for (const std::string separator : {",", ";", "\t", "|"}) {
    const Table table = read("\xef\xbb\xbf\r\na" + separator + " \"b\"\r\n1" + separator +
                             " 2 \r\n\r\n" + separator + "\r\n");
    EXPECT_THAT(table.header.names(), ElementsAre("a", "b")) << separator;
    // A line that holds nothing but separators is a record of empty fields, unless they are blanks.
    if (separator != "\t") {
      EXPECT_THAT(table.rows, ElementsAre(ElementsAre("1", "2"), ElementsAre("", "")));
    } else {
      EXPECT_THAT(table.rows, ElementsAre(ElementsAre("1", "2")));
    }
    EXPECT_THAT(table.warnings, IsEmpty());
  }
}

TEST(CsvRecords, QuotesKeepSeparatorsQuotesAndLineEnds) {
  const Table table = read(
      "a,b,c\n"
      "\"x,y\",\"say \"\"no\"\"\",\"two\nlines\"\n"
      "\"\",\"\"\"\",\"{\"\"log\"\":\"\"1,2\"\"}\"\n"
      "in \"the\" middle,5\",\"6\"\n");
  EXPECT_THAT(table.rows, ElementsAre(ElementsAre("x,y", "say \"no\"", "two\nlines"),
                                      ElementsAre("", "\"", "{\"log\":\"1,2\"}"),
                                      ElementsAre("in \"the\" middle", "5\"", "6")));
  EXPECT_THAT(table.warnings, IsEmpty());
}

TEST(CsvRecords, NamesAreFoundWhateverTheirCase) {
  const CsvHeader header = CsvHeader::of("TraceID,SpanID,Duration\n1,2,3\n");
  EXPECT_EQ(header.find("traceid"), 0U);
  constexpr std::array<std::string_view, 3> kNames = {"elapsed", "duration", "spanid"};
  EXPECT_EQ(header.find(kNames), 2U);
  EXPECT_FALSE(header.has("ParentID"));
}

TEST(CsvRecords, RecordsWithAnotherNumberOfFieldsAreSkippedAndSaid) {
  const Table table = read("a,b\n1\n1,2,3\n1,2,,\n4,5\n6");
  EXPECT_THAT(table.rows, ElementsAre(ElementsAre("1", "2"), ElementsAre("4", "5")));
  ASSERT_THAT(table.warnings, SizeIs(4));
  EXPECT_EQ(table.warnings[0].what, "fewer fields than columns; skipped");
  EXPECT_EQ(table.warnings[0].place, (Place{"a.csv", 2, 1}));
  EXPECT_EQ(table.warnings[1].what, "more fields than columns; skipped");
  EXPECT_EQ(table.warnings[2].what, "the last record is cut short; skipped");
  EXPECT_EQ(table.warnings[2].place, (Place{"a.csv", 6, 1}));
  EXPECT_THAT(table.warnings[3].what, HasSubstr("3 of 5 records were skipped"));
}

TEST(CsvRecords, AQuoteThatIsNotClosedCostsOneLine) {
  const Table table = read("a,b\n1,\"2\n3,4\n");
  EXPECT_THAT(table.rows, ElementsAre(ElementsAre("3", "4")));
  EXPECT_EQ(table.warnings.at(0).place, (Place{"a.csv", 2, 1}));
  EXPECT_THAT(table.warnings.at(0).what, HasSubstr("a quote that is not closed"));
}

TEST(CsvRecords, LongRecordsAreTakenForDamage) {
  const std::string most(CsvRecords::kMaxRecordBytes, 'x');
  const Table table = read("a,b\n1,\"" + most + "\"\n3,4\n");
  EXPECT_THAT(table.rows, ElementsAre(ElementsAre("3", "4")));
  std::string columns = "1,2";
  for (std::size_t i = 0; i < CsvRecords::kMaxColumns; ++i) columns += ',';
  EXPECT_THAT(read("a,b\n" + columns + "\n3,4\n").rows, ElementsAre(ElementsAre("3", "4")));
}

TEST(CsvRecords, WarningsPointAtTheField) {
  Recorder sink;
  const Input input{"a.csv", "a,b\n1,\"x\n\",\n2,y,\n"};
  CsvRecords records(input, sink);
  ASSERT_TRUE(records.next());
  ASSERT_TRUE(records.next());
  records.skipped("bad b", 1);
  EXPECT_EQ(sink.warnings.at(0).place, (Place{"a.csv", 4, 3}));
  EXPECT_EQ(sink.warnings.at(0).what, "bad b");
}

TEST(CsvRecords, AHeaderGivenLeavesTheFirstLineARecord) {
  Recorder sink;
  const Input input{"a.csv", "1,2\n3,4"};
  CsvRecords records(input, sink, CsvHeader({"x", "y"}, ','));
  ASSERT_TRUE(records.next());
  EXPECT_EQ(records.field(records.header().find("Y")), "2");
  ASSERT_TRUE(records.next());
  EXPECT_EQ(records.field(0), "3");
  EXPECT_FALSE(records.next());
}

TEST(CsvRecords, NothingIsNoRecord) {
  EXPECT_THAT(read("").rows, IsEmpty());
  EXPECT_THAT(read("\n \n").rows, IsEmpty());
  EXPECT_THAT(read("a,b").rows, IsEmpty());
  EXPECT_THAT(read("a,b").header.names(), ElementsAre("a", "b"));
}

}  // namespace
}  // namespace culprit
