#pragma once

#include "model/core/json.h"
#include "model/core/stored_tensor.h"

#include <any>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace layerscope {

/// Which Keras wrote a thing, as far as its dialect goes.
enum class KerasGeneration {
    Keras1,
    Legacy, ///< Keras 2.0–2.10 (and optimizers.legacy of later ones)
    Keras2, ///< 2.11–2.15 and tf_keras
    Keras3,
};

/// A JSON text and what it says. An untouched one is written back letter for letter.
class JsonText
{
public:
    JsonText() = default;
    static Result<JsonText> parse(std::string text);
    explicit JsonText(Json value);

    bool isEmpty() const { return m_value.is_null() && m_text.empty(); }
    const Json& value() const { return m_value; }
    const std::string& text() const { return m_text; }

private:
    std::string m_text;
    Json m_value;
};

/// Position of a weight in Network::weights.
using WeightIndex = std::size_t;

/// One variable of a layer.
struct Weight
{
    std::string name; ///< as the file names it: "dense/kernel:0" (Keras 2), "kernel" (Keras 3)
    std::string path; ///< the full variable path where it is known, else the name
    bool trainable = true; ///< false for moving statistics, in a frozen layer, and (Keras 2) in a
                           ///< frozen model
    StoredTensor value;
};

/// The output `tensor` of call number `call` of layer number `layer` among the layers of one model.
struct TensorReference
{
    std::size_t layer = 0;
    std::size_t call = 0;
    std::size_t tensor = 0;
    bool operator==(const TensorReference&) const = default;
};

/// What a layer call gets as one argument: a tensor, a literal, or a list or mapping of arguments.
struct Argument
{
    using List = std::vector<Argument>;
    using Mapping = std::vector<std::pair<std::string, Argument>>;
    std::variant<Json, TensorReference, List, Mapping> content;

    /// All tensors inside, in order.
    std::vector<TensorReference> tensors() const;
};

/// One use of a layer (a Keras "node"): positional arguments and keyword arguments.
struct Call
{
    std::vector<Argument> arguments;
    std::vector<std::pair<std::string, Argument>> keywords;

    /// The tensors of the positional arguments, in order, then those of the keywords.
    std::vector<TensorReference> tensors() const;
};

enum class LayerKind {
    Layer, ///< a layer proper, wrappers (Bidirectional, TimeDistributed …) included
    Operation, ///< a Keras 3 operation node (`x + y`, keras.ops.*): in the graph, not in
               ///< model.layers
    Sequential,
    Functional,
    Subclassed, ///< a model whose graph is Python code: layers and weights are known, calls are not
};

/// A layer, or a model with layers of its own. The model of a file is the root of this tree.
///
/// Wrappers (Bidirectional, TimeDistributed, RNN …) are leaves: what they hold stays in `config`,
/// and their weights list everything inside, in Keras's order.
struct Layer
{
    std::string name;
    std::string className; ///< without a "package>" prefix
    std::string registeredName; ///< "package>Class" where the file says so, else empty
    std::string module; ///< "keras.layers", "keras.src.ops.numpy"; empty in .h5 before Keras 3
    LayerKind kind = LayerKind::Layer;
    Json config; ///< the object under "config"; a model's without its layers, save the InputLayer
                 ///< of a Sequential, which is not among Layer::layers
    bool trainable = true; ///< the layer's own flag; whether a weight is trained, Weight says
    std::string dtypePolicy = "float32"; ///< "float32", "mixed_float16" …
    std::vector<WeightIndex> weights; ///< trainable ones, then the others; empty for models
    Json builtFor; ///< the input shape it was built for, [null, 8], where the file tells it apart
                   ///< from the architecture; else null
    Json vocabulary; ///< words of a lookup layer in the order of their indices, without the special
                     ///< ones, where the file keeps them apart from the architecture; else null
    std::vector<Call>
        calls; ///< its uses in the model that holds it, in order; empty in a Sequential

