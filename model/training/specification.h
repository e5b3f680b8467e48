#pragma once

#include "model/core/json.h"

#include <string>
#include <vector>

namespace layerscope::training {

/// Whether `value` names one loss, metric or schedule: a string or {"class_name", …}.
bool isSingleSpecification(const Json& value);

/// Deals a specification out to the outputs: one for all, a list in their order, or a mapping by
/// output name. Outputs that get none have null.
std::vector<Json> specificationForOutputs(
    const Json& specification, const std::vector<std::string>& outputNames);

/// The metrics of each output, out of the many forms in which compile() takes and files keep them:
/// one, a list for all outputs, a list for each, a mapping; of single items or lists.
std::vector<std::vector<Json>> metricsForOutputs(
    const Json& specification, const std::vector<std::string>& outputNames, bool keras3);

} // namespace layerscope::training
