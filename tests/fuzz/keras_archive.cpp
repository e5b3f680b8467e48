#include "tests/fuzz/input.h"
#include "tests/fuzz/look.h"

#include <array>

using namespace layerscope;

// The members of a .keras archive, zipped here with right checksums, so that what is fuzzed is not
// the zip around them but they.

extern "C" int FUZZ_ENTRY(const std::uint8_t* data, std::size_t size)
{
    const fuzz::Limits limits;
    const auto parts = fuzz::split(fuzz::textOf(data, size), fuzz::partMark);
    constexpr std::array names{ "config.json", "metadata.json", "model.weights.h5" };
    std::vector<std::pair<std::string, std::string_view>> members;
    for (std::size_t i = 0; i < names.size() && i < parts.size(); ++i)
        members.emplace_back(names[i], parts[i]);
    fuzz::openAndLook(fuzz::write("model.keras", fuzz::zipOf(members)));
    return 0;
}
