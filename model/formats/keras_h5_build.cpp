#include "model/formats/keras_h5_build.h"

#include "model/formats/h5_tree_copy.h"

namespace layerscope::formats {

using containers::Hdf5Charset;
using containers::Hdf5Dataset;
using containers::Hdf5File;
using containers::Hdf5Group;

namespace {

/// Names for datasets in one group, none of which is in another's way: "a" and "a/b" cannot both
/// be, since "a" would have to be a dataset and a group.
class UniqueNames
{
public:
    std::string take(std::string wanted)
    {
        if (wanted.empty())
            wanted = "variable";
        std::string name = wanted;
        for (int n = 1; isTaken(name); ++n)
            name = wanted + "_" + std::to_string(n);
        m_datasets.insert(name);
        for (std::size_t slash = name.find('/'); slash != std::string::npos;
             slash = name.find('/', slash + 1))
            m_groups.insert(name.substr(0, slash));
        return name;
    }

private:
    bool isTaken(const std::string& name) const
    {
        if (m_datasets.contains(name) || m_groups.contains(name))
            return true;
        for (std::size_t slash = name.find('/'); slash != std::string::npos;
             slash = name.find('/', slash + 1))
            if (m_datasets.contains(name.substr(0, slash)))
                return true;
        return false;
    }

