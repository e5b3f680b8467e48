#include "model/training/specification.h"

namespace layerscope::training {
namespace {

/// The metrics of one output as a flat list; null entries are left out.
std::vector<Json> flattened(const Json& value)
{
    std::vector<Json> result;
    if (isSingleSpecification(value)) {
        result.push_back(value);
    } else if (value.is_array()) {
        for (const Json& item : value) {
            for (Json& inner : flattened(item))
                result.push_back(std::move(inner));
        }
    }
    return result;
}

bool holdsLists(const Json& list)
{
    for (const Json& item : list) {
        if (item.is_array())
            return true;
    }
    return false;
}

} // namespace

bool isSingleSpecification(const Json& value)
{
    return value.is_string() || (value.is_object() && value.contains("class_name"));
}

std::vector<Json> specificationForOutputs(
    const Json& specification, const std::vector<std::string>& outputNames)
{
    std::vector<Json> result(outputNames.size());
    if (isSingleSpecification(specification) || specification.is_number()) {
        for (Json& item : result)
            item = specification;
    } else if (specification.is_array()) {
        for (std::size_t i = 0; i < result.size() && i < specification.size(); ++i)
            result[i] = specification[i];
    } else if (specification.is_object()) {
        for (std::size_t i = 0; i < result.size(); ++i) {
            if (specification.contains(outputNames[i]))
                result[i] = specification[outputNames[i]];
        }
        // A single output may go by another name than the one we know it by.
        if (result.size() == 1 && result[0].is_null() && specification.size() == 1)
            result[0] = specification.begin().value();
    }
    return result;
}

std::vector<std::vector<Json>> metricsForOutputs(
    const Json& specification, const std::vector<std::string>& outputNames, bool keras3)
{
    std::vector<std::vector<Json>> result(outputNames.size());
    if (outputNames.size() == 1 && specification.is_array()) {
        result[0] = flattened(specification);
        return result;
    }
    const bool oneForEach = specification.is_array()
        && (holdsLists(specification) || (keras3 && specification.size() == outputNames.size()));
    if (specification.is_array() && !oneForEach) {
        for (auto& list : result)
            list = flattened(specification);
        return result;
    }
    const std::vector<Json> dealt = specificationForOutputs(specification, outputNames);
    for (std::size_t i = 0; i < result.size(); ++i)
        result[i] = flattened(dealt[i]);
    return result;
}

} // namespace layerscope::training
