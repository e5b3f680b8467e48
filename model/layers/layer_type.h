#pragma once

#include "model/core/sentence.h"
#include "model/layers/layer_call.h"
#include "model/layers/layer_lowering.h"

#include <span>
#include <string_view>

namespace layerscope::layers {

/// What becomes of the mask that comes in with a layer's input.
enum class Masking {
    Pass, ///< goes on with the output
    Drop, ///< ends here
    PassInKeras3, ///< ends here in Keras 2
    Own, ///< the lowering says so itself, by LayerLowering::maskOutput
};

/// What `explain` is asked.
struct ExplanationRequest
{
    const Layer& layer;
    const LayerConfig& config;
    std::vector<Shape> weights; ///< shapes of the layer's weights; empty where they are not known
};

/// One Keras layer class: everything that is known about it.
struct LayerType
{
    std::string_view classNames; ///< with aliases, parted by blanks
    OutputShapes (*shape)(const ShapeRequest&);
    /// Appends the layer's ops and returns its outputs; null: can be looked at, not run.
    std::vector<ops::Value> (*lower)(LayerLowering&) = nullptr;
    /// One sentence with the layer's own numbers in it.
    Clauses (*words)(const ExplanationRequest&) = nullptr;
    Masking masking = Masking::Drop;
    /// Keras casts floating inputs to the layer's compute type, except for some.
    bool castsInputs = true;
};

/// The classes that one file of this folder defines.
struct LayerFamily
{
    std::span<const LayerType> types;
};

/// One family for each file; the table is generated from the folder's list of files.
std::span<const LayerFamily* const> allFamilies();

/// The type of a class name; null for one that is not known (a custom layer). Keras 3 operations
/// are told from layers of the same name by `layer.kind`.
const LayerType* findType(const Layer& layer);

/// The type of a Keras 3 operation ("Multiply", "GetItem" …); null for one that is not known.
const LayerType* findOperation(std::string_view className);

} // namespace layerscope::layers
