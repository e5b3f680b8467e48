#pragma once

#include "model/analysis/inspection.h"
#include "model/core/stored_tensor.h"

namespace layerscope::analysis {

/// What `inspect --json` says about one array: shape, dtype and count; with statistics also its
/// hash, counts of special values, moments, first values and, from 9 finite values on, a histogram.
///
/// `warnings` gets a sentence where the values cannot be read; their keys are null then.
/// Errors  Stopped
Result<void> reportTensor(Json& report, const StoredTensor& stored,
    const InspectionOptions& options, const JobContext& job, std::vector<std::string>& warnings);

/// [null, 3] for a batch of 3: a dimension that is open is null.
Json shapeReport(const PartialShape& shape);

} // namespace layerscope::analysis
