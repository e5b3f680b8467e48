#pragma once

#include "model/core/json.h"
#include "model/network/network.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace layerscope::training {

/// Typed reading of a configuration object ("config" of an optimizer, a loss, a metric) as any
/// generation of Keras wrote it. A missing key, null and a value of another type give the fallback.
class Settings
{
public:
    Settings() = default;
    Settings(Json config, KerasGeneration dialect);

    KerasGeneration dialect() const { return m_dialect; }
    bool isKeras3() const { return m_dialect == KerasGeneration::Keras3; }
    bool isLegacy() const
    {
        return m_dialect == KerasGeneration::Legacy || m_dialect == KerasGeneration::Keras1;
    }
    const Json& config() const { return m_config; }

    bool has(std::string_view key) const; ///< there, and not null
    double number(std::string_view key, double fallback) const;
    std::optional<double> number(std::string_view key) const;
    std::int64_t integer(std::string_view key, std::int64_t fallback) const;
    bool flag(std::string_view key, bool fallback) const;
    std::string text(std::string_view key, std::string fallback = {}) const;
    std::vector<double> numbers(std::string_view key) const; ///< one number counts as a list of one
    Json object(std::string_view key) const; ///< null if there is none

private:
    Json m_config;
    KerasGeneration m_dialect = KerasGeneration::Keras3;
};

/// A number as JSON holds it, also wrapped as Keras 3 wraps NumPy's
/// ({"class_name": "__numpy__", "config": {"value", "dtype"}}).
std::optional<double> numberFrom(const Json& value);

/// What a specification of a loss, metric, optimizer or schedule names, whatever its dialect: a
/// string, {"class_name", "config"}, or a function object
/// {"class_name": "function", "config": "name"}.
struct NamedObject
{
    std::string name; ///< without "package>"; empty when nothing is named
    Json config; ///< an object, or null
};
NamedObject namedObject(const Json& specification);

/// "MeanSquaredError" and "mean_squared_error" alike become "meansquarederror".
std::string comparableName(std::string_view name);

} // namespace layerscope::training
