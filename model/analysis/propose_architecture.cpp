#include "model/analysis/propose_architecture.h"

#include "model/analysis/proposal_shapes.h"
#include "model/core/text_table.h"
#include "model/network/attach_slots.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

namespace layerscope::analysis {

namespace {

constexpr double sure = 0.95;
constexpr double doubtful = 0.5;

/// What flows between two layers of a sequence.
struct Stream
{
    std::optional<std::int64_t> channels;
    std::size_t axes = 0; ///< before the channels: 0 for plain features
};

std::vector<NamedShape> shapesOf(const Network& network, const std::vector<WeightIndex>& indices)
{
    std::vector<NamedShape> shapes;
    for (const WeightIndex index : indices)
        shapes.push_back({ index, network::variableName(network.weights[index].path),
            network.weights[index].value.shape() });
    return shapes;
}

ProposedLayer between(const std::string& name, std::vector<ProposedClass> choices)
{
    ProposedLayer layer;
    layer.name = name;
    layer.choices = std::move(choices);
    return layer;
}

bool isRecurrent(const std::string& className)
{
    return className == "LSTM" || className == "GRU" || className == "SimpleRNN"
        || className == "Bidirectional";
}

/// Walks along the sequence, adds what must stand between, and sets what that tells.
class Arranger
{
public:
    Arranger(Proposal& proposal, const Network& weights)
        : m_proposal(proposal)
        , m_weights(weights)
    {
    }

    void run()
    {
        std::vector<ProposedLayer> given;
        for (ProposedLayer& layer : m_proposal.layers)
            if (!layer.isKnown() || !layer.choice().weights.empty())
                given.push_back(std::move(layer));
        m_proposal.layers.clear();
        m_proposal.inputShape.reset();
        m_proposal.remarks.clear();
        for (ProposedLayer& layer : given)
            take(std::move(layer));
        if (m_spatial && m_proposal.inputShape)
            for (std::size_t axis = 0; axis + 1 < m_proposal.inputShape->size(); ++axis)
                (*m_proposal.inputShape)[axis] = *m_spatial;
        if (m_spatial && m_isEmbedded)
            m_proposal.inputShape = PartialShape{ *m_spatial };
    }

private:
    void take(ProposedLayer layer)
    {
        if (!layer.isKnown()) {
            remark("Layer '" + layer.name + "': no class that is known has these weights.");
            m_stream.channels.reset();
            m_proposal.layers.push_back(std::move(layer));
            return;
        }
        const ProposedClass& choice = layer.choice();
        const Flow flow = flowOf(choice, shapesOf(m_weights, choice.weights));
        if (!m_hasInput)
            setInput(choice, flow);
        else if (flow.channelsIn && m_stream.channels)
            connect(layer, flow);
        if (flow.channelsOut)
            m_stream.channels = flow.channelsOut;
        if (flow.spatialAxes)
            m_stream.axes = *flow.spatialAxes;
        if (isRecurrent(choice.className))
            m_recurrent = m_proposal.layers.size();
        m_proposal.layers.push_back(std::move(layer));
        if (m_recurrent == m_proposal.layers.size() - 1)
            setSequences(m_proposal.layers.back(), false);
    }

    void setInput(const ProposedClass& choice, const Flow& flow)
    {
        m_hasInput = true;
        m_isEmbedded = choice.className == "Embedding";
        if (!flow.channelsIn)
            return;
        PartialShape shape(flow.spatialAxes.value_or(0), openDimension);
        if (!m_isEmbedded)
            shape.push_back(*flow.channelsIn);
        m_proposal.inputShape = shape;
        m_stream.channels = flow.channelsIn;
        m_stream.axes = flow.spatialAxes.value_or(0);
    }

    void connect(const ProposedLayer& layer, const Flow& flow)
    {
        const std::int64_t wanted = *flow.channelsIn;
        const bool wantsAxes = flow.spatialAxes.value_or(0) > 0;
        const bool afterRecurrent = m_recurrent && m_stream.axes == 1;
        if (wantsAxes && afterRecurrent)
            setSequences(m_proposal.layers[*m_recurrent], true);
        const bool isDense = layer.choice().className == "Dense";
        if (!isDense || m_stream.axes == 0) {
            if (wanted != *m_stream.channels)
                mismatch(layer, wanted);
            return;
        }
        if (afterRecurrent && wanted == *m_stream.channels) {
            m_stream.axes = 0; // the last step alone
            return;
        }
        flatten(layer, wanted);
    }

