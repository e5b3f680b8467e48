#include "model/crossing/dialect.h"

#include <algorithm>

namespace layerscope::crossing {

namespace {

KerasGeneration keras2Of(const Network& network)
{
    const KerasGeneration written
        = network.optimizer ? network.optimizer->dialect : network.generation;
    return written == KerasGeneration::Legacy ? written : KerasGeneration::Keras2;
}

} // namespace

std::optional<Dialect> dialectOf(std::string_view format, const Network& network)
{
    if (format == "keras" || format == "weights.h5" || format == "weights.json")
        return Dialect{ KerasGeneration::Keras3, Container::Archive };
    if (format == "keras2.15" || format == "keras2.12" || format == "weights.h5-keras2")
        return Dialect{ KerasGeneration::Keras2, Container::Archive };
    if (format == "h5")
        return Dialect{ KerasGeneration::Keras3, Container::Hdf5 };
    if (format == "h5-keras2")
        return Dialect{ KerasGeneration::Keras2, Container::Hdf5 };
    if (format == "h5-legacy")
        return Dialect{ KerasGeneration::Legacy, Container::Hdf5 };
    if (format == "savedmodel" || format == "checkpoint")
        return Dialect{ keras2Of(network), Container::SavedModel };
    return std::nullopt;
}

Dialect dialectOf(const Network& network)
{
    Dialect dialect{ network.generation, Container::Hdf5 };
    const std::string& format = network.file.format;
    if (format.starts_with("keras") || format.starts_with("weights."))
        dialect.container = Container::Archive;
    else if (format == "savedmodel" || format == "checkpoint")
        dialect.container = Container::SavedModel;
    return dialect;
}

void Journey::remark(const std::string& text)
{
    if (std::find(remarks.begin(), remarks.end(), text) == remarks.end())
        remarks.push_back(text);
}

} // namespace layerscope::crossing
