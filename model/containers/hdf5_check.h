#pragma once

#include "model/core/result.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>

namespace layerscope::containers {

/// What of an HDF5 file must not be touched with the library, by the addresses of object headers.
struct Hdf5Damage
{
    std::map<std::uint64_t, std::string> objects;
    std::map<std::pair<std::uint64_t, std::string>, std::string> attributes;

    bool isEmpty() const { return objects.empty() && attributes.empty(); }
    std::optional<Error> ofObject(std::uint64_t address) const;
    std::optional<Error> ofAttribute(std::uint64_t address, const std::string& name) const;
};

/// Walks the structures of an HDF5 file and checks every address and length in them, before the
/// library is let near: HDF5 1.10 reads outside its buffers where some of them are damaged (names
/// in local heaps, texts in global heaps, symbol tables).
///
/// Understands what Keras writes (superblock 0 to 3, old and new object headers, old groups, links
/// and attributes in headers); passes over what it does not know.
/// Errors  Corrupt where the whole file cannot be used
Result<Hdf5Damage> checkHdf5Structure(std::span<const std::byte> file);

/// Checks `count` references to texts of variable length at byte `offset` of the file: the values
/// of a dataset.
Result<void> checkHdf5Texts(
    std::span<const std::byte> file, std::uint64_t offset, std::uint64_t count);

} // namespace layerscope::containers
