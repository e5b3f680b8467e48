#include "tests/fuzz/look.h"

#include "model/formats/format.h"

namespace layerscope::fuzz {

namespace {

constexpr std::int64_t mostBytes = 32 << 20;

void load(const StoredTensor& value)
{
    if (value.byteCount() >= 0 && value.byteCount() <= mostBytes)
        (void)value.load();
}

} // namespace

void openAndLook(const std::filesystem::path& path)
{
    if (const auto network = formats::openNetwork(path))
        look(*network);
}

void look(const Network& network)
{
    for (const Weight& weight : network.weights)
        load(weight.value);
    if (network.optimizer)
        for (const OptimizerVariable& variable : network.optimizer->variables)
            load(variable.value);
}

} // namespace layerscope::fuzz
