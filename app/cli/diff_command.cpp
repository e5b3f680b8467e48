#include "app/cli/command.h"
#include "app/cli/open_options.h"
#include "model/analysis/comparison.h"
#include "model/formats/format.h"

#include <array>

namespace layerscope::cli {

namespace {

constexpr std::array diffOptions = {
    Option{ "--json", "", "one JSON document instead of text" },
    Option{ "--tolerance", "T",
        "arrays no further apart than norm(A-B)/norm(A) = T count as equal (0)" },
};

Result<ExitStatus> runDiff(Invocation& invocation)
{
    const auto& arguments = invocation.arguments;
    TRY(const auto asked, arguments.real("--tolerance"));
    const double tolerance = asked.value_or(0);
    if (tolerance < 0)
        return wrongUsage("--tolerance takes a number from 0 on");
    TRY(const auto a, openModel(invocation, arguments.file(0)));
    TRY(const auto b, openModel(invocation, arguments.file(1)));
    TRY(const auto comparison, ofFile(analysis::compareNetworks(a, b, invocation.job())));
    if (arguments.has("--json"))
        invocation.console.printJson(analysis::comparisonReport(comparison, tolerance));
    else
        invocation.console.print(analysis::comparisonText(comparison, tolerance));
    return comparison.isEqual(tolerance) ? ExitStatus::Done : ExitStatus::AnswerIsNo;
}

} // namespace

extern const Command diffCommand;
const Command diffCommand{
    { "diff", "A B", 2, 2, "what differs: architecture, set-up, weights, optimizer", diffOptions },
    runDiff,
};

} // namespace layerscope::cli
