#include "model/analysis/doctor_rules.h"

#include <algorithm>
#include <set>

namespace layerscope::analysis {

namespace {

/// Keras splits an attribute above this size in parts (HDF5's own limit is 65,536 bytes with the
/// header); older versions did not for names of optimizer variables.
constexpr std::size_t largestAttribute = 64'512;

/// Paths that cannot both be datasets of one HDF5 file: equal ones, and one that is a folder of
/// another.
std::vector<std::string> collisions(std::vector<std::string> paths)
{
    std::ranges::sort(paths);
    std::vector<std::string> found;
    const std::set<std::string> all(paths.begin(), paths.end());
    for (std::size_t i = 1; i < paths.size(); ++i)
        if (paths[i] == paths[i - 1] && (found.empty() || found.back() != paths[i]))
            found.push_back(paths[i]);
    for (const std::string& path : all)
        for (std::size_t slash = path.find('/'); slash != std::string::npos;
             slash = path.find('/', slash + 1))
            if (all.contains(path.substr(0, slash)))
                found.push_back(path);
    return found;
}

/// Datasets that the weights of each top-level layer become in an .h5 file.
std::vector<std::string> weightCollisions(const Network& network)
{
    std::vector<std::string> found;
    for (const Layer& layer : network.model.layers) {
        std::vector<std::string> paths;
        std::set<WeightIndex> seen; // a shared layer's weights come once
        const auto collect = [&](const Layer& inner, const std::vector<std::string>&) {
            for (const WeightIndex index : inner.weights)
                if (index < network.weights.size() && seen.insert(index).second)
                    paths.push_back(network.weights[index].path);
        };
        visitLayers(layer, collect);
        for (std::string& path : collisions(std::move(paths)))
            found.push_back(layer.name + "/" + path);
    }
    return found;
}

void examineDuplicates(const Traits& traits, Diagnosis& diagnosis)
{
    const Network& network = traits.network;
    std::vector<std::string> layers;
    for (const Layer& layer : network.model.layers)
        if (layer.kind != LayerKind::Operation)
            layers.push_back(layer.name);
    std::ranges::sort(layers);
    std::vector<std::string> twice;
    for (std::size_t i = 1; i < layers.size(); ++i)
        if (layers[i] == layers[i - 1] && (twice.empty() || twice.back() != layers[i]))
            twice.push_back(layers[i]);
    if (!twice.empty())
        diagnosis.findings.push_back({ "duplicate-layer-names", Severity::Warning, twice.front(),
            true,
            { WORDS("doctor", "Several layers of one model have the same name: %1."),
                listed(twice) },
            WORDS("doctor",
                "Keras refuses such a model (all layer names should be unique), and an .h5 file "
                "cannot hold both (name already exists)."),
            WORDS("doctor", "Give them names of their own."),
            { RemedyKind::RenameDuplicates, {} } });

    const std::vector<std::string> colliding = weightCollisions(network);
    if (!colliding.empty())
        diagnosis.findings.push_back({ "duplicate-weight-names", Severity::Warning,
            colliding.front(), false,
            { WORDS("doctor", "Names of weights collide in an .h5 file: %1."), listed(colliding) },
            WORDS("doctor",
                "Keras cannot save the model as .h5 (Unable to create link, dataset or group: name "
                "already exists) and leaves half a file."),
            WORDS("doctor", "Give them names of their own."),
            { RemedyKind::RenameDuplicates, {} } });
}

void examineOptimizerNames(const Traits& traits, Diagnosis& diagnosis)
{
    if (!traits.network.optimizer)
        return;
    std::size_t bytes = 0, longest = 0;
    std::vector<std::string> names;
    for (const OptimizerVariable& variable : traits.network.optimizer->variables) {
        longest = std::max(longest, variable.name.size());
        names.push_back(variable.name);
    }
    bytes = longest * names.size(); // stored with one length for all
    const bool isHdf5 = traits.container == Container::Hdf5;
    if (isHdf5 && bytes > largestAttribute)
        diagnosis.findings.push_back({ "large-name-list", Severity::Note, "optimizer", false,
            { WORDS("doctor",
                  "The names of the optimizer's variables take %1 bytes, more than one HDF5 "
                  "attribute holds."),
                bytes },
            WORDS("doctor",
                "Older Keras cannot save this model as .h5 (object header message is too large)."),
            WORDS("doctor", "Saved from here, the list is split in parts as newer Keras does.") });
    if (!isHdf5 || names.empty())
        return;
    const std::vector<std::string> colliding = collisions(std::move(names));
    if (!colliding.empty())
        diagnosis.findings.push_back(
            { "duplicate-optimizer-names", Severity::Warning, "optimizer", false,
                { WORDS("doctor", "Several variables of the optimizer have the same name: %1."),
                    listed(colliding) },
                WORDS("doctor",
                    "An .h5 file keeps one of them only, so that the optimizer's state is not "
                    "complete."),
                WORDS("doctor", "Save as .keras, which keeps them by number."),
                { RemedyKind::SaveAs, traits.isKeras3() ? "keras" : "keras2.15" } });
}

} // namespace

void examineNames(const Traits& traits, Diagnosis& diagnosis)
{
    examineDuplicates(traits, diagnosis);
    examineOptimizerNames(traits, diagnosis);
    diagnosis.checked.emplace_back(WORDS("doctor", "names that collide in an .h5 file"));
}

} // namespace layerscope::analysis
