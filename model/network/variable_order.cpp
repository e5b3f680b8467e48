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

List own(const VariableObject& object, bool trainable)
{
    List found;
    for (std::size_t i = 0; i < object.own.size(); ++i)
        if (object.own[i].trainable == trainable)
            found.push_back({ &object, i, trainable });
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

Split keras2Split(const VariableObject& object, bool modelsTrainableFirst);

List joined(const Split& split)
{
    List list = split.trainable;
    append(list, split.others);
    return list;
}

List keras2Weights(const VariableObject& object, bool modelsTrainableFirst)
{
    if (!object.isModel || modelsTrainableFirst)
        return joined(keras2Split(object, modelsTrainableFirst));
    List found;
    for (const VariableObject& child : object.children)
        append(found, keras2Weights(child, modelsTrainableFirst));
    append(found, own(object, true));
    append(found, own(object, false));
    return found;
}

/// Keras 2: trainable_weights and non_trainable_weights. A model lists what its layers own before
/// its own variables, other layers after; below a frozen layer the order of `weights` decides,
/// below a frozen model still that of its layers' two lists.
Split keras2Split(const VariableObject& object, bool modelsTrainableFirst)
{
    Split inner;
    for (const VariableObject& child : object.children) {
        if (!object.isModel && !object.trainable) {
            append(inner.others, keras2Weights(child, modelsTrainableFirst));
        } else {
            const Split split = keras2Split(child, modelsTrainableFirst);
            append(inner.trainable, split.trainable);
            append(inner.others, split.others);
        }
    }
    const List trainable = own(object, true);
    const List others = own(object, false);
    Split split;
    if (object.isModel) {
        split = std::move(inner);
        append(split.trainable, trainable);
        append(split.others, others);
    } else {
        split = { trainable, others };
        if (!object.trainable)
            split = { {}, joined(split) };
        append(split.trainable, inner.trainable);
        append(split.others, inner.others);
    }
    return object.trainable ? split : Split{ {}, joined(split) };
}

/// Keras 3: a variable is trained if its owner is, whatever is around that.
List keras3Weights(const VariableObject& object)
{
    List found;
    for (std::size_t i = 0; i < object.own.size(); ++i)
        found.push_back({ &object, i, object.own[i].trainable && object.trainable });
    for (const VariableObject& child : object.children)
        append(found, keras3Weights(child));
    return found;
}

/// Marks in `list` what the object trains.
void markTrained(List& list, const VariableObject& object, bool modelsTrainableFirst)
{
    std::unordered_set<std::size_t> trained;
    for (const ListedVariable& item : keras2Split(object, modelsTrainableFirst).trainable)
        trained.insert(item.variable().id);
    for (ListedVariable& item : list)
        item.trainable = trained.contains(item.variable().id);
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
        return distinct(keras3Weights(object));
    const bool modelsTrainableFirst = order == VariableOrder::TrainableFirst;
    List found = distinct(keras2Weights(object, modelsTrainableFirst));
    markTrained(found, object, modelsTrainableFirst);
    return found;
}

List trainableFirst(const VariableObject& object, VariableOrder order)
{
    if (order != VariableOrder::Keras3) {
        const bool modelsTrainableFirst = order == VariableOrder::TrainableFirst;
        List found = distinct(joined(keras2Split(object, modelsTrainableFirst)));
        markTrained(found, object, modelsTrainableFirst);
        return found;
    }
    const List all = distinct(keras3Weights(object));
    if (!object.trainable)
        return all;
    List found;
    for (const bool trainable : { true, false })
        for (const ListedVariable& item : all)
            if (item.trainable == trainable)
                found.push_back(item);
    return found;
}

} // namespace layerscope::network
