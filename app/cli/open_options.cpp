#include "app/cli/open_options.h"

#include "model/formats/format.h"
#include "model/network/attach.h"

namespace layerscope::cli {

namespace {

Result<std::optional<Pairing>> askedPairing(const Arguments& arguments)
{
    const auto asked = arguments.value("--match");
    if (!asked)
        return std::optional<Pairing>();
    if (*asked == "name")
        return std::optional(Pairing::ByName);
    if (*asked == "position")
        return std::optional(Pairing::ByPosition);
    if (*asked == "order")
        return std::optional(Pairing::ByOrder);
    return wrongUsage("--match takes name, position or order, not '" + *asked + "'");
}

} // namespace

Result<Network> openModel(Invocation& invocation, const std::string& path)
{
    TRY(auto network, ofFile(formats::openNetwork(path, invocation.job())));
    for (const auto& problem : network.problems)
        if (problem.severity != Severity::Note)
            invocation.console.say((problem.severity == Severity::Error ? "error: " : "warning: ")
                + (problem.where.empty() ? "" : problem.where + ": ") + problem.what
                + (problem.remedy.empty() ? "" : " " + problem.remedy));
    return network;
}

Result<Network> withArchitecture(Invocation& invocation, Network weights, const std::string& path)
{
    const auto file = invocation.arguments.value("--architecture");
    TRY(const auto pairing, askedPairing(invocation.arguments));
    if (!file)
        return pairing ? Result<Network>(wrongUsage("--match goes with --architecture"))
                       : Result<Network>(std::move(weights));
    TRY(const auto architecture, openModel(invocation, *file));
    auto attached = attachArchitecture(weights, architecture, pairing);
    if (!attached) {
        const bool isArchitecture = architecture.architecture.isEmpty();
        return fileFault(std::move(attached).error().in(isArchitecture ? *file : path));
    }
    for (const std::string& remark : attached->remarks)
        invocation.console.say("note: " + remark);
    if (!attached->isComplete()) {
        invocation.console.sayLines(matchTable(*attached));
        return Error(ErrorKind::ShapeMismatch, attached->fault).in(path);
    }
    invocation.console.say("attached " + std::to_string(attached->matches.size())
        + " weights to the architecture of " + *file + ", "
        + std::string(pairingName(attached->pairing)));
    return std::move(attached->network);
}

Result<Network> openWithArchitecture(Invocation& invocation, const std::string& path)
{
    TRY(Network network, openModel(invocation, path));
    return withArchitecture(invocation, std::move(network), path);
}

} // namespace layerscope::cli
