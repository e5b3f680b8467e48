#include "model/layers/recurrent_cells.h"

#include <algorithm>

namespace layerscope::layers {

namespace {

std::string plainCellName(const std::string& className)
{
    std::string name = className.rfind("CuDNN", 0) == 0 ? className.substr(5) : className;
    const auto end = name.rfind("Cell");
    return end != std::string::npos && end + 4 == name.size() ? name.substr(0, end) : name;
}

} // namespace

Layer cellOfLayer(const Layer& recurrent)
{
    if (recurrent.className != "RNN")
        return recurrent;
    const LayerConfig config(recurrent.config);
    const Json& cell = config.get("cell");
    if (!cell.is_array())
        return innerLayer(cell, recurrent);
    // A list of cells is what Keras wraps into StackedRNNCells.
    Layer stacked = recurrent;
    stacked.className = "StackedRNNCells";
    stacked.config = Json::object({ { "cells", cell } });
    return stacked;
}

std::vector<Layer> innerCells(const Layer& cell)
{
    if (cell.className != "StackedRNNCells")
        return { cell };
    const LayerConfig config(cell.config);
    std::vector<Layer> cells;
    const Json& entries = config.get("cells");
    if (entries.is_array())
        for (const Json& entry : entries)
            cells.push_back(innerLayer(entry, cell));
    return cells;
}

std::optional<CellSizes> cellSizes(const Layer& cell)
{
    const LayerConfig config(cell.className, cell.config);
    if (cell.className == "StackedRNNCells") {
        CellSizes sizes;
        for (const Layer& inner : innerCells(cell)) {
            if (inner.className == "StackedRNNCells")
                return std::nullopt;
            const auto innerSizes = cellSizes(inner);
            if (!innerSizes)
                return std::nullopt;
            sizes.output = innerSizes->output;
            sizes.states.insert(
                sizes.states.end(), innerSizes->states.begin(), innerSizes->states.end());
        }
        return sizes.states.empty() ? std::nullopt : std::optional(sizes);
    }
    const std::string name = plainCellName(cell.className);
    const auto units = config.integer("units", 0);
    if (units <= 0)
        return std::nullopt;
    if (name == "LSTM")
        return CellSizes{ units, { units, units } };
    if (name == "GRU" || name == "SimpleRNN")
        return CellSizes{ units, { units } };
    return std::nullopt;
}

} // namespace layerscope::layers
