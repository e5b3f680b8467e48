// A confirmed proposal as a Sequential of Keras 3.
#include "model/analysis/proposal_shapes.h"
#include "model/analysis/propose_architecture.h"
#include "model/network/architecture.h"

#include <algorithm>
#include <set>

namespace layerscope::analysis {

namespace {

constexpr const char* layersModule = "keras.layers";

Json layerEntry(const std::string& className, Json config)
{
    return { { "module", layersModule }, { "class_name", className },
        { "config", std::move(config) }, { "registered_name", nullptr } };
}

/// Keras 3 allows no '/' in names, and each name once.
std::string usableName(std::string wanted, std::set<std::string>& used)
{
    std::ranges::replace(wanted, '/', '_');
    std::string name = wanted;
    for (int i = 1; !used.insert(name).second; ++i)
        name = wanted + "_" + std::to_string(i);
    return name;
}

/// What a class needs beyond what its weights tell.
Json completed(const ProposedClass& choice, const std::string& name)
{
    Json config{ { "name", name }, { "trainable", true }, { "dtype", "float32" } };
    const std::string& className = choice.className;
    if (className == "Dense" || className.find("Conv") != std::string::npos)
        config["activation"] = "linear";
    if (className.find("Conv") != std::string::npos)
        config["padding"] = "same";
    for (const auto& [key, value] : choice.config.items())
        config[key] = value;
    if (config.contains("layer")) { // of a Bidirectional
        Json inner = config["layer"]["config"];
        inner["name"] = "forward";
        inner["trainable"] = true;
        inner["dtype"] = "float32";
        config["layer"] = layerEntry(config["layer"]["class_name"], std::move(inner));
    }
    return config;
}

Json inputEntry(const Proposal& proposal)
{
    Json shape = Json::array({ nullptr });
    for (const std::int64_t length : *proposal.inputShape)
        shape.push_back(length == openDimension ? Json() : Json(length));
    return layerEntry(
        "InputLayer", { { "batch_shape", shape }, { "dtype", "float32" }, { "name", "input" } });
}

} // namespace

Result<Network> networkOf(const Proposal& proposal, const Network& weights)
{
    Json layers = Json::array();
    if (proposal.inputShape)
        layers.push_back(inputEntry(proposal));
    std::vector<StoredGroup> groups;
    std::set<std::string> used{ "input" };
    for (const ProposedLayer& layer : proposal.layers) {
        if (!layer.isKnown())
            return Error(ErrorKind::Unsupported,
                "layer '" + layer.name
                    + "' has no class that is known; attach an architecture from another file");
        const std::string name = usableName(layer.name, used);
        layers.push_back(layerEntry(layer.choice().className, completed(layer.choice(), name)));
        StoredGroup group{ name, {} };
        for (const WeightIndex index : layer.choice().weights)
            group.weights.push_back(weights.weights[index]);
        if (!group.weights.empty())
            groups.push_back(std::move(group));
    }
    for (const std::string& remark : proposal.remarks)
        if (remark.find("no plain sequence") != std::string::npos)
            return Error(ErrorKind::Unsupported,
                remark + " Attach the architecture from another file instead.");
    Network network;
    network.architecture = JsonText(Json{ { "module", "keras" }, { "class_name", "Sequential" },
        { "config",
            { { "name", "proposed" }, { "trainable", true }, { "dtype", "float32" },
                { "layers", layers } } },
        { "registered_name", nullptr } });
    network.generation = KerasGeneration::Keras3;
    network.file = weights.file;
    network.file.weightsOnly = false;
    network.file.format.clear();
    network.file.kerasVersion.clear();
    network.history = weights.history;
    TRY(network.model, parseArchitecture(network.architecture.value(), network.problems));
    assignWeights(network, std::move(groups));
    for (const Problem& problem : network.problems)
        if (problem.severity != Severity::Note)
            return Error(ErrorKind::Unsupported, problem.what).in(problem.where);
    network.problems.clear();
    return network;
}

} // namespace layerscope::analysis
