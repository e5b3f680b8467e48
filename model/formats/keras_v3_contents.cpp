#include "model/formats/keras_v3_writer.h"
#include "model/network/optimizer_layout.h"
#include "model/network/variable_layout.h"

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

} // namespace

Result<V3Contents> newV3Contents(const Network& network)
{
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
