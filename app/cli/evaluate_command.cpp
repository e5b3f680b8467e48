#include "app/cli/command.h"
#include "app/cli/data_options.h"
#include "app/cli/open_options.h"

namespace layerscope::cli {

namespace {

constexpr auto evaluateOptions
    = withOptions(withOptions(dataOptions, std::array{ Option{ "--json", "", "one JSON object" } }),
        architectureOptions);

Result<ExitStatus> runEvaluate(Invocation& invocation)
{
    const auto& arguments = invocation.arguments;
    TRY(const auto settings, sharedTrainingOptions(arguments));
    TRY(const auto network, openWithArchitecture(invocation, arguments.file()));
    TRY(const auto data, loadData(invocation));
    TRY(const auto metrics, training::evaluate(network, data, settings, invocation.job()));
    if (arguments.has("--json")) {
        Json document = Json::object();
        for (const auto& [name, value] : metrics)
            document[name] = value;
        invocation.console.printJson(document);
    } else {
        for (const auto& [name, value] : metrics)
            invocation.console.print(name + ": " + Json(value).dump() + "\n");
    }
    return ExitStatus::Done;
}

} // namespace

extern const Command evaluateCommand;
const Command evaluateCommand{
    { "evaluate", "IN", 1, 1, "loss and metrics on data", evaluateOptions },
    runEvaluate,
};

} // namespace layerscope::cli
