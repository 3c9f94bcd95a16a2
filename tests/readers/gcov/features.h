#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#define CLAMPED(value, least, most) \
  ((value) < (least)                \
       ? (least)                    \
       : ((value) > (most) ? (most) : (value)))

struct Base {
  explicit Base(int n) : n_(n) {}
  virtual ~Base() = default;
  virtual int twice() const { return n_ * 2; }

 protected:
  int n_;
};

template <class T>
T largest(const std::vector<T>& values) {
  T best = values.front();
  for (const T& value : values) {
    if (best < value) best = value;
  }
  return best;
}

template <class T, int N>
struct Ring {
  T slots[N] = {};
  int used = 0;

  void push(T value) { slots[used++ % N] = value; }
  T sum() const {
    T all = T();
    for (int i = 0; i < N; ++i) all += slots[i];
    return all;
  }
};

inline int never_called(int n) { return n + 1; }

inline int parsed(const std::string& text) {
  if (text.empty()) throw std::invalid_argument("empty");
  int value = 0;
  for (char c : text) { if (c < '0' || c > '9') throw std::invalid_argument(text); value = value * 10 + (c - '0'); }
  return value;
}
