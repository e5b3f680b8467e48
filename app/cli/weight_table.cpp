#include "app/cli/weight_table.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <vector>

namespace layerscope::cli {

namespace {

using Row = std::array<std::string, 8>;

std::string number(const Json& entry, const char* key)
{
    const auto found = entry.find(key);
    if (found == entry.end() || found->is_null())
        return "-";
    if (!found->is_number_float())
        return found->is_string() ? found->get<std::string>() : found->dump();
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.6g", found->get<double>());
    return text.data();
}

Row rowOf(const Json& entry)
{
    std::string shape;
    for (const auto& length : entry.value("shape", Json::array()))
        shape += (shape.empty() ? "" : "x") + length.dump();
    return { entry.value("path", entry.value("name", std::string())), shape, number(entry, "min"),
        number(entry, "max"), number(entry, "mean"), number(entry, "std"), number(entry, "zeros"),
        number(entry, "nan") };
}

std::string table(const std::string& title, const Json& entries)
{
    if (!entries.is_array() || entries.empty())
        return {};
    std::vector<Row> rows = { { title, "shape", "min", "max", "mean", "std", "zeros", "nan" } };
    for (const auto& entry : entries)
        rows.push_back(rowOf(entry));
    std::array<std::size_t, std::tuple_size_v<Row>> widths{};
    for (const auto& row : rows)
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], row[i].size());
    std::string text = "\n";
    for (const auto& row : rows) {
        std::string line = row[0] + std::string(widths[0] - row[0].size(), ' ');
        for (std::size_t i = 1; i < row.size(); ++i)
            line += "  " + std::string(widths[i] - row[i].size(), ' ') + row[i];
        text += line + "\n";
    }
    return text;
}

} // namespace

std::string weightTable(const Json& document)
{
    std::string text;
    if (const auto model = document.find("model"); model != document.end() && model->is_object()) {
        Json weights = Json::array();
        for (const auto& layer : model->value("layers", Json::array()))
            for (const auto& weight : layer.value("weights", Json::array()))
                weights.push_back(weight);
        text += table("weight", weights);
    }
    if (const auto optimizer = document.find("optimizer");
        optimizer != document.end() && optimizer->is_object())
        text += table("optimizer variable", optimizer->value("variables", Json()));
    return text;
}

} // namespace layerscope::cli
