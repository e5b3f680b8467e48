#pragma once

#include "model/core/job_context.h"
#include "model/core/stored_tensor.h"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace layerscope::containers {

/// One array of a .safetensors file.
struct SafetensorsArray
{
    std::string name;
    StoredTensor value; ///< types that we lack (F8_E4M3 …) as raw bytes, uint8
    std::string type; ///< as the file spells it: "F32", "BF16", "F8_E5M2"; empty: by the value's
};

/// What a .safetensors file holds: 8 bytes little-endian length of a JSON header, the header
/// {"__metadata__": {text: text}, name: {"dtype", "shape", "data_offsets": [begin, end]}, …}, then
/// the data without gaps.
struct SafetensorsContent
{
    std::vector<SafetensorsArray> arrays; ///< in the order of the header
    std::vector<std::pair<std::string, std::string>> metadata;
};

/// Whether the file begins as such a file does.
bool looksLikeSafetensors(const std::filesystem::path& path);

/// Reads the header; the data stay mapped in place. Refused are headers of more than 100 MB or
/// beyond the file, names that occur twice, nesting, data that overlap, leave gaps or end elsewhere
/// than the file.
/// Errors  NotFound, NotReadable, WrongFormat, Corrupt (cut short: says how much is here)
Result<SafetensorsContent> readSafetensors(const std::filesystem::path& path);

/// Written beside the target and renamed (AtomicFile), one array after the other: nothing is held
/// in memory. The header lists the arrays in their order; the data follow with wider types first,
/// as the format's own library lays them out, so that every array is aligned.
/// Errors  NotWritable; Unsupported for texts and complex128; InvalidArgument for equal names;
///         Stopped
Result<void> writeSafetensors(
    const std::filesystem::path& path, const SafetensorsContent& content, const JobContext& job);

} // namespace layerscope::containers
