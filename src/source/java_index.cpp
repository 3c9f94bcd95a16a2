#include "source/java_index.h"

#include <algorithm>
#include <array>

#include "base/text.h"

#ifdef CULPRIT_TREE_SITTER
#include <tree_sitter/api.h>

#include <memory>

#include "source/statement_lines.h"

extern "C" const TSLanguage* tree_sitter_java();
#endif

namespace culprit {

#ifndef CULPRIT_TREE_SITTER

Result<void> java_grammar() {
  return fail(error_in("Java", "is read by coverage alone: built without tree-sitter's grammar",
                       "README, `Build`, says how to get it"));
}

Result<CodeOutline> outline_java(const std::string&, std::string_view) {
  return fail(java_grammar().error());
}

#else

namespace {

struct Kind {
  std::string_view node, kind;
};
constexpr auto kStatements = std::to_array<Kind>({{"if_statement", "if"},
                                                  {"for_statement", "for"},
                                                  {"enhanced_for_statement", "for"},
                                                  {"while_statement", "while"},
                                                  {"do_statement", "do"},
                                                  {"switch_expression", "switch"},
                                                  {"switch_label", "case"},
                                                  {"switch_rule", "case"},
                                                  {"return_statement", "return"},
                                                  {"yield_statement", "return"},
                                                  {"break_statement", "break"},
                                                  {"continue_statement", "continue"},
                                                  {"labeled_statement", "label"},
                                                  {"local_variable_declaration", "variable"},
                                                  {"resource", "variable"},
                                                  {"try_statement", "try"},
                                                  {"try_with_resources_statement", "try"},
                                                  {"catch_clause", "catch"},
                                                  {"finally_clause", "finally"},
                                                  {"throw_statement", "throw"},
                                                  {"synchronized_statement", "synchronized"},
                                                  {"assert_statement", "assert"},
                                                  {"explicit_constructor_invocation", "call"},
                                                  {"field_declaration", "declaration"},
                                                  {"constant_declaration", "declaration"}});
constexpr auto kClasses = std::to_array<std::string_view>(
    {"class_declaration", "interface_declaration", "enum_declaration", "record_declaration",
     "annotation_type_declaration"});

class JavaWalk {
 public:
  JavaWalk(std::string_view text, CodeOutline& outline) : text_(text), outline_(outline) {}

  void run(TSNode root) {
    descend(root, "", 0);
    std::stable_sort(outline_.functions.begin(), outline_.functions.end(),
                     [](const auto& a, const auto& b) { return a.name_line < b.name_line; });
    outline_.statements = statement_lines(text_, std::move(statements_));
    outline_.approximate = ts_node_has_error(root);
  }

 private:
  [[nodiscard]] std::string_view text_of(TSNode node) const {
    const std::size_t first = ts_node_start_byte(node);
    return text_.substr(first, ts_node_end_byte(node) - first);
  }
  static std::string_view type(TSNode node) { return ts_node_type(node); }
  static TSNode field(TSNode node, std::string_view name) {
    return ts_node_child_by_field_name(node, name.data(), static_cast<std::uint32_t>(name.size()));
  }

  void descend(TSNode node, const std::string& in_class, int depth) {
    constexpr int kDeepest = 400;  // nested expressions of generated code; the stack is 8 MiB
    if (depth == kDeepest) return;
    for (std::uint32_t i = 0, n = ts_node_named_child_count(node); i < n; ++i) {
      visit(ts_node_named_child(node, i), in_class, depth + 1);
    }
  }

  void visit(TSNode node, const std::string& in_class, int depth) {
    const std::string_view what = type(node);
    std::string inside = in_class;
    if (what == "package_declaration") {
      for (std::uint32_t i = 0, n = ts_node_named_child_count(node); i < n; ++i) {
        const TSNode child = ts_node_named_child(node, i);
        if (type(child).ends_with("identifier")) package_ = std::string(text_of(child)) + ".";
      }
    } else if (std::find(kClasses.begin(), kClasses.end(), what) != kClasses.end()) {
      const TSNode name = field(node, "name");
      if (ts_node_is_null(name)) return;
      inside = in_class.empty() ? package_ + std::string(text_of(name))
                                : in_class + "$" + std::string(text_of(name));
      add(node, name, inside, true);
    } else if (what == "method_declaration" && !ts_node_is_null(field(node, "body"))) {
      const TSNode name = field(node, "name");
      add(node, name, in_class + "#" + std::string(text_of(name)));
    } else if (what == "constructor_declaration" || what == "compact_constructor_declaration") {
      add(node, field(node, "name"), in_class + "#<init>");
    } else if (what == "static_initializer") {
      add(node, node, in_class + "#<clinit>");
    } else if (what == "lambda_expression") {
      add(node, node, in_class + "#(lambda)");
    } else if (what == "class_body" && !is_named_class(ts_node_parent(node))) {
      inside = in_class + "$";  // an anonymous class
    } else {
      add_statement(node, what);
    }
    descend(node, inside, depth);
  }

  static bool is_named_class(TSNode node) {
    return std::find(kClasses.begin(), kClasses.end(), type(node)) != kClasses.end();
  }

