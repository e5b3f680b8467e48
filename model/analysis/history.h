#pragma once

#include "model/core/job_context.h"
#include "model/core/json.h"

#include <filesystem>
#include <string>
#include <vector>

namespace layerscope::analysis {

/// One curve: a loss or a metric over epochs or steps.
struct Series
{
    std::string name; ///< "loss", "val_accuracy"; of event files "train/epoch_loss"
    std::vector<double> steps; ///< as long as `values`
    std::vector<double> values; ///< NaN and Inf where training went wrong
    bool operator==(const Series&) const = default;
};

using History = std::vector<Series>;

/// The curves of a History object: {"loss": […], "val_loss": […]}, or {"history": {…}, "epoch":
/// […]}. Steps are the epochs, from 0. Entries that hold no list of numbers are left out: null
/// gives no curves.
History historyOf(const Json& object);

/// Reads loss curves from a CSVLogger file (any separator), History JSON (one object, or one line
/// for each epoch), a TensorBoard event file, or a folder that has event files below it. What a
/// file is, is seen from its content. Curves of a folder are named `<run folder>/<tag>`, or by the
/// tag alone where there is one run in the very folder.
///
/// A last line or record that was cut off (training still runs, or was killed) is left out.
/// Errors  NotFound; NotReadable; WrongFormat when it is none of these; Corrupt, with line or
/// offset,
///         when nothing in it can be read
Result<History> readHistory(const std::filesystem::path& path, const JobContext& job = {});

/// {"series": [{"name", "steps", "values"}]}: the schema of `history --json`.
Json toJson(const History& history);

} // namespace layerscope::analysis