    /// Dense after layers that keep their axes.
    void flatten(const ProposedLayer& layer, std::int64_t wanted)
    {
        const std::int64_t channels = *m_stream.channels;
        const std::string axes = std::to_string(m_stream.axes) + "D";
        const ProposedClass pool{ "GlobalAveragePooling" + axes, Json::object(), {}, doubtful,
            "the next layer takes as many features as there are channels" };
        ProposedClass flat{ "Flatten", Json::object(), {}, sure, "" };
        if (wanted == channels) {
            flat.confidence = doubtful / 2;
            flat.reason = "only if a single place is left";
            add(between("global_average_pooling", { pool, flat }));
        } else if (const auto side = sideOf(wanted, channels)) {
            std::string size = std::to_string(*side);
            for (std::size_t i = 1; i < m_stream.axes; ++i)
                size += " x " + std::to_string(*side);
            flat.reason = std::to_string(wanted) + " features are " + size + " places of "
                + std::to_string(channels) + " channels";
            add(between("flatten", { flat }));
            m_spatial = side;
            remark("Before '" + layer.name + "' the data are " + size
                + " large. Pooling and strides leave no trace in weights: the input may be larger "
                  "than shown.");
        } else {
            mismatch(layer, wanted);
        }
        m_stream.axes = 0;
    }

    /// The side of a square (or a length) that makes `wanted` features of `channels` channels.
    std::optional<std::int64_t> sideOf(std::int64_t wanted, std::int64_t channels) const
    {
        if (channels <= 0 || wanted % channels != 0)
            return std::nullopt;
        const std::int64_t places = wanted / channels;
        const auto side = static_cast<std::int64_t>(std::llround(
            std::pow(static_cast<double>(places), 1.0 / static_cast<double>(m_stream.axes))));
        std::int64_t product = 1;
        for (std::size_t i = 0; i < m_stream.axes; ++i)
            product *= side;
        return product == places ? std::optional(side) : std::nullopt;
    }

    void add(ProposedLayer layer)
    {
        layer.name += m_added > 0 ? "_" + std::to_string(m_added) : "";
        ++m_added;
        m_proposal.layers.push_back(std::move(layer));
    }

    static void setSequences(ProposedLayer& layer, bool all)
    {
        Json& config = layer.choices[layer.chosen].config;
        (config.contains("layer") ? config["layer"]["config"] : config)["return_sequences"] = all;
    }

    void mismatch(const ProposedLayer& layer, std::int64_t wanted)
    {
        remark("Layer '" + layer.name + "' takes " + std::to_string(wanted)
            + " features, and the one before gives " + std::to_string(*m_stream.channels)
            + ": this model branches or joins there, and is no plain sequence.");
    }

    void remark(std::string text) { m_proposal.remarks.push_back(std::move(text)); }

