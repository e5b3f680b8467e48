#pragma once

#include "model/layers/layer_call.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace layerscope::layers {

/// What all layers of a model share while it is lowered.
struct ModelLowering
{
    ModelLowering(ops::Builder& builder_, const Network& network_, const LoweringOptions& options_)
        : builder(builder_)
        , network(network_)
        , options(options_)
    {
    }

    ops::Builder& builder;
    const Network& network;
    const LoweringOptions& options;
    std::vector<ops::Value> variables; ///< by WeightIndex
    std::vector<ops::Value> penalties; ///< regularization, one scalar each
    std::set<std::pair<WeightIndex, std::string>> penalized; ///< a shared layer counts once
    std::vector<StateUpdate> stateUpdates;
    std::map<std::int32_t, ops::Value> logits; ///< by Value::id of a softmax's or sigmoid's output
    /// Numbers that are known when the graph is built (lengths of axes), by Value::id: graphs of
    /// TensorFlow functions compute shapes from them.
    std::map<std::int32_t, Json> knownNumbers;
    std::int64_t randomStreams = 0; ///< each random layer call draws from a stream of its own
    std::map<std::string, int> callCounts; ///< by path
    std::size_t callCount = 0; ///< of all layers
    std::size_t constantBytes = 0; ///< of the matrices that resizing makes
};

/// One call of one layer, being lowered: what it is given and how it answers.
///
/// Shapes are static here. After a failure (Builder::fail) values are absent and the rest of the
/// lowering changes nothing, so that rules read straight on.
class LayerLowering
{
public:
    LayerLowering(ModelLowering& model, const Layer& layer, std::vector<WeightIndex> weights);

    ModelLowering& model;
    ops::Builder& builder;
    const Layer& layer;
    LayerConfig config;
    KerasGeneration generation;
    BoundCall call;
    std::vector<ops::Value> inputs; ///< in the order of the call's tensors
    std::vector<ops::Value> masks; ///< beside the inputs; absent where there is none
    std::vector<ops::Value> outputMasks; ///< filled by maskOutput
    DType computeType = DType::Float32;

    bool isKeras3() const { return generation == KerasGeneration::Keras3; }
    /// Batch statistics rather than moving ones. A frozen layer runs in inference mode.
    bool isTraining() const;
    bool hasNoise() const { return isTrainingCall() && model.options.noise == Noise::On; }

    /// The first tensor, and others by number. Absent, with an error, where it is not given.
    ops::Value input(std::size_t index = 0);
    ops::Value mask(std::size_t index = 0) const;
    void maskOutput(std::size_t output, ops::Value mask);

    /// The same in the layer's compute type, whatever its own (integers too).
    ops::Value floating(std::size_t index = 0);

    /// The layer's weight `index` in the compute type. `regularizer` is the configuration key of
    /// its penalty ("kernel_regularizer"), which is added to the model's once.
    ops::Value weight(std::size_t index, std::string_view regularizer = {});
    /// The same for the weight whose name ends in `name` ("kernel" finds "dense/kernel:0"); where
    /// none does, as in files of Keras 1, the weight at the position that the layer's variables
    /// have in Keras's order.
    ops::Value weightNamed(std::string_view name, std::string_view regularizer = {});
    /// The variable itself, as it is stored.
    ops::Value variable(std::size_t index);
    std::size_t weightCount() const { return m_weights.size(); }
    const std::vector<WeightIndex>& weightIndices() const { return m_weights; }
    /// Its value after the updates of earlier calls of a shared layer.
    ops::Value state(std::size_t index);
    void update(std::size_t index, ops::Value newValue);

    /// Adds a penalty on what the layer gives out ("activity_regularizer").
    /// The batch size divides it, so that its strength does not depend on that.
    void penalizeActivity(const Json& regularizer, ops::Value output);

    /// Uniform numbers of [0, 1) and normal ones, of the layer's compute type, for noise.
    ops::Value uniform(const Shape& shape);
    ops::Value normal(const Shape& shape);

    /// The activation that the configuration names under `key`; `otherwise` if it names none.
    ops::Value activate(ops::Value x, std::string_view key, const char* otherwise = "linear");
    /// Keeps what went into a softmax or sigmoid for losses that look through it.
    void rememberLogits(ops::Value output, ops::Value logits);

    /// Lowers a layer or model inside this one (a wrapped layer) on the given inputs with the given
    /// ones of this layer's weights.
    std::vector<ops::Value> lowerInner(const Layer& inner, std::vector<ops::Value> innerInputs,
        std::vector<ops::Value> innerMasks, const BoundCall& innerCall,
        std::vector<WeightIndex> weights, std::vector<ops::Value>* innerOutputMasks = nullptr);

    /// The length of an axis; 0, with an error, where there is no such axis.
    std::int64_t length(ops::Value x, std::int64_t axis);
    /// Whether the graph may still grow: a file of a few kilobytes can ask for one that no memory
    /// holds. Fails when it may not.
    bool mayGrow();
    void fail(std::string message, ErrorKind kind = ErrorKind::ShapeMismatch);

private:
    bool isTrainingCall() const { return model.options.mode == Mode::Training; }

    std::vector<WeightIndex> m_weights;
};

/// Runs a layer's type on a prepared call: casts inputs, lowers, passes masks, adds the activity
/// penalty. Fails with Unsupported for a class that cannot run.
std::vector<ops::Value> lowerLayer(LayerLowering& call);

/// What a model of the tree gives out.
struct ModelOutputs
{
    std::vector<ops::Value> values;
    std::vector<ops::Value> masks; ///< beside the values; absent where there is none
};

/// Lowers a model of the tree (the root or a nested one) on given inputs. `path` are the names down
/// to the model; outputs of its layers are recorded in `record` unless that is null.
ModelOutputs lowerNested(ModelLowering& model, const Layer& nested,
    const std::vector<std::string>& path, std::vector<ops::Value> inputs,
    std::vector<ops::Value> masks, std::vector<LayerOutput>* record);

/// Shares out weights that a wrapper holds in one list (trainable ones first) among the layers of
/// the model that it wraps.
void assignInnerWeights(
    Layer& model, const std::vector<WeightIndex>& weights, KerasGeneration generation);

} // namespace layerscope::layers