    // Models only.
    std::vector<Layer> layers; ///< in the order of the configuration (Keras's model.layers)
    std::vector<TensorReference> inputs; ///< Functional: in the order of the model's inputs
    std::vector<TensorReference> outputs;
    std::vector<std::string>
        inputNames; ///< where inputs are a mapping (a dict of tensors), else empty
    std::vector<std::string> outputNames;

    bool isModel() const { return kind >= LayerKind::Sequential; }
    /// Whether it turns words or numbers into indices.
    bool isLookup() const
    {
        return className == "StringLookup" || className == "IntegerLookup"
            || className == "TextVectorization";
    }
};

/// Loss, metrics and optimizer as `compile` got them: the object under training_config or
/// compile_config, key for key.
struct TrainingSetup
{
    JsonText source;

    Json optimizer() const; ///< {"class_name", "config", …}; null where it is missing
    Json loss() const;
    Json lossWeights() const;
    Json metrics() const;
    Json weightedMetrics() const;
};

/// What an optimizer variable is for.
enum class SlotRole {
    Iteration,
    LearningRate,
    Slot, ///< belongs to one weight: momentum, velocity …
    Scalar, ///< belongs to the optimizer: Nadam's product, a loss scale …
    Unknown,
};

struct OptimizerVariable
{
    std::string name; ///< as the file names it
    std::string path;
    SlotRole role = SlotRole::Unknown;
    std::string slot; ///< Keras 3's name of the slot: "momentum", "velocity", "velocity_hat" …
    std::optional<WeightIndex> weight; ///< for role Slot
    StoredTensor value;
};

struct OptimizerState
{
    std::string className; ///< "Adam", without "Custom>"
    KerasGeneration dialect = KerasGeneration::Keras3; ///< decides order, names and arithmetic
    Json config;
    std::optional<std::int64_t> iterations;
    std::vector<OptimizerVariable> variables; ///< in the file's order
};

enum class Severity { Error, Warning, Note };

/// Something odd about a file: what, where, and what to do about it.
struct Problem
{
    Severity severity = Severity::Note;
    std::string where;
    std::string what;
    std::string remedy;
};

/// What is known about the file a Network came from.
struct FileFacts
{
    std::filesystem::path path;
    std::string format; ///< a FORMAT name of the command line: "h5", "h5-keras2", "keras" …
    bool weightsOnly = false;
    std::uint64_t bytes = 0;
    std::string kerasVersion; ///< empty where the file does not say
    std::string tensorflowVersion;
    std::string backend;
};

struct FunctionGraph;

/// A saved model as a value: everything that the file holds, what we understand and what we do not.
///
/// Copies are cheap enough to be snapshots (weights are StoredTensor and share their bytes).
struct Network
{
    FileFacts file;
    JsonText architecture; ///< {"class_name", "config", …} as read; empty for weights-only files
    Layer model; ///< the typed view over `architecture`
    std::vector<Weight> weights; ///< in Keras's model.weights order
    std::optional<TrainingSetup> training;
    std::optional<OptimizerState> optimizer;
    Json history; ///< loss history stored in the file: {"loss": […], …}; null if there is none
    std::vector<Problem> problems;
    KerasGeneration generation = KerasGeneration::Keras3;

    /// Computations that the file holds as graphs of ops, where it has no layers; null else.
    std::shared_ptr<const std::vector<FunctionGraph>> functions;

    /// What the format that read the file wants back when it writes: only that format looks inside.
    std::any carried;
};

/// Visits `model` and every layer below it, depth first, each with its path of names (the root's
/// own path is empty).
using LayerVisitor = std::function<void(const Layer&, const std::vector<std::string>& path)>;
void visitLayers(const Layer& model, const LayerVisitor& visit);

/// Trainable weights in Keras's model.trainable_variables order: what optimizer slots are counted
/// by.
std::vector<WeightIndex> trainableWeights(const Network& network);

} // namespace layerscope
