#include "model/formats/keras_h5_build.h"

namespace layerscope::formats {

using containers::Hdf5Charset;
using containers::Hdf5Dataset;
using containers::Hdf5File;
using containers::Hdf5Group;
using containers::Hdf5LinkKind;

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

/// Copies a tree of groups from one file to another, with some datasets given other values.
class TreeCopy
{
public:
    TreeCopy(const H5Carried& carried, const std::vector<H5ArrayChange>& changes,
        std::vector<H5Patch>& patches)
        : m_carried(carried)
        , m_patches(patches)
    {
        for (const H5ArrayChange& change : changes)
            m_replaced.emplace(change.place.path, change.value);
    }

    /// The members of `source` and all below, into `target`; `skipped` is left out.
    Result<void> copy(Hdf5Group source, const std::string& sourcePath, Hdf5Group& target,
        const std::string& skipped, const JobContext& job)
    {
        m_groups.emplace(source.address(), std::string());
        m_pending.push_back({ std::move(source), sourcePath, {} });
        while (!m_pending.empty()) { // not recursive: groups may be nested thousands deep
            if (job.stopRequested())
                return Error(ErrorKind::Stopped, "saving was stopped; the old file is as it was");
            const Item item = std::move(m_pending.back());
            m_pending.pop_back();
            TRY(const auto links, item.source.links());
            for (const containers::Hdf5Link& link : links)
                if (joinH5(item.sourcePath, link.name) != skipped)
                    TRY_DO(copyMember(item, link, target));
        }
        return {};
    }

private:
    struct Item
    {
        Hdf5Group source;
        std::string sourcePath;
        std::string targetPath;
    };

    Result<void> copyMember(const Item& item, const containers::Hdf5Link& link, Hdf5Group& target)
    {
        const std::string path = joinH5(item.targetPath, link.name);
        if (link.kind != Hdf5LinkKind::Hard) {
            TRY(Hdf5Group parent, target.createGroup(item.targetPath));
            return parent.copyLink(item.source, link.name);
        }
        if (auto group = item.source.group(link.name)) {
            if (const auto known = m_groups.find(group->address()); known != m_groups.end()) {
                TRY(const Hdf5Group same, target.group(known->second));
                TRY(Hdf5Group parent, target.createGroup(item.targetPath));
                return parent.linkTo(same, link.name);
            }
            TRY(Hdf5Group made, target.createGroup(path));
            TRY_DO(made.copyAttributesOf(*group));
            m_groups.emplace(group->address(), path);
            m_pending.push_back({ *std::move(group), joinH5(item.sourcePath, link.name), path });
            return {};
        }
        auto dataset = item.source.dataset(link.name);
        if (!dataset)
            return std::move(dataset).error();
        return copyDataset(*dataset, joinH5(item.sourcePath, link.name), target, path);
    }

    Result<void> copyDataset(const Hdf5Dataset& dataset, const std::string& sourcePath,
        Hdf5Group& target, const std::string& path)
    {
        const auto storage = dataset.storage();
        if (storage.isElsewhere)
            return Error(ErrorKind::Unsupported, storage.refusal).in(sourcePath);
        const auto replaced = m_replaced.find(sourcePath);
        const auto dtype = dataset.dtype();
        if (dtype && storage.refusal.empty() && storage.isContiguous && storage.isNative) {
            TRY(Hdf5Dataset made, target.createDatasetLike(path, dataset));
            TRY_DO(made.copyAttributesOf(dataset));
            TRY(const StoredTensor stored, dataset.stored(m_carried.file, sourcePath));
            H5Patch patch{ made.storage().offset.value_or(0), *dtype, stored };
            if (replaced != m_replaced.end()) {
                patch.value = replaced->second;
            } else {
                patch.source = m_carried.file;
                patch.sourceOffset = storage.offset.value_or(0);
            }
            if (stored.count() > 0)
                m_patches.push_back(std::move(patch));
            return {};
        }
        TRY_DO(target.copyDataset(dataset, path));
        if (replaced == m_replaced.end() || !dtype)
            return {};
        TRY(Hdf5Dataset made, target.dataset(path));
        TRY(const Tensor tensor, loadAs(replaced->second, *dtype));
        return made.store(tensor);
    }

    const H5Carried& m_carried;
    std::vector<H5Patch>& m_patches;
    std::map<std::string, StoredTensor> m_replaced;
    std::map<std::uint64_t, std::string> m_groups; // address in the source → path in the target
    std::vector<Item> m_pending;
};

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
    TreeCopy copy(carried, changes.arrays, patches);
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
