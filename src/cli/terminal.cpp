#include "cli/terminal.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "base/file_tree.h"
#include "base/text.h"
#include "cli/commands.h"

namespace culprit {

namespace {

// What the ranking was made with, for `culprit explain` to be asked about the same one.
std::string options_to_repeat(const Options& options) {
  std::string text;
  const auto add = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) text += " --" + std::string(name) + " " + shell_quoted(value);
  };
  for (const auto& [name, value] : options.query.settings) {
    if (name != "top" && name != "level") add(name, value);
  }
  add("manifest", options.query.manifest);
  add("case", options.query.case_name);
  add("source", options.query.source);
  add("base", options.query.base);
  add("diff", options.query.diff);
  return text;
}

}  // namespace

Style style_of(const Options& options) {
  Style style;
  style.program = options.program;
  style.options = options_to_repeat(options);
  style.all_problems = options.all_problems;
  style.junit_for_gitlab = options.junit_for_gitlab;
  const bool terminal = isatty(STDOUT_FILENO) != 0;
  const char* const no_color = std::getenv("NO_COLOR");
  style.color = options.color == "always" ||
                (options.color == "auto" && terminal && (no_color == nullptr || *no_color == '\0'));
  winsize size{};
  if (terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) style.width = size.ws_col;
  return style;
}

ProgressBar::ProgressBar(std::string what)
    : what_(std::move(what)),
      terminal_(isatty(STDERR_FILENO) != 0),
      start_(std::chrono::steady_clock::now()),
      last_(start_) {}

ProgressBar::~ProgressBar() { clear(); }

void ProgressBar::clear() {
  if (shown_) std::fputs("\r\x1b[K", stderr);
  shown_ = false;
}

void ProgressBar::show(std::size_t done, std::size_t of) {
  using namespace std::chrono_literals;
  const auto now = std::chrono::steady_clock::now();
  if (!terminal_ || now - start_ < 1s || now - last_ < 100ms || of == 0) return;
  last_ = now;
  shown_ = true;
  constexpr std::size_t kWidth = 30;
  const std::size_t filled = kWidth * done / of;
  std::fputs(
      fmt::format("\r{} [{:=<{}}{: <{}}] {}/{}", what_, "", filled, "", kWidth - filled, done, of)
          .c_str(),
      stderr);
  std::fflush(stderr);
}

int report_error(const Error& error) {
  std::fputs(("culprit: " + to_string(error) + "\n").c_str(), stderr);
  return kUnusable;
}

int print(const std::string& text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0) {
    return kDone;
  }
  return report_error(error_in("standard output", "cannot be written"));
}

int deliver(const Options& options,
            const std::function<std::optional<std::string>(const Writer&, const Style&)>& render) {
  const auto rendered = [&](const std::string& format, const Style& style) -> Result<std::string> {
    const Result<const Writer*> writer = find_writer(format);
    if (!writer) return fail(writer.error());
    std::optional<std::string> text = render(**writer, style);
    if (text) return std::move(*text);
    return fail(error_in("--format",
                         "`culprit " + options.command + "` has no " + format + " output",
                         "text and json it has"));
  };
  for (const auto& [format, file] : options.out) {
    Style plain;
    plain.all_problems = options.all_problems;
    plain.junit_for_gitlab = options.junit_for_gitlab;
    const Result<std::string> text = rendered(format, plain);
    if (!text) return report_error(text.error());
    if (const auto done = write_file(file, *text); !done) return report_error(done.error());
  }
  const Result<std::string> text = rendered(options.format, style_of(options));
  if (!text) return report_error(text.error());
  return print(*text);
}

}  // namespace culprit
