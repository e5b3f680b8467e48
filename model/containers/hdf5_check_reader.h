#pragma once

// Internal to the check of HDF5 structures.

#include "model/core/result.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace layerscope::containers::check {

/// Part of the file; reading beyond it gives zeros and is remembered.
class Reader
{
public:
    explicit Reader(std::span<const std::byte> bytes)
        : m_bytes(bytes)
    {
    }

    std::uint64_t number(std::size_t size)
    {
        const auto part = take(size);
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < part.size(); ++i)
            value |= std::to_integer<std::uint64_t>(part[i]) << (8 * i);
        return value;
    }
    unsigned byte() { return static_cast<unsigned>(number(1)); }

    std::span<const std::byte> take(std::uint64_t size)
    {
        if (size > m_bytes.size()) {
            m_failed = true;
            m_bytes = {};
            return {};
        }
        const auto part = m_bytes.first(size);
        m_bytes = m_bytes.subspan(size);
        return part;
    }
    void skip(std::uint64_t size) { take(size); }

    bool startsWith(std::string_view signature)
    {
        const auto part = take(signature.size());
        return part.size() == signature.size()
            && std::memcmp(part.data(), signature.data(), part.size()) == 0;
    }

    std::size_t left() const { return m_bytes.size(); }
    bool failed() const { return m_failed; }

private:
    std::span<const std::byte> m_bytes;
    bool m_failed = false;
};

inline std::uint64_t paddedTo8(std::uint64_t size)
{
    return (size + 7) / 8 * 8;
}

inline constexpr std::uint64_t undefined = ~std::uint64_t{ 0 }; // an address that is none

inline Error damaged(std::uint64_t address, const std::string& what)
{
    return { ErrorKind::Corrupt,
        "the HDF5 structure is damaged at byte " + std::to_string(address) + ": " + what };
}

/// What matters of a datatype message.
struct Type
{
    std::uint64_t size = 0; ///< of an element, in bytes
    std::uint64_t listItemSize = 0; ///< of an item, where elements are lists in the global heap
};

/// The type that `message` describes; nothing if it is damaged, or one that HDF5 1.10 cannot
/// decode.
std::optional<Type> typeOf(std::span<const std::byte> message);

/// The values of variable length in a file: references to objects in its global heap.
class Lists
{
public:
    explicit Lists(std::span<const std::byte> file)
        : m_file(file)
    {
    }

    /// `count` references to lists of items of `itemSize` bytes; `address` is where `data` stands.
    Result<void> check(std::span<const std::byte> data, std::uint64_t count, std::uint64_t itemSize,
        std::uint64_t address);

private:
    Result<void> collection(std::uint64_t address);

    std::span<const std::byte> m_file;
    // Sizes of the objects of each collection, by their number.
    std::map<std::uint64_t, std::map<unsigned, std::uint64_t>> m_collections;
};

} // namespace layerscope::containers::check
