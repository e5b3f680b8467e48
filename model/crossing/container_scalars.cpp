#include "model/crossing/container_scalars.h"

#include "model/crossing/json_access.h"

#include <algorithm>

namespace layerscope::crossing {

namespace {

const OptimizerVariable* scalarCalled(const OptimizerState& state, std::string_view slot)
{
    const auto found = std::ranges::find_if(state.variables, [&](const auto& variable) {
        return variable.role == SlotRole::Scalar && variable.slot == slot;
    });
    return found != state.variables.end() ? &*found : nullptr;
}

/// The scale that training had come to becomes the one that it starts with.
void startFrom(const OptimizerVariable& scale, Network& target)
{
    const auto tensor = scale.value.load();
    const auto wide = tensor ? tensor->converted(DType::Float64) : Result<Tensor>(tensor.error());
    if (!wide || wide->count() != 1)
        return;
    const double value = wide->valuesAs<double>()[0];
    if (target.optimizer->config.is_object())
        target.optimizer->config["initial_scale"] = value;
    if (!target.training)
        return;
    Json setup = target.training->source.value();
    for (const char* key : { "optimizer_config", "optimizer" })
        if (member(member(setup, key), "config").is_object())
            setup[key]["config"]["initial_scale"] = value;
    target.training = TrainingSetup{ JsonText(std::move(setup)) };
}

void leaveOut(Network& target, Journey& journey)
{
    OptimizerState& state = *target.optimizer;
    if (const OptimizerVariable* const scale = scalarCalled(state, "dynamic_scale")) {
        startFrom(*scale, target);
        journey.remark("Of a loss-scaling optimizer this kind of file keeps no scale: the present "
                       "one became the initial one, and the count of good steps starts again.");
    }
    const bool hasProduct = state.dialect == KerasGeneration::Keras2;
    if (hasProduct && scalarCalled(state, "u_product") != nullptr)
        journey.remark("Keras 2 does not save Nadam's running product and starts it again when it "
                       "loads the model; training will differ slightly.");
    std::erase_if(state.variables, [&](const OptimizerVariable& variable) {
        return variable.role == SlotRole::Scalar
            && (variable.slot == "dynamic_scale" || variable.slot == "step_counter"
                || (hasProduct && variable.slot == "u_product"));
    });
}

} // namespace

void settleScalars(const Network& source, Network& target, Journey& journey)
{
    if (!target.optimizer || target.optimizer->variables.empty() || journey.to.keras3())
        return;
    if (journey.to.container != Container::SavedModel)
        return leaveOut(target, journey);
    if (!source.optimizer || !journey.from.keras3())
        return;
    for (const char* slot : { "dynamic_scale", "step_counter" }) {
        const OptimizerVariable* const known = scalarCalled(*source.optimizer, slot);
        if (known == nullptr || scalarCalled(*target.optimizer, slot) != nullptr)
            continue;
        OptimizerVariable variable = *known;
        variable.name = variable.path
            = std::string_view(slot) == "dynamic_scale" ? "current_loss_scale:0" : "good_steps:0";
        target.optimizer->variables.push_back(std::move(variable));
    }
}

} // namespace layerscope::crossing
