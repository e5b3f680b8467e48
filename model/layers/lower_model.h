#pragma once

#include "model/core/sentence.h"
#include "model/network/network.h"
#include "model/ops/builder.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace layerscope::layers {

enum class Mode { Inference, Training };
enum class Noise { Off, On }; ///< dropout and the like in training mode

struct LoweringOptions
{
    Mode mode = Mode::Inference;
    Noise noise = Noise::On;
    ops::Value seed; ///< int64 [2], for Noise::On; see Builder::randomUniform
};

/// One output of one layer call.
struct LayerOutput
{
    std::vector<std::string> path; ///< names from the outermost model inward
    int call = 0; ///< counts the calls of that layer (in order of execution)
    int output = 0;
    ops::Value value;
};

/// Weights that running in training mode changes by itself (moving averages of BatchNormalization).
struct StateUpdate
{
    WeightIndex weight;
    ops::Value newValue;
};

struct LoweredModel
{
    std::vector<ops::Value> inputs; ///< graph inputs in the model's order, one for each model input
    std::vector<std::string> inputNames;
    std::vector<ops::Value> outputs;
    std::vector<std::string>
        outputNames; ///< the names Keras gives losses and metrics of that output
    std::vector<ops::Value>
        outputMasks; ///< Keras's propagated masks (Bool), absent where there is none
    std::vector<ops::Value>
        outputLogits; ///< where an output is softmax or sigmoid: what went in, else absent
    std::vector<ops::Value> weights; ///< graph variables, one for each Network::weights entry
    std::vector<LayerOutput> layerOutputs;
    std::vector<StateUpdate> stateUpdates;
    ops::Value regularization; ///< sum of all regularizers' penalties; absent if there are none
};

/// Lowers the whole model to ops for one batch size.
///
/// inputShapes   one for each model input, batch included; empty: taken from the configuration with
///               `batch` for the open batch axis (open inner axes are then an error)
/// Errors        Unsupported with the layer's path and class when a layer cannot run; ShapeMismatch
Result<LoweredModel> lowerModel(ops::Builder& builder, const Network& network, std::int64_t batch,
    const std::vector<Shape>& inputShapes, const LoweringOptions& options);

/// The output shape of every layer, as Keras's `layer.output_shape` tells it: by path. Works for
/// layers that cannot run as well, where a rule is known; a layer whose shape cannot be known is
/// absent. A layer with several outputs or calls reports its first.
std::map<std::string, PartialShape> inferOutputShapes(
    const Network& network); // key: path joined by '/'

/// All output shapes of a layer. Keras tells a bare shape where there is one output and a list
/// where there are several; tf.keras 2 tells a list of one for an InputLayer of a Functional model.
struct LayerShapes
{
    std::vector<PartialShape> shapes;
    bool isList = false;
};

/// As inferOutputShapes, with every output and Keras's own structure.
std::map<std::string, LayerShapes> inferLayerShapes(const Network& network);

/// What the first call of every layer is given as its input (a merging layer's are several): by
/// path. Layers whose inputs have shapes that cannot be known are absent.
std::map<std::string, std::vector<PartialShape>> inferInputShapes(const Network& network);

/// Shapes and dtypes of the model's inputs as the configuration tells them (batch open).
struct ModelInput
{
    std::string name;
    PartialShape shape;
    DType dtype = DType::Float32;
};
Result<std::vector<ModelInput>> modelInputs(const Network& network);

/// The first layer that stands in the way of running the model: its path and class; nothing if all
/// can run.
std::optional<std::string> whatCannotRun(const Network& network);

/// One sentence that explains what a layer computes, with its own numbers in it (for the
/// inspector). Its clauses are marked for translation in the context "layers".
Clauses explain(const Layer& layer, const Network& network);

} // namespace layerscope::layers
