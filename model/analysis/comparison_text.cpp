#include "model/analysis/comparison.h"

#include <algorithm>
#include <cstdio>
#include <set>

namespace layerscope::analysis {

namespace {

Json settingsReport(const std::vector<SettingChange>& changes)
{
    Json list = Json::array();
    for (const SettingChange& change : changes)
        list.push_back(
            { { "where", change.where }, { "before", change.before }, { "after", change.after } });
    return list;
}

Json shapeReport(const std::optional<Shape>& shape)
{
    return shape ? Json(*shape) : Json();
}

Json valuesReport(const std::vector<ValueChange>& changes, double tolerance)
{
    Json differ = Json::array();
    std::size_t identical = 0;
    std::size_t within = 0;
    for (const ValueChange& change : changes) {
        identical += change.isIdentical ? 1 : 0;
        within += !change.isIdentical && change.isWithin(tolerance) ? 1 : 0;
        if (change.isIdentical)
            continue;
        differ.push_back({ { "name", change.name }, { "shape_a", shapeReport(change.shapeA) },
            { "shape_b", shapeReport(change.shapeB) },
            { "distance", change.distance ? Json(*change.distance) : Json() },
            { "max", change.largest ? Json(*change.largest) : Json() },
            { "within_tolerance", change.isWithin(tolerance) } });
    }
    return { { "identical", identical }, { "within_tolerance", within },
        { "differ", std::move(differ) } };
}

const char* kindName(LayerChange::Kind kind)
{
    return kind == LayerChange::Kind::OnlyInA ? "only_in_a"
        : kind == LayerChange::Kind::OnlyInB  ? "only_in_b"
                                              : "changed";
}

std::string shortJson(const Json& value)
{
    constexpr std::size_t longest = 60;
    std::string text = value.is_null() ? "(none)" : dumpStrictJson(value);
    if (text.size() > longest)
        text = text.substr(0, longest) + "…";
    return text;
}

std::string settingsText(const std::vector<SettingChange>& changes, const std::string& indent)
{
    std::string text;
    for (const SettingChange& change : changes)
        text += indent + (change.where.empty() ? std::string() : change.where + ": ")
            + shortJson(change.before) + " -> " + shortJson(change.after) + "\n";
    return text;
}

std::string numberText(double number)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.3g", number);
    return text;
}

std::string valuesText(
    const std::string& what, const std::vector<ValueChange>& changes, double tolerance)
{
    if (changes.empty())
        return {};
    std::size_t identical = 0;
    std::string lines;
    std::size_t differ = 0;
    for (const ValueChange& change : changes) {
        identical += change.isIdentical ? 1 : 0;
        if (change.isWithin(tolerance))
            continue;
        ++differ;
        lines += "  " + change.name + ": ";
        if (!change.shapeA || !change.shapeB)
            lines += change.shapeA ? "only in A" : "only in B";
        else if (*change.shapeA != *change.shapeB)
            lines += toString(*change.shapeA) + " -> " + toString(*change.shapeB);
        else if (change.distance)
            lines += "distance " + numberText(*change.distance) + ", largest "
                + numberText(*change.largest);
        else
            lines += "other values";
        lines += "\n";
    }
    std::string text = what + ": " + std::to_string(identical) + " of "
        + std::to_string(changes.size()) + " identical";
    if (const std::size_t within = changes.size() - identical - differ; within > 0)
        text += ", " + std::to_string(within) + " more within the tolerance";
    return text + "\n" + lines;
}

/// "Only the weights from layer 'conv5' on differ.", where that is all.
std::string verdict(const Comparison& comparison, double tolerance)
{
    if (comparison.isEqual(tolerance))
        return "The two are equal.\n";
    const bool onlyWeights = comparison.layers.empty() && comparison.training.empty();
    const auto first = std::ranges::find_if(
        comparison.weights, [&](const ValueChange& change) { return !change.isWithin(tolerance); });
    if (!onlyWeights || first == comparison.weights.end())
        return {};
    return "Architecture and set-up are equal; weights differ from '" + first->name + "' on.\n";
}

} // namespace

Json comparisonReport(const Comparison& comparison, double tolerance)
{
    Json layers = Json::array();
    for (const LayerChange& change : comparison.layers)
        layers.push_back({ { "change", kindName(change.kind) }, { "layer", change.layer },
            { "layer_in_b", change.other.empty() ? Json() : Json(change.other) },
            { "class", change.className.empty() ? Json() : Json(change.className) },
            { "settings", settingsReport(change.settings) } });
    return { { "equal", comparison.isEqual(tolerance) }, { "tolerance", tolerance },
        { "architecture", std::move(layers) }, { "training", settingsReport(comparison.training) },
        { "optimizer", settingsReport(comparison.optimizer) },
        { "weights", valuesReport(comparison.weights, tolerance) },
        { "optimizer_variables", valuesReport(comparison.optimizerVariables, tolerance) },
        { "remarks", comparison.remarks } };
}

std::string comparisonText(const Comparison& comparison, double tolerance)
{
    std::string text = verdict(comparison, tolerance);
    if (!comparison.layers.empty())
        text += "Architecture:\n";
    for (const LayerChange& change : comparison.layers) {
        const std::string name
            = change.layer + (change.className.empty() ? "" : " (" + change.className + ")");
        if (change.kind == LayerChange::Kind::Changed)
            text += "  " + name + (change.other.empty() ? "" : " is called " + change.other) + "\n"
                + settingsText(change.settings, "    ");
        else
            text += std::string("  only in ")
                + (change.kind == LayerChange::Kind::OnlyInA ? "A" : "B") + ": " + name + "\n";
    }
    if (!comparison.training.empty())
        text += "Training set-up:\n" + settingsText(comparison.training, "  ");
    if (!comparison.optimizer.empty())
        text += "Optimizer:\n" + settingsText(comparison.optimizer, "  ");
    text += valuesText("Weights", comparison.weights, tolerance);
    text += valuesText("Optimizer variables", comparison.optimizerVariables, tolerance);
    for (const std::string& remark : comparison.remarks)
        text += remark + "\n";
    return text;
}

} // namespace layerscope::analysis
