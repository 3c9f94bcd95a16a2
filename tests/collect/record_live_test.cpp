// Recording from a service that really runs, and from tests that really crash.
#include <gmock/gmock.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "base/packer.h"
#include "collect/http_client.h"
#include "collect/record.h"

extern char** environ;

namespace culprit {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string content(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

nlohmann::json json_of(const fs::path& path) {
  return nlohmann::json::parse(content(path), nullptr, false);
}

pid_t start(std::vector<std::string> words, const std::string& variable) {
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  std::vector<char*> environment;
  std::string added = variable;
  for (char** entry = environ; *entry != nullptr; ++entry) environment.push_back(*entry);
  environment.push_back(added.data());
  environment.push_back(nullptr);
  pid_t child = 0;
  EXPECT_EQ(
      posix_spawn(&child, words[0].c_str(), nullptr, nullptr, arguments.data(), environment.data()),
      0);
  return child;
}

// The port that a service writes to `file` once it listens.
int port_in(const std::string& file) {
  int port = 0;
  for (int i = 0; i < 3000 && !fs::exists(file); ++i) std::this_thread::sleep_for(10ms);
  std::istringstream(content(file)) >> port;
  EXPECT_NE(port, 0) << "the service did not start";
  return port;
}

class Service {
 public:
  explicit Service(const Folder& folder) : folder_(folder) {
    fs::remove(folder.path("port"));
    child_ = start({CULPRIT_SERVICE, folder.path("port")}, "CULPRIT_WINDOW=unix:" + socket());
    port_ = port_in(folder.path("port"));
  }
  ~Service() { end(SIGKILL); }

  void end(int signal_number) {
    if (child_ == 0) return;
    ::kill(child_, signal_number);
    ::waitpid(child_, nullptr, 0);
    child_ = 0;
  }
  [[nodiscard]] std::string socket() const { return folder_.path("service.sock"); }
  [[nodiscard]] RecordingConfig config() const {
    RecordingConfig config;
    config.base_url = "http://127.0.0.1:" + std::to_string(port_);
    config.timeout_ms = 2000;
    config.quiet_ms = 10;  // other tests may keep the processors busy
    config.drain_ms = 200;
    config.services.push_back({"shop", CoverageTool::kGcov, "unix:" + socket(), {}});
    return config;
  }

 private:
  const Folder& folder_;
  pid_t child_ = 0;
  int port_ = 0;
};

std::vector<PlannedRequest> planned(const std::string& path, std::size_t times = 1,
                                    const std::string& expect = "") {
  PlannedRequest request;
  request.path = path;
  request.expect = expect;
  return std::vector<PlannedRequest>(times, request);
}

// name -> content of the run's raw coverage.
std::map<std::string, std::string> counters(const fs::path& run) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::directory_iterator(run / "shop")) {
    if (entry.path().extension() == ".gcda") {
      files[entry.path().filename().string()] = content(entry.path());
    }
  }
  return files;
}

std::vector<fs::path> runs_in(const std::string& folder) {
  std::vector<fs::path> runs;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with('.') && name != "build" && name != "traces") runs.push_back(entry.path());
  }
  std::sort(runs.begin(), runs.end());
  return runs;
}

TEST(RecordRequests, KeepsCoverageReplyAndTimesOfEachRequest) {
  const Folder folder;
  const Service service(folder);
  std::vector<PlannedRequest> requests = planned("/work?n=5", 1, R"({"body":{"/sum":0}})");
  requests.push_back(planned("/work?n=5", 1, R"({"status":200,"body":{"/sum":1}})").front());
  requests.push_back(planned("/fail").front());
  const std::string out = folder.path("runs");
  const auto recorded = record_requests(service.config(), requests, {.out = out});
  ASSERT_TRUE(recorded) << to_string(recorded.error());
  EXPECT_EQ(recorded->runs, 3U);
  EXPECT_EQ(recorded->failed, 2U);  // the wrong sum is 0+3-3 = 0, not 1; and the 500
  EXPECT_THAT(recorded->problems, IsEmpty());
  const auto runs = runs_in(out);
  ASSERT_EQ(runs.size(), 3U);
  EXPECT_EQ(runs[0].filename(), "0001.GET.work");
  const auto good = json_of(runs[0] / "responses.jsonl");
  EXPECT_EQ(good["status"], 200);
  EXPECT_EQ(good["verdict"], "passed");
  EXPECT_EQ(good["url"], "/work?n=5");
  EXPECT_EQ(good["trace"].get<std::string>().size(), 32U);
  EXPECT_EQ(json_of(runs[1] / "responses.jsonl")["verdict"], "failed");
  EXPECT_EQ(json_of(runs[1] / "responses.jsonl")["error"], "expected /sum = 1, got 0");
  EXPECT_EQ(json_of(runs[2] / "responses.jsonl")["status"], 500);
  EXPECT_FALSE(json_of(runs[2] / "responses.jsonl").contains("verdict"));
  EXPECT_EQ(json_of(runs[2] / "shop/window.json")["quiet"], true);
  EXPECT_LT(json_of(runs[2] / "window.json")["from"], json_of(runs[2] / "window.json")["to"]);
  EXPECT_EQ(counters(runs[0]), counters(runs[1]));
  EXPECT_NE(counters(runs[0]), counters(runs[2]));
  std::size_t notes = 0;
  for (const auto& entry : fs::directory_iterator(out + "/build/shop")) {
    notes += entry.path().extension() == ".gcno" ? 1 : 0;
  }
  EXPECT_EQ(notes, 1U);
  EXPECT_FALSE(fs::exists(out + "/.partial"));
}

