#include "readers/build_files.h"

#include <gtest/gtest.h>

namespace culprit {
namespace {

void add(BuildFiles& build, const std::string& path, std::uint32_t stamp) {
  GcovNotes notes;
  notes.path = path;
  notes.header.stamp = stamp;
  build.add(std::make_unique<GcovObject>(std::move(notes), GcovMode{}));
}

std::string found(const GcovObject* object) {
  return object == nullptr ? "none" : object->notes().path;
}

TEST(BuildFiles, FindNotesByStampAndName) {
  BuildFiles build;
  add(build, "build/old/cart.gcno", 1);
  add(build, "build/new/cart.gcno", 2);
  add(build, "build/new/tax.gcno", 2);
  build.finish();
  EXPECT_EQ(found(build.gcov_object("r1/cart.gcda", 1)), "build/old/cart.gcno");
  EXPECT_EQ(found(build.gcov_object("r1/cart.gcda", 2)), "build/new/cart.gcno");
  EXPECT_EQ(found(build.gcov_object("r1/cart.gcda", 3)), "none");
  EXPECT_EQ(found(build.gcov_object("r1/art.gcda", 2)), "none");
  EXPECT_EQ(found(build.gcov_object("r1/tax.gcda")), "build/new/tax.gcno");
  EXPECT_EQ(found(build.gcov_object("tax.gcda", 2)), "build/new/tax.gcno");
}

TEST(BuildFiles, PreferNotesWhosePathAgreesTheLongest) {
  BuildFiles build;
  add(build, "build/order/src#main.cc.gcno", 7);
  add(build, "build/pay/src#main.cc.gcno", 7);
  add(build, "build/lib/main.cc.gcno", 7);
  build.finish();
  EXPECT_EQ(found(build.gcov_object("r1/pay/src#main.cc.gcda", 7)), "build/pay/src#main.cc.gcno");
  EXPECT_EQ(found(build.gcov_object("r1/order/src/main.cc.gcda", 7)),
            "build/order/src#main.cc.gcno");
  EXPECT_EQ(found(build.gcov_object("r1/pay/lib#main.cc.gcda", 7)), "build/lib/main.cc.gcno");
  EXPECT_EQ(found(build.gcov_object("r1/pay/pay#tax.cc.gcda", 7)), "none");
  EXPECT_EQ(found(build.gcov_object("r1/x/lib/main.cc.gcda", 7)), "build/lib/main.cc.gcno");
}

}  // namespace
}  // namespace culprit
