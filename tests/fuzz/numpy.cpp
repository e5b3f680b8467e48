#include "model/containers/npy.h"
#include "model/containers/npz.h"
#include "model/training/data_set.h"
#include "tests/fuzz/input.h"

using namespace layerscope;

// A .npy file; several of them, between part marks, become a .npz.

extern "C" int FUZZ_ENTRY(const std::uint8_t* data, std::size_t size)
{
    const fuzz::Limits limits;
    const auto text = fuzz::textOf(data, size);
    if (text.starts_with("PK")) {
        const auto path = fuzz::write("data.npz", text);
        (void)containers::readNpz(path);
        (void)training::loadDataSet({ .source = path.string() });
        return 0;
    }
    const auto parts = fuzz::split(text, fuzz::partMark);
    if (const auto tensor = containers::parseNpy(std::as_bytes(std::span(parts[0]))))
        (void)containers::formatNpy(*tensor);
    (void)containers::readNpy(fuzz::write("x.npy", parts[0]));
    if (parts.size() < 2)
        return 0;
    const auto archive = fuzz::zipOf({ { "x.npy", parts[0] }, { "y.npy", parts[1] } });
    const auto path = fuzz::write("data.npz", archive);
    (void)training::loadDataSet({ .source = path.string() });
    return 0;
}
