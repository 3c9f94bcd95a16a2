#include "source/clang_index.h"

#ifdef CULPRIT_LIBCLANG
#include <clang-c/Index.h>
#include <dlfcn.h>

#include <algorithm>
#include <optional>
#include <set>

#include "base/text.h"
#include "source/statement_lines.h"
#endif

namespace culprit {

std::vector<std::string> ClangIndex::usual_libraries() {
  std::vector<std::string> names;
  for (const int version : {19, 21, 20, 18, 17, 16, 15, 14}) {
    const std::string v = std::to_string(version);
    names.push_back("libclang-" + v + ".so." + v);
    names.push_back("libclang-" + v + ".so.1");
    names.push_back("/usr/lib/llvm-" + v + "/lib/libclang.so.1");
  }
  names.emplace_back("libclang.so.13");
  names.emplace_back("libclang.so");
  return names;
}

#ifndef CULPRIT_LIBCLANG

struct ClangIndex::Library {};

Result<ClangIndex> ClangIndex::open(const std::vector<std::string>&) {
  return fail(error_in("libclang", "this culprit was built without its header",
                       "install libclang-14-dev, or a newer one, and build again"));
}

Result<CodeOutline> ClangIndex::outline(const std::string& path, std::string_view,
                                        const std::vector<std::string>&) const {
  return fail(error_in(path, "built without libclang"));
}

#else

// What is used of libclang, all of it in version 14.
#define CULPRIT_CLANG_CALLS(X)                                                                  \
  X(createIndex)                                                                                \
  X(disposeIndex)                                                                               \
  X(parseTranslationUnit2)                                                                      \
  X(disposeTranslationUnit)                                                                     \
  X(getTranslationUnitCursor)                                                                   \
  X(visitChildren)                                                                              \
  X(getCursorKind) X(getCursorLocation) X(getCursorExtent) X(getRangeStart) X(getRangeEnd)      \
      X(getExpansionLocation) X(getFile) X(File_isEqual) X(isCursorDefinition)                  \
          X(getCursorSpelling) X(getCursorSemanticParent) X(getCursorUSR) X(Cursor_getMangling) \
              X(getCString) X(disposeString) X(isStatement) X(isExpression) X(isInvalid)        \
                  X(getCursorPrintingPolicy) X(PrintingPolicy_setProperty)                      \
                      X(PrintingPolicy_dispose) X(getCursorPrettyPrinted) X(getNumDiagnostics)  \
                          X(getDiagnostic) X(getDiagnosticSeverity) X(disposeDiagnostic)        \
                              X(Cursor_isNull) X(isDeclaration) X(CXXMethod_isDefaulted)

struct ClangIndex::Library {
  void* handle = nullptr;
#define CULPRIT_POINTER(name) decltype(&::clang_##name) name = nullptr;
  CULPRIT_CLANG_CALLS(CULPRIT_POINTER)
#undef CULPRIT_POINTER

  Library() = default;
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
  // LLVM registers what runs at exit: it is never unloaded.
  ~Library() = default;

