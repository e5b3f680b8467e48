#include "tests/fuzz/input.h"
#include "tests/fuzz/look.h"

using namespace layerscope;

// The four files of a SavedModel, one behind the other.

extern "C" int FUZZ_ENTRY(const std::uint8_t* data, std::size_t size)
{
    const fuzz::Limits limits;
    const auto parts = fuzz::split(fuzz::textOf(data, size), fuzz::partMark);
    const auto part = [&](std::size_t i) { return i < parts.size() ? parts[i] : ""; };
    fuzz::write("model/saved_model.pb", part(0));
    if (!part(1).empty()) // without it: an inference graph
        fuzz::write("model/keras_metadata.pb", part(1));
    fuzz::write("model/variables/variables.index", fuzz::bundleIndexOf(part(2)));
    fuzz::write("model/variables/variables.data-00000-of-00001", part(3));
    fuzz::openAndLook(fuzz::scratch() / "model");
    return 0;
}
