#pragma once

#include "model/core/job_context.h"
#include "model/core/stored_tensor.h"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace layerscope::containers {

using NamedTensor = std::pair<std::string, Tensor>;

/// Reads a NumPy .npy file (versions 1 to 3; C or Fortran order; little- and big-endian numbers,
/// bool, 'S' and 'U' strings as UTF-8). Pickled objects are refused.
Result<Tensor> readNpy(const std::filesystem::path& path);
Result<Tensor> parseNpy(std::span<const std::byte> bytes);
std::string formatNpy(
    const Tensor& tensor); ///< bfloat16 and float16 patterns are written as float32 and float16

/// All members of a .npz, in the order of the archive, without the ".npy" of their names.
Result<std::vector<NamedTensor>> readNpz(const std::filesystem::path& path);

using NamedStoredTensor = std::pair<std::string, StoredTensor>;

/// The same without the values: only headers are read. Members that are stored as they are stay
/// mapped in place, others are unpacked when they are looked at. `isArchiveOfArrays` tells before,
/// by the directory alone, whether every member is a .npy.
Result<std::vector<NamedStoredTensor>> openNpz(const std::filesystem::path& path);
bool isArchiveOfArrays(const std::filesystem::path& path);

/// Written beside the target and renamed (AtomicFile). Members have the order of `arrays`.
Result<void> writeNpz(const std::filesystem::path& path,
    const std::vector<NamedStoredTensor>& arrays, const JobContext& job);
Result<void> writeNpz(const std::filesystem::path& path, const std::vector<NamedTensor>& arrays);

} // namespace layerscope::containers
