// Shapes of C++ that a source index may stumble over. A comment tells what is to be found:
//   FN name      a function whose name stands on this line
//   END name     the last line of that function
//   KIND kind    what the line's first token belongs to
#include "absent/from/this/machine.h"
#include <vector>

#define DOUBLED(name) \
  int name##_once(int x) { return x; } int name##_twice(int x) { return 2 * x; }
#define CASE(suite, test) \
  struct suite##_##test { void body(); }; \
  void suite##_##test::body()

namespace shop {
namespace {

int hidden(int x) {   // FN shop::(anonymous namespace)::hidden
  return x + 1;       // KIND return
}                     // END shop::(anonymous namespace)::hidden

}  // namespace

template <class T>
T largest(             // FN shop::largest
    T a,               // KIND signature
    T b) {
  if (a > b) return a;  // KIND if
  return b;             // KIND return
}                       // END shop::largest

class Cart {
 public:
  Cart() : total_(hidden(0)), items_{} {}  // FN shop::Cart::Cart
  explicit Cart(int first)                 // FN shop::Cart::Cart
      : total_(first) {                    // KIND initializer
    add(first);                            // KIND call
  }
  int total() const { return total_; }  // FN shop::Cart::total
  void add(int price);                  // KIND signature? no: a declaration has no body
  int operator()(int x) const { return x; }        // FN shop::Cart::operator()
  bool operator<(const Cart& other) const {        // FN shop::Cart::operator<
    return total_ < other.total_;
  }                                                // END shop::Cart::operator<

  template <int N>
  int times() {            // FN shop::Cart::times
    return N * total_;
  }                        // END shop::Cart::times

 private:
  int total_ = 0;
  std::vector<int> items_;
};

void Cart::add(int price) {          // FN shop::Cart::add
  for (int i = 0; i < 3; ++i) {      // KIND for
    total_ += price;                 // KIND assignment
  }                                  // KIND brace
  while (total_ > 1000)              // KIND while
    --total_;
  switch (price) {                   // KIND switch
    case 1:                          // KIND case
      total_ = 2;                    // KIND assignment
      break;                         // KIND break
    default:                         // KIND case
      hidden(                        // KIND call
          price);                    // KIND call
  }                                  // KIND brace
  int local =                        // KIND variable
      price * 2;                     // KIND variable
  if (local > 3) {                   // KIND if
    throw local;                     // KIND throw
  } else {                           // KIND else
    total_ = local;                  // KIND assignment
  }
  try {                              // KIND try
    hidden(local);                   // KIND call
  } catch (int) {                    // KIND catch
    return;                          // KIND return
  }
  // a comment is nothing            // KIND
}                                    // END shop::Cart::add

int with_lambdas(int x) {                         // FN shop::with_lambdas
  const auto inner = [&](int y) {                 // FN shop::with_lambdas::(lambda)
    return x + y;                                 // KIND return
  };                                              // END shop::with_lambdas::(lambda)
  return inner(2);                                // KIND return
}                                                 // END shop::with_lambdas

Unknown of_an_absent_type(Missing a, int b) {  // FN shop::of_an_absent_type
  return a.what(b);
}                                              // END shop::of_an_absent_type

DOUBLED(number)

CASE(Suite, Works) {  // FN shop::Suite_Works::body
  hidden(3);          // KIND call
}                     // END shop::Suite_Works::body

}  // namespace shop
