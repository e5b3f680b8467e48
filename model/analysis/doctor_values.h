#pragma once

#include "model/analysis/doctor.h"
#include "model/analysis/statistics.h"

#include <string>
#include <vector>

namespace layerscope::analysis {

/// What values say about a model's health, one array after the other, as its statistics arrive.
class ValueDoctor
{
public:
    /// `network` outlives it.
    explicit ValueDoctor(const Network& network);

    /// NaN, zeros or one value throughout, moving variances, size, an initializer's own interval.
    std::vector<Finding> weight(WeightIndex index, const Statistics& statistics) const;

    /// A variable of the optimizer: NaN, squares that are negative.
    std::vector<Finding> slot(std::size_t index, const Statistics& statistics) const;

private:
    struct Owner
    {
        const Layer* layer = nullptr;
        std::string path;
    };

    const Network& m_network;
    std::vector<Owner> m_owners; ///< by weight
};

} // namespace layerscope::analysis
