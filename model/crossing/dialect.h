#pragma once

#include "model/network/network.h"

#include <string_view>

namespace layerscope::crossing {

/// What kind of file a configuration stands in: each writes the same objects a little differently.
enum class Container {
    Hdf5, ///< {"class_name", "config"}; training_config
    Archive, ///< .keras, .weights.h5: objects with modules; compile_config
    SavedModel, ///< as Hdf5
};

struct Dialect
{
    KerasGeneration generation = KerasGeneration::Keras3;
    Container container = Container::Archive;

    bool keras3() const { return generation == KerasGeneration::Keras3; }
    bool archive() const { return container == Container::Archive; }
};

/// The dialect that `format` (a FORMAT name of the command line) asks of `network`; nothing where
/// the format takes weights as they are.
std::optional<Dialect> dialectOf(std::string_view format, const Network& network);

/// The dialect that `network` is in.
Dialect dialectOf(const Network& network);

/// One crossing: from where to where, and what to tell about it.
struct Journey
{
    Dialect from;
    Dialect to;
    std::vector<std::string> remarks;

    bool changesGeneration() const { return from.keras3() != to.keras3(); }
    bool toKeras3() const { return !from.keras3() && to.keras3(); }
    bool toKeras2() const { return from.keras3() && !to.keras3(); }

    /// Adds a remark once.
    void remark(const std::string& text);
};

} // namespace layerscope::crossing
