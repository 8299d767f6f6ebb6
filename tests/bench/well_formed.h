// Is this text an XML document? Enough of a parser to find what a writer of SVG can
// do wrong: tags that do not match, attributes without quotes or given twice, and
// characters that had to be escaped.
#pragma once

#include <string>
#include <string_view>

namespace fw::test {

// What is wrong, with the offset; empty when nothing is.
std::string xml_fault(std::string_view text);

}  // namespace fw::test
