#include "base/workers.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace culprit {

void for_each_index(std::size_t count, unsigned jobs,
                    const std::function<void(unsigned, std::size_t)>& work) {
  std::atomic<std::size_t> next = 0;
  std::exception_ptr failure;
  std::mutex failure_mutex;
  const auto serve = [&](unsigned worker) {
    try {
      for (std::size_t index = next++; index < count; index = next++) work(worker, index);
    } catch (...) {
      next = count;
      const std::lock_guard lock(failure_mutex);
      if (!failure) failure = std::current_exception();
    }
  };
  {
    const auto threads = static_cast<unsigned>(
        std::min<std::size_t>(std::max(jobs, 1U), std::max<std::size_t>(count, 1)));
    std::vector<std::jthread> others;
    for (unsigned worker = 1; worker < threads; ++worker) others.emplace_back(serve, worker);
    serve(0);
  }
  if (failure) std::rethrow_exception(failure);
}

unsigned default_jobs() { return std::max(1U, std::thread::hardware_concurrency()); }

}  // namespace culprit
