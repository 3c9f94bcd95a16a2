#include "base/demangle.h"

#include <gtest/gtest.h>

namespace culprit {
namespace {

// Expected texts are those of c++filt (binutils 2.40).
TEST(Demangle, TurnsSymbolsIntoSignatures) {
  EXPECT_EQ(demangle("_Z5twiceIiET_S0_"), "int twice<int>(int)");
  EXPECT_EQ(demangle("_ZN14social_network11UserHandlerD2Ev"),
            "social_network::UserHandler::~UserHandler()");
  EXPECT_EQ(demangle("_Z3foov.isra.605"), "foo() [clone .isra.605]");
}

TEST(Demangle, ReturnsOtherNamesAsTheyAre) {
  for (const char* name :
       {"", "main", "i", "v", "_Z", "_Zzz", "addSearchEngine/<", "a, b", "_Z5tw"}) {
    EXPECT_EQ(demangle(name), name);
  }
  EXPECT_EQ(demangle(std::string_view("_Z3foov\0x", 9)), std::string_view("_Z3foov\0x", 9));
}

TEST(BaseName, IsWhatTheFunctionIsCalledInItsSource) {
  EXPECT_EQ(base_name("shop::pay(shop::Json const&)"), "pay");
  EXPECT_EQ(base_name("shop::(anonymous namespace)::pay(std::string const&)"), "pay");
  EXPECT_EQ(base_name("void a::B<std::pair<int, x::y> >::put<z::w>(z::w, int (*)(int)) const"),
            "put");
  EXPECT_EQ(base_name("payment.Payments#pay(Json,Cards$Card)"), "pay");
  EXPECT_EQ(base_name("a::f[abi:cxx11](int)"), "f");
  EXPECT_EQ(base_name("a::operator<(b::C, b::C)"), "operator");
  EXPECT_EQ(base_name("a::f()::{lambda(int)#1}::operator()(int) const"), "f");
  EXPECT_EQ(base_name("main"), "main");
  EXPECT_EQ(base_name(""), "");
  EXPECT_EQ(base_name("(("), "");
  EXPECT_EQ(base_name("<<<<"), "");
}

TEST(Demangle, RefusesNamesThatWouldGrowWithoutBound) {
  // f(p<int,int>, p<S,S>, p<S,S>, ...): every parameter is twice as long as the one before.
  std::string bomb = "_Z1f1pIiiE";
  std::string previous = "S0_";
  for (char level = '1'; level <= '9'; ++level) {
    bomb += "S_I" + previous + previous + "E";
    previous = std::string("S") + level + "_";
  }
  for (char level = 'A'; level <= 'Z'; ++level) {
    bomb += "S_I" + previous + previous + "E";
    previous = std::string("S") + level + "_";
  }
  EXPECT_EQ(demangle(bomb), bomb);

  const std::string deep = "_Z1f" + std::string(100'000, 'P') + "i";
  EXPECT_EQ(demangle(deep), deep);
}

}  // namespace
}  // namespace culprit
