#include "model/layers/layer_call.h"

#include "model/layers/layer_type.h"

namespace layerscope::layers {

namespace {

BoundArgument bind(const Argument& argument, std::size_t& next)
{
    using Kind = BoundArgument::Kind;
    BoundArgument bound;
    if (const auto* literal = std::get_if<Json>(&argument.content)) {
        bound.literal = *literal;
    } else if (std::holds_alternative<TensorReference>(argument.content)) {
        bound.kind = Kind::Tensor;
        bound.tensor = next++;
    } else if (const auto* list = std::get_if<Argument::List>(&argument.content)) {
        bound.kind = Kind::List;
        for (const Argument& item : *list)
            bound.items.push_back(bind(item, next));
    } else if (const auto* mapping = std::get_if<Argument::Mapping>(&argument.content)) {
        bound.kind = Kind::Mapping;
        for (const auto& [key, item] : *mapping) {
            bound.keys.push_back(key);
            bound.items.push_back(bind(item, next));
        }
    }
    return bound;
}

void collect(const BoundArgument& argument, std::vector<std::size_t>& found)
{
    if (argument.kind == BoundArgument::Kind::Tensor)
        found.push_back(argument.tensor);
    for (const BoundArgument& item : argument.items)
        collect(item, found);
}

} // namespace

bool BoundArgument::holdsTensor() const
{
    std::vector<std::size_t> found;
    collect(*this, found);
    return !found.empty();
}

BoundCall BoundCall::of(const Call& call)
{
    BoundCall bound;
    std::size_t next = 0;
    for (const Argument& argument : call.arguments)
        bound.arguments.push_back(bind(argument, next));
    for (const auto& [name, argument] : call.keywords)
        bound.keywords.emplace_back(name, bind(argument, next));
    return bound;
}

BoundCall BoundCall::ofTensors(std::size_t count)
{
    BoundCall bound;
    for (std::size_t i = 0; i < count; ++i) {
        BoundArgument argument;
        argument.kind = BoundArgument::Kind::Tensor;
        argument.tensor = i;
        bound.arguments.push_back(std::move(argument));
    }
    return bound;
}

const BoundArgument* BoundCall::keyword(std::string_view name) const
{
    for (const auto& [key, argument] : keywords)
        if (key == name)
            return &argument;
    return nullptr;
}

const BoundArgument* BoundCall::find(std::size_t position, std::string_view name) const
{
    if (position < arguments.size())
        return &arguments[position];
    return keyword(name);
}

std::optional<std::size_t> BoundCall::tensor(std::size_t position, std::string_view name) const
{
    const BoundArgument* argument = find(position, name);
    if (!argument || argument->kind != BoundArgument::Kind::Tensor)
        return std::nullopt;
    return argument->tensor;
}

std::vector<std::size_t> BoundCall::positionalTensors() const
{
    std::vector<std::size_t> found;
    for (const BoundArgument& argument : arguments)
        collect(argument, found);
    return found;
}

const PartialShape& ShapeRequest::input() const
{
    static const PartialShape none;
    return inputs.empty() ? none : inputs.front();
}

OutputShapes outputShapes(const ShapeRequest& request)
{
    const LayerType* type = findType(request.layer);
    if (!type || request.inputs.empty())
        return std::nullopt;
    OutputShapes shapes = type->shape(request);
    if (!shapes)
        return std::nullopt;
    // No rule may answer with a shape that cannot be: a tensor of 2^62 elements or of negative
    // ones.
    for (PartialShape shape : *shapes) {
        for (std::int64_t& length : shape)
            if (length == openDimension)
                length = 1;
        if (!elementCount(shape))
            return std::nullopt;
    }
    return shapes;
}

OutputShapes outputShapes(const Layer& layer, KerasGeneration generation,
    const std::vector<PartialShape>& inputs, const BoundCall& call)
{
    if (layer.isModel())
        return modelOutputShapes(layer, generation, inputs);
    const LayerConfig config(layer.className, layer.config);
    return outputShapes({ layer, config, generation, inputs, call });
}

} // namespace layerscope::layers
