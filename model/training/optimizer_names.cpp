#include "model/training/optimizer_names.h"

#include "model/network/variable_layout.h"

#include <algorithm>
#include <array>

namespace layerscope::training {
namespace {

struct ShortName
{
    std::string_view slot;
    std::string_view keras2;
    std::string_view legacy;
};

constexpr std::array<ShortName, 9> shortNames{ {
    { "momentum", "m", "m" },
    { "velocity", "v", "v" },
    { "velocity_hat", "vhat", "vhat" },
    { "norm", "u", "v" },
    { "accumulated_grad", "accumulated_grad", "accum_grad" },
    { "accumulated_delta_var", "accumulated_delta_var", "accum_var" },
    { "average_gradient", "average_gradient", "mg" },
    { "u_product", "u_product", "momentum_cache" },
    { "iteration", "iteration", "iter" },
} };

std::string shortNameOf(const std::string& slot, KerasGeneration dialect, const std::string& prefix)
{
    const bool legacy = dialect != KerasGeneration::Keras2;
    // RMSprop and SGD never used the one-letter names.
    if (prefix == "RMSprop" && slot == "velocity")
        return legacy ? "rms" : "velocity";
    if ((prefix == "RMSprop" || (prefix == "SGD" && legacy)) && slot == "momentum")
        return "momentum";
    for (const ShortName& name : shortNames) {
        if (name.slot == slot)
            return std::string(legacy ? name.legacy : name.keras2);
    }
    return slot;
}

} // namespace

OptimizerNames::OptimizerNames(const OptimizerState& state)
    : m_dialect(state.dialect)
    , m_prefix(state.className)
{
    if (m_dialect == KerasGeneration::Keras3) {
        m_prefix = snakeCase(state.className);
        if (state.config.is_object() && state.config.contains("name")
            && state.config["name"].is_string())
            m_prefix = state.config["name"].get<std::string>();
    }
}

std::string OptimizerNames::nameOf(const OptimizerSlotSpec& spec, const Weight* weight) const
{
    std::string path;
    if (weight)
        path = weight->path.empty() ? weight->name : weight->path;
    if (path.ends_with(":0"))
        path.resize(path.size() - 2);
    if (m_dialect == KerasGeneration::Keras3) {
        if (!weight)
            return m_prefix + "/" + spec.slot;
        std::replace(path.begin(), path.end(), '/', '_');
        return m_prefix + "/" + path + "_" + spec.slot;
    }
    const std::string slot = shortNameOf(spec.slot, m_dialect, m_prefix);
    if (m_dialect == KerasGeneration::Keras2)
        return weight ? m_prefix + "/" + slot + "/" + path + ":0" : slot + ":0";
    return m_prefix + "/" + (weight ? path + "/" : std::string()) + slot + ":0";
}

} // namespace layerscope::training
