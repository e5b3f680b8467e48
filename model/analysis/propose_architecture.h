#pragma once

#include "model/network/network.h"

namespace layerscope::analysis {

/// A class that the shapes of a layer's weights allow, with what its configuration would be.
struct ProposedClass
{
    std::string className; ///< "Dense"
    Json config; ///< without name; activations are linear, since weights do not tell
    std::vector<WeightIndex> weights; ///< in the order that the class lists them
    double confidence = 0; ///< 0 to 1
    std::string reason; ///< "kernel [784, 10] and bias [10]"
};

/// A layer of the weights' file, or one that must stand between two of them.
struct ProposedLayer
{
    std::string name;
    std::vector<ProposedClass> choices; ///< the likeliest first; empty: nothing known fits
    std::size_t chosen = 0;

    bool isKnown() const { return chosen < choices.size(); }
    const ProposedClass& choice() const { return choices[chosen]; }
};

/// An architecture that the shapes of weights allow: a guess for a person to look at and change.
struct Proposal
{
    std::vector<ProposedLayer> layers; ///< in the order of the file
    std::optional<PartialShape> inputShape; ///< without batch; nothing where it cannot be told
    std::string knownModel; ///< "VGG16 without its top", where the shapes are those of one
    bool isOrderGuessed = false; ///< the file lists layers by class
    std::vector<std::string> remarks; ///< what is uncertain, one sentence each
};

/// Layers from shapes and names alone (field.md 4, number 22): Dense, Conv1D/2D/3D,
/// DepthwiseConv2D, SeparableConv2D, BatchNormalization, LayerNormalization, LSTM, GRU, SimpleRNN,
/// Embedding, PReLU, and Bidirectional where names tell. Between a convolution and a Dense layer
/// whose sizes show a spatial size stands a Flatten. Names are believed where they agree with the
/// shapes. Errors  InvalidArgument where the network has an architecture, or no weights
Result<Proposal> proposeArchitecture(const Network& weights);

/// After other classes were chosen: finds again what stands between the layers, the input's shape
/// and the remarks.
void arrange(Proposal& proposal, const Network& weights);

/// The proposal with the weights in it: a Sequential in Keras 3's configuration.
/// Errors  Unsupported, naming the layer, where a layer has no class, or the shapes of two
///         neighbours cannot follow each other
Result<Network> networkOf(const Proposal& proposal, const Network& weights);

/// The proposal as aligned text, a line for each layer, the remarks below.
std::string proposalText(const Proposal& proposal);

} // namespace layerscope::analysis
