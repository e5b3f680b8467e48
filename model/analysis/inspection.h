#pragma once

#include "model/core/job_context.h"
#include "model/network/network.h"

namespace layerscope::analysis {

struct InspectionOptions
{
    bool statistics = false; ///< also values: sha256, moments, histogram
    int bins = 30;
};

/// Everything about a saved model as one document: the schema of `inspect --json`.
Result<Json> inspect(
    const Network& network, const InspectionOptions& options, const JobContext& job = {});

/// The same in words, as `inspect` prints it: Keras's summary table, set-up, optimizer, problems.
std::string summaryText(const Network& network);

} // namespace layerscope::analysis
