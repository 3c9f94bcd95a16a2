#include "readers/registry.h"

#include <algorithm>
#include <array>

#include "readers/coverage_cobertura.h"
#include "readers/coverage_gcov_data.h"
#include "readers/coverage_gcov_json.h"
#include "readers/coverage_gcov_text.h"
#include "readers/coverage_hits_jsonl.h"
#include "readers/coverage_jacoco_exec.h"
#include "readers/coverage_jacoco_xml.h"
#include "readers/coverage_lcov.h"
#include "readers/coverage_llvm_json.h"
#include "readers/detect.h"
#include "readers/gcov_notes.h"
#include "readers/log_positions.h"
#include "readers/matrix_gzoltar.h"
#include "readers/matrix_tcm.h"
#include "readers/results_access_log.h"
#include "readers/results_csv.h"
#include "readers/results_har.h"
#include "readers/results_hey.h"
#include "readers/results_jmeter.h"
#include "readers/results_jsonl.h"
#include "readers/results_junit.h"
#include "readers/results_k6.h"
#include "readers/results_locust.h"
#include "readers/results_newman.h"
#include "readers/results_schemathesis.h"
#include "readers/results_wfc.h"
#include "readers/traces_csv.h"
#include "readers/traces_eadro.h"
#include "readers/traces_jaeger.h"
#include "readers/traces_otlp.h"
#include "readers/traces_skywalking.h"
#include "readers/traces_zipkin.h"
#include "readers/window_json.h"

