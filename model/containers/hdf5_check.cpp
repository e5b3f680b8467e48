#include "model/containers/hdf5_check.h"

#include "model/containers/hdf5.h"
#include "model/containers/hdf5_check_reader.h"

#include <deque>

// HDF5 File Format Specification Version 3.0, https://docs.hdfgroup.org/hdf5/develop/_f_m_t3.html
//
//   superblock ─► object header of the root ─┬─ message 0x11 ─► B-tree "TREE" ─► symbol nodes
//   "SNOD"
//                                            │                 └► local heap "HEAP" with the names
//                                            ├─ message 0x06 (a link) ─► object header of a member
//                                            ├─ message 0x0C (an attribute), whose texts lie in
//                                            │                  global heap collections "GCOL"
//                                            └─ message 0x10 ─► continuation of the header
//
// Addresses and lengths are 8 bytes in every file of Keras; others are left to the library.

namespace layerscope::containers {

using check::damaged;
using check::paddedTo8;
using check::Reader;
using check::undefined;

namespace {

enum Message : unsigned {
    Dataspace = 0x01,
    Link = 0x06,
    Attribute = 0x0C,
    Continuation = 0x10,
    SymbolTable = 0x11,
};

class Check
{
public:
    explicit Check(std::span<const std::byte> file)
        : m_file(file)
        , m_lists(file)
    {
    }

    /// All that can be reached from the headers that were enqueued.
    Hdf5Damage run();

    void enqueue(std::uint64_t header)
    {
        if (header != undefined && m_seen.insert(header).second)
            m_headers.push_back(header);
    }

    /// A group by the addresses of its tree and its heap.
    Result<void> group(Reader body, std::uint64_t address);

private:
    /// `length` bytes at `address`, if they lie in the file.
    std::optional<std::span<const std::byte>> at(std::uint64_t address, std::uint64_t length) const
    {
        if (address > m_file.size() || length > m_file.size() - address)
            return std::nullopt;
        return m_file.subspan(address, length);
    }

    std::span<const std::byte> from(std::uint64_t address) const
    {
        return address < m_file.size() ? m_file.subspan(address) : std::span<const std::byte>();
    }

    Result<void> object(std::uint64_t address);
    Result<void> oldHeader(std::uint64_t address);
    Result<void> newHeader(std::uint64_t address);
    Result<void> oldMessages(std::uint64_t address, std::span<const std::byte> block);
    Result<void> newMessages(
        std::uint64_t address, std::span<const std::byte> block, bool hasOrder);
    Result<void> message(
        unsigned type, unsigned flags, std::span<const std::byte> body, std::uint64_t address);
    Result<void> continuation(Reader body, std::uint64_t address);
    Result<std::span<const std::byte>> localHeap(std::uint64_t address);
    Result<void> tree(std::uint64_t address, std::span<const std::byte> heap, int depth);
    Result<void> symbols(std::uint64_t address, std::span<const std::byte> heap);
    Result<void> link(Reader body, std::uint64_t address);
    Result<void> attribute(std::span<const std::byte> body, std::uint64_t address);

