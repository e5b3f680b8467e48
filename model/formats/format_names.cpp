#include "model/formats/format.h"

#include <array>

namespace layerscope::formats {

namespace {

bool isKeras3(const Network& network)
{
    return network.generation == KerasGeneration::Keras3;
}

bool isWholeHdf5(const Network& network)
{
    const std::string& format = network.file.format;
    return format == "h5" || format == "h5-keras2" || format == "h5-legacy";
}

std::string hdf5(const Network& network)
{
    if (network.architecture.isEmpty())
        return "h5-weights";
    if (isWholeHdf5(network))
        return network.file.format;
    switch (network.generation) {
    case KerasGeneration::Keras3:
        return "h5";
    case KerasGeneration::Keras2:
        return "h5-keras2";
    default:
        return "h5-legacy";
    }
}

/// Keras 2.12 and older write HDF5 under this name, too.
std::string archive(const Network& network)
{
    if (network.file.path.extension() == ".keras" && isWholeHdf5(network))
        return network.file.format;
    return isKeras3(network) ? "keras" : "keras2.15";
}

std::string newerWeights(const Network& network)
{
    return isKeras3(network) ? "weights.h5" : "weights.h5-keras2";
}

struct Suffix
{
    std::string_view suffix;
    std::string (*format)(const Network&);
};

/// A longer suffix stands before one that it ends with.
constexpr std::array suffixes{
    Suffix{ ".weights.h5", newerWeights },
    Suffix{ ".weights.json", [](const Network&) { return std::string("weights.json"); } },
    Suffix{ ".h5", hdf5 },
    Suffix{ ".hdf5", hdf5 },
    Suffix{ ".keras", archive },
    Suffix{ ".npz", [](const Network&) { return std::string("npz"); } },
    Suffix{ ".safetensors", [](const Network&) { return std::string("safetensors"); } },
    Suffix{ ".ckpt", [](const Network&) { return std::string("checkpoint"); } },
};

} // namespace

Result<std::string> formatForSuffix(const Network& network, const std::filesystem::path& path)
{
    const std::string name = path.filename().string();
    for (const Suffix& suffix : suffixes)
        if (name.ends_with(suffix.suffix))
            return suffix.format(network);
    if (!path.has_extension() && network.file.format == "keras-folder")
        return network.file.format;
    if (!path.has_extension() || network.file.format == "savedmodel")
        return std::string(network.file.format == "checkpoint" ? "checkpoint" : "savedmodel");
    std::string known;
    for (const Suffix& suffix : suffixes)
        known.append(known.empty() ? "" : ", ").append(suffix.suffix);
    return Error(ErrorKind::InvalidArgument,
        "no format is known for the name '" + name + "'; use one of " + known
            + ", or name the format");
}

} // namespace layerscope::formats
