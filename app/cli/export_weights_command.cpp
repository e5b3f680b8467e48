#include "app/cli/command.h"
#include "app/cli/open_options.h"
#include "app/cli/save.h"
#include "app/cli/weight_selection.h"

#include <array>

namespace layerscope::cli {

namespace {

constexpr std::array exportWeightsOptions = {
    Option{ "--to", "FORMAT", "the format to write; without it by OUT's suffix" },
    Option{ "--layers", "PATTERN",
        "only layers whose path matches (* and ? as in file names); may be repeated" },
    Option{ "--with-optimizer", "", "also the optimizer's state, where the format holds it" },
    Option{ "--max-shard-size", "GB", "for weights.json: what one of its files may hold (5)" },
    Option{ "--force", "", "OUT may be IN itself" },
};

/// Where the suffix is that of a whole model, too, weights alone are meant here.
std::optional<std::string> weightsFormat(const Arguments& arguments, const std::string& out)
{
    if (const auto asked = arguments.value("--to"))
        return asked;
    const bool isV3 = out.ends_with(".weights.h5");
    if (!isV3 && (out.ends_with(".h5") || out.ends_with(".hdf5")))
        return "h5-weights";
    return std::nullopt;
}

Result<ExitStatus> runExportWeights(Invocation& invocation)
{
    const auto& arguments = invocation.arguments;
    const auto& out = arguments.file(1);
    TRY_DO(refuseSameFile(arguments, arguments.file(0), out));
    TRY(auto network, openModel(invocation, arguments.file(0)));
    if (arguments.has("--layers"))
        TRY_DO(keepLayers(network, arguments.list("--layers")));
    const auto optimizer = arguments.has("--with-optimizer") ? formats::OptimizerInFile::Keep
                                                             : formats::OptimizerInFile::Drop;
    TRY_DO(saveModel(
        invocation, network, out, weightsFormat(arguments, out), optimizer, invocation.job()));
    return ExitStatus::Done;
}

} // namespace

extern const Command exportWeightsCommand;
const Command exportWeightsCommand{
    { "export-weights", "IN OUT", 2, 2, "the weights alone, without the optimizer",
        exportWeightsOptions },
    runExportWeights,
};

} // namespace layerscope::cli
