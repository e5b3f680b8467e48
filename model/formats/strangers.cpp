#include "model/formats/strangers.h"

#include "model/containers/hdf5.h"

#include <algorithm>
#include <array>

namespace layerscope::formats {

using namespace std::string_view_literals;

namespace {

constexpr std::size_t headLength = 4096;

bool isAscii(std::string_view bytes)
{
    return std::ranges::all_of(bytes, [](char c) { return c >= 0x20 && c < 0x7F; });
}

/// ModelProto: field 1 is ir_version, a small number; field 2 (producer_name) or 7 (graph) follows.
bool isOnnx(std::string_view head, const std::string& suffix)
{
    if (head.size() < 8 || head[0] != 0x08 || head[1] < 1 || head[1] > 20)
        return false;
    const auto length = static_cast<unsigned char>(head[3]);
    const bool hasProducer = head[2] == 0x12 && length < 64 && head.size() > 4U + length
        && isAscii(head.substr(4, length));
    return hasProducer || (suffix == ".onnx" && (head[2] == 0x12 || head[2] == 0x3A));
}

/// The header's length as 64 bits, then the header itself as JSON.
bool isSafetensors(std::string_view head)
{
    if (head.size() < 10 || head[8] != '{' || head[9] != '"')
        return false;
    return std::ranges::all_of(head.substr(4, 4), [](char c) { return c == 0; });
}

/// A record's length, its checksum, and an Event whose first one names its version.
bool isEventFile(std::string_view head)
{
    return head.substr(0, 64).find("brain.Event:") != head.npos;
}

/// LevelDB's table, which checkpoints before TensorFlow 1.0 were as a whole.
bool isTable(std::string_view tail)
{
    return tail.ends_with("\x57\xFB\x80\x8B\x24\x75\x47\xDB"sv);
}

std::optional<Stranger> byBytes(
    std::string_view head, std::string_view tail, const std::filesystem::path& path)
{
    const std::string suffix = path.extension().string();
    if (head.starts_with("GGUF"sv))
        return Stranger{ "gguf",
            WORDS("doctor",
                "This is a GGUF file, weights of a language model for llama.cpp, not a Keras "
                "model.") };
    if (head.size() > 8 && head.substr(4, 4) == "TFL3"sv)
        return Stranger{ "tflite",
            WORDS("doctor",
                "This is a TensorFlow Lite model, which holds no Keras layers; no model can be "
                "read from it.") };
    if (head.starts_with("\x80\x02\x8A\x0Al\xFC\x9C"sv))
        return Stranger{ "pytorch",
            WORDS("doctor",
                "This is a PyTorch file of the older kind, a Python pickle that could run any "
                "code; it is no Keras model and is not opened.") };
    if (isEventFile(head))
        return Stranger{ "event-file",
            WORDS("doctor",
                "This is a TensorBoard event file: loss curves, not a model; layerscope history "
                "shows them.") };
    if (isSafetensors(head))
        return Stranger{ "safetensors",
            WORDS("doctor", "This is a safetensors file: weights by name, and no architecture.") };
    if (isOnnx(head, suffix))
        return Stranger{ "onnx",
            WORDS("doctor", "This is an ONNX model, a graph of operators, not a Keras model.") };
    if (isTable(tail) && suffix != ".index" && suffix != ".ldb" && suffix != ".sst")
        return Stranger{ "checkpoint-v1",
            WORDS("doctor",
                "This is a TensorFlow checkpoint of the first version (before 1.0), which holds "
                "values and no layers; load and save it once with TensorFlow to get the current "
                "version.") };
    if (suffix == ".pb" && !head.empty() && head[0] == 0x0A && path.filename() != "saved_model.pb"
        && path.filename() != "keras_metadata.pb")
        return Stranger{ "frozen-graph",
            WORDS("doctor",
                "This looks like a frozen TensorFlow graph (.pb), which holds operations and no "
                "Keras layers.") };
    return std::nullopt;
}

std::string readText(const containers::Hdf5Group& group, const char* name)
{
    if (!group.hasAttribute(name))
        return {};
    return group.text(name).valueOr({});
}

std::optional<Stranger> byHdf5(const containers::MappedFile& file)
{
    const std::string_view head(reinterpret_cast<const char*>(file.bytes().data()),
        std::min<std::size_t>(file.size(), 128));
    if (head.starts_with("MATLAB 7"))
        return Stranger{ "matlab",
            WORDS("doctor", "This is a MATLAB 7.3 file (HDF5 inside), not a Keras model.") };
    const auto hdf5 = containers::Hdf5File::open(file);
    if (!hdf5)
        return std::nullopt;
    const auto root = hdf5->root();
    if (!root)
        return std::nullopt;
    if (readText(*root, "CLASS") == "hickle" || root->hasAttribute("HICKLE_VERSION"))
        return Stranger{ "hickle",
            WORDS("doctor",
                "This is an HDF5 file of hickle, Python objects and not a Keras model.") };
    if (root->hasAttribute("PYTABLES_FORMAT_VERSION"))
        return Stranger{ "pytables",
            WORDS("doctor",
                "This is an HDF5 file of PyTables or pandas: tables, not a Keras model.") };
    if (root->hasAttribute("_NCProperties"))
        return Stranger{ "netcdf",
            WORDS("doctor",
                "This is a netCDF file (HDF5 inside): measured data, not a Keras model.") };
    return std::nullopt;
}

} // namespace

std::optional<Stranger> identifyStranger(const std::filesystem::path& path)
{
    const auto file = containers::MappedFile::open(path);
    if (!file || (*file)->size() == 0)
        return std::nullopt;
    const std::string_view bytes(
        reinterpret_cast<const char*>((*file)->bytes().data()), (*file)->size());
    if (containers::findHdf5Signature((*file)->bytes()))
        return byHdf5(**file);
    constexpr std::size_t tailLength = 16;
    return byBytes(bytes.substr(0, headLength),
        bytes.substr(bytes.size() - std::min(bytes.size(), tailLength)), path);
}

std::string Stranger::clause() const
{
    std::string text = what.english();
    if (!text.empty() && text.front() >= 'A' && text.front() <= 'Z')
        text.front() = static_cast<char>(text.front() - 'A' + 'a');
    if (text.ends_with('.'))
        text.pop_back();
    return text;
}

} // namespace layerscope::formats
