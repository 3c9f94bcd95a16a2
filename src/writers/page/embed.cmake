# Turns a file into a C++ source with its bytes: cmake -D PAGE=page.html -D SOURCE=page.cpp -P embed.cmake
file(READ ${PAGE} bytes HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
string(REGEX REPLACE "(................................................................................)" "\\1\n" bytes "${bytes}")
file(WRITE ${SOURCE} "#include \"writers/page/page.h\"

namespace culprit {

namespace {

constexpr unsigned char kPage[] = {
${bytes}};

}  // namespace

std::string_view page_bytes() {
  return {reinterpret_cast<const char*>(kPage), sizeof kPage};
}

}  // namespace culprit
")
