#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What the targets of this folder have in common: bytes become files, and every input has a limit
/// of processor time. A target is one file that defines
///
///     extern "C" int FUZZ_ENTRY(const std::uint8_t* data, std::size_t size)
///
/// which is libFuzzer's entry under the preset `fuzz`, and one function among others in the program
/// that replays findings and seeds in any build (replay.cpp).
namespace layerscope::fuzz {

/// Parts of one input (the files of a SavedModel, the records of a log) stand in this line between
/// them. Unlike a length in front, it survives bytes that are inserted or taken out.
constexpr std::string_view partMark = "\n--part--\n";
/// Between key and value of an entry, and between entries, where a part is a list of them.
constexpr std::string_view valueMark = "\n=value=\n";
constexpr std::string_view entryMark = "\n--entry--\n";

std::vector<std::string_view> split(std::string_view text, std::string_view mark);

std::string_view textOf(const std::uint8_t* data, std::size_t size);

/// A folder in memory, empty when an input begins. One for each process.
const std::filesystem::path& scratch();

/// Writes `scratch()/name`; folders on the way are made. Returns the path.
std::filesystem::path write(const std::string& name, std::string_view bytes);

/// A zip archive of stored members with right checksums.
std::string zipOf(const std::vector<std::pair<std::string, std::string_view>>& members);

/// The index of a tensor bundle: `part` itself, or, where it is a list of entries (entryMark,
/// valueMark), a table of them with right checksums. Entries out of order are left out.
std::string bundleIndexOf(std::string_view part);

/// Aborts when the processor time of one input exceeds two seconds (ten under sanitizers, which
/// slow everything down), and tidies up. Declared first in every target.
class Limits
{
public:
    Limits();
    ~Limits();
    Limits(const Limits&) = delete;
    Limits& operator=(const Limits&) = delete;
};

} // namespace layerscope::fuzz
