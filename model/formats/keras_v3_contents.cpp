#include "model/formats/keras_v3_writer.h"
#include "model/network/optimizer_layout.h"
#include "model/network/variable_layout.h"

#include <charconv>

// Groups and arrays of a v3 weights file that is built anew, in the order in which Keras meets
// them.

namespace layerscope::formats {

using containers::Hdf5Dataset;
using containers::Hdf5Group;

namespace {

std::string variablesBelow(const std::string& path)
{
    return path.empty() ? std::string(v3VariablesGroup)
                        : path + "/" + std::string(v3VariablesGroup);
}

std::string instanceName(const Json& config, const std::string& className)
{
    const auto name = config.is_object() ? config.find("name") : config.end();
    return config.is_object() && name != config.end() && name->is_string()
        ? name->get<std::string>()
        : snakeCase(className);
}

/// The optimizer's variables from number `first` on as those of the object at `path`.
Result<void> addVariables(
    V3Contents& contents, const std::string& path, const OptimizerState& state, std::size_t first)
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
        contents.arrays.push_back(
            { variablesBelow(path) + "/" + std::to_string(i - first), std::move(value) });
    }
    return {};
}

/// "dense_4" as {"dense", 4}; "dense" as {"dense", 0}.
std::pair<std::string, int> counted(const std::string& group)
{
    const std::size_t digits = group.find_last_not_of("0123456789") + 1;
    int number = 0;
    const bool hasNumber = digits > 1 && digits < group.size() && group[digits - 1] == '_'
        && std::from_chars(group.data() + digits, group.data() + group.size(), number).ec
            == std::errc();
    return hasNumber ? std::pair(group.substr(0, digits - 1), number) : std::pair(group, 0);
}

/// Keras 2.12 counts a layer that has weights twice: its groups are dense, dense_2, dense_4.
std::vector<std::string> namesCountedOnce(const V3Group& container)
{
    std::map<std::string, std::vector<std::pair<int, std::size_t>>> classes;
    std::size_t place = 0;
    for (const auto& [name, layer] : container.groups) {
        const auto [base, number] = counted(name);
        classes[base].emplace_back(number, place++);
    }
    std::vector<std::string> names(container.groups.size());
    for (auto& [base, members] : classes) {
        std::ranges::sort(members);
        for (std::size_t k = 0; k < members.size(); ++k)
            names[members[k].second] = k == 0 ? base : base + "_" + std::to_string(k);
    }
    return names;
}

/// The parts of an attention layer have a name of their own in each generation.
std::string keras3Name(const std::string& group)
{
    for (const char* part : { "_query_dense", "_key_dense", "_value_dense", "_output_dense" })
        if (group == part)
            return group.substr(1);
    return group;
}

void placeForKeras3(const V3Group& group, const std::string& path, V3Renamed& renamed)
{
    const std::string variables = variablesBelow(path);
    for (const V3Array& array : group.variables)
        renamed[{ array.file, array.path }] = variables + "/" + array.name;
    for (const auto& [name, inner] : group.groups) {
        const bool isElse = path.empty() && (name == v3OptimizerGroup || name == v3MetricsGroup);
        if (isElse)
            continue;
        const std::string below = path.empty() ? "" : path + "/";
        if (name != v3LayersGroup212) {
            placeForKeras3(inner, below + keras3Name(name), renamed);
            continue;
        }
        const auto names = namesCountedOnce(inner);
        auto next = names.begin();
        for (const auto& [old, layer] : inner.groups)
            placeForKeras3(layer, below + std::string(v3LayersGroup) + "/" + *next++, renamed);
    }
}

/// The weights of a Keras 2 file in the groups that Keras 3 looks for.
V3Contents renamedContents(const Network& network, const V3Carried& carried)
{
    V3Contents contents;
    const V3Renamed renamed = renamedForKeras3(carried);
    for (std::size_t i = 0; i < network.weights.size(); ++i)
        for (const V3Array& array : carried.weights[i])
            if (const auto place = renamed.find({ array.file, array.path }); place != renamed.end())
                contents.arrays.push_back({ place->second, network.weights[i].value });
    return contents;
}

} // namespace

bool isRenamedForKeras3(const Network& network, const V3Carried& carried)
{
    return network.architecture.isEmpty() && carried.config.empty()
        && network.generation == KerasGeneration::Keras3
        && carried.generation == KerasGeneration::Keras2
        && carried.weights.size() == network.weights.size();
}

V3Renamed renamedForKeras3(const V3Carried& carried)
{
    V3Renamed renamed;
    placeForKeras3(carried.root, {}, renamed);
    return renamed;
}

Result<V3Contents> newV3Contents(const Network& network)
{
    const V3Carried* const carried = carriedV3(network);
    if (carried != nullptr && isRenamedForKeras3(network, *carried))
        return renamedContents(network, *carried);
    TRY(V3Plan plan, planV3(network));
    V3Contents contents{ std::move(plan.objects), {} };
    for (auto& [path, weight] : plan.arrays)
        contents.arrays.push_back({ std::move(path), network.weights[weight].value });
    return contents;
}

Result<void> addV3Optimizer(
    V3Contents& contents, const OptimizerState& state, KerasGeneration generation)
{
    if (state.variables.empty())
        return {};
    const std::string path(v3OptimizerGroup);
    contents.objects.push_back({ path, instanceName(state.config, state.className) });
    TRY_DO(addVariables(contents, path, state, 0));
    if (plainOptimizerName(state.className) != "LossScaleOptimizer")
        return {};
    const std::string inner = path + "/inner_optimizer";
    const auto found
        = state.config.is_object() ? state.config.find("inner_optimizer") : state.config.end();
    const Json config = state.config.is_object() && found != state.config.end()
        ? found->value("config", Json())
        : Json();
    contents.objects.push_back({ inner, instanceName(config, "") });
    // The wrapper's own four variables are Keras 3's alone.
    return addVariables(contents, inner, state, generation == KerasGeneration::Keras3 ? 4 : 0);
}

Result<void> writeV3Contents(const V3Contents& contents, KerasGeneration generation,
    Hdf5Group& root, std::vector<H5Patch>& patches)
{
    const bool isKeras3 = generation == KerasGeneration::Keras3;
    for (const V3Plan::Object& object : contents.objects) {
        TRY(Hdf5Group group, root.createGroup(variablesBelow(object.path)));
        if (isKeras3 && !object.name.empty() && !group.hasAttribute("name"))
            TRY_DO(group.setText("name", object.name));
    }
    for (const V3Contents::Array& array : contents.arrays) {
        const StoredTensor& value = array.value;
        TRY(Hdf5Dataset dataset, root.createDataset(array.path, value.dtype(), value.shape()));
        if (isKeras3 && value.dtype() == DType::BFloat16) // HDF5 has no such type
            TRY_DO(dataset.setText("dtype", "bfloat16"));
        if (value.count() > 0)
            patches.push_back({ dataset.storage().offset.value_or(0), value.dtype(), value });
    }
    return {};
}

} // namespace layerscope::formats
