#include "model/containers/hdf5_check_reader.h"

namespace layerscope::containers::check {

// each: length 4 · address of the collection 8 · number of the object in it 4
Result<void> Lists::check(std::span<const std::byte> data, std::uint64_t count,
    std::uint64_t itemSize, std::uint64_t address)
{
    Reader references(data);
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::uint64_t length = references.number(4);
        const std::uint64_t where = references.number(8);
        const auto number = static_cast<unsigned>(references.number(4));
        if (references.failed())
            return damaged(address, "an attribute is damaged");
        if (length == 0 || where == 0 || where == undefined)
            continue; // an empty text
        if (!m_collections.contains(where)) {
            if (auto sound = collection(where); !sound) {
                m_collections[where].clear(); // nobody may look into it
                return sound;
            }
        }
        const auto& objects = m_collections[where];
        const auto object = objects.find(number);
        // The library copies the whole object into a buffer of the reference's length.
        if (object == objects.end() || length * itemSize != object->second)
            return damaged(address, "the text of an attribute is not where it should be");
    }
    return {};
}

// "GCOL" · version 1 · 3 unused · size of it all 8
// each object: number 2 · references 2 · 4 unused · size 8 · data padded to 8; number 0 is free
// space
Result<void> Lists::collection(std::uint64_t address)
{
    const auto rest
        = address < m_file.size() ? m_file.subspan(address) : std::span<const std::byte>();
    Reader start(rest);
    const bool hasSignature = start.startsWith("GCOL");
    const unsigned version = start.byte();
    start.skip(3);
    const std::uint64_t size = start.number(8);
    if (!hasSignature || version != 1 || start.failed() || size < 16 || size > rest.size())
        return damaged(address, "the texts of attributes are not where they should be");
    Reader objects(rest.subspan(16, size - 16));
    auto& sizes = m_collections[address];
    while (objects.left() >= 16) {
        const std::size_t before = objects.left();
        const auto number = static_cast<unsigned>(objects.number(2));
        objects.skip(6);
        const std::uint64_t length = objects.number(8);
        if (number == 0) { // free space counts its own head
            if (length < 16 || length > before)
                return damaged(address, "the texts of attributes are damaged");
            objects.skip(length - 16);
            continue;
        }
        if (length > objects.left())
            return damaged(address, "the texts of attributes are damaged");
        objects.skip(std::min<std::uint64_t>(paddedTo8(length), objects.left()));
        if (!sizes.emplace(number, length).second)
            return damaged(address, "the texts of attributes are damaged");
    }
    return {};
}

} // namespace layerscope::containers::check