TEST(RecordRequests, GivesThreeHundredLikeRequestsTheSameCounters) {
  for (const char* path : {"/work?n=5", "/late"}) {
    const Folder folder;
    const Service service(folder);
    const auto recorded =
        record_requests(service.config(), planned(path, 300), {.out = folder.path("runs")});
    ASSERT_TRUE(recorded) << to_string(recorded.error());
    std::map<std::map<std::string, std::string>, std::size_t> seen;
    for (const fs::path& run : runs_in(folder.path("runs"))) ++seen[counters(run)];
    std::size_t most = 0;
    for (const auto& [files, times] : seen) most = std::max(most, times);
    // Work after the reply may fall into one round or be split over two; its sum is the same.
    if (std::string(path) == "/work?n=5") {
      EXPECT_GE(most, 299U);
    }
    std::printf("%s: %zu of 300 windows alike, %.2f ms to close one, %zu restless\n", path, most,
                recorded->drain_ms / 300, recorded->restless);
  }
}

// "class: probes" of what JaCoCo's files of the run hold, sessions and their times left out.
std::map<std::string, std::string> probes(const fs::path& run) {
  std::map<std::string, std::string> classes;
  for (const auto& entry : fs::directory_iterator(run / "java")) {
    if (entry.path().extension() != ".exec") continue;
    const std::string bytes = content(entry.path());
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes.at(i)); };
    for (std::size_t at = 0; at < bytes.size();) {
      const unsigned char kind = byte(at++);
      if (kind == 0x01) {
        at += 4;
        continue;
      }
      const std::size_t id = kind == 0x11 ? 8 : 0;
      const std::size_t size = byte(at + id) * 256U + byte(at + id + 1);
      const std::string name = bytes.substr(at + id + 2, size);
      at += id + 2 + size;
      if (kind == 0x10) {
        at += 16;
        continue;
      }
      const std::size_t flags = byte(at) & 0x7fU;  // fewer than 128 probes
      EXPECT_EQ(byte(at) & 0x80U, 0U);
      std::string hits = bytes.substr(at + 1, (flags + 7) / 8);
      at += 1 + hits.size();
      std::string& known = classes[name];
      known.resize(std::max(known.size(), hits.size()));
      for (std::size_t i = 0; i < hits.size(); ++i)
        known[i] = static_cast<char>(known[i] | hits[i]);
    }
  }
  return classes;
}

