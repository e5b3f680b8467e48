#include "app/cli/command.h"
#include "app/cli/model_arrays.h"
#include "app/cli/open_options.h"
#include "model/training/trainer.h"

#include <array>

namespace layerscope::cli {

namespace {

constexpr auto predictOptions = withOptions(
    std::array{
        Option{ "--inputs", "X.npz", "arrays input_0, input_1 … or input:<name>" },
        Option{ "--outputs", "Y.npz", "gets output_0, output_1 …" },
        Option{ "--every-layer", "", "also each layer call, as layer:<path>:<call>:<output>" },
        Option{ "--batch-size", "N", "rows computed at a time (32)" },
    },
    architectureOptions);

Result<ExitStatus> runPredict(Invocation& invocation)
{
    const auto& arguments = invocation.arguments;
    const auto in = arguments.value("--inputs");
    const auto out = arguments.value("--outputs");
    if (!in || !out)
        return wrongUsage("predict needs --inputs X.npz and --outputs Y.npz");
    TRY(const auto batchSize, arguments.integer("--batch-size", 1));
    TRY(const auto network, openWithArchitecture(invocation, arguments.file()));
    TRY(const auto arrays, ofFile(containers::readNpz(*in)));
    auto inputs = inputArrays(network, arrays);
    if (!inputs)
        return std::move(inputs).error().in(*in);
    constexpr std::int64_t usualBatchSize = 32;
    TRY(const auto prediction,
        training::predict(network, *inputs, arguments.has("--every-layer"),
            batchSize.value_or(usualBatchSize), invocation.job()));
    std::vector<containers::NamedTensor> results;
    for (std::size_t i = 0; i < prediction.outputs.size(); ++i)
        results.emplace_back("output_" + std::to_string(i), prediction.outputs[i]);
    for (const auto& [name, tensor] : prediction.layers)
        results.emplace_back("layer:" + name, tensor);
    TRY_DO(containers::writeNpz(*out, results));
    return ExitStatus::Done;
}

} // namespace

extern const Command predictCommand;
const Command predictCommand{
    { "predict", "IN", 1, 1, "runs the model on stored inputs", predictOptions },
    runPredict,
};

} // namespace layerscope::cli
