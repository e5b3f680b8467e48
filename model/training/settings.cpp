#include "model/training/settings.h"

#include <cctype>

namespace layerscope::training {

std::optional<double> numberFrom(const Json& value)
{
    if (value.is_number())
        return value.get<double>();
    if (value.is_boolean())
        return value.get<bool>() ? 1.0 : 0.0;
    if (value.is_object() && value.contains("config")) {
        const Json& inner = value["config"];
        if (inner.is_number())
            return inner.get<double>();
        if (inner.is_object() && inner.contains("value") && inner["value"].is_number())
            return inner["value"].get<double>();
    }
    return std::nullopt;
}

NamedObject namedObject(const Json& specification)
{
    NamedObject result;
    if (specification.is_string()) {
        result.name = specification.get<std::string>();
    } else if (specification.is_object() && specification.contains("class_name")
        && specification["class_name"].is_string()) {
        result.name = specification["class_name"].get<std::string>();
        const Json config = specification.value("config", Json());
        if (config.is_object())
            result.config = config;
        else if (result.name == "function" && config.is_string())
            result.name = config.get<std::string>();
    }
    if (const auto package = result.name.rfind('>'); package != std::string::npos)
        result.name.erase(0, package + 1);
    if (const auto module = result.name.rfind('.'); module != std::string::npos)
        result.name.erase(0, module + 1);
    return result;
}

std::string comparableName(std::string_view name)
{
    std::string result;
    for (const char c : name) {
        if (c != '_')
            result += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    return result;
}

Settings::Settings(Json config, KerasGeneration dialect)
    : m_config(config.is_object() ? std::move(config) : Json::object())
    , m_dialect(dialect)
{
}

bool Settings::has(std::string_view key) const
{
    const auto found = m_config.find(std::string(key));
    return found != m_config.end() && !found->is_null();
}

std::optional<double> Settings::number(std::string_view key) const
{
    const auto found = m_config.find(std::string(key));
    return found == m_config.end() ? std::nullopt : numberFrom(*found);
}

double Settings::number(std::string_view key, double fallback) const
{
    return number(key).value_or(fallback);
}

std::int64_t Settings::integer(std::string_view key, std::int64_t fallback) const
{
    const auto found = number(key);
    constexpr double limit = 9.0e18; // beyond it the conversion would be undefined
    if (!found || !(*found > -limit && *found < limit))
        return fallback;
    return static_cast<std::int64_t>(*found);
}

bool Settings::flag(std::string_view key, bool fallback) const
{
    const auto found = number(key);
    return found ? *found != 0 : fallback;
}

std::string Settings::text(std::string_view key, std::string fallback) const
{
    const auto found = m_config.find(std::string(key));
    return found != m_config.end() && found->is_string() ? found->get<std::string>()
                                                         : std::move(fallback);
}

std::vector<double> Settings::numbers(std::string_view key) const
{
    std::vector<double> result;
    const auto found = m_config.find(std::string(key));
    if (found == m_config.end())
        return result;
    if (const auto single = numberFrom(*found)) {
        result.push_back(*single);
    } else if (found->is_array()) {
        for (const Json& item : *found)
            result.push_back(numberFrom(item).value_or(0));
    }
    return result;
}

Json Settings::object(std::string_view key) const
{
    const auto found = m_config.find(std::string(key));
    return found != m_config.end() && found->is_object() ? *found : Json();
}

} // namespace layerscope::training
