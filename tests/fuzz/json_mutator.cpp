// Changes JSON as JSON, so that inputs stay readable and reach what stands behind the parser.
// libFuzzer finds this function by its name.

#include "model/core/json.h"

#include <cstring>
#include <random>

using layerscope::Json;

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t maxSize);

namespace {

class Mutation
{
public:
    explicit Mutation(unsigned seed)
        : m_random(seed)
    {
    }

    void change(Json& root)
    {
        std::vector<Json*> nodes;
        collect(root, nodes, 0);
        Json& target = *nodes[pick(nodes.size())];
        switch (pick(7)) {
        case 0:
        case 1:
            target = odd();
            return;
        case 2: { // a piece of somewhere else
            const Json copy = *nodes[pick(nodes.size())];
            target = copy;
            return;
        }
        case 3: { // two pieces change places
            std::swap(target, *nodes[pick(nodes.size())]);
            if (root.is_discarded())
                root = nullptr;
            return;
        }
        case 4:
            wrap(target);
            return;
        default:
            changeMembers(target);
        }
    }

private:
    std::size_t pick(std::size_t count)
    {
        return std::uniform_int_distribution<std::size_t>(0, count - 1)(m_random);
    }

    static void collect(Json& node, std::vector<Json*>& nodes, int depth)
    {
        nodes.push_back(&node);
        if (node.is_structured() && depth < 100)
            for (auto& item : node)
                collect(item, nodes, depth + 1);
    }

    Json odd()
    {
        static const std::vector<Json> values = { nullptr, true, false, 0, 1, 2, 3, -1, -2, 7, 255,
            65536, 2147483647, -2147483648LL, 4294967296LL, 9223372036854775807LL,
            -9223372036854775807LL - 1, 18446744073709551615ULL, 0.5, -0.0, 1e-300, 1e300, 1e18, "",
            "a", "same", "valid", "causal", "channels_first", "channels_last", "float16",
            "mixed_bfloat16", "linear", "relu", "softmax", "../x", std::string(300, 'n'),
            std::string("a\0b", 3), "\x1b[2J", Json::array(), Json::object(),
            Json::array({ nullptr, 4 }), Json::array({ 0, 0 }), Json::array({ 1, 2, 3, 4, 5, 6 }),
            Json::array({ nullptr, 2147483647, 2147483647 }), Json::array({ "dense", 0, 0 }) };
        return values[pick(values.size())];
    }

    void wrap(Json& target)
    {
        const std::size_t levels = std::size_t{ 1 } << pick(8);
        for (std::size_t i = 0; i < levels; ++i) {
            Json outer = Json::array();
            outer.push_back(std::move(target));
            target = std::move(outer);
        }
    }

    void changeMembers(Json& target)
    {
        if (target.is_array() && !target.empty()) {
            const auto at = static_cast<std::ptrdiff_t>(pick(target.size()));
            if (pick(2) == 0) {
                target.erase(target.begin() + at);
                return;
            }
            const Json copy = target[static_cast<std::size_t>(at)];
            for (std::size_t i = std::size_t{ 1 } << pick(4); i-- > 0;)
                target.insert(target.begin() + at, copy);
        } else if (target.is_object() && !target.empty()) {
            auto at = target.begin();
            std::advance(at, pick(target.size()));
            const std::string key = at.key();
            if (pick(2) == 0)
                target.erase(key);
            else
                target[key] = odd();
        } else if (target.is_number_integer()) {
            target = target.get<std::int64_t>() / 2 + static_cast<std::int64_t>(pick(5)) - 2;
        } else {
            target = odd();
        }
    }

    std::minstd_rand m_random;
};

} // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(
    std::uint8_t* data, std::size_t size, std::size_t maxSize, unsigned seed)
{
    auto root = layerscope::parseJson({ reinterpret_cast<const char*>(data), size });
    if (!root || seed % 16 == 0)
        return LLVMFuzzerMutate(data, size, maxSize);
    Mutation mutation(seed);
    for (unsigned i = 0; i <= seed / 16 % 3; ++i)
        mutation.change(*root);
    const std::string text = layerscope::dumpJson(*root);
    if (text.size() > maxSize)
        return LLVMFuzzerMutate(data, size, maxSize);
    std::memcpy(data, text.data(), text.size());
    return text.size();
}
