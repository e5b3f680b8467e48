#include "model/formats/keras_v3_writer.h"

#include "model/formats/h5_tree_copy.h"
#include "model/network/optimizer_layout.h"
#include "model/network/variable_layout.h"

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

Error shapeError(const std::string& where, const Shape& stored, const Shape& now)
{
    return Error(ErrorKind::ShapeMismatch,
        "the file has shape " + toString(stored) + ", the model " + toString(now))
        .in(where);
}

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

/// Builds a file whose arrays are reserved and written later.
class Builder
{
public:
    Builder(Hdf5Group& root, KerasGeneration generation, std::vector<H5Patch>& patches)
        : m_root(root)
        , m_isKeras3(generation == KerasGeneration::Keras3)
        , m_patches(patches)
    {
    }

    Result<void> object(const std::string& path, const std::string& name)
    {
        TRY(Hdf5Group group, m_root.createGroup(variablesOf(path)));
        if (m_isKeras3 && !name.empty() && !group.hasAttribute("name"))
            TRY_DO(group.setText("name", name));
        return {};
    }

    Result<void> array(const std::string& path, const StoredTensor& value)
    {
        TRY(Hdf5Dataset dataset, m_root.createDataset(path, value.dtype(), value.shape()));
        if (m_isKeras3 && value.dtype() == DType::BFloat16) // HDF5 has no such type
            TRY_DO(dataset.setText("dtype", "bfloat16"));
        if (value.count() > 0)
            m_patches.push_back({ dataset.storage().offset.value_or(0), value.dtype(), value });
        return {};
    }

    Result<void> network(const Network& network)
    {
        TRY(const V3Plan plan, planV3(network));
        for (const V3Plan::Object& entry : plan.objects)
            TRY_DO(object(entry.path, entry.name));
        for (const auto& [path, weight] : plan.arrays)
            TRY_DO(array(path, network.weights[weight].value));
        return {};
    }

    Result<void> optimizer(const OptimizerState& state)
    {
        if (state.variables.empty())
            return {};
        const std::string path(v3OptimizerGroup);
        TRY_DO(object(path, nameOf(state.config, state.className)));
        TRY_DO(variables(path, state, 0));
        if (plainOptimizerName(state.className) != "LossScaleOptimizer")
            return {};
        const std::string inner = path + "/inner_optimizer";
        const auto found
            = state.config.is_object() ? state.config.find("inner_optimizer") : state.config.end();
        const Json config = state.config.is_object() && found != state.config.end()
            ? found->value("config", Json())
            : Json();
        TRY_DO(object(inner, nameOf(config, "")));
        // The wrapper's own four variables are Keras 3's alone.
        return variables(inner, state, m_isKeras3 ? 4 : 0);
    }

private:
    static std::string variablesOf(const std::string& path)
    {
        return path.empty() ? std::string(v3VariablesGroup)
                            : path + "/" + std::string(v3VariablesGroup);
    }

    static std::string nameOf(const Json& config, const std::string& className)
    {
        const auto name = config.is_object() ? config.find("name") : config.end();
        return config.is_object() && name != config.end() && name->is_string()
            ? name->get<std::string>()
            : snakeCase(className);
    }

    Result<void> variables(const std::string& path, const OptimizerState& state, std::size_t first)
    {
        for (std::size_t i = first; i < state.variables.size(); ++i) {
            const OptimizerVariable& variable = state.variables[i];
            StoredTensor value = variable.value;
            if (variable.role == SlotRole::Iteration && state.iterations && value.count() == 1) {
                TRY(Tensor count,
                    Tensor::of<std::int64_t>(
                        value.shape(), std::vector<std::int64_t>{ *state.iterations })
                        .converted(value.dtype()));
                value = StoredTensor(std::move(count));
            }
            TRY_DO(array(variablesOf(path) + "/" + std::to_string(i - first), value));
        }
        return {};
    }

    Hdf5Group& m_root;
    bool m_isKeras3;
    std::vector<H5Patch>& m_patches;
};

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

} // namespace

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
        Builder builder(root, network.generation, image.patches);
        if (ownTree)
            TRY_DO(copyTree(*carried, changes, root, image.patches, job));
        else
            TRY_DO(builder.network(network));
        if (state != nullptr)
            TRY_DO(builder.optimizer(*state));
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
