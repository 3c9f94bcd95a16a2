#include "source/outline_child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>

namespace culprit {

namespace {

using Clock = std::chrono::steady_clock;

// A busy machine takes so many times longer than the processor does. What waits for ever, ends too.
constexpr double kPatience = 6;
constexpr std::size_t kLongestAnswer = 64U << 20;

#if defined(__SANITIZE_ADDRESS__)
constexpr bool kShadowMemory = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
constexpr bool kShadowMemory = true;
#else
constexpr bool kShadowMemory = false;
#endif
#else
constexpr bool kShadowMemory = false;
#endif

void limit(decltype(RLIMIT_CPU) what, rlim_t most, rlim_t killed_at) {
  const rlimit both{most, killed_at};
  setrlimit(what, &both);
}
void limit(decltype(RLIMIT_CPU) what, rlim_t most) { limit(what, most, most); }

// The child's life; its answer is the outline, or nothing.
[[noreturn]] void answer(const Outliner& outliner, const OutlineTask& task, int to,
                         double seconds) {
  const int nothing = open("/dev/null", O_RDWR);
  for (int descriptor = 0; descriptor < 3; ++descriptor) dup2(nothing, descriptor);
  const auto whole = static_cast<rlim_t>(std::ceil(seconds));
  limit(RLIMIT_CPU, whole, whole + 1);
  limit(RLIMIT_FSIZE, 0);
  limit(RLIMIT_CORE, 0);
  // A sanitizer's shadow is larger than any memory.
  if (!kShadowMemory) limit(RLIMIT_AS, rlim_t{4} << 30);
  const Result<CodeOutline> outline = outliner(task);
  std::string text = outline ? outline_as_text(*outline) : "";
  for (std::string_view rest = text; !rest.empty();) {
    const ssize_t written = write(to, rest.data(), rest.size());
    if (written <= 0) break;
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  // No destructors: they are the parent's.
  _exit(outline ? 0 : 1);
}

struct Child {
  std::size_t task = 0;
  pid_t process = -1;
  int from = -1;
  Clock::time_point deadline;
  std::string text;
};

std::optional<Child> start(const Outliner& outliner, const OutlineTask& task, std::size_t number,
                           double seconds) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return std::nullopt;
  const pid_t process = fork();
  if (process == 0) {
    close(ends[0]);
    answer(outliner, task, ends[1], seconds);
  }
  close(ends[1]);
  if (process < 0) {
    close(ends[0]);
    return std::nullopt;
  }
  const auto whole = std::chrono::duration_cast<Clock::duration>(
      std::chrono::duration<double>(kPatience * seconds));
  return Child{number, process, ends[0], Clock::now() + whole, {}};
}

}  // namespace

std::vector<Result<CodeOutline>> outline_in_children(const Outliner& outline,
                                                     const std::vector<OutlineTask>& tasks,
                                                     unsigned jobs, double seconds) {
  std::vector<Result<CodeOutline>> answers;
  for (const OutlineTask& task : tasks) {
    answers.emplace_back(fail(error_in(task.path, "could not be parsed")));
  }
  std::vector<Child> children;
  const std::string too_long =
      "took over " + std::to_string(static_cast<int>(seconds)) + " s to parse";
  const auto finish = [&](Child& child, std::string why) {
    close(child.from);
    kill(child.process, SIGKILL);
    int status = 0;
    while (waitpid(child.process, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU) why = too_long;
    Result<CodeOutline>& answer = answers[child.task];
    if (!why.empty()) {
      answer = fail(error_in(tasks[child.task].path, std::move(why)));
    } else if (auto told = outline_from_text(child.text)) {
      answer = std::move(*told);
    }
    child.process = -1;
  };
  for (std::size_t next = 0; next < tasks.size() || !children.empty();) {
    while (next < tasks.size() && children.size() < std::max(jobs, 1U)) {
      if (auto child = start(outline, tasks[next], next, seconds))
        children.push_back(std::move(*child));
      ++next;
    }
    std::vector<pollfd> wanted;
    for (const Child& child : children) wanted.push_back({child.from, POLLIN, 0});
    poll(wanted.data(), wanted.size(), 50);
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      Child& child = children[i];
      if (wanted[i].revents != 0) {
        char bytes[1 << 16];
        const ssize_t got = read(child.from, bytes, sizeof bytes);
        if (got > 0) {
          child.text.append(bytes, static_cast<std::size_t>(got));
          if (child.text.size() > kLongestAnswer) finish(child, "has too many functions");
        } else if (got == 0 || errno != EINTR) {
          finish(child, "");
        }
      }
      if (child.process >= 0 && Clock::now() > child.deadline) {
        finish(child, too_long);
      }
    }
    std::erase_if(children, [](const Child& child) { return child.process < 0; });
  }
  return answers;
}

}  // namespace culprit
