// Names of code elements that outlive the build, the line numbers and the machine.
#pragma once

#include <string>
#include <string_view>

#include "culprit/element.h"
#include "culprit/ranking.h"

namespace culprit {

// How fingerprints of code elements begin; the version is part of the value.
inline constexpr std::string_view kElementVersion = "cle/v1:";

// kElementVersion and the first 32 hexadecimal digits of the SHA-256 of the element's path and its
// signature, joined by the unit separator (0x1F). Of a line it is that of its function, so that
// lines may move; code outside functions goes by its file, a service by its name. The service of a
// function is left out: one function of the repository may be compiled into several.
//
// Blanks that only tell how a tool prints names ("> >", "char *") are left out of the signature,
// and the standard library's inline namespace is. Paths are as reports spell them: give builds of
// one repository the same path, or make it relative, for fingerprints to meet.
[[nodiscard]] std::string element_fingerprint(const CodeElement& element);
// Of a ranked element by its path in the repository, where that is known.
[[nodiscard]] std::string ranked_fingerprint(const Ranked& row);

}  // namespace culprit
