#include "app/cli/open_options.h"
#include "app/cli/save.h"
#include "model/analysis/propose_architecture.h"

#include <array>

namespace layerscope::cli {

namespace {

constexpr auto convertOptions = withOptions(
    std::array{
        Option{
            "--to", "FORMAT", "the format to write; without it by OUT's suffix, in IN's dialect" },
        Option{ "--with-optimizer", "", "keeps the optimizer's state (as without this option)" },
        Option{ "--without-optimizer", "", "leaves the optimizer's state out" },
        Option{ "--max-shard-size", "GB", "for weights.json: what one of its files may hold (5)" },
        Option{ "--force", "", "OUT may be IN itself" },
    },
    withOptions(architectureOptions,
        std::array{ Option{ "--propose-architecture", "",
            "builds a Sequential that the weights' shapes allow (inspect shows it)" } }));

Result<Network> proposed(Invocation& invocation, const Network& network)
{
    if (invocation.arguments.has("--architecture"))
        return wrongUsage("--architecture and --propose-architecture exclude each other");
    TRY(const auto proposal, ofFile(analysis::proposeArchitecture(network)));
    invocation.console.sayLines(analysis::proposalText(proposal));
    return ofFile(analysis::networkOf(proposal, network));
}

Result<ExitStatus> runConvert(Invocation& invocation)
{
    const auto& arguments = invocation.arguments;
    if (arguments.has("--with-optimizer") && arguments.has("--without-optimizer"))
        return wrongUsage("--with-optimizer and --without-optimizer exclude each other");
    TRY_DO(refuseSameFile(arguments, arguments.file(0), arguments.file(1)));
    TRY(auto network, openWithArchitecture(invocation, arguments.file(0)));
    if (arguments.has("--propose-architecture")) {
        TRY(network, proposed(invocation, network));
    }
    const auto optimizer = arguments.has("--without-optimizer") ? formats::OptimizerInFile::Drop
                                                                : formats::OptimizerInFile::Keep;
    TRY_DO(saveModel(invocation, network, arguments.file(1), arguments.value("--to"), optimizer,
        invocation.job()));
    return ExitStatus::Done;
}

} // namespace

extern const Command convertCommand;
const Command convertCommand{
    { "convert", "IN OUT", 2, 2, "saves the whole model in another format or for another Keras",
        convertOptions },
    runConvert,
};

} // namespace layerscope::cli
