#include "lsp/event_queue.h"

#include <utility>

namespace culprit::lsp {

void EventQueue::post(Step step) {
  std::unique_lock lock(mutex_);
  taken_.wait(lock, [&] { return steps_.size() < kMostWaiting; });
  steps_.push_back(std::move(step));
  added_.notify_one();
}

void EventQueue::run() {
  while (!stopped_) {
    Step step;
    {
      std::unique_lock lock(mutex_);
      added_.wait(lock, [&] { return !steps_.empty(); });
      step = std::move(steps_.front());
      steps_.pop_front();
      taken_.notify_one();
    }
    step();
  }
}

Worker::Worker(std::function<void()> idle, std::chrono::milliseconds period)
    : idle_(std::move(idle)),
      period_(period),
      thread_([this](const std::stop_token& stop) { work(stop); }) {}

Worker::~Worker() {
  thread_.request_stop();
  thread_.join();
}

void Worker::add(std::function<void()> piece) {
  const std::lock_guard lock(mutex_);
  pieces_.push_back(std::move(piece));
  added_.notify_one();
}

void Worker::work(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    std::function<void()> piece = idle_;
    {
      std::unique_lock lock(mutex_);
      if (added_.wait_for(lock, stop, period_, [&] { return !pieces_.empty(); })) {
        piece = std::move(pieces_.front());
        pieces_.pop_front();
      }
      if (stop.stop_requested()) return;
    }
    piece();
  }
}

}  // namespace culprit::lsp
