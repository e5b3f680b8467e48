#include "model/training/constraint.h"

#include "model/network/variable_layout.h"
#include "model/training/settings.h"

namespace layerscope::training {
namespace {

constexpr double fuzz = 1e-7; // Keras's backend.epsilon()

std::vector<std::int64_t> axesOf(const Settings& settings)
{
    std::vector<std::int64_t> axes;
    for (const double axis : settings.numbers("axis"))
        axes.push_back(static_cast<std::int64_t>(axis));
    if (axes.empty())
        axes.push_back(0);
    return axes;
}

ops::Value norms(ops::Builder& builder, const Settings& settings, ops::Value weight)
{
    return builder.sqrt(builder.sum(builder.square(weight), axesOf(settings), ops::KeepAxes::Yes));
}

ops::Value rescaled(
    ops::Builder& builder, ops::Value weight, ops::Value desired, ops::Value present)
{
    return builder.multiply(weight, builder.divide(desired, builder.add(present, fuzz)));
}

/// The name under which a layer's configuration holds the constraint of a variable.
std::string constraintKey(const std::string& variable)
{
    if (variable == "depthwise_kernel")
        return "depthwise_constraint";
    if (variable == "pointwise_kernel")
        return "pointwise_constraint";
    if (variable == "recurrent_kernel")
        return "recurrent_constraint";
    return variable + "_constraint";
}

/// The configuration that speaks of the part of a layer that owns a variable: its own, or that of
/// the layer inside a wrapper.
Json configOf(const Layer& layer, const std::string& object)
{
    const auto inner = [&](const char* key) -> Json {
        if (layer.config.is_object() && layer.config.contains(key) && layer.config[key].is_object())
            return layer.config[key].value("config", Json());
        return {};
    };
    if (object.starts_with("backward_layer")) {
        const Json own = inner("backward_layer");
        return own.is_null() ? inner("layer") : own;
    }
    if (object.starts_with("forward_layer") || object.starts_with("layer"))
        return inner("layer");
    if (object == "cell" && layer.config.is_object() && layer.config.contains("cell"))
        return inner("cell");
    return layer.config;
}

} // namespace

std::vector<Json> weightConstraints(const Network& network)
{
    std::vector<Json> result(network.weights.size());
    visitLayers(network.model, [&](const Layer& layer, const std::vector<std::string>&) {
        if (layer.weights.empty())
            return;
        const auto layout = variableLayout(layer, network.generation);
        if (!layout || layout->size() != layer.weights.size())
            return;
        for (std::size_t i = 0; i < layout->size(); ++i) {
            const VariableSpec& variable = (*layout)[i];
            const Json config = configOf(layer, variable.object);
            const std::string key = constraintKey(variable.name);
            if (layer.weights[i] < result.size() && config.is_object() && config.contains(key))
                result[layer.weights[i]] = config[key];
        }
    });
    return result;
}

ops::Value constrained(ops::Builder& builder, const Json& constraint, ops::Value weight)
{
    const NamedObject object = namedObject(constraint);
    if (object.name.empty())
        return weight;
    const Settings settings(object.config, KerasGeneration::Keras3);
    const std::string name = comparableName(object.name);
    const DType type = builder.dtype(weight);
    if (name == "nonneg" || name == "nonnegative") {
        const ops::Value keeps
            = builder.binary(ops::Binary::GreaterEqual, weight, builder.scalar(0, type));
        return builder.multiply(weight, builder.cast(keeps, type));
    }
    if (name == "maxnorm") {
        const ops::Value present = norms(builder, settings, weight);
        const ops::Value desired
            = builder.clip(present, 0, settings.number("max_value", settings.number("m", 2)));
        return rescaled(builder, weight, desired, present);
    }
    if (name == "unitnorm") {
        const ops::Value present = norms(builder, settings, weight);
        return builder.divide(weight, builder.add(present, fuzz));
    }
    if (name == "minmaxnorm") {
        const double rate = settings.number("rate", 1);
        const ops::Value present = norms(builder, settings, weight);
        const ops::Value clipped = builder.clip(
            present, settings.number("min_value", 0), settings.number("max_value", 1));
        const ops::Value desired
            = builder.add(builder.multiply(clipped, rate), builder.multiply(present, 1 - rate));
        return rescaled(builder, weight, desired, present);
    }
    builder.fail(
        ErrorKind::Unsupported, "The weight constraint \"" + object.name + "\" cannot be run.");
    return weight;
}

} // namespace layerscope::training
