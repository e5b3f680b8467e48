// An architecture alone, as text: Keras's model.to_json(), or the config.json of an unpacked .keras
// archive. There are no weights; another file's can be attached (model/network/attach.h).
#include "model/containers/mapped_file.h"
#include "model/formats/format.h"
#include "model/network/architecture.h"

#include <array>

namespace layerscope::formats {

namespace {

constexpr std::uint64_t longestArchitecture = 256'000'000;

std::string_view textOf(const containers::MappedFile& file)
{
    const auto bytes = file.bytes();
    return { reinterpret_cast<const char*>(bytes.data()), bytes.size() };
}

Recognition recogniseArchitectureJson(const std::filesystem::path& path)
{
    const auto file = containers::MappedFile::open(path);
    if (!file || (*file)->size() > longestArchitecture)
        return Recognition::No;
    const std::string_view text = textOf(**file);
    const auto start = text.find_first_not_of(" \t\r\n");
    const bool isObject = start != std::string_view::npos && text[start] == '{';
    // A model's text names its class near one of its ends; a layer without `layers` is no model.
    return isObject && text.find("\"class_name\"") != std::string_view::npos
            && text.find("\"layers\"") != std::string_view::npos
        ? Recognition::Maybe
        : Recognition::No;
}

std::string textMember(const Json& object, const char* key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Result<Network> readArchitectureJson(const std::filesystem::path& path, const JobContext&)
{
    TRY(const auto file, containers::MappedFile::open(path));
    if (file->size() > longestArchitecture)
        return Error(ErrorKind::Unsupported, "this text is too long for an architecture");
    Network network;
    TRY(network.architecture, JsonText::parse(std::string(textOf(*file))));
    const Json& whole = network.architecture.value();
    TRY(network.model, parseArchitecture(whole, network.problems));
    network.file.path = path;
    network.file.format = "architecture";
    network.file.bytes = file->size();
    network.file.kerasVersion = textMember(whole, "keras_version");
    network.file.backend = textMember(whole, "backend");
    network.generation = kerasGeneration(network.file.kerasVersion, whole);
    if (const auto setup = whole.find("compile_config"); setup != whole.end() && setup->is_object())
        network.training = TrainingSetup{ JsonText(*setup) };
    network.problems.push_back({ Severity::Note, {}, "This is an architecture without weights.",
        "Attach it to a file of weights, or look at its layers." });
    return network;
}

constexpr std::array<std::string_view, 1> architectureJsonNames{ "architecture" };
constexpr std::array<std::string_view, 1> architectureJsonPatterns{ "*.json" };

} // namespace

extern const ModelFormat architecture_json;
const ModelFormat architecture_json{
    .title = WORDS("formats", "Keras architecture"),
    .names = architectureJsonNames,
    .patterns = architectureJsonPatterns,
    .recognise = recogniseArchitectureJson,
    .read = readArchitectureJson,
    .write = nullptr,
};

} // namespace layerscope::formats