TEST(RecordRequests, GivesThreeHundredLikeRequestsToAJvmTheSameProbes) {
  if (std::string(CULPRIT_JAVA).empty() || !fs::exists(CULPRIT_JACOCO)) {
    GTEST_SKIP() << "needs a JDK and JaCoCo's agent (libjacoco-java)";
  }
  const Folder folder;
  const std::string unpack =
      "unzip -p " CULPRIT_JACOCO " jacocoagent.jar > " + folder.path("agent.jar");
  ASSERT_EQ(std::system(unpack.c_str()), 0);
  // The agent cannot choose a free port itself.
  const std::string port = std::to_string(20000 + ::getpid() % 10000);
  const pid_t jvm = start(
      {CULPRIT_JAVA, "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-Dsun.net.httpserver.nodelay=true",
       "-javaagent:" + folder.path("agent.jar") +
           "=output=tcpserver,address=127.0.0.1,port=" + port + ",includes=RecordedService",
       "-cp", CULPRIT_CLASSES, "RecordedService", folder.path("port")},
      "CULPRIT_TEST=1");
  RecordingConfig config;
  config.base_url = "http://127.0.0.1:" + std::to_string(port_in(folder.path("port")));
  config.quiet_ms = 10;
  config.services.push_back(
      {"java", CoverageTool::kJacoco, "127.0.0.1:" + port, {CULPRIT_CLASSES}});
  const auto recorded =
      record_requests(config, planned("/work?n=5", 300), {.out = folder.path("runs")});
  ::kill(jvm, SIGKILL);
  ::waitpid(jvm, nullptr, 0);
  ASSERT_TRUE(recorded) << to_string(recorded.error());
  std::map<std::map<std::string, std::string>, std::size_t> seen;
  for (const fs::path& run : runs_in(folder.path("runs"))) ++seen[probes(run)];
  std::size_t most = 0;
  for (const auto& [classes, times] : seen) {
    if (times <= most) continue;
    EXPECT_EQ(classes.count("RecordedService"), 1U);
    most = times;
  }
  EXPECT_GE(most, 299U);
  std::printf("JaCoCo: %zu of 300 windows alike, %.2f ms to close one, %zu restless\n", most,
              recorded->drain_ms / 300, recorded->restless);
  EXPECT_TRUE(fs::exists(folder.path("runs/build/java/RecordedService.class")));
}

TEST(RecordRequests, MarksWindowsWhileOthersUseTheService) {
  const Folder folder;
  const Service service(folder);
  RecordingConfig config = service.config();
  config.drain_ms = 30;
  std::atomic<bool> stop = false;
  std::vector<std::thread> clients;
  for (int i = 0; i < 4; ++i) {
    clients.emplace_back([&] {
      auto client = HttpClient::open(config.base_url, 2000ms);
      while (!stop) EXPECT_EQ(client->send(planned("/work?n=3").front(), "").error, "");
    });
  }
  const auto recorded =
      record_requests(config, planned("/work?n=5", 20), {.out = folder.path("runs")});
  stop = true;
  for (std::thread& client : clients) client.join();
  ASSERT_TRUE(recorded);
  EXPECT_EQ(recorded->restless, 20U);
  EXPECT_EQ(json_of(runs_in(folder.path("runs"))[7] / "shop/window.json")["quiet"], false);
}

TEST(RecordRequests, GoesOnWhenAServiceIsKilled) {
  const Folder folder;
  Service service(folder);
  std::vector<PlannedRequest> requests = planned("/work?n=5");
  requests.push_back(planned("/crash").front());
  requests.push_back(planned("/work?n=5").front());
  const auto recorded = record_requests(service.config(), requests, {.out = folder.path("runs")});
  ASSERT_TRUE(recorded) << to_string(recorded.error());
  EXPECT_EQ(recorded->runs, 3U);
  EXPECT_EQ(recorded->missing.at("shop").runs, 2U);
  const auto runs = runs_in(folder.path("runs"));
  EXPECT_EQ(json_of(runs[1] / "responses.jsonl")["status"], 0);
  EXPECT_THAT(json_of(runs[1] / "shop/window.json")["missing"].get<std::string>(),
              ::testing::AnyOf(HasSubstr("closed"), HasSubstr("refused"), HasSubstr("reset")));
  EXPECT_THAT(counters(runs[1]), IsEmpty());
  EXPECT_EQ(json_of(runs[2] / "responses.jsonl")["error"], "connect");
}

TEST(RecordRequests, NotesATimeoutAndGoesOn) {
  const Folder folder;
  const Service service(folder);
  RecordingConfig config = service.config();
  config.timeout_ms = 200;
  std::vector<PlannedRequest> requests = planned("/hang?ms=600");
  requests.push_back(planned("/work?n=5").front());
  const auto recorded = record_requests(config, requests, {.out = folder.path("runs")});
  ASSERT_TRUE(recorded) << to_string(recorded.error());
  const auto runs = runs_in(folder.path("runs"));
  EXPECT_EQ(json_of(runs[0] / "responses.jsonl")["error"], "timeout");
  EXPECT_EQ(json_of(runs[1] / "responses.jsonl")["status"], 200);
}

