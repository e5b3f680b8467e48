#include "app/cli/save.h"

#include "model/serving/serving.h"

#include <algorithm>

namespace layerscope::cli {

namespace {

std::string knownFormats()
{
    std::string names;
    for (const auto* format : formats::allFormats())
        if (format->write != nullptr)
            for (const auto name : format->names)
                names += (names.empty() ? "" : ", ") + std::string(name);
    return names;
}

Result<std::string> chooseFormat(
    const Network& network, const std::string& out, const std::optional<std::string>& asked)
{
    if (!asked)
        return formats::formatForSuffix(network, out);
    for (const auto* format : formats::allFormats())
        if (format->write != nullptr
            && std::find(format->names.begin(), format->names.end(), *asked) != format->names.end())
            return *asked;
    return wrongUsage(
        "'" + *asked + "' is no format that can be written; there are: " + knownFormats());
}

} // namespace

Result<void> refuseSameFile(
    const Arguments& arguments, const std::string& in, const std::string& out)
{
    std::error_code problem;
    if (!arguments.has("--force") && std::filesystem::equivalent(in, out, problem))
        return wrongUsage(
            out + " is the input itself; give another name, or --force to replace it");
    return {};
}

Result<void> saveModel(Invocation& invocation, const Network& network, const std::string& out,
    const std::optional<std::string>& format, formats::OptimizerInFile optimizer,
    const JobContext& job)
{
    TRY(const auto chosen, chooseFormat(network, out, format));
    TRY(const auto report,
        formats::saveNetwork(network, out,
            { .format = chosen, .optimizer = optimizer, .knowledge = serving::layerKnowledge() },
            job));
    invocation.console.say("saved " + out + " (" + report.format + ", "
        + std::to_string(report.bytes) + " bytes); " + std::to_string(report.tensorsCompared)
        + " tensors read back and found equal");
    for (const auto& remark : report.remarks)
        invocation.console.say("note: " + remark);
    return {};
}

} // namespace layerscope::cli
