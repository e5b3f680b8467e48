#include "app/cli/weight_archive.h"

#include "model/containers/npz.h"

#include <set>

namespace layerscope::cli {

namespace {

std::string unusedName(const std::string& wanted, std::set<std::string>& used)
{
    std::string name = wanted;
    for (int i = 1; !used.insert(name).second; ++i)
        name = wanted + "_" + std::to_string(i);
    return name;
}

} // namespace

Result<void> writeWeightArchive(const Network& network, const std::filesystem::path& path,
    formats::OptimizerInFile optimizer, const JobContext& job)
{
    std::vector<containers::NamedTensor> arrays;
    std::set<std::string> used;
    const auto add = [&](const std::string& name, const StoredTensor& stored) -> Result<void> {
        if (job.stopRequested())
            return Error(ErrorKind::Stopped, "stopped");
        auto tensor = stored.load();
        if (!tensor)
            return std::move(tensor).error().in(name);
        arrays.emplace_back(unusedName(name, used), *std::move(tensor));
        return {};
    };
    for (const auto& weight : network.weights)
        TRY_DO(add(weight.path.empty() ? weight.name : weight.path, weight.value));
    if (optimizer == formats::OptimizerInFile::Keep && network.optimizer)
        for (const auto& variable : network.optimizer->variables)
            TRY_DO(add("optimizer/" + (variable.path.empty() ? variable.name : variable.path),
                variable.value));
    return containers::writeNpz(path, arrays);
}

} // namespace layerscope::cli
