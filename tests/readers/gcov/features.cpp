// What compilers make of these is where the rules of gcov differ from simpler ones.
#include "features.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>

namespace {

struct Derived : Base {
  using Base::Base;
  int twice() const override { return Base::twice() + 1; }
};

struct Guard {
  int& count;
  explicit Guard(int& c) : count(c) { ++count; }
  ~Guard() { --count; }
};

int one_line_loops(int n) {
  int sum = 0;
  for (int i = 0; i < n; ++i) for (int j = 0; j < i; ++j) sum += i * j;
  while (sum > 100) sum /= 2;
  do { ++sum; } while (sum % 7 != 0);
  for (int i = 0; i < n; ++i) { if (i % 3 == 0) continue; if (i > 8) break; sum += i; }
  return sum;
}

const char* named(int code) {
  switch (code) {
    case 0: return "zero";
    case 1:
    case 2: return "few";
    case 10: case 11: case 12: case 13: case 14: case 15:
      return "many";
    default:
      break;
  }
  return "other";
}

int guarded(const std::string& text, int& depth) {
  Guard guard(depth);
  try {
    const int value = parsed(text);
    if (value > 1000) throw value;
    return value;
  } catch (const std::invalid_argument&) {
    return -1;
  } catch (...) {
    std::string note = "too much";
    return static_cast<int>(note.size());
  }
}

int short_circuits(int a, int b, int c) {
  if ((a > 0 && b > 0) || c > 0) return a + b;
  return a < b ? b : (b < c ? c : a);
}

int jumps(int n) {
  int steps = 0;
again:
  ++steps;
  if (--n > 0) goto again;
  if (n < -5) goto out;
  steps += 2;
out:
  return steps;
}

unsigned long recursive(unsigned n) { return n < 2 ? n : recursive(n - 1) + recursive(n - 2); }

void leaves_early(bool now) {
  if (now) std::exit(0);
}

int several_of(int n) { auto add = [n](int m) { return n + m; }; auto twice = [&add](int m) { return add(add(m)); }; return twice(n) + add(1); }

}  // namespace

int main(int argc, char**) {
  int depth = 0;
  std::vector<int> numbers = {3, 1, 4, 1, 5, 9, 2, 6};
  const std::vector<std::string> words = {"ant", "bee", "cow"};
  long sum = largest(numbers) + static_cast<long>(largest(words).size());
  Ring<int, 4> ring;
  Ring<double, 8> real;
  for (int n : numbers) {
    ring.push(n);
    real.push(n / 2.0);
  }
  sum += ring.sum() + static_cast<long>(real.sum());
  for (int i = 0; i < 12; ++i) sum += one_line_loops(i) + static_cast<long>(named(i)[0]);
  for (const char* text : {"12", "", "x", "4711"}) sum += guarded(text, depth);
  sum += short_circuits(1, 2, 3) + short_circuits(0, 2, 0) + short_circuits(-1, -2, -3);
  sum += jumps(5) + jumps(-9) + static_cast<long>(recursive(12));
  std::unique_ptr<Base> base = std::make_unique<Derived>(argc);
  sum += base->twice() + CLAMPED(sum, 10, 1000);
  std::sort(numbers.begin(), numbers.end(), [&](int a, int b) {
    ++depth;
    return a > b;
  });
  std::map<std::string, int> ages;
  for (const std::string& word : words) ages[word] += static_cast<int>(word.size());
  for (const auto& [word, age] : ages) sum += age * static_cast<int>(word.size());
  sum += several_of(4);
  if (argc > 100) sum += never_called(argc);
  std::printf("%ld\n", sum + depth);
  leaves_early(argc > 0);
  return 0;
}
