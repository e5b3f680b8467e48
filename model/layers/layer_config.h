#pragma once

#include "model/core/json.h"
#include "model/core/shape.h"
#include "model/network/network.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace layerscope::layers {

/// Reads a layer's configuration with Keras's defaults for what is missing, null or of another
/// type: a file may hold anything, and the layer's rule refuses what makes no sense.
///
/// Configurations of Keras 1 ("nb_filter", "border_mode" …) are read under their Keras 2 names.
class LayerConfig
{
public:
    explicit LayerConfig(const Json& config);
    LayerConfig(const std::string& className, const Json& config);

    /// The value of a key; null where it is missing.
    const Json& get(std::string_view key) const;
    bool has(std::string_view key) const { return !get(key).is_null(); }

    std::int64_t integer(std::string_view key, std::int64_t otherwise) const;
    double number(std::string_view key, double otherwise) const;
    bool flag(std::string_view key, bool otherwise) const;
    std::string text(std::string_view key, std::string otherwise) const;

    /// A list of `count` integers; one integer stands for all of them. Entries of any other kind
    /// read as -1. Missing: `otherwise`, `count` times.
    std::vector<std::int64_t> integers(
        std::string_view key, std::size_t count, std::int64_t otherwise) const;

    /// A list of integers of any length (or one integer); empty where there is none.
    std::vector<std::int64_t> list(std::string_view key) const;

    const Json& json() const { return *m_json; }

private:
    const Json* m_json;
    std::shared_ptr<const Json> m_converted; // owns what m_json points to, for Keras 1
};

/// An integer as configurations write it: 3, 3.0, {"class_name": "__numpy__", …}; nothing for
/// anything else or out of ±2^53.
std::optional<std::int64_t> integerOf(const Json& value);
std::optional<double> numberOf(const Json& value);

/// [null, 28, 28, 1] as a shape; nothing for what is not a list of integers and nulls.
std::optional<PartialShape> shapeOf(const Json& value);

/// The class name of {"class_name", "config"} without its package; empty for anything else.
std::string classNameOf(const Json& object);
/// Its configuration; null for anything else.
const Json& configOf(const Json& object);

/// "channels_last" or "channels_first" ("th" in Keras 1).
bool isChannelsFirst(const LayerConfig& config);

} // namespace layerscope::layers
