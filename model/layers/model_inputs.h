#pragma once

#include "model/layers/lower_model.h"

namespace layerscope::layers {

/// Shape (open lengths kept) and dtype of every input of a model of the tree, in order, as far as
/// its configuration tells; an unknown shape is absent.
struct DeclaredInput
{
    std::string name;
    std::optional<PartialShape> shape;
    DType dtype = DType::Float32;
};
std::vector<DeclaredInput> declaredInputs(const Layer& model);

/// The shape that an InputLayer, or the first layer of an old Sequential, declares.
std::optional<PartialShape> declaredShape(const Layer& layer);

} // namespace layerscope::layers