  void add(TSNode node, TSNode name, std::string called, bool is_class = false) {
    constexpr std::size_t kMostFunctions = 200'000;
    if (ts_node_is_null(name) || outline_.functions.size() == kMostFunctions) return;
    OutlinedFunction function;
    function.name = std::move(called);
    function.name_line = ts_node_start_point(name).row + 1;
    function.first_line = ts_node_start_point(node).row + 1;
    function.last_line = ts_node_end_point(node).row + 1;
    function.is_lambda = type(node) == "lambda_expression";
    function.is_class = is_class;
    function.signature = is_class             ? "class " + function.name
                         : function.is_lambda ? "lambda"
                         : name.id == node.id ? "static"
                                              : signature(node);
    outline_.functions.push_back(std::move(function));
    if (!is_class)
      statements_.push_back({ts_node_start_byte(node), ts_node_end_byte(node), "signature"});
  }

  // What stands before the body, without annotations and comments.
  [[nodiscard]] std::string signature(TSNode method) const {
    std::string words;
    std::size_t copied = ts_node_start_byte(method);
    const std::size_t end = ts_node_start_byte(field(method, "body"));
    copy_before(method, end, copied, words, 0);
    words += text_.substr(copied, end - copied);
    constexpr std::size_t kLongest = 1000;
    return one_line(words, kLongest);
  }
  void copy_before(TSNode node, std::size_t end, std::size_t& copied, std::string& words,
                   int depth) const {
    constexpr int kDeepest = 20;
    for (std::uint32_t i = 0, n = ts_node_named_child_count(node); i < n; ++i) {
      const TSNode child = ts_node_named_child(node, i);
      const std::size_t first = ts_node_start_byte(child);
      if (first >= end) return;
      if (type(child).ends_with("annotation") || type(child).ends_with("comment")) {
        words += text_.substr(copied, first - copied);
        copied = ts_node_end_byte(child);
      } else if (depth < kDeepest) {
        copy_before(child, end, copied, words, depth + 1);
      }
    }
  }

  void add_statement(TSNode node, std::string_view what) {
    std::string_view kind;
    const auto known = std::find_if(kStatements.begin(), kStatements.end(),
                                    [&](const Kind& k) { return k.node == what; });
    if (known != kStatements.end()) {
      kind = known->kind;
    } else if (what == "expression_statement") {
      const std::string_view inner = type(ts_node_named_child(node, 0));
      kind = inner == "assignment_expression" || inner == "update_expression"        ? "assignment"
             : inner == "method_invocation" || inner == "object_creation_expression" ? "call"
                                                                                     : "expression";
    } else {
      return;
    }
    statements_.push_back({ts_node_start_byte(node), ts_node_end_byte(node), kind});
  }

  std::string_view text_;
  CodeOutline& outline_;
  std::string package_;
  std::vector<StatementExtent> statements_;
};

template <class T, void (*kFree)(T*)>
struct Freed {
  void operator()(T* pointer) const { kFree(pointer); }
};

}  // namespace

Result<void> java_grammar() { return {}; }

Result<CodeOutline> outline_java(const std::string& path, std::string_view text) {
  constexpr std::uint64_t kMicroseconds = 2'000'000;
  const std::unique_ptr<TSParser, Freed<TSParser, ts_parser_delete> > parser(ts_parser_new());
  if (!ts_parser_set_language(parser.get(), tree_sitter_java())) {
    return fail(error_in(path, "tree-sitter and its grammar of Java do not fit each other",
                         "build culprit with a grammar of ABI 13 or 14, such as 0.23.5"));
  }
  ts_parser_set_timeout_micros(parser.get(), kMicroseconds);
  const std::unique_ptr<TSTree, Freed<TSTree, ts_tree_delete> > tree(ts_parser_parse_string(
      parser.get(), nullptr, text.data(), static_cast<std::uint32_t>(text.size())));
  if (tree == nullptr) return fail(error_in(path, "took over 2 s to parse"));
  CodeOutline outline;
  JavaWalk(text, outline).run(ts_tree_root_node(tree.get()));
  return outline;
}

#endif

namespace {

// `a.Cards$1Local` and `a.Cards$2` without the compiler's numbers.
std::string without_numbers(std::string_view class_name) {
  std::string name;
  for (const char c : class_name) {
    const bool counts = !name.empty() && name.back() == '$' && c >= '0' && c <= '9';
    if (!counts) name += c;
  }
  return name;
}

}  // namespace

const OutlinedFunction* find_java_method(const CodeOutline& outline, std::string_view name,
                                         std::uint32_t line) {
  const std::size_t hash = name.find('#');
  if (hash == std::string_view::npos) return nullptr;
  std::string_view method = name.substr(hash + 1);
  method = method.substr(0, method.find('('));
  if (method.starts_with("lambda$")) method = "(lambda)";
  const std::string wanted = without_numbers(name.substr(0, hash)) + "#" + std::string(method);
  std::vector<const OutlinedFunction*> called;
  const OutlinedFunction* innermost = nullptr;
  bool several = false;
  const auto lines = [](const OutlinedFunction& f) { return f.last_line - f.first_line; };
  for (const OutlinedFunction& f : outline.functions) {
    if (f.name != wanted) continue;
    called.push_back(&f);
    if (line < f.first_line || line > f.last_line) continue;
    several = innermost != nullptr && lines(f) == lines(*innermost);
    if (innermost == nullptr || lines(f) < lines(*innermost)) innermost = &f;
  }
  if (innermost != nullptr) return several ? nullptr : innermost;
  // Field initialisers are a constructor's, outside of it.
  return called.size() == 1 && method != "(lambda)" ? called.front() : nullptr;
}

}  // namespace culprit