  bool load() {
    bool all = true;
#define CULPRIT_LOAD(name)                                                \
  name = reinterpret_cast<decltype(name)>(dlsym(handle, "clang_" #name)); \
  all = all && name != nullptr;
    CULPRIT_CLANG_CALLS(CULPRIT_LOAD)
#undef CULPRIT_LOAD
    return all;
  }

  [[nodiscard]] std::string text(CXString string) const {
    const char* const bytes = getCString(string);
    std::string result = bytes == nullptr ? "" : bytes;
    disposeString(string);
    return result;
  }
};

namespace {

constexpr std::size_t kMostFunctions = 200'000;

struct Spot {
  unsigned line = 0, offset = 0;
  bool inside = false;  // the file that is outlined
};

std::string_view kind_of_statement(CXCursorKind kind) {
  switch (kind) {
    case CXCursor_IfStmt:
      return "if";
    case CXCursor_ForStmt:
    case CXCursor_CXXForRangeStmt:
      return "for";
    case CXCursor_WhileStmt:
      return "while";
    case CXCursor_DoStmt:
      return "do";
    case CXCursor_SwitchStmt:
      return "switch";
    case CXCursor_CaseStmt:
    case CXCursor_DefaultStmt:
      return "case";
    case CXCursor_ReturnStmt:
      return "return";
    case CXCursor_BreakStmt:
      return "break";
    case CXCursor_ContinueStmt:
      return "continue";
    case CXCursor_GotoStmt:
    case CXCursor_IndirectGotoStmt:
      return "goto";
    case CXCursor_LabelStmt:
      return "label";
    case CXCursor_DeclStmt:
      return "variable";
    case CXCursor_CXXTryStmt:
      return "try";
    case CXCursor_CXXCatchStmt:
      return "catch";
    case CXCursor_CXXThrowExpr:
      return "throw";
    case CXCursor_CallExpr:
      return "call";
    case CXCursor_BinaryOperator:
    case CXCursor_CompoundAssignOperator:
      return "assignment";
    default:
      return "expression";
  }
}

bool is_function(CXCursorKind kind) {
  return kind == CXCursor_FunctionDecl || kind == CXCursor_CXXMethod ||
         kind == CXCursor_Constructor || kind == CXCursor_Destructor ||
         kind == CXCursor_ConversionFunction || kind == CXCursor_FunctionTemplate;
}

bool is_class(CXCursorKind kind) {
  return kind == CXCursor_ClassDecl || kind == CXCursor_StructDecl ||
         kind == CXCursor_ClassTemplate || kind == CXCursor_UnionDecl ||
         kind == CXCursor_ClassTemplatePartialSpecialization;
}

}  // namespace

// The walk over one parsed file.
class OutlineWalk {
 public:
  OutlineWalk(const ClangIndex::Library& clang, CXTranslationUnit unit, CXFile file,
              std::string_view text, CodeOutline& outline)
      : clang_(clang), unit_(unit), file_(file), text_(text), outline_(outline) {}

  void run();

 private:
  static CXChildVisitResult step(CXCursor cursor, CXCursor parent, CXClientData data);
  void visit(CXCursor cursor, CXCursor parent);
  void descend(CXCursor cursor) { clang_.visitChildren(cursor, step, this); }
  void add_function(CXCursor cursor, CXCursorKind kind);
  [[nodiscard]] std::string qualified(CXCursor cursor) const;
  [[nodiscard]] std::string signature(CXCursor cursor) const;
  [[nodiscard]] Spot spot(CXSourceLocation location) const;
  void add_statement(CXCursor cursor, std::string_view kind);

  const ClangIndex::Library& clang_;
  CXTranslationUnit unit_;
  CXFile file_;
  std::string_view text_;
  CodeOutline& outline_;
  std::vector<std::string> around_;  // functions around the cursor, for the names of lambdas
  std::vector<StatementExtent> statements_;
  int depth_ = 0;
};

CXChildVisitResult OutlineWalk::step(CXCursor cursor, CXCursor parent, CXClientData data) {
  static_cast<OutlineWalk*>(data)->visit(cursor, parent);
  return CXChildVisit_Continue;
}

Spot OutlineWalk::spot(CXSourceLocation location) const {
  CXFile file = nullptr;
  Spot spot;
  unsigned column = 0;
  clang_.getExpansionLocation(location, &file, &spot.line, &column, &spot.offset);
  spot.inside = file != nullptr && clang_.File_isEqual(file, file_) != 0;
  return spot;
}

void OutlineWalk::visit(CXCursor cursor, CXCursor parent) {
  constexpr int kDeepest = 400;  // nested expressions of generated code; the stack is 8 MiB
  const CXCursorKind kind = clang_.getCursorKind(cursor);
  if (clang_.isInvalid(kind) != 0 || depth_ == kDeepest ||
      outline_.functions.size() >= kMostFunctions) {
    return;
  }
  if (!spot(clang_.getCursorLocation(cursor)).inside) return;
  ++depth_;
  const bool has_body =
      clang_.isCursorDefinition(cursor) != 0 || clang_.CXXMethod_isDefaulted(cursor) != 0;
  const bool named = (is_function(kind) && has_body) || kind == CXCursor_LambdaExpr;
  const CXCursorKind parent_kind = clang_.getCursorKind(parent);
  if (named || (is_class(kind) && clang_.isCursorDefinition(cursor) != 0)) {
    add_function(cursor, kind);
  }
  if (kind == CXCursor_CompoundStmt) {
    // Its lines belong to what is in it.
  } else if (clang_.isStatement(kind) != 0) {
    add_statement(cursor, kind_of_statement(kind));
  } else if (clang_.isExpression(kind) != 0 && clang_.isStatement(parent_kind) != 0 &&
             (parent_kind == CXCursor_CompoundStmt || parent_kind == CXCursor_CaseStmt ||
              parent_kind == CXCursor_DefaultStmt || parent_kind == CXCursor_LabelStmt)) {
    add_statement(cursor, kind_of_statement(kind));
  } else if ((clang_.isExpression(kind) != 0 || kind == CXCursor_MemberRef) &&
             parent_kind == CXCursor_Constructor) {
    add_statement(cursor, "initializer");
  } else if (clang_.isDeclaration(kind) != 0 && around_.empty() && kind != CXCursor_Namespace &&
             kind != CXCursor_LinkageSpec && !named && !is_class(kind)) {
    add_statement(cursor, "declaration");
  }
  if (named) {
    add_statement(cursor, "signature");
    around_.push_back(kind == CXCursor_LambdaExpr
                          ? (around_.empty() ? "" : around_.back() + "::") + "(lambda)"
                          : qualified(cursor));
  }
  descend(cursor);
  if (named) around_.pop_back();
  --depth_;
}

std::string OutlineWalk::qualified(CXCursor cursor) const {
  std::string name = clang_.text(clang_.getCursorSpelling(cursor));
  for (CXCursor at = clang_.getCursorSemanticParent(cursor); clang_.Cursor_isNull(at) == 0;
       at = clang_.getCursorSemanticParent(at)) {
    const CXCursorKind kind = clang_.getCursorKind(at);
    if (clang_.isDeclaration(kind) == 0) break;
    std::string part = clang_.text(clang_.getCursorSpelling(at));
    if (part.empty() || part.find("(anonymous") != std::string::npos ||
        part.find("(unnamed") != std::string::npos) {
      part = kind == CXCursor_Namespace ? "(anonymous namespace)" : "(anonymous)";
    }
    name = part + "::" + name;
  }
  return name;
}

std::string OutlineWalk::signature(CXCursor cursor) const {
  const CXPrintingPolicy policy = clang_.getCursorPrintingPolicy(cursor);
  clang_.PrintingPolicy_setProperty(policy, CXPrintingPolicy_TerseOutput, 1);
  clang_.PrintingPolicy_setProperty(policy, CXPrintingPolicy_PolishForDeclaration, 1);
  std::string text = clang_.text(clang_.getCursorPrettyPrinted(cursor, policy));
  clang_.PrintingPolicy_dispose(policy);
  constexpr std::size_t kLongest = 1000;
  return one_line(text, kLongest);
}

void OutlineWalk::add_function(CXCursor cursor, CXCursorKind kind) {
  const CXSourceRange extent = clang_.getCursorExtent(cursor);
  OutlinedFunction function;
  function.name_line = spot(clang_.getCursorLocation(cursor)).line;
  function.first_line = spot(clang_.getRangeStart(extent)).line;
  function.last_line = spot(clang_.getRangeEnd(extent)).line;
  function.is_lambda = kind == CXCursor_LambdaExpr;
  function.is_class = is_class(kind);
  if (function.is_lambda) {
    const std::string outer = around_.empty() ? "" : around_.back();
    function.name = (outer.empty() ? "" : outer + "::") + "(lambda)";
    function.signature = "lambda" + (outer.empty() ? "" : " in " + outer);
  } else {
    function.name = qualified(cursor);
    function.usr = clang_.text(clang_.getCursorUSR(cursor));
    if (function.is_class) {
      function.signature = "class " + function.name;
    } else {
      function.signature = signature(cursor);
      if (kind != CXCursor_FunctionTemplate) {
        function.mangled = clang_.text(clang_.Cursor_getMangling(cursor));
      }
    }
  }
  outline_.functions.push_back(std::move(function));
}

void OutlineWalk::add_statement(CXCursor cursor, std::string_view kind) {
  const CXSourceRange extent = clang_.getCursorExtent(cursor);
  const Spot first = spot(clang_.getRangeStart(extent));
  const Spot last = spot(clang_.getRangeEnd(extent));
  if (!first.inside || !last.inside || last.offset < first.offset) return;
  statements_.push_back({first.offset, last.offset, kind});
}

void OutlineWalk::run() {
  descend(clang_.getTranslationUnitCursor(unit_));
  std::stable_sort(outline_.functions.begin(), outline_.functions.end(),
                   [](const auto& a, const auto& b) { return a.name_line < b.name_line; });
  outline_.statements = statement_lines(text_, std::move(statements_));
  for (unsigned i = 0; i < clang_.getNumDiagnostics(unit_) && !outline_.approximate; ++i) {
    const CXDiagnostic diagnostic = clang_.getDiagnostic(unit_, i);
    outline_.approximate = clang_.getDiagnosticSeverity(diagnostic) >= CXDiagnostic_Error;
    clang_.disposeDiagnostic(diagnostic);
  }
}

Result<ClangIndex> ClangIndex::open(const std::vector<std::string>& libraries) {
  for (const std::string& name : libraries) {
    auto library = std::make_unique<Library>();
    library->handle = dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library->handle != nullptr && library->load()) return ClangIndex(std::move(library));
  }
  return fail(error_in("libclang", "is not installed", "apt install libclang1-14, or a newer one"));
}

Result<CodeOutline> ClangIndex::outline(const std::string& path, std::string_view text,
                                        const std::vector<std::string>& flags) const {
  std::vector<const char*> arguments;
  for (const std::string& flag : flags) arguments.push_back(flag.c_str());
  CXUnsavedFile content{path.c_str(), text.data(), text.size()};
  const CXIndex index = library_->createIndex(0, 0);
  CXTranslationUnit unit = nullptr;
  const CXErrorCode error = library_->parseTranslationUnit2(
      index, path.c_str(), arguments.data(), static_cast<int>(arguments.size()), &content, 1,
      CXTranslationUnit_KeepGoing, &unit);
  const CXFile file = unit == nullptr ? nullptr : library_->getFile(unit, path.c_str());
  CodeOutline outline;
  if (error == CXError_Success && file != nullptr) {
    OutlineWalk(*library_, unit, file, text, outline).run();
  }
  if (unit != nullptr) library_->disposeTranslationUnit(unit);
  library_->disposeIndex(index);
  if (error != CXError_Success || file == nullptr) {
    return fail(error_in(path, "libclang could not parse it"));
  }
  return outline;
}

#endif

ClangIndex::ClangIndex(std::unique_ptr<Library> library) : library_(std::move(library)) {}
ClangIndex::ClangIndex(ClangIndex&&) noexcept = default;
ClangIndex& ClangIndex::operator=(ClangIndex&&) noexcept = default;
ClangIndex::~ClangIndex() = default;

}  // namespace culprit
