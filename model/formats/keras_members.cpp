#include "model/formats/keras_members.h"

#include "model/formats/vocabulary_file.h"
#include "model/network/architecture.h"

namespace layerscope::formats {

using containers::MappedFile;

namespace {

constexpr std::size_t mostMembersNamed = 20;
constexpr std::string_view byteOrderMark = "\xEF\xBB\xBF";

class MemberReader
{
public:
    MemberReader(const Members& members, Network network, std::shared_ptr<V3Carried> carried)
        : m_members(members)
        , m_network(std::move(network))
        , m_carried(std::move(carried))
    {
    }

    Result<Network> read(const JobContext& job);

private:
    void readMetadata();
    Result<void> readConfig();
    void readCompileConfig();
    void readHistory();
    void openWeights();
    void readVocabularies(Layer& model, const std::string& prefix);
    void noteStrangers();

    void report(Severity severity, std::string where, std::string what, std::string remedy = {})
    {
        m_network.problems.push_back(
            { severity, std::move(where), std::move(what), std::move(remedy) });
    }

    const Members& m_members;
    Network m_network;
    std::shared_ptr<V3Carried> m_carried;
};

void MemberReader::readMetadata()
{
    FileFacts& facts = m_network.file;
    if (!m_members.has(metadataMember))
        return report(Severity::Note, metadataMember,
            "The file does not say which Keras wrote it: it has no metadata.json.",
            "The version is told from its contents.");
    const auto text = m_members.text(metadataMember);
    const auto parsed = text ? parseJson(*text) : Result<Json>(text.error());
    if (text)
        m_carried->metadata = *text;
    if (!parsed || !parsed->is_object())
        return report(Severity::Warning, metadataMember,
            "It cannot be read: " + (parsed ? "it is no JSON object" : parsed.error().message())
                + ".",
            "The version of Keras is told from the contents.");
    if (const auto version = parsed->find("keras_version");
        version != parsed->end() && version->is_string())
        facts.kerasVersion = version->get<std::string>();
}

Result<void> MemberReader::readConfig()
{
    if (!m_members.has(configMember))
        return Error(ErrorKind::WrongFormat,
            "there is no config.json, which holds the architecture in a Keras archive");
    auto text = m_members.text(configMember);
    if (!text)
        return std::move(text).error().in(configMember);
    m_carried->config = *text;
    if (text->starts_with(byteOrderMark)) {
        report(Severity::Warning, configMember, "It begins with a byte order mark.",
            "Keras refuses such a file; saving it here leaves the mark out.");
        text->erase(0, byteOrderMark.size());
    }
    auto parsed = JsonText::parse(*std::move(text));
    if (!parsed)
        return std::move(parsed).error().in(configMember);
    auto model = parseArchitecture(parsed->value(), m_network.problems);
    if (!model)
        return std::move(model).error().in(configMember);
    m_network.architecture = *std::move(parsed);
    m_network.model = *std::move(model);
    m_network.generation
        = kerasGeneration(m_network.file.kerasVersion, m_network.architecture.value());
    return {};
}

void MemberReader::readCompileConfig()
{
    const Json& config = m_network.architecture.value();
    const auto found = config.find("compile_config");
    if (found == config.end())
        return;
    m_carried->compileConfig = *found;
    if (found->is_null() || (found->is_object() && found->empty()))
        return; // not compiled
    if (!found->is_object())
        return report(Severity::Warning, "compile_config",
            "The training set-up is not a JSON object.",
            "Choose loss and optimizer anew before training.");
    m_network.training = TrainingSetup{ JsonText(*found) };
    for (const char* key : { "optimizer", "loss", "metrics" })
        if (const auto value = found->find(key);
            value != found->end() && (value->is_number() || value->is_boolean()))
            report(Severity::Warning, std::string("compile_config/") + key,
                "This is a plain value where a name or settings belong.",
                "Choose loss and optimizer anew before training.");
}

void MemberReader::readHistory()
{
    if (!m_members.has(historyMember))
        return;
    const auto text = m_members.text(historyMember);
    auto parsed = text ? parseJson(*text) : Result<Json>(text.error());
    if (!parsed)
        return report(Severity::Warning, historyMember, parsed.error().message() + ".",
            "The loss history is lost; everything else is sound.");
    m_carried->history = *text;
    m_network.history = *std::move(parsed);
}

void MemberReader::openWeights()
{
    const std::string remedy = "The architecture can be shown; training would start from nothing.";
    if (!m_members.has(weightsMember))
        return report(Severity::Error, weightsMember,
            m_members.has("model.weights.npz")
                ? "The weights are kept as pickled .npz, which could run code and is not opened."
                : "The weights are missing: there is no model.weights.h5.",
            remedy);
    auto file = m_members.file(weightsMember);
    if (file && !containers::findHdf5Signature((*file)->bytes()))
        file = Error(ErrorKind::Corrupt, "it is not an HDF5 file");
    if (!file)
        return report(Severity::Error, weightsMember,
            "The weights cannot be read: " + file.error().message() + ".", remedy);
    V3File& opened = m_carried->files.emplace_back();
    opened.mapped = *std::move(file);
    opened.name = weightsMember;
}

/// Words that a lookup layer was adapted to are an asset, in a folder named like the layer's group.
void MemberReader::readVocabularies(Layer& model, const std::string& prefix)
{
    for (Layer& layer : model.layers) {
        const std::string path = prefix + layer.name;
        readVocabularies(layer, path + "/");
        const auto group = m_carried->layerGroups.find(path);
        if (!layer.isLookup() || group == m_carried->layerGroups.end())
            continue;
        const std::string name = assetsFolder + group->second + "/" + vocabularyFile;
        if (m_members.has(name))
            if (const auto text = m_members.text(name))
                layer.vocabulary = vocabularyOfFile(*text, layer.className, layer.config);
    }
}

void MemberReader::noteStrangers()
{
    // Assets lie in folders that mirror the groups of the weights.
    const auto isAsset = [](std::string_view name) {
        return name.starts_with(assetsFolder)
            && name.find('/', std::string_view(assetsFolder).size()) != std::string_view::npos;
    };
    std::size_t count = 0;
    for (const std::string& name : m_members.names)
        if (!isOwnMember(name) && !isAsset(name) && ++count <= mostMembersNamed)
            report(Severity::Note, name,
                "This is not one of Keras's parts of a model; it is kept as it is.");
    if (count > mostMembersNamed)
        report(Severity::Note, "/",
            std::to_string(count - mostMembersNamed) + " more members are like this.");
}

Result<Network> MemberReader::read(const JobContext& job)
{
    readMetadata();
    TRY_DO(readConfig());
    readCompileConfig();
    readHistory();
    openWeights();
    if (!m_carried->files.empty()) {
        auto root = readV3Groups(m_carried->files, m_network.problems, job);
        if (root)
            m_carried->root = *std::move(root);
        else if (root.error().kind() == ErrorKind::Stopped)
            return std::move(root).error();
        else
            m_carried->files.clear(); // reported already
    }
    readV3Weights(m_network, *m_carried);
    readVocabularies(m_network.model, "");
    noteStrangers();
    m_network.carried = std::shared_ptr<const V3Carried>(m_carried);
    return std::move(m_network);
}

} // namespace

bool isOwnMember(std::string_view name)
{
    return name == metadataMember || name == configMember || name == weightsMember
        || name == historyMember;
}

Result<Network> readMembers(const Members& members, Network network,
    std::shared_ptr<V3Carried> carried, const JobContext& job)
{
    return MemberReader(members, std::move(network), std::move(carried)).read(job);
}

} // namespace layerscope::formats
