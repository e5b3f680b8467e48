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

/// Empty where none is asked for: then saveNetwork goes by the suffix and keeps what can be kept.
Result<std::string> chooseFormat(const std::optional<std::string>& asked)
{
    if (!asked)
        return std::string();
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
    formats::WriteOptions options;
    TRY(options.format, chooseFormat(format));
    options.optimizer = optimizer;
    options.knowledge = serving::layerKnowledge();
    TRY(const auto gigabytes, invocation.arguments.real("--max-shard-size"));
    constexpr double bytesPerGigabyte = 1024.0 * 1024.0 * 1024.0; // as Keras counts them
    if (gigabytes && (!(*gigabytes > 0) || *gigabytes > 1e6))
        return wrongUsage("--max-shard-size takes a size in gigabytes");
    if (gigabytes)
        options.shardBytes = static_cast<std::int64_t>(*gigabytes * bytesPerGigabyte);
    TRY(const auto report, formats::saveNetwork(network, out, options, job));
    invocation.console.say("saved " + out + " (" + report.format + ", "
        + std::to_string(report.bytes) + " bytes); " + std::to_string(report.tensorsCompared)
        + " tensors read back and found equal");
    for (const auto& remark : report.remarks)
        invocation.console.say("note: " + remark);
    return {};
}

} // namespace layerscope::cli
