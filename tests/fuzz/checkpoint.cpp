#include "model/containers/tensor_bundle.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/look.h"

using namespace layerscope;

// A tensor bundle: its index, then its shards.

extern "C" int FUZZ_ENTRY(const std::uint8_t* data, std::size_t size)
{
    const fuzz::Limits limits;
    const auto parts = fuzz::split(fuzz::textOf(data, size), fuzz::partMark);
    fuzz::write("ckpt.index", fuzz::bundleIndexOf(parts[0]));
    const std::size_t shards = parts.size() > 2 ? 2 : 1;
    for (std::size_t i = 0; i < shards; ++i)
        fuzz::write("ckpt.data-0000" + std::to_string(i) + "-of-0000" + std::to_string(shards),
            i + 1 < parts.size() ? parts[i + 1] : "");
    const auto prefix = fuzz::scratch() / "ckpt";
    if (const auto bundle = containers::TensorBundle::open(prefix))
        for (const auto& [key, entry] : bundle->entries())
            if (const auto tensor = bundle->tensor(key))
                (void)tensor->load();
    fuzz::openAndLook(prefix);
    return 0;
}