TEST(RecordRequests, RefusesToRecordWhereNoServiceAnswers) {
  const Folder folder;
  RecordingConfig config;
  {
    Service service(folder);
    config = service.config();
    service.end(SIGKILL);
  }
  ASSERT_TRUE(fs::exists(folder.path("service.sock")));  // stale
  const auto refused = record_requests(config, planned("/"), {.out = folder.path("runs")});
  ASSERT_FALSE(refused);
  EXPECT_THAT(to_string(refused.error()), HasSubstr("no service answers"));
  EXPECT_THAT(to_string(refused.error()), HasSubstr("refused"));
  // A service that starts again takes the stale socket over.
  const Service again(folder);
  EXPECT_TRUE(record_requests(again.config(), planned("/work"), {.out = folder.path("runs2")}));
  config.services[0].address = "127.0.0.1:1";
  EXPECT_THAT(to_string(record_requests(config, planned("/"), {.out = folder.path("r3")}).error()),
              HasSubstr("127.0.0.1:1"));
}

TEST(RecordRequests, OpensItsSocketToTheOwnerAlone) {
  const Folder folder;
  const Service service(folder);
  struct stat status {};
  ASSERT_EQ(::stat(service.socket().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST(RecordRequests, KeepsWhatIsCompleteWhenStoppedAndResumes) {
  const Folder folder;
  const Service service(folder);
  const std::string out = folder.path("runs");
  std::atomic<bool> stop = false;
  const auto first =
      record_requests(service.config(), planned("/work?n=5", 50),
                      {.out = out, .stop = &stop, .progress = [&](std::size_t done, std::size_t) {
                         if (done == 10) stop = true;
                       }});
  ASSERT_TRUE(first);
  EXPECT_TRUE(first->interrupted);
  EXPECT_EQ(runs_in(out).size(), 10U);
  const auto second =
      record_requests(service.config(), planned("/work?n=5", 50), {.out = out, .resume = true});
  ASSERT_TRUE(second);
  EXPECT_EQ(second->kept, 10U);
  EXPECT_EQ(second->runs, 40U);
  EXPECT_EQ(runs_in(out).size(), 50U);
}

TEST(RecordRequests, LeavesNoHalfARunWhenTheRecorderIsKilled) {
  const Folder folder;
  const Service service(folder);
  const RecordingConfig config = service.config();
  folder.write("shop.toml", "base-url = \"" + config.base_url +
                                "\"\n[[service]]\nname = \"shop\"\ngcov = \"" +
                                config.services[0].address + "\"\n");
  std::string rows;
  for (int i = 0; i < 2000; ++i) rows += "{\"path\": \"/work?n=5\"}\n";
  folder.write("requests.jsonl", rows);
  const std::string out = folder.path("runs");
  const pid_t recorder = start({CULPRIT_TOOL, "record", "--config", folder.path("shop.toml"),
                                "--requests", folder.path("requests.jsonl"), "--out", out},
                               "CULPRIT_TEST=1");
  for (int i = 0; i < 500 && !fs::exists(out + "/0020.GET.work"); ++i) {
    std::this_thread::sleep_for(10ms);
  }
  ::kill(recorder, SIGKILL);
  ::waitpid(recorder, nullptr, 0);
  const auto runs = runs_in(out);
  ASSERT_GE(runs.size(), 20U);
  ASSERT_LT(runs.size(), 2000U);
  for (const fs::path& run : runs) {
    EXPECT_TRUE(json_of(run / "responses.jsonl").contains("status")) << run;
    EXPECT_TRUE(json_of(run / "shop/window.json").contains("rounds")) << run;
    EXPECT_FALSE(counters(run).empty()) << run;
  }
}

TEST(RecordRequests, StopsWithTheCompleteRunsWhenTheDiskIsFull) {
  const Folder folder;
  const std::string out = folder.path("small");
  fs::create_directory(out);
  if (::mount("tmpfs", out.c_str(), "tmpfs", 0, "size=256k") != 0) {
    GTEST_SKIP() << "a small disk cannot be mounted here";
  }
  const Service service(folder);
  const auto recorded =
      record_requests(service.config(), planned("/work?n=5", 2000), {.out = out, .resume = true});
  const auto runs = runs_in(out);
  std::size_t whole = 0;
  for (const fs::path& run : runs) {
    whole += json_of(run / "responses.jsonl").contains("status") &&
                     json_of(run / "shop/window.json").contains("rounds") && !counters(run).empty()
                 ? 1
                 : 0;
  }
  const bool partial = fs::exists(out + "/.partial");
  ::umount(out.c_str());
  ASSERT_FALSE(recorded);
  EXPECT_THAT(to_string(recorded.error()), HasSubstr("No space left"));
  EXPECT_THAT(to_string(recorded.error()), HasSubstr("complete runs are kept"));
  EXPECT_GT(whole, 3U);
  EXPECT_EQ(whole, runs.size());
  EXPECT_FALSE(partial);
}

TEST(RecordWindows, CutsTimeIntoRunsWhileOthersUseTheService) {
  const Folder folder;
  const Service service(folder);
  std::atomic<bool> stop = false;
  std::thread client([&] {
    auto http = HttpClient::open(service.config().base_url, 2000ms);
    while (!stop) {
      EXPECT_EQ(http->send(planned("/work?n=3").front(), "").error, "");
      std::this_thread::sleep_for(1ms);
    }
  });
  const auto recorded = record_windows(service.config(), {.every = 100ms, .next = {}, .windows = 3},
                                       {.out = folder.path("runs")});
  int asked = 0;
  const auto signalled = record_windows(
      service.config(), {.every = {}, .next = [&] { return ++asked % 2 == 0; }, .windows = 2},
      {.out = folder.path("runs2")});
  stop = true;
  client.join();
  ASSERT_TRUE(recorded);
  const auto runs = runs_in(folder.path("runs"));
  ASSERT_EQ(runs.size(), 3U);
  for (const fs::path& run : runs) EXPECT_FALSE(counters(run).empty());
  EXPECT_LE(json_of(runs[0] / "window.json")["to"], json_of(runs[1] / "window.json")["from"]);
  EXPECT_FALSE(fs::exists(runs[0] / "responses.jsonl"));
  ASSERT_TRUE(signalled);
  EXPECT_EQ(runs_in(folder.path("runs2")).size(), 2U);
}

TEST(RecordTests, RunsEachTestByItselfAndKeepsTheCountersOfCrashes) {
  const Folder folder;
  folder.write("t.c",
               "#include <stdlib.h>\n#include <string.h>\n"
               "static int twice(int x) { return 2 * x; }\n"
               "int main(int n, char** v) {\n"
               "  if (strcmp(v[n - 1], \"abort\") == 0) abort();\n"
               "  if (strcmp(v[n - 1], \"hang\") == 0) for (;;) {}\n"
               "  return strcmp(v[n - 1], \"bad\") == 0 ? twice(2) : 0;\n}\n");
  const std::string build =
      "cd " + folder.path() + " && gcc --coverage -O0 -g -rdynamic t.c -o t && gcc -c " +
      CULPRIT_WINDOW_SOURCE + " -o w.o && gcc --coverage -O0 -g t.c w.o -o tw -pthread";
  ASSERT_EQ(std::system(build.c_str()), 0);
  const auto record = [&](const std::string& program, const std::string& preload,
                          const std::string& out) {
    TestPlan plan;
    plan.list = "printf 'good\\nbad\\nabort\\nhang\\n'";
    plan.run = folder.path(program) + " {run}";
    plan.timeout = 500ms;
    plan.jobs = 2;
    plan.preload = preload;
    return record_tests(plan, {.out = out});
  };
  const auto linked = record("tw", "", folder.path("linked"));
  const auto preloaded = record("t", CULPRIT_WINDOW_LIBRARY, folder.path("preloaded"));
  const auto plain = record("t", "", folder.path("plain"));
  ASSERT_TRUE(linked && preloaded && plain);
  for (const char* out : {"linked", "preloaded"}) {
    for (const char* run : {"good", "bad", "abort", "hang"}) {
      std::size_t objects = 0;
      for (const auto& entry : fs::directory_iterator(folder.path(out) + "/" + run)) {
        objects += entry.path().extension() == ".gcda" ? 1 : 0;
      }
      EXPECT_EQ(objects, 1U) << out << "/" << run;
    }
  }
  EXPECT_EQ(linked->failed, 3U);
  EXPECT_EQ(json_of(folder.path("linked/bad/responses.jsonl"))["error"], "exit status 4");
  EXPECT_THAT(json_of(folder.path("linked/abort/responses.jsonl"))["error"].get<std::string>(),
              HasSubstr("ended by signal 6"));
  EXPECT_THAT(json_of(folder.path("linked/hang/responses.jsonl"))["error"].get<std::string>(),
              HasSubstr("no end within"));
  EXPECT_EQ(json_of(folder.path("linked/good/responses.jsonl"))["verdict"], "passed");
  // Without the object the counters of two of the four are lost, and that is said.
  ASSERT_EQ(plain->problems.size(), 1U);
  EXPECT_THAT(to_string(plain->problems[0]), HasSubstr("left no coverage, as 1 more"));
}

TEST(RecordTests, KeepsWhatGoogleTestExpected) {
  const Folder folder;
  // A name that speaks of failing, in a line that does not.
  folder.write(
      "out",
      "Note: Google Test filter = Error.HasAPlace\n[==========] Running 1 test.\n"
      "[ RUN      ] Error.HasAPlace\ncannot open: error 2\n"
      "tests/error_test.cpp:12: Failure\nExpected equality of these values:\n"
      "  caret_column(line)\n    Which is: 7\n  8\n"
      "[  FAILED  ] Error.HasAPlace (0 ms)\n[----------] 1 test from Error (0 ms total)\n");
  TestPlan plan;
  plan.list = "echo Error.HasAPlace";
  plan.run = "cat " + folder.path("out") + "; exit 1; {run}";
  ASSERT_TRUE(record_tests(plan, {.out = folder.path("runs")}));
  EXPECT_EQ(json_of(folder.path("runs/Error.HasAPlace/responses.jsonl"))["error"],
            "exit status 1: tests/error_test.cpp:12: Failure Expected equality of these values: "
            "caret_column(line) Which is: 7 8");
}

TEST(RecordTests, DoesNotTakeTheNameOfATestForAFailure) {
  const Folder folder;
  TestPlan plan;
  plan.list = "echo Error.Ends";
  plan.run =
      "echo 'Note: Google Test filter = Error.Ends'; echo '[ RUN      ] Error.Ends'; "
      "echo 'out of range: abort'; echo over; exit 3; {run}";
  ASSERT_TRUE(record_tests(plan, {.out = folder.path("runs")}));
  EXPECT_EQ(json_of(folder.path("runs/Error.Ends/responses.jsonl"))["error"],
            "exit status 3: out of range: abort");
}

TEST(RecordTests, SaysNothingOfTheOutcomeOfASkippedTest) {
  const Folder folder;
  TestPlan plan;
  plan.list = "printf 'a\\nb\\nc\\n'";
  plan.run =
      "case {run} in a) echo '[  SKIPPED ] A.a (0 ms)';; b) echo '1/1 Test #1: b ...***Skipped';; "
      "c) echo '[       OK ] A.c (0 ms)';; esac";
  ASSERT_TRUE(record_tests(plan, {.out = folder.path("runs")}));
  EXPECT_FALSE(json_of(folder.path("runs/a/responses.jsonl")).contains("verdict"));
  EXPECT_FALSE(json_of(folder.path("runs/b/responses.jsonl")).contains("verdict"));
  EXPECT_EQ(json_of(folder.path("runs/c/responses.jsonl"))["verdict"], "passed");
}

TEST(RecordTests, TakesTheVerdictFromAJunitReport) {
  const Folder folder;
  TestPlan plan;
  plan.list = "printf 'a\\nb\\n'";
  plan.run =
      "echo \"<testsuite><testcase name='{run}'><failure/></testcase></testsuite>\" > "
      "{dir}/{run}.xml; test {run} = a && rm {dir}/b.xml; true";
  plan.run = "test {run} = b || echo \"<testsuite><testcase name='a'/></testsuite>\" > {dir}/a.xml";
  plan.junit = "{dir}/{run}.xml";
  const auto recorded = record_tests(plan, {.out = folder.path("runs")});
  ASSERT_TRUE(recorded) << to_string(recorded.error());
  EXPECT_THAT(content(folder.path("runs/a/junit.xml")), HasSubstr("testcase"));
  EXPECT_FALSE(fs::exists(folder.path("runs/a/responses.jsonl")));
  EXPECT_EQ(json_of(folder.path("runs/b/responses.jsonl"))["verdict"], "passed");
  bool said = false;
  for (const Error& problem : recorded->problems) {
    said = said || to_string(problem).find("wrote no such report") != std::string::npos;
  }
  EXPECT_TRUE(said);
}

TEST(RecordTests, SaysWhyThereIsNoList) {
  const Folder folder;
  TestPlan plan;
  plan.list = "echo 'cannot open project' >&2; exit 1";
  plan.run = "true {run}";
  EXPECT_THAT(to_string(record_tests(plan, {.out = folder.path("a")}).error()),
              HasSubstr("cannot open project"));
  plan.list = "true";
  EXPECT_THAT(to_string(record_tests(plan, {.out = folder.path("b")}).error()),
              HasSubstr("names no test"));
}

}  // namespace
}  // namespace culprit
