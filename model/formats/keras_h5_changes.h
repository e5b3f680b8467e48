#pragma once

#include "model/formats/keras_h5_file.h"

namespace layerscope::formats {

/// An attribute of the root to write, or to remove.
struct H5TextChange
{
    std::string attribute;
    std::optional<std::string> text;
};

/// A dataset with new values.
struct H5ArrayChange
{
    H5Place place;
    StoredTensor value;
};

/// Names in a new order.
struct H5OrderChange
{
    std::string group;
    std::vector<std::string> names;
};

/// What is different in a Network from the file it was read from.
struct H5Changes
{
    std::vector<H5TextChange> texts;
    std::vector<H5ArrayChange> arrays;
    std::vector<H5OrderChange> orders;
};

/// The weights of `network` that are not as they were read. They must be as many, and of the same
/// shapes.
/// Errors  ShapeMismatch
Result<void> collectWeightChanges(
    const Network& network, const H5Carried& carried, H5Changes& changes);

/// The optimizer variables that are not as they were read; see sameOptimizerLayout().
Result<void> collectOptimizerChanges(
    const OptimizerState& state, const H5Carried& carried, H5Changes& changes);

/// Whether the optimizer has the very variables that the file has, so that only values can differ.
bool sameOptimizerLayout(const OptimizerState& state, const H5Carried& carried);

/// The root's JSON texts. `training` is what shall stand there, which a change of dialect changes.
void collectTextChanges(const Network& network, const std::optional<TrainingSetup>& training,
    const H5Carried& carried, H5Changes& changes);

/// Weight orders inside groups that follow from a changed architecture (a frozen layer in a nested
/// model moves to the end).
void collectOrderChanges(const Network& network, const H5Carried& carried, H5Changes& changes);

/// Weights of a layer and all layers in it, in the order of a legacy group: trainable ones first.
std::vector<WeightIndex> groupOrder(const Network& network, const Layer& layer);

} // namespace layerscope::formats
