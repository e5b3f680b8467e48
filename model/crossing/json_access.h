#pragma once

#include "model/core/json.h"

#include <string>

namespace layerscope::crossing {

/// object[key], or null where `object` is no object or has no such key.
inline const Json& member(const Json& object, std::string_view key)
{
    static const Json nothing;
    if (!object.is_object())
        return nothing;
    const auto found = object.find(key);
    return found != object.end() ? *found : nothing;
}

inline std::string textAt(const Json& object, std::string_view key)
{
    const Json& value = member(object, key);
    return value.is_string() ? value.get<std::string>() : std::string();
}

inline bool flagAt(const Json& object, std::string_view key, bool otherwise = false)
{
    const Json& value = member(object, key);
    return value.is_boolean() ? value.get<bool>() : otherwise;
}

inline double numberAt(const Json& object, std::string_view key, double otherwise)
{
    const Json& value = member(object, key);
    return value.is_number() ? value.get<double>() : otherwise;
}

/// Whether something is chosen: neither absent, null nor false.
inline bool isSet(const Json& object, std::string_view key)
{
    const Json& value = member(object, key);
    return !value.is_null() && value != Json(false);
}

inline void rename(Json& object, const char* from, const char* to)
{
    if (!object.contains(from))
        return;
    // In its place: the order of keys is kept.
    Json renamed = Json::object();
    for (auto& [key, value] : object.items())
        renamed[key == from ? to : key] = std::move(value);
    object = std::move(renamed);
}

} // namespace layerscope::crossing
