#include "app/cli/open_options.h"
#include "app/cli/weight_table.h"
#include "model/analysis/inspection.h"
#include "model/analysis/propose_architecture.h"
#include "model/formats/format.h"

#include <array>

namespace layerscope::cli {

namespace {

constexpr auto inspectOptions = withOptions(
    std::array{
        Option{ "--json", "", "one JSON document instead of a table" },
        Option{ "--stats", "", "also the values: checksum, range, mean, deviation, histogram" },
        Option{ "--bins", "N", "bins of the histograms (30)" },
    },
    architectureOptions);

/// For weights alone: what architecture they may belong to.
std::string proposalSection(const Network& network)
{
    if (!network.architecture.isEmpty() || !network.file.weightsOnly)
        return {};
    const auto proposal = analysis::proposeArchitecture(network);
    return proposal ? "\nProposed architecture, from shapes and names alone:\n"
            + analysis::proposalText(*proposal)
                    : std::string();
}

/// What is odd about the file stands in the result, not among the messages; and the format in the
/// result is that of the file, not of the one with the architecture.
Result<Network> opened(Invocation& invocation)
{
    const auto& arguments = invocation.arguments;
    TRY(Network weights, ofFile(formats::openNetwork(arguments.file(), invocation.job())));
    const std::string format = weights.file.format;
    TRY(Network network, withArchitecture(invocation, std::move(weights), arguments.file()));
    network.file.format = format;
    return network;
}

Result<ExitStatus> runInspect(Invocation& invocation)
{
    const auto& arguments = invocation.arguments;
    constexpr int mostBins = 1'000'000;
    TRY(const auto bins, arguments.integer("--bins", 1));
    if (bins.value_or(1) > mostBins)
        return wrongUsage("--bins takes a million at most");
    TRY(auto network, opened(invocation));
    analysis::InspectionOptions wanted;
    wanted.statistics = arguments.has("--stats");
    if (wanted.statistics) // all values are read anyway
        for (Problem& problem : formats::verifyValues(network, invocation.job()))
            network.problems.push_back(std::move(problem));
    wanted.bins = static_cast<int>(bins.value_or(wanted.bins));
    const bool isJson = arguments.has("--json");
    if (!isJson)
        invocation.console.print(analysis::summaryText(network) + proposalSection(network));
    if (isJson || wanted.statistics) {
        TRY(const auto document, ofFile(analysis::inspect(network, wanted, invocation.job())));
        if (isJson)
            invocation.console.printJson(document);
        else
            invocation.console.print(weightTable(document));
    }
    return ExitStatus::Done;
}

} // namespace

extern const Command inspectCommand;
const Command inspectCommand{
    { "inspect", "FILE", 1, 1, "what the file is: layers, weights, training set-up, optimizer",
        inspectOptions },
    runInspect,
};

} // namespace layerscope::cli
