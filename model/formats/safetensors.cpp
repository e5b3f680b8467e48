// Weights as .safetensors. What arrays alone do not say goes into the metadata: which weights are
// not trained, which optimizer the variables belong to.
#include "model/containers/safetensors.h"

#include "model/formats/named_arrays.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace layerscope::formats {

namespace {

using containers::SafetensorsArray;
using containers::SafetensorsContent;

constexpr std::string_view notTrainedKey = "layerscope.not_trainable"; // a JSON list of names
constexpr std::string_view optimizerKey = "layerscope.optimizer"; // class_name, config, dialect
constexpr std::string_view versionKey = "keras_version";

/// Types in the file that we know by their bytes alone, by name; to be written again.
using RawTypes = std::map<std::string, std::string>;

Recognition recogniseSafetensors(const std::filesystem::path& path)
{
    return containers::looksLikeSafetensors(path) ? Recognition::Yes : Recognition::No;
}

Json jsonOf(const SafetensorsContent& content, std::string_view key)
{
    for (const auto& [name, text] : content.metadata)
        if (name == key)
            return parseJson(text).valueOr(Json());
    return {};
}

constexpr std::array<std::pair<std::string_view, KerasGeneration>, 4> dialects{ {
    { "keras1", KerasGeneration::Keras1 },
    { "legacy", KerasGeneration::Legacy },
    { "keras2", KerasGeneration::Keras2 },
    { "keras3", KerasGeneration::Keras3 },
} };

void applyOptimizer(const Json& facts, OptimizerState& state)
{
    if (!facts.is_object())
        return;
    if (facts.contains("class_name") && facts["class_name"].is_string())
        state.className = facts["class_name"].get<std::string>();
    if (facts.contains("config"))
        state.config = facts["config"];
    if (facts.contains("iterations") && facts["iterations"].is_number_integer())
        state.iterations = facts["iterations"].get<std::int64_t>();
    for (const auto& [name, generation] : dialects)
        if (facts.contains("dialect") && facts["dialect"] == std::string(name))
            state.dialect = generation;
}

void applyMetadata(const SafetensorsContent& content, Network& network)
{
    if (const Json list = jsonOf(content, notTrainedKey); list.is_array()) {
        std::set<std::string> notTrained;
        for (const Json& name : list)
            if (name.is_string())
                notTrained.insert(name.get<std::string>());
        for (Weight& weight : network.weights)
            weight.trainable = !notTrained.contains(weight.path);
    }
    if (network.optimizer)
        applyOptimizer(jsonOf(content, optimizerKey), *network.optimizer);
    for (const auto& [name, text] : content.metadata)
        if (name == versionKey)
            network.file.kerasVersion = text;
}

Result<Network> readSafetensors(const std::filesystem::path& path, const JobContext&)
{
    TRY(auto content, containers::readSafetensors(path));
    NamedArrays arrays;
    RawTypes raw;
    for (SafetensorsArray& array : content.arrays) {
        if (array.value.dtype() == DType::UInt8 && array.type != "U8")
            raw.emplace(array.name, array.type);
        arrays.emplace_back(array.name, std::move(array.value));
    }
    Network network = networkOfArrays(std::move(arrays));
    applyMetadata(content, network);
    if (!raw.empty())
        network.problems.push_back({ Severity::Note, raw.begin()->first,
            std::to_string(raw.size()) + " arrays have the type " + raw.begin()->second
                + ", which is shown as raw bytes.",
            "They are saved again as they are." });
    std::error_code none;
    network.file.path = path;
    network.file.format = "safetensors";
    network.file.bytes = std::filesystem::file_size(path, none);
    network.carried = std::move(raw);
    return network;
}

Json optimizerFacts(const OptimizerState& state)
{
    Json facts{ { "class_name", state.className }, { "config", state.config } };
    for (const auto& [name, generation] : dialects)
        if (generation == state.dialect)
            facts["dialect"] = std::string(name);
    if (state.iterations)
        facts["iterations"] = *state.iterations;
    return facts;
}

Result<void> writeSafetensors(const Network& network, const std::filesystem::path& path,
    const WriteOptions& options, const JobContext& job)
{
    SafetensorsContent content;
    // Readers of other libraries ask which framework's names these are; Keras's are TensorFlow's.
    content.metadata = { { "format", "tf" }, { "written_by", "Layerscope" } };
    if (!network.file.kerasVersion.empty())
        content.metadata.emplace_back(versionKey, network.file.kerasVersion);
    const auto* raw = std::any_cast<RawTypes>(&network.carried);
    Json notTrained = Json::array();
    NamedArrays arrays = arraysOf(network, options.optimizer);
    for (std::size_t i = 0; i < arrays.size(); ++i) {
        auto& [name, value] = arrays[i];
        if (i < network.weights.size() && !network.weights[i].trainable)
            notTrained.push_back(name);
        std::string type;
        if (raw != nullptr)
            if (const auto known = raw->find(name); known != raw->end())
                type = known->second;
        content.arrays.push_back({ std::move(name), std::move(value), std::move(type) });
    }
    content.metadata.emplace_back(notTrainedKey, dumpJson(notTrained));
    if (options.optimizer == OptimizerInFile::Keep && network.optimizer)
        content.metadata.emplace_back(optimizerKey, dumpJson(optimizerFacts(*network.optimizer)));
    return containers::writeSafetensors(path, content, job);
}

std::vector<std::string> remarksOnSafetensors(const Network& network, const WriteOptions& options)
{
    return remarksOnArrays(network, options.optimizer);
}

constexpr std::array<std::string_view, 1> safetensorsNames{ "safetensors" };
constexpr std::array<std::string_view, 1> safetensorsPatterns{ "*.safetensors" };

} // namespace

extern const ModelFormat safetensors;
const ModelFormat safetensors{
    .title = WORDS("formats", "Safetensors"),
    .names = safetensorsNames,
    .patterns = safetensorsPatterns,
    .recognise = recogniseSafetensors,
    .read = readSafetensors,
    .write = writeSafetensors,
    .remarks = remarksOnSafetensors,
};

} // namespace layerscope::formats