    std::set<std::string> m_datasets;
    std::set<std::string> m_groups;
};

/// Makes a dataset and leaves its values to be written at the end.
Result<void> createArray(Hdf5Group& group, const std::string& name, const StoredTensor& value,
    std::vector<H5Patch>& patches)
{
    TRY(const Hdf5Dataset dataset, group.createDataset(name, value.dtype(), value.shape()));
    if (value.count() > 0)
        patches.push_back({ dataset.storage().offset.value_or(0), value.dtype(), value });
    return {};
}

Result<void> createArrays(Hdf5Group& group,
    const std::vector<std::pair<std::string, StoredTensor>>& arrays, std::vector<H5Patch>& patches)
{
    UniqueNames unique;
    std::vector<std::string> names;
    for (const auto& [wanted, value] : arrays) {
        names.push_back(unique.take(wanted));
        TRY_DO(createArray(group, names.back(), value, patches));
    }
    return group.setNameList("weight_names", names);
}

/// What stands in the root or in /model_weights beside the weights.
Result<void> writeFacts(Hdf5Group& group, const Network& network, const H5Target& target)
{
    const std::string& version
        = target.kerasVersion.empty() ? network.file.kerasVersion : target.kerasVersion;
    if (!version.empty())
        TRY_DO(group.setText("keras_version", version));
    if (!network.file.backend.empty())
        TRY_DO(group.setText("backend", network.file.backend));
    return {};
}

/// From the source file: its groups as they are, elsewhere if the layout asks for it.
Result<void> buildFromSource(const Network& network, const H5Carried& carried,
    const H5Target& target, Hdf5Group& root, std::vector<H5Patch>& patches, const JobContext& job)
{
    H5Changes changes;
    TRY_DO(collectWeightChanges(network, carried, changes));
    collectTextChanges(network, target.training, carried, changes);
    collectOrderChanges(network, carried, changes);
    TRY(const Hdf5File sourceFile, Hdf5File::open(*carried.file));
    TRY(Hdf5Group source, sourceFile.root());
    const std::string weightsPath(target.format == "h5-weights" ? "" : modelWeightsGroup);
    std::map<std::string, StoredTensor> replaced;
    for (const H5ArrayChange& change : changes.arrays)
        replaced.emplace(change.place.path, change.value);
    H5TreeCopy copy(carried.file, std::move(replaced), patches);
    if (weightsPath == carried.weightsPath) {
        TRY_DO(root.copyAttributesOf(source));
        TRY_DO(copy.copy(std::move(source), {}, root, std::string(optimizerGroup), job));
    } else {
        TRY(Hdf5Group from, source.group(carried.weightsPath));
        TRY(Hdf5Group to, root.createGroup(weightsPath));
        TRY_DO(to.copyAttributesOf(from));
        TRY_DO(copy.copy(std::move(from), carried.weightsPath, to, {}, job));
    }
    for (const H5OrderChange& change : changes.orders) {
        const std::string layer
            = change.group.substr(carried.weightsPath.empty() ? 0 : carried.weightsPath.size() + 1);
        TRY(Hdf5Group group, root.group(joinH5(weightsPath, layer)));
        TRY_DO(group.setNameList("weight_names", change.names));
    }
    if (weightsPath != carried.weightsPath || !target.kerasVersion.empty())
        TRY_DO(writeFacts(root, network, target));
    return target.format == "h5-weights" ? Result<void>() : writeRootTexts(root, changes.texts);
}

/// A group as layer_names lists it, for a Network that came from another format.
Result<void> createLayer(const Network& network, const Layer& layer, Hdf5Group& weights,
    std::set<WeightIndex>& written, std::vector<H5Patch>& patches)
{
    TRY(Hdf5Group group, weights.createGroup(layer.name));
    std::vector<std::pair<std::string, StoredTensor>> arrays;
    for (const WeightIndex index : groupOrder(network, layer)) {
        const Weight& weight = network.weights[index];
        arrays.emplace_back(weight.path.empty() ? weight.name : weight.path, weight.value);
        written.insert(index);
    }
    return createArrays(group, arrays, patches);
}

Result<void> buildFromNetwork(
    const Network& network, const H5Target& target, Hdf5Group& root, std::vector<H5Patch>& patches)
{
    const bool weightsOnly = target.format == "h5-weights";
    TRY(Hdf5Group weights, root.createGroup(weightsOnly ? std::string_view() : modelWeightsGroup));
    std::vector<std::string> names;
    std::set<WeightIndex> written;
    for (const Layer& layer : network.model.layers) {
        const bool isInput
            = layer.className == "InputLayer" && network.model.kind == LayerKind::Sequential;
        if (layer.kind == LayerKind::Operation || isInput)
            continue;
        names.push_back(layer.name);
        TRY_DO(createLayer(network, layer, weights, written, patches));
    }
    TRY_DO(weights.setNameList("layer_names", names));
    std::vector<std::pair<std::string, StoredTensor>> own;
    for (WeightIndex index = 0; index < network.weights.size(); ++index)
        if (!written.contains(index))
            own.emplace_back(network.weights[index].path, network.weights[index].value);
    if (!weightsOnly || !own.empty()) {
        TRY(Hdf5Group top, weights.createGroup(topLevelGroup));
        TRY_DO(createArrays(top, own, patches));
    }
    TRY_DO(writeFacts(weights, network, target));
    if (weightsOnly)
        return {};
    H5Changes changes;
    collectTextChanges(network, target.training, H5Carried(), changes);
    TRY_DO(writeFacts(root, network, target));
    return writeRootTexts(root, changes.texts);
}

} // namespace

Result<void> writeRootTexts(Hdf5Group& root, const std::vector<H5TextChange>& texts)
{
    for (const H5TextChange& change : texts) {
        if (change.text)
            TRY_DO(root.setText(change.attribute, *change.text, Hdf5Charset::Ascii));
        else if (root.hasAttribute(change.attribute))
            TRY_DO(root.removeAttribute(change.attribute));
    }
    return {};
}

Result<void> createOptimizer(
    Hdf5Group& root, const OptimizerState& state, std::vector<H5Patch>& patches)
{
    TRY(Hdf5Group group, root.createGroup(optimizerGroup));
    std::vector<std::pair<std::string, StoredTensor>> arrays;
    for (const OptimizerVariable& variable : state.variables)
        arrays.emplace_back(variable.name, variable.value);
    return createArrays(group, arrays, patches);
}

Result<void> buildKerasH5(const Network& network, const H5Target& target,
    const std::filesystem::path& path, const JobContext& job)
{
    std::vector<H5Patch> patches;
    TRY(Hdf5File file, Hdf5File::create(path));
    {
        TRY(Hdf5Group root, file.root());
        const H5Carried* const carried = carriedH5(network);
        if (carried != nullptr && carried->weights.size() == network.weights.size())
            TRY_DO(buildFromSource(network, *carried, target, root, patches, job));
        else
            TRY_DO(buildFromNetwork(network, target, root, patches));
        if (target.optimizer && !target.optimizer->variables.empty())
            TRY_DO(createOptimizer(root, *target.optimizer, patches));
    }
    TRY_DO(file.close());
    return writePatches(path, std::move(patches), job);
}

} // namespace layerscope::formats
