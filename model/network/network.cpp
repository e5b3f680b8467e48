#include "model/network/network.h"

namespace layerscope {

namespace {

/// The pairs of a mapping hold what holds the mapping: clang has to meet the destructor before
/// them.
[[maybe_unused]] const Argument noArgument{};

void collectTensors(const Argument& argument, std::vector<TensorReference>& found)
{
    if (const auto* reference = std::get_if<TensorReference>(&argument.content)) {
        found.push_back(*reference);
    } else if (const auto* list = std::get_if<Argument::List>(&argument.content)) {
        for (const Argument& item : *list)
            collectTensors(item, found);
    } else if (const auto* mapping = std::get_if<Argument::Mapping>(&argument.content)) {
        for (const auto& [key, item] : *mapping)
            collectTensors(item, found);
    }
}

void visit(const Layer& layer, std::vector<std::string>& path, const LayerVisitor& visitor)
{
    visitor(layer, path);
    for (const Layer& inner : layer.layers) {
        path.push_back(inner.name);
        visit(inner, path, visitor);
        path.pop_back();
    }
}

Json member(const JsonText& text, const char* key)
{
    const Json& object = text.value();
    const auto found = object.is_object() ? object.find(key) : object.end();
    return object.is_object() && found != object.end() ? *found : Json();
}

} // namespace

Result<JsonText> JsonText::parse(std::string text)
{
    TRY(Json value, parseJson(text));
    JsonText result;
    result.m_text = std::move(text);
    result.m_value = std::move(value);
    return result;
}

JsonText::JsonText(Json value)
    : m_text(dumpJson(value))
    , m_value(std::move(value))
{
}

std::vector<TensorReference> Argument::tensors() const
{
    std::vector<TensorReference> found;
    collectTensors(*this, found);
    return found;
}

std::vector<TensorReference> Call::tensors() const
{
    std::vector<TensorReference> found;
    for (const Argument& argument : arguments)
        collectTensors(argument, found);
    for (const auto& [name, argument] : keywords)
        collectTensors(argument, found);
    return found;
}

Json TrainingSetup::optimizer() const
{
    // training_config of .h5 says "optimizer_config", compile_config of .keras says "optimizer".
    Json found = member(source, "optimizer_config");
    return found.is_null() ? member(source, "optimizer") : found;
}
Json TrainingSetup::loss() const
{
    return member(source, "loss");
}
Json TrainingSetup::lossWeights() const
{
    return member(source, "loss_weights");
}
Json TrainingSetup::metrics() const
{
    return member(source, "metrics");
}
Json TrainingSetup::weightedMetrics() const
{
    return member(source, "weighted_metrics");
}

void visitLayers(const Layer& model, const LayerVisitor& visitor)
{
    std::vector<std::string> path;
    visit(model, path, visitor);
}

std::vector<WeightIndex> trainableWeights(const Network& network)
{
    std::vector<WeightIndex> found;
    for (WeightIndex i = 0; i < network.weights.size(); ++i)
        if (network.weights[i].trainable)
            found.push_back(i);
    return found;
}

} // namespace layerscope
