#include "model/layers/layer_config.h"

#include <array>
#include <cmath>
#include <utility>

namespace layerscope::layers {

namespace {

const Json nothing;

/// Keras 1 keys and what Keras 2 calls them.
constexpr std::array<std::pair<std::string_view, std::string_view>, 29> renamed{ {
    { "output_dim", "units" },
    { "nb_filter", "filters" },
    { "filter_length", "kernel_size" },
    { "subsample_length", "strides" },
    { "subsample", "strides" },
    { "border_mode", "padding" },
    { "dim_ordering", "data_format" },
    { "init", "kernel_initializer" },
    { "inner_init", "recurrent_initializer" },
    { "inner_activation", "recurrent_activation" },
    { "W_regularizer", "kernel_regularizer" },
    { "U_regularizer", "recurrent_regularizer" },
    { "b_regularizer", "bias_regularizer" },
    { "W_constraint", "kernel_constraint" },
    { "U_constraint", "recurrent_constraint" },
    { "b_constraint", "bias_constraint" },
    { "bias", "use_bias" },
    { "dropout_W", "dropout" },
    { "dropout_U", "recurrent_dropout" },
    { "p", "rate" },
    { "sigma", "stddev" },
    { "pool_length", "pool_size" },
    { "stride", "strides" },
    { "atrous_rate", "dilation_rate" },
    { "beta_init", "beta_initializer" },
    { "gamma_init", "gamma_initializer" },
    { "nb_words", "input_dim" },
    { "length", "size" },
    { "theta_threshold", "theta" },
} };

/// What only a configuration of Keras 1 has.
constexpr std::array<std::string_view, 14> marks{ "nb_filter", "border_mode", "dim_ordering",
    "inner_activation", "inner_init", "W_regularizer", "W_constraint", "pool_length", "init",
    "bias", "subsample", "atrous_rate", "p", "sigma" };

bool isKeras1(const Json& config)
{
    if (!config.is_object())
        return false;
    for (const auto mark : marks)
        if (config.contains(mark))
            return true;
    return false;
}

Json renamedValue(std::string_view key, const Json& value)
{
    if (key == "dim_ordering" && value.is_string())
        return value == "th" ? "channels_first" : "channels_last";
    return value;
}

Json convertedFromKeras1(const std::string& className, const Json& config)
{
    Json result = config;
    for (const auto& [old, now] : renamed) {
        // An Embedding's output_dim kept its name, and only some layers had these short ones.
        if (className == "Embedding" && old == "output_dim")
            continue;
        if (config.contains(old) && !config.contains(now))
            result[std::string(now)] = renamedValue(old, config[old]);
    }
    Json kernel = Json::array();
    for (const auto* key : { "kernel_dim1", "kernel_dim2", "kernel_dim3", "nb_row", "nb_col" })
        if (config.contains(key))
            kernel.push_back(config[key]);
    if (!kernel.empty())
        result["kernel_size"] = std::move(kernel);
    return result;
}

} // namespace

std::optional<double> numberOf(const Json& value)
{
    if (value.is_number())
        return value.get<double>();
    // Keras 2.12 writes NumPy scalars as {"class_name": "__numpy__", "config": {"value": …}}.
    if (value.is_object() && classNameOf(value) == "__numpy__") {
        const Json& inner = configOf(value);
        if (inner.is_object() && inner.contains("value") && inner["value"].is_number())
            return inner["value"].get<double>();
    }
    return std::nullopt;
}

std::optional<std::int64_t> integerOf(const Json& value)
{
    const auto number = numberOf(value);
    constexpr double limit = 9007199254740992.0; // 2^53: beyond it a double skips integers
    if (!number || !(std::abs(*number) <= limit) || std::floor(*number) != *number)
        return std::nullopt;
    return static_cast<std::int64_t>(*number);
}

std::optional<PartialShape> shapeOf(const Json& value)
{
    if (!value.is_array())
        return std::nullopt;
    PartialShape shape;
    for (const Json& entry : value) {
        const auto length = entry.is_null() ? openDimension : integerOf(entry).value_or(-2);
        if (length < openDimension)
            return std::nullopt;
        shape.push_back(length);
    }
    return shape;
}

std::string classNameOf(const Json& object)
{
    if (!object.is_object() || !object.contains("class_name") || !object["class_name"].is_string())
        return {};
    const auto name = object["class_name"].get<std::string>();
    return name.substr(name.rfind('>') + 1); // npos + 1 is 0: no package, the whole name
}

const Json& configOf(const Json& object)
{
    if (!object.is_object() || !object.contains("config"))
        return nothing;
    return object["config"];
}

bool isChannelsFirst(const LayerConfig& config)
{
    return config.text("data_format", "channels_last") == "channels_first";
}

LayerConfig::LayerConfig(const Json& config)
    : m_json(&config)
{
}

LayerConfig::LayerConfig(const std::string& className, const Json& config)
    : m_json(&config)
{
    if (isKeras1(config)) {
        m_converted = std::make_shared<const Json>(convertedFromKeras1(className, config));
        m_json = m_converted.get();
    }
}

const Json& LayerConfig::get(std::string_view key) const
{
    if (!m_json->is_object())
        return nothing;
    const auto found = m_json->find(key);
    return found == m_json->end() ? nothing : *found;
}

std::int64_t LayerConfig::integer(std::string_view key, std::int64_t otherwise) const
{
    return integerOf(get(key)).value_or(otherwise);
}

double LayerConfig::number(std::string_view key, double otherwise) const
{
    return numberOf(get(key)).value_or(otherwise);
}

bool LayerConfig::flag(std::string_view key, bool otherwise) const
{
    const Json& value = get(key);
    if (value.is_boolean())
        return value.get<bool>();
    return value.is_number() ? value.get<double>() != 0 : otherwise;
}

std::string LayerConfig::text(std::string_view key, std::string otherwise) const
{
    const Json& value = get(key);
    return value.is_string() ? value.get<std::string>() : std::move(otherwise);
}

std::vector<std::int64_t> LayerConfig::integers(
    std::string_view key, std::size_t count, std::int64_t otherwise) const
{
    const Json& value = get(key);
    if (value.is_null())
        return std::vector<std::int64_t>(count, otherwise);
    if (!value.is_array() || (value.size() == 1 && count > 1))
        return std::vector<std::int64_t>(
            count, integerOf(value.is_array() ? value[0] : value).value_or(-1));
    std::vector<std::int64_t> result = list(key);
    if (result.size() != count)
        return std::vector<std::int64_t>(count, -1);
    return result;
}

std::vector<std::int64_t> LayerConfig::list(std::string_view key) const
{
    const Json& value = get(key);
    if (const auto single = integerOf(value))
        return { *single };
    std::vector<std::int64_t> result;
    if (value.is_array())
        for (const Json& entry : value)
            result.push_back(integerOf(entry).value_or(-1));
    return result;
}

} // namespace layerscope::layers
