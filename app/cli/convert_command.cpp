#include "app/cli/command.h"
#include "app/cli/save.h"

#include <array>

namespace layerscope::cli {

namespace {

constexpr std::array options = {
    Option{ "--to", "FORMAT", "the format to write; without it by OUT's suffix, in IN's dialect" },
    Option{ "--with-optimizer", "", "keeps the optimizer's state (as without this option)" },
    Option{ "--without-optimizer", "", "leaves the optimizer's state out" },
    Option{ "--force", "", "OUT may be IN itself" },
};

Result<ExitStatus> run(Invocation& invocation)
{
    const auto& arguments = invocation.arguments;
    if (arguments.has("--with-optimizer") && arguments.has("--without-optimizer"))
        return wrongUsage("--with-optimizer and --without-optimizer exclude each other");
    TRY_DO(refuseSameFile(arguments, arguments.file(0), arguments.file(1)));
    TRY(const auto network, openModel(invocation, arguments.file(0)));
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
        options },
    run,
};

} // namespace layerscope::cli
