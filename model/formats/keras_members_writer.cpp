#include "model/formats/keras_v3_writer.h"
#include "model/network/optimizer_layout.h"

#include <ctime>

namespace layerscope::formats {

using containers::MappedFile;
using containers::ZipEntry;

namespace {

constexpr const char* versionOfKeras3 = "3.15.1";
constexpr const char* versionOfKeras2 = "2.15.0";

bool isOfKeras3(const Network& network)
{
    return network.generation == KerasGeneration::Keras3;
}

/// "2026-11-22@23:28:53", as Keras writes it.
std::string now()
{
    const std::time_t seconds = std::time(nullptr);
    std::tm parts = {};
    ::gmtime_r(&seconds, &parts);
    std::array<char, 32> text{};
    const std::size_t length = std::strftime(text.data(), text.size(), "%Y-%m-%d@%H:%M:%S", &parts);
    return { text.data(), length };
}

std::string newMetadata(const Network& network)
{
    // What is written anew is laid out as 2.15 does it, whichever Keras 2 the model came from.
    const std::string& known = network.file.kerasVersion;
    Json metadata = Json::object();
    metadata["keras_version"] = !isOfKeras3(network) ? versionOfKeras2
        : known.starts_with("3.")                    ? known
                                                     : versionOfKeras3;
    metadata["date_saved"] = now();
    return dumpJson(metadata);
}

/// The set-up under the keys that archives use.
Json compileConfig(const TrainingSetup& training)
{
    Json config = Json::object();
    if (training.source.value().is_object())
        for (const auto& [key, value] : training.source.value().items())
            config[key == "optimizer_config" ? "optimizer" : key] = value;
    return config;
}

std::string configText(const Network& network)
{
    const Json& model = network.architecture.value();
    const auto found = model.find("compile_config");
    const bool hasConfig = found != model.end();
    Json config;
    if (network.training) {
        config = compileConfig(*network.training);
        if (hasConfig && *found == config)
            return network.architecture.text();
    } else if (!hasConfig || found->is_null() || found->empty() || !found->is_object()) {
        return network.architecture.text();
    }
    Json changed = model;
    if (network.training)
        changed["compile_config"] = std::move(config);
    else
        changed.erase("compile_config");
    return dumpJson(changed);
}

} // namespace

MemberTexts memberTexts(const Network& network)
{
    MemberTexts texts;
    const V3Carried* const carried = carriedV3(network);
    const bool own = carried != nullptr && !carried->config.empty()
        && carried->generation == network.generation;
    texts.metadata = own && !carried->metadata.empty() ? carried->metadata : newMetadata(network);
    texts.config = configText(network);
    if (!network.history.is_null()) {
        const auto before = own ? parseJson(carried->history) : Result<Json>(Json());
        texts.history = own && before && *before == network.history ? carried->history
                                                                    : dumpJson(network.history);
    }
    return texts;
}

Result<std::string> OtherMember::text() const
{
    if (entry != nullptr)
        return archive->text(*entry, longestText);
    TRY(const auto mapped, MappedFile::open(file));
    return std::string(reinterpret_cast<const char*>(mapped->bytes().data()), mapped->size());
}

Result<void> visitOtherMembers(
    const Network& network, const std::function<Result<void>(const OtherMember&)>& visit)
{
    const V3Carried* const carried = carriedV3(network);
    if (carried == nullptr)
        return {};
    if (carried->archive) {
        for (const ZipEntry& entry : carried->archive->entries())
            if (!isOwnMember(entry.name) && !entry.isUnsafe && entry.fault.empty()
                && !entry.isFolder())
                TRY_DO(visit({ entry.name, carried->archive.get(), &entry, {} }));
        return {};
    }
    if (carried->folder.empty())
        return {};
    std::error_code failed;
    std::vector<OtherMember> members;
    for (std::filesystem::recursive_directory_iterator entry(carried->folder, failed), end;
         !failed && entry != end; entry.increment(failed)) {
        const std::string name = entry->path().lexically_relative(carried->folder).generic_string();
        if (entry->is_regular_file(failed) && !isOwnMember(name))
            members.push_back({ name, nullptr, nullptr, entry->path() });
    }
    std::ranges::sort(members, {}, &OtherMember::name);
    for (const OtherMember& member : members)
        TRY_DO(visit(member));
    return {};
}

std::vector<std::string> v3Remarks(const Network& network, const WriteOptions& options)
{
    std::vector<std::string> remarks;
    const bool isWhole = options.format.starts_with("keras");
    const V3Carried* const carried = carriedV3(network);
    const bool isNew = carried == nullptr || !hasOwnTree(network, *carried);
    if (const auto plan = isNew ? planV3(network) : Result<V3Plan>(V3Plan()); plan)
        for (const std::string& layer : plan->guessed)
            remarks.push_back("The layers inside '" + layer
                + "' stand under their own names, since the source does not say what the class "
                  "calls them: Keras loads the file only if its attributes have those names.");
    if (options.optimizer == OptimizerInFile::Keep && network.optimizer
        && network.optimizer->dialect == KerasGeneration::Legacy
        && !network.optimizer->variables.empty())
        remarks.emplace_back(
            "Keras does not restore the state of an optimizer of Keras 2.10 from this format; save "
            "as h5-keras2 or h5-legacy to resume in Keras.");
    if (!isWhole && network.optimizer && options.optimizer == OptimizerInFile::Keep
        && !network.optimizer->variables.empty())
        remarks.emplace_back("Keras restores the optimizer's state of a weights file only into a "
                             "model whose optimizer is built, as after one step of training.");
    return remarks;
}

std::optional<Error> v3Refusal(const Network& network, std::string_view format)
{
    const bool wantsKeras3 = format != "keras2.15" && format != "weights.h5-keras2";
    const V3Carried* const carried = carriedV3(network);
    if (format.starts_with("keras") && network.architecture.isEmpty())
        return Error(ErrorKind::Unsupported,
            "there is no architecture to save, only weights; attach one (--architecture), or save "
            "as weights.h5");
    if (carried != nullptr && !carried->config.empty() && carried->files.empty())
        return Error(ErrorKind::InvalidArgument,
            "the weights of this file could not be read, so that there is nothing to save");
    const bool fits = wantsKeras3 ? isOfKeras3(network)
                                  : network.generation == KerasGeneration::Keras2
            || (carried != nullptr && carried->format == format);
    if (!fits)
        return Error(ErrorKind::Unsupported,
            std::string("a model of Keras ") + (isOfKeras3(network) ? "3" : "2")
                + " cannot be saved as " + std::string(format) + " by this version");
    return std::nullopt;
}

} // namespace layerscope::formats
