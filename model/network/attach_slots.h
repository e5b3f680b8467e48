#pragma once

#include "model/network/attach.h"

#include <map>

namespace layerscope::network {

/// A place for one weight in an architecture.
struct WeightSlot
{
    WeightIndex weight = 0; ///< in the target's weights
    std::size_t topLayer = 0; ///< position of the top-level layer
    std::size_t leaf = 0; ///< number of the layer that owns it, in tree order
    std::vector<std::string> path; ///< of that layer
    std::string variable; ///< "kernel"
    std::string container; ///< the layer's place in the v3 layout: "functional/dense_1"
    std::string container212; ///< in that of Keras 2.12, which counts layers with weights twice
    std::optional<PartialShape> expected;
};

/// The architecture with a placeholder for each weight where it has none of its own, and its
/// places in the order of a legacy file: top-level layer after layer, in each the trained ones
/// first (formats.md 1.4).
struct AttachTarget
{
    Network network;
    std::vector<WeightSlot> slots;
    bool hadWeights = false;
};
AttachTarget attachTarget(const Network& weights, const Network& architecture);

/// What a layer's configuration tells about the shape of its variable `name`; open where only the
/// input tells.
std::optional<PartialShape> configuredShape(const Layer& layer, const std::string& name);

/// Whether `shape` is one that `expected` allows.
bool allows(const std::optional<PartialShape>& expected, const Shape& shape);

/// "dense/kernel:0" → "kernel".
std::string variableName(const std::string& path);

std::string joinedPath(const std::vector<std::string>& path);

} // namespace layerscope::network
