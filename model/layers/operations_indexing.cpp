// x[…] in graphs of Keras 3 operations and of TensorFlow functions.
#include "model/layers/operation_call.h"

#include <algorithm>

namespace layerscope::layers {

using ops::Value;

namespace {

using Call = OperationCall;
using Values = std::vector<Value>;

/// One entry of an index: an integer, a slice, an ellipsis or a new axis.
struct IndexEntry
{
    enum class Kind { Integer, Slice, Ellipsis, NewAxis };
    Kind kind = Kind::Slice;
    std::optional<std::int64_t> start;
    std::optional<std::int64_t> stop;
    std::int64_t step = 1;
};

std::optional<IndexEntry> indexEntry(const Json& given)
{
    IndexEntry entry;
    const std::string name = classNameOf(given);
    if (given.is_null() || name == "__newaxis__") {
        entry.kind = IndexEntry::Kind::NewAxis;
        return entry;
    }
    if (name == "__ellipsis__" || given == "..." || given == "Ellipsis") {
        entry.kind = IndexEntry::Kind::Ellipsis;
        return entry;
    }
    if (const auto position = integerOf(given)) {
        entry.kind = IndexEntry::Kind::Integer;
        entry.start = position;
        return entry;
    }
    const Json& slice = name == "__slice__" ? configOf(given) : given;
    if (!slice.is_object())
        return std::nullopt;
    const LayerConfig parts(slice);
    entry.start = integerOf(parts.get("start"));
    entry.stop = integerOf(parts.get("stop"));
    entry.step = parts.integer("step", 1);
    if (entry.step == 0 || (parts.has("start") && !entry.start)
        || (parts.has("stop") && !entry.stop))
        return std::nullopt;
    return entry;
}

/// Python's rules for what a slice means on an axis of a given length.
void resolve(const IndexEntry& entry, std::int64_t length, std::int64_t& begin, std::int64_t& end)
{
    const auto place = [&](std::optional<std::int64_t> given, std::int64_t otherwise) {
        if (!given)
            return otherwise;
        const std::int64_t from = *given < 0 ? *given + length : *given;
        return entry.step > 0 ? std::clamp<std::int64_t>(from, 0, length)
                              : std::clamp<std::int64_t>(from, -1, length - 1);
    };
    begin = place(entry.start, entry.step > 0 ? 0 : length - 1);
    end = place(entry.stop, entry.step > 0 ? length : -1);
}

/// The entries of an index, "..." replaced by as many whole slices as it stands for; nothing, with
/// an error, where they do not fit `rank` axes.
std::optional<std::vector<IndexEntry>> entriesOf(Call& call, const Json& given, std::size_t rank)
{
    using Kind = IndexEntry::Kind;
    std::vector<IndexEntry> entries;
    std::size_t used = 0;
    std::size_t ellipses = 0;
    for (const Json& each : given.is_array() ? given : Json::array({ given })) {
        const auto entry = indexEntry(each);
        if (!entry) {
            call.unsupported("its index holds something that is not known");
            return std::nullopt;
        }
        used += entry->kind == Kind::Integer || entry->kind == Kind::Slice ? 1 : 0;
        ellipses += entry->kind == Kind::Ellipsis ? 1 : 0;
        entries.push_back(*entry);
    }
    if (used > rank || ellipses > 1) {
        call.call.fail("its index does not fit " + std::to_string(rank) + " axes");
        return std::nullopt;
    }
    const auto ellipsis = std::find_if(entries.begin(), entries.end(),
        [](const IndexEntry& entry) { return entry.kind == Kind::Ellipsis; });
    const std::size_t rest = rank - used;
    if (ellipsis == entries.end())
        entries.resize(entries.size() + rest);
    else
        entries.insert(entries.erase(ellipsis), rest, IndexEntry{});
    return entries;
}

/// One length out of a shape that is known when the graph is built; absent where it is not one.
Value knownElement(Call& call, Value x, const Json& given)
{
    const Json numbers = call.known(x);
    const auto place = integerOf(given.is_array() && given.size() == 1 ? given[0] : given);
    if (!numbers.is_array() || !place)
        return {};
    const auto count = static_cast<std::int64_t>(numbers.size());
    const std::int64_t index = *place < 0 ? *place + count : *place;
    if (index < 0 || index >= count)
        return {};
    return call.knownConstant(numbers[static_cast<std::size_t>(index)]);
}

/// The stretch of one axis that an entry takes, forwards.
struct Stretch
{
    std::int64_t begin = 0;
    std::int64_t end = 0;
    std::int64_t step = 1;
    std::int64_t count = 0;
    bool isReversed = false;
};

Stretch stretchOf(Call& call, const IndexEntry& entry, std::int64_t length)
{
    Stretch stretch;
    if (entry.kind == IndexEntry::Kind::Integer) {
        const std::int64_t place = entry.start.value_or(0);
        stretch.begin = place < 0 ? place + length : place;
        stretch.end = stretch.begin + 1;
        if (stretch.begin < 0 || stretch.end > length)
            call.call.fail(
                "index " + std::to_string(place) + " is not within " + std::to_string(length));
        return stretch;
    }
    resolve(entry, length, stretch.begin, stretch.end);
    stretch.isReversed = entry.step < 0;
    stretch.step = std::abs(entry.step);
    if (stretch.isReversed) { // of the axis turned round
        stretch.begin = length - 1 - stretch.begin;
        stretch.end = length - 1 - stretch.end;
    }
    stretch.end = std::max(stretch.begin, stretch.end);
    stretch.count = (stretch.end - stretch.begin + stretch.step - 1) / stretch.step;
    return stretch;
}

Values getItem(Call& call)
{
    ops::Builder& b = call.b;
    Value x = call.tensor(0, { "x", "a", "input", "tensor" });
    const Json given = call.literal(1, { "slice_spec", "key" });
    if (const Value number = knownElement(call, x, given))
        return { number };
    const Shape shape = b.shape(x);
    const auto entries = entriesOf(call, given, shape.size());
    if (!entries)
        return {};
    std::vector<std::int64_t> begin;
    std::vector<std::int64_t> end;
    std::vector<std::int64_t> steps;
    std::vector<std::int64_t> reversed;
    Shape result;
    for (const IndexEntry& entry : *entries) {
        if (entry.kind == IndexEntry::Kind::NewAxis) {
            result.push_back(1);
            continue;
        }
        const auto axis = static_cast<std::int64_t>(begin.size());
        const Stretch stretch = stretchOf(call, entry, shape[begin.size()]);
        if (stretch.isReversed)
            reversed.push_back(axis);
        if (entry.kind == IndexEntry::Kind::Slice)
            result.push_back(stretch.count);
        begin.push_back(stretch.begin);
        end.push_back(stretch.end);
        steps.push_back(stretch.step);
    }
    if (b.error())
        return {};
    if (!reversed.empty())
        x = b.reverse(x, reversed);
    return { b.reshape(b.slice(x, begin, end, steps), result) };
}

constexpr Operation indexingTable[] = {
    { "GetItem __operators__.getitem", getItem },
};

} // namespace

std::span<const Operation> indexingOperations()
{
    return indexingTable;
}

} // namespace layerscope::layers
