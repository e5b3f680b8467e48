#include "model/containers/table_blocks.h"

#include "model/containers/byte_order.h"

#include <cstdint>
#include <optional>

namespace layerscope::containers {

namespace {

using TableBytes = std::span<const std::byte>;

constexpr std::size_t footerBytes = 48;
constexpr std::size_t trailerBytes = 5; // compression type, checksum

/// The block that a handle names, with its trailer; nothing where it is not inside of `table`.
std::optional<TableBytes> takeBlock(TableBytes& handle, TableBytes table)
{
    const auto offset = takeVarint(handle);
    const auto size = takeVarint(handle);
    if (!offset || !size || *offset > table.size() || *size > table.size() - *offset
        || table.size() - *offset - *size < trailerBytes)
        return std::nullopt;
    return table.subspan(*offset, *size + trailerBytes);
}

std::uint64_t lastNumber(TableBytes bytes)
{
    std::uint64_t number = 0;
    for (std::size_t i = 1; i <= 4; ++i)
        number = number << 8U | static_cast<std::uint64_t>(bytes[bytes.size() - i]);
    return number;
}

/// Whether all values of an index block are handles of blocks inside of `table`.
bool leadsInside(TableBytes index, TableBytes table)
{
    if (index.size() < 4)
        return false;
    const std::uint64_t restarts = lastNumber(index);
    if (restarts > index.size() / 4 - 1)
        return false;
    TableBytes entries = index.first(index.size() - 4 * (restarts + 1));
    while (!entries.empty()) {
        const auto shared = takeVarint(entries);
        const auto own = takeVarint(entries);
        const auto length = takeVarint(entries);
        if (!shared || !own || !length || *own > entries.size() || *length > entries.size() - *own)
            return false;
        TableBytes handle = entries.subspan(*own, *length);
        if (!takeBlock(handle, table))
            return false;
        entries = entries.subspan(*own + *length);
    }
    return true;
}

} // namespace

bool tableBlocksLieInside(TableBytes table)
{
    if (table.size() < footerBytes)
        return false;
    TableBytes footer = table.last(footerBytes);
    const auto meta = takeBlock(footer, table);
    const auto index = takeBlock(footer, table);
    if (!meta || !index)
        return false;
    const TableBytes contents = index->first(index->size() - trailerBytes);
    const bool isPlain = (*index)[contents.size()] == std::byte{ 0 };
    return !isPlain || leadsInside(contents, table);
}

bool isTableBomb(TableBytes block)
{
    if (block.size() <= trailerBytes || block[block.size() - trailerBytes] != std::byte{ 1 })
        return false;
    TableBytes contents = block;
    const auto unfolded = takeVarint(contents);
    return unfolded && *unfolded > 32 * std::uint64_t{ block.size() };
}

} // namespace layerscope::containers
