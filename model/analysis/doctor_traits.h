#pragma once

#include "model/core/sentence.h"
#include "model/network/network.h"

#include <string>
#include <vector>

namespace layerscope::analysis {

/// What a file of a model is kept in, as far as Keras's loaders care.
enum class Container {
    Hdf5, ///< a whole model, legacy layout
    Hdf5Weights, ///< weights alone, legacy layout
    Archive, ///< .keras
    NewWeights, ///< .weights.h5 of 2.12 and later
    SavedModel,
    InferenceGraph, ///< a SavedModel without Keras's part
    Checkpoint,
    Arrays, ///< .npz, .safetensors
};

/// What decides which Keras loads a model and which resumes it; gathered in one walk.
struct Traits
{
    explicit Traits(const Network& network);

    const Network& network;
    Container container = Container::Hdf5;
    int major = 0; ///< of the Keras that wrote it; 0 where the file does not say
    int minor = 0;
    bool needsTfKeras = false; ///< it uses words that only tf_keras, 2.16 and later, knows
    bool isUnreadable = false; ///< values are damaged or missing, at which every Keras stops
    bool hasModel = true; ///< an architecture, not weights alone

    bool isNested = false; ///< a model is called in the graph of another one
    std::vector<std::string> customClasses; ///< "registered>Name", each once
    std::vector<std::string> customFunctions;
    std::vector<std::string> codeLayers; ///< paths of Lambda layers
    std::vector<std::string> foreignLayers; ///< paths of TFSMLayer
    std::vector<std::string> operations; ///< classes of Keras 3 operations in the graph
    std::vector<std::string> tensorflowOps; ///< paths of TFOpLambda, SlicingOpLambda
    std::vector<std::string> timeMajor; ///< paths of layers with the key time_major
    std::vector<std::string> depthwiseGroups; ///< of convolutions with a key groups that Keras 3
                                              ///< does not expect there
    std::vector<std::string> listedAxes; ///< of BatchNormalization with axis [k]
    std::vector<std::string> oddNames; ///< of layers whose names Keras 2 refuses as scopes
    std::vector<std::string> spectralLayers;
    std::vector<std::string> newLayers; ///< classes that Keras 2 does not have
    Sentence keras3Refuses; ///< why Keras 3 stops at one of the layers in a Keras 2 file; may be
                            ///< empty
    Sentence anyH5Refuses; ///< why Keras 3 stops at one of them in any .h5 file
    bool isBFloat16 = false;

    std::vector<std::string> shortNames; ///< losses like "mse"
    bool hasAutoReduction = false; ///< a loss object that says reduction: auto
    bool hasOldRate = false; ///< the optimizer's configuration says lr
    std::vector<std::string> customLosses;
    std::vector<std::string> customMetrics;

    bool hasSlots = false; ///< optimizer variables beyond iteration and learning rate
    bool isLossScaled = false;
    bool isCompiled = false;

    bool isKeras3() const { return network.generation == KerasGeneration::Keras3; }
    bool needsCustomObjects() const
    {
        return !customClasses.empty() || !customFunctions.empty() || !customLosses.empty()
            || !customMetrics.empty();
    }
};

/// The letter that the doctor gives to an optimizer's way of naming and ordering its variables.
/// A: Keras 2.10 and earlier, and optimizers.legacy. B: 2.11-2.15 and tf_keras. C: Keras 3 by name.
/// D: by position alone, as .keras and .weights.h5 have them.
std::string dialectLetter(const Traits& traits);

} // namespace layerscope::analysis