    std::span<const std::byte> m_file; // from the base address on
    std::set<std::uint64_t> m_seen;
    std::deque<std::uint64_t> m_headers;
    std::uint64_t m_object = 0; // whose header is at hand
    Hdf5Damage m_damage;
    // What is still to be read of the header at hand.
    std::deque<std::pair<std::uint64_t, std::uint64_t>> m_continuations;
    check::Lists m_lists;
};

Hdf5Damage Check::run()
{
    while (!m_headers.empty()) {
        m_object = m_headers.front();
        m_headers.pop_front();
        if (const auto sound = object(m_object); !sound)
            m_damage.objects.emplace(m_object, sound.error().message());
    }
    return std::move(m_damage);
}

Result<void> Check::object(std::uint64_t address)
{
    m_continuations.clear();
    const auto start = at(address, 4);
    if (!start)
        return damaged(address, "an object is said to lie behind the end of the file");
    const bool isNew = std::memcmp(start->data(), "OHDR", 4) == 0;
    return isNew ? newHeader(address) : oldHeader(address);
}

// version 1 · 0 · number of messages 2 · references 4 · size of the first block 4 · 4 unused
Result<void> Check::oldHeader(std::uint64_t address)
{
    Reader header(from(address));
    const unsigned version = header.byte();
    header.skip(1 + 2 + 4);
    const std::uint64_t size = header.number(4);
    header.skip(4);
    if (header.failed() || version != 1)
        return damaged(address, "there is no object header");
    const auto block = at(address + 16, size);
    if (!block)
        return damaged(address, "an object header runs over the end of the file");
    TRY_DO(oldMessages(address + 16, *block));
    std::size_t blocks = 0;
    while (!m_continuations.empty()) {
        const auto [where, length] = m_continuations.front();
        m_continuations.pop_front();
        const auto more = at(where, length);
        if (!more || ++blocks > 10000)
            return damaged(address, "an object header continues behind the end of the file");
        TRY_DO(oldMessages(where, *more));
    }
    return {};
}

// each: type 2 · size 2 · flags 1 · 3 unused · body
Result<void> Check::oldMessages(std::uint64_t address, std::span<const std::byte> block)
{
    Reader messages(block);
    while (messages.left() >= 8) {
        const auto type = static_cast<unsigned>(messages.number(2));
        const std::uint64_t size = messages.number(2);
        const unsigned flags = messages.byte();
        messages.skip(3);
        const auto body = messages.take(size);
        if (messages.failed())
            return damaged(address, "a header message is longer than its header");
        TRY_DO(message(type, flags, body, address));
    }
    return {};
}

// "OHDR" · version 2 · flags · [times 16] · [attribute limits 4] · size of the first block ·
// messages
Result<void> Check::newHeader(std::uint64_t address)
{
    Reader header(from(address));
    header.skip(5);
    const unsigned flags = header.byte();
    header.skip((flags & 0x20U) != 0 ? 16 : 0);
    header.skip((flags & 0x10U) != 0 ? 4 : 0);
    const std::uint64_t size = header.number(std::size_t{ 1 } << (flags & 3U));
    const std::uint64_t begin = address + (from(address).size() - header.left());
    const auto block = at(begin, size);
    if (header.failed() || !block)
        return damaged(address, "an object header runs over the end of the file");
    const bool hasOrder = (flags & 4U) != 0;
    TRY_DO(newMessages(begin, *block, hasOrder));
    std::size_t blocks = 0;
    while (!m_continuations.empty()) {
        const auto [where, length] = m_continuations.front();
        m_continuations.pop_front();
        const auto more = at(where, length);
        if (!more || length < 8 || std::memcmp(more->data(), "OCHK", 4) != 0 || ++blocks > 10000)
            return damaged(address, "an object header continues where none is");
        TRY_DO(newMessages(where, more->subspan(4, length - 8), hasOrder)); // a checksum ends it
    }
    return {};
}

// each: type 1 · size 2 · flags 1 · [order 2] · body
Result<void> Check::newMessages(
    std::uint64_t address, std::span<const std::byte> block, bool hasOrder)
{
    Reader messages(block);
    const std::size_t head = hasOrder ? 6 : 4;
    while (messages.left() >= head) {
        const unsigned type = messages.byte();
        const std::uint64_t size = messages.number(2);
        const unsigned flags = messages.byte();
        messages.skip(hasOrder ? 2 : 0);
        const auto body = messages.take(size);
        if (messages.failed())
            return damaged(address, "a header message is longer than its header");
        TRY_DO(message(type, flags, body, address));
    }
    return {};
}

Result<void> Check::message(
    unsigned type, unsigned flags, std::span<const std::byte> body, std::uint64_t address)
{
    const bool isShared = (flags & 2U) != 0; // the body is elsewhere
    if (isShared)
        return {};
    switch (type) {
    case Continuation:
        return continuation(Reader(body), address);
    case SymbolTable:
        return group(Reader(body), address);
    case Link:
        return link(Reader(body), address);
    case Attribute:
        return attribute(body, address);
    default:
        return {};
    }
}

Result<void> Check::continuation(Reader body, std::uint64_t address)
{
    const std::uint64_t where = body.number(8);
    const std::uint64_t length = body.number(8);
    if (body.failed())
        return damaged(address, "a continuation of a header is incomplete");
    m_continuations.emplace_back(where, length);
    return {};
}

Result<void> Check::group(Reader body, std::uint64_t address)
{
    const std::uint64_t treeAddress = body.number(8);
    const std::uint64_t heapAddress = body.number(8);
    if (body.failed())
        return damaged(address, "a group is incomplete");
    TRY(const auto heap, localHeap(heapAddress));
    return tree(treeAddress, heap, 0);
}

// "HEAP" · version 0 · 3 unused · size of the data 8 · first free block 8 · address of the data 8
Result<std::span<const std::byte>> Check::localHeap(std::uint64_t address)
{
    Reader heap(from(address));
    const bool hasSignature = heap.startsWith("HEAP");
    heap.skip(4);
    const std::uint64_t size = heap.number(8);
    std::uint64_t free = heap.number(8);
    const std::uint64_t where = heap.number(8);
    const auto data = at(where, size);
    if (!hasSignature || heap.failed() || !data)
        return damaged(address, "the names of a group's members are not where they should be");
    // The list of free blocks: offset of the next (1 ends it) 8 · length 8
    for (std::size_t steps = 0; free != 1 && free != undefined; ++steps) {
        Reader block(free < data->size() ? data->subspan(free) : std::span<const std::byte>());
        const std::uint64_t next = block.number(8);
        const std::uint64_t length = block.number(8);
        if (block.failed() || length > data->size() - free || steps > data->size() / 16)
            return damaged(address, "the free space in a group's names is damaged");
        free = next;
    }
    return *data;
}

// "TREE" · type 0 · level 1 · entries 2 · siblings 8 8 · key 8 · (child 8 · key 8) for each entry
Result<void> Check::tree(std::uint64_t address, std::span<const std::byte> heap, int depth)
{
    Reader node(from(address));
    const bool hasSignature = node.startsWith("TREE");
    const unsigned type = node.byte();
    const unsigned level = node.byte();
    const std::uint64_t entries = node.number(2);
    node.skip(16);
    if (!hasSignature || node.failed() || type != 0 || depth > 32)
        return damaged(address, "the list of a group's members is damaged");
    if (!m_seen.insert(address).second)
        return {}; // reached on another way, or in a circle
    for (std::uint64_t i = 0; i < entries; ++i) {
        const std::uint64_t key = node.number(8);
        const std::uint64_t child = node.number(8);
        if (node.failed() || key >= std::max<std::uint64_t>(heap.size(), 1))
            return damaged(address, "the list of a group's members is damaged");
        TRY_DO(level > 0 ? tree(child, heap, depth + 1) : symbols(child, heap));
    }
    return {};
}

// "SNOD" · version 1 · 0 · entries 2 · (name 8 · header 8 · kind 4 · 4 unused · 16 of the kind's)
Result<void> Check::symbols(std::uint64_t address, std::span<const std::byte> heap)
{
    Reader node(from(address));
    const bool hasSignature = node.startsWith("SNOD");
    const unsigned version = node.byte();
    node.skip(1);
    const std::uint64_t entries = node.number(2);
    if (!hasSignature || version != 1 || node.failed())
        return damaged(address, "the list of a group's members is damaged");
    const auto isName = [&](std::uint64_t offset) {
        return offset < heap.size() && heap[offset] != std::byte{ 0 }
        && std::memchr(heap.data() + offset, 0, heap.size() - offset) != nullptr;
    };
    for (std::uint64_t i = 0; i < entries; ++i) {
        const std::uint64_t name = node.number(8);
        const std::uint64_t header = node.number(8);
        const std::uint64_t kind = node.number(4);
        node.skip(4);
        Reader scratch(node.take(16));
        if (node.failed() || !isName(name) || kind > 2)
            return damaged(address, "the name of a group's member is damaged");
        if (kind == 2) { // a soft link: where its target's name is
            if (!isName(scratch.number(4)))
                return damaged(address, "a symbolic link is damaged");
            continue;
        }
        if (kind == 1) { // a copy of the group's message 0x11
            TRY_DO(group(scratch, address));
        }
        enqueue(header);
    }
    return {};
}

// version 1 · flags · [type 1] · [order 8] · [charset 1] · length of the name · name · what it
// leads to
Result<void> Check::link(Reader body, std::uint64_t address)
{
    body.skip(1);
    const unsigned flags = body.byte();
    const unsigned type = (flags & 0x08U) != 0 ? body.byte() : 0;
    body.skip((flags & 0x04U) != 0 ? 8 : 0);
    body.skip((flags & 0x10U) != 0 ? 1 : 0);
    body.skip(body.number(std::size_t{ 1 } << (flags & 3U)));
    const std::uint64_t target = type == 0 ? body.number(8) : undefined;
    if (body.failed())
        return damaged(address, "a link is longer than its message");
    enqueue(target);
    return {};
}

/// Number of elements that a dataspace message declares; 1 for a scalar, 0 for none at all.
std::uint64_t elements(std::span<const std::byte> message)
{
    Reader space(message);
    const unsigned version = space.byte();
    const unsigned rank = space.byte();
    space.skip(version == 1 ? 6 : 1); // flags; then 5 unused, or the kind
    if (version < 1 || version > 2 || rank > 32)
        return undefined;
    if (version == 2 && std::to_integer<unsigned>(message[3]) == 2)
        return 0;
    std::uint64_t count = 1;
    for (unsigned i = 0; i < rank; ++i)
        if (__builtin_mul_overflow(count, space.number(8), &count))
            return undefined;
    return space.failed() ? undefined : count;
}

// version · 0 or flags · length of the name 2 · of the type 2 · of the dataspace 2 · [charset 1]
// · name · type · dataspace (each padded to 8 in version 1) · values
Result<void> Check::attribute(std::span<const std::byte> message, std::uint64_t address)
{
    Reader body(message);
    const unsigned version = body.byte();
    const unsigned flags = body.byte();
    const std::uint64_t nameLength = body.number(2);
    const std::uint64_t typeLength = body.number(2);
    const std::uint64_t spaceLength = body.number(2);
    body.skip(version == 3 ? 1 : 0);
    const auto padded = [&](std::uint64_t size) { return version == 1 ? paddedTo8(size) : size; };
    const auto name = body.take(padded(nameLength));
    const auto type = body.take(padded(typeLength));
    const auto space = body.take(padded(spaceLength));
    if (version < 1 || version > 3 || body.failed() || nameLength == 0)
        return damaged(address, "an attribute is longer than its message");
    if (version > 1 && (flags & 3U) != 0)
        return {}; // its type or dataspace is shared
    if (std::memchr(name.data(), 0, nameLength) != name.data() + nameLength - 1 || type.size() < 8
        || space.size() < 4)
        return damaged(address, "an attribute is damaged");
    const std::uint64_t count = elements(space);
    const auto shape = check::typeOf(type);
    if (!shape)
        return damaged(address, "the type of an attribute is damaged");
    const std::uint64_t elementSize = shape->size;
    if (count == undefined || count > body.left() / elementSize)
        return damaged(address, "an attribute declares more than it holds");
    if (shape->listItemSize == 0)
        return {};
    // A text that cannot be read spares the rest of the object.
    if (const auto sound
        = m_lists.check(body.take(body.left()), count, shape->listItemSize, address);
        !sound)
        m_damage.attributes.emplace(
            std::pair(m_object, std::string(reinterpret_cast<const char*>(name.data()))),
            sound.error().message());
    return {};
}

} // namespace

Result<void> checkHdf5Texts(
    std::span<const std::byte> file, std::uint64_t offset, std::uint64_t count)
{
    const std::uint64_t base = findHdf5Signature(file).value_or(0);
    if (offset > file.size() || count > (file.size() - offset) / 16)
        return Error(ErrorKind::Corrupt, "the texts lie behind the end of the file");
    return check::Lists(file.subspan(base))
        .check(file.subspan(offset, count * 16), count, 1, offset);
}

std::optional<Error> Hdf5Damage::ofObject(std::uint64_t address) const
{
    const auto found = objects.find(address);
    return found == objects.end() ? std::nullopt
                                  : std::optional(Error(ErrorKind::Corrupt, found->second));
}

std::optional<Error> Hdf5Damage::ofAttribute(std::uint64_t address, const std::string& name) const
{
    const auto found = attributes.find({ address, name });
    return found == attributes.end() ? std::nullopt
                                     : std::optional(Error(ErrorKind::Corrupt, found->second));
}

Result<Hdf5Damage> checkHdf5Structure(std::span<const std::byte> file)
{
    const auto begin = findHdf5Signature(file);
    if (!begin || file.size() - *begin < 48)
        return Hdf5Damage(); // the library says what is wrong
    Reader block(file.subspan(*begin + 8));
    const unsigned version = block.byte();
    if (version > 3)
        return Hdf5Damage();
    block.skip(version < 2 ? 4 : 0);
    const bool hasUsualSizes = block.byte() == 8 && block.byte() == 8;
    if (!hasUsualSizes)
        return Error(ErrorKind::Unsupported,
            "the HDF5 file has addresses or lengths of other than 8 bytes, which no Keras writes");
    block.skip(version == 0 ? 9 : version == 1 ? 13 : 1);
    block.skip(8); // the base address: HDF5 counts from the superblock, whatever stands here
    Check check(file.subspan(*begin));
    std::uint64_t root = 0;
    if (version < 2) { // free space · end of file · driver block · the root as a group's member
        block.skip(16);
        const bool hasDriver = block.number(8) != undefined;
        block.skip(8);
        root = block.number(8);
        const bool isCached = block.number(4) == 1;
        block.skip(4);
        if (block.failed() || hasDriver)
            return Error(ErrorKind::Corrupt, "the first block of the HDF5 file is damaged");
        if (isCached)
            TRY_DO(check.group(block, *begin));
    } else { // extension · end of file · root
        check.enqueue(block.number(8));
        block.skip(8);
        root = block.number(8);
    }
    check.enqueue(root);
    Hdf5Damage damage = check.run();
    if (auto error = damage.ofObject(root))
        return *std::move(error);
    return damage;
}

} // namespace layerscope::containers