    Proposal& m_proposal;
    const Network& m_weights;
    Stream m_stream;
    std::optional<std::size_t> m_recurrent; ///< the last such layer
    std::optional<std::int64_t> m_spatial;
    bool m_hasInput = false;
    bool m_isEmbedded = false;
    int m_added = 0;
};

/// A model of keras.applications by how many layers of each kind it has.
struct Fingerprint
{
    const char* name;
    std::size_t convolutions, depthwise, normalizations;
    Shape firstKernel;
    std::int64_t lastFilters; ///< of the last convolution before the top
    bool isSequence;
};

const std::array<Fingerprint, 5>& knownModels()
{
    static const std::array<Fingerprint, 5> models{ {
        { "VGG16", 13, 0, 0, { 3, 3, 3, 64 }, 512, true },
        { "VGG19", 16, 0, 0, { 3, 3, 3, 64 }, 512, true },
        { "ResNet50", 53, 0, 53, { 7, 7, 3, 64 }, 2048, false },
        { "MobileNet", 14, 13, 27, { 3, 3, 3, 32 }, 1024, true },
        { "MobileNetV2", 35, 17, 52, { 3, 3, 3, 32 }, 1280, false },
    } };
    return models;
}

void recogniseKnownModel(Proposal& proposal, const Network& network)
{
    std::size_t convolutions = 0;
    std::size_t depthwise = 0;
    std::size_t normalizations = 0;
    std::size_t dense = 0;
    std::optional<Shape> firstKernel;
    std::set<std::int64_t> filters;
    for (const ProposedLayer& layer : proposal.layers) {
        if (!layer.isKnown() || layer.choice().weights.empty())
            continue;
        const std::string& name = layer.choice().className;
        convolutions += name == "Conv2D" ? 1 : 0;
        depthwise += name == "DepthwiseConv2D" ? 1 : 0;
        normalizations += name == "BatchNormalization" ? 1 : 0;
        dense += name == "Dense" ? 1 : 0;
        const Shape& kernel = network.weights[layer.choice().weights.front()].value.shape();
        if (name != "Conv2D")
            continue;
        if (!firstKernel || (kernel[2] == 3 && (*firstKernel)[2] != 3))
            firstKernel = kernel;
        filters.insert(kernel[3]);
    }
    for (const Fingerprint& model : knownModels()) {
        const bool hasTop = dense > 0 || convolutions == model.convolutions + 1;
        const bool sameCounts = depthwise == model.depthwise
            && normalizations == model.normalizations
            && (convolutions == model.convolutions
                || (dense == 0 && convolutions == model.convolutions + 1 && model.depthwise > 0));
        if (!sameCounts || firstKernel != model.firstKernel || !filters.contains(model.lastFilters))
            continue;
        proposal.knownModel = std::string(model.name) + (hasTop ? "" : " without its top");
        proposal.remarks.insert(proposal.remarks.begin(),
            "The shapes are those of keras.applications." + proposal.knownModel
                + (model.isSequence ? "."
                                    : ", which is no plain sequence: attach its architecture, as "
                                      "model.to_json() gives it."));
    }
}

} // namespace

void arrange(Proposal& proposal, const Network& weights)
{
    Arranger(proposal, weights).run();
    if (proposal.isOrderGuessed) { // the most important one stands first
        proposal.remarks.emplace_back(
            "This file lists layers by class: their order is a guess from the shapes.");
        std::rotate(proposal.remarks.begin(), proposal.remarks.end() - 1, proposal.remarks.end());
    }
    recogniseKnownModel(proposal, weights);
}

Result<Proposal> proposeArchitecture(const Network& weights)
{
    if (!weights.architecture.isEmpty())
        return Error(ErrorKind::InvalidArgument, "this model has an architecture already");
    if (weights.weights.empty())
        return Error(ErrorKind::InvalidArgument, "there are no weights to judge by");
    Proposal proposal;
    visitLayers(weights.model, [&](const Layer& layer, const std::vector<std::string>& path) {
        if (layer.weights.empty())
            return;
        ProposedLayer proposed;
        proposed.name = path.empty() ? "weights" : network::joinedPath(path);
        proposed.choices = classesFor(proposed.name, shapesOf(weights, layer.weights));
        proposal.layers.push_back(std::move(proposed));
    });
    proposal.isOrderGuessed = weights.file.format.starts_with("weights.");
    if (proposal.isOrderGuessed)
        orderByFlow(proposal.layers, [&](const ProposedClass& choice) {
            return flowOf(choice, shapesOf(weights, choice.weights));
        });
    arrange(proposal, weights);
    return proposal;
}

std::string proposalText(const Proposal& proposal)
{
    std::vector<std::array<std::string, 4>> rows{ { "layer", "proposed", "sure", "why" } };
    for (const ProposedLayer& layer : proposal.layers) {
        if (!layer.isKnown()) {
            rows.push_back({ layer.name, "?", "", "no known class fits" });
            continue;
        }
        const ProposedClass& choice = layer.choice();
        rows.push_back({ layer.name, choice.className,
            std::to_string(std::lround(choice.confidence * 100)) + " %", choice.reason });
    }
    std::string text = textTable(rows);
    if (proposal.inputShape)
        text += "Input: " + toString(*proposal.inputShape) + " for each example\n";
    text += "Activations cannot be told from weights; they are taken as linear.\n";
    for (const std::string& remark : proposal.remarks)
        text += remark + "\n";
    return text;
}

} // namespace layerscope::analysis
