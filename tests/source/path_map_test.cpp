#include "source/path_map.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "base/packer.h"
#include "source/source_text.h"

namespace culprit {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// A checkout with these files, each with its own name as its text.
class Checkout : public ::testing::Test {
 protected:
  void files(const std::vector<std::string>& names) {
    for (const std::string& name : names) folder_.write("code/" + name, name + "\n");
  }

  PathMap map(std::vector<ReportedFile> reported, std::vector<PathRewrite> rewrites = {}) {
    Result<PathMap> map = PathMap::open(folder_.path("code"), std::move(rewrites));
    EXPECT_TRUE(map) << to_string(map.error());
    map->match(reported);
    return std::move(*map);
  }

  // What the only file of a report is found as.
  std::string found(const std::string& path, const std::string& service = "") {
    const PathMap one = map({{service, path}});
    const std::string* const file = one.find({service, path});
    return file == nullptr ? "" : *file;
  }

  std::string note(const std::string& path) {
    const auto notes = map({{"", path}}).notes();
    return notes.size() == 1 ? notes.front() : std::to_string(notes.size()) + " notes";
  }

  Folder folder_;
};

TEST_F(Checkout, TakesTheFileWithTheMostFoldersInCommon) {
  files({"a/src/main.cpp", "b/src/main.cpp"});
  EXPECT_EQ(found("/home/ci/w/a/src/main.cpp"), "a/src/main.cpp");
  EXPECT_EQ(found("C:\\ci\\b\\src\\main.cpp"), "");  // cleaned before it comes here
  EXPECT_EQ(found("b/src/main.cpp"), "b/src/main.cpp");
  EXPECT_EQ(found("../x/../b/src/main.cpp"), "b/src/main.cpp");
}

TEST_F(Checkout, TakesNoneOfTwoThatFitAlike) {
  files({"a/src/main.cpp", "b/src/main.cpp"});
  EXPECT_EQ(found("/home/ci/src/main.cpp"), "");
  EXPECT_EQ(found("main.cpp"), "");
  EXPECT_THAT(note("main.cpp"), HasSubstr("2 files fit as well: a/src/main.cpp, b/src/main.cpp"));
}

TEST_F(Checkout, PrefersTheOneThatMakesTheCheckoutTheRootOfTheBuild) {
  files({"src/a.cc", "vendor/src/a.cc"});
  EXPECT_EQ(found("/home/ci/src/a.cc"), "src/a.cc");
}

TEST_F(Checkout, KnowsTheNameOfItsOwnFolder) {
  files({"src/a.cc", "x/src/a.cc"});
  EXPECT_EQ(found("/home/ci/code/src/a.cc"), "src/a.cc");
  files({"main.cpp"});
  EXPECT_EQ(found("/home/ci/code/main.cpp"), "main.cpp");
}

TEST_F(Checkout, RefusesABareNameWhoseFoldersContradict) {
  files({"app/main.cpp"});
  EXPECT_EQ(found("/build/x/main.cpp"), "");
  EXPECT_EQ(found("main.cpp"), "app/main.cpp");
  EXPECT_THAT(note("/build/x/main.cpp"),
              HasSubstr("0 of 1 file found under " + folder_.path("code") +
                        "; not /build/x/main.cpp (longest match app/main.cpp, in other folders; if "
                        "it is that: --path-map '/build/x=app')"));
}

TEST_F(Checkout, RefusesAnUnrelatedFileInItsRoot) {
  files({"main.cpp", "lib/a.cpp"});
  EXPECT_EQ(found("/home/ci/x/main.cpp"), "");
}

TEST_F(Checkout, BelievesABareNameWhereItsNeighboursWereFound) {
  files({"main.cpp", "lib/a.cpp"});
  const PathMap both = map({{"", "/home/ci/x/lib/a.cpp"}, {"", "/home/ci/x/main.cpp"}});
  EXPECT_EQ(*both.find({"", "/home/ci/x/main.cpp"}), "main.cpp");
  EXPECT_THAT(both.notes(), IsEmpty());
}

TEST_F(Checkout, BelievesAFlatFolderWhereAllFilesAreThere) {
  files({"main.cpp", "tax.cpp"});
  EXPECT_EQ(map({{"", "/home/ci/x/main.cpp"}, {"", "/home/ci/x/tax.cpp"}}).found().size(), 2U);
  EXPECT_EQ(
      map({{"", "/ci/x/main.cpp"}, {"", "/ci/x/tax.cpp"}, {"", "/ci/x/other.cpp"}}).found().size(),
      0U);
}

TEST_F(Checkout, DropsTheFoldersContainersAreBuiltIn) {
  files({"services/orders/main.cpp"});
  EXPECT_EQ(found("/app/main.cpp"), "services/orders/main.cpp");
  EXPECT_EQ(found("/usr/src/app/main.cpp"), "services/orders/main.cpp");
  EXPECT_EQ(found("/opt/x/main.cpp"), "");
}

TEST_F(Checkout, LetsTheServiceDecide) {
  files({"orders/src/main.cpp", "payment/src/main.cpp"});
  EXPECT_EQ(found("/app/src/main.cpp", "orders"), "orders/src/main.cpp");
  EXPECT_EQ(found("/app/src/main.cpp", "stock"), "");
}

TEST_F(Checkout, GivesNoServiceTheCodeOfAnother) {
  files({"orders/src/main.cpp"});
  const PathMap both = map({{"orders", "/app/src/main.cpp"}, {"stock", "/app/src/main.cpp"}});
  EXPECT_EQ(*both.find({"orders", "/app/src/main.cpp"}), "orders/src/main.cpp");
  EXPECT_EQ(both.find({"stock", "/app/src/main.cpp"}), nullptr);
}

TEST_F(Checkout, FindsJavaPackagesBelowSourceFolders) {
  files({"pricing/src/main/java/com/shop/Tax.java", "pricing/src/test/java/com/shop/TaxTest.java"});
  EXPECT_EQ(found("com/shop/Tax.java"), "pricing/src/main/java/com/shop/Tax.java");
}

TEST_F(Checkout, ObeysARewriteAndNothingElse) {
  files({"a/main.cpp", "b/main.cpp", "b/x/main.cpp"});
  const std::vector<PathRewrite> rows = {{"/app", "a"}, {"/app/deep", "b"}, {"/apple", "b"}};
  const PathMap mapped = map({{"", "/app/main.cpp"},
                              {"", "/app/deep/main.cpp"},
                              {"", "/app/deep/x/main.cpp"},
                              {"", "/app/none/main.cpp"},
                              {"", "/app/../b/main.cpp"}},
                             rows);
  EXPECT_EQ(*mapped.find({"", "/app/main.cpp"}), "a/main.cpp");
  EXPECT_EQ(*mapped.find({"", "/app/deep/main.cpp"}), "b/main.cpp");  // the longest FROM
  EXPECT_EQ(*mapped.find({"", "/app/deep/x/main.cpp"}), "b/x/main.cpp");
  EXPECT_EQ(mapped.find({"", "/app/none/main.cpp"}), nullptr);
  EXPECT_EQ(mapped.find({"", "/app/../b/main.cpp"}), nullptr);
  EXPECT_THAT(mapped.notes(),
              ElementsAre(HasSubstr("3 of 5 files found"),
                          HasSubstr("--path-map /apple=b: no path of the reports begins with")));
}

TEST_F(Checkout, FollowsNoLink) {
  folder_.write("outside/secret.cc", "secret\n");
  files({"a.cc"});
  fs::create_symlink(folder_.path("outside/secret.cc"), folder_.path("code/secret.cc"));
  fs::create_directory_symlink(folder_.path("outside"), folder_.path("code/lib"));
  EXPECT_EQ(found("secret.cc"), "");
  EXPECT_EQ(map({{"", "/x/secret.cc"}}, {{"/x", ""}}).found().size(), 0U);
  EXPECT_EQ(map({{"", "/x/secret.cc"}}, {{"/x", "lib"}}).found().size(), 0U);
  // Not even one that came after the listing.
  SourceText text(folder_.path("code"));
  EXPECT_THAT(text.lines("lib/secret.cc"), IsEmpty());
  EXPECT_THAT(text.lines("../outside/secret.cc"), IsEmpty());
  EXPECT_EQ(text.problems().size(), 2U);
}

TEST_F(Checkout, LeavesOutWhatBuildsWrite) {
  files({"src/a.cc", "out/CMakeCache.txt", "out/copy/src/a.cc", "pom.xml", "target/src/a.cc",
         "node_modules/x/src/a.cc", ".git/src/a.cc"});
  EXPECT_EQ(found("src/a.cc"), "src/a.cc");
  EXPECT_EQ(found("copy/src/a.cc"), "src/a.cc");
  // A build inside the source is no reason to see nothing.
  files({"CMakeCache.txt"});
  EXPECT_EQ(found("src/a.cc"), "src/a.cc");
  // What is named is looked at.
  EXPECT_EQ(map({{"", "/b/copy/src/a.cc"}}, {{"/b", "out"}}).found().size(), 1U);
}

TEST_F(Checkout, MissesNoSystemHeader) {
  files({"src/a.cc"});
  EXPECT_THAT(map({{"", "src/a.cc"}, {"", "/usr/include/c++/12/string"}}).notes(), IsEmpty());
}

TEST_F(Checkout, SaysWhatALimitLeftOut) {
  files({"a.cc", "b.cc", "deep/er/c.cc"});
  Result<PathMap> few = PathMap::open(folder_.path("code"), {}, {.files = 2});
  ASSERT_TRUE(few);
  EXPECT_THAT(few->notes(), ElementsAre(HasSubstr("only the first 2 files")));
  Result<PathMap> shallow = PathMap::open(folder_.path("code"), {}, {.folder_depth = 1});
  ASSERT_TRUE(shallow);
  EXPECT_THAT(shallow->notes(), ElementsAre(HasSubstr("not looked at: deep/er")));
  EXPECT_FALSE(PathMap::open(folder_.path("code/a.cc")));
}

TEST(SourceText, KeepsIndentation) {
  const Folder folder;
  folder.write("a.cc", "int f() {\n  return 1;\r\n}");
  SourceText text(folder.path());
  EXPECT_THAT(text.lines("a.cc"), ElementsAre("int f() {", "  return 1;", "}"));
  EXPECT_EQ(text.line("a.cc", 2), "  return 1;");
  EXPECT_EQ(text.line("a.cc", 0), "");
  EXPECT_EQ(text.line("a.cc", 4), "");
}

}  // namespace
}  // namespace culprit
