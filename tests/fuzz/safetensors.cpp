#include "tests/fuzz/input.h"
#include "tests/fuzz/look.h"

using namespace layerscope;

extern "C" int FUZZ_ENTRY(const std::uint8_t* data, std::size_t size)
{
    const fuzz::Limits limits;
    fuzz::openAndLook(fuzz::write("model.safetensors", fuzz::textOf(data, size)));
    return 0;
}
