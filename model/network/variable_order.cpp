#include "model/network/variable_tree.h"

#include <charconv>
#include <unordered_set>

/// The rules of Keras 2.15 (engine/base_layer.py, engine/training.py) and Keras 3
/// (layers/layer.py), which legacy files, optimizers and model.weights all depend on.
namespace layerscope::network {

namespace {

using List = std::vector<ListedVariable>;

void append(List& list, const List& more)
{
    list.insert(list.end(), more.begin(), more.end());
}

List own(const VariableObject& object, bool trainable, bool asTrainable)
{
    List found;
    for (std::size_t i = 0; i < object.own.size(); ++i)
        if (object.own[i].trainable == trainable)
            found.push_back({ &object, i, asTrainable });
    return found;
}

/// Each variable once, where it is listed first.
List distinct(const List& list)
{
    std::unordered_set<std::size_t> seen;
    List found;
    for (const ListedVariable& item : list)
        if (seen.insert(item.variable().id).second)
            found.push_back(item);
    return found;
}

struct Split
{
    List trainable;
    List others;
};

/// Keras 2: trainable_weights and non_trainable_weights. Below a frozen object everything is
/// frozen, and the order of `weights` decides.
Split keras2Split(const VariableObject& object, bool frozen, bool modelsTrainableFirst);

List keras2Weights(const VariableObject& object, bool frozen, bool modelsTrainableFirst)
{
    if (!object.isModel || modelsTrainableFirst) {
        Split split = keras2Split(object, frozen, modelsTrainableFirst);
        append(split.trainable, split.others);
        return split.trainable;
    }
    List found;
    for (const VariableObject& child : object.children)
        append(found, keras2Weights(child, frozen || !object.trainable, modelsTrainableFirst));
    append(found, own(object, true, !frozen && object.trainable));
    append(found, own(object, false, false));
    return found;
}

Split keras2Split(const VariableObject& object, bool frozen, bool modelsTrainableFirst)
{
    frozen = frozen || !object.trainable;
    Split split;
    if (frozen) {
        if (object.isModel) {
            // A model passes its flag on to its layers, so each of them lists all it has.
            for (const VariableObject& child : object.children)
                append(split.others, keras2Weights(child, true, modelsTrainableFirst));
            append(split.others, own(object, true, false));
            append(split.others, own(object, false, false));
        } else {
            append(split.others, own(object, true, false));
            append(split.others, own(object, false, false));
            for (const VariableObject& child : object.children)
                append(split.others, keras2Weights(child, true, modelsTrainableFirst));
        }
        return split;
    }
    if (!object.isModel) {
        split.trainable = own(object, true, true);
        split.others = own(object, false, false);
    }
    for (const VariableObject& child : object.children) {
        const Split inner = keras2Split(child, false, modelsTrainableFirst);
        append(split.trainable, inner.trainable);
        append(split.others, inner.others);
    }
    if (object.isModel) {
        append(split.trainable, own(object, true, true));
        append(split.others, own(object, false, false));
    }
    return split;
}

List keras3Weights(const VariableObject& object, bool frozen)
{
    frozen = frozen || !object.trainable;
    List found;
    for (std::size_t i = 0; i < object.own.size(); ++i)
        found.push_back({ &object, i, object.own[i].trainable && !frozen });
    for (const VariableObject& child : object.children)
        append(found, keras3Weights(child, frozen));
    return found;
}

} // namespace

VariableOrder variableOrder(KerasGeneration generation, const std::string& kerasVersion)
{
    if (generation == KerasGeneration::Keras3)
        return VariableOrder::Keras3;
    if (generation == KerasGeneration::Keras1)
        return VariableOrder::TrainableFirst;
    if (generation == KerasGeneration::Legacy && kerasVersion.starts_with("2.")
        && kerasVersion.find("-tf") == std::string::npos) {
        int minor = 99;
        std::from_chars(kerasVersion.data() + 2, kerasVersion.data() + kerasVersion.size(), minor);
        if (minor < 4) // from 2.4 on, Keras is TensorFlow's
            return VariableOrder::TrainableFirst;
    }
    return VariableOrder::Keras2;
}

List weightsOf(const VariableObject& object, VariableOrder order)
{
    if (order == VariableOrder::Keras3)
        return distinct(keras3Weights(object, false));
    return distinct(keras2Weights(object, false, order == VariableOrder::TrainableFirst));
}

List trainableFirst(const VariableObject& object, VariableOrder order)
{
    if (order != VariableOrder::Keras3) {
        Split split = keras2Split(object, false, order == VariableOrder::TrainableFirst);
        append(split.trainable, split.others);
        return distinct(split.trainable);
    }
    const List all = distinct(keras3Weights(object, false));
    List found;
    for (const bool trainable : { true, false })
        for (const ListedVariable& item : all)
            if (item.trainable == trainable)
                found.push_back(item);
    return found;
}

} // namespace layerscope::network
