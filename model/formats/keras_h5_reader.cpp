#include "model/formats/keras_h5_file.h"
#include "model/formats/keras_h5_strangers.h"
#include "model/formats/unreadable_array.h"
#include "model/network/architecture.h"
#include "model/network/optimizer_layout.h"

#include <charconv>

namespace layerscope::formats {

using containers::Hdf5File;
using containers::Hdf5Group;
using containers::MappedFile;

namespace {

constexpr int newestKnownMajor = 3;
/// A nested model is one layer here; the largest known have some thousand weights.
constexpr std::size_t mostWeightsOfLayer = 50'000;
constexpr std::int64_t mostElementsShown = std::int64_t{ 1 } << 33;

class Reader
{
public:
    Reader(std::shared_ptr<const MappedFile> file, Hdf5Group root)
        : m_root(std::move(root))
    {
        m_carried->file = std::move(file);
    }

    Result<Network> read(const JobContext& job);

    void report(Severity severity, std::string where, std::string what, std::string remedy = {})
    {
        m_network.problems.push_back(
            { severity, std::move(where), std::move(what), std::move(remedy) });
    }

private:
    void readFacts();
    void readTexts();
    Result<void> readWeights(const JobContext& job);
    void readOptimizer();
    void placeWeights();
    void nameFormat();
    void checkDTypes();

    std::vector<std::string> layerNames(const Hdf5Group& group);
    std::vector<Weight> readGroup(const Hdf5Group& weights, const std::string& layer);
    StoredTensor readArray(
        const Hdf5Group& from, const std::string& prefix, const std::string& name);
    std::string optionalText(const Hdf5Group& group, const std::string& name);

