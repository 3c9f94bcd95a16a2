// The report as one page that works from disk, without a network: the page's code, then its data.
#include "base/base64.h"
#include "base/gzip.h"
#include "writers/page/page.h"
#include "writers/page_data.h"
#include "writers/writers.h"

namespace culprit {

namespace {

// What the page's file has where the data belongs.
constexpr std::string_view kDataMark = "<!--culprit-data-->";

}  // namespace

// Nothing of the input becomes markup: it is JSON in gzip in base64, and the page shows it as text.
std::string ranking_as_html(const Report& report, const Style&) {
  const std::string_view page = page_bytes();
  const std::size_t mark = page.find(kDataMark);
  std::string html(page.substr(0, mark));
  html += "<script type=\"application/gzip+base64\" id=\"report\">";
  html += base64(gzipped(page_data(report)).value_or(""));
  html += "</script>";
  html += page.substr(mark + kDataMark.size());
  return html;
}

}  // namespace culprit
