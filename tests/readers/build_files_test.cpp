#include "readers/build_files.h"

#include <gtest/gtest.h>

namespace culprit {
namespace {

void add(BuildFiles& build, const std::string& path, std::uint32_t stamp,
         const std::string& source = "main.cc") {
  GcovNotes notes;
  notes.files = {source};
  notes.path = path;
  notes.header.stamp = stamp;
  build.add(std::make_unique<GcovObject>(std::move(notes), GcovMode{}));
}

std::string found(const GcovObject* object) {
  return object == nullptr ? "none" : object->notes().path;
}

std::string found(const BuildFiles::GcovMatch& match) {
  return found(match.object) + (match.rival == nullptr ? "" : " or " + match.rival->notes().path);
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

// As where the compiler's cache gives several services one stamp.
TEST(BuildFiles, TellObjectsOfOneStampApartByTheirServicesFolders) {
  BuildFiles build;
  add(build, "build/orders/src/main.gcno", 7, "orders/main.cc");
  add(build, "build/pre-users/src/main.gcno", 7, "pre-users/main.cc");
  add(build, "build/users/src/main.gcno", 7, "users/main.cc");
  build.finish();
  EXPECT_EQ(found(build.gcov_object("r1/orders/main.gcda", 7)), "build/orders/src/main.gcno");
  EXPECT_EQ(found(build.gcov_object("r1/users/main.gcda", 7)), "build/users/src/main.gcno");
  EXPECT_EQ(found(build.gcov_object("r1/#build#users#src#main.gcda", 7)),
            "build/users/src/main.gcno");
  EXPECT_EQ(found(build.gcov_object("r1/main.gcda", 7)),
            "build/orders/src/main.gcno or build/users/src/main.gcno");
}

TEST(BuildFiles, KnowTheFurtherCountersOfARunByTheirNumber) {
  BuildFiles build;
  add(build, "build/cart.cpp.gcno", 1);
  add(build, "build/cart.cpp.3.gcno", 1);
  build.finish();
  EXPECT_EQ(found(build.gcov_object("r1/cart.cpp.2.gcda", 1)), "build/cart.cpp.gcno");
  EXPECT_EQ(found(build.gcov_object("r1/cart.cpp.3.gcda", 1)), "build/cart.cpp.3.gcno");
}

TEST(BuildFiles, TakeEitherOfTwoCopiesOfOneObject) {
  BuildFiles build;
  add(build, "build/a/main.gcno", 7);
  add(build, "build/b/main.gcno", 7);
  build.finish();
  EXPECT_EQ(found(build.gcov_object("r1/main.gcda", 7)), "build/a/main.gcno");
}

}  // namespace
}  // namespace culprit
