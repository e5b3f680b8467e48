#pragma once

#include "model/network/optimizer_layout.h"

#include <string>

namespace layerscope::training {

/// Names for the variables of an optimizer that no file has named yet, as its generation of Keras
/// would name them (formats.md 1.9: they carry no meaning, but must differ from each other).
class OptimizerNames
{
public:
    explicit OptimizerNames(const OptimizerState& state);

    /// `weight` is the one that a slot belongs to, null for scalars.
    std::string nameOf(const OptimizerSlotSpec& spec, const Weight* weight) const;

private:
    KerasGeneration m_dialect;
    std::string m_prefix;
};

} // namespace layerscope::training
