// One thread of decisions, fed by those that wait: for messages, and for long work.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

namespace culprit::lsp {

// Steps to take, in order; any thread may add one.
class EventQueue {
 public:
  using Step = std::function<void()>;
  // More than this and post() waits: a client that talks faster than it is answered is slowed down.
  static constexpr std::size_t kMostWaiting = 256;

  void post(Step step);
  // Takes steps until one of them calls stop().
  void run();
  void stop() { stopped_ = true; }

 private:
  std::mutex mutex_;
  std::condition_variable added_, taken_;
  std::deque<Step> steps_;
  bool stopped_ = false;  // of the thread in run()
};

// A thread for work that takes its time, one piece after the other.
class Worker {
 public:
  // `idle` is called every `period` while there is nothing to do.
  Worker(std::function<void()> idle, std::chrono::milliseconds period);
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  ~Worker();  // waits for the piece that is being worked on, drops the others

  void add(std::function<void()> piece);

 private:
  void work(const std::stop_token& stop);

  std::function<void()> idle_;
  std::chrono::milliseconds period_;
  std::mutex mutex_;
  std::condition_variable_any added_;
  std::deque<std::function<void()>> pieces_;
  std::jthread thread_;
};

}  // namespace culprit::lsp
