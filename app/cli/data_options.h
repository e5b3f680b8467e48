#pragma once

#include "app/cli/command.h"
#include "model/training/trainer.h"

#include <array>

namespace layerscope::cli {

/// Options that say which data to use and how; train and evaluate share them.
inline constexpr std::array dataOptions = {
    Option{ "--data", "D",
        "an .npz (x, x_0 …, x:<input>; y …; sample_weight), a .csv, or builtin:NAME" },
    Option{
        "--target", "COLUMN", "for a .csv: what to predict (the last column); may be repeated" },
    Option{ "--x", "X.npy", "inputs, with --y instead of --data" },
    Option{ "--y", "Y.npy", "targets" },
    Option{ "--batch-size", "B", "rows a step (32)" },
    Option{ "--loss", "NAME", "instead of the stored one" },
    Option{ "--metrics", "A,B", "instead of the stored ones" },
    Option{ "--class-weight", "JSON", "such as {\"0\": 1, \"1\": 2.5}" },
    Option{ "--threads", "N", "processor cores to use (all)" },
};

/// Errors  InvalidArgument where the options do not name one data set
Result<training::DataSet> loadData(Invocation& invocation);

/// The same for --validation-data, read like --data.
Result<std::optional<training::DataSet>> loadValidationData(Invocation& invocation);

/// The part of TrainingOptions that dataOptions set.
Result<training::TrainingOptions> sharedTrainingOptions(const Arguments& arguments);

/// An option's value as JSON, or as a JSON string where `text` is a bare word.
Result<Json> jsonOrName(std::string_view option, const std::string& text);

} // namespace layerscope::cli
