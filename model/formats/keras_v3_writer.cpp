#include "model/formats/keras_v3_writer.h"

#include "model/formats/h5_tree_copy.h"

#include <cstring>

// Weights of the v3 layout are saved in their own tree by copying the bytes of their file and
// changing those of arrays that have changed. What changes the tree itself (another optimizer or
// none, another generation, a network from another format) builds a new file, whose arrays are
// written once, to where they end up.

namespace layerscope::formats {

using containers::Hdf5Dataset;
using containers::Hdf5File;
using containers::Hdf5Group;
using containers::MappedFile;

namespace {

/// Arrays of the source that have other values now.
struct Changes
{
    std::vector<std::pair<V3Array, StoredTensor>> arrays;
};

bool holdsOnlyZeros(const StoredTensor& value)
{
    const auto tensor = value.load();
    return tensor
        && std::ranges::all_of(tensor->bytes(), [](std::byte b) { return b == std::byte{ 0 }; });
}

Result<void> collectWeights(const Network& network, const V3Carried& carried, Changes& changes)
{
    for (std::size_t i = 0; i < network.weights.size(); ++i) {
        const Weight& weight = network.weights[i];
        if (weight.value.sharesArrayWith(carried.weightsAsRead[i]))
            continue;
        if (carried.weights[i].empty() && !holdsOnlyZeros(weight.value))
            return Error(ErrorKind::Unsupported,
                "this part of LoRA has no place in the file, which holds the merged kernel; "
                "merge it, or save as .h5")
                .in(weight.path);
        for (const V3Array& array : carried.weights[i])
            changes.arrays.emplace_back(array, weight.value);
    }
    return {};
}

/// The step count in the type of its variable, where somebody set it in the state alone.
std::optional<StoredTensor> changedIteration(
    const OptimizerState& state, const OptimizerVariable& variable, const V3Carried& carried)
{
    if (variable.role != SlotRole::Iteration || !state.iterations
        || state.iterations == carried.iterations || variable.value.count() != 1)
        return std::nullopt;
    auto converted = Tensor::of<std::int64_t>(
        variable.value.shape(), std::vector<std::int64_t>{ *state.iterations })
                         .converted(variable.value.dtype());
    if (!converted)
        return std::nullopt;
    return StoredTensor(*std::move(converted));
}

bool sameValues(const V3Array& a, const V3Array& b)
{
    if (a.asRead.shape() != b.asRead.shape() || a.asRead.dtype() != b.asRead.dtype())
        return false;
    const auto left = a.asRead.load();
    const auto right = b.asRead.load();
    return left && right && left->identicalTo(*right);
}

/// Wrappers keep the variables of what they wrap a second time, in a group of its own: for each of
/// the variables the other places that hold its values.
std::vector<std::vector<V3Array>> copiesOf(const V3Carried& carried)
{
    std::vector<std::vector<V3Array>> copies(carried.optimizer.size());
    const V3Group* const optimizer = carried.root.find(v3OptimizerGroup);
    if (optimizer == nullptr)
        return copies;
    std::vector<const V3Group*> pending{ optimizer };
    while (!pending.empty()) {
        const V3Group& group = *pending.back();
        pending.pop_back();
        for (const auto& [name, inner] : group.groups)
            pending.push_back(&inner);
        const auto& inner = group.variables;
        if (&group == optimizer || inner.empty() || inner.size() > copies.size())
            continue;
        // The wrapper's own variables come first; several optimizers stand one behind the other.
        for (std::size_t begin = copies.size() - inner.size() + 1; begin-- > 0;) {
            const bool fits = std::ranges::equal(
                inner, std::span(carried.optimizer).subspan(begin, inner.size()), sameValues);
            if (!fits)
                continue;
            for (std::size_t i = 0; i < inner.size(); ++i)
                copies[begin + i].push_back(inner[i]);
            break;
        }
    }
    return copies;
}

bool sameOptimizer(const OptimizerState& state, const V3Carried& carried)
{
    return std::ranges::equal(state.variables, carried.optimizer,
        [](const OptimizerVariable& variable, const V3Array& array) {
            return variable.value.shape() == array.asRead.shape();
        });
}

void collectOptimizer(const OptimizerState& state, const V3Carried& carried, Changes& changes)
{
    std::vector<std::vector<V3Array>> copies;
    for (std::size_t i = 0; i < state.variables.size(); ++i) {
        const OptimizerVariable& variable = state.variables[i];
        std::optional<StoredTensor> value;
        if (!variable.value.sharesArrayWith(carried.optimizer[i].asRead))
            value = variable.value;
        else
            value = changedIteration(state, variable, carried);
        if (!value)
            continue;
        if (copies.empty())
            copies = copiesOf(carried);
        changes.arrays.emplace_back(carried.optimizer[i], *value);
        for (const V3Array& copy : copies[i])
            changes.arrays.emplace_back(copy, *value);
    }
}

/// The source with changed values, as a stream where they lie as memory has them, else (packed
/// arrays) as a copy that HDF5 has changed.
Result<V3Image> changedImage(const V3Carried& carried, const Changes& changes,
    const std::filesystem::path& scratch, const JobContext& job)
{
    V3Image image{ carried.files[0].mapped, {}, false };
    std::vector<std::pair<V3Array, StoredTensor>> rest;
    for (const auto& [array, value] : changes.arrays) {
        if (value.shape() != array.asRead.shape())
            return shapeError(array.path, array.asRead.shape(), value.shape());
        if (array.offset && value.count() > 0)
            image.patches.push_back({ *array.offset, array.asRead.dtype(), value });
        else if (value.count() > 0)
            rest.emplace_back(array, value);
    }
    if (rest.empty())
        return image;
    TRY_DO(copyPatched(*image.source, scratch, std::move(image.patches), job));
    TRY(Hdf5File file, Hdf5File::edit(scratch));
    {
        TRY(const Hdf5Group root, file.root());
        for (const auto& [array, value] : rest) {
            TRY(Hdf5Dataset dataset, root.dataset(array.path));
            TRY(const Tensor tensor, loadAs(value, array.asRead.dtype()));
            TRY_DO(dataset.store(tensor));
        }
    }
    TRY_DO(file.close());
    TRY(auto mapped, MappedFile::open(scratch));
    return V3Image{ std::move(mapped), {}, true };
}

/// The source's tree without its optimizer.
Result<void> copyTree(const V3Carried& carried, const Changes& changes, Hdf5Group& root,
    std::vector<H5Patch>& patches, const JobContext& job)
{
    for (std::size_t i = 0; i < carried.files.size(); ++i) {
        std::map<std::string, StoredTensor> replaced;
        for (const auto& [array, value] : changes.arrays)
            if (array.file == i)
                replaced.emplace(array.path, value);
        TRY(const Hdf5File file, Hdf5File::open(*carried.files[i].mapped));
        TRY(Hdf5Group source, file.root());
        H5TreeCopy copy(carried.files[i].mapped, std::move(replaced), patches);
        TRY_DO(copy.copy(std::move(source), {}, root, std::string(v3OptimizerGroup), job));
    }
    return {};
}

/// All groups and arrays of the source, but for an optimizer that is another one now.
void addTree(const V3Group& group,
    const std::map<std::pair<std::size_t, std::string>, StoredTensor>& now, bool keepsOptimizer,
    V3Contents& contents)
{
    if (!keepsOptimizer && group.path == v3OptimizerGroup)
        return;
    if (group.hasVariables)
        contents.objects.push_back({ group.path, group.instance });
    for (const V3Array& array : group.variables) {
        const auto changed = now.find({ array.file, array.path });
        contents.arrays.push_back(
            { array.path, changed != now.end() ? changed->second : array.asRead, array.file });
    }
    for (const auto& [name, inner] : group.groups)
        addTree(inner, now, keepsOptimizer, contents);
}

} // namespace

Result<V3Contents> v3Contents(const Network& network, OptimizerInFile optimizer)
{
    const V3Carried* const carried = carriedV3(network);
    const OptimizerState* const state
        = optimizer == OptimizerInFile::Keep && network.optimizer ? &*network.optimizer : nullptr;
    V3Contents contents;
    bool keepsOptimizer = false;
    if (carried != nullptr && hasOwnTree(network, *carried)) {
        Changes changes;
        TRY_DO(collectWeights(network, *carried, changes));
        keepsOptimizer = state != nullptr && sameOptimizer(*state, *carried);
        if (keepsOptimizer)
            collectOptimizer(*state, *carried, changes);
        std::map<std::pair<std::size_t, std::string>, StoredTensor> now;
        for (const auto& [array, value] : changes.arrays) {
            if (value.shape() != array.asRead.shape())
                return shapeError(array.path, array.asRead.shape(), value.shape());
            now.emplace(std::pair(array.file, array.path), value);
        }
        addTree(carried->root, now, keepsOptimizer, contents);
        contents.isSourcesTree = keepsOptimizer || (state == nullptr && !carried->hasOptimizer);
    } else {
        TRY(contents, newV3Contents(network));
    }
    if (state != nullptr && !keepsOptimizer)
        TRY_DO(addV3Optimizer(contents, *state, network.generation));
    return contents;
}

Result<V3Image> v3Image(const Network& network, OptimizerInFile optimizer,
    const std::filesystem::path& scratch, const JobContext& job)
{
    const V3Carried* const carried = carriedV3(network);
    const bool ownTree = carried != nullptr && hasOwnTree(network, *carried);
    const OptimizerState* const state
        = optimizer == OptimizerInFile::Keep && network.optimizer ? &*network.optimizer : nullptr;
    Changes changes;
    if (ownTree)
        TRY_DO(collectWeights(network, *carried, changes));
    const bool keepsOptimizer
        = ownTree && (state != nullptr ? sameOptimizer(*state, *carried) : !carried->hasOptimizer);
    if (keepsOptimizer && carried->files.size() == 1) {
        if (state != nullptr)
            collectOptimizer(*state, *carried, changes);
        return changedImage(*carried, changes, scratch, job);
    }
    V3Image image;
    image.isNew = true;
    TRY(Hdf5File file, Hdf5File::create(scratch));
    {
        TRY(Hdf5Group root, file.root());
        V3Contents contents;
        if (ownTree) {
            TRY_DO(copyTree(*carried, changes, root, image.patches, job));
        } else {
            TRY(contents, newV3Contents(network));
        }
        if (state != nullptr)
            TRY_DO(addV3Optimizer(contents, *state, network.generation));
        TRY_DO(writeV3Contents(contents, network.generation, root, image.patches));
    }
    TRY_DO(file.close());
    TRY(image.source, MappedFile::open(scratch));
    return image;
}

Result<void> writeV3File(const Network& network, OptimizerInFile optimizer,
    const std::filesystem::path& path, const JobContext& job)
{
    TRY(V3Image image, v3Image(network, optimizer, path, job));
    return image.isNew ? writePatches(path, std::move(image.patches), job)
                       : copyPatched(*image.source, path, std::move(image.patches), job);
}

} // namespace layerscope::formats
