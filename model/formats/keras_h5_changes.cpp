#include "model/formats/keras_h5_changes.h"

#include "model/formats/keras_h5_stream.h"

namespace layerscope::formats {

namespace {

/// The step count in the type of its variable, where somebody set it in the state alone.
std::optional<Tensor> changedIteration(
    const OptimizerState& state, const OptimizerVariable& variable, const H5Carried& carried)
{
    if (variable.role != SlotRole::Iteration || !state.iterations
        || state.iterations == carried.iterations || variable.value.count() != 1)
        return std::nullopt;
    const Tensor now = Tensor::of<std::int64_t>(
        variable.value.shape(), std::vector<std::int64_t>{ *state.iterations });
    auto converted = now.converted(variable.value.dtype());
    return converted ? std::optional(*std::move(converted)) : std::nullopt;
}

void collectText(const std::string& attribute, const std::optional<std::string>& now,
    const std::string& asRead, bool wasUnderstood, H5Changes& changes)
{
    if (now ? *now != asRead : wasUnderstood && !asRead.empty())
        changes.texts.push_back({ attribute, now });
}

} // namespace

Result<void> collectWeightChanges(
    const Network& network, const H5Carried& carried, H5Changes& changes)
{
    if (network.weights.size() != carried.weights.size())
        return Error(ErrorKind::ShapeMismatch,
            "the model has " + std::to_string(network.weights.size())
                + " weights, the file it came from " + std::to_string(carried.weights.size()));
    for (std::size_t i = 0; i < network.weights.size(); ++i) {
        const Weight& weight = network.weights[i];
        const H5Place& place = carried.weights[i];
        if (weight.value.sharesArrayWith(place.asRead))
            continue;
        if (place.path.empty())
            return Error(ErrorKind::Unsupported, "this weight has no place in the file")
                .in(weight.path);
        if (weight.value.shape() != place.asRead.shape())
            return shapeError(weight.path, place.asRead.shape(), weight.value.shape());
        changes.arrays.push_back({ place, weight.value });
    }
    return {};
}

bool sameOptimizerLayout(const OptimizerState& state, const H5Carried& carried)
{
    if (state.variables.size() != carried.optimizer.size())
        return false;
    for (std::size_t i = 0; i < state.variables.size(); ++i)
        if (state.variables[i].name != carried.optimizerNames[i]
            || state.variables[i].value.shape() != carried.optimizer[i].asRead.shape())
            return false;
    return true;
}

Result<void> collectOptimizerChanges(
    const OptimizerState& state, const H5Carried& carried, H5Changes& changes)
{
    for (std::size_t i = 0; i < state.variables.size(); ++i) {
        const OptimizerVariable& variable = state.variables[i];
        const H5Place& place = carried.optimizer[i];
        if (!variable.value.sharesArrayWith(place.asRead))
            changes.arrays.push_back({ place, variable.value });
        else if (auto iteration = changedIteration(state, variable, carried))
            changes.arrays.push_back({ place, StoredTensor(*std::move(iteration)) });
    }
    return {};
}

void collectTextChanges(const Network& network, const std::optional<TrainingSetup>& training,
    const H5Carried& carried, H5Changes& changes)
{
    if (!network.architecture.isEmpty())
        collectText(
            "model_config", network.architecture.text(), carried.architecture, true, changes);
    const bool understood = JsonText::parse(carried.training).hasValue();
    collectText("training_config", training ? std::optional(training->source.text()) : std::nullopt,
        carried.training, understood, changes);
    const auto history = parseJson(carried.history);
    if (network.history.is_null())
        collectText(historyAttribute, std::nullopt, carried.history, history.hasValue(), changes);
    else if (!history || *history != network.history)
        changes.texts.push_back({ historyAttribute, dumpJson(network.history) });
}

std::vector<WeightIndex> groupOrder(const Network& network, const Layer& layer)
{
    std::vector<WeightIndex> order;
    std::set<WeightIndex> seen; // a layer shared inside a nested model is stored once
    for (const bool trainable : { true, false })
        visitLayers(layer, [&](const Layer& inner, const std::vector<std::string>&) {
            for (const WeightIndex index : inner.weights)
                if (index < network.weights.size() && network.weights[index].trainable == trainable
                    && seen.insert(index).second)
                    order.push_back(index);
        });
    return order;
}

void collectOrderChanges(const Network& network, const H5Carried& carried, H5Changes& changes)
{
    if (network.architecture.isEmpty() || network.architecture.text() == carried.architecture)
        return;
    std::map<std::string, const Layer*> layers;
    for (const Layer& layer : network.model.layers)
        layers.emplace(layer.name, &layer);
    for (const H5LayerGroup& group : carried.groups) {
        const auto layer = layers.find(group.layer);
        if (layer == layers.end())
            continue;
        const std::string path = joinH5(carried.weightsPath, group.layer);
        std::vector<std::string> names;
        for (const WeightIndex index : groupOrder(network, *layer->second))
            if (index < carried.weights.size()
                && carried.weights[index].path.starts_with(path + "/"))
                names.push_back(carried.weights[index].path.substr(path.size() + 1));
        if (names != group.weightNames && std::ranges::is_permutation(names, group.weightNames))
            changes.orders.push_back({ path, std::move(names) });
    }
}

} // namespace layerscope::formats
