#include "readers/xml_document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace culprit {
namespace {

using namespace std::string_view_literals;
using testing::ElementsAre;
using testing::HasSubstr;

Result<XmlDocument> parse(std::string_view bytes) { return XmlDocument::parse({"a.xml", bytes}); }

std::string refusal(std::string_view bytes) {
  const auto document = parse(bytes);
  return document ? "accepted" : to_string(document.error());
}

TEST(XmlDocument, GivesElementsAttributesAndText) {
  const auto document = parse(
      "<?xml version='1.0'?>\n<!-- > --><a x=\"1\" y='&lt;&#65;'>\n "
      "<b/>t<c>one<![CDATA[<two>]]></c>"
      "<b n=''/></a>\n<!-- end -->");
  ASSERT_TRUE(document);
  const XmlElement root = document->root();
  EXPECT_EQ(root.name(), "a");
  EXPECT_EQ(root.attribute("x"), "1");
  EXPECT_EQ(root.attribute("y"), "<A");
  EXPECT_EQ(root.attribute("z"), std::nullopt);
  EXPECT_EQ(root.child("c").text(), "one<two>");
  std::vector<std::string> names;
  for (const XmlElement child : root.children()) names.emplace_back(child.name());
  EXPECT_THAT(names, ElementsAre("b", "c", "b"));
  EXPECT_EQ(root.child("b").next("b").attribute("n"), "");
  EXPECT_FALSE(root.child("b").next("b").next());
}

TEST(XmlDocument, AnElementThatIsNotThereHasNothing) {
  const XmlElement none;
  EXPECT_FALSE(none);
  EXPECT_EQ(none.name(), "");
  EXPECT_EQ(none.text(), "");
  EXPECT_EQ(none.attribute("x"), std::nullopt);
  EXPECT_FALSE(none.child("a").next().child());
}

TEST(XmlDocument, DropsTheByteOrderMark) { EXPECT_TRUE(parse("\xef\xbb\xbf<a/>")); }

TEST(XmlDocument, ReadsPastADoctypeAndExpandsNoEntityOfIt) {
  const auto document = parse(
      "<!DOCTYPE a SYSTEM 'http://x/a.dtd' [\n"
      "  <!-- it's ]> not the end -->\n"
      "  <!ENTITY b \"]><c/>\"> <!ENTITY f SYSTEM \"file:///etc/passwd\">\n"
      "]>\n<a t='&b;'>&f;</a>");
  ASSERT_TRUE(document) << to_string(document.error());
  EXPECT_EQ(document->root().attribute("t"), "&b;");
  EXPECT_EQ(document->root().text(), "&f;");
  EXPECT_FALSE(document->root().child());
}

TEST(XmlDocument, PointsAtTheValueOfAnAttribute) {
  const auto document = parse(
      "\xef\xbb\xbf<!DOCTYPE a>\n<a><!-- <b n='no'/> --><b/>\n  <c><b m='1' n = \"x\"/></c></a>");
  ASSERT_TRUE(document);
  const XmlElement element = document->root().child("c").child("b");
  EXPECT_EQ(to_string(document->error(element, "n", "bad", "mend it")),
            "a.xml:3:20: bad\n"
            "      <c><b m='1' n = \"x\"/></c></a>\n"
            "                       ^\n"
            "  mend it");
  EXPECT_EQ(document->error(element, "absent", "bad").place, (Place{"a.xml", 3, 6}));
  EXPECT_EQ(document->error(document->root(), "", "bad").place, (Place{"a.xml", 2, 1}));
}

TEST(XmlDocument, SaysWhereTagsDoNotMatch) {
  EXPECT_EQ(refusal("<a>\n <b></a></b>"),
            "a.xml:2:5: </a> where </b> is expected, for the element of 2:2\n"
            "     <b></a></b>\n"
            "        ^");
  EXPECT_THAT(refusal("</a>"), HasSubstr("a.xml:1:1: </a> closes nothing"));
  EXPECT_THAT(refusal("<a/><b/>"), HasSubstr("a.xml:1:5: a second root element"));
  EXPECT_THAT(refusal("<a/>\ntext"), HasSubstr("a.xml:2:1: text after the root element"));
  EXPECT_THAT(refusal("text<a/>"), HasSubstr("a.xml:1:1: this is not XML"));
}

TEST(XmlDocument, SaysThatAFileWasCutShortWhereverItEnds) {
  const std::string whole =
      "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY x 'y'>]><a><b c = \"d\"/><![CDATA[e]]><!--f-->"
      "</a>";
  ASSERT_TRUE(parse(whole));
  const std::size_t root = whole.find("<a>");
  for (std::size_t size = 1; size < whole.size(); ++size) {
    const std::string text = refusal(whole.substr(0, size));
    const bool between = size == whole.find("<!DOC") || size == root;  // whole markup, no element
    EXPECT_THAT(text, HasSubstr(between ? "no XML element" : "the file ends inside")) << size;
  }
  EXPECT_EQ(refusal("<a>\n<b><c/>\n"),
            "a.xml:3:1: the file ends inside <b>, the element of 2:1\n"
            "  the file was cut short, or is still being written");
}

TEST(XmlDocument, SaysWhatIsWrongInATag) {
  EXPECT_THAT(refusal("<a b=1/>"), HasSubstr("a.xml:1:6: <a>: a quoted value is expected here"));
  EXPECT_THAT(refusal("<a b='1' b='2'/>"), HasSubstr("a.xml:1:10: <a>: an attribute is given"));
  EXPECT_THAT(refusal("<a b/>"), HasSubstr("a.xml:1:5: <a>: `=` is expected here"));
  EXPECT_THAT(refusal("<a b='1'c='2'/>"), HasSubstr("a.xml:1:9: <a>: `>` is expected here"));
  EXPECT_THAT(refusal("<a =''/>"), HasSubstr("a.xml:1:4: <a>: an attribute's name is expected"));
  EXPECT_THAT(refusal("<a b=\"1><c d=\"\"/></a>"), HasSubstr("a.xml:1:9: <a>: `<` inside"));
  EXPECT_THAT(refusal("<a>1 < 2</a>"), HasSubstr("a.xml:1:7: an element's name is expected"));
  EXPECT_THAT(refusal("<a></a x='1'>"), HasSubstr("a.xml:1:8: <a>: `>` is expected here"));
}

TEST(XmlDocument, RefusesWhatTinyxml2IsSlowAt) {
  std::string tag = "<a";
  for (int i = 1; i <= 64; ++i) tag += " b" + std::to_string(i) + "=''";
  EXPECT_TRUE(parse(tag + "/>"));
  EXPECT_THAT(refusal(tag + " c=''/>"), HasSubstr("<a>: more than 64 attributes in one tag"));
  EXPECT_THAT(refusal("<a b='&#&#'/>"), HasSubstr("a.xml:1:7: <a>: `&#` begins no character"));
  EXPECT_THAT(refusal("<a>\n1 &#x;</a>"), HasSubstr("a.xml:2:3: `&#` begins no character"));
  EXPECT_THAT(refusal("<a>&#1234567890;</a>"), HasSubstr("a.xml:1:4: `&#` begins no character"));
  EXPECT_TRUE(parse("<a b='&#0000010;&#x0010fFFF;'>&#x41;<![CDATA[&#]]><!-- &# --></a>"));
}

TEST(XmlDocument, SeesCommentsAndDoctypesEndWhereTinyxml2Does) {
  const auto document = parse("<a><!--><b/>--><c/></a>");
  ASSERT_TRUE(document);
  EXPECT_EQ(document->root().child().name(), "c");
  EXPECT_EQ(document->error(document->root().child(), "", "bad").place, (Place{"a.xml", 1, 16}));
  EXPECT_THAT(refusal("<a><!DOCTYPE b \"><c>\"></a>"), HasSubstr("a.xml:1:4: a DOCTYPE behind"));
}

TEST(XmlDocument, BoundsTheNesting) {
  const auto nested = [](std::size_t depth) {
    std::string text;
    for (std::size_t i = 0; i < depth; ++i) text += "<a>";
    for (std::size_t i = 0; i < depth; ++i) text += "</a>";
    return text;
  };
  EXPECT_TRUE(parse(nested(XmlDocument::kMaxDepth)));
  EXPECT_THAT(refusal(nested(XmlDocument::kMaxDepth + 1)),
              HasSubstr("a.xml:1:295: elements are nested deeper than 98 levels"));
  EXPECT_THAT(refusal(nested(1'000'000)), HasSubstr("nested deeper"));
}

TEST(XmlDocument, SaysHowToConvertUtf16) {
  for (const auto bytes : {"\xff\xfe<\0a\0"sv, "\xfe\xff\0<\0a"sv, "<\0a\0/\0>\0"sv, "\0<\0a"sv}) {
    EXPECT_THAT(refusal(bytes), HasSubstr("iconv -f UTF-16 -t UTF-8"));
  }
  EXPECT_THAT(refusal("<a>\0</a>"sv), HasSubstr("a.xml:1:4: a NUL byte"));
}

TEST(XmlDocument, RefusesWhatHasNoElement) {
  EXPECT_EQ(refusal(""), "a.xml: no XML element in it");
  EXPECT_EQ(refusal("\xef\xbb\xbf \n<!-- a -->"), "a.xml: no XML element in it");
}

TEST(XmlDocument, NamesTheRootItExpected) {
  const auto document = parse("<!-- -->\n<report/>");
  ASSERT_TRUE(document);
  EXPECT_TRUE(document->expect_root("report"));
  EXPECT_EQ(to_string(document->expect_root("coverage").error()),
            "a.xml:2:1: the root element is <report>, not <coverage>\n"
            "    <report/>\n"
            "    ^");
}

}  // namespace
}  // namespace culprit
