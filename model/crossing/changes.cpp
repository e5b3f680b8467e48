#include "model/crossing/changes.h"

#include "model/crossing/json_access.h"

#include <map>

namespace layerscope::crossing {

namespace {

bool isLayerList(const Json& value)
{
    return value.is_array() && !value.empty() && value[0].is_object()
        && value[0].contains("class_name");
}

std::string nameOf(const Json& entry)
{
    const std::string name = textAt(entry, "name");
    return name.empty() ? textAt(member(entry, "config"), "name") : name;
}

class Comparison
{
public:
    explicit Comparison(std::vector<Change>& changes)
        : m_changes(changes)
    {
    }

    void compare(const std::string& where, const Json& before, const Json& after)
    {
        if (before == after)
            return;
        if (before.is_object() && after.is_object())
            return compareObjects(where, before, after);
        if (isLayerList(before) && isLayerList(after))
            return compareLayers(where, before, after);
        m_changes.push_back({ where, before, after });
    }

private:
    static std::string below(const std::string& where, const std::string& key)
    {
        return where.empty() ? key : where + "/" + key;
    }

    void compareObjects(const std::string& where, const Json& before, const Json& after)
    {
        for (const auto& [key, value] : before.items())
            compare(below(where, key), value, member(after, key));
        // Where an object's class comes from goes without saying.
        for (const auto& [key, value] : after.items())
            if (!before.contains(key) && !value.is_null() && key != "module")
                m_changes.push_back({ below(where, key), {}, value });
    }

    /// By name; what has another name has changed, or is new or gone.
    void compareLayers(const std::string& where, const Json& before, const Json& after)
    {
        const std::string place = where.size() >= 6 && where.ends_with("layers")
            ? where.substr(0, where.size() - 6)
            : where;
        const std::string prefix
            = place.ends_with("config/") ? place.substr(0, place.size() - 7) : place;
        std::map<std::string, const Json*> left;
        for (const Json& entry : after)
            left.emplace(nameOf(entry), &entry);
        for (const Json& entry : before) {
            const auto same = left.find(nameOf(entry));
            compare(prefix + nameOf(entry), entry, same != left.end() ? *same->second : Json());
            if (same != left.end())
                left.erase(same);
        }
        for (const Json& entry : after)
            if (left.contains(nameOf(entry)))
                m_changes.push_back({ prefix + nameOf(entry), {}, entry });
    }

    std::vector<Change>& m_changes;
};

} // namespace

std::vector<Change> differences(const Network& before, const Network& after)
{
    std::vector<Change> changes;
    Comparison comparison(changes);
    comparison.compare({}, before.architecture.value(), after.architecture.value());
    const auto setup = [](const Network& network) {
        Json value = network.training ? network.training->source.value() : Json::object();
        if (value.is_object())
            rename(value, "optimizer_config", "optimizer");
        return value;
    };
    comparison.compare("compile", setup(before), setup(after));
    return changes;
}

} // namespace layerscope::crossing
