#include "readers/service_names.h"

#include <algorithm>
#include <cstddef>

namespace culprit {

namespace {

// Hashes are written without vowels, and of digits and lower-case letters only.
bool is_hash(std::string_view part, std::size_t least, std::size_t most) {
  constexpr std::string_view kLetters = "0123456789abcdefghijklmnopqrstuvwxyz";
  return part.size() >= least && part.size() <= most &&
         part.find_first_not_of(kLetters) == std::string_view::npos;
}

bool has_digit(std::string_view part) {
  return part.find_first_of("0123456789") != std::string_view::npos;
}

}  // namespace

std::string_view service_of_pod(std::string_view pod) {
  const std::size_t last = pod.rfind('-');
  if (last == std::string_view::npos || last == 0) return pod;
  const std::size_t middle = pod.rfind('-', last - 1);
  if (middle == std::string_view::npos || middle == 0) return pod;
  const std::string_view set = pod.substr(middle + 1, last - middle - 1);
  const std::string_view replica = pod.substr(last + 1);
  if (!is_hash(set, 6, 10) || !has_digit(set) || !is_hash(replica, 5, 5)) return pod;
  return pod.substr(0, middle);
}

}  // namespace culprit
