// A service to record: built with --coverage and gcov_window.c. usage: service PORT_FILE
//   GET /work?n=N   runs one of several paths     GET /late   goes on working after the reply
//   GET /hang?ms=N  takes its time                GET /fail   answers 500
//   GET /crash      aborts                        GET /pid    its process id
#include <httplib.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <thread>

namespace {

int worked = 0;

int work(int n) {
  int sum = 0;
  for (int i = 0; i < n; ++i) {
    if (i % 3 == 0) {
      sum += i;
    } else {
      sum -= 1;
    }
  }
  return sum;
}

void work_later() {
  std::this_thread::sleep_for(std::chrono::milliseconds(1));
  worked += work(7);
}

int number(const httplib::Request& request, const char* name) {
  return request.has_param(name) ? std::atoi(request.get_param_value(name).c_str()) : 0;
}

}  // namespace

int main(int, char** arguments) {
  httplib::Server server;
  server.set_keep_alive_max_count(1'000'000);
  server.set_tcp_nodelay(true);
  server.Get("/work", [](const httplib::Request& request, httplib::Response& response) {
    response.set_content("{\"sum\": " + std::to_string(work(number(request, "n"))) + "}",
                         "application/json");
  });
  server.Get("/late", [](const httplib::Request&, httplib::Response& response) {
    std::thread(work_later).detach();
    response.set_content("{}", "application/json");
  });
  server.Get("/hang", [](const httplib::Request& request, httplib::Response& response) {
    std::this_thread::sleep_for(std::chrono::milliseconds(number(request, "ms")));
    response.set_content("{}", "application/json");
  });
  server.Get("/fail", [](const httplib::Request&, httplib::Response& response) {
    response.status = 500;
    response.set_content("{\"error\": \"no stock\"}", "application/json");
  });
  server.Get("/crash", [](const httplib::Request&, httplib::Response&) { std::abort(); });
  const int port = server.bind_to_any_port("127.0.0.1");
  // Written whole before it appears: a reader waits for the name.
  std::ofstream(std::string(arguments[1]) + ".new") << port << ' ' << getpid() << '\n';
  std::rename((std::string(arguments[1]) + ".new").c_str(), arguments[1]);
  server.listen_after_bind();
}
