#pragma once

#include "model/core/result.h"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

namespace layerscope {

/// JSON that keeps the order of its keys.
using Json = nlohmann::ordered_json;

/// Parses `text` as Python's json module writes it: NaN, Infinity and -Infinity are numbers.
/// Nesting deeper than 512 levels is refused (it would overflow the stack of whoever walks it).
/// Errors  Corrupt, with the byte offset
Result<Json> parseJson(std::string_view text);

/// `value` as Python's json.dumps writes it: ", " and ": " between items, non-ASCII as \uXXXX,
/// floats in their shortest form that reads back equal with at least one decimal ("1.0", "1e-07").
std::string dumpJson(const Json& value);

/// For results of our own command line: like dumpJson, with numbers that are not finite as the
/// strings "NaN", "Infinity" and "-Infinity", so that any JSON reader takes it. UTF-8 stays as it
/// is.
std::string dumpStrictJson(const Json& value);

} // namespace layerscope
