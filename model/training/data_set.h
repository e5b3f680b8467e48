#pragma once

#include "model/core/job_context.h"
#include "model/core/tensor.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace layerscope::training {

/// Rows to learn from: one array for each model input and each model output, all with the same
/// first axis.
struct DataSet
{
    std::string name; ///< "digits.csv", "builtin:iris"
    std::vector<Tensor> inputs;
    std::vector<std::string> inputNames; ///< empty, or one for each input (`x:<name>`)
    std::vector<Tensor> targets;
    std::vector<std::string> targetNames;
    std::optional<Tensor> sampleWeights; ///< [rows]
    std::vector<std::string> classNames; ///< where targets are class numbers that have names

    std::int64_t rows() const
    {
        return inputs.empty() || inputs[0].shape().empty() ? 0 : inputs[0].shape()[0];
    }
};

struct DataSetRequest
{
    std::string source; ///< a path (.npz, .csv) or "builtin:NAME"
    std::vector<std::string> targetColumns
        = {}; ///< for .csv: names of columns; empty: the last one
    std::filesystem::path inputFile = {},
                          targetFile = {}; ///< --x X.npy --y Y.npy, instead of `source`
};

/// Reads a data set. Errors say file, row and column.
Result<DataSet> loadDataSet(const DataSetRequest& request, const JobContext& job = {});

/// The column titles of a CSV file, to choose targets from.
Result<std::vector<std::string>> csvColumns(const std::filesystem::path& path);

struct BuiltinDataSet
{
    std::string name; ///< "spirals", "circles", "xor", "plane", "iris", "digits"
    std::string title; ///< for people
    std::int64_t rows;
    Shape inputShape; ///< without the row axis
    int classes; ///< 0 for regression
};
std::vector<BuiltinDataSet> builtinDataSets();

/// Shapes a data set for a model: flattens or adds a channel axis, class numbers to one-hot or the
/// reverse, dtypes. Errors  ShapeMismatch, naming both shapes, where no lossless way exists
Result<DataSet> fitToModel(DataSet data, const std::vector<PartialShape>& inputShapes,
    const std::vector<PartialShape>& outputShapes, const std::vector<std::string>& inputNames,
    const std::vector<std::string>& outputNames, const std::vector<std::string>& lossNames);

} // namespace layerscope::training
