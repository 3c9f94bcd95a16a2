#include <fmt/format.h>

#include <array>

#include "base/text.h"
#include "writers/annotated_line.h"
#include "writers/phrases.h"
#include "writers/table.h"
#include "writers/writers.h"

namespace culprit {

namespace {

constexpr std::size_t kBar = 5;       // columns
constexpr std::size_t kTab = 4;       // columns
constexpr std::size_t kWidest = 400;  // of a line, in bytes

// Five columns in steps of an eighth.
std::string bar(unsigned degree) {
  static constexpr std::array<std::string_view, 9> kEighths = {"",  "▏", "▎", "▍", "▌",
                                                               "▋", "▊", "▉", "█"};
  const std::size_t eighths = (degree * kBar * 8 + 99) / 100;
  std::string text;
  for (std::size_t i = 0; i < eighths / 8; ++i) text += kEighths[8];
  return text + std::string(kEighths[eighths % 8]);
}

std::string padded(const std::string& text, std::size_t width, bool right) {
  const std::size_t taken = width_of(text);
  const std::string blanks(width > taken ? width - taken : 0, ' ');
  return right ? blanks + text : text + blanks;
}

Ink ink_of(double heat) {
  return heat >= 0.5 ? Ink::kRed : heat >= 0.05 ? Ink::kYellow : Ink::kPlain;
}

// Without tabs and control characters.
std::string shown_text(std::string_view line) {
  std::string text;
  for (const char c : line.substr(0, kWidest)) {
    if (c == '\t') {
      text.append(kTab - text.size() % kTab, ' ');
    } else {
      text += c;
    }
  }
  return printable(text, kWidest);
}

class View {
 public:
  View(const AnnotatedFile& file, const Style& style) : file_(file), style_(style) {
    for (const LineRange& range : file.shown) {
      number_ = std::max(number_, std::to_string(range.last).size());
      for (std::uint32_t line = range.first; line <= range.last; ++line) {
        if (const LineHeat* const heat = heat_of(file, line)) {
          failing_ = std::max(failing_, width_of(share(heat->counts.ef, heat->counts.failing())));
          passing_ = std::max(passing_, width_of(share(heat->counts.ep, heat->counts.passing())));
        }
      }
    }
  }

  std::string text() {
    text_ = inked(name_of(file_.heat), Ink::kBold, style_.color) + "\n";
    text_ += inked(std::string(number_, ' ') + "  " + padded("failing", failing_, true) + "  " +
                       padded("passing", passing_, true) + "  heat",
                   Ink::kDim, style_.color) +
             "\n";
    auto row = file_.functions.begin();
    std::uint32_t before = 0;
    for (const LineRange& range : file_.shown) {
      if (before != 0) add_gap();
      for (std::uint32_t line = range.first; line <= range.last; ++line) {
        for (; row != file_.functions.end() && heading_line(file_, *row) <= line; ++row)
          add_heading(*row);
        add_line(line);
      }
      before = range.last;
    }
    return text_;
  }

 private:
  void add_heading(const Ranked& row) {
    text_ += inked(fmt::format("{}  {}  {}", verdict_of(row), printable(title(row.code), 400),
                               evidence(row)),
                   Ink::kBold, style_.color) +
             "\n";
  }

  void add_gap() { text_ += inked(padded("...", number_, true), Ink::kDim, style_.color) + "\n"; }

  void add_line(std::uint32_t line) {
    const LineHeat* const heat = heat_of(file_, line);
    if (file_.text.empty() && heat == nullptr) return;
    const Ink ink = heat == nullptr ? Ink::kPlain : ink_of(heat->heat);
    std::string failing;
    std::string passing;
    std::string warmth;
    if (heat != nullptr) {
      failing = share(heat->counts.ef, heat->counts.failing());
      passing = share(heat->counts.ep, heat->counts.passing());
      const unsigned degree = degrees(heat->heat);
      if (degree != 0) warmth = padded(bar(degree), kBar, false) + fmt::format("{:>4}", degree);
    }
    std::string source;
    if (line <= file_.text.size()) source = shown_text(file_.text[line - 1]);
    const std::size_t before = number_ + failing_ + passing_ + kBar + 4 + 9;
    if (style_.width > before + 20) source = shortened(source, style_.width - before);
    std::string row = inked(padded(std::to_string(line), number_, true), Ink::kDim, style_.color) +
                      "  " + padded(failing, failing_, true) + "  " +
                      padded(passing, passing_, true) + "  " +
                      inked(padded(warmth, kBar + 4, false), ink, style_.color);
    if (!file_.text.empty()) row += " | " + inked(source, ink, style_.color);
    row.erase(row.find_last_not_of(' ') + 1);
    text_ += row + "\n";
  }

  const AnnotatedFile& file_;
  const Style& style_;
  std::size_t number_ = 3, failing_ = 7, passing_ = 7;  // widths
  std::string text_;
};

std::string as_text(const Report& report, const Annotation& annotation, const Style& style) {
  std::string text = opening(report, style);
  if (!report.undecided.empty()) {
    return text + "\n" + inked(report.undecided, Ink::kBold, style.color) + "\n\n" +
           closing(report, style);
  }
  for (const AnnotatedFile& file : annotation.files) text += "\n" + View(file, style).text();
  text += "\n";
  for (const std::string& line : legend(report, annotation)) {
    text += inked(line, Ink::kDim, style.color) + "\n";
  }
  if (!annotation.has_source) {
    text +=
        inked("hint: ", Ink::kYellow, style.color) + "--source DIR shows the text of the lines\n";
  }
  return text + closing(report, style);
}

}  // namespace

std::string annotation_as_text(const Report& report, const Annotation& annotation,
                               const Style& style) {
  return as_text(report, annotation, style);
}

std::string annotation_as_ansi(const Report& report, const Annotation& annotation,
                               const Style& style) {
  Style colored = style;
  colored.color = true;
  return as_text(report, annotation, colored);
}

}  // namespace culprit
