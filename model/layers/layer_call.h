#pragma once

#include "model/layers/layer_config.h"
#include "model/layers/lower_model.h"

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace layerscope::layers {

/// An argument of a call whose tensors are numbered in the order of Call::tensors().
struct BoundArgument
{
    enum class Kind { Literal, Tensor, List, Mapping };
    Kind kind = Kind::Literal;
    Json literal;
    std::size_t tensor = 0;
    std::vector<BoundArgument> items; ///< of a list or a mapping
    std::vector<std::string> keys; ///< of a mapping, one for each item

    bool isNull() const { return kind == Kind::Literal && literal.is_null(); }
    bool holdsTensor() const;
};

/// What one use of a layer was given. In a Sequential: one positional tensor.
struct BoundCall
{
    std::vector<BoundArgument> arguments;
    std::vector<std::pair<std::string, BoundArgument>> keywords;

    static BoundCall of(const Call& call);
    static BoundCall ofTensors(std::size_t count);

    /// The argument at `position`, or the keyword of that name; null where neither is given.
    const BoundArgument* find(std::size_t position, std::string_view keyword) const;
    const BoundArgument* keyword(std::string_view name) const;
    /// Number of the tensor that is given there, directly.
    std::optional<std::size_t> tensor(std::size_t position, std::string_view keyword) const;
    /// Numbers of the tensors among the positional arguments: what a merging layer merges.
    std::vector<std::size_t> positionalTensors() const;
};

/// What a shape rule is asked.
struct ShapeRequest
{
    const Layer& layer;
    const LayerConfig& config;
    KerasGeneration generation;
    const std::vector<PartialShape>& inputs; ///< in the order of the call's tensors
    const BoundCall& call;

    /// The first tensor's; empty where there is none.
    const PartialShape& input() const;
};

/// Shapes of the outputs in order, or nothing where the layer cannot take what it is given.
using OutputShapes = std::optional<std::vector<PartialShape>>;

/// Names or serialized objects of layers inside others (wrappers, cells) as Layer values.
Layer innerLayer(const Json& object, const Layer& outer);

/// Output shapes of any layer, wrappers' inner ones included.
OutputShapes outputShapes(const ShapeRequest& request);
OutputShapes outputShapes(const Layer& layer, KerasGeneration generation,
    const std::vector<PartialShape>& inputs, const BoundCall& call);

/// The same for a whole model that a layer wraps.
OutputShapes modelOutputShapes(
    const Layer& model, KerasGeneration generation, const std::vector<PartialShape>& inputs);

} // namespace layerscope::layers
