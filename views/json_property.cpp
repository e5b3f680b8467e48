// A configuration as a tree of properties.
#include "views/inspector_text.h"
#include "views/layer_properties.h"
#include "views/number_text.h"

namespace layerscope::views {

namespace {

/// A vocabulary of a hundred thousand words is not read in an inspector.
constexpr std::size_t mostItems = 200;
constexpr int deepestProperty = 32;
constexpr qsizetype longestText = 400;

QString textOf(const Json& value)
{
    if (value.is_null())
        return QStringLiteral("–");
    if (value.is_boolean())
        return value.get<bool>() ? InspectorText::tr("true") : InspectorText::tr("false");
    if (value.is_number_float())
        return numberText(value.get<double>());
    if (value.is_string())
        return QString::fromStdString(value.get_ref<const std::string&>());
    return QString::fromStdString(value.dump(-1, ' ', false, Json::error_handler_t::replace));
}

bool isShortList(const Json& value)
{
    return value.is_array() && value.size() <= 8
        && std::all_of(
            value.begin(), value.end(), [](const Json& item) { return item.is_primitive(); });
}

/// A Keras object ({class_name, config}) is known by its class. "Custom>" is what Keras 2.11
/// to 2.15 put before its own optimizers in .h5 and SavedModel.
QString classOf(const Json& value)
{
    const auto found = value.is_object() ? value.find("class_name") : value.end();
    if (!value.is_object() || found == value.end() || !found->is_string())
        return {};
    QString name = QString::fromStdString(found->get_ref<const std::string&>());
    return name.startsWith(QLatin1String("Custom>")) ? name.mid(7) : name;
}

Property build(const QString& name, const Json& value, int depth)
{
    Property property{ .name = name };
    if (value.is_primitive() || isShortList(value) || value.empty()) {
        QStringList items;
        if (value.is_array())
            for (const Json& item : value)
                items.append(textOf(item));
        const QString text = value.is_array()
            ? QLatin1Char('[') + items.join(QLatin1String(", ")) + QLatin1Char(']')
            : textOf(value);
        property.value
            = text.size() > longestText ? text.left(longestText) + QStringLiteral("…") : text;
        property.exact = value.is_number_float() ? preciseText(value.get<double>()) : text;
        return property;
    }
    property.value = value.is_array()
        ? InspectorText::tr("%n item(s)", nullptr, static_cast<int>(value.size()))
        : classOf(value);
    if (value.size() <= mostItems)
        property.exact = QString::fromStdString(dumpJson(value));
    if (depth >= deepestProperty)
        return property;
    std::size_t shown = 0;
    for (auto item = value.begin(); item != value.end() && shown < mostItems; ++item, ++shown)
        property.children.push_back(
            build(value.is_object() ? QString::fromStdString(item.key()) : QString::number(shown),
                item.value(), depth + 1));
    if (value.size() > mostItems)
        property.children.push_back({ .name = QStringLiteral("…"),
            .value
            = InspectorText::tr("%n more", nullptr, static_cast<int>(value.size() - mostItems)) });
    return property;
}

} // namespace

Property propertyOfJson(const QString& name, const Json& value)
{
    return build(name, value, 0);
}

} // namespace layerscope::views
