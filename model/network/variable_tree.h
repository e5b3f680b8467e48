#pragma once

#include "model/network/network.h"

#include <string>
#include <vector>

namespace layerscope::network {

/// A Keras object that owns variables and other such objects, as Keras itself sees it: a layer, a
/// cell, a model. All orders in which Keras lists variables follow from this tree.
struct VariableObject
{
    struct Variable
    {
        std::string name; ///< "kernel"
        bool trainable = true; ///< by nature
        std::size_t id = 0; ///< equal for a variable that two objects share
    };

    std::string name; ///< of a layer: its own
    std::string className; ///< of a layer: without a package
    std::string path; ///< attributes from the layer to here: "", "cell", "forward_layer/cell"
    bool trainable = true; ///< the object's own flag, whatever is around it
    bool isModel = false;
    bool isKnown = true; ///< false: a custom class, whose variables are not known
    bool trainsBiasOnly = false; ///< a quantized layer
    std::vector<Variable> own; ///< in the order of the object's `vars` in the v3 layout
    std::vector<VariableObject> children;
};

/// A variable in some order, with whether it is trained where it stands.
struct ListedVariable
{
    const VariableObject* object = nullptr;
    std::size_t index = 0; ///< among object->own
    bool trainable = true;

    const VariableObject::Variable& variable() const { return object->own[index]; }
};

/// How a generation of Keras orders variables.
enum class VariableOrder {
    TrainableFirst, ///< Keras 1 and 2.0–2.3 without TensorFlow: models, too, list trainable ones
                    ///< first
    Keras2, ///< models list layer after layer, other layers trainable ones first
    Keras3, ///< own variables, then those of the objects inside, in their order
};
VariableOrder variableOrder(KerasGeneration generation, const std::string& kerasVersion);

/// `object.weights` as Keras lists them, each variable once.
std::vector<ListedVariable> weightsOf(const VariableObject& object, VariableOrder order);

/// `object.trainable_weights + object.non_trainable_weights`: what legacy files list as
/// weight_names.
std::vector<ListedVariable> trainableFirst(const VariableObject& object, VariableOrder order);

/// Every class of layers that is known to own variables or none.
std::vector<std::string_view> knownLayerClasses();

/// The variables of `layer`, models and wrappers included, numbered from `firstId` on. Operations
/// own nothing. Knows every class of Keras (crossing.md 3.1).
VariableObject variableObject(
    const Layer& layer, KerasGeneration generation, std::size_t firstId = 0);

} // namespace layerscope::network
