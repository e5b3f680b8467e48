#pragma once

#include <cstddef>
#include <span>

// The blocks of a LevelDB table, which is what the index of a checkpoint is. LevelDB takes memory
// for a block before it asks for its bytes, and believes what the file says about its size.
// Source: table_format.md of LevelDB.

namespace layerscope::containers {

/// Whether the footer, the index and every block that it names lie inside of `table`. A compressed
/// index is not looked into.
bool tableBlocksLieInside(std::span<const std::byte> table);

/// Whether a block (contents, compression type, checksum) is compressed with snappy and says that
/// it unfolds to more than 32 times its size, for which LevelDB would take memory at once. Snappy's
/// densest element makes 64 bytes of 3.
bool isTableBomb(std::span<const std::byte> block);

} // namespace layerscope::containers
