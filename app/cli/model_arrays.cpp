#include "app/cli/model_arrays.h"

#include <charconv>

namespace layerscope::cli {

namespace {

/// The number after `prefix` in `name`, as "input_12".
std::optional<std::size_t> numberAfter(std::string_view name, std::string_view prefix)
{
    if (!name.starts_with(prefix))
        return std::nullopt;
    const auto digits = name.substr(prefix.size());
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    constexpr std::size_t mostArrays = 100'000;
    if (error != std::errc() || end != digits.data() + digits.size() || number > mostArrays)
        return std::nullopt;
    return number;
}

/// What the model's inputs are called: keys of a mapping, or the names of the input layers.
std::vector<std::vector<std::string>> inputNames(const Layer& model)
{
    std::vector<std::vector<std::string>> names;
    for (std::size_t i = 0; i < model.inputs.size(); ++i) {
        names.emplace_back();
        if (i < model.inputNames.size())
            names.back().push_back(model.inputNames[i]);
        if (model.inputs[i].layer < model.layers.size())
            names.back().push_back(model.layers[model.inputs[i].layer].name);
    }
    return names;
}

std::optional<std::size_t> positionOf(
    const std::vector<std::vector<std::string>>& names, const std::string& name)
{
    for (std::size_t i = 0; i < names.size(); ++i)
        for (const auto& candidate : names[i])
            if (candidate == name)
                return i;
    return std::nullopt;
}

void put(std::vector<std::optional<Tensor>>& list, std::size_t position, const Tensor& tensor)
{
    list.resize(std::max(list.size(), position + 1));
    list[position] = tensor;
}

} // namespace

Result<std::vector<Tensor>> inputArrays(
    const Network& network, const std::vector<containers::NamedTensor>& arrays)
{
    constexpr std::string_view named = "input:";
    const auto names = inputNames(network.model);
    std::vector<std::optional<Tensor>> found;
    for (const auto& [name, tensor] : arrays) {
        if (const auto position = numberAfter(name, "input_")) {
            put(found, *position, tensor);
        } else if (name.starts_with(named)) {
            const auto inputName = name.substr(named.size());
            const auto namedPosition = positionOf(names, inputName);
            if (!namedPosition)
                return Error(
                    ErrorKind::ShapeMismatch, "the model has no input called '" + inputName + "'");
            put(found, *namedPosition, tensor);
        }
    }
    std::vector<Tensor> inputs;
    for (std::size_t i = 0; i < std::max(found.size(), std::max<std::size_t>(names.size(), 1));
         ++i) {
        if (i >= found.size() || !found[i])
            return Error(ErrorKind::ShapeMismatch,
                "the archive holds no array input_" + std::to_string(i)
                    + (i < names.size() && !names[i].empty()
                            ? " (nor input:" + names[i].front() + ")"
                            : "")
                    + " for the model's input " + std::to_string(i));
        inputs.push_back(*found[i]);
    }
    return inputs;
}

std::vector<std::optional<Tensor>> upstreamArrays(
    const std::vector<containers::NamedTensor>& arrays)
{
    std::vector<std::optional<Tensor>> found;
    for (const auto& [name, tensor] : arrays)
        if (const auto position = numberAfter(name, "upstream_"))
            put(found, *position, tensor);
    return found;
}

} // namespace layerscope::cli