    Hdf5Group m_root;
    Network m_network;
    std::shared_ptr<H5Carried> m_carried = std::make_shared<H5Carried>();
    std::vector<H5Place> m_places; // of weights, in file order
};

/// The text of an attribute; a Problem if it is there and cannot be read.
std::string Reader::optionalText(const Hdf5Group& group, const std::string& name)
{
    if (!group.hasAttribute(name))
        return {};
    auto text = group.text(name);
    if (text)
        return *std::move(text);
    report(Severity::Error, "/", text.error().sentence());
    return {};
}

void Reader::readFacts()
{
    FileFacts& facts = m_network.file;
    facts.path = m_carried->file->path();
    facts.bytes = m_carried->file->size();
    facts.kerasVersion = optionalText(m_root, "keras_version");
    facts.backend = optionalText(m_root, "backend");
    if (facts.kerasVersion.empty() && m_root.hasAttribute("model_config"))
        report(Severity::Note, "/", "The file does not say at its root which Keras wrote it.",
            "The version is taken from elsewhere in it, or told from its contents.");
    if (facts.kerasVersion.empty()) {
        if (const auto weights = m_root.group(modelWeightsGroup)) {
            facts.kerasVersion = optionalText(*weights, "keras_version");
            facts.backend
                = facts.backend.empty() ? optionalText(*weights, "backend") : facts.backend;
        }
    }
    int major = 0;
    const std::string& version = facts.kerasVersion;
    std::from_chars(version.data(), version.data() + version.size(), major);
    if (!version.empty() && (major < 1 || major > newestKnownMajor))
        report(Severity::Warning, "/",
            "The file says that Keras " + version
                + " wrote it, a version that this program does not know.",
            "It is read like a file of Keras 3.");
    if (m_carried->file->isBeingWritten())
        report(Severity::Warning, "/",
            "Another program has this file open for writing; what is shown may change.",
            "Open it again when that program is done.");
    if (containers::findHdf5Signature(m_carried->file->bytes()).value_or(0) > 0)
        report(Severity::Note, "/",
            "Other data stand before the HDF5 part of the file (a user block).",
            "They are kept when the file is saved again.");
}

void Reader::readTexts()
{
    m_carried->architecture = optionalText(m_root, "model_config");
    if (m_root.hasAttribute("model_config")) {
        auto parsed = JsonText::parse(m_carried->architecture);
        if (parsed)
            m_network.architecture = *std::move(parsed);
        else
            report(Severity::Error, "model_config",
                "The architecture cannot be read: " + parsed.error().message() + ".",
                "Only the weights can be shown.");
    }
    m_carried->training = optionalText(m_root, "training_config");
    if (!m_carried->training.empty()) {
        auto parsed = JsonText::parse(m_carried->training);
        if (!parsed)
            report(Severity::Warning, "training_config",
                "The training set-up cannot be read: " + parsed.error().message() + ".",
                "Choose loss and optimizer anew before training.");
        else if (!parsed->value().is_object())
            report(Severity::Warning, "training_config",
                "The training set-up is not a JSON object.",
                "Choose loss and optimizer anew before training.");
        else
            m_network.training = TrainingSetup{ *std::move(parsed) };
    }
    m_carried->history = optionalText(m_root, historyAttribute);
    if (!m_carried->history.empty()) {
        auto parsed = parseJson(m_carried->history);
        if (parsed)
            m_network.history = *std::move(parsed);
        else
            report(Severity::Warning, historyAttribute, parsed.error().message(),
                "The loss history is lost; everything else is sound.");
    }
}

/// The dataset `name` of group `from`, whose own path is `prefix`.
StoredTensor Reader::readArray(
    const Hdf5Group& from, const std::string& prefix, const std::string& name)
{
    const std::string path = joinH5(prefix, name);
    Shape shape{ 0 };
    auto stored = [&]() -> Result<StoredTensor> {
        TRY(const auto dataset, from.dataset(name));
        if (elementCount(dataset.shape()).value_or(mostElementsShown) < mostElementsShown)
            shape = dataset.shape();
        return dataset.stored(m_carried->file, path);
    }();
    if (!stored) {
        report(Severity::Error, path,
            "This array cannot be read: " + stored.error().message() + ".",
            "The other weights are sound.");
        stored = unreadableArray(shape, std::move(stored).error().in(path));
    }
    return *std::move(stored);
}

std::vector<Weight> Reader::readGroup(const Hdf5Group& weights, const std::string& layer)
{
    const std::string prefix = joinH5(m_carried->weightsPath, layer);
    H5LayerGroup& carried = m_carried->groups.emplace_back(H5LayerGroup{ layer, {} });
    const auto group = weights.group(layer);
    if (!group) {
        report(Severity::Error, prefix,
            "The layer is listed, but its weights are missing: " + group.error().message() + ".");
        return {};
    }
    if (!group->hasNameList("weight_names"))
        return {}; // a layer without weights, as older files have them
    auto names = group->nameList("weight_names");
    if (!names) {
        report(Severity::Error, prefix, names.error().message());
        return {};
    }
    if (names->size() > mostWeightsOfLayer) {
        report(Severity::Error, prefix,
            "The layer lists " + std::to_string(names->size())
                + " weights, more than any has; the first " + std::to_string(mostWeightsOfLayer)
                + " are read.");
        names->resize(mostWeightsOfLayer);
    }
    carried.weightNames = *std::move(names);
    std::vector<Weight> found;
    for (const std::string& name : carried.weightNames) {
        const bool isAgain = !found.empty() && found.back().path == name;
        Weight& weight = found.emplace_back();
        // Keras 2 calls a variable "dense/kernel:0"; Keras 3 says "kernel" and keeps the path
        // apart.
        const bool hasPath = m_network.generation == KerasGeneration::Keras3;
        weight.name = hasPath ? name.substr(name.rfind('/') + 1) : name;
        weight.path = name;
        // Nobody but a crafted file lists a dataset twice, and that a hundred thousand times.
        weight.value = isAgain ? found[found.size() - 2].value : readArray(*group, prefix, name);
        m_places.push_back({ joinH5(prefix, name), weight.value });
    }
    return found;
}

/// layer_names; where they are missing the groups themselves, in the order of the architecture.
std::vector<std::string> Reader::layerNames(const Hdf5Group& group)
{
    auto names = group.nameList("layer_names");
    if (names && !names->empty())
        return *std::move(names);
    if (!names)
        report(Severity::Warning, joinH5(m_carried->weightsPath, "layer_names"),
            names.error().message() + ".", "The groups were paired with the layers by name.");
    std::vector<std::string> found;
    for (const auto& link : group.links().valueOr({}))
        if (link.kind == containers::Hdf5LinkKind::Hard && link.name != topLevelGroup
            && link.name != optimizerGroup && group.group(link.name))
            found.push_back(link.name);
    if (names && !found.empty())
        report(Severity::Error, joinH5(m_carried->weightsPath, "layer_names"),
            "The list of layers is empty, although the file holds " + std::to_string(found.size())
                + " groups of weights.",
            "The groups were paired with the layers by name.");
    std::map<std::string, std::size_t> order;
    for (const Layer& layer : m_network.model.layers)
        order.emplace(layer.name, order.size());
    std::ranges::stable_sort(found, {}, [&](const std::string& name) {
        const auto place = order.find(name);
        return place == order.end() ? order.size() : place->second;
    });
    return found;
}

Result<void> Reader::readWeights(const JobContext& job)
{
    const auto inside = m_root.group(modelWeightsGroup);
    const bool atRoot = !inside && !m_root.hasAttribute("model_config");
    m_carried->weightsPath = atRoot ? "" : modelWeightsGroup;
    std::vector<StoredGroup> groups;
    if (!atRoot && !inside) {
        report(Severity::Error, std::string(modelWeightsGroup),
            "The weights cannot be read: " + inside.error().message() + ".",
            "The architecture can be shown; training would start from nothing.");
    } else {
        TRY(const Hdf5Group weights, m_root.group(m_carried->weightsPath));
        const auto names = layerNames(weights);
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (job.stopRequested())
                return Error(ErrorKind::Stopped, "opening was stopped");
            job.report(static_cast<std::int64_t>(i), static_cast<std::int64_t>(names.size()));
            groups.push_back({ names[i], readGroup(weights, names[i]) });
        }
        if (weights.has(topLevelGroup)) {
            const std::string top(topLevelGroup);
            if (auto found = readGroup(weights, top); !found.empty())
                groups.push_back({ top, std::move(found) });
        }
    }
    assignWeights(m_network, std::move(groups));
    placeWeights();
    return {};
}

/// Finds for each weight of the network the dataset it was read from.
void Reader::placeWeights()
{
    std::vector<bool> taken(m_places.size());
    std::size_t next = 0;
    for (const Weight& weight : m_network.weights) {
        // Most files keep the order, so the search usually ends at once.
        std::size_t place = m_places.size();
        for (std::size_t i = 0; i < m_places.size() && place == m_places.size(); ++i) {
            const std::size_t candidate = (next + i) % m_places.size();
            if (!taken[candidate] && m_places[candidate].asRead.sharesArrayWith(weight.value))
                place = candidate;
        }
        if (place < m_places.size()) {
            taken[place] = true;
            next = place + 1;
            m_carried->weights.push_back(m_places[place]);
        } else {
            m_carried->weights.push_back({ {}, weight.value });
        }
    }
}

void Reader::readOptimizer()
{
    const Json config = m_network.training ? m_network.training->optimizer() : Json();
    m_carried->hasOptimizerGroup = m_root.has(optimizerGroup);
    if (!config.is_object() && !m_carried->hasOptimizerGroup)
        return;
    OptimizerState state;
    if (config.is_object()) {
        const auto className = config.find("class_name");
        if (className != config.end() && className->is_string())
            state.className = plainOptimizerName(className->get_ref<const std::string&>());
        if (const auto inner = config.find("config"); inner != config.end())
            state.config = *inner;
    }
    state.dialect = optimizerDialect(config, m_network.generation);
    if (m_carried->hasOptimizerGroup) {
        const std::string prefix(optimizerGroup);
        const auto group = m_root.group(optimizerGroup);
        auto names = group ? group->nameList("weight_names")
                           : Result<std::vector<std::string>>(group.error());
        if (!names) {
            report(Severity::Warning, prefix,
                "The optimizer's state cannot be read: " + names.error().message() + ".",
                "Training would start the optimizer afresh.");
        } else {
            for (const std::string& name : *names) {
                const StoredTensor value = readArray(*group, prefix, name);
                state.variables.push_back(
                    { name, name, SlotRole::Unknown, {}, std::nullopt, value });
                m_carried->optimizer.push_back({ joinH5(prefix, name), value });
                m_carried->optimizerNames.push_back(name);
            }
        }
    } else {
        report(Severity::Note, std::string(optimizerGroup),
            "The file says how the model was compiled, but holds no optimizer state.",
            "Training starts the optimizer afresh.");
    }
    interpretOptimizer(m_network, state);
    m_network.optimizer = std::move(state);
}

void Reader::nameFormat()
{
    FileFacts& facts = m_network.file;
    facts.weightsOnly = m_network.architecture.isEmpty();
    const KerasGeneration dialect
        = m_network.optimizer ? m_network.optimizer->dialect : m_network.generation;
    if (m_carried->weightsPath.empty() && !m_root.hasAttribute("model_config"))
        facts.format = "h5-weights";
    else if (m_network.generation == KerasGeneration::Keras3)
        facts.format = "h5";
    else
        facts.format = dialect == KerasGeneration::Keras2 ? "h5-keras2" : "h5-legacy";
    m_carried->format = facts.format;
    if (facts.weightsOnly && !m_root.hasAttribute("model_config") && facts.format != "h5-weights")
        report(Severity::Warning, "/",
            "The file holds weights and no architecture (there is no model_config).",
            "Take the architecture from another file of the same model.");
}

/// Keras would convert on loading; here the stored type is shown and kept.
void Reader::checkDTypes()
{
    visitLayers(m_network.model, [&](const Layer& layer, const std::vector<std::string>&) {
        const bool isMixed = layer.dtypePolicy.starts_with("mixed_");
        const auto expected
            = isMixed ? std::optional(DType::Float32) : dtypeFromName(layer.dtypePolicy);
        if (!expected || !isFloating(*expected))
            return;
        for (const WeightIndex index : layer.weights) {
            const Weight& weight = m_network.weights[index];
            const DType stored = weight.value.dtype();
            if (stored != *expected && (weight.trainable || isFloating(stored)))
                report(Severity::Warning, weight.path,
                    "The values are stored as " + std::string(name(stored)) + ", the layer '"
                        + layer.name + "' computes with " + std::string(name(*expected)) + ".",
                    "Keras converts them when it loads the file.");
        }
    });
}

Result<Network> Reader::read(const JobContext& job)
{
    readFacts();
    readTexts();
    m_network.generation
        = kerasGeneration(m_network.file.kerasVersion, m_network.architecture.value());
    if (!m_network.architecture.isEmpty()) {
        auto model = parseArchitecture(m_network.architecture.value(), m_network.problems);
        if (model) {
            m_network.model = *std::move(model);
        } else {
            report(Severity::Error, "model_config", model.error().message(),
                "Only the weights can be shown.");
            m_network.architecture = {};
        }
    }
    TRY_DO(readWeights(job));
    readOptimizer();
    nameFormat();
    if (!m_network.architecture.isEmpty())
        checkDTypes();
    noteStrangers(m_root, *m_carried, m_network.problems);
    // A weights file of layers without weights is a sound file; one that lost them is not.
    const auto firstError
        = std::ranges::find(m_network.problems, Severity::Error, &Problem::severity);
    const bool isDamaged = firstError != m_network.problems.end();
    if (m_network.architecture.isEmpty() && m_network.weights.empty()
        && (isDamaged || m_carried->groups.empty()))
        return Error(ErrorKind::Corrupt,
            "the file holds neither a readable model nor weights"
                + (isDamaged ? ": " + firstError->what : std::string()));
    if (m_network.optimizer)
        m_carried->iterations = m_network.optimizer->iterations;
    m_network.carried = std::shared_ptr<const H5Carried>(m_carried);
    return std::move(m_network);
}

} // namespace

Result<Network> readKerasH5(const std::filesystem::path& path, const JobContext& job)
{
    TRY(auto file, MappedFile::open(path));
    TRY(const Hdf5File hdf5, Hdf5File::open(*file));
    TRY(Hdf5Group root, hdf5.root());
    const bool isKeras = root.hasAttribute("model_config") || root.hasNameList("layer_names")
        || root.has(modelWeightsGroup);
    if (!isKeras)
        return Error(ErrorKind::WrongFormat,
            "this is an HDF5 file, but no Keras model: it has neither model_config nor "
            "layer_names");
    Reader reader(std::move(file), std::move(root));
    for (std::string& what : hdf5.damage())
        reader.report(Severity::Error, "/", std::move(what), "The rest of the file is sound.");
    return reader.read(job);
}

} // namespace layerscope::formats
