#include "collect/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

#include "base/disk.h"

extern char** environ;

namespace culprit {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kGlance{50};
constexpr std::chrono::seconds kGrace{2};

// The current environment with `added` in place of what it has of those names.
std::vector<std::string> environment_with(
    const std::vector<std::pair<std::string, std::string>>& added) {
  std::vector<std::string> result;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::string_view name = text.substr(0, text.find('='));
    const bool replaced = std::any_of(added.begin(), added.end(),
                                      [&](const auto& pair) { return pair.first == name; });
    if (!replaced) result.emplace_back(text);
  }
  for (const auto& [name, value] : added) result.push_back(name + "=" + value);
  return result;
}

// Starts `command` in a process group of its own, its output going to `output`; errno's value.
int spawn(const ChildProcess& process, int output, pid_t& child) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&files, output, STDERR_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigset_t all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);

  std::vector<std::string> variables = environment_with(process.environment);
  std::vector<char*> pointers;
  for (std::string& variable : variables) pointers.push_back(variable.data());
  pointers.push_back(nullptr);
  std::string shell = "sh";
  std::string flag = "-c";
  std::string command = process.command;
  std::array<char*, 4> words = {shell.data(), flag.data(), command.data(), nullptr};
  const int error =
      posix_spawn(&child, "/bin/sh", &files, &attributes, words.data(), pointers.data());
  posix_spawn_file_actions_destroy(&files);
  posix_spawnattr_destroy(&attributes);
  return error;
}

// What there is to read from `pipe` within kGlance goes to `output`; false at its end.
bool read_some(int pipe, std::size_t max_bytes, std::string& output) {
  pollfd wait{pipe, POLLIN, 0};
  if (::poll(&wait, 1, static_cast<int>(kGlance.count())) <= 0) return true;
  std::array<char, 1 << 16> chunk;
  const ssize_t count = ::read(pipe, chunk.data(), chunk.size());
  if (count < 0) return errno == EINTR || errno == EAGAIN;
  output.append(chunk.data(), static_cast<std::size_t>(count));
  if (output.size() > 2 * max_bytes) output.erase(0, output.size() - max_bytes);
  return count != 0;
}

}  // namespace

Result<Ended> run_process(const ChildProcess& process) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return fail(system_error("sh", "cannot be run"));
  pid_t child = 0;
  const Clock::time_point start = Clock::now();
  errno = spawn(process, ends[1], child);
  ::close(ends[1]);
  if (errno != 0) {
    const Error error = system_error("sh", "cannot be run");
    ::close(ends[0]);
    return fail(error);
  }

  Ended ended;
  Clock::time_point kill_at{};
  int status = 0;
  bool open = true;
  bool running = true;
  // A grandchild may hold the pipe open after the command itself has ended.
  while (running) {
    if (open) {
      open = read_some(ends[0], process.max_output, ended.output);
    }
    const pid_t waited = ::waitpid(child, &status, open ? WNOHANG : 0);
    running = waited == 0 || (waited < 0 && errno == EINTR);
    if (!running) break;
    const Clock::time_point now = Clock::now();
    if (kill_at == Clock::time_point{}) {
      ended.timed_out = now - start > process.timeout;
      ended.stopped = process.stop != nullptr && *process.stop;
      if (!ended.timed_out && !ended.stopped) continue;
      ::kill(-child, SIGTERM);
      kill_at = now + kGrace;
    } else if (now > kill_at) {
      ::kill(-child, SIGKILL);
    }
  }
  while (open) {
    const std::size_t before = ended.output.size();
    open = read_some(ends[0], process.max_output, ended.output);
    if (ended.output.size() == before) break;
  }
  ::close(ends[0]);
  if (kill_at != Clock::time_point{}) ::kill(-child, SIGKILL);
  if (ended.output.size() > process.max_output) {
    ended.output.erase(0, ended.output.size() - process.max_output);
  }
  ended.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  ended.took_ms = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
  return ended;
}

}  // namespace culprit
