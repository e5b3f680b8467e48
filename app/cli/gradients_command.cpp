#include "app/cli/command.h"
#include "app/cli/model_arrays.h"
#include "app/cli/open_options.h"
#include "model/training/trainer.h"

#include <array>

namespace layerscope::cli {

namespace {

constexpr std::array gradientsOptions = {
    Option{ "--inputs", "X.npz",
        "arrays input_0 …, and upstream_0 … to weigh the outputs by (ones where absent)" },
    Option{ "--outputs", "G.npz",
        "gets grad:<k>, k counting the weights in model order, and input_grad:<i>" },
    Option{ "--inference", "", "all layers in inference mode" },
    Option{ "--noise", "", "dropout and the like are on" },
};

Result<ExitStatus> runGradients(Invocation& invocation)
{
    const auto& arguments = invocation.arguments;
    const auto in = arguments.value("--inputs");
    const auto out = arguments.value("--outputs");
    if (!in || !out)
        return wrongUsage("gradients needs --inputs X.npz and --outputs G.npz");
    TRY(const auto network, openModel(invocation, arguments.file()));
    TRY(const auto arrays, ofFile(containers::readNpz(*in)));
    auto inputs = inputArrays(network, arrays);
    if (!inputs)
        return std::move(inputs).error().in(*in);
    training::GradientRequest request;
    request.inputs = *std::move(inputs);
    request.upstreams = upstreamArrays(arrays);
    request.training = !arguments.has("--inference");
    request.noise = arguments.has("--noise");
    TRY(const auto gradients, training::computeGradients(network, request, invocation.job()));
    std::vector<containers::NamedTensor> results;
    const auto add
        = [&](const std::string& prefix, const std::vector<std::optional<Tensor>>& list) {
              for (std::size_t i = 0; i < list.size(); ++i)
                  if (list[i])
                      results.emplace_back(prefix + std::to_string(i), *list[i]);
          };
    add("grad:", gradients.weights);
    add("input_grad:", gradients.inputs);
    TRY_DO(containers::writeNpz(*out, results));
    return ExitStatus::Done;
}

} // namespace

extern const Command gradientsCommand;
const Command gradientsCommand{
    { "gradients", "IN", 1, 1, "gradients of the outputs by weights and inputs", gradientsOptions },
    runGradients,
};

} // namespace layerscope::cli
