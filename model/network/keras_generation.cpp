#include "model/network/architecture.h"

#include <array>
#include <charconv>
#include <string_view>

namespace layerscope {

namespace {

/// What a configuration shows about who wrote it.
struct Style
{
    bool keras1 = false;
    bool keras2 = false;
    bool keras3 = false;
};

void collectStyle(const Json& value, Style& style)
{
    if (value.is_array()) {
        for (const Json& item : value)
            collectStyle(item, style);
    } else if (value.is_object()) {
        static constexpr std::array keras1Keys{ "nb_filter", "border_mode", "inner_init",
            "input_dtype", "dim_ordering", "b_regularizer" };
        for (const char* key : keras1Keys)
            style.keras1 = style.keras1 || value.contains(key);
        style.keras2 = style.keras2 || value.contains("batch_input_shape");
        style.keras3 = style.keras3 || value.contains("batch_shape") || value.contains("args");
        for (const auto& [key, item] : value.items())
            collectStyle(item, style);
    }
}

} // namespace

KerasGeneration kerasGeneration(const std::string& kerasVersion, const Json& modelConfig)
{
    int major = 0;
    int minor = 0;
    const char* const end = kerasVersion.data() + kerasVersion.size();
    const auto [point, failed] = std::from_chars(kerasVersion.data(), end, major);
    if (failed == std::errc() && point != end && *point == '.')
        std::from_chars(point + 1, end, minor);
    if (major >= 3)
        return KerasGeneration::Keras3;
    if (major == 2)
        return minor >= 11 ? KerasGeneration::Keras2 : KerasGeneration::Legacy;
    if (major == 1)
        return KerasGeneration::Keras1;

    Style style;
    collectStyle(modelConfig, style);
    if (style.keras3)
        return KerasGeneration::Keras3;
    if (style.keras1)
        return KerasGeneration::Keras1;
    const Json& dialect = modelConfig;
    const bool hasModules = dialect.is_object() && dialect.contains("module");
    return hasModules ? KerasGeneration::Keras2 : KerasGeneration::Legacy;
}

} // namespace layerscope
