// Work shared out to threads.
#pragma once

#include <cstddef>
#include <functional>

namespace culprit {

// Calls `work(worker, index)` once for every index below `count`, on up to `jobs` threads (at least
// one; the caller's thread is worker 0). Indices are handed out in order. Returns when all calls
// have; the first exception is rethrown.
void for_each_index(std::size_t count, unsigned jobs,
                    const std::function<void(unsigned worker, std::size_t index)>& work);

// The number of threads to use when the user names none.
[[nodiscard]] unsigned default_jobs();

}  // namespace culprit
