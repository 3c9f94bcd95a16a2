#include <cstdio>
#include <exception>
#include <new>

#include "cli/commands.h"
#include "lsp/server.h"

int main(int argc, char** argv) {
  using namespace culprit;
  try {
    const Parsed parsed = parse_options(argc, argv);
    if (parsed.exit_code) {
      std::fputs(parsed.message.c_str(), *parsed.exit_code == kDone ? stdout : stderr);
      return *parsed.exit_code;
    }
    if (parsed.options.command == "lsp") {
      lsp::serve_standard_streams(parsed.options.query, parsed.options.verdict, CULPRIT_VERSION);
    }
    for (const Command& command : commands()) {
      if (command.name == parsed.options.command) return command.run(parsed.options);
    }
  } catch (const std::bad_alloc&) {
    std::fputs("culprit: out of memory\n  hand over fewer runs at once, or use fewer --jobs\n",
               stderr);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "culprit: %s\n  this is a fault of culprit itself: please report it\n",
                 error.what());
  }
  return kUnusable;
}
