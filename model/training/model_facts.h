#pragma once

#include "model/network/network.h"
#include "model/training/data_set.h"
#include "model/training/trainer.h"

namespace layerscope::training {

/// What a model takes and gives.
struct ModelFacts
{
    std::vector<std::string> inputNames;
    std::vector<PartialShape> inputShapes;
    std::vector<DType> inputTypes;
    std::vector<std::string> outputNames;
    std::vector<PartialShape> outputShapes; ///< for the data's shapes; the batch axis open
};

/// Finds out by lowering the model for one row of `data`, whose inputs are brought into shape.
/// Errors  Unsupported (a layer that cannot run), ShapeMismatch
Result<ModelFacts> modelFacts(const Network& network, const std::vector<Tensor>& inputs,
    const std::vector<std::string>& inputNames);

/// `inputs` in the model's order and shapes.
Result<std::vector<Tensor>> fitInputs(const std::vector<Tensor>& inputs,
    const std::vector<std::string>& names, const std::vector<PartialShape>& shapes,
    const std::vector<std::string>& modelNames);

/// A data set that fits, with what is known of the model.
struct FittedData
{
    DataSet data;
    ModelFacts facts;
    std::vector<std::string> lossNames;
};
Result<FittedData> fitData(const Network& network, DataSet data, const TrainingOptions& options);

} // namespace layerscope::training