namespace culprit {

namespace {

using namespace std::string_view_literals;

// Formats that are known only to be refused with advice: the error is what their read() gives.
bool accepts_wrk(const Head& head) {
  return head.bytes.starts_with("Running ") && head.bytes.find(" test @ ") < 40;
}
Result<void> refuse_wrk(const Input& input, Sink&) {
  return fail(error_in(input.path, "wrk prints a summary only",
                       "hand over the server's access log of that time, or use hey -o csv"));
}

Result<void> refuse_gcno(const Input& input, Sink&) {
  return fail(error_in(input.path, "a gcov notes file (.gcno) says what could run, not what ran",
                       "hand over the counters (.gcda) of its runs"));
}

bool accepts_gzoltar_ser(const Head& head) {
  return head.bytes.starts_with("\x01\xc0\xc0\x00\x01"sv);
}
Result<void> refuse_gzoltar_ser(const Input& input, Sink&) {
  return fail(error_in(input.path, "GZoltar's own data (.ser) needs its instrumenter to decode",
                       "have GZoltar write its text matrix: spectra.csv, matrix.txt, tests.csv"));
}

// Data sets of Python tools. Loading one runs whatever code it names.
bool accepts_pickle(const Head& head) {
  return head.bytes.size() > 2 && head.bytes[0] == '\x80' && head.bytes[1] >= 2 &&
         head.bytes[1] <= 5;
}
Result<void> refuse_pickle(const Input& input, Sink&) {
  return fail(error_in(input.path, "a Python pickle is a program, and is never loaded",
                       "have the tool that wrote it write text: hits as JSON lines, or GZoltar's "
                       "matrix"));
}

Result<void> refuse_java_class(const Input& input, Sink&) {
  return fail(error_in(input.path, "a compiled Java class says what could run, not what ran",
                       "hand over the JaCoCo data (.exec) of its runs"));
}

constexpr bool kStreams = true;

constexpr std::array kReaders = {
    Reader{"gcov-json",
           InputKind::kCoverage,
           "gcov JSON, plain or .gz (gcov --json-format, GCC 9 and newer)",
           "*.gcov.json[.gz]",
           accepts_gcov_json,
           read_gcov_json,
           {},
           40},
    Reader{"gcov-text",
           InputKind::kCoverage,
           "gcov's annotated source, or its intermediate text (gcov -i, GCC 8 and older)",
           "*.gcov",
           accepts_gcov_text,
           read_gcov_text,
           {},
           30},
    Reader{"llvm-json",
           InputKind::kCoverage,
           "what `llvm-cov export` writes of clang's source-based coverage",
           "*.json",
           accepts_llvm_json,
           read_llvm_json,
           {},
           40},
    Reader{"lcov",
           InputKind::kCoverage,
           "lcov tracefile, 1.x and 2.x",
           "*.info, *.lcov",
           accepts_lcov,
           read_lcov,
           {},
           20},
    Reader{"cobertura",
           InputKind::kCoverage,
           "Cobertura XML, as gcovr and others write it",
           "cobertura*.xml, coverage.xml",
           accepts_cobertura,
           read_cobertura,
           {},
           10},
    Reader{"jacoco-xml",
           InputKind::kCoverage,
           "JaCoCo XML report",
           "jacoco*.xml, coverage.xml",
           accepts_jacoco_xml,
           read_jacoco_xml,
           {},
           20},
    Reader{"hits-jsonl",
           InputKind::kCoverage,
           "hits as JSON lines, the exchange format: one run, or run and service, a line",
           "*hits*.jsonl",
           accepts_hits_jsonl,
           read_hits_jsonl,
           {},
           20},
    Reader{"gzoltar", InputKind::kMatrix,
           "GZoltar text matrix: spectra.csv with matrix.txt beside it", "spectra.csv",
           accepts_gzoltar, read_gzoltar, kGzoltarCompanions},
    Reader{"tcm",
           InputKind::kMatrix,
           "TCM, a test coverage matrix in one file, as FLITSR takes it",
           "*.tcm",
           accepts_tcm,
           read_tcm,
           {}},
    Reader{"responses-jsonl",
           InputKind::kResults,
           "API responses or test results as JSON lines or a JSON array",
           "*responses*.jsonl, *results*.jsonl",
           accepts_results_jsonl,
           read_results_jsonl,
           {}},
    Reader{"responses-csv",
           InputKind::kResults,
           "API responses or test results as CSV with a header",
           "*responses*.csv, *results*.csv",
           accepts_results_csv,
           read_results_csv,
           {}},
    Reader{"har",
           InputKind::kResults,
           "HTTP archive (HAR), as browsers and proxies write it",
           "*.har",
           accepts_har,
           read_har,
           {}},
    Reader{"k6",
           InputKind::kResults,
           "k6 points as JSON lines (k6 run --out json=FILE)",
           "*k6*.json",
           accepts_k6,
           read_k6,
           {}},
    Reader{"jmeter-csv",
           InputKind::kResults,
           "JMeter results as CSV, with a header or without",
           "*.jtl, *jmeter*.csv",
           accepts_jmeter_csv,
           read_jmeter_csv,
           {}},
    Reader{"jmeter-xml",
           InputKind::kResults,
           "JMeter results as XML",
           "*.jtl, *jmeter*.xml",
           accepts_jmeter_xml,
           read_jmeter_xml,
           {}},
    Reader{"locust-stats",
           InputKind::kResults,
           "Locust's counts by endpoint (locust --csv NAME)",
           "*_stats.csv",
           accepts_locust_stats,
           read_locust_stats,
           {}},
    Reader{"locust-log",
           InputKind::kResults,
           "Locust's counts by endpoint, as it prints them",
           "locust.log",
           accepts_locust_log,
           read_locust_log,
           {}},
    Reader{"newman",
           InputKind::kResults,
           "newman's JSON report of a Postman collection",
           "*newman*.json",
           accepts_newman,
           read_newman,
           {}},
    Reader{"wfc",
           InputKind::kResults,
           "Web Fuzzing Commons report, as EvoMaster writes it",
           "report.json, *wfc*.json",
           accepts_wfc,
           read_wfc,
           {}},
    Reader{"schemathesis",
           InputKind::kResults,
           "Schemathesis events as JSON lines (st run --report ndjson)",
           "*.ndjson",
           accepts_schemathesis,
           read_schemathesis,
           {}},
    Reader{"vcr",
           InputKind::kResults,
           "cassette of HTTP interactions (VCR, YAML), as Schemathesis writes it",
           "*cassette*.yaml, vcr*.yaml",
           accepts_vcr,
           read_vcr,
           {}},
    Reader{"access-log",
           InputKind::kResults,
           "access log of nginx, Apache, Envoy or Istio",
           "*access*.log",
           accepts_access_log,
           read_access_log,
           {}},
    Reader{"hey",
           InputKind::kResults,
           "hey's requests as CSV (hey -o csv)",
           "*hey*.csv",
           accepts_hey,
           read_hey,
           {}},
    Reader{"junit",
           InputKind::kResults,
           "JUnit XML, as test runners write it",
           "TEST-*.xml, *junit*.xml",
           accepts_junit,
           read_junit,
           {}},
    Reader{"otlp",
           InputKind::kTraces,
           "OpenTelemetry traces as OTLP/JSON, one document or one a line",
           "*otlp*.json, *otlp*.jsonl",
           accepts_otlp,
           read_otlp,
           {},
           0,
           nullptr,
           kStreams},
    Reader{"jaeger",
           InputKind::kTraces,
           "Jaeger traces as its API, its UI and its storage give them",
           "*jaeger*.json, *traces*.json",
           accepts_jaeger,
           read_jaeger,
           {},
           0,
           nullptr,
           kStreams},
    Reader{"zipkin",
           InputKind::kTraces,
           "Zipkin spans, versions 1 and 2",
           "*zipkin*.json",
           accepts_zipkin,
           read_zipkin,
           {},
           0,
           nullptr,
           kStreams},
    Reader{"skywalking",
           InputKind::kTraces,
           "SkyWalking traces as its GraphQL and collectors of it give them",
           "*skywalking*.json",
           accepts_skywalking,
           read_skywalking,
           {},
           0,
           nullptr,
           kStreams},
    Reader{"spans-csv",
           InputKind::kTraces,
           "spans as CSV: AnoMod, Nezha, DeathStarBench, DeepTraLog, LO2",
           "*trace*.csv, *spans*.csv",
           accepts_spans_csv,
           read_spans_csv,
           {}},
    Reader{"eadro",
           InputKind::kTraces,
           "Eadro's latencies by second and pair of services",
           "traces*.json",
           accepts_eadro,
           read_eadro,
           {}},
    Reader{"log-positions",
           InputKind::kCoverage,
           "log lines that name a place in the code and a trace, where [[logs]] says they are",
           "*.log, *log*.csv",
           accepts_log_positions,
           read_log_positions,
           {},
           5},
    Reader{"window",
           InputKind::kWindow,
           "what `culprit record` notes of a run: when, and which services answered",
           "window.json",
           accepts_window,
           read_window,
           {}},
    Reader{"locust-other",
           InputKind::kUnreadable,
           "Locust's history, failures and exceptions: recognised, not read",
           "*_stats_history.csv, *_failures.csv, *_exceptions.csv",
           accepts_locust_other,
           refuse_locust_other,
           {}},
    Reader{"wrk",
           InputKind::kUnreadable,
           "summary of wrk: recognised, not read",
           "*wrk*.txt",
           accepts_wrk,
           refuse_wrk,
           {}},
    Reader{"gcda",
           InputKind::kCoverage,
           "raw gcov counters, with the notes (.gcno) of the build",
           "*.gcda",
           accepts_gcov_data,
           read_gcov_data,
           {},
           50},
    Reader{"gcno",
           InputKind::kBuildFile,
           "gcov notes of the build (.gcno), for the raw counters of runs",
           "*.gcno",
           accepts_gcov_notes,
           refuse_gcno,
           {},
           0,
           load_gcov_notes},
    Reader{"jacoco-exec",
           InputKind::kCoverage,
           "raw JaCoCo data, with the classes or jars of the build",
           "*.exec",
           accepts_jacoco_exec,
           read_jacoco_exec,
           {},
           50},
    Reader{"gzoltar-ser",
           InputKind::kUnreadable,
           "GZoltar's own data: recognised, not read",
           "*.ser",
           accepts_gzoltar_ser,
           refuse_gzoltar_ser,
           {}},
    Reader{"pickle",
           InputKind::kUnreadable,
           "a Python pickle (SFLKit, FAMOS): recognised, not read",
           "*.pkl, *.pickle",
           accepts_pickle,
           refuse_pickle,
           {}},
    Reader{"java-class",
           InputKind::kBuildFile,
           "compiled Java of the build (.class, .jar), for the raw JaCoCo data of runs",
           "*.class, *.jar, *.war",
           accepts_java_class,
           refuse_java_class,
           {},
           0,
           load_java_class},
};

}  // namespace

std::span<const Reader> readers() { return kReaders; }

const Reader* find_reader(std::string_view name) {
  const auto reader = std::find_if(kReaders.begin(), kReaders.end(),
                                   [&](const Reader& r) { return r.name == name; });
  return reader == kReaders.end() ? nullptr : &*reader;
}

Result<const Reader*> detect(const Input& input) { return detect_among(kReaders, input); }

}  // namespace culprit
