#include "model/containers/hdf5_check_reader.h"

// Datatype messages, HDF5 File Format Specification IV.A.2.d. HDF5 1.10 frees what it never had
// when it lists attributes of which one has a type that it cannot decode, so types are decoded here
// first.

namespace layerscope::containers::check {

namespace {

enum Class : unsigned {
    Integer = 0,
    Float = 1,
    Time = 2,
    String = 3,
    Bits = 4,
    Opaque = 5,
    Compound = 6,
    Reference = 7,
    Enumeration = 8,
    Lists = 9,
    Array = 10,
};

constexpr int deepest = 8;

struct Head
{
    unsigned version = 0;
    unsigned kind = 0;
    std::uint64_t bits = 0;
    std::uint64_t size = 0;
};

std::optional<Type> decode(Reader& message, int depth);

/// A name that ends with a NUL, padded to 8 bytes before version 3.
bool skipName(Reader& message, unsigned version)
{
    std::uint64_t length = 1;
    while (message.left() > 0 && message.byte() != 0)
        ++length;
    if (message.left() == 0)
        return false;
    if (version < 3)
        message.skip(paddedTo8(length) - length);
    return length > 1 && !message.failed();
}

bool decodeEnumeration(Reader& message, const Head& head, int depth)
{
    const auto base = decode(message, depth + 1);
    if (!base || base->size != head.size)
        return false;
    const std::uint64_t members = head.bits & 0xFFFFU;
    for (std::uint64_t i = 0; i < members; ++i)
        if (!skipName(message, head.version))
            return false;
    message.skip(members * base->size);
    return true;
}

bool decodeCompound(Reader& message, const Head& head, int depth)
{
    std::size_t offsetBytes = 4;
    if (head.version >= 3)
        offsetBytes = head.size < 0x100 ? 1
            : head.size < 0x10000       ? 2
            : head.size < 0x1000000     ? 3
                                        : 4;
    const std::uint64_t members = head.bits & 0xFFFFU;
    for (std::uint64_t i = 0; i < members; ++i) {
        if (!skipName(message, head.version))
            return false;
        const std::uint64_t offset = message.number(offsetBytes);
        if (head.version == 1)
            message.skip(28); // dimensions of an array, which HDF5 1.2 had here
        const auto member = decode(message, depth + 1);
        if (!member || offset > head.size || member->size > head.size - offset)
            return false;
    }
    return members > 0;
}

bool decodeArray(Reader& message, const Head& head, int depth)
{
    const unsigned rank = message.byte();
    message.skip(head.version < 3 ? 3 : 0);
    std::uint64_t count = 1;
    for (unsigned i = 0; i < rank && rank <= 32; ++i)
        if (__builtin_mul_overflow(count, message.number(4), &count))
            return false;
    message.skip(head.version < 3 ? std::uint64_t{ 4 } * rank : 0);
    const auto base = decode(message, depth + 1);
    std::uint64_t size = 0;
    return base && rank <= 32 && !__builtin_mul_overflow(count, base->size, &size)
        && size == head.size;
}

/// What follows the head of each class.
bool decodeProperties(Reader& message, const Head& head, Type& type, int depth)
{
    switch (head.kind) {
    case Integer:
    case Bits:
        message.skip(4);
        return true;
    case Float:
        message.skip(12);
        return (head.bits >> 4U & 3U) != 3; // how the mantissa is normalised
    case Time:
        message.skip(2);
        return true;
    case String:
    case Reference:
        return (head.bits & 0x0FU) <= 2;
    case Opaque:
        message.skip(paddedTo8(head.bits & 0xFFU));
        return true;
    case Compound:
        return decodeCompound(message, head, depth);
    case Enumeration:
        return decodeEnumeration(message, head, depth);
    case Array:
        return decodeArray(message, head, depth);
    case Lists: {
        const auto base = decode(message, depth + 1);
        type.listItemSize = base ? base->size : 0;
        return base && head.size == 16 && (head.bits & 0x0FU) <= 1;
    }
    default:
        return false;
    }
}

// class and version 1 · bits of the class 3 · size 4 · properties
std::optional<Type> decode(Reader& message, int depth)
{
    Head head;
    const unsigned first = message.byte();
    head.version = first >> 4U;
    head.kind = first & 0x0FU;
    head.bits = message.number(3);
    head.size = message.number(4);
    Type type{ head.size, 0 };
    const bool sound = !message.failed() && head.version >= 1 && head.version <= 3 && head.size > 0
        && depth <= deepest && decodeProperties(message, head, type, depth) && !message.failed();
    return sound ? std::optional(type) : std::nullopt;
}

} // namespace

std::optional<Type> typeOf(std::span<const std::byte> bytes)
{
    Reader message(bytes);
    return decode(message, 0);
}

} // namespace layerscope::containers::check
