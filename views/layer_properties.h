#pragma once

#include "model/network/network.h"
#include "views/property_item_model.h"

#include <functional>
#include <map>
#include <string>

namespace layerscope::views {

/// What is known apart from the network itself.
struct Knowledge
{
    const std::map<std::string, PartialShape>* outputShapes = nullptr; ///< by path joined by '/'
    std::function<SharedStatistics(const ValueSource&)> statistics; ///< null where not known yet
};

/// The layer of that path and the model that holds it; null where there is none.
struct FoundLayer
{
    const Layer* layer = nullptr;
    const Layer* holder = nullptr; ///< null for the model itself
};
FoundLayer findLayer(const Network& network, const QStringList& path);

/// Everything to say about a layer: shapes, parameters, weights, optimizer slots, configuration.
std::vector<Property> propertiesOfLayer(
    const Network& network, const QStringList& path, const Knowledge& knowledge);

/// Everything to say about the model as a whole: totals, training set-up, optimizer, file,
/// problems.
std::vector<Property> propertiesOfModel(const Network& network);

/// The figures of one array.
std::vector<Property> propertiesOf(const analysis::Statistics& statistics);

/// A JSON value as a tree; long lists are shortened, and say so.
Property propertyOfJson(const QString& name, const Json& value);

/// "HDF5", "Keras archive" … for a FORMAT name of the command line.
QString formatTitle(const std::string& format);

} // namespace layerscope::views
