#include "model/analysis/function_report.h"
#include "model/analysis/inspection.h"
#include "model/core/printable.h"
#include "model/core/text_table.h"
#include "model/layers/lower_model.h"
#include "model/network/optimizer_layout.h"

#include <algorithm>
#include <array>
#include <map>

namespace layerscope::analysis {

namespace {

/// 1234567 as "1,234,567".
std::string grouped(std::uint64_t number)
{
    std::string text = std::to_string(number);
    for (auto i = static_cast<std::ptrdiff_t>(text.size()) - 3; i > 0; i -= 3)
        text.insert(static_cast<std::size_t>(i), ",");
    return text;
}

std::string plural(std::uint64_t number, const std::string& noun)
{
    return grouped(number) + " " + noun + (number == 1 ? "" : "s");
}

std::string shapeText(const PartialShape& shape)
{
    std::string text = "(";
    for (std::size_t i = 0; i < shape.size(); ++i)
        text += (i > 0 ? ", " : "")
            + (shape[i] == openDimension ? std::string("any") : std::to_string(shape[i]));
    return text + ")";
}

std::string shapesText(const layers::LayerShapes& shapes)
{
    std::string text;
    for (const PartialShape& shape : shapes.shapes)
        text += (text.empty() ? "" : ", ") + shapeText(shape);
    return text;
}

/// Columns of characters, not bytes, wide enough for names that are not ASCII.
std::string padded(const std::string& text, std::size_t columns, bool right = false)
{
    const std::string space(columns - std::min(columns, characterCount(text)), ' ');
    return right ? space + text : text + space;
}

/// A name that a file gives, on one line: it is padded to by every other row.
std::string shortened(const std::string& name)
{
    constexpr std::size_t longest = 100;
    std::string text = printable(name);
    if (text.size() <= longest)
        return text;
    std::size_t end = longest;
    while ((static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) // not within a character
        --end;
    return text.substr(0, end) + "…";
}

using SummaryRow = std::array<std::string, 5>; // name, type, output shape, parameters, trained

std::string table(const std::vector<SummaryRow>& rows)
{
    std::array<std::size_t, 5> columns{};
    for (const SummaryRow& row : rows)
        for (std::size_t i = 0; i < row.size(); ++i)
            columns[i] = std::max(columns[i], characterCount(row[i]));
    std::size_t whole = 8;
    for (const std::size_t column : columns)
        whole += column;
    std::string text;
    for (std::size_t r = 0; r < rows.size(); ++r) {
        std::string line;
        for (std::size_t i = 0; i < columns.size(); ++i)
            line += padded(rows[r][i], columns[i], i == 3) + (i + 1 < columns.size() ? "  " : "");
        text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
        if (r == 0)
            text += std::string(whole, '-') + "\n";
    }
    return text;
}

std::uint64_t parameterCount(const Network& network, const Layer& layer)
{
    std::uint64_t count = 0;
    visitLayers(layer, [&](const Layer& inner, const std::vector<std::string>&) {
        for (const WeightIndex index : inner.weights)
            count += static_cast<std::uint64_t>(network.weights[index].value.count());
    });
    return count;
}

std::string layerTable(const Network& network)
{
    const auto shapes = layers::inferLayerShapes(network);
    std::vector<SummaryRow> rows{ { "layer", "type", "output shape", "parameters", "trained" } };
    visitLayers(network.model, [&](const Layer& layer, const std::vector<std::string>& path) {
        if (path.empty() || layer.kind == LayerKind::Operation)
            return;
        std::string key;
        for (const std::string& part : path)
            key += (key.empty() ? "" : "/") + part;
        const auto shape = shapes.find(key);
        const bool empty = layer.weights.empty() && !layer.isModel();
        rows.push_back({ std::string(2 * (path.size() - 1), ' ') + shortened(layer.name),
            layer.className.empty() ? "unknown" : shortened(layer.className),
            shape != shapes.end() ? shapesText(shape->second) : "unknown",
            grouped(parameterCount(network, layer)),
            empty ? "" : (layer.trainable ? "yes" : "frozen") });
    });
    return table(rows);
}

std::string fileText(const Network& network)
{
    const FileFacts& facts = network.file;
    std::string text = facts.path.string() + "\n";
    text += "  " + std::string(facts.weightsOnly ? "weights only" : "model");
    if (!facts.format.empty())
        text += ", format " + facts.format;
    text += ", " + plural(facts.bytes, "byte");
    if (!facts.kerasVersion.empty())
        text += ", written by Keras " + shortened(facts.kerasVersion);
    if (!facts.tensorflowVersion.empty())
        text += " with TensorFlow " + facts.tensorflowVersion;
    else if (!facts.backend.empty())
        text += " on " + shortened(facts.backend);
    return text + "\n";
}

std::string totalsText(const Network& network)
{
    std::uint64_t trained = 0;
    std::uint64_t frozen = 0;
    std::uint64_t bytes = 0;
    for (const Weight& weight : network.weights) {
        (weight.trainable ? trained : frozen) += static_cast<std::uint64_t>(weight.value.count());
        bytes += static_cast<std::uint64_t>(weight.value.byteCount());
    }
    return plural(trained + frozen, "parameter") + " in " + plural(network.weights.size(), "weight")
        + " (" + plural(bytes, "byte") + "): " + grouped(trained) + " trained, " + grouped(frozen)
        + " not\n";
}

/// A configured thing in few words: its name, or its class.
std::string named(const Json& value)
{
    if (value.is_string())
        return value.get<std::string>();
    if (value.is_object()) {
        const auto name = value.find("class_name");
        const auto config = value.find("config");
        if (name != value.end() && name->is_string()) {
            if (config != value.end() && config->is_string())
                return config->get<std::string>();
            if (config != value.end() && config->is_object() && *name == "MeanMetricWrapper"
                && config->contains("name"))
                return named((*config)["name"]);
            return name->get<std::string>();
        }
        std::string text;
        for (const auto& [key, item] : value.items())
            text += (text.empty() ? "" : ", ") + key + ": " + named(item);
        return text;
    }
    if (value.is_array()) {
        std::string text;
        for (const Json& item : value)
            if (!item.is_null())
                text += (text.empty() ? "" : ", ") + named(item);
        return text;
    }
    return value.is_null() ? std::string() : dumpJson(value);
}

std::string trainingText(const Network& network)
{
    if (!network.training)
        return "Training set-up: none in the file\n";
    const TrainingSetup& setup = *network.training;
    std::string text = "Training set-up: loss " + printable(named(setup.loss()));
    if (const std::string metrics = named(setup.metrics()); !metrics.empty())
        text += "; metrics " + printable(metrics);
    if (const std::string weighted = named(setup.weightedMetrics()); !weighted.empty())
        text += "; weighted metrics " + printable(weighted);
    return text + "\n";
}

std::string dialectText(KerasGeneration generation)
{
    switch (generation) {
    case KerasGeneration::Keras1:
        return "as Keras 1 keeps it";
    case KerasGeneration::Legacy:
        return "as Keras 2.0 to 2.10 keep it (legacy)";
    case KerasGeneration::Keras2:
        return "as Keras 2.11 to 2.15 keep it";
    default:
        return "as Keras 3 keeps it";
    }
}

std::string optimizerText(const Network& network)
{
    if (!network.optimizer) {
        const std::string name = network.training ? named(network.training->optimizer()) : "";
        if (name.empty())
            return "Optimizer: none in the file\n";
        return "Optimizer: " + plainOptimizerName(name) + ", its state is not in the file\n";
    }
    const OptimizerState& state = *network.optimizer;
    std::string text = "Optimizer: " + state.className + ", " + dialectText(state.dialect) + "; ";
    text += state.iterations
        ? "after " + plural(static_cast<std::uint64_t>(*state.iterations), "step")
        : std::string("steps not counted");
    return text + "; " + plural(state.variables.size(), "variable") + "\n";
}

std::string historyText(const Network& network)
{
    const Json& history = network.history;
    if (!history.is_object() || history.empty())
        return {};
    std::string text = "Loss history in the file:";
    for (const auto& [name, values] : history.items())
        if (values.is_array() && !values.empty())
            text += " " + name + " " + dumpJson(values.front()) + " to " + dumpJson(values.back())
                + " (" + plural(values.size(), "value") + ");";
    text.pop_back();
    return text + "\n";
}

std::string sentence(const std::string& text)
{
    return text.empty() || text.ends_with('.') ? text : text + ".";
}

std::string problemsText(const Network& network)
{
    std::string text;
    for (const Problem& problem : network.problems) {
        const char* word = problem.severity == Severity::Error ? "Error"
            : problem.severity == Severity::Warning            ? "Warning"
                                                               : "Note";
        text += printable(std::string(word)
                    + (problem.where.empty() ? "" : " (" + problem.where + ")") + ": "
                    + sentence(problem.what)
                    + (problem.remedy.empty() ? "" : " " + sentence(problem.remedy)))
            + "\n";
    }
    return text;
}

} // namespace

std::string summaryText(const Network& network)
{
    const Layer& model = network.model;
    std::string text = fileText(network) + "\n";
    if (!model.className.empty())
        text += "Model '" + shortened(model.name) + "' (" + shortened(model.className) + ")\n\n";
    text += layerTable(network) + "\n" + functionText(network) + totalsText(network);
    if (!network.file.weightsOnly)
        text += trainingText(network);
    if (!network.file.weightsOnly || network.optimizer)
        text += optimizerText(network);
    text += historyText(network);
    const std::string problems = problemsText(network);
    return problems.empty() ? text : text + "\n" + problems;
}

} // namespace layerscope::analysis
